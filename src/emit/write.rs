//! Puts the outputs of a build into `dist` so that a failed build leaves the last good one untouched.
//!
//! Everything is first written into a staging directory inside `dist` (so on the same file system, ignored
//! and owned like `dist` itself). Only when all bytes are on disk do the files move into place, the
//! manifests last, the client's manifest last of all because it alone says that a module is built
//! (PROTOCOL §4.1). A move that fails takes back the moves before it. What the previous manifests listed
//! and the new build does not have is removed at the very end; nothing else in `dist` is ever removed,
//! since people keep files of their own there.

mod failure;
mod memory;
mod transaction;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use self::failure::{clashing_names, outside};
pub use self::memory::{Patched, WriteMemory, write_patches};
use self::transaction::{Transaction, has_symlink_below};
use crate::diagnostic::Diagnostic;
use crate::protocol::{Manifest, Side};

/// One file to write.
#[derive(Debug, Clone, Copy)]
pub struct OutputFile<'a> {
    /// Relative, `/` separators.
    pub path: &'a str,
    /// The whole content.
    pub bytes: &'a [u8],
}

/// Everything one side of a module consists of.
#[derive(Debug, Clone)]
pub struct SideOutput<'a> {
    /// Which one; also the directory's name.
    pub side: Side,
    /// Every file but the manifest, relative to the side's directory.
    pub files: Vec<OutputFile<'a>>,
    /// The bytes of `manifest.json`.
    pub manifest: &'a [u8],
}

/// Everything a build puts into `dist`. A side that is not there is removed from `dist`.
#[derive(Debug, Clone, Default)]
pub struct DistOutput<'a> {
    /// At most one per side.
    pub sides: Vec<SideOutput<'a>>,
    /// `package.json`, `index.mjs` and other files relative to `dist` itself.
    pub extra: Vec<OutputFile<'a>>,
}

/// What writing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Files that are new or have new bytes.
    pub changed: usize,
    /// Files that had these bytes already; they keep their time stamps.
    pub unchanged: usize,
    /// Files of the previous build that this one does not have.
    pub removed: usize,
}

const MANIFEST: &str = "manifest.json";

/// Files with fixed names that only applications have (PROTOCOL §10.1); a module that becomes a library
/// loses them although no manifest lists them.
const APPLICATION_FILES: [&str; 2] = ["index.mjs", "node/src/entry.node.mjs"];

/// Replaces the build of `module` in `dist` by `output`.
///
/// # Errors
/// One [`Code::Io`](crate::diagnostic::Code::Io) diagnostic with path, action, reason and fix; `dist` is as
/// it was, and so is its directory if it did not exist.
pub fn write_dist(module: &str, dist: &Path, output: &DistOutput<'_>) -> Result<Written, Box<Diagnostic>> {
    let mut files = Vec::new();
    for side in &output.sides {
        files.extend(
            side.files
                .iter()
                .map(|file| (format!("{}/{}", side.side, file.path), file.bytes)),
        );
    }
    files.extend(output.extra.iter().map(|file| (file.path.to_owned(), file.bytes)));
    let mut manifests: Vec<&SideOutput<'_>> = output.sides.iter().collect();
    manifests.sort_by_key(|side| std::cmp::Reverse(side.side));
    let manifests = manifests
        .iter()
        .map(|side| (manifest_path(side.side), side.manifest));

    let files = checked(module, dist, files)?;
    let manifests = checked(module, dist, manifests)?;
    let previous = previous_files(dist);
    let mut written = put(module, dist, &files, &manifests)?;

    let present: BTreeSet<&Path> = files
        .iter()
        .chain(&manifests)
        .map(|target| target.relative.as_path())
        .collect();
    let stale = previous.iter().filter(|path| !present.contains(path.as_path()));
    written.removed = stale.filter(|path| remove_stale(dist, path)).count();
    Ok(written)
}

/// Whether a process that was killed has left something in `dist`, which whoever writes there removes.
pub fn has_leftovers(dist: &Path) -> bool {
    !transaction::leftovers(dist).is_empty()
}

/// Whether `dist` has files of a previous build that one of `present` has not; [`write_dist`] would remove them.
pub fn has_stale_files<'a>(dist: &Path, present: impl Iterator<Item = &'a str>) -> bool {
    let present: BTreeSet<PathBuf> = present.filter_map(inside).collect();
    let previous = previous_files(dist).into_iter();
    previous
        .filter(|path| !present.contains(path))
        .any(|path| fs::symlink_metadata(dist.join(path)).is_ok())
}

