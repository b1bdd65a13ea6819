//! CommonJS modules that do nothing but pass another one on:
//!
//! ```js
//! // index.js
//! module.exports = require('./cjs/library.production.js')
//! ```
//!
//! Whoever evaluates such a module evaluates the other, at the same time, and gets the same object. So requests lead to the
//! other module directly, those of `import()` as those of `import`: their namespaces stay one object.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;

use crate::graph::{Module, ModuleFormat, ModuleGraph, ModuleId, RequestSyntax, Target};

/// Lets requests of modules that only pass another one on lead to that one. Modules in circles stay.
pub fn pass_through_forwarders(graph: &mut ModuleGraph, in_cycle: &FixedBitSet) {
    let next: IndexVec<ModuleId, Option<ModuleId>> = graph
        .modules
        .iter_enumerated()
        .map(|(id, module)| {
            let target = forwarded(module).filter(|_| !in_cycle.contains(id.index()))?;
            let other = &graph.modules[target];
            (other.syntax.format == ModuleFormat::CommonJs).then_some(target)
        })
        .collect();
    if next.iter().all(Option::is_none) {
        return;
    }
    let last = |mut id: ModuleId| {
        while let Some(other) = next[id] {
            id = other;
        }
        id
    };
    let mut needed = Vec::new();
    for id in graph.modules.indices() {
        if next[id].is_some() {
            continue;
        }
        for record in graph.modules[id].syntax.records.indices() {
            let request = graph.modules[id].syntax.records[record].syntax;
            if let Target::Module(target) = graph.modules[id].targets[record]
                && (request.evaluates() || request == RequestSyntax::Dynamic)
                && next[target].is_some()
            {
                let other = last(target);
                // Who must not leave out the one that passes on must not leave out the other.
                if graph.modules[target].may_have_side_effects || request != RequestSyntax::Static {
                    needed.push(other);
                }
                graph.modules[id].targets[record] = Target::Module(other);
            }
        }
    }
    for id in needed {
        graph.modules[id].may_have_side_effects = true;
    }
    forget_forwarders(graph, &next);
}

/// Those that nobody asks for any more ask for nothing.
fn forget_forwarders(graph: &mut ModuleGraph, next: &IndexVec<ModuleId, Option<ModuleId>>) {
    let mut is_asked_for = FixedBitSet::with_capacity(graph.modules.len());
    let mut pending: Vec<ModuleId> = graph.entries.iter().map(|entry| entry.module).collect();
    pending.extend(graph.modules.indices().filter(|id| next[*id].is_none()));
    while let Some(id) = pending.pop() {
        if is_asked_for.put(id.index()) {
            continue;
        }
        for target in &graph.modules[id].targets {
            if let Target::Module(target) = target {
                pending.push(*target);
            }
        }
    }
    for id in next.indices().filter(|id| !is_asked_for.contains(id.index())) {
        for target in &mut graph.modules[id].targets {
            *target = Target::Ignored;
        }
    }
}

/// The module that another one passes on, where it does nothing else.
fn forwarded(module: &Module) -> Option<ModuleId> {
    let syntax = &module.syntax;
    let record = syntax.features.passes_on?;
    let request = syntax.records.get(record)?;
    match module.targets[record] {
        Target::Module(target) if request.syntax == RequestSyntax::Require => Some(target),
        _ => None,
    }
}
