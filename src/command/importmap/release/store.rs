//! What releases keep in a site, and the steps in which the live release changes.
//!
//! Three kinds of files: those that never change and those that are kept by their content may be written at any time,
//! because nobody who is served sees a difference. Then the history says which release comes next; of two who try,
//! the storage lets one. That one changes the other files, and at last the map.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::content_hash;
use super::history::{History, Record};
use super::incoming::Incoming;
use super::layout::{HISTORY, MAP, is_immutable, is_page, object};
use super::storage::{Access, Replaced, Site, Storage, Version};
use super::unusable;
use super::workers::Workers;
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// A site and what is kept in it.
pub(super) struct Store {
    pub storage: Arc<dyn Storage>,
    pub workers: Workers,
}

/// What is live and what was, as somebody saw it who may change it.
pub(super) struct State {
    pub history: History,
    /// The hash of the live map, if there is one.
    live_map: Option<String>,
    seen_history: Version,
    seen_map: Version,
}

/// Path → hash of what is there.
pub(super) type There<'a> = BTreeMap<&'a str, Option<String>>;

/// Somebody else has changed the live release meanwhile.
pub(super) struct Overtaken;

/// How many files are removed at a time.
const HANDFUL: usize = 64;

/// How long to wait before looking again whether somebody else has got any further.
const PAUSE: Duration = Duration::from_millis(200);

impl State {
    /// The record that counts as the one before: the live one; where the live map is none of them, the last that was.
    pub(super) fn live(&self) -> Option<&Record> {
        let live = self.history.live(self.live_map.as_deref());
        live.or_else(|| self.history.finished().last())
    }

    /// The number of the record whose map is live.
    pub(super) fn live_number(&self) -> Option<u64> {
        let live = self.history.live(self.live_map.as_deref());
        live.map(|record| record.number)
    }

    /// Whether the last record is not live yet.
    pub(super) fn is_last_unfinished(&self) -> bool {
        self.history.is_unfinished(self.live_map.as_deref())
    }

    /// Whether somebody has begun to change what is live, and not ended.
    fn is_unfinished(&self) -> bool {
        self.is_last_unfinished() || self.history.clearing.is_some()
    }
}

impl Store {
    pub(super) fn open(site: &Site, access: Access) -> Result<Self, CommandError> {
        let storage = site.open(access)?;
        Ok(Self {
            workers: Workers::new(storage.width()),
            storage,
        })
    }

    /// What is live. The history comes first: whoever promotes between the two has changed it.
    pub(super) fn look(&self) -> Result<State, CommandError> {
        let stored = self.storage.read(HISTORY)?;
        let map = self.storage.read(MAP)?;
        let version =
            |stored: Option<&super::storage::Stored>| stored.map_or(Version::Absent, |it| it.version.clone());
        Ok(State {
            seen_history: version(stored.as_ref()),
            seen_map: version(map.as_ref()),
            live_map: map.map(|map| content_hash(&map.bytes)),
            history: match stored {
                None => History::default(),
                Some(stored) => serde_json::from_slice(&stored.bytes).map_err(|error| {
                    unusable(
                        format!("{} cannot be read: {error}.", self.storage.shown(HISTORY)),
                        "Put the file back as it was, from a backup; it says which files are needed.",
                    )
                })?,
            },
        })
    }

    /// What is live, for somebody who is going to change it. What was cut off before is brought to an end.
    pub(super) fn begin(&self) -> Result<State, CommandError> {
        let mut state = self.look()?;
        let mut since = Instant::now();
        while state.is_unfinished() {
            if since.elapsed() >= self.storage.patience() {
                self.clean_up(&mut state)?;
                state = self.look()?;
                continue;
            }
            sleep(PAUSE);
            let now = self.look()?;
            if now.seen_history != state.seen_history || now.seen_map != state.seen_map {
                since = Instant::now();
            }
            state = now;
        }
        Ok(state)
    }

    /// Gives the live release its files back, and removes what was to be removed; somebody else may do it as well.
    fn clean_up(&self, state: &mut State) -> Result<(), CommandError> {
        let unfinished = state.history.records.last().map(|last| last.number);
        if let Some(number) = unfinished.filter(|_| state.is_last_unfinished()) {
            return self.take_back(state, number);
        }
        if let Some(clearing) = &mut state.history.clearing {
            clearing.attempts += 1;
            if let Ok(()) = self.write_history(state)? {
                self.clear(state)?;
            }
        }
        Ok(())
    }

