//! What was written last, for the next time.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use rayon::prelude::*;

use super::{Present, Target, Written, put};
use crate::diagnostic::Diagnostic;
use crate::render::{FilePatch, Splice};

/// The files that were written last, with what tells whether somebody else has written to them since.
#[derive(Default)]
pub struct WriteMemory {
    files: Mutex<HashMap<PathBuf, Kept>>,
}

struct Kept {
    bytes: Vec<u8>,
    /// None while it is not known to be there.
    stamp: Option<Stamp>,
}

/// What writing with changes did.
pub struct Patched {
    /// As of any writing.
    pub written: Written,
    /// The files that changed, and how many bytes they have.
    pub changed: Vec<(String, usize)>,
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
        let kept = files.into_iter().map(|(path, bytes)| {
            let path: PathBuf = path.split('/').collect();
            let stamp = stamp_of(&dist.join(&path));
            (path, Kept { bytes, stamp })
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
            if !kept.is_untouched(&dist.join(&file.relative)) {
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

/// Writes what was written last with changes.
///
/// # Errors
/// As [`super::write_dist`].
#[tracing::instrument(name = "write_files", skip_all)]
pub fn write_patches(
    module: &str,
    dist: &Path,
    memory: &WriteMemory,
    patches: &[FilePatch],
) -> Result<Patched, Box<Diagnostic>> {
    let mut files = memory.files.lock().unwrap_or_else(PoisonError::into_inner);
    let mut changed = Vec::new();
    let mut splices: HashMap<PathBuf, (String, &[Splice])> = HashMap::new();
    for patch in patches {
        let map = format!("{}.map", patch.file);
        splices.insert(patch.file.split('/').collect(), (patch.file.clone(), &patch.code));
        splices.insert(map.split('/').collect(), (map, &patch.map));
    }
    let mut states: HashMap<PathBuf, Present> = HashMap::new();
    for (path, kept) in files.iter_mut() {
        let is_untouched = kept.is_untouched(&dist.join(path));
        let is_different = match splices.get(path) {
            Some((name, splices)) if kept.apply(splices) => {
                changed.push((name.clone(), kept.bytes.len()));
                true
            }
            _ => false,
        };
        let present = match (is_untouched, is_different) {
            (true, true) => Present::Different,
            (true, false) => Present::Same,
            (false, _) => Present::Unknown,
        };
        if present != Present::Same {
            kept.stamp = None;
        }
        states.insert(path.clone(), present);
    }
    let mut targets: Vec<Target<'_>> = files
        .iter()
        .map(|(path, kept)| Target {
            relative: path.clone(),
            bytes: &kept.bytes,
            present: states[path],
        })
        .collect();
    targets.sort_unstable_by(|one, other| one.relative.cmp(&other.relative));
    let written = put(module, dist, &targets, &[])?;
    for (path, kept) in files.iter_mut().filter(|(_, kept)| kept.stamp.is_none()) {
        kept.stamp = stamp_of(&dist.join(path));
    }
    Ok(Patched { written, changed })
}

impl Kept {
    /// Whether nobody has written to the file since it was written.
    fn is_untouched(&self, path: &Path) -> bool {
        self.stamp.is_some() && stamp_of(path) == self.stamp
    }

    /// Changes the bytes; says whether they are different then.
    fn apply(&mut self, splices: &[Splice]) -> bool {
        let mut is_different = false;
        for splice in splices {
            let present = self.bytes.get(splice.start..splice.start + splice.length);
            if present != Some(splice.text.as_bytes()) {
                splice.apply(&mut self.bytes);
                is_different = true;
            }
        }
        is_different
    }
}

/// None for what is no regular file.
fn stamp_of(path: &Path) -> Option<Stamp> {
    let metadata = fs::symlink_metadata(path).ok()?;
    Some(Stamp {
        length: metadata.is_file().then_some(metadata.len())?,
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
    use crate::emit::write::{OutputFile, write_files_again};

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
