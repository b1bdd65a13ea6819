//! Answers of the disk about one path.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::digest::Digest;
use super::super::file_system::read_file;
use super::link_target;
use super::stamp::Stamp;

/// What was seen of one path; `None` is what nobody asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// What is there, or where a link that is there leads.
    pub target: Option<Presence>,
    /// What is there itself.
    pub itself: Option<Presence>,
    /// What was read.
    pub content: Option<Content>,
    /// The names in a directory.
    pub names: Option<Result<Digest, ErrorKind>>,
    /// The path without symbolic links.
    pub real_path: Option<Result<PathBuf, ErrorKind>>,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Nothing that can be seen.
    Nothing,
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, and what is written in it.
    Link(OsString),
    /// A pipe, a device.
    Other,
}

/// What reading a file gave.
#[derive(Debug, Clone)]
pub enum Content {
    /// These bytes.
    Bytes {
        /// Their digest.
        digest: Digest,
        /// What the file looked like before it was read; `None` if it was so new that it could change without looking
        /// different.
        stamp: Option<Stamp>,
    },
    /// None.
    Unreadable(ErrorKind),
}

/// A file that was only touched says the same.
impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes { digest: left, .. }, Self::Bytes { digest: right, .. }) => left == right,
            (Self::Unreadable(left), Self::Unreadable(right)) => left == right,
            _ => false,
        }
    }
}

impl Eq for Content {}

impl Presence {
    /// What a path leads to.
    pub fn of_target(path: &Path) -> Self {
        Self::told_by(fs::metadata(path).ok().as_ref(), path)
    }

    /// What is at a path.
    pub fn of_itself(path: &Path) -> Self {
        Self::told_by(fs::symlink_metadata(path).ok().as_ref(), path)
    }

    /// What metadata say of what is at a path; none where they could not be had.
    pub fn told_by(metadata: Option<&Metadata>, path: &Path) -> Self {
        let Some(metadata) = metadata else {
            return Self::Nothing;
        };
        let kind = metadata.file_type();
        if kind.is_symlink() {
            Self::Link(link_target(path))
        } else if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Directory
        } else {
            Self::Other
        }
    }
}

impl Content {
    /// Reads a file.
    pub fn read(path: &Path) -> (io::Result<Vec<u8>>, Self) {
        // Before reading: what is written from here on makes another stamp.
        let stamp = fs::metadata(path).ok().and_then(|metadata| {
            let stamp = Stamp::of(&metadata);
            stamp.is_settled_at(SystemTime::now()).then_some(stamp)
        });
        let bytes = read_file(path);
        let content = match &bytes {
            Ok(bytes) => Self::Bytes {
                digest: Digest::of(bytes),
                stamp,
            },
            Err(error) => Self::Unreadable(error.kind()),
        };
        (bytes, content)
    }
}

impl Seen {
    /// An answer about what a path leads to.
    pub fn of_target(presence: Presence) -> Self {
        Self {
            target: Some(presence),
            ..Self::default()
        }
    }

    /// An answer about what is at a path.
    pub fn of_itself(presence: Presence) -> Self {
        Self {
            itself: Some(presence),
            ..Self::default()
        }
    }

    /// What was read.
    pub fn of_content(content: Content) -> Self {
        Self {
            content: Some(content),
            ..Self::default()
        }
    }

    /// The answer of a directory.
    pub fn of_names(names: &io::Result<Vec<String>>) -> Self {
        let names = match names {
            Ok(names) => Ok(Digest::of(names.join("\0").as_bytes())),
            Err(error) => Err(error.kind()),
        };
        Self {
            names: Some(names),
            ..Self::default()
        }
    }

    /// Where a path really is.
    pub fn of_real_path(real: &io::Result<PathBuf>) -> Self {
        let real = real.as_ref().map_err(io::Error::kind);
        Self {
            real_path: Some(real.cloned()),
            ..Self::default()
        }
    }

    /// Adds what else was seen; false when that contradicts.
    pub(super) fn add(&mut self, other: Self) -> bool {
        fn join<T: PartialEq>(own: &mut Option<T>, other: Option<T>) -> bool {
            match (&own, other) {
                (_, None) => true,
                (Some(own), Some(other)) => *own == other,
                (None, other) => {
                    *own = other;
                    true
                }
            }
        }
        [
            join(&mut self.target, other.target),
            join(&mut self.itself, other.itself),
            join(&mut self.content, other.content),
            join(&mut self.names, other.names),
            join(&mut self.real_path, other.real_path),
        ]
        .iter()
        .all(|is_consistent| *is_consistent)
    }
}
