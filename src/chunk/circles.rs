//! Files that import each other in a circle because a group took modules out of the middle of others.
//!
//! ```text
//! a → b → c       a group of a and c: its file imports that of b, which imports the group's
//! ```
//!
//! Whichever file runs first finds the other one empty. So nothing may run when these files are loaded: their modules
//! are evaluated on demand, when whoever asked for them has all of them.

use fixedbitset::FixedBitSet;

use super::{ChunkGraph, ChunkId};
use crate::bind::{BoundGraph, Step, Wrapping};
use crate::graph::{ModuleId, StatementId};

/// The modules that run when a file of a circle is loaded.
pub fn modules_in_circles(graph: &ChunkGraph) -> Vec<ModuleId> {
    if graph.chunks.iter().all(|chunk| chunk.group.is_none()) {
        return Vec::new();
    }
    let circles = files_in_circles(graph);
    let steps = circles
        .into_iter()
        .flat_map(|chunk| graph.chunks[chunk].steps.iter().copied());
    let mut modules: Vec<ModuleId> = steps
        .filter_map(|step| match step {
            Step::Module(module) => runs_something(&graph.bound, module).then_some(module),
            // It is the importer that calls.
            Step::Evaluate { importer, .. } => Some(importer),
        })
        .filter(|module| {
            graph.bound.wrapping[*module] == Wrapping::Hoisted
                && !graph.bound.graph.modules[*module].syntax.features.is_json
        })
        .collect();
    modules.sort_unstable();
    modules.dedup();
    modules
}

/// Function declarations are there before anything runs.
fn runs_something(bound: &BoundGraph, module: ModuleId) -> bool {
    let forms = &bound.graph.modules[module].syntax.forms;
    bound.included_statements[module]
        .ones()
        .any(|index| !forms[StatementId::from_usize(index)].is_function())
}

/// The files of circles in which a group has a part.
fn files_in_circles(graph: &ChunkGraph) -> Vec<ChunkId> {
    let reachable = |from: ChunkId| {
        let mut found = FixedBitSet::with_capacity(graph.chunks.len());
        let mut pending: Vec<ChunkId> = graph.chunks[from].imports.keys().copied().collect();
        while let Some(chunk) = pending.pop() {
            if !found.put(chunk.index()) {
                pending.extend(graph.chunks[chunk].imports.keys());
            }
        }
        found
    };
    let mut in_circle = FixedBitSet::with_capacity(graph.chunks.len());
    for (id, _) in graph
        .chunks
        .iter_enumerated()
        .filter(|(_, chunk)| chunk.group.is_some())
    {
        if in_circle.contains(id.index()) {
            continue;
        }
        let below = reachable(id);
        if !below.contains(id.index()) {
            continue;
        }
        for other in below.ones().map(ChunkId::from_usize) {
            if reachable(other).contains(id.index()) {
                in_circle.insert(other.index());
            }
        }
    }
    in_circle.ones().map(ChunkId::from_usize).collect()
}
