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
mod circles;
mod codeless;
mod cycles;
mod early;
mod groups;
mod idle;
mod import_order;
mod interface;
mod keys;
mod merge;
mod names;
mod order;
pub mod references;
mod routes;
mod waiting;

pub use groups::{ChunkGroup, GroupPattern, idle_patterns};
use import_order::ImportOrder;
pub use interface::signature_symbols;
pub use keys::chunk_keys;
use merge::Merging;

use fixedbitset::FixedBitSet;
use indexmap::{IndexMap, IndexSet};
use oxc_index::{IndexVec, define_index_type};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;

use crate::bind::{BoundGraph, Step, SymbolId, bind_lazily};
use crate::diagnostic::Diagnostic;
use crate::graph::{Module, ModuleId};
use routes::Routes;

define_index_type! {
    /// An output file of JavaScript.
    pub struct ChunkId = u32;
}

/// One output file of JavaScript, before its text exists.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chunk {
    /// The entry (index into `BoundGraph::entries`) whose signature the file has.
    pub entry: Option<usize>,
    /// What the user calls it, if the user made it.
    pub group: Option<String>,
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
    /// Where those, and modules outside the bundle, stand among its imports.
    pub import_order: ImportOrder,
    /// Modules whose namespace objects it takes from their files.
    pub namespaces: IndexSet<ModuleId>,
    /// Bindings other files take from it, and under which name.
    pub exports: IndexMap<SymbolId, Atom>,
}

/// All files of one side.
#[derive(Serialize, Deserialize)]
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
    /// The whole of files that were written down, with the modules of their graph.
    #[must_use]
    pub fn completed(mut self, modules: IndexVec<ModuleId, Module>) -> Self {
        self.bound = self.bound.completed(modules);
        self
    }

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

/// What the user decides about files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChunkOptions {
    /// Files that the user names; the first that matches a module has it.
    pub groups: Vec<ChunkGroup>,
    /// Shared files with less code than this are joined with others where nobody notices.
    pub least_bytes: usize,
}

/// What the next layout is made of.
struct Plan<'a> {
    groups: &'a [ChunkGroup],
    least_bytes: usize,
    merging: Merging,
}

/// Puts every module into a file and decides what files import from each other. Where files that several modules share
/// cannot keep the evaluation order of the sources, modules of import cycles get files of their own, since only the
/// engine can tell what is not initialised yet; other modules are bound again, to be evaluated on demand. Small files are
/// joined as far as nothing of that becomes necessary for it.
///
/// # Errors
/// Those of binding.
#[tracing::instrument(skip_all)]
pub fn chunk(
    mut bound: BoundGraph,
    options: &ChunkOptions,
    interface_names: InterfaceNames,
) -> Result<ChunkGraph, Vec<Diagnostic>> {
    let mut apart = FixedBitSet::with_capacity(bound.graph.modules.len());
    let mut merging = Merging::Nothing;
    loop {
        cycles::give_namespaces_files(&mut bound, &apart);
        let plan = Plan {
            groups: &options.groups,
            least_bytes: options.least_bytes,
            merging,
        };
        let graph = lay_out(bound, &apart, &plan, interface_names);
        let in_circles = circles::modules_in_circles(&graph);
        let misplaced = order::misplaced_modules(&graph);
        let is_in_order = in_circles.is_empty() && misplaced.modules.is_empty();
        merging = match merging {
            Merging::Nothing if is_in_order && options.least_bytes == 0 => return Ok(graph),
            Merging::Nothing if is_in_order => Merging::Allowed,
            Merging::Nothing => Merging::Nothing,
            Merging::Allowed | Merging::Unobservable if is_in_order => return Ok(graph),
            Merging::Allowed => Merging::Unobservable,
            Merging::Unobservable => {
                let unmerged = Plan {
                    merging: Merging::Nothing,
                    ..plan
                };
                return Ok(lay_out(graph.bound, &apart, &unmerged, interface_names));
            }
        };
        bound = if is_in_order || merging != Merging::Nothing {
            graph.bound
        } else if !in_circles.is_empty() {
            bind_lazily(graph.bound, in_circles)?
        } else {
            let cyclic = cycles::worth_files_of_their_own(&graph.bound, &misplaced, &apart);
            if cyclic.is_empty() {
                bind_lazily(graph.bound, misplaced.modules)?
            } else {
                apart.extend(cyclic.into_iter().map(ModuleId::index));
                graph.bound
            }
        };
    }
}

fn lay_out(
    bound: BoundGraph,
    apart: &FixedBitSet,
    plan: &Plan<'_>,
    interface_names: InterfaceNames,
) -> ChunkGraph {
    let assigned = assign::assign(&bound, apart, plan);
    let mut graph = ChunkGraph {
        chunk_of: assigned.chunk_of,
        entry_chunks: Vec::new(),
        chunks: assigned.chunks,
        bound,
    };
    let mut routes = Routes::of(&graph, apart);
    interface::connect(&mut graph, &assigned.entry_groups, &mut routes, interface_names);
    names::name_chunks(&mut graph);
    graph
}
