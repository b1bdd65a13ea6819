//! What `bundle` is asked to do.

use std::path::{Path, PathBuf};

use super::super::{ChunkNaming, Minification, Mode};
use crate::base::relative_posix;
use crate::cache::CacheSettings;
use crate::chunk::ChunkOptions;
use crate::diagnostic::Diagnostic;
use crate::link::PlainRules;
use crate::render::{
    HashText, NamePattern, NamePatterns, OuterText, Preloading, SourceMapPlace, Target, url_path,
};
use crate::resolve::{Platform, SymbolicLinks};
use crate::scan::{AssetNames, SourceSettings};

/// Everything `bundle` is told. As many fields as there are independent questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleOptions {
    /// Real path of the directory that relative paths start from.
    pub root: PathBuf,
    /// Where to start, in the order given.
    pub entries: Vec<BundleEntry>,
    /// The directory that names with `[dir]` show the rest of; `None` means the deepest one above all entries.
    pub base_dir: Option<PathBuf>,
    /// Where files are put.
    pub output_dir: PathBuf,
    /// Where the output runs.
    pub platform: Platform,
    /// For whom; `None` leaves it to the platform.
    pub mode: Option<Mode>,
    /// What stays outside, and what stands for something else.
    pub rules: PlainRules,
    /// Whether names and spaces are shortened.
    pub minification: Minification,
    /// Where source maps go.
    pub source_maps: SourceMapPlace,
    /// How files of JavaScript are called.
    pub names: NamePatterns,
    /// How other files are called, and what their URLs start with.
    pub asset_names: AssetPattern,
    /// Which code is in which file.
    pub chunks: ChunkOptions,
    /// Where it is said which file has the code of which chunk.
    pub chunk_naming: ChunkNaming,
    /// Whether files announce to a browser what their `import()` needs.
    pub preloading: Preloading,
    /// What decides which file a request leads to, beside platform and mode.
    pub resolution: Resolution,
    /// How sources are read, without the mode.
    pub sources: SourceSettings,
    /// What earlier processes have built.
    pub cache: CacheSettings,
    /// What is wrong with the configuration files.
    pub findings: Vec<Diagnostic>,
    /// Where it is written what went into which file: relative to `output_dir`, or absolute.
    pub metafile: Option<PathBuf>,
    /// What stands around the code of every file.
    pub outer_text: OuterText,
    /// What the output may use of the language; `None` is everything.
    pub target: Option<Target>,
}

/// What decides which file a request leads to, beside platform and mode.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolution {
    /// Conditions of `exports` and `imports` beside those that platform, mode and syntax imply.
    pub conditions: Vec<String>,
    /// Fields of `package.json` that name the main file; `None` means those of the platform.
    pub main_fields: Option<Vec<String>>,
    /// What a symbolic link is.
    pub links: SymbolicLinks,
}

/// How delivered files are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetPattern {
    /// Name of the output.
    pub pattern: NamePattern,
    /// What URLs start with; empty makes them relative to the output directory: `./name`.
    pub public_path: String,
    /// Directory that `[dir]` repeats the structure of.
    pub base_dir: PathBuf,
}

impl AssetNames for AssetPattern {
    fn file(&self, source: &Path, hash: &str) -> String {
        let extension = source
            .extension()
            .map(|one| one.to_string_lossy().into_owned())
            .unwrap_or_default();
        let relative = relative_posix(&self.base_dir, source).replace("../", "_.._/");
        let stem = relative
            .strip_suffix(&format!(".{extension}"))
            .unwrap_or(&relative)
            .to_owned();
        let name = if self.pattern.has_directory() {
            stem
        } else {
            stem.rsplit('/').next().unwrap_or(&stem).to_owned()
        };
        self.pattern.expand(&name, HashText::Known(hash), &extension)
    }

    fn url(&self, file: &str) -> String {
        let path = url_path(file);
        match self.public_path.as_str() {
            "" => format!("./{path}"),
            prefix if prefix.ends_with('/') => format!("{prefix}{path}"),
            prefix => format!("{prefix}/{path}"),
        }
    }
}

/// One entry as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleEntry {
    /// `main` of `main=src/a.ts`.
    pub name: Option<String>,
    /// A path or a bare specifier.
    pub specifier: String,
}
