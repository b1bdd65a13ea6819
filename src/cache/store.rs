//! Files by digest in a directory that several processes use at once.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::Digest;

/// The directory of this format: another one never reads it.
const FORMAT: &str = "v1";

/// As <https://bford.info/cachedir> has it: whoever makes backups leaves the directory out.
const TAG: (&str, &str) = ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");

/// A kind of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rack {
    /// Which questions builds of a key have asked.
    Questions,
    /// What was built in a situation.
    Entries,
    /// Bytes by their digest.
    Blobs,
    /// What files of this disk looked like.
    Stamps,
    /// Pieces of builds.
    Packs,
}

impl Rack {
    pub const ALL: [Self; 5] = [
        Self::Questions,
        Self::Entries,
        Self::Blobs,
        Self::Stamps,
        Self::Packs,
    ];

    fn directory(self) -> &'static str {
        match self {
            Self::Questions => "questions",
            Self::Entries => "ac",
            Self::Blobs => "cas",
            Self::Stamps => "stamps",
            Self::Packs => "packs",
        }
    }
}

/// The directory.
#[derive(Debug, Clone)]
pub(super) struct Store {
    directory: PathBuf,
}

impl Store {
    /// The store in `directory`, which is made; none if that is not possible and nothing is there.
    pub fn open(directory: &Path) -> Option<Self> {
        let store = Self {
            directory: directory.join(FORMAT),
        };
        if store.directory.is_dir() {
            return Some(store);
        }
        fs::create_dir_all(&store.directory).ok()?;
        let _ = fs::write(directory.join(TAG.0), TAG.1);
        Some(store)
    }

    /// What a file has.
    pub fn get(&self, rack: Rack, name: &Digest) -> Option<Vec<u8>> {
        fs::read(self.path(rack, name)).ok()
    }

    /// Writes a file; false if that is not possible. One that is named by its digest is there when it is there, unless
    /// it is damaged, which its size tells often enough: a full disk leaves short files.
    pub fn put(&self, rack: Rack, name: &Digest, bytes: &[u8]) -> bool {
        let path = self.path(rack, name);
        let is_there = rack == Rack::Blobs
            && fs::metadata(&path).is_ok_and(|metadata| metadata.len() == bytes.len() as u64)
            && (fs::read(&path).is_ok_and(|present| present == bytes));
        if is_there {
            self.touch(rack, name);
            return true;
        }
        self.write(&path, bytes).is_ok()
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let unfinished = self.unfinished();
        let written = fs::write(&unfinished, bytes).or_else(|error| {
            fs::create_dir_all(self.unfinished_directory()).map_err(|_| error)?;
            fs::write(&unfinished, bytes)
        });
        let placed = written.and_then(|()| {
            fs::rename(&unfinished, path).or_else(|error| {
                fs::create_dir_all(path.parent().ok_or(error)?)?;
                fs::rename(&unfinished, path)
            })
        });
        if placed.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        placed
    }

    /// Says that a file was used, for whoever has to make room.
    pub fn touch(&self, rack: Rack, name: &Digest) {
        if let Ok(file) = File::options().append(true).open(self.path(rack, name)) {
            let _ = file.set_modified(SystemTime::now());
        }
    }

    /// Sixteen directories: file systems slow down with many files in one, and with many directories.
    fn path(&self, rack: Rack, name: &Digest) -> PathBuf {
        let name = name.to_string();
        let (directory, rest) = name.split_at(1);
        self.rack(rack).join(directory).join(rest)
    }

    pub(super) fn rack(&self, rack: Rack) -> PathBuf {
        self.directory.join(rack.directory())
    }

    pub(super) fn unfinished_directory(&self) -> PathBuf {
        self.directory.join("unfinished")
    }

    /// The path of a small file of its own.
    pub(super) fn mark(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// A name that no other thread and no other process has.
    fn unfinished(&self) -> PathBuf {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.unfinished_directory()
            .join(format!("{}-{}-{count}", process::id(), since.as_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_there() {
        let directory = tempfile::TempDir::new().unwrap();
        let store = Store::open(&directory.path().join("cache")).unwrap();
        let name = Digest::of(b"x");
        assert_eq!(store.get(Rack::Blobs, &name), None);
        for _ in 0..2 {
            assert!(store.put(Rack::Blobs, &name, b"x"));
            assert_eq!(store.get(Rack::Blobs, &name).as_deref(), Some(b"x".as_slice()));
        }
        fs::write(store.path(Rack::Blobs, &name), "y").unwrap();
        assert!(store.put(Rack::Blobs, &name, b"x"), "what is damaged is replaced");
        assert_eq!(store.get(Rack::Blobs, &name).as_deref(), Some(b"x".as_slice()));
        assert_eq!(fs::read_dir(store.unfinished_directory()).unwrap().count(), 0);
    }

    #[test]
    fn where_nothing_can_be_written_nothing_fails() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Store::open(&file.join("cache")).is_none());
    }
}
