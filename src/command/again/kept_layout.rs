//! Files as an earlier process has laid them out.
//!
//! What is kept holds as long as the disk says what it said, but for what is in scripts. A build that finds it reads the
//! modules again that it names; if those that changed are seen by binding as they were, the files are laid out as they were.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::base::{Digest, Observer, Pieces as _};
use crate::bind::{BoundGraph, in_place_of};
use crate::cache::{Pack, is_script};
use crate::chunk::ChunkGraph;
use crate::graph::{EntryKind, ModuleId, ModuleOrigin, Target};
use crate::scan::{KeptTargets, ScanInput, read_modules, split_path, write_modules};

/// Where laid-out files are kept.
pub struct KeptLayout {
    pack: Arc<Pack>,
    /// Of which files, where there are several kinds.
    kind: &'static str,
    /// What the disk said to the last build for which it said the same.
    last: Option<Digest>,
    /// Whether the files of that were laid out again as they were.
    is_found: AtomicBool,
}

/// What is written down.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    /// Scripts that are no modules, with what was in them.
    others: Vec<(PathBuf, [u8; Digest::BYTES])>,
    #[serde(borrow)]
    modules: Vec<&'a [u8]>,
    files: &'a [u8],
}

impl KeptLayout {
    /// Those in `pack`; `last` is what the disk says.
    pub fn new(pack: Arc<Pack>, kind: &'static str, last: Option<Digest>) -> Self {
        Self {
            pack,
            kind,
            last,
            is_found: AtomicBool::new(false),
        }
    }

    fn name(&self, layout: &Digest) -> Digest {
        Digest::of(&[layout.as_bytes().as_slice(), self.kind.as_bytes()].concat())
    }

    /// The files of the last build, if they would be laid out as they were.
    pub fn find(&self, input: &ScanInput<'_>) -> Option<ChunkGraph> {
        let piece = self.pack.get(&self.name(&self.last?))?;
        let chunks = found(&postcard::from_bytes(&piece).ok()?, input)?;
        self.is_found.store(true, Ordering::Relaxed);
        Some(chunks)
    }

    /// Keeps files that were laid out while the disk said `layout`.
    #[tracing::instrument(name = "keep_layout", skip_all)]
    pub fn keep(&self, layout: &Digest, chunks: &ChunkGraph, scanned: &KeptTargets, observer: &Observer) {
        if self.is_found.load(Ordering::Relaxed) && self.last == Some(*layout) {
            return;
        }
        let modules = &chunks.bound.graph.modules;
        let (written, files) = rayon::join(
            || write_modules(modules, scanned, observer),
            || postcard::to_stdvec(chunks).ok(),
        );
        let (Some(written), Some(files)) = (written, files) else {
            return;
        };
        let sources: FxHashSet<PathBuf> = modules.iter().map(|module| split_path(&module.path).0).collect();
        let others = observer.contents().into_iter();
        let mut others: Vec<_> = others
            .filter(|(path, _)| is_script(&path.to_string_lossy()) && !sources.contains(path))
            .map(|(path, content)| (path, *content.as_bytes()))
            .collect();
        others.sort_unstable();
        let written = Written {
            others,
            modules: written.iter().map(Vec::as_slice).collect(),
            files: &files,
        };
        if let Ok(bytes) = postcard::to_stdvec(&written) {
            self.pack.put(self.name(layout), bytes);
        }
    }
}

#[tracing::instrument(name = "find_layout", skip_all)]
fn found(written: &Written<'_>, input: &ScanInput<'_>) -> Option<ChunkGraph> {
    let mut others = written.others.iter();
    let are_same = others.all(|(path, content)| {
        let now = input.files.digest(path);
        now.is_ok_and(|(now, _)| now == Digest::from_bytes(*content))
    });
    if !are_same {
        return None;
    }
    let (chunks, found) = rayon::join(
        || postcard::from_bytes::<ChunkGraph>(written.files).ok(),
        || read_modules(&written.modules, input),
    );
    let found = found?;
    let mut chunks = chunks?.completed(found.modules);
    let offered = if found.changed.is_empty() {
        FxHashSet::default()
    } else {
        offered_modules(&chunks.bound)
    };
    let changed = found.changed.iter();
    let changed: Option<Vec<_>> = changed
        .map(|(id, change)| {
            let syntax = in_place_of(&chunks.bound, *id, &change.before, &change.after)?;
            (!offered.contains(id)).then_some((*id, syntax))
        })
        .collect();
    for (id, syntax) in changed? {
        chunks.bound.graph.modules[id].syntax = syntax;
    }
    Some(chunks)
}

/// Modules that may decide which names provided packages offer: those of packages, and what is provided.
fn offered_modules(bound: &BoundGraph) -> FxHashSet<ModuleId> {
    let modules = &bound.graph.modules;
    let provided = bound
        .entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Provided);
    let mut open: Vec<ModuleId> = provided.map(|entry| entry.module).collect();
    let mut offered = FxHashSet::default();
    if open.is_empty() {
        return offered;
    }
    let of_packages = modules
        .iter_enumerated()
        .filter(|(_, module)| module.origin != ModuleOrigin::Own);
    open.extend(of_packages.map(|(id, _)| id));
    while let Some(module) = open.pop() {
        if offered.insert(module) {
            open.extend(modules[module].targets.iter().filter_map(|target| match target {
                Target::Module(target) => Some(*target),
                _ => None,
            }));
        }
    }
    offered
}
