//! What an `import()` will need, fetched at once instead of file by file.
//!
//! ```text
//! import('./page.js')      page.js imports c1.js, which imports c2.js
//! ```
//!
//! A browser learns of `c1.js` when it has read `page.js`, and of `c2.js` when it has read `c1.js`. The importer knows all of
//! them: it announces them as `<link rel="modulepreload">`, which fetches and runs nothing.

use indexmap::IndexSet;
use rustc_hash::FxHashSet;

use super::specifiers::{ChunkReferences, requested_files};
use super::surroundings::Surroundings;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::{ModuleId, RequestSyntax};

use super::runtime::Helper;

/// Whether files announce what their `import()` needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preloading {
    /// The browser finds out.
    Off,
    /// They do.
    On,
}

impl Surroundings<'_> {
    /// What is to be fetched beside the file of an `import()` target: what that file imports and this one does not have. A
    /// file that waits for its style sheets is among them.
    pub fn preloads_of_import(&self, module: ModuleId, waits_for_styles: bool) -> Vec<String> {
        let Some(target) = self.graph.chunk_of_entry_module(module) else {
            return Vec::new();
        };
        if self.options.preloading == Preloading::Off {
            return Vec::new();
        }
        let present = files_with(self.graph, self.chunk);
        files_with(self.graph, target)
            .into_iter()
            .filter(|file| !present.contains(file) && (waits_for_styles || *file != target))
            .map(|file| self.files.specifier(self.chunk, file))
            .collect()
    }

    /// The function that announces files.
    pub fn preload_helper(&self) -> Helper {
        match self.options.references {
            ChunkReferences::Paths => Helper::Preload,
            ChunkReferences::Mapped(_) => Helper::PreloadMapped,
        }
    }
}

/// A file and all that it imports, nearest first.
fn files_with(graph: &ChunkGraph, file: ChunkId) -> IndexSet<ChunkId> {
    let mut found = IndexSet::from([file]);
    let mut next = 0;
    while let Some(file) = found.get_index(next).copied() {
        next += 1;
        found.extend(graph.chunks[file].imports.keys().copied());
    }
    found.retain(|file| !graph.is_codeless(*file));
    found
}

/// The files whose names a file may say to announce them.
pub fn announced_files(graph: &ChunkGraph, file: ChunkId, preloading: Preloading) -> FxHashSet<ChunkId> {
    if preloading == Preloading::Off {
        return FxHashSet::default();
    }
    let later = requested_files(graph, file, |syntax| syntax == RequestSyntax::Dynamic);
    later
        .into_iter()
        .flat_map(|target| files_with(graph, target))
        .collect()
}
