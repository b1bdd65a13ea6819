//! Where requests of installed packages led. Many files of one directory ask for the same, as do all modules of a workspace
//! that have the same packages; where that leads depends on the directory, not on the file.

use std::path::{Path, PathBuf};

use dashmap::DashMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{RequestKind, ResolvedFile};

/// By directory.
#[derive(Default)]
pub struct KnownRequests(DashMap<PathBuf, OfDirectory, FxBuildHasher>);

/// By the kind of the request, then by specifier.
type OfDirectory = [FxHashMap<String, ResolvedFile>; 2];

impl KnownRequests {
    /// The file, if the same was asked before.
    pub fn get(&self, directory: &Path, specifier: &str, kind: RequestKind) -> Option<ResolvedFile> {
        self.0.get(directory)?[kind as usize].get(specifier).cloned()
    }

    /// Remembers a file.
    pub fn add(&self, directory: &Path, specifier: &str, kind: RequestKind, file: ResolvedFile) {
        let mut known = match self.0.get_mut(directory) {
            Some(known) => known,
            None => self.0.entry(directory.to_path_buf()).or_default(),
        };
        known[kind as usize].insert(specifier.to_owned(), file);
    }
}
