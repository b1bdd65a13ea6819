//! Which modules run when they are asked for instead of when their chunk loads.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use serde::{Deserialize, Serialize};

use crate::graph::{ModuleFormat, ModuleGraph, ModuleId, RequestSyntax, Target};

/// How a module's statements get evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wrapping {
    /// Its statements stand at the top level of their chunk.
    Hoisted,
    /// `var require_file = __commonJS(…)`: evaluated at the first `require_file()`.
    CommonJs,
    /// `var init_file = __esm(…)`: an ES module that somebody `require`s, or whose place in the evaluation
    /// order no chunk layout can keep.
    Lazy,
}

/// CommonJS modules, the ES modules they require, and what those import in turn: an ES module that runs
/// late must find its imports evaluated just before it, not when the chunk loads.
pub fn wrap_required_modules(graph: &ModuleGraph) -> IndexVec<ModuleId, Wrapping> {
    let mut wrapping: IndexVec<ModuleId, Wrapping> = graph
        .modules
        .iter()
        .map(|module| match module.syntax.format {
            ModuleFormat::CommonJs => Wrapping::CommonJs,
            ModuleFormat::EsModule => Wrapping::Hoisted,
        })
        .collect();
    let mut pending: Vec<ModuleId> = Vec::new();
    for module in &graph.modules {
        for (record, target) in module.syntax.records.iter().zip(&module.targets) {
            if let Target::Module(target) = target
                && matches!(
                    record.syntax,
                    RequestSyntax::Require | RequestSyntax::RequireInTry
                )
                // It has run by then.
                && graph.modules[*target].exports_object.is_none()
            {
                pending.push(*target);
            }
        }
    }
    wrap_lazily(graph, &mut wrapping, pending);
    wrapping
}

/// Makes hoisted modules lazy, and everything they import statically.
pub fn wrap_lazily(
    graph: &ModuleGraph,
    wrapping: &mut IndexVec<ModuleId, Wrapping>,
    mut pending: Vec<ModuleId>,
) {
    while let Some(id) = pending.pop() {
        // The value of a JSON file is the same whenever it is made.
        if wrapping[id] != Wrapping::Hoisted || graph.modules[id].syntax.features.is_json {
            continue;
        }
        wrapping[id] = Wrapping::Lazy;
        let module = &graph.modules[id];
        for (record, target) in module.syntax.records.iter().zip(&module.targets) {
            if let Target::Module(target) = target
                && record.syntax == RequestSyntax::Static
            {
                pending.push(*target);
            }
        }
    }
}

/// Lazy modules with top-level `await`, and lazy ones that import such, directly or not.
pub fn asynchronous_modules(graph: &ModuleGraph, wrapping: &IndexVec<ModuleId, Wrapping>) -> FixedBitSet {
    let mut found = FixedBitSet::with_capacity(graph.modules.len());
    let is_lazy = |module: &ModuleId| wrapping[*module] == Wrapping::Lazy;
    let mut pending: Vec<ModuleId> = graph
        .modules
        .indices()
        .filter(|module| is_lazy(module) && graph.modules[*module].syntax.features.has_top_level_await)
        .collect();
    if pending.is_empty() {
        return found;
    }
    let mut importers: IndexVec<ModuleId, Vec<ModuleId>> = graph.modules.iter().map(|_| Vec::new()).collect();
    for (importer, module) in graph.modules.iter_enumerated() {
        for (record, target) in module.syntax.records.iter().zip(&module.targets) {
            if let Target::Module(target) = target
                && record.syntax == RequestSyntax::Static
            {
                importers[*target].push(importer);
            }
        }
    }
    while let Some(module) = pending.pop() {
        if !found.put(module.index()) {
            pending.extend(
                importers[module]
                    .iter()
                    .copied()
                    .filter(|importer| is_lazy(importer)),
            );
        }
    }
    found
}
