//! What a watched build knows of the last one, for each side of each module.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::command::again::BuildMemory;
use crate::command::watch::Layout;
use crate::link::Linkage;
use crate::protocol::Side;

/// The memories of all sides.
#[derive(Default)]
pub struct Memories {
    sides: Mutex<FxHashMap<(PathBuf, Side), Known>>,
}

struct Known {
    /// All that linking has found out: where imports lead depends on it.
    linkage: String,
    memory: Arc<BuildMemory>,
}

impl Memories {
    /// The memory of a side: an empty one where the module is linked otherwise than the last time.
    pub fn of(&self, linkage: &Linkage, side: Side) -> Arc<BuildMemory> {
        let place = (linkage.root_real_dir().to_path_buf(), side);
        let mut text = String::new();
        write!(text, "{linkage:?}").expect("a text takes everything");
        let mut sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        match sides.get(&place) {
            Some(known) if known.linkage == text => Arc::clone(&known.memory),
            _ => {
                let memory = Arc::default();
                let known = Known {
                    linkage: text,
                    memory: Arc::clone(&memory),
                };
                sides.insert(place, known);
                memory
            }
        }
    }

    /// Forgets modules, and where requests lead, if files came or went.
    pub fn forget(&self, modules: &[PathBuf], layout: Layout) {
        let sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        for known in sides.values() {
            known.memory.forget(modules, layout);
        }
    }

    /// Forgets the modules whose directories are not among `dirs`.
    pub fn keep_only(&self, dirs: &[&Path]) {
        let mut sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        sides.retain(|(dir, _), _| dirs.contains(&dir.as_path()));
    }
}
