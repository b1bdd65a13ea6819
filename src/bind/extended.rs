//! Classes that extend what another module is known not to declare as a class: declaring them throws.

use super::symbols::{Binding, SymbolOwner, SymbolTable};
use crate::graph::{Constant, ModuleGraph};

/// Whether the import that a class extends is no class.
pub fn extends_no_class(graph: &ModuleGraph, symbols: &SymbolTable, extended: &Binding) -> bool {
    match extended {
        Binding::Constant(value) => *value != Constant::Null,
        Binding::Undefined => true,
        Binding::Symbol(symbol) => match *symbols.owner(*symbol) {
            SymbolOwner::Local(other, local) => graph.modules[other].syntax.symbols[local].is_no_class,
            SymbolOwner::Namespace(_) => true,
            _ => false,
        },
        Binding::Member(..) => false,
    }
}
