//! The files of a plain bundle: no manifest, nothing but what was asked for.

use super::{EmittedFile, style_files};
use crate::base::has_extension;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::EntryKind;
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
pub fn bundle_files(graph: &ChunkGraph, rendered: Vec<RenderedChunk>) -> Vec<BundleFile> {
    let mut entries = Vec::new();
    let mut chunks = Vec::new();
    for (index, chunk) in rendered.into_iter().enumerate() {
        let entry = graph.chunks[ChunkId::from_usize(index)].entry;
        match entry.filter(|entry| graph.bound.entries[*entry].kind != EntryKind::Dynamic) {
            Some(entry) => {
                let name = graph.bound.entries[entry].name.clone();
                entries.push((entry, files_of(chunk, BundleRole::Entry { name })));
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

/// The import map by which the files of a bundle find each other. `url` says where a file is served.
pub fn chunk_import_map(rendered: &[RenderedChunk], url: impl Fn(&str) -> String) -> BundleFile {
    let mut map = ImportMap::default();
    for chunk in rendered {
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
    let code = [Some(code), map, legal].into_iter().flatten();
    code.chain(style).collect()
}
