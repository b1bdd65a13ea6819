//! One view of a CommonJS module for all modules of a chunk that import it.
//!
//! Every hoisted importer starts with evaluating what it imports and with making what it sees of it:
//!
//! ```js
//! var import_react = __toESM(require_react());        // the first importer
//! var import_react$1 = __toESM(require_react());      // the second: the same object would do
//! ```
//!
//! A chunk runs its hoisted modules one after the other, so what the first has evaluated is there for all others. Node,
//! too, makes one namespace object for all importers of a CommonJS module.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bind::{BoundGraph, Step, SymbolId, Wrapping};
use crate::chunk::Chunk;
use crate::chunk::references::{evaluates, interop_symbol, viewed_object};
use crate::graph::{ModuleId, RecordId, RequestSyntax};

/// The module that is seen, whether Node would know the importer as an ES module, and whether it is required.
type Manner = (ModuleId, bool, bool);

/// What of the evaluations in a chunk is done once for many importers.
#[derive(Debug, Default)]
pub struct CommonJsViews {
    /// Views that are the same object as one that stands before them.
    same_as: FxHashMap<SymbolId, SymbolId>,
    /// Views that must show their names, as one of those that share them is used as a whole.
    shown: FxHashSet<SymbolId>,
    /// Requests of modules that were evaluated before.
    evaluated: FxHashSet<(ModuleId, RecordId)>,
    /// The steps of the chunk without evaluations of what was evaluated before.
    pub steps: Vec<Step>,
}

impl CommonJsViews {
    /// Finds out what the modules of a chunk can share.
    pub fn of_chunk(bound: &BoundGraph, chunk: &Chunk) -> Self {
        let mut views = Self::default();
        let mut done: FxHashSet<ModuleId> = FxHashSet::default();
        let mut first: FxHashMap<Manner, SymbolId> = FxHashMap::default();
        for step in without_needless_calls(bound, &chunk.steps) {
            match step {
                Step::Evaluate { module, .. } => {
                    if bound.wrapping[module] == Wrapping::CommonJs && !done.insert(module) {
                        continue;
                    }
                }
                Step::Module(module) if bound.wrapping[module] == Wrapping::Hoisted => {
                    views.share(bound, module, &mut done, &mut first);
                }
                Step::Module(_) => {}
            }
            views.steps.push(step);
        }
        views
    }

    fn share(
        &mut self,
        bound: &BoundGraph,
        importer: ModuleId,
        done: &mut FxHashSet<ModuleId>,
        first: &mut FxHashMap<Manner, SymbolId>,
    ) {
        let module = &bound.graph.modules[importer];
        for (record, request) in module.syntax.records.iter_enumerated() {
            if request.syntax != RequestSyntax::Static {
                continue;
            }
            let object = viewed_object(bound, importer, record).map(|(target, _)| target);
            let Some(target) = object.or_else(|| evaluates(bound, importer, record)) else {
                continue;
            };
            if object.is_none() && bound.wrapping[target] != Wrapping::CommonJs {
                continue;
            }
            if let Some(view) = interop_symbol(bound, importer, record) {
                let manner = (target, module.is_node_module_syntax, request.is_required);
                let original = *first.entry(manner).or_insert(view);
                if original != view {
                    self.same_as.insert(view, original);
                }
                if bound.shown_views.contains(&view) {
                    self.shown.insert(original);
                }
            }
            if object.is_none() && !done.insert(target) {
                self.evaluated.insert((importer, record));
            }
        }
    }

    /// The view that a symbol stands for; any other symbol stands for itself.
    pub fn original(&self, symbol: SymbolId) -> SymbolId {
        self.same_as.get(&symbol).copied().unwrap_or(symbol)
    }

    /// Every view that is the same as another, with that.
    pub fn shared(&self) -> impl Iterator<Item = (SymbolId, SymbolId)> {
        self.same_as.iter().map(|(view, original)| (*view, *original))
    }

    /// Whether a view of the chunk lists its names.
    pub fn is_shown(&self, bound: &BoundGraph, view: SymbolId) -> bool {
        self.shown.contains(&view) || bound.shown_views.contains(&view)
    }

    /// Whether a view must list its names for this chunk or, where it is one for the whole program, for another.
    pub fn is_listed(&self, bound: &BoundGraph, view: SymbolId) -> bool {
        self.is_shown(bound, view) || bound.is_shown_to_node(view)
    }

    /// Whether a CommonJS module has run before a request of it by a hoisted module.
    pub fn is_evaluated(&self, importer: ModuleId, record: RecordId) -> bool {
        self.evaluated.contains(&(importer, record))
    }
}

/// A call directly before its importer is what the importer itself starts with.
fn without_needless_calls(bound: &BoundGraph, steps: &[Step]) -> Vec<Step> {
    let mut follower: Option<ModuleId> = None;
    let mut kept: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        match *step {
            Step::Module(module) if bound.wrapping[module] == Wrapping::Hoisted => follower = Some(module),
            Step::Evaluate { importer, .. } if follower == Some(importer) => continue,
            Step::Module(_) | Step::Evaluate { .. } => {}
        }
        kept.push(*step);
    }
    kept.reverse();
    kept
}
