//! The files that the resolver reads by itself: `package.json`, and what configures TypeScript. A pipe or a
//! device in its place would keep it reading for ever.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oxc_resolver::{FileMetadata, FileSystem, FileSystemOs, ResolveError};

use super::{extended_configs, null_targets};
use crate::base::{DiskFileSystem, FileSystem as _, Observer, Presence, Seen};

/// The disk without what is neither a file nor a directory.
pub struct RegularFiles {
    disk: FileSystemOs,
    observer: Option<Arc<Observer>>,
}

impl RegularFiles {
    /// The disk; who remembers what it answers is told of it.
    pub fn observed_by(observer: Option<Arc<Observer>>) -> Self {
        Self {
            disk: FileSystemOs::new(),
            observer,
        }
    }

    /// Another view of the same disk.
    pub(super) fn alike(&self) -> Self {
        Self::observed_by(self.observer.clone())
    }

    fn note(&self, path: &Path, seen: impl FnOnce() -> Seen) {
        if let Some(observer) = &self.observer {
            observer.note(path, seen());
        }
    }
}

fn presence(metadata: FileMetadata) -> Presence {
    if metadata.is_file() {
        Presence::File
    } else if metadata.is_dir() {
        Presence::Directory
    } else {
        Presence::Other
    }
}

impl FileSystem for RegularFiles {
    fn new() -> Self {
        Self::observed_by(None)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = match &self.observer {
            Some(observer) => observer.read(path),
            None => DiskFileSystem.read(path),
        }?;
        let is_package = path.file_name().is_some_and(|name| name == "package.json");
        Ok(if is_package {
            null_targets::spelled_out(&bytes).unwrap_or(bytes)
        } else {
            extended_configs::spelled_out(self, path, &bytes).unwrap_or(bytes)
        })
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        let bytes = FileSystem::read(self, path)?;
        String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let metadata = FileSystem::metadata(&self.disk, path);
        self.note(path, || {
            Seen::of_target(metadata.as_ref().copied().map_or(Presence::Nothing, presence))
        });
        metadata
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let metadata = FileSystem::symlink_metadata(&self.disk, path);
        self.note(path, || {
            Seen::of_itself(match &metadata {
                Err(_) => Presence::Nothing,
                Ok(metadata) if metadata.is_symlink() => Presence::of_itself(path),
                Ok(metadata) => presence(*metadata),
            })
        });
        metadata
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        self.note(path, || Seen::of_itself(Presence::of_itself(path)));
        FileSystem::read_link(&self.disk, path)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        let real = FileSystem::canonicalize(&self.disk, path);
        self.note(path, || Seen::of_real_path(&real));
        real
    }
}
