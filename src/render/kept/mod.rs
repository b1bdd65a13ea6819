//! What one rendering of readable files knows for the next.
//!
//! The text of a module is a function of what the module says, of which of its statements are part of the bundle, and of
//! what everything that it names is called and how that is evaluated. [`ModuleKey`] is all of that as a value: where it is
//! the same, so is the text. Where nothing but the inside of a few modules changed, not even that has to be asked: then
//! whoever knows says so, and names and texts of all others are as they were.

mod key;
mod patch;
mod readable;
mod splice;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

pub use self::key::ModuleKey;
pub use self::patch::FilePatch;
pub use self::readable::ReadableModule;
pub use self::splice::Splice;
use super::interface::{EntryTail, entry_tail};
use super::names::ChunkNames;
use super::namespaces::{NamespaceTexts, namespace_objects};
use super::runtime::Helper;
use super::source_map::MapIndex;
use super::views::CommonJsViews;
use crate::chunk::{Chunk, ChunkGraph, ChunkId};
use crate::graph::ModuleId;

/// The readable files of one side as they were rendered last.
#[derive(Default)]
pub struct RenderMemory {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    chunks: FxHashMap<ChunkId, KeptChunk>,
    /// Where modules are in the maps of files.
    maps: FxHashMap<ChunkId, MapIndex>,
    /// The modules whose text is different, where nothing else is.
    changed: Option<FxHashSet<ModuleId>>,
}

/// A file that was rendered.
pub struct KeptChunk {
    /// The names at its top level.
    pub names: Arc<ChunkNames>,
    /// What its modules share.
    pub views: Arc<CommonJsViews>,
    /// What it adds before and after its modules.
    pub frame: Arc<Frame>,
    /// Its modules in order.
    pub modules: Vec<Arc<ReadableModule>>,
    /// Where they are in the text, in the order of the text.
    pub places: Vec<(ModuleId, usize)>,
}

/// What a file has around its modules, with the helpers for that.
pub struct Frame {
    /// Namespace objects.
    pub namespaces: NamespaceTexts,
    /// What an entry adds.
    pub tail: EntryTail,
    /// The helpers that these call.
    pub helpers: Vec<Helper>,
}

/// What is known when a rendering starts.
#[derive(Default)]
pub struct Recalled {
    chunks: FxHashMap<ChunkId, KeptChunk>,
    changed: Option<FxHashSet<ModuleId>>,
    /// By the address of what they say.
    by_syntax: FxHashMap<usize, Arc<ReadableModule>>,
}

impl RenderMemory {
    /// To be said before the next rendering: the graph is the one that was rendered last, and all that changed is what
    /// stands inside these modules.
    pub fn only_changed(&self, modules: impl IntoIterator<Item = ModuleId>) {
        self.with(|state| state.changed = Some(modules.into_iter().collect()));
    }

    /// What is known; once.
    pub(super) fn recall(&self) -> Recalled {
        let State { chunks, changed, .. } = self.with(std::mem::take);
        let mut by_syntax = FxHashMap::default();
        if changed.is_none() {
            let modules = chunks.values().flat_map(|chunk| &chunk.modules);
            let keyed =
                modules.filter_map(|module| Some((module.key.as_ref()?.syntax(), Arc::clone(module))));
            by_syntax.extend(keyed);
        }
        Recalled {
            chunks,
            changed,
            by_syntax,
        }
    }

    /// Keeps a file.
    pub(super) fn keep(&self, id: ChunkId, chunk: KeptChunk) {
        self.with(|state| state.chunks.insert(id, chunk));
    }

    /// Keeps where modules are in the map of a file, if it has one in which that can be said.
    pub(super) fn keep_map(&self, id: ChunkId, index: Option<MapIndex>) {
        if let Some(index) = index {
            self.with(|state| state.maps.insert(id, index));
        }
    }

    fn with<Answer>(&self, act: impl FnOnce(&mut State) -> Answer) -> Answer {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Recalled {
    /// The file as it was, where nothing but the inside of modules can be different.
    pub fn chunk(&self, id: ChunkId) -> Option<&KeptChunk> {
        self.changed.as_ref()?;
        self.chunks.get(&id)
    }

    /// A module whose text is as it was: the file as it was says so, or the key of the module does.
    pub fn module(
        &self,
        chunk: Option<&KeptChunk>,
        (number, module): (usize, ModuleId),
        key: impl FnOnce() -> Option<ModuleKey>,
    ) -> Result<Arc<ReadableModule>, Option<ModuleKey>> {
        if let (Some(chunk), Some(changed)) = (chunk, &self.changed) {
            return if changed.contains(&module) {
                Err(key())
            } else {
                Ok(Arc::clone(&chunk.modules[number]))
            };
        }
        let key = key();
        let known = key.as_ref().and_then(|key| {
            let known = self.by_syntax.get(&key.syntax())?;
            (known.key.as_ref() == Some(key)).then_some(known)
        });
        known.map(Arc::clone).ok_or(key)
    }
}

impl Frame {
    /// Finds out what a file has around its modules; what it calls names there, the file has as names.
    pub fn of(graph: &ChunkGraph, chunk: &Chunk, names: &mut ChunkNames) -> Self {
        let mut helpers = BTreeSet::new();
        Self {
            namespaces: namespace_objects(graph, chunk, names, &mut helpers),
            tail: entry_tail(graph, chunk, names, &mut helpers),
            helpers: helpers.into_iter().collect(),
        }
    }
}
