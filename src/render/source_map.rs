//! The source map of a chunk, joined from the mappings of its modules.

mod encoded;
mod index;
mod joined;
mod segments;
mod tokens;

use std::sync::Arc;

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::input_maps::InputMap;
use super::print::Mapping;
use crate::graph::ModuleId;
pub use encoded::{EncodedModule, EncodedSource, Source};
pub use index::{MapIndex, MapPart};
use joined::{JoinedJson, JoinedMaps, SourceText, Token, number};
pub use segments::Segments;

/// A module's text at its place in the chunk.
#[derive(Clone, Copy)]
pub struct PlacedModule<'a> {
    /// What its positions are about.
    pub origin: SourceOrigin<'a>,
    /// Where the module's text comes from.
    pub mappings: &'a [Mapping],
    /// The chunk's line (from 0) at which the module's text starts.
    pub line: u32,
    /// The column (from 0, UTF-16 units) at which it starts.
    pub column: u32,
}

/// Where a person finds what was written.
#[derive(Clone, Copy)]
pub enum SourceOrigin<'a> {
    /// In the module's file.
    File {
        /// What the map calls the source, relative to the map.
        name: &'a str,
        /// The source's text.
        text: &'a str,
    },
    /// The same, of a module that starts a line and whose mappings are encoded: it has no others.
    Encoded {
        /// The source.
        source: &'a EncodedSource,
        /// The mappings.
        segments: &'a Segments,
    },
    /// In what the module's file was made of.
    Mapped {
        /// Says where.
        map: &'a InputMap,
        /// What the map calls each of its sources.
        names: &'a [String],
    },
}

/// Where the text of a module comes from.
#[derive(Debug, Clone)]
pub enum Positions {
    /// Token by token.
    Tokens(Vec<Mapping>),
    /// Encoded, in a module that starts a line.
    Encoded(Arc<EncodedModule>),
}

/// The source map of `file`, version 3, as JSON. `modules` come in the order of the text.
pub fn join_source_maps(file: &str, modules: &[PlacedModule<'_>]) -> String {
    joined(file, modules).text
}

/// The same of modules whose mappings are encoded, with where in the map each of them is. None where a source is that of
/// several modules.
pub fn join_encoded(
    file: &str,
    modules: &[PlacedModule<'_>],
    encoded: Vec<(ModuleId, Arc<EncodedModule>)>,
) -> (String, Option<MapIndex>) {
    let json = joined(file, modules);
    let is_complete = json.parts.len() == encoded.len() && json.sources.len() == encoded.len();
    let parts = json.parts.into_iter().zip(encoded).zip(modules);
    let parts = parts.map(|((part, (id, encoded)), module)| MapPart {
        module: id,
        encoded,
        line: module.line,
        source: part.source,
        names: part.names,
        start: part.start,
        name_before: part.name_before,
    });
    let index = MapIndex {
        parts: parts.collect(),
        texts: json.sources,
        end: json.end,
    };
    (json.text, is_complete.then_some(index))
}

fn joined(file: &str, modules: &[PlacedModule<'_>]) -> JoinedJson {
    let gathered = modules
        .par_iter()
        .with_min_len(16)
        .map(|module| match module.origin {
            SourceOrigin::File { .. } => Gathered::of(module),
            SourceOrigin::Encoded { .. } | SourceOrigin::Mapped { .. } => Gathered::default(),
        });
    let gathered: Vec<Gathered<'_>> = gathered.collect();
    let mut joined = JoinedMaps::default();
    for (module, gathered) in modules.iter().zip(gathered) {
        match module.origin {
            SourceOrigin::File { name, text } => {
                let source = joined.add_source(name, Some(SourceText::Plain(text)));
                joined.add_all(source, &gathered.names, gathered.tokens);
            }
            SourceOrigin::Encoded { source, segments } => {
                let source = joined.add_source(&source.name, Some(SourceText::Quoted(&source.text)));
                joined.add_segments(segments, module.line, source);
            }
            SourceOrigin::Mapped { map, names } => add_mapped(&mut joined, module, map, names),
        }
    }
    joined.into_json(file)
}

/// The tokens of one module, without a source, and what the numbers of their names mean: each module on its own, so
/// that little is left to do when they are put together.
#[derive(Default)]
struct Gathered<'a> {
    names: Vec<&'a str>,
    tokens: Vec<Token>,
}

impl<'a> Gathered<'a> {
    fn of(module: &PlacedModule<'a>) -> Self {
        let mut names: IndexSet<&'a str, FxBuildHasher> = IndexSet::default();
        let tokens = module.mappings.iter().map(|mapping| {
            let (line, column) = module.generated(mapping);
            Token {
                line,
                column,
                source: 0,
                source_line: mapping.source_line,
                source_column: mapping.source_column,
                name: mapping
                    .name
                    .as_deref()
                    .map(|name| number(names.insert_full(name).0)),
            }
        });
        let tokens = tokens.collect();
        Self {
            names: names.into_iter().collect(),
            tokens,
        }
    }
}

impl PlacedModule<'_> {
    /// Line and column in the chunk.
    fn generated(&self, mapping: &Mapping) -> (u32, u32) {
        // Only the module's first line shares its line with what stands before it.
        let column = if mapping.generated_line == 0 {
            self.column
        } else {
            0
        };
        (
            self.line + mapping.generated_line,
            column + mapping.generated_column,
        )
    }
}

fn add_mapped<'a>(
    joined: &mut JoinedMaps<'a>,
    module: &PlacedModule<'a>,
    map: &'a InputMap,
    names: &'a [String],
) {
    let mut added: Vec<Option<u32>> = vec![None; names.len()];
    let mut last = None;
    for mapping in module.mappings {
        let Some(original) = map.original(mapping.source_line, mapping.source_column) else {
            continue;
        };
        let Some(source_name) = names.get(original.source) else {
            continue;
        };
        let (line, column) = module.generated(mapping);
        let name = original.name.or(mapping.name.as_deref());
        // Several tokens of what the compiler wrote often come from one place.
        let place = (line, original.source, original.line, original.column);
        if last == Some(place) && name.is_none() {
            continue;
        }
        last = Some(place);
        let text = map.sources[original.source].text.as_deref();
        let source = *added[original.source]
            .get_or_insert_with(|| joined.add_source(source_name, text.map(SourceText::Plain)));
        let name = name.map(|name| joined.name(name));
        joined.add(Token {
            line,
            column,
            source,
            source_line: original.line,
            source_column: original.column,
            name,
        });
    }
}

#[cfg(test)]
mod tests;
