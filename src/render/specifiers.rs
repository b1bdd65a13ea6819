//! How files of code name each other: by their paths, or by names that an import map leads to files.
//!
//! ```text
//! import { a } from './shared-1a2b3c4d.js'     a change of shared renames it, and so changes whoever imports it
//! import { a } from '#chunks/shared'           a change of shared changes its file, and the import map
//! ```
//!
//! Workers have no import map. What they load names files by their paths.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::FxHashSet;

use super::file_names::NamePatterns;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::{EntryKind, RequestSyntax, StatementId, Target};

/// How files of code name each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ChunkReferences {
    /// By their paths.
    #[default]
    Paths,
    /// Files whose names have hashes: by names that an import map knows.
    Mapped(SpecifierPrefixes),
}

/// What the names in an import map start with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecifierPrefixes {
    /// Those of declared entries, before their names.
    pub entries: String,
    /// Those of other files.
    pub chunks: String,
}

/// The names of all files for import maps.
#[derive(Debug, Default)]
pub struct Specifiers {
    /// None for files that are named by their paths.
    of: IndexVec<ChunkId, Option<String>>,
    /// Files that can not use them.
    without_map: FixedBitSet,
}

impl Specifiers {
    /// Gives names to files.
    pub fn new(graph: &ChunkGraph, references: &ChunkReferences, patterns: &NamePatterns) -> Self {
        let ChunkReferences::Mapped(prefixes) = references else {
            return Self::default();
        };
        let mut of: IndexVec<ChunkId, Option<String>> = graph.chunks.iter().map(|_| None).collect();
        let declared = |id: ChunkId| {
            let entry = &graph.bound.entries[graph.chunks[id].entry?];
            (entry.kind != EntryKind::Dynamic).then_some(entry.name.as_str())
        };
        // Files that are there for a provided package alone are in no map where another copy is elected.
        let lasting = files_of_own_entries(graph);
        let is_named = |id: &ChunkId| lasting.contains(id.index()) && patterns.of(graph, *id).has_hash();
        let mut taken: FxHashSet<String> = FxHashSet::default();
        for id in graph.chunks.indices().filter(is_named) {
            if let Some(name) = declared(id) {
                let specifier = format!("{}{name}", prefixes.entries);
                taken.insert(specifier.clone());
                of[id] = Some(specifier);
            }
        }
        for id in graph.chunks.indices().filter(is_named) {
            if of[id].is_some() {
                continue;
            }
            let name = format!("{}{}", prefixes.chunks, graph.chunks[id].name);
            let mut specifier = name.clone();
            let mut number = 2;
            while !taken.insert(specifier.clone()) {
                specifier = format!("{name}-{number}");
                number += 1;
            }
            of[id] = Some(specifier);
        }
        Self {
            of,
            without_map: files_of_workers(graph),
        }
    }

    /// The name of a file, if it has one.
    pub fn of(&self, file: ChunkId) -> Option<&str> {
        self.of.get(file)?.as_deref()
    }

    /// The name by which one file imports another, if it is not its path.
    pub fn between(&self, from: ChunkId, to: ChunkId) -> Option<&str> {
        if self.without_map.contains(from.index()) {
            return None;
        }
        self.of(to)
    }
}

/// The targets of requests of one kind in what a file has of its modules.
pub fn requested_files(
    graph: &ChunkGraph,
    file: ChunkId,
    is_meant: impl Fn(RequestSyntax) -> bool,
) -> Vec<ChunkId> {
    let mut found = Vec::new();
    for module in &graph.chunks[file].modules {
        let node = &graph.bound.graph.modules[*module];
        for statement in graph.bound.included_statements[*module].ones() {
            for record in &node.syntax.statements[StatementId::from_usize(statement)].records {
                if let Target::Module(target) = node.targets[*record]
                    && is_meant(node.syntax.records[*record].syntax)
                {
                    found.extend(graph.chunk_of_entry_module(target));
                }
            }
        }
    }
    found
}

/// Workers and what they load.
fn files_of_workers(graph: &ChunkGraph) -> FixedBitSet {
    let workers = graph
        .chunks
        .indices()
        .flat_map(|file| requested_files(graph, file, |syntax| syntax == RequestSyntax::Worker));
    loaded_by(graph, workers.collect())
}

/// What entries load, except provided packages.
fn files_of_own_entries(graph: &ChunkGraph) -> FixedBitSet {
    let entries = graph.bound.entries.iter().zip(&graph.entry_chunks);
    let own = entries.filter(|(entry, _)| !matches!(entry.kind, EntryKind::Provided | EntryKind::Dynamic));
    loaded_by(graph, own.map(|(_, file)| *file).collect())
}

/// Files and all that they load, at once or later.
fn loaded_by(graph: &ChunkGraph, mut pending: Vec<ChunkId>) -> FixedBitSet {
    let mut found = FixedBitSet::with_capacity(graph.chunks.len());
    while let Some(file) = pending.pop() {
        if !found.put(file.index()) {
            pending.extend(graph.chunks[file].imports.keys());
            pending.extend(requested_files(graph, file, RequestSyntax::loads_later));
        }
    }
    found
}
