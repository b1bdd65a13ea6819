//! Making room: what was not used for the longest time goes first.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::store::{Rack, Store};

/// Nobody writes one file for that long: what is left was left by a process that was killed.
const ABANDONED: Duration = Duration::from_hours(1);

/// A file that may go.
struct Candidate {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

impl Store {
    /// Removes files until no more than `limit` bytes are left. A quarter more than needed goes, so that not every build
    /// has to make room. Only what has a name of this store is ever removed.
    pub fn sweep(&self, limit: u64) {
        self.remove_abandoned();
        let mut candidates: Vec<Candidate> = Rack::ALL
            .iter()
            .flat_map(|rack| files_of(&self.rack(*rack)))
            .collect();
        let mut total: u64 = candidates.iter().map(|candidate| candidate.size).sum();
        if total <= limit {
            return;
        }
        let goal = limit - limit / 4;
        candidates.sort_by(|left, right| {
            left.used
                .cmp(&right.used)
                .then_with(|| left.path.cmp(&right.path))
        });
        for candidate in candidates {
            if total <= goal {
                break;
            }
            if fs::remove_file(&candidate.path).is_ok() {
                total -= candidate.size;
            }
        }
    }

    fn remove_abandoned(&self) {
        let now = SystemTime::now();
        for entry in fs::read_dir(self.unfinished_directory())
            .into_iter()
            .flatten()
            .flatten()
        {
            let written = entry.metadata().and_then(|metadata| metadata.modified());
            let is_abandoned =
                written.is_ok_and(|written| now.duration_since(written).is_ok_and(|age| age > ABANDONED));
            if is_abandoned {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn files_of(rack: &Path) -> Vec<Candidate> {
    let is_name = |name: &str, length: usize| {
        name.len() == length && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let entries = |directory: &Path, length: usize| {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        entries.filter(move |entry| {
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| is_name(name, length))
        })
    };
    let mut files = Vec::new();
    for directory in entries(rack, 1) {
        for file in entries(&directory.path(), 63) {
            if let Ok(metadata) = file.metadata()
                && metadata.is_file()
            {
                files.push(Candidate {
                    path: file.path(),
                    size: metadata.len(),
                    used: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                });
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::base::Digest;

    #[test]
    fn what_was_used_last_stays() {
        let directory = tempfile::TempDir::new().unwrap();
        let store = Store::open(directory.path()).unwrap();
        let foreign = store.rack(Rack::Blobs).join("a").join("mine.txt");
        let names: Vec<Digest> = (0..10_u8).map(|index| Digest::of(&[index])).collect();
        for (index, name) in names.iter().enumerate() {
            assert!(store.put(Rack::Blobs, name, &[0; 100]));
            let digits = name.to_string();
            let path = store.rack(Rack::Blobs).join(&digits[..1]).join(&digits[1..]);
            let used = SystemTime::now() - Duration::from_secs(1000 - index as u64);
            File::options()
                .append(true)
                .open(path)
                .unwrap()
                .set_modified(used)
                .unwrap();
        }
        fs::create_dir_all(foreign.parent().unwrap()).unwrap();
        fs::write(&foreign, [0; 1000]).unwrap();
        store.sweep(1000);
        assert!(names.iter().all(|name| store.get(Rack::Blobs, name).is_some()));
        store.sweep(800);
        let left: Vec<bool> = names
            .iter()
            .map(|name| store.get(Rack::Blobs, name).is_some())
            .collect();
        assert_eq!(
            left,
            [false, false, false, false, true, true, true, true, true, true]
        );
        assert!(foreign.is_file());
    }
}
