//! Modules that must run before a module outside the bundle is loaded.
//!
//! ```js
//! import './polyfills'            // a file of its own, which is imported first
//! import { createApp } from 'vue' // outside the bundle
//! ```
//!
//! What a file imports runs before the file does, so `polyfills` in the file of its importer would come after `vue`. What is
//! imported for nothing but its effects is worth a file; who takes bindings of a module does not ask for its place, and
//! most modules of a program would get files of their own. Up to the last such import the order is that of the sources:
//! there is a file for all that stands between two modules outside.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::order::is_observable;
use super::references::evaluates;
use crate::bind::{BoundGraph, Wrapping};
use crate::graph::{
    EntryKind, ExportTarget, ExternalId, ModuleId, RecordId, RequestSyntax, Resource, Target,
};

/// What is evaluated early.
#[derive(Default)]
pub struct Early {
    /// The stretches between two modules outside, one for every entry at most: what an early module needs is early, too, and
    /// who is needed in several stretches of an entry is in the first.
    stretches: FxHashMap<ModuleId, Vec<usize>>,
    /// In how many entries a wrapped module is called early.
    calls: FxHashMap<ModuleId, usize>,
    /// The number of stretches.
    count: usize,
}

impl Early {
    /// Walks all entries. Those of `import()` come after what every other entry loads, and only count where they need an
    /// import for effects.
    pub fn of(bound: &BoundGraph, needed_by: &IndexVec<ModuleId, FixedBitSet>) -> Self {
        let mut early = Self::default();
        if bound.graph.externals.iter().all(|external| external.is_builtin) {
            return early;
        }
        let for_effects = imports_for_effects(bound);
        if for_effects.is_empty() {
            return early;
        }
        let (outer, inner): (Vec<_>, Vec<_>) = bound
            .entries
            .iter()
            .enumerate()
            .partition(|(_, entry)| entry.kind != EntryKind::Dynamic);
        let mut loaded_by_all: Option<FxHashSet<ExternalId>> = None;
        for (_, entry) in outer {
            let loaded = Walk::new(bound, &for_effects, &mut early, FxHashSet::default()).run(entry.module);
            loaded_by_all = Some(match loaded_by_all {
                None => loaded,
                Some(all) => all.intersection(&loaded).copied().collect(),
            });
        }
        let loaded_by_all = loaded_by_all.unwrap_or_default();
        for (index, entry) in inner {
            if for_effects
                .iter()
                .any(|(module, _)| needed_by[*module].contains(index))
            {
                Walk::new(bound, &for_effects, &mut early, loaded_by_all.clone()).run(entry.module);
            }
        }
        early
    }

    /// The stretches of a module; none where it is not early.
    pub fn stretches_of(&self, module: ModuleId) -> &[usize] {
        self.stretches.get(&module).map_or(&[], Vec::as_slice)
    }

    /// Whether the file of a wrapped module may call it, which that many entries need.
    pub fn is_called_by_its_file(&self, module: ModuleId, entries: usize) -> bool {
        self.calls.get(&module).is_some_and(|calls| *calls == entries)
    }
}

/// The evaluation of one entry.
struct Walk<'a> {
    bound: &'a BoundGraph,
    for_effects: &'a FxHashSet<(ModuleId, RecordId)>,
    early: &'a mut Early,
    /// The number of stretches of entries before.
    first_stretch: usize,
    /// Modules outside that were loaded.
    loaded: FxHashSet<ExternalId>,
    entered: FixedBitSet,
    /// Modules on the way from the entry.
    unfinished: FixedBitSet,
    /// Evaluations that can be observed, since the last module outside that they had to come before.
    observed: Vec<ModuleId>,
    /// How many there were in all.
    observed_in_all: usize,
    /// How many of those since then stand before each module outside, so far.
    borders: Vec<usize>,
    /// Whether an import for effects is among what was evaluated since then.
    is_asked_for: bool,
}

/// A module on the way.
struct Visit {
    module: ModuleId,
    next: RecordId,
    /// For an import for effects: how much was observed in all before it.
    for_effects: Option<usize>,
}

impl<'a> Walk<'a> {
    fn new(
        bound: &'a BoundGraph,
        for_effects: &'a FxHashSet<(ModuleId, RecordId)>,
        early: &'a mut Early,
        loaded: FxHashSet<ExternalId>,
    ) -> Self {
        let nothing = FixedBitSet::with_capacity(bound.graph.modules.len());
        Self {
            bound,
            for_effects,
            first_stretch: early.count,
            early,
            loaded,
            entered: nothing.clone(),
            unfinished: nothing,
            observed: Vec::new(),
            observed_in_all: 0,
            borders: Vec::new(),
            is_asked_for: false,
        }
    }