    /// What was claimed is not going to be live, so what is live gets its files back.
    pub(super) fn take_back(&self, state: &mut State, number: u64) -> Result<(), CommandError> {
        let mut records = state.history.records.iter();
        let claimed = records.position(|record| record.number == number);
        let Some(claimed) = claimed.filter(|&index| {
            let record = &state.history.records[index];
            state.live_map.as_ref() != Some(&record.map)
        }) else {
            return Ok(());
        };
        if let Some(live) = state.history.live(state.live_map.as_deref()) {
            let paths: Vec<&str> = live.files.keys().map(String::as_str).collect();
            self.restore(live, &self.hashes(&paths)?)?;
        }
        state.history.records[claimed].unfinished = true;
        // Whoever was faster has seen it.
        self.write_history(state).map(drop)
    }

    /// The hash of each file that is served.
    pub(super) fn hashes<'a>(&self, paths: &[&'a str]) -> Result<There<'a>, CommandError> {
        let look = |path: &&'a str| Ok((*path, self.storage.hash_of(path)?));
        Ok(self.workers.each(paths, look)?.into_iter().collect())
    }

    /// Names that hold a hash and would get other bytes.
    pub(super) fn conflicts(incoming: &Incoming, there: &There) -> Vec<Diagnostic> {
        let files = incoming.files.iter();
        files
            .filter(|(path, _)| is_immutable(path))
            .filter(|(path, file)| {
                there[path.as_str()]
                    .as_ref()
                    .is_some_and(|hash| *hash != file.hash)
            })
            .map(|(path, _)| {
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
            .collect()
    }

    /// Adds what nobody sees yet: files that never change, and copies of those that do, as they are and as they will be.
    pub(super) fn add(&self, incoming: &Incoming, there: &There) -> Result<Vec<String>, CommandError> {
        let files: Vec<_> = incoming.files.iter().collect();
        let added = self.workers.each(&files, |(path, file)| {
            let hash = there[path.as_str()].as_ref();
            let is_there = hash == Some(&file.hash);
            if is_immutable(path) {
                if !is_there {
                    self.storage.write(path, file.bytes()?)?;
                }
                return Ok((!is_there).then(|| (*path).clone()));
            }
            if !is_there && let Some(hash) = hash {
                self.keep_as_it_is(path, hash)?;
            }
            self.keep(&file.hash, || file.bytes())?;
            Ok(None)
        })?;
        Ok(added.into_iter().flatten().collect())
    }

    /// Keeps a copy of a file that is going to change.
    fn keep_as_it_is(&self, path: &str, hash: &str) -> Result<(), CommandError> {
        self.keep(hash, || {
            let stored = self.storage.read(path)?;
            Ok(stored.map(|stored| stored.bytes).unwrap_or_default())
        })
    }

    fn keep(
        &self,
        hash: &str,
        bytes: impl FnOnce() -> Result<Vec<u8>, CommandError>,
    ) -> Result<(), CommandError> {
        let object = object(hash);
        if self.storage.hash_of(&object)?.is_some() {
            return Ok(());
        }
        self.storage.write(&object, bytes()?)
    }

    /// Writes the record of what is going to be live, which nobody else can do any more then.
    pub(super) fn claim(
        &self,
        state: &mut State,
        mut record: Record,
        map: &str,
    ) -> Result<Result<(), Overtaken>, CommandError> {
        self.keep(&record.map, || Ok(map.as_bytes().to_vec()))?;
        record.replaces.clone_from(&state.live_map);
        state.history.records.push(record);
        self.write_history(state)
    }

    /// Changes the files without a hash in their names.
    pub(super) fn change(&self, incoming: &Incoming, there: &There) -> Result<Vec<String>, CommandError> {
        let changing = incoming
            .files
            .iter()
            .filter(|(path, file)| !is_immutable(path) && there[path.as_str()].as_ref() != Some(&file.hash));
        let (pages, others): (Vec<_>, Vec<_>) = changing.partition(|(path, _)| is_page(path));
        let mut changed = Vec::new();
        for files in [others, pages] {
            changed.extend(self.workers.each(&files, |(path, file)| {
                self.storage.write(path, file.bytes()?)?;
                Ok((*path).clone())
            })?);
        }
        Ok(changed)
    }

    /// Makes the map of the last record live.
    pub(super) fn promote(
        &self,
        state: &mut State,
        map: &str,
    ) -> Result<Result<(), Overtaken>, CommandError> {
        let bytes = map.as_bytes().to_vec();
        let number = state.history.records.last().map_or(0, |last| last.number);
        match self.storage.replace(MAP, bytes, &state.seen_map)? {
            Replaced::Done(version) => {
                state.seen_map = version;
                state.live_map = Some(content_hash(map.as_bytes()));
                Ok(Ok(()))
            }
            Replaced::Changed => {
                // Whoever it was, the files are those of what is live.
                let mut now = self.look()?;
                self.take_back(&mut now, number)?;
                Ok(Err(Overtaken))
            }
        }
    }

    pub(super) fn write_history(&self, state: &mut State) -> Result<Result<(), Overtaken>, CommandError> {
        let mut text = serde_json::to_string_pretty(&state.history).expect("a history has only string keys");
        text.push('\n');
        match self
            .storage
            .replace(HISTORY, text.into_bytes(), &state.seen_history)?
        {
            Replaced::Done(version) => {
                state.seen_history = version;
                Ok(Ok(()))
            }
            Replaced::Changed => Ok(Err(Overtaken)),
        }
    }

    /// Files of a release that are not there as they were and of which no copy is kept.
    pub(super) fn first_lost<'a>(
        &self,
        record: &'a Record,
        there: &There,
    ) -> Result<Option<&'a str>, CommandError> {
        let changed: Vec<_> = record
            .files
            .iter()
            .filter(|(path, wanted)| there[path.as_str()].as_ref() != Some(*wanted))
            .collect();
        let lost = self.workers.each(&changed, |(path, wanted)| {
            let is_kept = self.storage.hash_of(&object(wanted))?.is_some();
            Ok((!is_kept).then_some(path.as_str()))
        })?;
        Ok(lost.into_iter().flatten().next())
    }

    /// Gives every file of a release the bytes it had.
    pub(super) fn restore(&self, record: &Record, there: &There) -> Result<Vec<String>, CommandError> {
        let changed: Vec<_> = record
            .files
            .iter()
            .filter(|(path, wanted)| there[path.as_str()].as_ref() != Some(*wanted))
            .collect();
        let (pages, others): (Vec<_>, Vec<_>) = changed.into_iter().partition(|(path, _)| is_page(path));
        let mut written = Vec::new();
        for files in [others, pages] {
            written.extend(self.workers.each(&files, |(path, wanted)| {
                let Some(kept) = self.storage.read(&object(wanted))? else {
                    return Err(lost(path, record.number));
                };
                if let Some(hash) = &there[path.as_str()] {
                    self.keep_as_it_is(path, hash)?;
                }
                self.storage.write(path, kept.bytes)?;
                Ok((*path).clone())
            })?);
        }
        written.sort();
        Ok(written)
    }

    pub(super) fn map_of(&self, record: &Record) -> Result<String, CommandError> {
        let Some(kept) = self.storage.read(&object(&record.map))? else {
            return Err(lost("The map", record.number));
        };
        Ok(String::from_utf8_lossy(&kept.bytes).into_owned())
    }

    /// Removes files that nobody needs; returns those that were served. The history says after each handful what is left:
    /// whoever waits for the end sees that somebody works on it, and whoever is overtaken stops.
    pub(super) fn clear(&self, state: &mut State) -> Result<Vec<String>, CommandError> {
        let mut removed = Vec::new();
        while let Some(clearing) = &mut state.history.clearing {
            let (paths, objects) = clearing.take(HANDFUL);
            if paths.is_empty() && objects.is_empty() {
                state.history.clearing = None;
            }
            removed.extend(self.workers.each(&paths, |path| {
                Ok(self.storage.remove(path)?.then(|| path.clone()))
            })?);
            self.workers
                .each(&objects, |hash| self.storage.remove(&object(hash)))?;
            if let Err(Overtaken) = self.write_history(state)? {
                break;
            }
        }
        Ok(removed.into_iter().flatten().collect())
    }
}

pub(super) fn lost(path: &str, number: u64) -> CommandError {
    unusable(
        format!("{path} of release {number} is gone or has changed, and no copy is kept."),
        "Release the files again from the build they came from.",
    )
}
