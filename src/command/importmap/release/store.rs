//! The directory that is served, and what releases keep beside it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::history::{History, Record};
use super::{is_immutable, unusable};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// The live map.
pub(super) const MAP: &str = "importmap.json";
const RELEASES: &str = ".releases";

/// An open directory; nobody else releases into it while the lock is held.
pub(super) struct Store {
    site: PathBuf,
    _lock: Option<File>,
}

/// What a release brings.
pub(super) struct Incoming {
    /// The text of the map.
    pub map: String,
    /// Path below the directory → file.
    pub files: BTreeMap<String, IncomingFile>,
}

/// One file that a release brings.
pub(super) struct IncomingFile {
    pub hash: String,
    pub path: PathBuf,
}

/// SHA-256, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

impl Incoming {
    /// Reads a directory without its map.
    pub(super) fn read(directory: &Path, map_name: &str) -> Result<Self, CommandError> {
        let map_path = directory.join(map_name);
        let map = fs::read_to_string(&map_path).map_err(|error| failed("read", &map_path, &error))?;
        let mut files = BTreeMap::new();
        let mut waiting = vec![(directory.to_path_buf(), String::new())];
        while let Some((directory, prefix)) = waiting.pop() {
            let entries = fs::read_dir(&directory).map_err(|error| failed("read", &directory, &error))?;
            for entry in entries {
                let entry = entry.map_err(|error| failed("read", &directory, &error))?;
                let path = entry.path();
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                    return Err(unusable(
                        format!(
                            "The name of {} is no text, so no URL can name it.",
                            path.display()
                        ),
                        "Rename the file.",
                    ));
                };
                let kind = entry.file_type().map_err(|error| failed("read", &path, &error))?;
                let below = format!("{prefix}{name}");
                if prefix.is_empty() && [RELEASES, MAP, map_name].contains(&name.as_str()) {
                    continue;
                }
                if kind.is_dir() {
                    waiting.push((path, format!("{below}/")));
                } else if kind.is_file() {
                    let bytes = fs::read(&path).map_err(|error| failed("read", &path, &error))?;
                    files.insert(
                        below,
                        IncomingFile {
                            hash: hash(&bytes),
                            path,
                        },
                    );
                } else {
                    // A link could bring a file of the machine to the public.
                    return Err(unusable(
                        format!("{} is neither a file nor a directory.", path.display()),
                        "Put the file itself in its place; links are not followed.",
                    ));
                }
            }
        }
        Ok(Self { map, files })
    }
}

impl Store {
    /// Opens a directory, which is made where there is none.
    pub(super) fn open(site: &Path) -> Result<Self, CommandError> {
        let releases = site.join(RELEASES);
        for directory in ["maps", "objects", "unfinished"] {
            let path = releases.join(directory);
            fs::create_dir_all(&path).map_err(|error| failed("create", &path, &error))?;
        }
        let path = releases.join("lock");
        let lock = File::create(&path).map_err(|error| failed("create", &path, &error))?;
        lock.try_lock().map_err(|_| {
            unusable(
                format!("Somebody else is releasing into {}.", site.display()),
                "Wait until that release has ended, and try again.",
            )
        })?;
        let store = Self {
            site: site.to_path_buf(),
            _lock: Some(lock),
        };
        store.clear_unfinished();
        Ok(store)
    }

    /// A directory that is only looked at.
    pub(super) fn look(site: &Path) -> Self {
        Self {
            site: site.to_path_buf(),
            _lock: None,
        }
    }

    /// What a release that was cut off had begun to write.
    fn clear_unfinished(&self) {
        let Ok(entries) = fs::read_dir(self.releases("unfinished")) else {
            return;
        };
        for entry in entries.flatten() {
            let _ = fs::remove_file(entry.path());
        }
    }

    fn releases(&self, path: &str) -> PathBuf {
        self.site.join(RELEASES).join(path)
    }

