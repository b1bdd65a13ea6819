//! What a command answers: written by `command`, read only by `cli`, which shows it to people or tools.

mod validation;

use std::collections::HashSet;
use std::hash::Hash;
use std::path::PathBuf;
use std::time::Duration;

use crate::cache::Keeping;
use crate::diagnostic::{Diagnostic, Notice, has_errors};
use crate::protocol::Side;

pub use self::validation::{Configuration, MountReport, ValidateReport, Warnings};

/// The answer of `build`.
#[derive(Debug, Clone, Default)]
pub struct BuildReport {
    /// The modules whose build was tried, dependencies first. What was not reached is not listed.
    pub modules: Vec<ModuleReport>,
    /// Findings that belong to no single module: declarations, mounts, elections.
    pub diagnostics: Vec<Diagnostic>,
    /// What is told on standard error only.
    pub notices: Vec<Notice>,
    /// From the first stage to the last file.
    pub duration: Duration,
    /// What becomes of it in the cache.
    pub keeping: Keeping,
}

/// One module of a build.
#[derive(Debug, Clone)]
pub struct ModuleReport {
    /// Module name.
    pub name: String,
    /// The module's directory.
    pub directory: PathBuf,
    /// Where its files are: the directory that holds `client` and `server`.
    pub dist: PathBuf,
    /// What was written, client first; empty when the module has errors.
    pub sides: Vec<SideReport>,
    /// What starts an application in Node, relative to `dist`.
    pub application: Vec<FileReport>,
    /// How many files have other bytes than before.
    pub written: usize,
    /// Findings of this module's build.
    pub diagnostics: Vec<Diagnostic>,
    /// How long this module took.
    pub duration: Duration,
    /// What becomes of it in the cache.
    pub keeping: Keeping,
}

/// The files of one side.
#[derive(Debug, Clone)]
pub struct SideReport {
    /// Which one.
    pub side: Side,
    /// Every file of the side, in any order; paths are relative to the side's directory.
    pub files: Vec<FileReport>,
}

/// One written file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Relative, `/` separators.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// What it is, for the eye.
    pub kind: FileKind,
    /// The name of the entry it is the file of; only `bundle` says it.
    pub entry: Option<String>,
}

/// What a written file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// The file of an export of the module; others import it by name.
    Export,
    /// JavaScript that exports share.
    Chunk,
    /// A stylesheet.
    Stylesheet,
    /// Anything else that code refers to.
    Asset,
    /// A source map.
    SourceMap,
    /// An import map or a page.
    Document,
    /// What only tools read: manifests, `package.json`. Not shown to people.
    Record,
}

impl BuildReport {
    /// Every diagnostic once, in the order of the protocol: first those of the whole, then by module. The
    /// two sides of a module usually find the same things.
    pub fn all_diagnostics(&self) -> Vec<&Diagnostic> {
        let of_modules = self.modules.iter().flat_map(|module| &module.diagnostics);
        each_once(self.diagnostics.iter().chain(of_modules))
    }

    /// Whether the project has errors: exit code 1.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics) || self.modules.iter().any(|module| has_errors(&module.diagnostics))
    }
}

/// The answer of `bundle`.
#[derive(Debug, Clone, Default)]
pub struct BundleReport {
    /// What the sources are called.
    pub name: String,
    /// Where the files are.
    pub output_dir: PathBuf,
    /// What was written, entries first; empty when there are errors.
    pub outputs: Vec<FileReport>,
    /// How many files have other bytes than before.
    pub written: usize,
    /// All findings.
    pub diagnostics: Vec<Diagnostic>,
    /// From the first file read to the last one written.
    pub duration: Duration,
    /// What becomes of it in the cache.
    pub keeping: Keeping,
}

impl BundleReport {
    /// Every diagnostic once.
    pub fn all_diagnostics(&self) -> Vec<&Diagnostic> {
        each_once(self.diagnostics.iter())
    }

