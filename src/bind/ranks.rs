//! Which module has run when another one runs.
//!
//! A circle of imports runs in another order when it is entered by another of its modules, as different entries may do:
//!
//! ```js
//! // a.js                        // b.js
//! import './b.js';               import { value } from './a.js';
//! export const value = 1;        value;    // has a value where an entry imports b.js, none where one imports a.js
//! ```

use std::ops::Index;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cycles::circles_of_modules;
use super::order::evaluation_ranks;
use crate::graph::{ModuleGraph, ModuleId, RequestSyntax, Target};

/// The order in which modules run.
pub struct Ranks {
    /// When each module runs if all entries are loaded one after the other.
    ranks: IndexVec<ModuleId, usize>,
    /// Modules of circles that may be entered in several ways, each with what stands for its circle.
    disputed: FxHashMap<ModuleId, ModuleId>,
}

impl Ranks {
    /// Finds it out; `in_cycle` are the modules of circles.
    pub fn of(graph: &ModuleGraph, in_cycle: &FixedBitSet) -> Self {
        let disputed = if in_cycle.is_clear() {
            FxHashMap::default()
        } else {
            disputed_modules(graph, in_cycle)
        };
        Self {
            ranks: evaluation_ranks(graph),
            disputed,
        }
    }

    /// Whether a module has run when another one does, whichever entry is loaded first.
    pub fn is_before(&self, first: ModuleId, second: ModuleId) -> bool {
        let is_disputed = self
            .circle(first)
            .is_some_and(|circle| self.circle(second) == Some(circle));
        self.ranks[first] < self.ranks[second] && !is_disputed
    }

    /// What stands for the circle of a module, if that may be entered in several ways.
    pub fn circle(&self, module: ModuleId) -> Option<ModuleId> {
        self.disputed.get(&module).copied()
    }
}

impl Index<ModuleId> for Ranks {
    type Output = usize;

    fn index(&self, module: ModuleId) -> &usize {
        &self.ranks[module]
    }
}

fn disputed_modules(graph: &ModuleGraph, in_cycle: &FixedBitSet) -> FxHashMap<ModuleId, ModuleId> {
    let circles = circles_of_modules(graph);
    let mut ways = Ways {
        circles: &circles,
        settled: first_loaded(graph),
        first: FxHashMap::default(),
        disputed: FxHashSet::default(),
    };
    for entry in &graph.entries {
        ways.add(entry.module);
    }
    for (id, module) in graph.modules.iter_enumerated() {
        for (record, request) in module.syntax.records.iter_enumerated() {
            let Target::Module(target) = module.targets[record] else {
                continue;
            };
            let is_inside = request.syntax == RequestSyntax::Static && circles[id] == circles[target];
            if !is_inside && in_cycle.contains(target.index()) {
                ways.add(target);
            }
        }
    }
    let disputed = ways.disputed;
    let modules = circles.iter_enumerated();
    let disputed = modules.filter(|(_, circle)| disputed.contains(circle));
    disputed.map(|(module, circle)| (module, *circle)).collect()
}

/// What is loaded before anything else: what the entry imports, if there is only one.
fn first_loaded(graph: &ModuleGraph) -> FixedBitSet {
    let mut found = FixedBitSet::with_capacity(graph.modules.len());
    let [entry] = graph.entries.as_slice() else {
        return found;
    };
    let mut pending = vec![entry.module];
    while let Some(id) = pending.pop() {
        if found.put(id.index()) {
            continue;
        }
        let module = &graph.modules[id];
        for (record, request) in module.syntax.records.iter_enumerated() {
            if request.syntax == RequestSyntax::Static
                && let Target::Module(target) = module.targets[record]
            {
                pending.push(target);
            }
        }
    }
    found
}

/// The modules that circles are entered by.
struct Ways<'a> {
    circles: &'a IndexVec<ModuleId, ModuleId>,
    /// Modules whose order is known.
    settled: FixedBitSet,
    first: FxHashMap<ModuleId, ModuleId>,
    /// Circles that are entered by more than one.
    disputed: FxHashSet<ModuleId>,
}

impl Ways<'_> {
    fn add(&mut self, module: ModuleId) {
        if self.settled.contains(module.index()) {
            return;
        }
        let circle = self.circles[module];
        if *self.first.entry(circle).or_insert(module) != module {
            self.disputed.insert(circle);
        }
    }
}
