//! A site in a directory of this machine.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::content_hash;
use super::layout::RELEASES;
use super::storage::{Access, Replaced, Storage, Stored, Version};
use super::unusable;
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// An open directory; nobody else releases into it while the lock is held.
pub(super) struct Directory {
    site: PathBuf,
    _lock: Option<File>,
}

impl Directory {
    /// Opens a directory, which is made where there is none and something is to be released.
    pub(super) fn open(site: &Path, access: Access) -> Result<Self, CommandError> {
        let unlocked = Self {
            site: site.to_path_buf(),
            _lock: None,
        };
        if access == Access::Look {
            return Ok(unlocked);
        }
        let unfinished = unlocked.unfinished();
        fs::create_dir_all(&unfinished).map_err(|error| failed("create", &unfinished, &error))?;
        let path = site.join(RELEASES).join("lock");
        let lock = File::create(&path).map_err(|error| failed("create", &path, &error))?;
        lock.try_lock().map_err(|_| {
            unusable(
                format!("Somebody else is releasing into {}.", site.display()),
                "Wait until that release has ended, and try again.",
            )
        })?;
        unlocked.clear_unfinished();
        Ok(Self {
            _lock: Some(lock),
            ..unlocked
        })
    }

    fn unfinished(&self) -> PathBuf {
        self.site.join(RELEASES).join("unfinished")
    }

    /// What a release that was cut off had begun to write.
    fn clear_unfinished(&self) {
        let Ok(entries) = fs::read_dir(self.unfinished()) else {
            return;
        };
        for entry in entries.flatten() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Storage for Directory {
    fn shown(&self, path: &str) -> String {
        self.site.join(path).display().to_string()
    }

    fn read(&self, path: &str) -> Result<Option<Stored>, CommandError> {
        let path = self.site.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(Stored {
                version: Version::Tag(content_hash(&bytes)),
                media_type: None,
                bytes,
            })),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed("read", &path, &error)),
        }
    }

    fn hash_of(&self, path: &str) -> Result<Option<String>, CommandError> {
        let there = self.read(path)?;
        Ok(there.map(|stored| content_hash(&stored.bytes)))
    }

    fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), CommandError> {
        let path = self.site.join(path);
        let unfinished = self
            .unfinished()
            .join(content_hash(path.as_os_str().as_encoded_bytes()));
        let written = || -> io::Result<()> {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let mut file = File::create(&unfinished)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)
        };
        written().map_err(|error| failed("write", &path, &error))
    }

    /// The lock keeps other releases away; this is for those who write files by hand.
    fn replace(&self, path: &str, bytes: Vec<u8>, seen: &Version) -> Result<Replaced, CommandError> {
        let there = self.hash_of(path)?.map_or(Version::Absent, Version::Tag);
        if there != *seen {
            return Ok(Replaced::Changed);
        }
        let version = Version::Tag(content_hash(&bytes));
        self.write(path, bytes)?;
        Ok(Replaced::Done(version))
    }

    /// Directories that are empty then go as well.
    fn remove(&self, path: &str) -> Result<bool, CommandError> {
        let path = self.site.join(path);
        let is_removed = fs::remove_file(&path).is_ok();
        let above = path.ancestors().skip(1).take_while(|above| *above != self.site);
        for directory in above {
            if fs::remove_dir(directory).is_err() {
                break;
            }
        }
        Ok(is_removed)
    }

    fn width(&self) -> usize {
        1
    }

    /// Whoever has the lock is alone.
    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}

fn failed(action: &str, path: &Path, error: &io::Error) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(
        Code::Io,
        path.display().to_string(),
        format!(
            "Cannot {action} {}: {error}. The live map is as it was.",
            path.display()
        ),
        "Make room or permissions there, and try again; what was written already is used then.",
    )))
}
