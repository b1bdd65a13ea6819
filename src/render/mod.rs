//! From chunks to text: references get their final names, modules are printed in parallel, files are hashed.

mod asked_properties;
mod ast;
mod chunk;
mod chunk_imports;
mod chunk_modules;
mod commonjs_import;
mod commonjs_module;
mod constants;
mod delivery;
mod elements;
mod evaluated_code;
mod file_hashes;
mod file_names;
mod file_urls;
mod helper_text;
mod import_meta;
mod import_options;
mod input_maps;
mod interface;
mod kept;
mod lazy;
mod lowering;
mod module;
mod name_pattern;
mod names;
mod namespaces;
mod outer_text;
mod passed_on;
mod preload;
pub mod print;
mod rewrite;
mod runtime;
mod self_imports;
mod sloppy_text;
mod small;
mod source_map;
mod specifiers;
mod styles;
mod surroundings;
mod text;
mod typeof_commonjs;
mod unread_variables;
mod unset;
mod views;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use oxc_index::IndexVec;
use rayon::prelude::*;

pub use delivery::{AssetDelivery, AssetUrls, StyleDelivery, StyleLoading};
pub use file_names::{NamePatterns, url_path};
pub use input_maps::InputMaps;
pub use kept::{FilePatch, RenderMemory, Splice};
pub use lowering::{Lowering, Syntax, Target};
pub use name_pattern::{HashText, NamePattern};
pub use outer_text::{LegalComments, OuterText};
pub use preload::Preloading;
pub use print::{Minification, PositionTracking};
pub use specifiers::{ChunkReferences, SpecifierPrefixes};
pub use styles::{RenderedStyle, deliver_styles};

use crate::base::{Pieces, relative_posix};
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::ModuleId;
use crate::resolve::Platform;
use chunk::{ChunkText, render_chunk};
use file_names::{FileNames, Placeheld, hash_files};
use input_maps::InputMap;
use source_map::{
    EncodedModule, MapIndex, PlacedModule, Positions, SourceOrigin, join_encoded, join_source_maps,
};
use styles::render_styles;

/// How chunks become text.
pub struct RenderOptions {
    /// Decides how Node's own modules are required.
    pub platform: Platform,
    /// Small or readable.
    pub minification: Minification,
    /// Which source maps are made, and where they go.
    pub source_maps: SourceMapPlace,
    /// Source maps of the sources.
    pub input_maps: InputMaps,
    /// How files are called.
    pub names: NamePatterns,
    /// How files name each other.
    pub references: ChunkReferences,
    /// The manifest key of each chunk, in chunk order, where chunks announce it as `import.meta.chunkName`.
    pub announced_keys: Option<Vec<String>>,
    /// What stands around the code of every file.
    pub outer_text: OuterText,
    /// How files beside the code are called and named.
    pub assets: AssetDelivery,
    /// Which files style sheets are in.
    pub styles: StyleDelivery,
    /// Who announces them to the page.
    pub style_loading: StyleLoading,
    /// Whether files announce what their `import()` needs.
    pub preloading: Preloading,
    /// What has to be rewritten in older words.
    pub lowering: Lowering,
    /// Absolute directory the files will be in; only relative paths from it reach the output.
    pub output_dir: PathBuf,
    /// What earlier builds with the same options have made.
    pub pieces: Option<Arc<dyn Pieces>>,
    /// What is compressed at once.
    pub compressed_units: CompressedUnits,
}

/// What the compressor gets at once: as much of a chunk as it can take, or less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompressedUnits {
    /// As much as it can take: that is smallest.
    Largest,
    /// A large package is apart from what stands behind it: other builds have it, too, and it is compressed once for all.
    ByPackage,
}

/// Where source maps go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceMapPlace {
    /// There are none.
    Nowhere,
    /// A file beside each output, named in its last line.
    Linked,
    /// A file that the output does not name.
    Unlinked,
    /// Inside each output.
    Inline,
}

