//! One file per command; each reads as the list of its stages. What a command is asked is its options,
//! made absolute and validated by `cli`; what it answers is a [`report`]; what it tells while it works
//! goes to a [`Progress`]. Findings about the project are diagnostics *in* the report, so that a workspace
//! build can tell what it finished before it failed.

mod again;
mod analyze;
mod build;
mod bundle;
mod chunk_groups;
mod compose;
mod graph;
mod host;
pub mod importmap;
mod kept;
mod lay_out;
mod migrate;
mod module_assets;
pub mod report;
mod shared_map;
mod style_settings;
mod suspicious;
mod unlowered;
mod validate;
pub mod watch;
mod why;

use std::fmt;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

pub use self::analyze::{
    Analysis, AnalyzeOptions, AnalyzeReport, Chain, Copy, Duplicate, Output, Part, Spent, Times, analyze,
};
pub use self::build::{ModuleFilter, Workshop, build};
pub use self::bundle::{AssetPattern, BundleEntry, BundleOptions, Bundling, Resolution, bundle};
pub use self::compose::compose;
pub use self::graph::{GraphFormat, GraphOptions, GraphReport, graph};
pub use self::host::{StartOptions, start};
pub use self::migrate::migrate;
pub use self::report::Warnings;
pub use self::shared_map::SharedMap;
pub use self::validate::validate;
pub use self::why::{BundledFile, WhyOptions, WhyReport, why};
use crate::base::FileSystem;
use crate::cache::CacheSettings;
use crate::chunk::ChunkOptions;
use crate::diagnostic::Diagnostic;
use crate::link::BehaviourFacts;
pub use crate::link::Owners;
use crate::protocol::Side;
pub use crate::render::Target;
use crate::render::{OuterText, Preloading, SourceMapPlace};
pub use crate::resolve::Mode;
use crate::scan::SourceSettings;

/// What `build` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildOptions {
    /// Real path of the root module's directory; its `package.json` was readable when the options were made.
    pub root: PathBuf,
    /// Which modules are built.
    pub scope: BuildScope,
    /// Which of them are built in truth; all, if there is none.
    pub filters: Vec<ModuleFilter>,
    /// For whom.
    pub mode: Mode,
    /// Whether names and spaces are shortened.
    pub minification: Minification,
    /// Where source maps go.
    pub source_maps: SourceMapPlace,
    /// Whether types are written beside the code.
    pub declarations: DeclarationFiles,
    /// Which code is in which file.
    pub chunks: ChunkOptions,
    /// Where it is said which file has the code of which chunk.
    pub chunk_naming: ChunkNaming,
    /// Whether files announce to a browser what their `import()` needs.
    pub preloading: Preloading,
    /// What decides which file a request leads to, beside side and mode.
    pub resolution: Resolution,
    /// How sources are read, without the mode.
    pub sources: SourceSettings,
    /// What stands around the code of every file.
    pub outer_text: OuterText,
    /// What stays outside beside what declarations say.
    pub shared: SharedMap,
    /// Module name → absolute artifact directory, over everything `node_modules` says.
    pub links: IndexMap<String, PathBuf>,
    /// What the output may use of the language; `None` is everything.
    pub target: Option<Target>,
    /// What earlier processes have built.
    pub cache: CacheSettings,
    /// What is wrong with the configuration files.
    pub findings: Vec<Diagnostic>,
}

/// Whether a build writes type declarations of what a module exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclarationFiles {
    /// Only code.
    Omitted,
    /// Into `dist/types`.
    Written,
}

/// Where it is said which file has the code of which chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkNaming {
    /// In the files that import it.
    InFiles,
    /// In an import map, so that a file changes only with its own code.
    InImportMap,
}

/// Which modules a build is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildScope {
    /// The root only; everything it uses must be built.
    Root,
    /// The root and everything it uses, dependencies first.
    Closure,
}

/// Whether output is made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Minification {
    /// Small.
    Minified,
    /// As a person would write it.
    Readable,
}

impl Minification {
    /// The same as those who write code and style sheets say it.
    fn of_code(self) -> crate::render::Minification {
        match self {
            Self::Minified => crate::render::Minification::On,
            Self::Readable => crate::render::Minification::Off,
        }
    }
}

/// What `compose` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeOptions {
    /// Real path of the host's directory; its `package.json` was readable when the options were made.
    pub root: PathBuf,
    /// Prefix of every client URL.
    pub base: BasePath,
    /// Whether an HTML page is written beside the maps.
    pub page: Page,
    /// The map that answers in browsers what the composition does not.
    pub shared: SharedMap,
    /// Module name → absolute artifact directory, over everything `node_modules` says.
    pub links: IndexMap<String, PathBuf>,
}

