//! All files of a build or none: staging, moves that can be taken back, one writer at a time.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::failure::{busy, failure};
use super::{Present, Target};
use crate::diagnostic::Diagnostic;

/// Staging directories start like this; they live in `dist`.
const STAGING: &str = ".esmx-build-";

/// Writing takes milliseconds; a lock that is held this long is held by a process that hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A change of `dist` that is taken back when it is dropped without [`Transaction::commit`].
pub(super) struct Transaction<'a> {
    module: &'a str,
    /// The real path, so that a `dist` that is itself a link is followed once, here.
    dist: PathBuf,
    staging: PathBuf,
    made_directories: Vec<PathBuf>,
    moves: Vec<Move>,
    staged: usize,
    /// What was replaced, open: its bytes are there until it is closed.
    replaced: Vec<File>,
    /// Released when the last field is gone, after everything was taken back.
    lock: Option<File>,
}

/// A file that waits in the staging directory.
pub(super) struct Staged {
    source: PathBuf,
    target: PathBuf,
}

/// What happened to one target.
enum Move {
    /// Nothing was there before.
    Added(PathBuf),
    /// What was there waits at `kept`.
    Replaced { kept: PathBuf, target: PathBuf },
}

impl<'a> Transaction<'a> {
    /// Makes `dist` if it is not there and waits until nobody else writes to it. What a killed process left
    /// behind is cleaned up: nobody who is alive owns it while the lock is ours.
    pub(super) fn begin(module: &'a str, dist: &Path) -> Result<Self, Box<Diagnostic>> {
        let made_directories = make_with_parents(dist)
            .map_err(|(path, error)| failure(module, "create the directory", &path, &error))?;
        let mut transaction = Self {
            module,
            dist: dist.to_path_buf(),
            staging: PathBuf::new(),
            made_directories,
            moves: Vec::new(),
            staged: 0,
            replaced: Vec::new(),
            lock: None,
        };
        transaction.dist =
            fs::canonicalize(dist).map_err(|error| failure(module, "open the directory", dist, &error))?;
        transaction.lock = lock(module, &transaction.dist)?;
        if transaction.lock.is_some() {
            remove_leftovers(&transaction.dist);
        }
        transaction.staging = tempfile::Builder::new()
            .prefix(STAGING)
            .tempdir_in(&transaction.dist)
            .map_err(|error| failure(module, "create files in", &transaction.dist, &error))?
            .keep();
        Ok(transaction)
    }

    /// Makes the directories of `files`. A symbolic link on the way is refused: it may lead anywhere.
    pub(super) fn make_directories<'p>(
        &mut self,
        files: impl Iterator<Item = &'p Path>,
    ) -> Result<(), Box<Diagnostic>> {
        let ancestors = files.flat_map(|file| file.ancestors().skip(1));
        let directories: BTreeSet<&Path> = ancestors
            .filter(|directory| !directory.as_os_str().is_empty())
            .collect();
        for directory in directories {
            let path = self.dist.join(directory);
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => continue,
                Ok(_) => Err(ErrorKind::NotADirectory.into()),
                Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir(&path),
                Err(error) => Err(error),
            }
            .map_err(|error| failure(self.module, "create the directory", &path, &error))?;
            self.made_directories.push(path);
        }
        Ok(())
    }

    /// Writes the files whose bytes are not in place already; the others keep their time stamps.
    pub(super) fn stage(&mut self, files: &[Target<'_>]) -> Result<Vec<Staged>, Box<Diagnostic>> {
        let first = self.staged;
        self.staged += files.len();
        let stage_one = |(index, file): (usize, &Target<'_>)| {
            let target = self.dist.join(&file.relative);
            let is_there = match file.present {
                Present::Unknown => has_bytes(&target, file.bytes),
                Present::Same => true,
                Present::Different => false,
            };
            if is_there {
                return Ok(None);
            }
            let source = self.staging.join(format!("new-{}", first + index));
            match fs::write(&source, file.bytes) {
                Ok(()) => Ok(Some(Staged { source, target })),
                Err(error) => Err(failure(self.module, "write", &target, &error)),
            }
        };
        let staged: Result<Vec<_>, _> = files.par_iter().enumerate().map(stage_one).collect();
        Ok(staged?.into_iter().flatten().collect())
    }

    /// Moves files whose order does not matter.
    pub(super) fn place_in_parallel(&mut self, files: &[Staged]) -> Result<(), Box<Diagnostic>> {
        let results: Vec<_> = files.par_iter().map(place).collect();
        let mut first_failure = None;
        for (file, result) in files.iter().zip(results) {
            match result {
                Ok(done) => self.moves.push(done),
                Err(error) => {
                    first_failure.get_or_insert_with(|| self.move_failure(file, &error));
                }
            }
        }
        first_failure.map_or(Ok(()), Err)
    }

    /// Moves files one after the other.
    pub(super) fn place_in_order(&mut self, files: &[Staged]) -> Result<(), Box<Diagnostic>> {
        for file in files {
            let done = place(file).map_err(|error| self.move_failure(file, &error))?;
            self.moves.push(done);
        }
        Ok(())
    }

    /// Keeps what was done.
    pub(super) fn commit(mut self) {
        self.replaced = self.moves.iter().filter_map(opened).collect();
        self.moves.clear();
        self.made_directories.clear();
    }

    fn move_failure(&self, file: &Staged, error: &io::Error) -> Box<Diagnostic> {
        failure(self.module, "move the new file to", &file.target, error)
    }
}

