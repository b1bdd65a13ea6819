//! Which modules share a file. Modules that exactly the same entries need belong together, so that every
//! module is in one file and no page loads a module it does not need:
//!
//! ```text
//! routes → page → shared          routes needs {routes, page, shared}
//! widget → shared                 widget needs {widget, shared}
//! ```
//!
//! `routes` and `page` are needed by {routes}, `widget` by {widget}, `shared` by both: three files.
//! An entry whose module landed in a shared file gets that file when the file's exports are its own, and
//! otherwise a small facade that re-exports its signature.

mod assign;
mod cycles;
mod import_order;
mod interface;
mod keys;
mod names;
mod order;
pub mod references;

pub use keys::chunk_keys;

use fixedbitset::FixedBitSet;
use indexmap::{IndexMap, IndexSet};
use oxc_index::{IndexVec, define_index_type};
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;

use crate::bind::{BoundGraph, Step, SymbolId, bind_lazily};
use crate::diagnostic::Diagnostic;
use crate::graph::ModuleId;

define_index_type! {
    /// An output file of JavaScript.
    pub struct ChunkId = u32;
}

/// One output file of JavaScript, before its text exists.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// The entry (index into `BoundGraph::entries`) whose signature the file has.
    pub entry: Option<usize>,
    /// Its modules in evaluation order; empty for a facade.
    pub modules: Vec<ModuleId>,
    /// The same with the calls that evaluate wrapped modules at their place.
    pub steps: Vec<Step>,
    /// The module the chunk is known by: an entry's own, or the last to be evaluated.
    pub primary: Option<ModuleId>,
    /// Path without hash and extension: `form/input`, `shared`.
    pub name: String,
    /// Other files it needs evaluated first, and the bindings it takes from each.
    pub imports: IndexMap<ChunkId, Vec<SymbolId>>,
    /// Modules whose namespace objects it takes from their files.
    pub namespaces: IndexSet<ModuleId>,
    /// Bindings other files take from it, and under which name.
    pub exports: IndexMap<SymbolId, Atom>,
}

/// All files of one side.
pub struct ChunkGraph {
    /// The bound modules.
    pub bound: BoundGraph,
    /// Entry chunks in entry order, then shared ones in evaluation order.
    pub chunks: IndexVec<ChunkId, Chunk>,
    /// Which file a module is in.
    pub chunk_of: FxHashMap<ModuleId, ChunkId>,
    /// Which file an entry is reached through; same order as `BoundGraph::entries`.
    pub entry_chunks: Vec<ChunkId>,
}

impl ChunkGraph {
    /// The file that `import()` of a module loads.
    pub fn chunk_of_entry_module(&self, module: ModuleId) -> Option<ChunkId> {
        let index = self
            .bound
            .entries
            .iter()
            .position(|entry| entry.module == module)?;
        Some(self.entry_chunks[index])
    }
}

/// How bindings are called between files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterfaceNames {
    /// As in the source.
    Readable,
    /// As short as possible.
    Short,
}

/// Puts every module into a file and decides what files import from each other. Where files that several modules share
/// cannot keep the evaluation order of the sources, modules of import cycles get files of their own, since only the
/// engine can tell what is not initialised yet; other modules are bound again, to be evaluated on demand.
///
/// # Errors
/// Those of binding.
pub fn chunk(mut bound: BoundGraph, interface_names: InterfaceNames) -> Result<ChunkGraph, Vec<Diagnostic>> {
    let mut apart = FixedBitSet::with_capacity(bound.graph.modules.len());
    loop {
        cycles::give_namespaces_files(&mut bound, &apart);
        let graph = lay_out(bound, &apart, interface_names);
        let misplaced = order::misplaced_modules(&graph);
        if misplaced.is_empty() {
            return Ok(graph);
        }
        let cyclic = cycles::worth_files_of_their_own(&graph.bound, &misplaced, &apart);
        if cyclic.is_empty() {
            bound = bind_lazily(graph.bound, misplaced)?;
        } else {
            bound = graph.bound;
            apart.extend(cyclic.into_iter().map(ModuleId::index));
        }
    }
}

fn lay_out(bound: BoundGraph, apart: &FixedBitSet, interface_names: InterfaceNames) -> ChunkGraph {
    let assigned = assign::assign(&bound, apart);
    let mut graph = ChunkGraph {
        chunk_of: assigned.chunk_of,
        entry_chunks: Vec::new(),
        chunks: assigned.chunks,
        bound,
    };
    interface::connect(&mut graph, &assigned.entry_groups, interface_names);
    names::name_chunks(&mut graph);
    graph
}
