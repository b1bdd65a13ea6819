//! File names before hashing.

use rustc_hash::FxHashSet;

use super::ChunkGraph;
use crate::graph::EntryKind;

/// Declared entries are called by their export name; everything else is called by its primary module's
/// file, numbered where two would collide. Rendering puts the two kinds into different places.
pub fn name_chunks(graph: &mut ChunkGraph) {
    let mut taken: FxHashSet<String> = FxHashSet::default();
    let declared_name = |graph: &ChunkGraph, entry: usize| {
        let entry = &graph.bound.entries[entry];
        (entry.kind != EntryKind::Dynamic).then(|| entry.name.clone())
    };
    for index in graph.chunks.indices() {
        if let Some(name) = graph.chunks[index]
            .entry
            .and_then(|entry| declared_name(graph, entry))
        {
            graph.chunks[index].name = name;
        }
    }
    for index in graph.chunks.indices() {
        if !graph.chunks[index].name.is_empty() {
            continue;
        }
        let chunk = &graph.chunks[index];
        let of_module = || {
            let module = chunk.primary?;
            Some(readable_stem(&graph.bound.graph.modules[module].stable_path))
        };
        let stem = chunk.group.clone().or_else(of_module);
        let stem = stem.unwrap_or_else(|| "chunk".to_owned());
        let mut name = stem.clone();
        let mut number = 2;
        // Some file systems do not tell upper from lower case.
        while !taken.insert(name.to_lowercase()) {
            name = format!("{stem}-{number}");
            number += 1;
        }
        graph.chunks[index].name = name;
    }
}

/// `src/pages/home.vue` → `home`, `node_modules/lodash/index.js` → `lodash`.
fn readable_stem(stable_path: &str) -> String {
    let file = stable_path.rsplit('/').next().unwrap_or(stable_path);
    let mut stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if stem == "index" || stem.is_empty() {
        stem = stable_path.rsplit('/').nth(1).unwrap_or("index");
    }
    let clean: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    if clean.is_empty() {
        "chunk".to_owned()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::readable_stem;

    #[test]
    fn stems_say_what_is_inside() {
        assert_eq!(readable_stem("src/pages/home.page.vue"), "home");
        assert_eq!(readable_stem("node_modules/lodash/index.js"), "lodash");
        assert_eq!(readable_stem("src/[id].ts"), "-id-");
    }
}
