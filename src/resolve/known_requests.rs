//! Where requests of installed packages led. Many files of one directory ask for the same, as do all modules of a workspace
//! that have the same packages; where that leads depends on the directory, not on the file.

use std::path::{Path, PathBuf};

use dashmap::DashMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{RequestKind, ResolvedFile};

/// By directory.
#[derive(Default)]
pub struct KnownRequests(DashMap<PathBuf, OfDirectory, FxBuildHasher>);

/// By specifier.
#[derive(Default)]
struct OfDirectory {
    imported: FxHashMap<String, ResolvedFile>,
    required: FxHashMap<String, ResolvedFile>,
}

impl KnownRequests {
    /// The file, if the same was asked before.
    pub fn get(&self, directory: &Path, specifier: &str, kind: RequestKind) -> Option<ResolvedFile> {
        let known = self.0.get(directory)?;
        let known = match kind {
            RequestKind::Import => &known.imported,
            RequestKind::Require => &known.required,
        };
        known.get(specifier).cloned()
    }

    /// Remembers a file.
    pub fn add(&self, directory: &Path, specifier: &str, kind: RequestKind, file: ResolvedFile) {
        let mut known = match self.0.get_mut(directory) {
            Some(known) => known,
            None => self.0.entry(directory.to_path_buf()).or_default(),
        };
        let known = match kind {
            RequestKind::Import => &mut known.imported,
            RequestKind::Require => &mut known.required,
        };
        known.insert(specifier.to_owned(), file);
    }
}
