//! Where a site is kept: files by their path below it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::bucket::{Bucket, BucketAddress};
use super::directory::Directory;
use crate::command::CommandError;

/// Where releases go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// A directory that is served.
    Directory(PathBuf),
    /// Objects of an object store that is served.
    Bucket(BucketAddress),
}

/// What is wanted of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing is written.
    Look,
    /// Somebody releases into it.
    Release,
}

impl Site {
    pub(super) fn open(&self, access: Access) -> Result<Arc<dyn Storage>, CommandError> {
        Ok(match self {
            Self::Directory(path) => Arc::new(Directory::open(path, access)?),
            Self::Bucket(address) => Arc::new(Bucket::open(address)?),
        })
    }
}

/// Files by their path, `/` between its segments. A file appears whole or not at all.
pub(in crate::command::importmap) trait Storage: Send + Sync {
    /// As messages name a file.
    fn shown(&self, path: &str) -> String;

    /// What is there.
    fn read(&self, path: &str) -> Result<Option<Stored>, CommandError>;

    /// The SHA-256 of what is there, in hexadecimal.
    fn hash_of(&self, path: &str) -> Result<Option<String>, CommandError>;

    /// Puts a file there, whatever is there.
    fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), CommandError>;

    /// Puts a file there unless somebody else has changed it since it was seen.
    fn replace(&self, path: &str, bytes: Vec<u8>, seen: &Version) -> Result<Replaced, CommandError>;

    /// Whether a file was there and is gone.
    fn remove(&self, path: &str) -> Result<bool, CommandError>;

    /// How many files are worked on side by side.
    fn width(&self) -> usize;

    /// For how long somebody who has begun to change the live release may go without a further step; who is silent for
    /// longer was cut off.
    fn patience(&self) -> Duration;
}

/// A file that is there.
pub(in crate::command::importmap) struct Stored {
    pub bytes: Vec<u8>,
    /// The type it is served with, where the storage says so.
    pub media_type: Option<String>,
    pub version: Version,
}

/// Which of the contents that a file had in turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command::importmap) enum Version {
    /// None: there is no file.
    Absent,
    /// What the storage calls it.
    Tag(String),
}

/// What became of a file that was to be replaced.
pub(in crate::command::importmap) enum Replaced {
    /// It is the new one.
    Done(Version),
    /// Somebody else was faster.
    Changed,
}
