//! From chunks to text: references get their final names, modules are printed in parallel, files are hashed.

mod ast;
mod chunk;
mod file_names;
mod helper_text;
mod lazy;
mod module;
mod names;
pub mod print;
mod rewrite;
mod runtime;
mod source_map;
mod text;

use std::path::PathBuf;

use oxc_index::IndexVec;
use rayon::prelude::*;

pub use file_names::Hashing;
pub use print::{Minification, PositionTracking};

use crate::base::relative_posix;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::protocol::Side;
use chunk::{ChunkText, render_chunk};
use file_names::{FileNames, Placeheld, hash_files};
use source_map::{PlacedModule, join_source_maps};

/// How chunks become text.
pub struct RenderOptions {
    /// Decides how Node's own modules are required, and whether chunks announce their key.
    pub side: Side,
    /// Small or readable.
    pub minification: Minification,
    /// With or without source maps.
    pub position_tracking: PositionTracking,
    /// Whether names carry a hash.
    pub hashing: Hashing,
    /// The manifest key of each chunk, in chunk order.
    pub chunk_keys: Vec<String>,
    /// Absolute directory the files will be in; only relative paths from it reach the output.
    pub output_dir: PathBuf,
}

/// A chunk's final text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedChunk {
    /// Path relative to the output directory.
    pub file: String,
    /// The text.
    pub code: String,
    /// The source map, if asked for; belongs beside the file as `<file>.map`.
    pub source_map: Option<String>,
}

/// Renders all chunks of one side.
pub fn render(graph: &ChunkGraph, options: &RenderOptions) -> IndexVec<ChunkId, RenderedChunk> {
    let provisional = FileNames::provisional(graph, options.hashing);
    let ids: Vec<ChunkId> = graph.chunks.indices().collect();
    let texts: Vec<ChunkText> = ids
        .par_iter()
        .map(|id| render_chunk(graph, *id, &provisional, options))
        .collect();
    let mut placed = Vec::with_capacity(texts.len());
    let mut placeheld = IndexVec::with_capacity(texts.len());
    for text in texts {
        placed.push(text.placed);
        placeheld.push(Placeheld {
            text: text.code,
            references: text.references.into_iter().collect(),
        });
    }
    let (names, codes) = match options.hashing {
        Hashing::Hashed => hash_files(graph, &provisional, placeheld),
        Hashing::Plain => (provisional, placeheld.into_iter().map(|file| file.text).collect()),
    };
    let codes: Vec<String> = codes.into_iter().collect();
    let rendered: Vec<RenderedChunk> = ids
        .into_par_iter()
        .zip(codes)
        .zip(placed)
        .map(|((id, code), placed)| {
            let file = names.of(id).to_owned();
            if options.position_tracking == PositionTracking::Off {
                return RenderedChunk {
                    file,
                    code,
                    source_map: None,
                };
            }
            let source_map = source_map(graph, &file, &placed, options);
            let base = file.rsplit('/').next().unwrap_or(&file);
            let code = format!("{code}//# sourceMappingURL={}.map\n", file_names::url_path(base));
            RenderedChunk {
                source_map: Some(source_map),
                file,
                code,
            }
        })
        .collect();
    rendered.into_iter().collect()
}

fn source_map(
    graph: &ChunkGraph,
    file: &str,
    placed: &[(crate::graph::ModuleId, u32, Vec<print::Mapping>)],
    options: &RenderOptions,
) -> String {
    let file_path = options.output_dir.join(file);
    let directory = file_path.parent().unwrap_or(&options.output_dir);
    let modules = &graph.bound.graph.modules;
    let names: Vec<String> = placed
        .iter()
        .map(|(module, ..)| file_names::url_path(&relative_posix(directory, &modules[*module].path)))
        .collect();
    let placed: Vec<PlacedModule<'_>> = placed
        .iter()
        .zip(&names)
        .map(|((module, line, mappings), name)| PlacedModule {
            source_name: name,
            source: &modules[*module].syntax.source,
            mappings,
            line: *line,
            column: 0,
        })
        .collect();
    join_source_maps(file.rsplit('/').next().unwrap_or(file), &placed)
}
