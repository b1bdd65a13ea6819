//! Bindings of modules that are evaluated on demand which may be read before they have a value. The functions of such a
//! module stand outside the function that evaluates it, and so must its variables, as `var`: nothing would be in the
//! temporal dead zone any more.
//!
//! ```js
//! const size = measure();                    // throws a ReferenceError: `unit` has no value yet
//! function measure() { return 2 * unit }
//! let unit = 1;
//! ```
//!
//! Only what may be read too early is checked when it is read: what a statement reaches before the declaration has run,
//! and, where modules import each other, everything.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;

use super::include::Inclusion;
use super::symbols::SymbolTable;
use super::wrap::Wrapping;
use crate::graph::{LocalId, Module, ModuleGraph, ModuleId, StatementId, StatementKind, Target};

/// The symbols whose reads are checked.
pub fn symbols_to_check(
    graph: &ModuleGraph,
    wrapping: &IndexVec<ModuleId, Wrapping>,
    in_cycle: &FixedBitSet,
    inclusion: &Inclusion,
    symbols: &SymbolTable,
) -> FixedBitSet {
    let mut found = FixedBitSet::with_capacity(symbols.len());
    for (id, module) in graph.modules.iter_enumerated() {
        if wrapping[id] != Wrapping::Lazy || !inclusion.modules.contains(id.index()) {
            continue;
        }
        // Under the names that it imports from itself, a module reads anything at any time.
        let imports_itself = module
            .targets
            .iter()
            .any(|target| matches!(target, Target::Module(target) if *target == id));
        if imports_itself || in_cycle.contains(id.index()) {
            let lexical = module.syntax.symbols.iter_enumerated();
            let lexical = lexical.filter(|(_, symbol)| symbol.is_lexical);
            found.extend(lexical.map(|(local, _)| symbols.local(id, local).index()));
        } else {
            let early = read_early(module, &inclusion.statements[id]);
            found.extend(early.into_iter().map(|local| symbols.local(id, local).index()));
        }
    }
    found
}

/// Bindings that a statement reaches, itself or through functions, before their declaration has run.
fn read_early(module: &Module, included: &FixedBitSet) -> Vec<LocalId> {
    let syntax = &module.syntax;
    let mut found = Vec::new();
    let mut entered = vec![false; syntax.symbols.len()];
    let is_included = |statement: StatementId| included.contains(statement.index());
    for statement in included.ones().map(StatementId::from_usize) {
        let form = &syntax.forms[statement];
        if form.only_defines {
            continue;
        }
        let has_own_name = form.kind == StatementKind::Class;
        let mut pending: VecDeque<(LocalId, StatementId)> = syntax.statements[statement]
            .uses
            .iter()
            .map(|local| (*local, statement))
            .collect();
        while let Some((local, user)) = pending.pop_front() {
            let symbol = &syntax.symbols[local];
            let declared = symbol.declared_by.iter().copied().filter(|one| is_included(*one));
            let is_later = symbol.declared_by.iter().any(|one| *one >= statement);
            if symbol.is_lexical && is_later {
                // A class has its name for itself.
                if !(has_own_name && user == statement && symbol.declared_by.contains(&statement)) {
                    found.push(local);
                }
                continue;
            }
            if std::mem::replace(&mut entered[local.index()], true) {
                continue;
            }
            for declaration in declared {
                let uses = syntax.statements[declaration].uses.iter();
                pending.extend(uses.map(|local| (*local, declaration)));
            }
        }
    }
    found
}
