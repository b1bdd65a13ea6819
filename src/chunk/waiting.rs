//! Modules that a layout would let wait for others though the sources do not.
//!
//! ```js
//! // entry.js                      // slow.js               // quick.js
//! import './slow'                  await one()              log('quick')
//! import './quick'
//! ```
//!
//! The sources start `slow`, and run `quick` while it waits. In one file, or in a file that imports the others, `quick`
//! would wait, too. What waits for the same modules anyway is fine there.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::order::observable;
use super::{ChunkGraph, ChunkId};
use crate::bind::{BoundGraph, Step, Wrapping, circles_of_modules};
use crate::graph::{ModuleId, RequestSyntax, Target};

/// One that would wait, and those that it would wait for; empty when there is none.
pub fn waiting_in_vain(graph: &ChunkGraph, steps: &[Step]) -> Vec<ModuleId> {
    let bound = &graph.bound;
    let awaits = |module: ModuleId| bound.graph.modules[module].syntax.features.has_top_level_await;
    if !bound.order.iter().any(|module| awaits(*module)) {
        return Vec::new();
    }
    let mut awaited = Awaited {
        circles: circles_of_modules(&bound.graph),
        by_modules: FxHashMap::default(),
        by_circles: FxHashMap::default(),
    };
    // Modules at which a file halts.
    let mut halting: Vec<ModuleId> = Vec::new();
    let nothing = FixedBitSet::new();
    for step in steps {
        let (module, place) = match *step {
            Step::Module(module) => (module, module),
            Step::Evaluate { module, importer } => (module, importer),
        };
        if let Step::Module(_) = step {
            let mut set = FixedBitSet::with_capacity(bound.graph.modules.len());
            for target in evaluated_targets(bound, module) {
                if let Some(other) = awaited.through(module, target) {
                    set.union_with(other);
                }
            }
            if awaits(module) {
                set.insert(module.index());
            }
            awaited.insert(module, set);
            if bound.wrapping[module] != Wrapping::Hoisted {
                continue;
            }
        }
        let own = awaited.by_modules.get(&module).unwrap_or(&nothing);
        let is_halting = step == &Step::Module(module)
            && (awaits(module)
                || evaluated_targets(bound, module).iter().any(|target| {
                    bound.wrapping[*target] == Wrapping::Lazy
                        && awaited
                            .through(module, *target)
                            .is_some_and(|set| !set.is_clear())
                }));
        let is_seen = is_halting || step != &Step::Module(module) || observable(bound, *step).is_some();
        if is_seen && !halting.is_empty() {
            let needed = files_needed(graph, graph.chunk_of[&place]);
            let mut found: Vec<ModuleId> = halting
                .iter()
                .copied()
                .filter(|halt| needed.contains(&graph.chunk_of[halt]))
                .filter(|halt| !awaited.by_modules[halt].is_subset(own))
                .collect();
            if !found.is_empty() {
                found.push(place);
                return found;
            }
        }
        if is_halting {
            halting.push(module);
        }
    }
    Vec::new()
}

/// What modules wait for, themselves included.
struct Awaited {
    /// The module that stands for each circle.
    circles: IndexVec<ModuleId, ModuleId>,
    by_modules: FxHashMap<ModuleId, FixedBitSet>,
    /// All modules of a circle together.
    by_circles: FxHashMap<ModuleId, FixedBitSet>,
}

impl Awaited {
    fn insert(&mut self, module: ModuleId, set: FixedBitSet) {
        let circle = self.by_circles.entry(self.circles[module]).or_default();
        circle.union_with(&set);
        self.by_modules.insert(module, set);
    }

    /// What `importer` waits for because of `target`: who imports one module of a circle from outside waits for all.
    fn through(&self, importer: ModuleId, target: ModuleId) -> Option<&FixedBitSet> {
        let circle = self.circles[target];
        if self.circles[importer] == circle {
            self.by_modules.get(&target)
        } else {
            self.by_circles.get(&circle)
        }
    }
}

/// What a module imports; modules that are not part of the bundle are looked through.
fn evaluated_targets(bound: &BoundGraph, module: ModuleId) -> Vec<ModuleId> {
    let mut found = Vec::new();
    let mut entered = FxHashSet::from_iter([module]);
    let mut pending = vec![module];
    while let Some(module) = pending.pop() {
        let node = &bound.graph.modules[module];
        for (record, target) in node.syntax.records.iter().zip(&node.targets) {
            if let Target::Module(target) = target
                && record.syntax == RequestSyntax::Static
                && entered.insert(*target)
            {
                if bound.is_included(*target) {
                    found.push(*target);
                } else {
                    pending.push(*target);
                }
            }
        }
    }
    found
}

/// A file and all files that are evaluated before it.
fn files_needed(graph: &ChunkGraph, chunk: ChunkId) -> FxHashSet<ChunkId> {
    let mut needed = FxHashSet::default();
    let mut pending = vec![chunk];
    while let Some(chunk) = pending.pop() {
        if needed.insert(chunk) {
            pending.extend(graph.chunks[chunk].imports.keys());
        }
    }
    needed
}
