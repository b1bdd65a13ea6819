//! What `import()` gives of a CommonJS module, where something could compare it with another object.
//!
//! ```js
//! import * as namespace from './common.cjs'
//! namespace === await import('./common.cjs')    // Node has one namespace of a module
//! ```
//!
//! The file of the module has `module.exports` as its `default` and the known names, and what an engine makes of that file is
//! what Node would give. It is not the object that a static import sees, and not what importers get that were written for
//! bundlers. Where that matters, the file hands over the objects themselves.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{BoundGraph, SymbolId, SymbolOwner, SymbolTable};
use crate::graph::{EntryKind, ModuleFormat, ModuleGraph, ModuleId, Target};

/// How much of a module those `import()`s want that are in modules of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Only names: nobody sees the object.
    Names,
    /// The object.
    Whole,
}

/// The module that is imported, and whether Node would know the importer as an ES module.
pub type ImportedBy = (ModuleId, bool);

/// What the file of a CommonJS module hands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// What importers see that Node would know as ES modules.
    pub view: bool,
    /// What all others see.
    pub live: bool,
}

/// The names of both in the file; it has no others.
pub const VIEW: &str = "view";
/// See [`VIEW`].
pub const LIVE: &str = "live";

/// The modules whose files hand over objects.
pub(super) fn handed_over(
    graph: &ModuleGraph,
    symbols: &SymbolTable,
    wanted: &FxHashMap<ImportedBy, Wanted>,
    shown_views: &FxHashSet<SymbolId>,
) -> FxHashMap<ModuleId, HandedOver> {
    let declared: FxHashSet<ModuleId> = graph.entries.iter().map(|entry| entry.module).collect();
    let shown_to_node: FxHashSet<ModuleId> = shown_views
        .iter()
        .filter_map(|view| {
            let SymbolOwner::Interop(importer, record) = *symbols.owner(*view) else {
                return None;
            };
            let importer = &graph.modules[importer];
            match importer.targets[record] {
                Target::Module(target) if importer.is_node_module_syntax => Some(target),
                _ => None,
            }
        })
        .collect();
    let mut handed_over = FxHashMap::default();
    for module in wanted.keys().map(|(module, _)| *module) {
        let most = |is_of_node| wanted.get(&(module, is_of_node)).copied();
        let is_observed = (most(true) == Some(Wanted::Whole) && shown_to_node.contains(&module))
            || most(false) == Some(Wanted::Whole);
        if is_observed
            && graph.modules[module].syntax.format == ModuleFormat::CommonJs
            && !declared.contains(&module)
        {
            let objects = HandedOver {
                view: most(true).is_some(),
                live: most(false).is_some(),
            };
            handed_over.insert(module, objects);
        }
    }
    handed_over
}

impl BoundGraph {
    /// What the file of a module hands over instead of the exports of the module.
    pub fn handed_over(&self, module: ModuleId) -> Option<HandedOver> {
        let objects = self.handed_over.get(&module).copied()?;
        let mut entries = self.entries.iter();
        let is_dynamic = entries.any(|entry| entry.module == module && entry.kind == EntryKind::Dynamic);
        is_dynamic.then_some(objects)
    }
}