    pub(super) fn history(&self) -> Result<History, CommandError> {
        let path = self.releases("history.json");
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                unusable(
                    format!("{} cannot be read: {error}.", path.display()),
                    "Put the file back as it was, from a backup; it says which files are needed.",
                )
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(History::default()),
            Err(error) => Err(failed("read", &path, &error)),
        }
    }

    pub(super) fn write_history(&self, history: &History) -> Result<(), CommandError> {
        let mut text = serde_json::to_string_pretty(history).expect("a history has only string keys");
        text.push('\n');
        self.put(&self.releases("history.json"), text.as_bytes())
    }

    /// The record whose map is live: the newest one, unless its promotion was cut off or somebody wrote another map.
    pub(super) fn live_record(&self, history: &History) -> Option<u64> {
        let live = hash(&fs::read(self.site.join(MAP)).ok()?);
        let mut records = history.records.iter().rev();
        records
            .find(|record| record.map == live)
            .map(|record| record.number)
    }

    /// Names that hold a hash and would get other bytes, and files in the way of directories.
    pub(super) fn conflicts(&self, incoming: &Incoming) -> Vec<Diagnostic> {
        let files = incoming.files.iter();
        files
            .filter(|(path, _)| is_immutable(path))
            .filter_map(|(path, file)| {
                let there = self.hash_of(path).ok()??;
                (there != file.hash).then(|| {
                    Diagnostic::new(
                        Code::Release,
                        "release",
                        format!(
                            "{path} is there with other bytes. Its name promises that it never changes: browsers keep \
                             it for a year, and open pages would get a mixture."
                        ),
                        "Build the module again, so that the name has the hash of the new content.",
                    )
                    .with_found(path.clone())
                })
            })
            .collect()
    }

    /// The hash of a file that is served.
    pub(super) fn hash_of(&self, path: &str) -> Result<Option<String>, CommandError> {
        let path = self.site.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(hash(&bytes))),
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

    /// Adds the files of a release. What it replaces, and what the next one may replace, is kept as an object.
    pub(super) fn add(&self, incoming: &Incoming) -> Result<Vec<String>, CommandError> {
        let mut written = Vec::new();
        // What a page asks for first comes last: a manifest names files that are there.
        let (mutable, immutable): (Vec<_>, Vec<_>) =
            incoming.files.iter().partition(|(path, _)| !is_immutable(path));
        for (path, file) in immutable.into_iter().chain(mutable) {
            let there = self.hash_of(path)?;
            if !is_immutable(path) {
                if there.as_ref().is_some_and(|there| *there != file.hash) {
                    self.keep_object(&self.site.join(path))?;
                }
                self.keep_object(&file.path)?;
            }
            if there.as_ref() == Some(&file.hash) {
                continue;
            }
            let bytes = fs::read(&file.path).map_err(|error| failed("read", &file.path, &error))?;
            self.put(&self.site.join(path), &bytes)?;
            written.push(path.clone());
        }
        written.sort();
        Ok(written)
    }

    fn keep_object(&self, path: &Path) -> Result<(), CommandError> {
        let bytes = fs::read(path).map_err(|error| failed("read", path, &error))?;
        let object = self.releases("objects").join(hash(&bytes));
        if object.exists() {
            return Ok(());
        }
        self.put(&object, &bytes)
    }

    /// Gives every file of a release the bytes it had.
    pub(super) fn restore(&self, record: &Record) -> Result<Vec<String>, CommandError> {
        let mut written = Vec::new();
        for (path, wanted) in &record.files {
            if self.hash_of(path)?.as_ref() == Some(wanted) {
                continue;
            }
            let object = self.releases("objects").join(wanted);
            let bytes = fs::read(&object).map_err(|_| {
                unusable(
                    format!(
                        "{path} of release {} is gone or has changed, and no copy is kept.",
                        record.number
                    ),
                    "Release the files again from the build they came from.",
                )
            })?;
            if let Ok(there) = fs::metadata(self.site.join(path))
                && there.is_file()
            {
                self.keep_object(&self.site.join(path))?;
            }
            self.put(&self.site.join(path), &bytes)?;
            written.push(path.clone());
        }
        Ok(written)
    }

    pub(super) fn map_of(&self, number: u64) -> Result<String, CommandError> {
        let path = self.releases(&format!("maps/{number}.json"));
        fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))
    }

    /// Writes the record, then the map: one rename makes it live.
    pub(super) fn promote(
        &self,
        history: &mut History,
        record: Record,
        map: &str,
    ) -> Result<(), CommandError> {
        self.put(
            &self.releases(&format!("maps/{}.json", record.number)),
            map.as_bytes(),
        )?;
        history.records.push(record);
        self.write_history(history)?;
        self.put(&self.site.join(MAP), map.as_bytes())
    }

    /// A file appears whole or not at all.
    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
        let unfinished = self
            .releases("unfinished")
            .join(hash(path.as_os_str().as_encoded_bytes()));
        let written = || -> io::Result<()> {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let mut file = File::create(&unfinished)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&unfinished, path)
        };
        written().map_err(|error| failed("write", path, &error))
    }

    /// Removes a served file, and directories that are empty then.
    pub(super) fn remove(&self, path: &str) -> bool {
        let path = self.site.join(path);
        let removed = fs::remove_file(&path).is_ok();
        let above = path.ancestors().skip(1).take_while(|above| *above != self.site);
        for directory in above {
            if fs::remove_dir(directory).is_err() {
                break;
            }
        }
        removed
    }

    pub(super) fn remove_object(&self, hash: &str) {
        let _ = fs::remove_file(self.releases("objects").join(hash));
    }

    pub(super) fn remove_map(&self, number: u64) {
        let _ = fs::remove_file(self.releases(&format!("maps/{number}.json")));
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
