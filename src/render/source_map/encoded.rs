//! What a map says of one module, kept for the next map.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::joined::quoted;
use super::segments::Segments;
use crate::base::relative_posix;
use crate::render::file_names::url_path;
use crate::render::print::Mapping;

/// The mappings of a module that starts a line, and its source.
#[derive(Debug)]
pub struct EncodedModule {
    /// The mappings.
    pub segments: Segments,
    // A module mostly stays in its file, and a file in its directory.
    source: OnceLock<(PathBuf, EncodedSource)>,
}

/// A source as a map spells it.
#[derive(Debug, Clone)]
pub struct EncodedSource {
    /// Relative to the map.
    pub name: String,
    /// Its text in JSON.
    pub text: String,
}

impl EncodedModule {
    /// Encodes.
    pub fn new(mappings: &[Mapping]) -> Self {
        Self {
            segments: Segments::of(mappings),
            source: OnceLock::new(),
        }
    }

    /// The source of the module in a map in `directory`. To be asked with the same path and text each time.
    pub fn source(&self, directory: &Path, path: &Path, text: &str) -> Source<'_> {
        let make = || EncodedSource {
            name: url_path(&relative_posix(directory, path)),
            text: quoted(text),
        };
        let (known, source) = self.source.get_or_init(|| (directory.to_path_buf(), make()));
        if known == directory {
            Source::Kept(source)
        } else {
            Source::Made(make())
        }
    }
}

/// A source that is kept or not.
pub enum Source<'a> {
    /// It was asked for before, or will be.
    Kept(&'a EncodedSource),
    /// For another directory.
    Made(EncodedSource),
}

impl Source<'_> {
    /// The source.
    pub fn get(&self) -> &EncodedSource {
        match self {
            Self::Kept(source) => source,
            Self::Made(source) => source,
        }
    }
}
