//! What binding has looked at inside of statements. Facts say what statements declare, use and request; how they call the
//! functions whose parameters may decide branches, and what objects hold, is seen in their code.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use swc_core::ecma::ast::Id;

use crate::graph::{LocalId, ModuleId, ModuleSyntax, StatementId};
use crate::scan::{Given, KnownNames, given, without_decided_branches};

/// The answers that code gave.
#[derive(Default, Serialize, Deserialize)]
pub struct Insides {
    calls: FxHashMap<ModuleId, Vec<Calls>>,
    /// Values that were found for names of modules and decided nothing.
    idle: FxHashMap<ModuleId, Vec<KnownNames>>,
    /// Modules of which more was looked at.
    seen: FxHashSet<ModuleId>,
}

/// How a statement calls functions.
#[derive(PartialEq, Serialize, Deserialize)]
pub struct Calls {
    statement: StatementId,
    functions: Vec<LocalId>,
    given: Vec<Given>,
}

impl Calls {
    /// Looks at a statement.
    pub fn of(syntax: &ModuleSyntax, statement: StatementId, functions: Vec<LocalId>) -> Self {
        let names = || functions.iter().map(|local| &syntax.symbols[*local].id);
        let given: Vec<Given> = syntax.kept_answer(
            || format!("given {statement:?} {functions:?}"),
            || {
                let ids: FxHashSet<&Id> = names().collect();
                let mut found = given(&syntax.tree, statement, &|name| ids.contains(name));
                names()
                    .map(|name| found.remove(name).unwrap_or_default())
                    .collect()
            },
        );
        Self {
            statement,
            functions,
            given,
        }
    }

    /// What each function is given.
    pub fn given(&self) -> impl Iterator<Item = (LocalId, &Given)> {
        self.functions.iter().copied().zip(&self.given)
    }
}

impl Insides {
    /// Notes how statements call functions.
    pub fn note_calls(&mut self, calls: impl IntoIterator<Item = (ModuleId, Calls)>) {
        for (module, calls) in calls {
            self.calls.entry(module).or_default().push(calls);
        }
    }

    /// Each answer once: most are the same in all rounds.
    #[must_use]
    pub fn without_repetition(mut self) -> Self {
        for calls in self.calls.values_mut() {
            calls.sort_by_key(|calls| calls.statement);
            calls.dedup();
        }
        self
    }

    /// Notes that values decide nothing in a module.
    pub fn note_idle(&mut self, module: ModuleId, known: KnownNames) {
        let others = self.idle.entry(module).or_default();
        if !others.contains(&known) {
            others.push(known);
        }
    }

    /// Notes that more was looked at of modules.
    pub fn note_seen(&mut self, modules: impl IntoIterator<Item = ModuleId>) {
        self.seen.extend(modules);
    }

    /// Whether code gives the same answers if a module says `after`.
    pub fn are_the_same(&self, module: ModuleId, after: &Arc<ModuleSyntax>) -> bool {
        let mut calls = self.calls.get(&module).into_iter().flatten();
        let mut idle = self.idle.get(&module).into_iter().flatten();
        !self.seen.contains(&module)
            && calls.all(|calls| *calls == Calls::of(after, calls.statement, calls.functions.clone()))
            && idle.all(|known| without_decided_branches(after, known).is_none())
    }
}
