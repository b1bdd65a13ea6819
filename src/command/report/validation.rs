//! The answer of `validate`.

use std::path::PathBuf;

use indexmap::IndexMap;

use super::ElectionReport;
use crate::diagnostic::{Diagnostic, Notice, has_errors};

/// What linking a module yields, without its build.
#[derive(Debug, Clone)]
pub struct ValidateReport {
    /// The module's name, or its directory.
    pub name: String,
    /// How the module says what it exports and uses.
    pub configuration: Configuration,
    /// All findings, in the protocol's order.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be known, and is nobody's error.
    pub notices: Vec<Notice>,
    /// What a warning means for the exit code.
    pub warnings: Warnings,
    /// Package → its groups, highest major first and `unknown` last.
    pub supply: IndexMap<String, Vec<ElectionReport>>,
    /// The modules of the closure besides the root, in the order they were mounted.
    pub mounts: Vec<MountReport>,
    /// One election per group, in the order the groups were first offered.
    pub elections: Vec<ElectionReport>,
    /// Module → specifier → identifier that it is wired to.
    pub wiring: IndexMap<String, IndexMap<String, String>>,
}

/// Where a module states its protocol facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configuration {
    /// In the `esmx` field of its `package.json`.
    Declared,
    /// In its behaviour file, if anywhere; there is nothing to validate.
    Legacy,
}

/// What warnings mean for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Warnings {
    /// They are told.
    #[default]
    Tolerated,
    /// They fail the check.
    Denied,
}

/// A used module as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountReport {
    /// The name it is used by.
    pub name: String,
    /// Its package directory.
    pub root: PathBuf,
    /// Where its `client` and `server` directories are.
    pub artifact_dir: PathBuf,
    /// Whether a readable client manifest is there.
    pub is_built: bool,
}

impl ValidateReport {
    /// Nothing to judge.
    pub fn of_legacy(name: String) -> Self {
        Self {
            name,
            configuration: Configuration::Legacy,
            diagnostics: Vec::new(),
            notices: Vec::new(),
            warnings: Warnings::Tolerated,
            supply: IndexMap::new(),
            mounts: Vec::new(),
            elections: Vec::new(),
            wiring: IndexMap::new(),
        }
    }

    /// Whether the exit code is 1.
    pub fn has_failed(&self) -> bool {
        has_errors(&self.diagnostics) || self.has_denied_warnings()
    }

    /// Whether nothing but warnings is to blame for the exit code.
    pub fn has_denied_warnings(&self) -> bool {
        self.warnings == Warnings::Denied && !self.diagnostics.is_empty() && !has_errors(&self.diagnostics)
    }
}
