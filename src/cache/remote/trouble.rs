//! When a server is not asked any more.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::base::Digest;
use crate::cache::store::Store;

/// For so long other processes leave a server alone that did not answer.
const REST: Duration = Duration::from_mins(2);

/// Whether a server answers.
#[derive(Debug)]
pub(super) struct Trouble {
    /// Its time says since when there is trouble.
    mark: PathBuf,
    is_there: AtomicBool,
}

impl Trouble {
    /// None while there was trouble a moment ago.
    pub fn open(store: &Store, url: &str) -> Option<Self> {
        let mark = store.mark(&format!("silent-{}", Digest::of(url.as_bytes())));
        let since = fs::metadata(&mark).and_then(|metadata| metadata.modified());
        let is_recent = since.is_ok_and(|since| {
            // A time to come is one that a wrong clock wrote.
            SystemTime::now()
                .duration_since(since)
                .is_ok_and(|age| age < REST)
        });
        (!is_recent).then(|| Self {
            mark,
            is_there: AtomicBool::new(false),
        })
    }

    pub fn is_there(&self) -> bool {
        self.is_there.load(Ordering::Relaxed)
    }

    pub fn begins(&self) {
        if !self.is_there.swap(true, Ordering::Relaxed) {
            let _ = fs::write(&self.mark, "");
        }
    }
}

/// Whether patience is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    Something,
}

/// The time that questions without an answer may still take.
#[derive(Debug)]
pub(super) struct Patience(Mutex<Duration>);

impl Patience {
    pub fn new(time: Duration) -> Self {
        Self(Mutex::new(time))
    }

    /// None when it is over.
    pub fn left(&self) -> Option<Duration> {
        let left = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!left.is_zero()).then_some(left)
    }

    pub fn spend(&self, time: Duration) -> Left {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_sub(time);
        if left.is_zero() {
            Left::Nothing
        } else {
            Left::Something
        }
    }
}
