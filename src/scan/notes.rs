//! What was read for each file of a cache that several builds share: who is given what another one has read has asked
//! the same of the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;

use crate::base::{FileSystem, Observer};

/// What was read, by the file that it was read for.
#[derive(Default)]
pub(super) struct Notes {
    by_file: DashMap<PathBuf, Arc<Observer>, rustc_hash::FxBuildHasher>,
}

impl Notes {
    /// Reads `file`, or finds it read. All that was ever asked for it becomes part of what `files` was asked.
    pub fn around<T>(
        &self,
        files: &dyn FileSystem,
        file: &Path,
        read: impl FnOnce(&dyn FileSystem) -> T,
    ) -> T {
        let Some(own) = files.observer() else {
            return read(files);
        };
        let known = self.by_file.get(file).map(|noted| Arc::clone(&noted));
        let noted = known.unwrap_or_else(|| {
            let entry = self.by_file.entry(file.to_path_buf());
            Arc::clone(&entry.or_insert_with(|| Arc::new(Observer::of_one_file())))
        });
        let read = read(&*noted);
        own.include(&noted);
        read
    }
}
