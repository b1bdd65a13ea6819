//! Files as an earlier process has laid them out.
//!
//! What is kept holds as long as the disk says what it said, but for what is in scripts. A build that finds it reads the
//! modules again that it names; if those that changed are seen by binding as they were, the files are laid out as they were.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::base::{Digest, FileSystem, Pieces as _};
use crate::bind::in_place_of;
use crate::cache::Pack;
use crate::chunk::ChunkGraph;
use crate::graph::EntryKind;
use crate::scan::{KeptTargets, ScanInput, read_modules, write_modules};

/// Where laid-out files are kept.
pub struct KeptLayout {
    pack: Arc<Pack>,
    /// Those of the last build for which the disk said the same.
    last: Option<Digest>,
    /// Whether they were laid out again as they were.
    is_found: AtomicBool,
}

/// What is written down.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    modules: Vec<&'a [u8]>,
    files: &'a [u8],
}

impl KeptLayout {
    /// Those in `pack`; `last` is what the disk says.
    pub fn new(pack: Arc<Pack>, last: Option<Digest>) -> Self {
        Self {
            pack,
            last,
            is_found: AtomicBool::new(false),
        }
    }

    /// The files of the last build, if they would be laid out as they were.
    #[tracing::instrument(name = "find_layout", skip_all)]
    pub fn find(&self, input: &ScanInput<'_>) -> Option<ChunkGraph> {
        let piece = self.pack.get(&self.last?)?;
        let Written { modules, files } = postcard::from_bytes(&piece).ok()?;
        let (files, found) = rayon::join(
            || postcard::from_bytes::<ChunkGraph>(files).ok(),
            || read_modules(&modules, input),
        );
        let found = found?;
        let mut chunks = files?.completed(found.modules);
        let changed = found.changed.iter();
        let changed: Option<Vec<_>> = changed
            .map(|(id, change)| {
                let syntax = in_place_of(&chunks.bound, *id, &change.before, &change.after)?;
                Some((*id, syntax))
            })
            .collect();
        for (id, syntax) in changed? {
            chunks.bound.graph.modules[id].syntax = syntax;
        }
        self.is_found.store(true, Ordering::Relaxed);
        Some(chunks)
    }

    /// Keeps files that were laid out while the disk said `name`.
    #[tracing::instrument(name = "keep_layout", skip_all)]
    pub fn keep(&self, name: Digest, chunks: &ChunkGraph, scanned: &KeptTargets, files: &dyn FileSystem) {
        let is_kept = self.is_found.load(Ordering::Relaxed) && self.last == Some(name);
        // What a provided package offers may depend on files that are no modules of the graph.
        let mut entries = chunks.bound.entries.iter();
        if is_kept || entries.any(|entry| entry.kind == EntryKind::Provided) {
            return;
        }
        let (modules, files) = rayon::join(
            || write_modules(&chunks.bound.graph.modules, scanned, files),
            || postcard::to_stdvec(chunks).ok(),
        );
        let (Some(modules), Some(files)) = (modules, files) else {
            return;
        };
        let written = Written {
            modules: modules.iter().map(Vec::as_slice).collect(),
            files: &files,
        };
        if let Ok(bytes) = postcard::to_stdvec(&written) {
            self.pack.put(name, bytes);
        }
    }
}
