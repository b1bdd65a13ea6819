//! Names that the compressor must leave where they are, because it would take effects that hang on them for nothing.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::Id;

use crate::bind::{BoundGraph, SymbolId, SymbolOwner, extends_no_class};
use crate::graph::{LocalId, ModuleId, StatementId};
use crate::render::names::ChunkNames;
use crate::scan::declares_robust_function;

/// What statements with effects declare and use such that the compressor would take the effect for nothing: setters and parents
/// without a value, where it knows the declaration, and functions that convert what they are called with.
pub fn names_of_effects(bound: &BoundGraph, module: ModuleId, names: &ChunkNames) -> Vec<Atom> {
    let syntax = &bound.graph.modules[module].syntax;
    let included = bound.included_statements[module].ones();
    let symbol_of = |local: LocalId| match bound.imports[module].get(&local) {
        Some(binding) => binding.symbol(),
        None => Some(bound.symbols.local(module, local)),
    };
    let symbols = included
        .map(StatementId::from_usize)
        .filter(|id| syntax.statements[*id].has_side_effects)
        .flat_map(|id| {
            let delicate = &syntax.statements[id].delicate;
            let called = delicate.calls.iter().filter_map(|local| symbol_of(*local));
            let called = called.filter(move |symbol| !is_robust(bound, *symbol, (module, id)));
            let used = delicate.uses.iter().filter_map(|local| symbol_of(*local));
            used.chain(called).collect::<Vec<_>>()
        });
    symbols
        .chain(classes_that_fail(bound, module))
        .filter_map(|symbol| names.get(symbol).cloned())
        .collect()
}

/// Classes that are declared although they extend what is no class.
fn classes_that_fail(bound: &BoundGraph, module: ModuleId) -> impl Iterator<Item = SymbolId> {
    let syntax = &bound.graph.modules[module].syntax;
    let failing: Vec<StatementId> = bound.included_statements[module]
        .ones()
        .map(StatementId::from_usize)
        .filter(|id| {
            let facts = &syntax.statements[*id];
            facts
                .extended
                .and_then(|local| bound.imports[module].get(&local))
                .is_some_and(|parent| extends_no_class(&bound.graph, &bound.symbols, parent))
        })
        .collect();
    let symbols = syntax.symbols.iter_enumerated().filter(move |(_, symbol)| {
        !failing.is_empty()
            && symbol
                .declared_by
                .iter()
                .any(|statement| failing.contains(statement))
    });
    symbols.map(move |(local, _)| bound.symbols.local(module, local))
}

/// Whether a symbol is a function that does the same in the place of a call of it.
fn is_robust(bound: &BoundGraph, symbol: SymbolId, (module, statement): (ModuleId, StatementId)) -> bool {
    let SymbolOwner::Local(owner, local) = *bound.symbols.owner(symbol) else {
        return false;
    };
    let syntax = &bound.graph.modules[owner].syntax;
    let symbol = &syntax.symbols[local];
    let [declared_by] = symbol.declared_by.as_slice() else {
        return false;
    };
    let form = &syntax.forms[*declared_by];
    let has_value = owner != module || *declared_by < statement || form.is_function();
    if !has_value {
        return false;
    }
    // `export default name` gives it another name.
    if let Some(renaming) = form.renames
        && renaming.name == local
        && renaming.other != local
    {
        let other = bound.symbols.local(owner, renaming.other);
        return !syntax.imports.contains_key(&local) && is_robust(bound, other, (owner, *declared_by));
    }
    let local_of = |id: &Id| syntax.symbol_of.get(id);
    let is_imported = |id: &Id| local_of(id).is_some_and(|local| syntax.imports.contains_key(local));
    syntax.kept_answer(
        || format!("robust {local:?}"),
        || {
            let declaration = &syntax.tree.statements[*declared_by];
            declares_robust_function(declaration, &symbol.id, &is_imported, &|id| {
                local_of(id).is_some()
            })
        },
    )
}