impl SourceMapPlace {
    /// Whether positions are kept while printing.
    fn position_tracking(self) -> PositionTracking {
        match self {
            Self::Nowhere => PositionTracking::Off,
            Self::Linked | Self::Unlinked | Self::Inline => PositionTracking::On,
        }
    }
}

/// A chunk's final text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedChunk {
    /// Path relative to the output directory.
    pub file: String,
    /// What other files import it as, if that is not its path.
    pub specifier: Option<String>,
    /// The text.
    pub code: String,
    /// The source map, if asked for as a file; belongs beside the file as `<file>.map`.
    pub source_map: Option<String>,
    /// Licences, if asked for as a file; belongs beside the file as `<file>.LEGAL.txt`.
    pub legal_text: Option<String>,
    /// How many bytes of the text each module gave, in the order of the text.
    pub modules: Vec<(ModuleId, usize)>,
    /// The names it exports, sorted.
    pub exports: Vec<String>,
    /// Its own style sheet.
    pub style: Option<RenderedStyle>,
    /// The style sheets that a page needs with it, in the order in which they apply.
    pub style_files: Vec<String>,
    /// The delivered modules that its text names.
    pub delivered: Vec<Delivered>,
    /// Whether it has no code, so that nobody imports it.
    pub is_codeless: bool,
}

/// A delivered module and who needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delivered {
    /// The module.
    pub module: ModuleId,
    /// Where its file must be.
    pub place: DeliveryPlace,
}

/// Where the file of a delivered module must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryPlace {
    /// Beside the code that names it.
    BesideCode,
    /// Where URLs with the prefix lead.
    BehindPrefix,
}

/// Renders all chunks of one side.
pub fn render(graph: &ChunkGraph, options: &RenderOptions) -> IndexVec<ChunkId, RenderedChunk> {
    render_again(graph, options, None)
}

/// The same with what the last rendering knows.
#[tracing::instrument(name = "render", skip_all)]
pub fn render_again(
    graph: &ChunkGraph,
    options: &RenderOptions,
    memory: Option<&RenderMemory>,
) -> IndexVec<ChunkId, RenderedChunk> {
    let recalled = memory.map(|memory| (memory, memory.recall()));
    let recalled = recalled.as_ref().map(|(memory, recalled)| (*memory, recalled));
    let provisional = FileNames::provisional(graph, &options.names, &options.references);
    let styles = render_styles(graph, options);
    let ids: Vec<ChunkId> = graph.chunks.indices().collect();
    let texts: Vec<ChunkText> = ids
        .par_iter()
        .map(|id| render_chunk(graph, *id, &provisional, &styles, options, recalled))
        .collect();
    let mut rest = Vec::with_capacity(texts.len());
    let mut placeheld = IndexVec::with_capacity(texts.len());
    for text in texts {
        rest.push(RestOfChunk {
            placed: text.placed,
            legal_text: text.legal_text,
            modules: text.modules,
            exports: text.exports,
            delivered: text.delivered,
        });
        placeheld.push(Placeheld {
            text: text.code,
            references: text.references.into_iter().collect(),
        });
    }
    let (names, codes) = hash_files(graph, provisional, placeheld);
    let codes: Vec<String> = codes.into_iter().collect();
    let rendered: Vec<RenderedChunk> = ids
        .into_par_iter()
        .zip(codes)
        .zip(rest)
        .zip(styles.into_iter().collect::<Vec<_>>())
        .map(|(((id, code), rest), styles)| {
            let mut chunk = RenderedChunk {
                file: names.of(id).to_owned(),
                specifier: names.mapped(id).map(str::to_owned),
                code,
                source_map: None,
                legal_text: rest.legal_text,
                modules: rest.modules,
                exports: rest.exports,
                style: styles.own,
                style_files: styles.files,
                delivered: rest.delivered,
                is_codeless: graph.is_codeless(id),
            };
            if chunk.legal_text.is_some() && options.outer_text.legal_comments == LegalComments::Linked {
                let name = last_segment(&chunk.file);
                let comment = format!("/*! Licences: {name}.LEGAL.txt */\n");
                chunk.code.push_str(&comment);
            }
            let index = add_source_map(graph, &mut chunk, &rest.placed, options);
            if let Some((memory, _)) = recalled {
                memory.keep_map(id, index);
            }
            chunk
        })
        .collect();
    rendered.into_iter().collect()
}

