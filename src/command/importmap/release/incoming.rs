//! What a release brings.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::layout::{MAP, RELEASES};
use super::{content_hash, unusable};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// A directory with a new map and assets.
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

impl IncomingFile {
    pub(super) fn bytes(&self) -> Result<Vec<u8>, CommandError> {
        fs::read(&self.path).map_err(|error| unreadable(&self.path, &error))
    }
}

impl Incoming {
    /// Reads a directory without its map.
    pub(super) fn read(directory: &Path, map_name: &str) -> Result<Self, CommandError> {
        let map_path = directory.join(map_name);
        let map = fs::read_to_string(&map_path).map_err(|error| unreadable(&map_path, &error))?;
        let mut files = BTreeMap::new();
        let mut waiting = vec![(directory.to_path_buf(), String::new())];
        while let Some((directory, prefix)) = waiting.pop() {
            let entries = fs::read_dir(&directory).map_err(|error| unreadable(&directory, &error))?;
            for entry in entries {
                let entry = entry.map_err(|error| unreadable(&directory, &error))?;
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
                let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
                let below = format!("{prefix}{name}");
                let is_map = prefix.is_empty() && [RELEASES, MAP, map_name].contains(&name.as_str());
                // `.env`, `.git`: nobody means to publish them.
                if is_map || (name.starts_with('.') && name != ".well-known") {
                    continue;
                }
                if kind.is_dir() {
                    waiting.push((path, format!("{below}/")));
                } else if kind.is_file() {
                    let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
                    let hash = content_hash(&bytes);
                    files.insert(below, IncomingFile { hash, path });
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

fn unreadable(path: &Path, error: &io::Error) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(
        Code::Io,
        path.display().to_string(),
        format!(
            "Cannot read {}: {error}. The live map is as it was.",
            path.display()
        ),
        "Make room or permissions there, and try again; what was written already is used then.",
    )))
}
