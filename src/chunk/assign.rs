//! Groups modules by the set of entries that need them.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::FxHashMap;

use super::references::dependencies;
use super::{Chunk, ChunkId};
use crate::bind::{BoundGraph, Step};
use crate::graph::ModuleId;

/// Groups of modules, and the group each entry's module is in.
pub struct Assigned {
    pub chunks: IndexVec<ChunkId, Chunk>,
    pub chunk_of: FxHashMap<ModuleId, ChunkId>,
    /// Per entry: the group that holds its module.
    pub entry_groups: Vec<ChunkId>,
}

/// One pass per entry over the modules it needs, then one over all modules. Modules that are `apart` are alone in
/// their group.
pub fn assign(bound: &BoundGraph, apart: &FixedBitSet) -> Assigned {
    let dependencies: FxHashMap<ModuleId, Vec<ModuleId>> = bound
        .order
        .iter()
        .map(|module| (*module, dependencies(bound, *module)))
        .collect();
    let mut needed_by: IndexVec<ModuleId, FixedBitSet> = bound
        .graph
        .modules
        .iter()
        .map(|_| FixedBitSet::with_capacity(bound.entries.len()))
        .collect();
    for (index, entry) in bound.entries.iter().enumerate() {
        let mut pending = vec![entry.module];
        while let Some(module) = pending.pop() {
            if !needed_by[module].put(index)
                && let Some(next) = dependencies.get(&module)
            {
                pending.extend(next);
            }
        }
    }
    let mut chunks: IndexVec<ChunkId, Chunk> = IndexVec::new();
    let mut chunk_of = FxHashMap::default();
    let mut group_of: FxHashMap<(&FixedBitSet, Option<ModuleId>), ChunkId> = FxHashMap::default();
    for module in &bound.order {
        let alone = apart.contains(module.index()).then_some(*module);
        let chunk = *group_of
            .entry((&needed_by[*module], alone))
            .or_insert_with(|| chunks.push(Chunk::default()));
        chunks[chunk].modules.push(*module);
        chunk_of.insert(*module, chunk);
    }
    for step in &bound.steps {
        let module = match step {
            Step::Module(module) => module,
            Step::Evaluate { importer, .. } => importer,
        };
        chunks[chunk_of[module]].steps.push(*step);
    }
    let entry_groups = bound
        .entries
        .iter()
        .map(|entry| chunk_of[&entry.module])
        .collect();
    Assigned {
        chunks,
        chunk_of,
        entry_groups,
    }
}