    /// Returns the modules outside that were loaded.
    fn run(mut self, entry: ModuleId) -> FxHashSet<ExternalId> {
        // Explicit stack: cycles of ten thousand modules must not overflow.
        let mut stack = Vec::new();
        self.enter(&mut stack, entry, None);
        while let Some(visit) = stack.last_mut() {
            let (importer, record) = (visit.module, visit.next);
            let module = &self.bound.graph.modules[importer];
            if record.index() == module.targets.len() {
                let visit = stack.pop();
                self.finish(importer, visit.and_then(|visit| visit.for_effects));
                continue;
            }
            visit.next += 1;
            let request = &module.syntax.records[record];
            if request.syntax != RequestSyntax::Static {
                continue;
            }
            match module.targets[record] {
                Target::External(external) if !request.is_required && self.bound.is_included(importer) => {
                    self.load(external);
                }
                Target::Module(target) => {
                    let is_bare = self.for_effects.contains(&(importer, record));
                    if self.bound.wrapping[target] == Wrapping::Hoisted {
                        let for_effects = is_bare.then_some(self.observed_in_all);
                        self.enter(&mut stack, target, for_effects);
                    } else if let Some(called) = evaluates(self.bound, importer, record)
                        && !self.entered.put(called.index())
                    {
                        self.observe(called);
                        self.is_asked_for |= is_bare;
                    }
                }
                _ => {}
            }
        }
        self.loaded
    }

    fn enter(&mut self, stack: &mut Vec<Visit>, module: ModuleId, for_effects: Option<usize>) {
        if !self.entered.put(module.index()) {
            self.unfinished.insert(module.index());
            stack.push(Visit {
                module,
                next: RecordId::from_raw(0),
                for_effects,
            });
        }
    }

    fn finish(&mut self, module: ModuleId, for_effects: Option<usize>) {
        self.unfinished.set(module.index(), false);
        if is_observable(self.bound, module) {
            self.observe(module);
        }
        self.is_asked_for |= for_effects.is_some_and(|before| self.observed_in_all > before);
    }

    fn observe(&mut self, module: ModuleId) {
        self.observed.push(module);
        self.observed_in_all += 1;
    }

    /// A module outside is loaded: what was asked for before it is early.
    fn load(&mut self, external: ExternalId) {
        if self.bound.graph.externals[external].is_builtin || !self.loaded.insert(external) {
            return;
        }
        self.borders.push(self.observed.len());
        if !self.is_asked_for {
            return;
        }
        let mut start = 0;
        for border in std::mem::take(&mut self.borders) {
            let stretch: Vec<ModuleId> = self.observed[start..border].to_vec();
            let Some(needed) = self.needed_by(&stretch) else {
                break;
            };
            for module in needed {
                let own = self.early.stretches.entry(module).or_default();
                if own.last().is_none_or(|last| *last < self.first_stretch) {
                    own.push(self.early.count);
                }
            }
            for module in stretch {
                if self.bound.wrapping[module] != Wrapping::Hoisted {
                    *self.early.calls.entry(module).or_default() += 1;
                }
            }
            self.early.count += 1;
            start = border;
        }
        self.observed.clear();
        self.is_asked_for = false;
    }

    /// What modules need, themselves included; nothing where one of them has not run, which a circle is to blame for.
    fn needed_by(&self, modules: &[ModuleId]) -> Option<FxHashSet<ModuleId>> {
        let mut needed: FxHashSet<ModuleId> = modules.iter().copied().collect();
        let mut pending = modules.to_vec();
        while let Some(module) = pending.pop() {
            if self.unfinished.contains(module.index()) {
                return None;
            }
            let node = &self.bound.graph.modules[module];
            for (record, target) in node.syntax.records.iter().zip(&node.targets) {
                if let Target::Module(target) = target
                    && record.syntax.is_immediate()
                    && needed.insert(*target)
                {
                    pending.push(*target);
                }
            }
        }
        Some(needed)
    }
}

/// The requests like `import './it'`, which take no binding and pass none on; not those of style sheets.
fn imports_for_effects(bound: &BoundGraph) -> FxHashSet<(ModuleId, RecordId)> {
    let mut found = FxHashSet::default();
    for module in &bound.order {
        let node = &bound.graph.modules[*module];
        let syntax = &node.syntax;
        let mut named = FixedBitSet::with_capacity(syntax.records.len());
        named.extend(syntax.imports.values().map(|import| import.record.index()));
        named.extend(syntax.star_exports.iter().map(|record| record.index()));
        named.extend(syntax.exports.iter().filter_map(|export| match export.target {
            ExportTarget::Reexport(record, _) => Some(record.index()),
            ExportTarget::Local(_) => None,
        }));
        for (record, request) in syntax.records.iter_enumerated() {
            if request.syntax == RequestSyntax::Static
                && !request.is_required
                && !named.contains(record.index())
                && let Target::Module(target) = node.targets[record]
                && !matches!(
                    bound.graph.modules[target].syntax.resource,
                    Some(Resource::Style(_))
                )
            {
                found.insert((*module, record));
            }
        }
    }
    found
}
