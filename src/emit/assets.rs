//! The files that code and style sheets name.

use indexmap::{IndexMap, IndexSet};

use super::EmittedFile;
use crate::chunk::ChunkGraph;
use crate::graph::ModuleId;
use crate::render::{AssetDelivery, DeliveryPlace, RenderedChunk, RenderedStyle};

/// The delivered modules of a chunk and of its style sheet that must be at `place`.
pub fn delivered_at(chunk: &RenderedChunk, place: DeliveryPlace) -> IndexSet<ModuleId> {
    let by_code = chunk.delivered.iter().filter(|one| one.place == place);
    let by_style = chunk.style.iter().flat_map(|style| style.assets.iter().copied());
    by_code
        .map(|one| one.module)
        .chain(by_style.filter(|_| place == DeliveryPlace::BesideCode))
        .collect()
}

/// The files of delivered modules, each once, by path.
pub fn asset_files(
    graph: &ChunkGraph,
    assets: &AssetDelivery,
    modules: impl IntoIterator<Item = ModuleId>,
) -> Vec<EmittedFile> {
    let mut files: IndexMap<String, EmittedFile> = IndexMap::new();
    for module in modules {
        let module = &graph.bound.graph.modules[module];
        if let (Some(path), Some(file)) = (assets.file(module), module.delivered()) {
            files.entry(path.clone()).or_insert_with(|| EmittedFile {
                path,
                bytes: file.bytes.to_vec(),
            });
        }
    }
    files.sort_unstable_keys();
    files.into_values().collect()
}

/// A style sheet, and its source map.
pub fn style_files(style: RenderedStyle) -> Vec<EmittedFile> {
    let map = style.source_map.map(|map| EmittedFile {
        path: format!("{}.map", style.file),
        bytes: map.into_bytes(),
    });
    let code = EmittedFile {
        path: style.file,
        bytes: style.code.into_bytes(),
    };
    std::iter::once(code).chain(map).collect()
}
