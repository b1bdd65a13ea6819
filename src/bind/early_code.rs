//! Which statements of a module may run before a binding of it has its value:
//!
//! ```js
//! start(); const DEBUG = false; function start() { if (DEBUG) log() } function stop() { if (DEBUG) log() }
//! ```
//!
//! `start` may, what stands behind the declaration and what only that reaches may not.

use fixedbitset::FixedBitSet;

use crate::graph::{LocalId, ModuleSyntax, StatementId};

/// The code of one module, from its start on.
pub struct EarlyCode<'a> {
    syntax: &'a ModuleSyntax,
    /// So many statements are taken for run.
    run: usize,
    /// What those may call.
    reached: FixedBitSet,
}

impl<'a> EarlyCode<'a> {
    /// Nothing has run.
    pub fn of(syntax: &'a ModuleSyntax) -> Self {
        Self {
            syntax,
            run: 0,
            reached: FixedBitSet::with_capacity(syntax.statements.len()),
        }
    }

    /// The statements all of whose code runs after `declared`. Ask for one declaration after the other.
    pub fn after(&mut self, declared: StatementId) -> FixedBitSet {
        for index in self.run..declared.index() {
            if !self.syntax.forms[StatementId::from_usize(index)].only_defines {
                self.reach(StatementId::from_usize(index));
            }
        }
        self.run = self.run.max(declared.index());
        let mut later = FixedBitSet::with_capacity(self.syntax.statements.len());
        for (id, form) in self.syntax.forms.iter_enumerated() {
            let is_later = id > declared || id < declared && form.only_holds_functions;
            later.set(id.index(), is_later && !self.reached.contains(id.index()));
        }
        later
    }

    fn reach(&mut self, statement: StatementId) {
        let mut pending = vec![statement];
        while let Some(statement) = pending.pop() {
            if self.reached.put(statement.index()) {
                continue;
            }
            let facts = &self.syntax.statements[statement];
            let used = facts
                .uses
                .iter()
                .chain(facts.member_uses.iter().map(|(local, _)| local));
            for local in used {
                pending.extend(&self.syntax.symbols[*local].declared_by);
                pending.extend(&self.syntax.symbols[*local].filled_by);
            }
        }
    }

    /// The statement that declares a binding, if it is one.
    pub fn declaration(syntax: &ModuleSyntax, local: LocalId) -> Option<StatementId> {
        match syntax.symbols[local].declared_by.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}