impl Drop for Transaction<'_> {
    /// Best effort by nature: what cannot be taken back here has no better place to be reported than the
    /// failure that led here.
    fn drop(&mut self) {
        for done in self.moves.drain(..).rev() {
            let _ = match done {
                Move::Added(target) => fs::remove_file(target),
                Move::Replaced { kept, target } => fs::rename(kept, target),
            };
        }
        if !self.staging.as_os_str().is_empty() {
            let _ = fs::remove_dir_all(&self.staging);
        }
        for directory in self.made_directories.drain(..).rev() {
            let _ = fs::remove_dir(directory);
        }
        // Giving back megabytes takes the system as long as writing them; nobody has to wait for that.
        let replaced = std::mem::take(&mut self.replaced);
        if !replaced.is_empty() {
            thread::spawn(move || drop(replaced));
        }
    }
}

/// A large file that was replaced, opened, where what is open can be removed.
fn opened(done: &Move) -> Option<File> {
    const LARGE: u64 = 1 << 20;
    match done {
        Move::Replaced { kept, .. } if cfg!(unix) => {
            let file = File::open(kept).ok()?;
            (file.metadata().ok()?.len() >= LARGE).then_some(file)
        }
        _ => None,
    }
}

/// Whether a component of `relative`, as seen from `directory`, is a symbolic link.
pub(super) fn has_symlink_below(directory: &Path, relative: &Path) -> bool {
    relative
        .ancestors()
        .filter(|ancestor| !ancestor.as_os_str().is_empty())
        .any(|ancestor| directory.join(ancestor).is_symlink())
}

/// Moves one staged file into place. The old file stays reachable beside it until the new one has
/// replaced it in a single step, so that a reader always finds one of them.
fn place(file: &Staged) -> io::Result<Move> {
    let Staged { source, target } = file;
    match fs::symlink_metadata(target) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::rename(source, target).map(|()| Move::Added(target.clone()))
        }
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(_) => {
            let kept = source.with_extension("old");
            // Some file systems have no hard links.
            fs::hard_link(target, &kept).or_else(|_| fs::rename(target, &kept))?;
            match fs::rename(source, target) {
                Ok(()) => Ok(Move::Replaced {
                    kept,
                    target: target.clone(),
                }),
                Err(error) => {
                    let _ = fs::rename(&kept, target);
                    Err(error)
                }
            }
        }
    }
}

/// Makes a directory and its missing parents; tells which ones it made, parents first.
fn make_with_parents(directory: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let missing: Vec<&Path> = directory
        .ancestors()
        .take_while(|ancestor| !ancestor.is_dir())
        .collect();
    let mut made = Vec::new();
    for ancestor in missing.into_iter().rev() {
        match fs::create_dir(ancestor) {
            Ok(()) => made.push(ancestor.to_path_buf()),
            // Another process made it in the meantime.
            Err(_) if ancestor.is_dir() => {}
            Err(error) => {
                for directory in made.iter().rev() {
                    let _ = fs::remove_dir(directory);
                }
                return Err((ancestor.to_path_buf(), error));
            }
        }
    }
    Ok(made)
}

/// The lock of `dist`, or nothing where directories cannot be locked.
fn lock(module: &str, dist: &Path) -> Result<Option<File>, Box<Diagnostic>> {
    let Ok(directory) = File::open(dist) else {
        return Ok(None);
    };
    let started = Instant::now();
    loop {
        match directory.try_lock() {
            Ok(()) => return Ok(Some(directory)),
            Err(TryLockError::WouldBlock) if started.elapsed() > PATIENCE => return Err(busy(module, dist)),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}

fn remove_leftovers(dist: &Path) {
    for directory in leftovers(dist) {
        let _ = fs::remove_dir_all(directory);
    }
}

/// The staging directories in `dist`.
pub(super) fn leftovers(dist: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dist).into_iter().flatten().flatten();
    let is_staging = |entry: &fs::DirEntry| {
        let is_named_so = entry.file_name().to_string_lossy().starts_with(STAGING);
        is_named_so && entry.file_type().is_ok_and(|kind| kind.is_dir())
    };
    entries.filter(is_staging).map(|entry| entry.path()).collect()
}

/// Whether a regular file with exactly these bytes is there.
fn has_bytes(path: &Path, bytes: &[u8]) -> bool {
    let is_same_size = fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes.len() as u64);
    is_same_size && fs::read(path).is_ok_and(|present| present == bytes)
}
