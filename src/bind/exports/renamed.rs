//! Constants that are another name of a namespace, as a barrel gives one: asked for a name, the module behind it is asked.
//!
//! ```js
//! import * as api from './api.js'       // export function one() {}  export function two() {}
//! export const names = api              // `names.one` of others is `one`
//! ```

use rustc_hash::FxHashSet;

use super::{ExportResolver, has_effects};
use crate::graph::{ImportedName, LocalId, ModuleGraph, ModuleId, NamedImport, RequestSyntax, Target};

/// So many modules are looked at for one that imports the module again; more are taken for a circle.
const MOST_MODULES: usize = 1000;

impl<'a> ExportResolver<'a> {
    /// The import of the namespace that an exported constant is another name of. Not where modules import each other: there
    /// the constant may be read before it has its value, and the namespace may not fail then.
    pub(super) fn renamed_namespace(&mut self, module: ModuleId, local: LocalId) -> Option<&'a NamedImport> {
        let graph = self.graph;
        let node = &graph.modules[module];
        let syntax = &node.syntax;
        let [statement] = syntax.symbols[local].declared_by.as_slice() else {
            return None;
        };
        let renaming = syntax.forms[*statement].renames?;
        let import = syntax.imports.get(&renaming.other)?;
        let is_namespace = renaming.name == local
            && renaming.is_constant
            && import.imported == ImportedName::Namespace
            && !syntax.features.has_dynamic_scope
            && matches!(node.targets[import.record],
                Target::Module(target) if target != module && !self.is_commonjs(target));
        // Whoever reads a name through a module with effects needs them, whatever its package promises.
        let is_passed_on = node.may_have_side_effects || !has_effects(node);
        (is_namespace && is_passed_on && !self.imports_itself(module)).then_some(import)
    }

    fn imports_itself(&mut self, module: ModuleId) -> bool {
        if let Some(known) = self.importing_themselves.get(&module) {
            return *known;
        }
        let imports_itself = imports_itself(self.graph, module);
        self.importing_themselves.insert(module, imports_itself);
        imports_itself
    }
}

fn imports_itself(graph: &ModuleGraph, module: ModuleId) -> bool {
    let mut seen: FxHashSet<ModuleId> = FxHashSet::default();
    let mut pending = vec![module];
    while let Some(next) = pending.pop() {
        let node = &graph.modules[next];
        for (record, target) in node.syntax.records.iter().zip(&node.targets) {
            let is_evaluated = !matches!(record.syntax, RequestSyntax::Dynamic | RequestSyntax::Worker);
            let Target::Module(target) = target else { continue };
            if !is_evaluated {
                continue;
            }
            if *target == module || seen.len() > MOST_MODULES {
                return true;
            }
            if seen.insert(*target) {
                pending.push(*target);
            }
        }
    }
    false
}
