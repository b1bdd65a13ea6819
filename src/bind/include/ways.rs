//! Modules that a used name passes behind one that promises to have no effects:
//!
//! ```js
//! // page.js                          // index.js: no effects        // setup.js                // thing.js
//! import { thing } from './index.js'  export * from './setup.js'     start()                    export const thing = 1
//! thing()                                                            export * from './thing.js'
//! ```
//!
//! Importing `index.js` asks for nothing, and `thing` is in `thing.js`. But `setup.js` promises nothing: whoever uses a name
//! through it needs it to run.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::{Includer, Task};
use crate::graph::{ExportTarget, ImportedName, LocalId, ModuleGraph, ModuleId, RecordId, Target};

/// Whether a module that promises to have no effects imports one that promises nothing and imports others.
pub(super) fn has_ways_with_effects(graph: &ModuleGraph) -> bool {
    graph
        .modules
        .iter()
        .filter(|module| !module.may_have_side_effects)
        .flat_map(|module| &module.targets)
        .any(|target| {
            matches!(target, Target::Module(target) if {
                let target = &graph.modules[*target];
                target.may_have_side_effects && !target.targets.is_empty()
            })
        })
}

impl Includer<'_, '_> {
    /// An import is used.
    pub(super) fn way_of_import(&mut self, module: ModuleId, local: LocalId) {
        if !self.has_ways_with_effects {
            return;
        }
        if let Some(import) = self.graph.modules[module].syntax.imports.get(&local) {
            self.way_of(module, import.record, &import.imported);
        }
    }

    /// All that a module passes on is used.
    pub(super) fn ways_of_exports(&mut self, module: ModuleId) {
        if !self.has_ways_with_effects {
            return;
        }
        for export in &self.graph.modules[module].syntax.exports {
            match &export.target {
                ExportTarget::Local(local) => self.way_of_import(module, *local),
                ExportTarget::Reexport(record, imported) => self.way_of(module, *record, imported),
            }
        }
    }

    fn way_of(&mut self, user: ModuleId, record: RecordId, imported: &ImportedName) {
        let graph = self.graph;
        let mut request = Some((user, record, imported.clone()));
        let mut passed: FxHashSet<(ModuleId, Atom)> = FxHashSet::default();
        let mut is_behind_promise = false;
        while let Some((importer, record, imported)) = request.take() {
            let (Target::Module(target), ImportedName::Name(name)) =
                (graph.modules[importer].targets[record], imported)
            else {
                return;
            };
            if !passed.insert((target, name.clone())) {
                return;
            }
            if !graph.modules[target].may_have_side_effects {
                is_behind_promise = true;
            } else if is_behind_promise {
                self.output.passed.entry(user).or_default().insert(target);
                self.tasks.push(Task::Module(target));
            }
            request = self
                .resolver
                .passed_on(target, &name)
                .map(|further| (target, further.record, further.imported));
        }
    }
}
