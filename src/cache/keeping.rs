//! Keeping a build takes a moment in which nobody has to wait: it happens while the answer is shown.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{BuildKey, Cache, Output, Pack};
use crate::base::{Digest, Observer};

/// A build that is being kept. When the last clone is dropped, it is.
#[derive(Debug, Clone, Default)]
pub struct Keeping {
    working: Option<Arc<Working>>,
}

#[derive(Debug)]
struct Working(Option<JoinHandle<()>>);

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // What went wrong there was told there, and is nothing that a build depends on.
            let _ = thread.join();
        }
    }
}

/// Is told what the disk said to a build, but for the bytes of scripts.
pub type ByLayout = Box<dyn Fn(Digest) + Send + Sync>;

/// A build to keep.
pub struct Finished {
    /// What it was told.
    pub key: BuildKey,
    /// What its paths are relative to.
    pub root: PathBuf,
    /// The values of the environment that it may have used.
    pub values: String,
    /// What the disk was asked.
    pub observer: Arc<Observer>,
    /// Every output, the bytes of which are in the store.
    pub outputs: Vec<Output>,
    /// What was reported, for whoever finds it.
    pub report: String,
    /// How long it took.
    pub took: Duration,
    /// The pieces that it has used and made.
    pub made: Vec<Arc<Pack>>,
    /// Those that `by_layout` adds to.
    pub packs: Vec<Arc<Pack>>,
    /// Keeps what holds as long as nothing but scripts changes.
    pub by_layout: Option<ByLayout>,
}

impl Cache {
    /// Keeps a build, unless files were changed while it ran.
    pub fn keep(&self, finished: Finished) -> Keeping {
        let cache = self.clone();
        Keeping::new(move || {
            cache.keep_now(&finished);
            // The process ends next: giving back what a large build has seen would only delay that.
            std::mem::forget(finished);
        })
    }

    /// Saves packs that several builds have used, and makes room when all of these are kept.
    pub fn make_room(&self, keepings: Vec<Keeping>, shared: Vec<Arc<Pack>>) -> Keeping {
        if keepings.iter().all(|keeping| keeping.working.is_none()) {
            return Keeping::default();
        }
        let cache = self.clone();
        Keeping::new(move || {
            for pack in &shared {
                pack.save();
            }
            drop(keepings);
            cache.sweep();
        })
    }
}

impl Keeping {
    fn new(work: impl FnOnce() + Send + 'static) -> Self {
        let thread = thread::Builder::new().name("esmx-build cache".to_owned());
        let thread = thread.spawn(work).ok();
        Self {
            working: thread.map(|thread| Arc::new(Working(Some(thread)))),
        }
    }
}
