//! Exported constants that are nothing but another name of something: who asks for one is given what it stands for.
//!
//! ```js
//! import * as api from './api.js'       // export function one() {}  export function two() {}
//! export const names = api              // `names.one` of others is `one`
//!
//! function isObject(value) { … }
//! export default isObject               // others call `isObject`
//! ```

use rustc_hash::FxHashSet;

use super::{ExportResolver, has_effects};
use crate::graph::{ImportedName, LocalId, ModuleGraph, ModuleId, NamedImport, RequestSyntax, Target};

/// So many modules are looked at for one that imports the module again; more are taken for a circle.
const MOST_MODULES: usize = 1000;

/// What a constant stands for.
pub(super) enum Renamed<'a> {
    /// The namespace that a request of its module gives.
    Namespace(&'a NamedImport),
    /// Another binding of its module, which never changes.
    Local(LocalId),
}

impl<'a> ExportResolver<'a> {
    /// What an exported constant is another name of. Not where modules import each other: there the constant may be read
    /// before it has its value, and what it stands for may not fail then.
    pub(super) fn renamed(&mut self, module: ModuleId, local: LocalId) -> Option<Renamed<'a>> {
        let graph = self.graph;
        let node = &graph.modules[module];
        let syntax = &node.syntax;
        let [statement] = syntax.symbols[local].declared_by.as_slice() else {
            return None;
        };
        let renaming = syntax.forms[*statement].renames?;
        if renaming.name != local
            || !renaming.is_constant
            || syntax.features.has_dynamic_scope
            || syntax.hoisted.is_some()
        {
            return None;
        }
        let other = renaming.other;
        let renamed = if let Some(import) = syntax.imports.get(&other) {
            let is_namespace = import.imported == ImportedName::Namespace
                && matches!(node.targets[import.record],
                    Target::Module(target) if target != module && !self.is_commonjs(target));
            // Whoever reads a name through a module with effects needs them, whatever its package promises.
            let is_passed_on = node.may_have_side_effects || !has_effects(node);
            (is_namespace && is_passed_on).then_some(Renamed::Namespace(import))?
        } else {
            let [declared] = syntax.symbols[other].declared_by.as_slice() else {
                return None;
            };
            let has_value = declared < statement || syntax.forms[*declared].is_function();
            let is_kept = syntax.symbols[other].is_fixed;
            (has_value && is_kept).then_some(Renamed::Local(other))?
        };
        (!self.imports_itself(module)).then_some(renamed)
    }

    fn imports_itself(&mut self, module: ModuleId) -> bool {
        if let Some(known) = self.known.importing_themselves.get(&module) {
            return *known;
        }
        let imports_itself = imports_itself(self.graph, module);
        self.known.importing_themselves.insert(module, imports_itself);
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
