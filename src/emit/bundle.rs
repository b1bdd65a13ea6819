//! The files of a plain bundle: no manifest, nothing but what was asked for.

use super::{EmittedFile, style_files};
use crate::base::has_extension;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::{EntryKind, Resource};
use crate::import_map::ImportMap;
use crate::render::RenderedChunk;

/// What a file of a bundle is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BundleRole {
    /// The file of an entry.
    Entry {
        /// The entry's name.
        name: String,
    },
    /// Code that entries share or load later.
    Chunk,
    /// A style sheet.
    Style,
    /// A source map.
    SourceMap,
    /// Licences.
    Legal,
    /// A file that code refers to.
    Asset,
}

/// A file and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFile {
    /// Path and content.
    pub file: EmittedFile,
    /// What it is.
    pub role: BundleRole,
}

/// All files: those of the entries in the order of the entries, then chunks, each followed by what belongs
/// to it.
#[tracing::instrument(skip_all)]
pub fn bundle_files(graph: &ChunkGraph, rendered: Vec<RenderedChunk>) -> Vec<BundleFile> {
    let mut entries = Vec::new();
    let mut chunks = Vec::new();
    let is_style: Vec<bool> = rendered
        .iter()
        .enumerate()
        .map(|(index, chunk)| {
            is_style_entry(graph, ChunkId::from_usize(index)) && is_only_style(chunk, &rendered)
        })
        .collect();
    for (index, chunk) in rendered.into_iter().enumerate() {
        let entry = graph.chunks[ChunkId::from_usize(index)].entry;
        match entry.filter(|entry| graph.bound.entries[*entry].kind != EntryKind::Dynamic) {
            Some(entry) => {
                let name = graph.bound.entries[entry].name.clone();
                let code = chunk.file.clone();
                let mut files = files_of(chunk, BundleRole::Entry { name });
                if is_style[index] {
                    files.retain(|file| !file.file.path.starts_with(&code));
                }
                entries.push((entry, files));
            }
            None => chunks.extend(files_of(chunk, BundleRole::Chunk)),
        }
    }
    entries.sort_by_key(|(entry, _)| *entry);
    entries
        .into_iter()
        .flat_map(|(_, files)| files)
        .chain(chunks)
        .collect()
}

/// Whether a chunk is that of an entry that is a style sheet. A script that only imports one has a file of its own:
/// its name was asked for.
fn is_style_entry(graph: &ChunkGraph, chunk: ChunkId) -> bool {
    let entry = graph.chunks[chunk].entry.map(|entry| &graph.bound.entries[entry]);
    let module = entry.map(|entry| &graph.bound.graph.modules[entry.module]);
    module.is_some_and(|module| matches!(module.syntax.resource, Some(Resource::Style(_))))
}

/// Whether the file of an entry would be empty: no code, no names, and nobody imports it.
fn is_only_style(chunk: &RenderedChunk, all: &[RenderedChunk]) -> bool {
    let name = chunk.file.rsplit('/').next().unwrap_or(&chunk.file);
    chunk.style.is_some()
        && chunk.exports.is_empty()
        && chunk.modules.iter().all(|(_, bytes)| *bytes == 0)
        && all
            .iter()
            .all(|other| other.file == chunk.file || !other.code.contains(name))
}

/// The import map by which the files of a bundle find each other. `url` says where a file is served.
pub fn chunk_import_map(rendered: &[RenderedChunk], url: impl Fn(&str) -> String) -> BundleFile {
    let mut map = ImportMap::default();
    for chunk in rendered.iter().filter(|chunk| !chunk.is_codeless) {
        if let Some(specifier) = &chunk.specifier {
            map.imports.insert(specifier.clone(), url(&chunk.file));
        }
    }
    BundleFile {
        file: EmittedFile {
            path: "importmap.json".to_owned(),
            bytes: map.to_json().into_bytes(),
        },
        role: BundleRole::Asset,
    }
}

fn files_of(chunk: RenderedChunk, role: BundleRole) -> Vec<BundleFile> {
    let beside = |ending: &str, text: Option<String>, role: BundleRole| {
        let path = format!("{}{ending}", chunk.file);
        text.map(|text| BundleFile {
            file: EmittedFile {
                path,
                bytes: text.into_bytes(),
            },
            role,
        })
    };
    let is_codeless = chunk.is_codeless;
    let map = beside(".map", chunk.source_map, BundleRole::SourceMap);
    let legal = beside(".LEGAL.txt", chunk.legal_text, BundleRole::Legal);
    let style = chunk
        .style
        .map(style_files)
        .into_iter()
        .flatten()
        .map(|file| BundleFile {
            role: if has_extension(&file.path, &["map"]) {
                BundleRole::SourceMap
            } else {
                BundleRole::Style
            },
            file,
        });
    let code = BundleFile {
        file: EmittedFile {
            path: chunk.file,
            bytes: chunk.code.into_bytes(),
        },
        role,
    };
    let code = [Some(code), map, legal]
        .into_iter()
        .flatten()
        .filter(|_| !is_codeless);
    code.chain(style).collect()
}
