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
//!
//! Modules that import each other in a circle may call functions of one that has not run yet. What those see of a CommonJS
//! module which has run is made before the first module of the circle behind that:
//!
//! ```js
//! // first.js                        // second.js
//! import { used } from './second.js';  import pkg from 'pkg'; import './first.js';
//! used();                             export function used() { return pkg.value }
//! ```

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bind::{BoundGraph, Step, SymbolId, Wrapping, circles_of_modules};
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
    /// Views that are made by a module which runs before their own, each with the request that it is for.
    early: FxHashMap<ModuleId, Vec<(ModuleId, RecordId)>>,
    /// The requests of those views.
    made: FxHashSet<(ModuleId, RecordId)>,
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
        let mut waiting = Waiting::of_chunk(bound, chunk);
        for step in without_needless_calls(bound, &chunk.steps) {
            match step {
                Step::Evaluate { module, .. } => {
                    if bound.wrapping[module] == Wrapping::CommonJs && !done.insert(module) {
                        continue;
                    }
                }
                Step::Module(module) if bound.wrapping[module] == Wrapping::Hoisted => {
                    views.share(bound, module, &mut done, &mut first);
                    views.make_early(bound, module, &mut waiting, (&done, &mut first));
                }
                Step::Module(_) => {}
            }
            if let Step::Module(module) = step {
                waiting.left.remove(&module);
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

    /// Makes what functions of modules that come later in the circle of a module see of what has run by now.
    fn make_early(
        &mut self,
        bound: &BoundGraph,
        module: ModuleId,
        waiting: &mut Waiting,
        (done, first): (&FxHashSet<ModuleId>, &mut FxHashMap<Manner, SymbolId>),
    ) {
        let left = &waiting.left;
        let Some(views) = waiting
            .circle_of
            .get(&module)
            .and_then(|circle| waiting.circles.get_mut(circle))
        else {
            return;
        };
        views.retain(|(importer, record, manner, view)| {
            if !left.contains(importer) || *importer == module || first.contains_key(manner) {
                return false;
            }
            let has_run = match viewed_object(bound, *importer, *record) {
                Some((target, _)) => !left.contains(&target),
                None => done.contains(&manner.0),
            };
            let is_alike = manner.1 == bound.graph.modules[module].is_node_module_syntax;
            if !has_run || !is_alike {
                return true;
            }
            first.insert(*manner, *view);
            self.early.entry(module).or_default().push((*importer, *record));
            self.made.insert((*importer, *record));
            false
        });
    }

    /// The requests of other modules whose views a module makes.
    pub fn made_by(&self, module: ModuleId) -> &[(ModuleId, RecordId)] {
        self.early.get(&module).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the view that a request is for is there before its module runs.
    pub fn is_made(&self, importer: ModuleId, record: RecordId) -> bool {
        self.made.contains(&(importer, record))
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

/// Views that modules of circles need.
struct Waiting {
    /// Modules that have not run.
    left: FxHashSet<ModuleId>,
    /// What stands for the circle of a module.
    circle_of: FxHashMap<ModuleId, ModuleId>,
    /// The views of each circle, with the requests that they are for.
    circles: FxHashMap<ModuleId, Vec<(ModuleId, RecordId, Manner, SymbolId)>>,
}

impl Waiting {
    fn of_chunk(bound: &BoundGraph, chunk: &Chunk) -> Self {
        let mut waiting = Self {
            left: FxHashSet::default(),
            circle_of: FxHashMap::default(),
            circles: FxHashMap::default(),
        };
        let in_cycle = |module: &ModuleId| {
            bound.in_cycle.contains(module.index()) && bound.wrapping[*module] == Wrapping::Hoisted
        };
        if !chunk.modules.iter().any(in_cycle) {
            return waiting;
        }
        let mut views = Vec::new();
        for importer in chunk.modules.iter().copied().filter(in_cycle) {
            let module = &bound.graph.modules[importer];
            for (record, request) in module.syntax.records.iter_enumerated() {
                if request.syntax != RequestSyntax::Static {
                    continue;
                }
                let object = viewed_object(bound, importer, record).map(|(target, _)| target);
                let run = evaluates(bound, importer, record);
                // What stands at the top level and is evaluated on demand has no object before.
                let Some(target) = object.xor(run) else { continue };
                if object.is_none() && bound.wrapping[target] != Wrapping::CommonJs {
                    continue;
                }
                if let Some(view) = interop_symbol(bound, importer, record) {
                    let manner = (target, module.is_node_module_syntax, request.is_required);
                    views.push((importer, record, manner, view));
                }
            }
        }
        if views.is_empty() {
            return waiting;
        }
        let circles = circles_of_modules(&bound.graph);
        waiting.left = chunk.modules.iter().copied().collect();
        let of_circles = chunk.modules.iter().copied().filter(in_cycle);
        waiting.circle_of = of_circles.map(|module| (module, circles[module])).collect();
        for view in views {
            waiting.circles.entry(circles[view.0]).or_default().push(view);
        }
        waiting
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
