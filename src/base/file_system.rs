//! The one door to files: everything that reads goes through [`FileSystem`], so that rules can be
//! tested on [`MemoryFileSystem`] and run on [`DiskFileSystem`].

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::observer::Observer;
use super::paths::normalize;

/// Reading files and asking what a path is. All paths are absolute.
pub trait FileSystem: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// The operating system's error, unchanged; the caller adds path and action.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Whether a regular file (after following symlinks) is there.
    fn is_file(&self, path: &Path) -> bool;
    /// Whether a directory (after following symlinks) is there.
    fn is_dir(&self, path: &Path) -> bool;
    /// The names of what is in a directory, sorted.
    ///
    /// # Errors
    /// The operating system's error, unchanged.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;
    /// The path with every symlink resolved.
    ///
    /// # Errors
    /// The operating system's error when the path does not exist or a link is broken.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;
    /// The digest of the bytes of a file, with the bytes if they had to be read for it.
    ///
    /// # Errors
    /// As [`Self::read`].
    fn digest(&self, path: &Path) -> io::Result<(Digest, Option<Vec<u8>>)> {
        let bytes = self.read(path)?;
        Ok((Digest::of(&bytes), Some(bytes)))
    }
    /// Who remembers the answers, where those of what several builds share have to be remembered apart.
    fn observer(&self) -> Option<&Observer> {
        None
    }
}

/// The machine's own file system.
#[derive(Debug, Default, Clone, Copy)]
pub struct DiskFileSystem;

impl FileSystem for DiskFileSystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_file(path)
    }
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }
    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }
    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(path)?;
        // A name that is no text cannot be a package's.
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort();
        Ok(names)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }
}

/// The bytes of a file of the disk.
///
/// # Errors
/// The operating system's error, and one for a pipe or a device: reading that may never end.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let kind = std::fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a pipe or a device, not a file",
        ));
    }
    std::fs::read(path)
}

/// Files held in memory; there are no symlinks, and a directory exists when a file lies below it.
#[derive(Debug, Default, Clone)]
pub struct MemoryFileSystem {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFileSystem {
    /// Adds or replaces one file.
    pub fn insert(&mut self, path: impl AsRef<Path>, content: impl Into<Vec<u8>>) {
        self.files.insert(normalize(path.as_ref()), content.into());
    }
}

impl FileSystem for MemoryFileSystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files
            .get(&normalize(path))
            .cloned()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file"))
    }
    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(&normalize(path))
    }
    fn is_dir(&self, path: &Path) -> bool {
        let path = normalize(path);
        self.files
            .range(path.clone()..)
            .take_while(|(file, _)| file.starts_with(&path))
            .any(|(file, _)| *file != path)
    }
    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let path = normalize(path);
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|file| Some(file.strip_prefix(&path).ok()?.components().next()?.as_os_str()))
            .filter_map(|name| Some(name.to_str()?.to_owned()))
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        if self.is_file(path) || self.is_dir(path) {
            Ok(normalize(path))
        } else {
            Err(io::Error::new(
                io::ErrorKind::NotFound,
                "no such file or directory",
            ))
        }
    }
}

/// Node's package lookup (PROTOCOL §3): the first `node_modules/<name>` with a `package.json`, walking
/// from `from` to the file-system root. The path is returned as found, symlinks unresolved.
pub fn find_package_dir(files: &dyn FileSystem, from: &Path, name: &str) -> Option<PathBuf> {
    from.ancestors()
        .map(|dir| dir.join("node_modules").join(name))
        .find(|candidate| files.is_file(&candidate.join("package.json")))
}