/// What of a chunk's text does not depend on file names.
struct RestOfChunk {
    placed: Vec<(ModuleId, u32, Positions)>,
    legal_text: Option<String>,
    modules: Vec<(ModuleId, usize)>,
    exports: Vec<String>,
    delivered: Vec<Delivered>,
}

fn add_source_map(
    graph: &ChunkGraph,
    chunk: &mut RenderedChunk,
    placed: &[(ModuleId, u32, Positions)],
    options: &RenderOptions,
) -> Option<MapIndex> {
    let place = options.source_maps;
    if place == SourceMapPlace::Nowhere {
        return None;
    }
    let (map, index) = source_map(graph, &chunk.file, placed, options);
    let url = match place {
        SourceMapPlace::Nowhere | SourceMapPlace::Unlinked => None,
        SourceMapPlace::Linked => Some(format!("{}.map", url_path(last_segment(&chunk.file)))),
        SourceMapPlace::Inline => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(&map);
            Some(format!("data:application/json;base64,{encoded}"))
        }
    };
    if let Some(url) = url {
        chunk.code.push_str("//# sourceMappingURL=");
        chunk.code.push_str(&url);
        chunk.code.push('\n');
    }
    if place != SourceMapPlace::Inline {
        chunk.source_map = Some(map);
    }
    index
}

fn last_segment(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

#[tracing::instrument(skip_all)]
fn source_map(
    graph: &ChunkGraph,
    file: &str,
    placed: &[(ModuleId, u32, Positions)],
    options: &RenderOptions,
) -> (String, Option<MapIndex>) {
    let encoded = placed.iter().map(|(module, _, positions)| match positions {
        Positions::Encoded(encoded) => Some((*module, Arc::clone(encoded))),
        Positions::Tokens(_) => None,
    });
    let encoded: Option<Vec<(ModuleId, Arc<EncodedModule>)>> = encoded.collect();
    let file_path = options.output_dir.join(file);
    let directory = file_path.parent().unwrap_or(&options.output_dir);
    let modules = &graph.bound.graph.modules;
    let sources = placed.par_iter().with_min_len(64);
    let sources: Vec<NamedSource<'_>> = sources
        .map(|(module, _, positions)| {
            let (path, text) = (&modules[*module].path, &modules[*module].syntax.source);
            match (options.input_maps.of(*module), positions) {
                (Some(map), _) => {
                    let names = map.sources.iter();
                    NamedSource::Mapped(map, names.map(|source| source.name_from(directory)).collect())
                }
                (None, Positions::Encoded(module)) => {
                    NamedSource::Encoded(module.source(directory, path, text), &module.segments)
                }
                (None, Positions::Tokens(_)) => NamedSource::File {
                    name: file_names::url_path(&relative_posix(directory, path)),
                    text,
                },
            }
        })
        .collect();
    let modules: Vec<PlacedModule<'_>> = placed
        .iter()
        .zip(&sources)
        .map(|((_, line, positions), source)| PlacedModule {
            origin: match source {
                NamedSource::File { name, text } => SourceOrigin::File { name, text },
                NamedSource::Encoded(source, segments) => SourceOrigin::Encoded {
                    source: source.get(),
                    segments,
                },
                NamedSource::Mapped(map, names) => SourceOrigin::Mapped { map, names },
            },
            mappings: match positions {
                Positions::Tokens(mappings) => mappings,
                Positions::Encoded(_) => &[],
            },
            line: *line,
            column: 0,
        })
        .collect();
    match encoded {
        Some(encoded) => join_encoded(last_segment(file), &modules, encoded),
        None => (join_source_maps(last_segment(file), &modules), None),
    }
}

/// What a map calls the source of a module, or what that was made of.
enum NamedSource<'a> {
    File { name: String, text: &'a str },
    Encoded(source_map::Source<'a>, &'a source_map::Segments),
    Mapped(&'a InputMap, Vec<String>),
}