    /// Whether the sources have errors: exit code 1.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// The answer of `compose`.
#[derive(Debug, Clone, Default)]
pub struct ComposeReport {
    /// The host's name.
    pub name: String,
    /// The host's directory.
    pub directory: PathBuf,
    /// Where the files are.
    pub dist: PathBuf,
    /// The modules in the maps, the host first; names as mounted.
    pub modules: Vec<String>,
    /// Every elected package, in the order they are shown.
    pub elections: Vec<ElectionReport>,
    /// What was written, relative to `dist`; empty when there are errors.
    pub files: Vec<FileReport>,
    /// All findings.
    pub diagnostics: Vec<Diagnostic>,
    /// What is told on standard error only.
    pub notices: Vec<Notice>,
    /// From the first manifest to the last file.
    pub duration: Duration,
}

/// Which copy of one major of a package everyone gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectionReport {
    /// Real package name and subpath.
    pub package: String,
    /// `None` when no version is known.
    pub major: Option<u64>,
    /// The module whose copy runs.
    pub winner: String,
    /// The name it provides the package under.
    pub name: String,
    /// `None` when unresolved.
    pub version: Option<String>,
    /// Modules whose copies do not run.
    pub losers: Vec<String>,
}

/// The answer of `migrate`.
#[derive(Debug, Clone, Default)]
pub struct MigrateReport {
    /// The module's name.
    pub name: String,
    /// Its directory.
    pub directory: PathBuf,
    /// How it went.
    pub migration: Migration,
    /// What changes in each file, as far as it can be expressed.
    pub edits: Vec<FileEdit>,
    /// What no declaration expresses, or what would be another module than before. Nothing is written while
    /// there is one.
    pub obstacles: Vec<Notice>,
    /// What is worth looking at.
    pub notices: Vec<Notice>,
    /// Errors of the configuration, or errors the declaration would have.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub duration: Duration,
}

/// How a migration went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Migration {
    /// Something stands in the way; nothing was written.
    #[default]
    Refused,
    /// The module has a declaration already.
    Unneeded,
    /// Proven, and not written.
    Possible,
    /// Proven and written.
    Done,
}

/// A file and how it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    /// The file.
    pub path: PathBuf,
    /// A unified diff with paths relative to the module.
    pub diff: String,
}

impl ComposeReport {
    /// Every diagnostic once.
    pub fn all_diagnostics(&self) -> Vec<&Diagnostic> {
        each_once(self.diagnostics.iter())
    }

    /// Whether the project has errors: exit code 1.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

fn each_once<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> Vec<&'a Diagnostic> {
    let mut told = HashSet::new();
    diagnostics
        .filter(|diagnostic| told.insert(identity(diagnostic)))
        .collect()
}

/// What makes two diagnostics the same one; the fix follows from the rest.
fn identity(diagnostic: &Diagnostic) -> impl Hash + Eq {
    let place = diagnostic
        .location
        .as_ref()
        .map(|place| (place.file.as_path(), place.line, place.column));
    (
        (
            diagnostic.code,
            diagnostic.module.as_str(),
            diagnostic.package.as_deref(),
            diagnostic.check,
        ),
        (
            diagnostic.found.as_deref(),
            diagnostic.required.as_deref(),
            diagnostic.message.as_str(),
            place,
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn what_both_sides_find_is_told_once() {
        let module = ModuleReport {
            name: "a".to_owned(),
            directory: PathBuf::from("/a"),
            dist: PathBuf::from("/a/dist"),
            sides: Vec::new(),
            application: Vec::new(),
            written: 0,
            diagnostics: vec![Diagnostic::new(Code::Syntax, "a", "m", "f"); 2],
            duration: Duration::ZERO,
            keeping: Keeping::default(),
        };
        let report = BuildReport {
            modules: vec![module],
            ..BuildReport::default()
        };
        assert_eq!(report.all_diagnostics().len(), 1);
        assert!(report.has_errors());
    }
}
