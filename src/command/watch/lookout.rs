//! Hears of events and waits until they are over.
//!
//! Every directory is watched by itself, since `node_modules` and outputs below a root would cost more watches than
//! all sources together.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::{Changes, Happening, Inputs, is_ignored_directory};
use crate::diagnostic::{Code, Diagnostic};

/// Events of one save come within this time of each other.
const QUIET: Duration = Duration::from_millis(4);

/// A switch of branches takes longer; what comes later is the next round's.
const LONGEST: Duration = Duration::from_millis(400);

/// How events are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noticing {
    /// The operating system tells.
    Told,
    /// By looking again and again: for network drives and some containers.
    Polled(Duration),
}

/// What comes to the lookout.
pub enum Signal {
    /// Something happened at a path.
    Event(notify::Result<Event>),
    /// It is over.
    Stop,
}

/// Watches directories.
pub struct Lookout {
    watcher: Box<dyn Watcher + Send>,
    signals: Receiver<Signal>,
    watched: FxHashSet<PathBuf>,
}

impl Lookout {
    /// Watches nothing so far. Whoever gets the sender can end the waiting.
    ///
    /// # Errors
    /// The system has no way to watch.
    pub fn new(noticing: Noticing) -> Result<(Self, Sender<Signal>), Box<Diagnostic>> {
        let (sender, signals) = channel();
        let tell = sender.clone();
        let handler = move |event| {
            // Nobody listens any more when the program ends.
            let _ = tell.send(Signal::Event(event));
        };
        let watcher: notify::Result<Box<dyn Watcher + Send>> = match noticing {
            Noticing::Told => {
                RecommendedWatcher::new(handler, Config::default()).map(|one| Box::new(one) as _)
            }
            Noticing::Polled(interval) => {
                // Times of files are compared by the second only, so contents are, too.
                let config = Config::default()
                    .with_poll_interval(interval)
                    .with_compare_contents(true);
                PollWatcher::new(handler, config).map(|one| Box::new(one) as _)
            }
        };
        let lookout = Self {
            watcher: watcher.map_err(|error| Box::new(unwatchable(&error)))?,
            signals,
            watched: FxHashSet::default(),
        };
        Ok((lookout, sender))
    }

    /// Watches the directories of all inputs, and all below the roots; the answer is those that were not watched before.
    ///
    /// # Errors
    /// The system allows no more watches.
    pub fn follow(&mut self, inputs: &Inputs) -> Result<FxHashSet<PathBuf>, Box<Diagnostic>> {
        let mut new = FxHashSet::default();
        let mut directories: FxHashSet<&Path> = FxHashSet::default();
        for file in inputs.sources.iter().chain(&inputs.settings) {
            directories.extend(file.parent());
        }
        for directory in directories {
            self.watch(directory, &mut new)?;
        }
        for root in &inputs.roots {
            self.watch_below(root, inputs, &mut new)?;
        }
        Ok(new)
    }

    fn watch_below(
        &mut self,
        directory: &Path,
        inputs: &Inputs,
        new: &mut FxHashSet<PathBuf>,
    ) -> Result<(), Box<Diagnostic>> {
        self.watch(directory, new)?;
        let Ok(entries) = std::fs::read_dir(directory) else {
            return Ok(());
        };
        for entry in entries.flatten() {
            // Links are not followed: what is imported through one is watched where it really is.
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let path = entry.path();
            if is_directory
                && !inputs.ignores(&path)
                && !is_ignored_directory(&entry.file_name().to_string_lossy())
            {
                self.watch_below(&path, inputs, new)?;
            }
        }
        Ok(())
    }

    fn watch(&mut self, directory: &Path, new: &mut FxHashSet<PathBuf>) -> Result<(), Box<Diagnostic>> {
        if self.watched.contains(directory) {
            return Ok(());
        }
        match self.watcher.watch(directory, RecursiveMode::NonRecursive) {
            Ok(()) => {
                self.watched.insert(directory.to_path_buf());
                new.insert(directory.to_path_buf());
                Ok(())
            }
            // It may be gone by now; its parent tells when it is back.
            Err(error)
                if matches!(
                    error.kind,
                    notify::ErrorKind::PathNotFound | notify::ErrorKind::Io(_)
                ) =>
            {
                Ok(())
            }
            Err(error) => Err(Box::new(unwatchable(&error))),
        }
    }

    /// Waits until something happened that matters to a build with these inputs, and until it is over. `None`: the
    /// watching is to end.
    pub fn wait(&mut self, inputs: &Inputs) -> Option<Changes> {
        loop {
            let mut paths = FxHashMap::default();
            let mut is_complete = true;
            let first = self.signals.recv().ok()?;
            let started = Instant::now();
            let mut signal = first;
            loop {
                match signal {
                    Signal::Stop => return None,
                    Signal::Event(event) => is_complete &= self.note(event, inputs, &mut paths),
                }
                if started.elapsed() > LONGEST {
                    break;
                }
                signal = match self.signals.recv_timeout(QUIET) {
                    Ok(signal) => signal,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return None,
                };
            }
            let changes = if is_complete {
                let paths = paths.iter().map(|(path, happening)| (path.as_path(), *happening));
                Changes::of_paths(paths, inputs, Path::exists)
            } else {
                Changes::everything()
            };
            if !changes.is_empty() {
                return Some(changes);
            }
        }
    }

    /// Notes where something happened; says whether that is all there is to know.
    fn note(
        &mut self,
        event: notify::Result<Event>,
        inputs: &Inputs,
        paths: &mut FxHashMap<PathBuf, Happening>,
    ) -> bool {
        let Ok(event) = event else {
            return false;
        };
        if event.need_rescan() {
            return false;
        }
        if matches!(event.kind, EventKind::Access(_)) {
            return true;
        }
        let is_moved = matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)));
        let is_removed = matches!(event.kind, EventKind::Remove(_));
        let happening = if is_moved || is_removed || matches!(event.kind, EventKind::Create(_)) {
            Happening::Moved
        } else {
            Happening::Written
        };
        for path in event.paths {
            let is_watched = self.watched.contains(&path);
            if is_watched && (is_moved || is_removed) {
                // The system forgets a directory that is gone, and so must we, for when it is back.
                let gone: Vec<PathBuf> = self
                    .watched
                    .iter()
                    .filter(|one| one.starts_with(&path))
                    .cloned()
                    .collect();
                for one in gone {
                    let _ = self.watcher.unwatch(&one);
                    self.watched.remove(&one);
                }
            }
            if !is_watched || is_moved || is_removed {
                let is_new_directory = !inputs.ignores(&path) && path.is_dir();
                if is_new_directory {
                    // Files that are in it already tell nothing any more.
                    let _ = self.watch_below(&path, inputs, &mut FxHashSet::default());
                }
                let so_far = paths.entry(path).or_insert(happening);
                *so_far = happening.max(*so_far);
            }
        }
        true
    }
}

fn unwatchable(error: &notify::Error) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        "",
        format!("The file system cannot be watched: {error}."),
        "Allow more watches (on Linux `fs.inotify.max_user_watches`), or use `--poll`.",
    )
}