/// What `validate` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidateOptions {
    /// Real path of the module's directory; its `package.json` was readable when the options were made.
    pub root: PathBuf,
    /// What several modules offering one major of a package mean.
    pub owners: Owners,
    /// What warnings mean.
    pub warnings: Warnings,
    /// Module name → absolute artifact directory, over everything `node_modules` says.
    pub links: IndexMap<String, PathBuf>,
}

/// What `migrate` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrateOptions {
    /// Real path of the module's directory; its `package.json` was readable when the options were made.
    pub root: PathBuf,
    /// What happens with the edit.
    pub mode: EditMode,
    /// Module name → absolute artifact directory, over everything `node_modules` says.
    pub links: IndexMap<String, PathBuf>,
}

/// What a command does with the edit it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditMode {
    /// Shows it.
    Shown,
    /// Writes it.
    Written,
}

/// Whether `compose` writes a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Only the import maps.
    Omitted,
    /// A page that runs the host's client entry.
    Html,
}

/// The path all client URLs start with (PROTOCOL §10.4): empty, or `/` and segments without a final `/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BasePath(String);

impl BasePath {
    /// Checks and normalises: `/`, `/docs/` and `/docs` are fine, relative paths and URLs are not.
    ///
    /// # Errors
    /// One sentence that says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_end_matches('/');
        if trimmed.is_empty() {
            return Ok(Self::default());
        }
        let Some(segments) = trimmed.strip_prefix('/') else {
            return Err("a base is a path that starts with `/`, such as `/docs`".to_owned());
        };
        // A browser would normalise such segments away, and then no scope of the map matches.
        if segments
            .split('/')
            .any(|segment| matches!(segment, "" | "." | ".."))
        {
            return Err("a base has no empty, `.` or `..` segments".to_owned());
        }
        let is_url_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte);
        if !segments.bytes().all(is_url_path) {
            return Err("a base is part of URLs: percent-encode everything that is not a path".to_owned());
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// Nothing, or something like `/docs`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the behaviour file in `root` says, with the links of the command line over its own.
fn root_facts(files: &dyn FileSystem, root: &Path, links: &IndexMap<String, PathBuf>) -> BehaviourFacts {
    BehaviourFacts::read(files, root).overlaid(
        links
            .iter()
            .map(|(name, dir)| (name.as_str(), dir.to_str().unwrap_or_default())),
    )
}

/// Gives findings that know no module the one they were made in.
fn named(mut diagnostics: Vec<Diagnostic>, module: &str) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if diagnostic.module.is_empty() {
            module.clone_into(&mut diagnostic.module);
        }
    }
    diagnostics
}

/// The invocation makes no sense, so nothing was tried; exit code 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandError {
    /// The directory is no module, or what was asked does not fit it.
    Unusable(Box<Diagnostic>),
}

impl fmt::Display for CommandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(diagnostic) => formatter.write_str(&diagnostic.message),
        }
    }
}

impl std::error::Error for CommandError {}

/// Hears what a command is doing. Called from many threads; must return at once.
pub trait Progress: Sync {
    /// The modules that will be built, told once before the first stage.
    fn plan(&self, modules: &[String]);
    /// `module` enters `stage`; `side` is given where the stage is for one side only.
    fn stage(&self, module: &str, side: Option<Side>, stage: Stage);
}

/// The steps that are worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Mounts, supply, checks.
    Link,
    /// Reading and parsing the graph.
    Scan,
    /// Imports to exports, inclusion.
    Bind,
    /// Which module goes into which file.
    Chunk,
    /// Text, minification, source maps, hashes.
    Render,
    /// Files into `dist`.
    Write,
    /// Import maps.
    Compose,
}

impl Stage {
    /// What the program is doing, as in “linking”.
    pub fn activity(self) -> &'static str {
        match self {
            Self::Link => "linking",
            Self::Scan => "scanning",
            Self::Bind => "binding",
            Self::Chunk => "chunking",
            Self::Render => "rendering",
            Self::Write => "writing",
            Self::Compose => "composing",
        }
    }
}

/// Tells nobody: for `--json` and for tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

impl Progress for Silence {
    fn plan(&self, _: &[String]) {}
    fn stage(&self, _: &str, _: Option<Side>, _: Stage) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_normalised() {
        assert_eq!(BasePath::parse("").unwrap().as_str(), "");
        assert_eq!(BasePath::parse("/").unwrap().as_str(), "");
        assert_eq!(BasePath::parse("/docs/v2/").unwrap().as_str(), "/docs/v2");
    }

    #[test]
    fn bases_that_would_break_the_map_are_refused() {
        for text in [
            "docs",
            "./docs",
            "https://cdn.test/x",
            "//cdn.test",
            "/a/../b",
            "/a//b",
            "/a b",
            "/a?b",
            "/ü",
        ] {
            assert!(BasePath::parse(text).is_err(), "{text}");
        }
    }
}
