//! Parameters that every call in the bundle gives the same constant, or nothing, decide branches too:
//!
//! ```js
//! export function read(text, options) { return options ? withOptions(text, options) : text }
//! read('a')                  // the only call: `withOptions` is needed by nobody
//! ```
//!
//! What a function itself calls in a branch that goes then is not known before: calls in its own statement are left out at
//! first, and looked at when the branches are gone. Where one of them gives something else, nothing is taken for granted of
//! that function.

mod functions;

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::Id;

use self::functions::{Functions, parameters_of};
use super::insides::Insides;
use super::rounds::{Before, Names, Rounds};
use super::settled::{Undecided, replace};
use super::symbols::{SymbolId, SymbolOwner};
use crate::diagnostic::Diagnostic;
use crate::graph::{Constant, KnownValue, ModuleGraph, ModuleId, ModuleSyntax, Parameter};
use crate::scan::{KnownNames, without_decided_branches};

/// So often functions are found that call themselves with something else.
const MOST_ROUNDS: usize = 5;

/// Parameters of which nothing is taken for granted.
type Excluded = FxHashSet<(SymbolId, Id)>;

/// What parameters of functions are.
type Values = FxHashMap<SymbolId, Vec<(Parameter, Constant)>>;

/// Removes branches that parameters rule out, and binds again if there are any.
///
/// # Errors
/// As binding names.
#[tracing::instrument(skip_all)]
pub fn settle_parameters(
    graph: &mut ModuleGraph,
    rounds: &mut Rounds<'_>,
    names: Names,
    undecided: &mut Vec<Undecided>,
) -> Result<Names, Vec<Diagnostic>> {
    let wrapping = rounds.wrapping;
    let mut excluded: Excluded = FxHashSet::default();
    let mut functions = Functions::of(graph, &names, wrapping, &Values::default());
    rounds.insides.note_calls(std::mem::take(&mut functions.calls));
    for _ in 0..MOST_ROUNDS {
        let insides = &mut rounds.insides;
        let (values, before) = remove_for_certain(graph, &names, &functions, insides, &mut excluded);
        if before.is_empty() {
            break;
        }
        rounds.note_changes(graph, &before);
        let after = rounds.bind_names(graph)?;
        let functions = Functions::of(graph, &after, wrapping, &values);
        let wrong = functions.contradicting(graph, &after, &values);
        rounds.insides.note_calls(functions.calls);
        if wrong.is_empty() {
            for (module, syntax) in before {
                if undecided.iter().all(|known| known.module != module) {
                    undecided.push(Undecided {
                        module,
                        syntax,
                        relies_on: Vec::new(),
                    });
                }
            }
            names.drop_elsewhere();
            return Ok(after);
        }
        // With the branches, what names stood for is back.
        excluded.extend(wrong);
        let last = put_back(graph, before);
        rounds.note_changes(graph, &last);
        after.drop_elsewhere();
    }
    Ok(names)
}

/// Removes what values rule out, without those that functions still assign to or call themselves with something else: what is
/// left of a function tells, and binding again would take longer. What the modules were before.
fn remove_for_certain(
    graph: &mut ModuleGraph,
    names: &Names,
    functions: &Functions,
    insides: &mut Insides,
    excluded: &mut Excluded,
) -> (Values, Vec<Before>) {
    loop {
        let values = functions.values(graph, names, excluded);
        let before = remove(graph, names, insides, &values);
        let mut wrong: Vec<(SymbolId, Id)> = Vec::new();
        for (symbol, constants) in &values {
            let assigned = parameters_of(graph, names, *symbol)
                .iter()
                .filter(|parameter| parameter.is_assigned);
            let changed =
                assigned.filter(|parameter| constants.iter().any(|(known, _)| known.id == parameter.id));
            wrong.extend(changed.map(|parameter| (*symbol, parameter.id.clone())));
        }
        let own = Functions::calling_themselves(graph, names, &values);
        wrong.extend(own.contradicting(graph, names, &values));
        insides.note_calls(own.calls);
        if wrong.is_empty() {
            return (values, before);
        }
        put_back(graph, before);
        excluded.extend(wrong);
    }
}

/// Gives modules what they were; the answer is what they are then no more.
fn put_back(graph: &mut ModuleGraph, before: Vec<Before>) -> Vec<Before> {
    let put_back = |(module, syntax): Before| {
        let last = std::mem::replace(&mut graph.modules[module].syntax, syntax);
        (module, last)
    };
    before.into_iter().map(put_back).collect()
}

/// Removes what values rule out; what the modules were before.
fn remove(graph: &mut ModuleGraph, names: &Names, insides: &mut Insides, values: &Values) -> Vec<Before> {
    let mut known: FxHashMap<ModuleId, KnownNames> = FxHashMap::default();
    for (symbol, parameters) in values {
        let SymbolOwner::Local(module, _) = *names.symbols.owner(*symbol) else {
            continue;
        };
        let known = known.entry(module).or_default();
        for (parameter, value) in parameters {
            known.add(parameter.id.clone(), &KnownValue::Constant(value.clone()));
        }
    }
    let mut known: Vec<(ModuleId, KnownNames)> = known.into_iter().collect();
    known.sort_unstable_by_key(|(module, _)| *module);
    let rests = known.into_par_iter().map(|(module, known)| {
        let rest = without_decided_branches(&graph.modules[module].syntax, &known);
        (module, known, rest)
    });
    let rests: Vec<(ModuleId, KnownNames, Option<Arc<ModuleSyntax>>)> = rests.collect();
    let mut before = Vec::new();
    for (module, known, rest) in rests {
        if let Some(rest) = rest {
            insides.note_seen([module]);
            before.push((module, replace(graph, module, rest)));
        } else {
            insides.note_idle(module, known);
        }
    }
    before
}