/// Puts `files` into `dist` beside what is there; used for what is derived from finished builds.
///
/// # Errors
/// As [`write_dist`].
#[tracing::instrument(skip_all)]
pub fn write_files(module: &str, dist: &Path, files: &[OutputFile<'_>]) -> Result<Written, Box<Diagnostic>> {
    let files = files.iter().map(|file| (file.path.to_owned(), file.bytes));
    put(module, dist, &checked(module, dist, files)?, &[])
}

/// The same again and again: what was written last is not read to be compared.
///
/// # Errors
/// As [`write_dist`].
#[tracing::instrument(name = "write_files", skip_all)]
pub fn write_files_again(
    module: &str,
    dist: &Path,
    files: &[OutputFile<'_>],
    memory: &WriteMemory,
) -> Result<Written, Box<Diagnostic>> {
    let files = files.iter().map(|file| (file.path.to_owned(), file.bytes));
    let mut files = checked(module, dist, files)?;
    memory.look_at(dist, &mut files);
    put(module, dist, &files, &[])
}

/// A file whose path is known to stay inside `dist`.
struct Target<'a> {
    relative: PathBuf,
    bytes: &'a [u8],
    present: Present,
}

/// What is in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Present {
    /// Nobody has looked.
    Unknown,
    /// Its bytes.
    Same,
    /// Something else, or nothing.
    Different,
}

fn manifest_path(side: Side) -> String {
    format!("{side}/{MANIFEST}")
}

/// Refuses paths that leave `dist` and names that are taken twice; the same file given twice is one file.
/// Export names come from declarations, and `./../x` is a legal export key (PROTOCOL §2.1).
fn checked<'a>(
    module: &str,
    dist: &Path,
    files: impl IntoIterator<Item = (String, &'a [u8])>,
) -> Result<Vec<Target<'a>>, Box<Diagnostic>> {
    let mut targets: BTreeMap<PathBuf, &[u8]> = BTreeMap::new();
    for (path, bytes) in files {
        let relative = inside(&path).ok_or_else(|| outside(module, dist, &path))?;
        if targets
            .insert(relative, bytes)
            .is_some_and(|other| other != bytes)
        {
            return Err(clashing_names(module, dist, &path));
        }
    }
    Ok(targets
        .into_iter()
        .map(|(relative, bytes)| Target {
            relative,
            bytes,
            present: Present::Unknown,
        })
        .collect())
}

/// The path, if it names something below the directory it is relative to, on every operating system.
fn inside(path: &str) -> Option<PathBuf> {
    let is_name = |segment: &str| {
        let mut components = Path::new(segment).components();
        let is_normal = matches!(components.next(), Some(Component::Normal(name)) if name == segment);
        is_normal && components.next().is_none() && !segment.contains(['\\', '\0'])
    };
    path.split('/').all(is_name).then(|| path.split('/').collect())
}

fn put(
    module: &str,
    dist: &Path,
    files: &[Target<'_>],
    manifests: &[Target<'_>],
) -> Result<Written, Box<Diagnostic>> {
    let mut transaction = Transaction::begin(module, dist)?;
    transaction.make_directories(
        files
            .iter()
            .chain(manifests)
            .map(|target| target.relative.as_path()),
    )?;
    let staged_files = transaction.stage(files)?;
    let staged_manifests = transaction.stage(manifests)?;
    transaction.place_in_parallel(&staged_files)?;
    transaction.place_in_order(&staged_manifests)?;
    transaction.commit();
    let changed = staged_files.len() + staged_manifests.len();
    Ok(Written {
        changed,
        unchanged: files.len() + manifests.len() - changed,
        removed: 0,
    })
}

/// What the build that is in `dist` consists of, manifests first, so that no manifest is ever without its
/// files. A manifest that cannot be read lists nothing; paths that leave `dist` are not ours to remove.
fn previous_files(dist: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Side::BOTH
        .iter()
        .filter_map(|&side| inside(&manifest_path(side)))
        .collect();
    for side in Side::BOTH {
        let Ok(bytes) = fs::read(dist.join(side.as_str()).join(MANIFEST)) else {
            continue;
        };
        let Ok(manifest) = Manifest::parse(&bytes) else {
            continue;
        };
        files.extend(
            manifest
                .files
                .iter()
                .filter_map(|file| inside(&format!("{side}/{file}"))),
        );
    }
    files.extend(previous_types(dist));
    files.extend(APPLICATION_FILES.iter().filter_map(|file| inside(file)));
    files
}

/// The declarations of the previous build, which their own package.json lists.
fn previous_types(dist: &Path) -> Vec<PathBuf> {
    let Ok(bytes) = fs::read(dist.join("types/package.json")) else {
        return Vec::new();
    };
    let Ok(scope) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Vec::new();
    };
    let listed = scope["files"].as_array().into_iter().flatten();
    let listed = listed
        .filter_map(serde_json::Value::as_str)
        .chain(["package.json"]);
    listed
        .filter_map(|file| inside(&format!("types/{file}")))
        .collect()
}

/// Removes one file and the directories it leaves empty; says whether the file was there. The new build is
/// complete whether or not this succeeds, so a failure is no reason to call the build failed.
fn remove_stale(dist: &Path, relative: &Path) -> bool {
    let Some(parent) = relative.parent() else {
        return false;
    };
    if has_symlink_below(dist, parent) || fs::remove_file(dist.join(relative)).is_err() {
        return false;
    }
    for directory in parent
        .ancestors()
        .take_while(|directory| !directory.as_os_str().is_empty())
    {
        if fs::remove_dir(dist.join(directory)).is_err() {
            break;
        }
    }
    true
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
