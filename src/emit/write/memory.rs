//! What was written last, for the next time.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use rayon::prelude::*;

use super::{Present, Target};

/// The files that were written last, with what tells whether somebody else has written to them since.
#[derive(Default)]
pub struct WriteMemory {
    files: Mutex<HashMap<PathBuf, Kept>>,
}

struct Kept {
    bytes: Vec<u8>,
    stamp: Stamp,
}

/// What is different of a file that was written to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: SystemTime,
    number: u64,
}

impl WriteMemory {
    /// Keeps what was written.
    pub fn keep(&self, dist: &Path, files: impl IntoIterator<Item = (String, Vec<u8>)>) {
        let kept = files.into_iter().filter_map(|(path, bytes)| {
            let path: PathBuf = path.split('/').collect();
            let stamp = stamp_of(&dist.join(&path))?;
            Some((path, Kept { bytes, stamp }))
        });
        let kept = kept.collect();
        *self.files.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// Finds out what is in the places of files.
    pub(super) fn look_at(&self, dist: &Path, files: &mut [Target<'_>]) {
        let known = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.par_iter_mut().for_each(|file| {
            let Some(kept) = known.get(&file.relative) else {
                return;
            };
            if stamp_of(&dist.join(&file.relative)).as_ref() != Some(&kept.stamp) {
                return;
            }
            file.present = if kept.bytes == file.bytes {
                Present::Same
            } else {
                Present::Different
            };
        });
    }
}

/// None for what is no regular file.
fn stamp_of(path: &Path) -> Option<Stamp> {
    let metadata = fs::symlink_metadata(path).ok()?;
    Some(Stamp {
        length: metadata.is_file().then(|| metadata.len())?,
        modified: metadata.modified().ok()?,
        number: number_of(&metadata),
    })
}

#[cfg(unix)]
fn number_of(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number_of(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::write::{OutputFile, Written, write_files_again};

    fn write(dist: &Path, memory: &WriteMemory, text: &str) -> Written {
        let file = OutputFile {
            path: "a.js",
            bytes: text.as_bytes(),
        };
        let written = write_files_again("m", dist, &[file], memory).unwrap();
        memory.keep(dist, [("a.js".to_owned(), text.as_bytes().to_vec())]);
        written
    }

    #[test]
    fn what_somebody_else_did_to_a_file_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let (dist, memory) = (directory.path(), WriteMemory::default());
        assert_eq!(write(dist, &memory, "one").changed, 1);
        assert_eq!(write(dist, &memory, "one").unchanged, 1);
        assert_eq!(write(dist, &memory, "two").changed, 1);
        fs::write(dist.join("a.js"), "longer").unwrap();
        assert_eq!(write(dist, &memory, "two").changed, 1);
        fs::remove_file(dist.join("a.js")).unwrap();
        assert_eq!(write(dist, &memory, "two").changed, 1);
        assert_eq!(fs::read_to_string(dist.join("a.js")).unwrap(), "two");
    }
}
