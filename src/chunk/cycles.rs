//! Modules that get files of their own because they are part of an import cycle whose order is disputed.
//!
//! ```js
//! // a.js, an entry               // b.js, an entry, too
//! import { b } from './b'         import { a } from './a'
//! export const a = 1              export const b = 1
//! ```
//!
//! Whoever is loaded first decides which of the two runs first, and what the other finds uninitialised. One file cannot
//! do that, two files that import each other can: they are what the sources are.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashSet;

use super::order::Misplaced;
use super::references::namespace_symbol;
use crate::bind::{BoundGraph, Wrapping};
use crate::graph::{ModuleFormat, ModuleId, RequestSyntax, Target};

/// A cycle of more modules is evaluated on demand instead: so many files would cost more than they are worth.
const MOST_FILES: usize = 24;

/// The modules to separate for `misplaced` ones; none when no cycle is involved, or too many modules are.
pub fn worth_files_of_their_own(
    bound: &BoundGraph,
    misplaced: &Misplaced,
    apart: &FixedBitSet,
) -> Vec<ModuleId> {
    let is_in_cycle = |module: &ModuleId| bound.in_cycle.contains(module.index());
    let mut cyclic = imported_by(bound, &misplaced.modules);
    cyclic.retain(|module| is_separable(bound, *module) && is_in_cycle(module));
    if cyclic.is_empty() {
        return Vec::new();
    }
    // What belongs between them comes last, when it is all that is left.
    let mut found: Vec<ModuleId> = cyclic.into_iter().chain(misplaced.modules.clone()).collect();
    for more in [&[][..], &misplaced.disputed] {
        found.extend(more);
        found.retain(|module| is_separable(bound, *module) && !apart.contains(module.index()));
        if !found.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    found.dedup();
    if found.len() + apart.count_ones(..) > MOST_FILES {
        found.clear();
    }
    found
}

/// Before a file in a cycle has run, its variables are empty, also the one that would hold a namespace object. The object
/// of a file itself exists from the start, so such modules become entries.
pub fn give_namespaces_files(bound: &mut BoundGraph, apart: &FixedBitSet) {
    for module in apart.ones().map(ModuleId::from_usize) {
        if is_separable(bound, module) && namespace_symbol(bound, module).is_some() {
            bound.add_inner_entry(module);
        }
    }
}

/// Modules that run when their file is loaded.
fn is_separable(bound: &BoundGraph, module: ModuleId) -> bool {
    bound.is_included(module)
        && bound.wrapping[module] == Wrapping::Hoisted
        && bound.graph.modules[module].syntax.format == ModuleFormat::EsModule
}

fn static_targets(bound: &BoundGraph, module: ModuleId) -> impl Iterator<Item = ModuleId> {
    let node = &bound.graph.modules[module];
    let requests = node.syntax.records.iter().zip(&node.targets);
    requests.filter_map(|(record, target)| match target {
        Target::Module(target) if record.syntax == RequestSyntax::Static => Some(*target),
        _ => None,
    })
}

/// `modules` and everything that they import, directly or not.
fn imported_by(bound: &BoundGraph, modules: &[ModuleId]) -> FxHashSet<ModuleId> {
    let mut found = FxHashSet::default();
    let mut pending = modules.to_vec();
    while let Some(module) = pending.pop() {
        if found.insert(module) {
            pending.extend(static_targets(bound, module));
        }
    }
    found
}
