//! A disk that remembers what it was asked and what it answered.
//!
//! A build is a function of its options and of these answers: whoever gets the same answers to the same questions builds
//! the same. Questions that found nothing count as much as the others, since a file that appears where a build looked in
//! vain would have been found:
//!
//! ```text
//! import "./a"      is there /app/a.mjs?      nothing
//!                   is there /app/a.js?       a file
//!                   the bytes of /app/a.js    9f86d081…
//! ```
//!
//! Written to by everything that reads while a build runs, from many threads; read by the cache when it has ended.

mod seen;
mod stamp;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use dashmap::DashMap;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub use self::seen::{Content, Presence, Seen};
pub use self::stamp::Stamp;
use super::digest::Digest;
use super::file_system::{DiskFileSystem, FileSystem};

/// How many builds share what is read once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// This one alone: what was read is its own.
    One,
    /// Several: who is given what another has read is told of it with [`Observer::include`].
    Several,
}

/// The disk, and the memory of what it said.
#[derive(Debug)]
pub struct Observer {
    /// By the bytes of paths: their parts take much longer to compare.
    seen: DashMap<OsString, Seen, rustc_hash::FxBuildHasher>,
    /// Whether one question had two answers: something was changed meanwhile.
    is_contradictory: AtomicBool,
    units: Units,
    known: KnownFiles,
}

/// What files looked like when they had the bytes of a digest. One that looks the same has the same.
pub type KnownFiles = FxHashMap<OsString, (Stamp, Digest)>;

impl Observer {
    /// Has seen nothing.
    pub fn new(units: Units) -> Self {
        Self {
            seen: DashMap::default(),
            is_contradictory: AtomicBool::new(false),
            units,
            known: KnownFiles::default(),
        }
    }

    /// The same, which does not read files for their digests that are known.
    #[must_use]
    pub fn knowing(mut self, known: KnownFiles) -> Self {
        self.known = known;
        self
    }

    /// For the few questions that one file raises.
    pub fn of_one_file() -> Self {
        Self {
            seen: DashMap::with_capacity_and_hasher_and_shard_amount(1, rustc_hash::FxBuildHasher, 2),
            ..Self::new(Units::One)
        }
    }

    /// Remembers an answer that somebody else was given.
    pub fn note(&self, path: &Path, answer: Seen) {
        let is_consistent = match self.seen.get_mut(path.as_os_str()) {
            Some(mut seen) => seen.add(answer),
            None => self
                .seen
                .entry(path.as_os_str().to_owned())
                .or_default()
                .add(answer),
        };
        if !is_consistent {
            self.is_contradictory.store(true, Ordering::Relaxed);
        }
    }

    /// Remembers what was seen before.
    pub fn note_all(&self, seen: Vec<(PathBuf, Seen)>) {
        seen.into_par_iter()
            .for_each(|(path, answer)| self.note(&path, answer));
    }

    /// Remembers all that another one has seen.
    pub fn include(&self, other: &Self) {
        for entry in &other.seen {
            self.note(Path::new(entry.key()), entry.value().clone());
        }
        if other.is_contradictory.load(Ordering::Relaxed) {
            self.is_contradictory.store(true, Ordering::Relaxed);
        }
    }

    /// The files of which the bytes were seen, with their digests, in no order.
    pub fn contents(&self) -> Vec<(PathBuf, Digest)> {
        let contents = self
            .seen
            .par_iter()
            .filter_map(|entry| match entry.value().content {
                Some(Content::Bytes { digest, .. }) => Some((PathBuf::from(entry.key()), digest)),
                _ => None,
            });
        contents.collect()
    }

    /// What `make` makes of everything seen, in no order; `None` where it makes nothing of one, or if files were changed while
    /// they were read.
    pub fn map<Made: Send>(&self, make: impl Fn(&Path, &Seen) -> Option<Made> + Sync) -> Option<Vec<Made>> {
        if self.is_contradictory.load(Ordering::Relaxed) {
            return None;
        }
        let seen = self.seen.par_iter();
        seen.map(|entry| make(Path::new(entry.key()), entry.value()))
            .collect()
    }
}

impl FileSystem for Observer {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let (bytes, content) = Content::read(path);
        self.note(path, Seen::of_content(content));
        bytes
    }

    fn digest(&self, path: &Path) -> io::Result<(Digest, Option<Vec<u8>>)> {
        // What was seen once is what the build is made of.
        let seen = self.seen.get(path.as_os_str());
        if let Some(Content::Bytes { digest, .. }) = seen.as_deref().and_then(|seen| seen.content.as_ref()) {
            return Ok((*digest, None));
        }
        drop(seen);
        // So is what was known when it began: the file was looked at then.
        if let Some((stamp, digest)) = self.known.get(path.as_os_str()) {
            let (digest, stamp) = (*digest, Some(*stamp));
            self.note(path, Seen::of_content(Content::Bytes { digest, stamp }));
            return Ok((digest, None));
        }
        let (bytes, content) = Content::read(path);
        let digest = match &content {
            Content::Bytes { digest, .. } => Some(*digest),
            Content::Unreadable(_) => None,
        };
        self.note(path, Seen::of_content(content));
        let bytes = bytes?;
        Ok((digest.unwrap_or_else(|| Digest::of(&bytes)), Some(bytes)))
    }

    fn is_file(&self, path: &Path) -> bool {
        let presence = Presence::of_target(path);
        let is_file = presence == Presence::File;
        self.note(path, Seen::of_target(presence));
        is_file
    }

    fn is_dir(&self, path: &Path) -> bool {
        let presence = Presence::of_target(path);
        let is_directory = presence == Presence::Directory;
        self.note(path, Seen::of_target(presence));
        is_directory
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let names = DiskFileSystem.list(path);
        self.note(path, Seen::of_names(&names));
        names
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let real = fs::canonicalize(path);
        self.note(path, Seen::of_real_path(&real));
        real
    }

    fn observer(&self) -> Option<&Observer> {
        (self.units == Units::Several).then_some(self)
    }
}

/// Where a symbolic link leads, as it is written.
fn link_target(path: &Path) -> OsString {
    fs::read_link(path)
        .map(PathBuf::into_os_string)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(observer: &Observer) -> Option<Vec<(PathBuf, Seen)>> {
        observer.map(|path, seen| Some((path.to_path_buf(), seen.clone())))
    }

    #[test]
    fn what_is_asked_is_remembered_with_its_answer() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = directory.path().join("a.js");
        fs::write(&file, "1").unwrap();
        let observer = Observer::new(Units::One);
        assert!(observer.is_file(&file));
        assert!(!observer.is_file(&directory.path().join("b.js")));
        assert_eq!(observer.read(&file).unwrap(), b"1");
        let mut answers = answers(&observer).expect("nothing was changed");
        answers.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let presences: Vec<_> = answers.iter().map(|(_, seen)| seen.target.clone()).collect();
        assert_eq!(presences, [Some(Presence::File), Some(Presence::Nothing)]);
        assert!(matches!(answers[0].1.content, Some(Content::Bytes { .. })));
    }

    #[test]
    fn a_change_while_reading_is_noticed() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = directory.path().join("a.js");
        let observer = Observer::new(Units::One);
        for text in ["1", "2"] {
            fs::write(&file, text).unwrap();
            observer.read(&file).unwrap();
        }
        assert_eq!(answers(&observer), None);
        let other = Observer::new(Units::Several);
        other.include(&observer);
        assert_eq!(answers(&other), None);
    }
}
