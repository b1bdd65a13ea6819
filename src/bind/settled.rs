//! Variables that only code gives another value which is not part of the bundle are constants, and what those decide is not
//! part of it either:
//!
//! ```js
//! let listener = null
//! export function listen(callback) { listener = callback }               // nobody asks for it
//! export function tell(text) { if (listener) listener(format(text)) }    // so `format` is needed by nobody
//! ```
//!
//! All such variables are taken for constants at first. Those that something in the bundle sets are not, and with what they
//! decide more may be in the bundle, which may set others: again, until nothing in the bundle sets a constant. That is enough:
//! the first statement to set one would have to run before any had another value, when nothing is different from what was
//! taken for granted, and it is not there.
//!
//! A statement which does nothing but setting one does not have to be there to run, as nobody needs it any more:
//!
//! ```js
//! let isDone = false
//! function work() { if (isDone) console.log('again'); isDone = true }
//! work(); work()                                                         // without the condition, these only set a variable
//! ```

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Wrapping;
use super::constants::{Assumed, remove_decided_branches};
use super::parameters::settle_parameters;
use super::rounds::{Before, Names, Rounds};
use super::settled_objects::objects_set_in_bundle;
use crate::diagnostic::Diagnostic;
use crate::graph::{KnownValue, LocalId, ModuleFormat, ModuleGraph, ModuleId, ModuleSyntax};

/// So many times some are found to be set before none is taken for a constant any more.
const MOST_ROUNDS: usize = 8;

/// A module as it was before branches were removed.
pub struct Undecided {
    pub module: ModuleId,
    pub syntax: Arc<ModuleSyntax>,
    /// The variables that were taken for constants then.
    pub relies_on: Vec<(ModuleId, LocalId)>,
}

/// Binds names, and removes branches that constants rule out.
///
/// # Errors
/// As binding names.
pub fn bind_settled(
    graph: &mut ModuleGraph,
    rounds: &mut Rounds<'_>,
) -> Result<(Names, Vec<Undecided>), Vec<Diagnostic>> {
    let in_cycle = rounds.in_cycle;
    let mut assumed = candidates(graph, in_cycle, rounds.wrapping);
    let all = graph.modules.indices();
    let mut undecided = remove_decided_branches(graph, all, in_cycle, &assumed);
    for round in 1.. {
        let names = rounds.bind_names(graph)?;
        let mut wrong = set_in_bundle(graph, &names, &assumed);
        let mut objects = objects_set_in_bundle(graph, &names, &assumed);
        if wrong.is_empty() && objects.is_empty() {
            let names = settle_parameters(graph, rounds, names, &mut undecided)?;
            return Ok((names, undecided));
        }
        if round == MOST_ROUNDS {
            wrong.extend(assumed.keys().copied());
            objects.clear();
        }
        names.drop_elsewhere();
        assumed.retain(|variable, _| !wrong.contains(variable));
        for (object, rest) in objects {
            wrong.insert(object);
            match rest {
                Some(members) => assumed.insert(object, KnownValue::Enum(members)),
                None => assumed.remove(&object),
            };
        }
        let (rely_on_wrong, right) = undecided
            .into_iter()
            .partition(|module| module.relies_on.iter().any(|variable| wrong.contains(variable)));
        undecided = right;
        let last = rely_on_wrong.iter().map(|before: &Undecided| before.module);
        let last: Vec<Before> = last
            .map(|module| (module, Arc::clone(&graph.modules[module].syntax)))
            .collect();
        let again = restore(graph, rely_on_wrong).into_iter();
        undecided.extend(remove_decided_branches(graph, again, in_cycle, &assumed));
        rounds.note_changes(graph, &last);
    }
    unreachable!("without assumptions none is wrong")
}

/// The variables that something in the bundle gives another value.
fn set_in_bundle(graph: &ModuleGraph, names: &Names, assumed: &Assumed) -> FxHashSet<(ModuleId, LocalId)> {
    let is_set = |(module, local): &(ModuleId, LocalId)| {
        let symbol = &graph.modules[*module].syntax.symbols[*local];
        let mut set_in = symbol.until_set.iter().flat_map(|until_set| &until_set.set_in);
        is_filled(graph, names, *module, *local)
            || set_in.any(|statement| names.inclusion.statements[*module].contains(statement.index()))
    };
    assumed.keys().copied().filter(is_set).collect()
}

/// Whether statements that run do nothing but giving a variable something.
pub fn is_filled(graph: &ModuleGraph, names: &Names, module: ModuleId, local: LocalId) -> bool {
    let symbol = &graph.modules[module].syntax.symbols[local];
    !symbol.filled_by.is_empty() && names.inclusion.modules.contains(module.index())
}

/// Gives a module another form; what it was before.
pub fn replace(graph: &mut ModuleGraph, module: ModuleId, syntax: Arc<ModuleSyntax>) -> Arc<ModuleSyntax> {
    std::mem::replace(&mut graph.modules[module].syntax, syntax)
}

/// Puts branches back; says where.
pub fn restore(graph: &mut ModuleGraph, undecided: Vec<Undecided>) -> Vec<ModuleId> {
    let put_back = |before: Undecided| {
        graph.modules[before.module].syntax = before.syntax;
        before.module
    };
    undecided.into_iter().map(put_back).collect()
}

/// The variables that conditions ask for, here or elsewhere.
fn candidates(
    graph: &ModuleGraph,
    in_cycle: &FixedBitSet,
    wrapping: &IndexVec<ModuleId, Wrapping>,
) -> Assumed {
    let mut found: FxHashMap<(ModuleId, LocalId), KnownValue> = FxHashMap::default();
    for (id, module) in graph.modules.iter_enumerated() {
        let syntax = &module.syntax;
        if syntax.format != ModuleFormat::EsModule
            || syntax.hoisted.is_some()
            || syntax.features.has_dynamic_scope
            || wrapping[id] != Wrapping::Hoisted
            || in_cycle.contains(id.index())
        {
            continue;
        }
        for (local, symbol) in syntax.symbols.iter_enumerated() {
            if let Some(until_set) = &symbol.until_set
                && symbol.filled_by.is_empty()
            {
                found.insert((id, local), KnownValue::Constant(until_set.value.clone()));
            }
            if let Some(object) = &symbol.members_until_set
                && symbol.filled_by.is_empty()
            {
                found.insert((id, local), KnownValue::Enum(object.members.clone()));
            }
        }
    }
    found
}
