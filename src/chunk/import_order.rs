//! In which order a file imports others: as the sources of its modules would have them evaluated.
//!
//! ```js
//! // page.js, in a file with helper.js          // first x, then y: page asks for x before helper asks for y
//! import './x'; import './helper'               // helper.js: import './y'
//! ```
//!
//! The engine evaluates imported files depth-first, so this order is what keeps the order of the sources across files. Modules
//! outside the bundle are such files, too.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Chunk, ChunkGraph, ChunkId};
use crate::bind::BoundGraph;
use crate::graph::{ExternalId, ModuleId, RecordId, RequestSyntax, Target};

/// When the modules of a file first ask for what is not in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ImportOrder {
    chunks: FxHashMap<ChunkId, usize>,
    externals: FxHashMap<ExternalId, usize>,
}

impl ImportOrder {
    /// The place of another file. What no module asks for by itself, such as what a re-export of another file
    /// leads to, comes last.
    pub fn of_chunk(&self, chunk: ChunkId) -> usize {
        self.chunks.get(&chunk).copied().unwrap_or(usize::MAX)
    }

    /// The place of a module outside the bundle, as with [`ImportOrder::of_chunk`].
    pub fn of_external(&self, external: ExternalId) -> usize {
        self.externals.get(&external).copied().unwrap_or(usize::MAX)
    }

    fn next_place(&self) -> usize {
        self.chunks.len() + self.externals.len()
    }
}

/// Sorts the imports of every file.
pub fn sort_imports(graph: &mut ChunkGraph) {
    let has_externals = !graph.bound.graph.externals.is_empty();
    for id in graph.chunks.indices().collect::<Vec<_>>() {
        if graph.chunks[id].imports.len() < 2 && !has_externals {
            continue;
        }
        let order = first_needed(graph, id);
        let chunk = &mut graph.chunks[id];
        chunk
            .imports
            .sort_by(|left, _, right, _| order.of_chunk(*left).cmp(&order.of_chunk(*right)));
        chunk.import_order = order;
    }
}

/// When the modules of `chunk` first ask for each other file. Modules that are not part of the bundle are looked
/// through, as barrels may be.
fn first_needed(graph: &ChunkGraph, chunk: ChunkId) -> ImportOrder {
    let bound = &graph.bound;
    let mut needed = ImportOrder::default();
    let mut entered: FxHashSet<ModuleId> = FxHashSet::default();
    // Explicit stack: (module, next record). Cycles of ten thousand modules must not overflow.
    let mut stack: Vec<(ModuleId, usize)> = Vec::new();
    for root in roots(bound, &graph.chunks[chunk]) {
        if entered.insert(root) {
            stack.push((root, 0));
        }
        while let Some((id, next)) = stack.last_mut() {
            let module = &bound.graph.modules[*id];
            if *next == module.targets.len() {
                stack.pop();
                continue;
            }
            let record = RecordId::from_usize(*next);
            *next += 1;
            let request = &module.syntax.records[record];
            let target = match module.targets[record] {
                Target::Module(target) => target,
                Target::External(external) => {
                    if request.syntax == RequestSyntax::Static && !request.is_required {
                        let place = needed.next_place();
                        needed.externals.entry(external).or_insert(place);
                    }
                    continue;
                }
                _ => continue,
            };
            if !request.syntax.is_immediate() || !entered.insert(target) {
                continue;
            }
            match graph.chunk_of.get(&target) {
                Some(other) if *other != chunk => {
                    let place = needed.next_place();
                    needed.chunks.entry(*other).or_insert(place);
                }
                _ => stack.push((target, 0)),
            }
        }
    }
    needed
}

/// The entry's module, then the modules that no other module of the file imports, then the rest.
fn roots(bound: &BoundGraph, chunk: &Chunk) -> Vec<ModuleId> {
    let own: FxHashSet<ModuleId> = chunk.modules.iter().copied().collect();
    let mut imported: FxHashSet<ModuleId> = FxHashSet::default();
    for module in &chunk.modules {
        let node = &bound.graph.modules[*module];
        for (record, target) in node.syntax.records.iter().zip(&node.targets) {
            if let Target::Module(target) = target
                && record.syntax.is_immediate()
                && target != module
                && own.contains(target)
            {
                imported.insert(*target);
            }
        }
    }
    // A facade has no modules: what its entry is in comes first.
    let entry = chunk.entry.map(|entry| bound.entries[entry].module);
    let tops = chunk.modules.iter().filter(|module| !imported.contains(module));
    entry
        .into_iter()
        .chain(tops.copied())
        .chain(chunk.modules.iter().copied())
        .collect()
}
