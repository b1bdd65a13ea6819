//! Imports that change nothing:
//!
//! ```js
//! // page.js                              // limits.js, a file that others share
//! import { LIMIT } from './limits.js'     export const LIMIT = 10, all = () => [LIMIT]
//! log(LIMIT)
//! ```
//!
//! `log(10)` takes nothing from the other file, and nothing is to be seen of it when it runs: it need not be loaded for that.

use rustc_hash::FxHashMap;

use super::merge::loading_shows;
use super::{ChunkGraph, ChunkId};
use crate::bind::{Step, Wrapping};

/// Takes such imports out of all files.
pub fn drop_idle_imports(graph: &mut ChunkGraph) {
    let mut known = FxHashMap::default();
    for id in graph.chunks.indices().collect::<Vec<_>>() {
        let candidates = graph.chunks[id].imports.iter();
        let candidates: Vec<ChunkId> = candidates
            .filter(|(_, symbols)| symbols.is_empty())
            .map(|(other, _)| *other)
            .collect();
        for other in candidates {
            if is_idle(graph, other, &mut known) {
                graph.chunks[id].imports.shift_remove(&other);
            }
        }
    }
}

/// Whether nothing can be seen of loading a file and those that it imports. Files that import each other in a circle are taken
/// for ones that do something.
fn is_idle(graph: &ChunkGraph, id: ChunkId, known: &mut FxHashMap<ChunkId, bool>) -> bool {
    // Explicit stack: (file, next import).
    let mut stack = vec![(id, 0)];
    while let Some((chunk, next)) = stack.last_mut() {
        let chunk = *chunk;
        if *next == 0 {
            if known.contains_key(&chunk) {
                stack.pop();
                continue;
            }
            // Until it is known: who comes here again comes round.
            known.insert(chunk, false);
            if !does_nothing(graph, chunk) {
                stack.pop();
                continue;
            }
        }
        let imports = &graph.chunks[chunk].imports;
        if let Some((other, _)) = imports.get_index(*next) {
            *next += 1;
            if !known.contains_key(other) {
                stack.push((*other, 0));
            }
            continue;
        }
        let is_idle = imports.keys().all(|other| known[other]);
        known.insert(chunk, is_idle);
        stack.pop();
    }
    known[&id]
}

fn does_nothing(graph: &ChunkGraph, id: ChunkId) -> bool {
    let (bound, chunk) = (&graph.bound, &graph.chunks[id]);
    chunk.group.is_none()
        && chunk.namespaces.is_empty()
        && !chunk.modules.iter().any(|module| loading_shows(bound, *module))
        && chunk.steps.iter().all(|step| match step {
            Step::Module(module) => {
                bound.wrapping[*module] == Wrapping::Hoisted && !bound.in_cycle.contains(module.index())
            }
            Step::Evaluate { .. } => false,
        })
}
