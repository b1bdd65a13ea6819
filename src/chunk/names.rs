//! File names before hashing.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::ChunkGraph;
use crate::graph::{EntryKind, ModuleId, Target};

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
    let wanted = wanted_names(graph);
    for index in graph.chunks.indices() {
        if !graph.chunks[index].name.is_empty() {
            continue;
        }
        let chunk = &graph.chunks[index];
        let wanted_name = || {
            let module = graph.bound.entries[chunk.entry?].module;
            wanted.get(&module).map(|name| clean(name))
        };
        let of_module = || {
            let module = chunk.primary?;
            Some(readable_stem(&graph.bound.graph.modules[module].stable_path))
        };
        let stem = chunk.group.clone().or_else(wanted_name).or_else(of_module);
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

/// What an `import()` wants the file of a module to be called; the first that says so.
fn wanted_names(graph: &ChunkGraph) -> FxHashMap<ModuleId, Atom> {
    let mut wanted = FxHashMap::default();
    for module in &graph.bound.graph.modules {
        for (record, target) in module.syntax.records.iter().zip(&module.targets) {
            if let (Target::Module(target), Some(name)) = (target, &record.file_name) {
                wanted.entry(*target).or_insert_with(|| name.clone());
            }
        }
    }
    wanted
}

/// `src/pages/home.vue` → `home`, `node_modules/lodash/index.js` → `lodash`.
fn readable_stem(stable_path: &str) -> String {
    let file = stable_path.rsplit('/').next().unwrap_or(stable_path);
    let mut stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if stem == "index" || stem.is_empty() {
        stem = stable_path.rsplit('/').nth(1).unwrap_or("index");
    }
    let clean = clean(stem);
    if clean.is_empty() {
        "chunk".to_owned()
    } else {
        clean
    }
}

fn clean(name: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.chars().map(|c| if is_kept(c) { c } else { '-' }).collect()
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
