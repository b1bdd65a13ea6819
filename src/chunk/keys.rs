//! The keys under which a manifest lists chunks (PROTOCOL §10.3): the same source gives the same key on
//! both sides, because server rendering looks up in the client's manifest what ran on the server.

use rustc_hash::FxHashSet;

use super::ChunkGraph;
use crate::graph::{EntryKind, ModuleId};

/// One key per chunk, in chunk order: `<module name>@<source path>` of the primary module, or
/// `<module name>@<export name>` of a provided package.
pub fn chunk_keys(graph: &ChunkGraph, module_name: &str) -> Vec<String> {
    let mut taken: FxHashSet<String> = FxHashSet::default();
    let mut keys = vec![String::new(); graph.chunks.len()];
    let path_key =
        |module: ModuleId| format!("{module_name}@{}", graph.bound.graph.modules[module].stable_path);
    // Entries first: a shared chunk takes what they leave.
    for (index, chunk) in graph.chunks.iter().enumerate() {
        let Some(entry) = chunk.entry.map(|entry| &graph.bound.entries[entry]) else {
            continue;
        };
        let by_name = format!("{module_name}@{}", entry.name);
        let preferred = match entry.kind {
            EntryKind::Provided => by_name.clone(),
            EntryKind::Export | EntryKind::Plain | EntryKind::Dynamic => path_key(entry.module),
        };
        keys[index] = claim(&mut taken, [preferred, by_name]);
    }
    for (index, chunk) in graph.chunks.iter().enumerate() {
        if chunk.entry.is_none() {
            let candidates = chunk
                .primary
                .into_iter()
                .chain(chunk.modules.iter().rev().copied())
                .map(path_key);
            keys[index] = claim(&mut taken, candidates);
        }
    }
    keys
}

/// The first candidate nobody has; where all are taken, the last one with a number.
fn claim(taken: &mut FxHashSet<String>, candidates: impl IntoIterator<Item = String>) -> String {
    let mut last = String::new();
    for candidate in candidates {
        if taken.insert(candidate.clone()) {
            return candidate;
        }
        last = candidate;
    }
    let numbered = (2..).map(|number| format!("{last}#{number}"));
    numbered
        .into_iter()
        .find(|candidate| taken.insert(candidate.clone()))
        .expect("there are more numbers than chunks")
}
