//! Files as they would be after an edit, to judge the edit before it is made.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::file_system::FileSystem;

/// Another file system with some files replaced. Only files that exist there can be replaced.
pub struct OverlayFileSystem<'a> {
    below: &'a dyn FileSystem,
    replaced: BTreeMap<PathBuf, Vec<u8>>,
}

impl<'a> OverlayFileSystem<'a> {
    /// `below` with the texts of `replaced`.
    pub fn new(below: &'a dyn FileSystem, replaced: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let replaced = replaced
            .into_iter()
            .map(|(path, text)| (path, text.into_bytes()))
            .collect();
        Self { below, replaced }
    }
}

impl FileSystem for OverlayFileSystem<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.replaced.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.below.read(path),
        }
    }
    fn is_file(&self, path: &Path) -> bool {
        self.below.is_file(path)
    }
    fn is_dir(&self, path: &Path) -> bool {
        self.below.is_dir(path)
    }
    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        self.below.list(path)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.below.real_path(path)
    }
}
