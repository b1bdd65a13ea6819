//! What one scan knows for the next: the files that were scanned, with what they say and where their requests lead.
//!
//! Where a request leads depends on the importer, on settings, and on which files there are. So what is kept holds
//! until its file changes, or until files come or go; whoever keeps it says when that is.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::interface::asks_for_the_mode;
use super::{ScanInput, ScannedFile, ScannedFiles, request};
use crate::graph::{EntryKind, ModuleSyntax};

/// Files that were scanned.
#[derive(Default)]
pub struct ScanMemory {
    files: Mutex<ScannedFiles>,
}

/// A file that was scanned again and requests what it requested before.
pub struct Rescanned {
    /// The path of the module.
    pub path: PathBuf,
    /// What it said.
    pub before: Arc<ModuleSyntax>,
    /// What it says.
    pub after: Arc<ModuleSyntax>,
}

impl ScanMemory {
    /// Forgets files: they are scanned again.
    pub fn forget(&self, paths: &[PathBuf]) {
        self.with(|files| {
            for path in paths {
                files.remove(path.as_os_str());
            }
        });
    }

    /// Whether the last scan that found no mistakes needed a module.
    pub fn needs(&self, path: &Path) -> bool {
        self.with(|files| files.contains_key(path.as_os_str()))
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.with(std::mem::take);
    }

    /// Scans files again, of those that the last scan needed. The answer is none where one cannot be scanned, or leads
    /// elsewhere than before: then everything has to be scanned that is not known.
    pub fn rescan(&self, input: &ScanInput<'_>, paths: &[PathBuf]) -> Option<Vec<Rescanned>> {
        if !input.syntaxes.notes_no_requests() {
            self.forget(paths);
            return None;
        }
        // What a provided package offers may depend on files of another mode.
        let provides = input
            .entries
            .iter()
            .any(|entry| entry.kind == EntryKind::Provided);
        if provides && !paths.iter().all(|path| self.needs(path)) {
            self.forget(paths);
            return None;
        }
        let before: Vec<Arc<ScannedFile>> = self.with(|files| {
            paths
                .iter()
                .filter_map(|path| files.remove(path.as_os_str()))
                .collect()
        });
        let mut rescanned = Vec::with_capacity(before.len());
        for before in before {
            let after = Arc::new(request::scan_file(input, before.file.clone()).ok()?);
            let is_same = after.targets == before.targets && after.file == before.file;
            let is_fine = after.syntax.diagnostics.is_empty();
            self.with(|files| files.insert(after.file.path.clone().into_os_string(), Arc::clone(&after)));
            let may_offer_else =
                provides && (asks_for_the_mode(&before.syntax) || asks_for_the_mode(&after.syntax));
            if !is_same || !is_fine || may_offer_else {
                return None;
            }
            rescanned.push(Rescanned {
                path: before.file.path.clone(),
                before: Arc::clone(&before.syntax),
                after: Arc::clone(&after.syntax),
            });
        }
        Some(rescanned)
    }

    /// What a scan need not do again; it gives it back afterwards.
    pub(super) fn known_to(input: &ScanInput<'_>) -> ScannedFiles {
        match input.memory {
            Some(memory) if input.syntaxes.notes_no_requests() => memory.with(std::mem::take),
            _ => ScannedFiles::default(),
        }
    }

    /// Adds what a scan has found to what was known before it.
    pub(super) fn add(&self, mut known: ScannedFiles, scanned: ScannedFiles) {
        known.extend(scanned);
        self.with(|files| *files = known);
    }

    /// Keeps what a whole scan has found, and nothing else.
    pub(super) fn keep(&self, scanned: ScannedFiles) {
        self.with(|files| *files = scanned);
    }

    fn with<Answer>(&self, act: impl FnOnce(&mut ScannedFiles) -> Answer) -> Answer {
        act(&mut self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
