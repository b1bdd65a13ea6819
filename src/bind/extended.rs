//! Classes that extend what another module is known not to declare as a class: declaring them throws.

use oxc_index::IndexVec;
use rustc_hash::FxHashMap;

use super::symbols::{Binding, SymbolOwner, SymbolTable};
use crate::graph::{Constant, LocalId, ModuleGraph, ModuleId, StatementFacts};

/// Whether a statement of `module` declares such a class.
pub fn extends_no_class(
    graph: &ModuleGraph,
    symbols: &SymbolTable,
    imports: &IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    module: ModuleId,
    facts: &StatementFacts,
) -> bool {
    match facts.extended.and_then(|local| imports[module].get(&local)) {
        Some(Binding::Constant(value)) => *value != Constant::Null,
        Some(Binding::Undefined) => true,
        Some(Binding::Symbol(symbol)) => match *symbols.owner(*symbol) {
            SymbolOwner::Local(other, local) => graph.modules[other].syntax.symbols[local].is_no_class,
            SymbolOwner::Namespace(_) => true,
            _ => false,
        },
        _ => false,
    }
}
