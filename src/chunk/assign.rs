//! Groups modules by the set of entries that need them.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::early::Early;
use super::groups::grouped;
use super::interface::signature_symbols;
use super::merge::{Layout, Merging, merge_small_files};
use super::references::{dependencies, owning_module};
use super::{Chunk, ChunkId, Plan};
use crate::bind::{BoundGraph, Step};
use crate::graph::ModuleId;

/// Groups of modules, and the group each entry's module is in.
pub struct Assigned {
    pub chunks: IndexVec<ChunkId, Chunk>,
    pub chunk_of: FxHashMap<ModuleId, ChunkId>,
    /// Per entry: the group that holds its module.
    pub entry_groups: Vec<ChunkId>,
}

/// What decides which file a module is in.
#[derive(PartialEq, Eq, Hash)]
enum Belonging<'a> {
    /// Its place in an import cycle.
    Alone(ModuleId),
    /// The user.
    Group(usize),
    /// The entries that need it, and the stretches in which they do before something outside is loaded.
    NeededBy(&'a FixedBitSet, &'a [usize]),
}

/// One pass per entry over the modules it needs, then one over all modules. Modules that are `apart` are alone in
/// their group.
pub fn assign(bound: &BoundGraph, apart: &FixedBitSet, plan: &Plan<'_>) -> Assigned {
    let dependencies: FxHashMap<ModuleId, Vec<ModuleId>> = bound
        .order
        .par_iter()
        .map(|module| (*module, dependencies(bound, *module)))
        .collect();
    let mut needed_by: IndexVec<ModuleId, FixedBitSet> = bound
        .graph
        .modules
        .iter()
        .map(|_| FixedBitSet::with_capacity(bound.entries.len()))
        .collect();
    for (index, entry) in bound.entries.iter().enumerate() {
        // What an entry exports it needs, also where nothing is imported for its effects.
        let exported = signature_symbols(bound, index).into_iter();
        let exported = exported.filter_map(|symbol| owning_module(bound, symbol));
        let mut pending: Vec<ModuleId> = exported.filter(|module| bound.is_included(*module)).collect();
        pending.push(entry.module);
        while let Some(module) = pending.pop() {
            if !needed_by[module].put(index)
                && let Some(next) = dependencies.get(&module)
            {
                pending.extend(next);
            }
        }
    }
    let early = Early::of(bound, &needed_by);
    let group_of = grouped(bound, plan.groups, &dependencies, &needed_by);
    let mut files: IndexVec<ChunkId, Vec<ModuleId>> = IndexVec::new();
    let mut file_of = FxHashMap::default();
    let mut known: FxHashMap<Belonging<'_>, ChunkId> = FxHashMap::default();
    for module in &bound.order {
        let belonging = if apart.contains(module.index()) {
            Belonging::Alone(*module)
        } else if let Some(group) = group_of.get(module) {
            Belonging::Group(*group)
        } else {
            Belonging::NeededBy(&needed_by[*module], early.stretches_of(*module))
        };
        let file = *known.entry(belonging).or_insert_with(|| files.push(Vec::new()));
        files[file].push(*module);
        file_of.insert(*module, file);
    }
    let mut fixed = FixedBitSet::with_capacity(files.len());
    let mut group_files: FxHashMap<ChunkId, usize> = FxHashMap::default();
    for (belonging, file) in &known {
        match belonging {
            Belonging::NeededBy(_, []) => continue,
            Belonging::NeededBy(..) | Belonging::Alone(_) => {}
            Belonging::Group(group) => {
                group_files.insert(*file, *group);
            }
        }
        fixed.insert(file.index());
    }
    fixed.extend(bound.entries.iter().map(|entry| file_of[&entry.module].index()));
    let layout = Layout {
        bound,
        files: &files,
        file_of: &file_of,
        dependencies: &dependencies,
        needed_by: &needed_by,
        fixed: &fixed,
    };
    let merged = match (plan.merging, plan.least_bytes) {
        (Merging::Nothing, _) | (_, 0) => files.indices().collect(),
        (merging, least_bytes) => merge_small_files(&layout, least_bytes, merging),
    };
    let mut chunks: IndexVec<ChunkId, Chunk> = IndexVec::new();
    let mut chunk_of = FxHashMap::default();
    let mut chunk_of_file: FxHashMap<ChunkId, ChunkId> = FxHashMap::default();
    for module in &bound.order {
        let file = merged[file_of[module]];
        let chunk = *chunk_of_file.entry(file).or_insert_with(|| {
            chunks.push(Chunk {
                group: group_files
                    .get(&file)
                    .map(|group| plan.groups[*group].name.clone()),
                ..Chunk::default()
            })
        });
        chunks[chunk].modules.push(*module);
        chunk_of.insert(*module, chunk);
    }
    add_steps(&mut chunks, &chunk_of, bound, |module| {
        early.is_called_by_its_file(module, needed_by[module].count_ones(..))
    });
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

/// Gives every file the evaluations of its modules, and of the wrapped ones that it calls itself.
fn add_steps(
    chunks: &mut IndexVec<ChunkId, Chunk>,
    chunk_of: &FxHashMap<ModuleId, ChunkId>,
    bound: &BoundGraph,
    is_called_by_its_file: impl Fn(ModuleId) -> bool,
) {
    for step in &bound.steps {
        let own = match *step {
            Step::Module(module) => chunk_of[&module],
            Step::Evaluate { module, importer } => {
                let (file, asking) = (chunk_of[&module], chunk_of[&importer]);
                if file != asking && is_called_by_its_file(module) {
                    chunks[file].steps.push(*step);
                }
                asking
            }
        };
        chunks[own].steps.push(*step);
    }
}
