//! The metafile as it is read: esbuild's shape, of which only what is needed must be there.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;

/// Written by `bundle --metafile` or by esbuild.
#[derive(Deserialize)]
pub(super) struct Metafile {
    pub inputs: IndexMap<String, Input>,
    pub outputs: IndexMap<String, OutputFile>,
}

/// A source file.
#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(default)]
    pub imports: Vec<Import>,
}

/// What an input asks for.
#[derive(Deserialize)]
pub(super) struct Import {
    pub path: String,
    #[serde(default)]
    pub original: Option<String>,
    #[serde(default)]
    pub external: bool,
}

/// A file that was written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutputFile {
    pub bytes: u64,
    #[serde(default)]
    pub entry_point: Option<String>,
    #[serde(default)]
    pub inputs: IndexMap<String, Contribution>,
}

/// What an input became in an output.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contribution {
    pub bytes_in_output: u64,
}

impl Metafile {
    /// The directory that paths are relative to: the file does not say. The nearest that has one of the outputs: where
    /// the user is, or above the metafile.
    pub(super) fn base(&self, directory: &Path, metafile: &Path) -> PathBuf {
        let has_an_output = |base: &&Path| self.outputs.keys().any(|path| base.join(path).is_file());
        std::iter::once(directory)
            .chain(metafile.ancestors().skip(1))
            .find(has_an_output)
            .unwrap_or(directory)
            .to_path_buf()
    }
}
