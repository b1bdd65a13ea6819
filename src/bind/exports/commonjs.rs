//! What names of CommonJS modules are that stand at the top level.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::super::symbols::{Binding, SymbolOwner};
use super::{ExportResolver, Resolution, has_effects};
use crate::graph::{ExportAlias, ImportedName, ModuleId, RecordId, Target};

impl<'a> ExportResolver<'a> {
    /// The name of a required module that an export of a hoisted CommonJS module certainly is whenever it can be read. Most
    /// names of modules that were hoisted, too, keep their values.
    pub(super) fn alias_of(&self, module: ModuleId, name: &Atom) -> Option<&'a ExportAlias> {
        let graph = self.graph;
        let node = &graph.modules[module];
        let alias = node.syntax.hoisted.as_ref()?.aliases.get(name)?;
        let is_fixed = match node.targets[alias.record] {
            Target::Module(target) if graph.modules[target].shown_object().is_none() => {
                let hoisted = graph.modules[target].syntax.hoisted.as_ref();
                hoisted.is_some_and(|hoisted| !hoisted.changing.contains(&alias.name))
            }
            _ => false,
        };
        // Whoever reads a name through a module with effects needs them, whatever its package promises.
        let is_passed_on = is_fixed && (node.may_have_side_effects || !has_effects(node));
        (alias.is_live || is_passed_on).then_some(alias)
    }

    /// Whether the name `default` of a request means the exports object of a CommonJS module that was hoisted.
    pub(super) fn default_is_object(
        &self,
        importer: ModuleId,
        record: RecordId,
        imported: &ImportedName,
    ) -> bool {
        let node = &self.graph.modules[importer];
        let Target::Module(target) = node.targets[record] else {
            return false;
        };
        *imported == ImportedName::Name("default".into())
            && !node.syntax.records[record].is_required
            && self.graph.modules[target]
                .syntax
                .hoisted
                .as_ref()
                .is_some_and(|hoisted| {
                    hoisted.has_exports && (node.is_node_module_syntax || !hoisted.has_default_of_its_own)
                })
    }

    /// What a request of a CommonJS module gives that stands at the top level, where that is used as an object.
    pub(super) fn resolve_object(
        &mut self,
        importer: ModuleId,
        record: RecordId,
        imported: &ImportedName,
        target: ModuleId,
        visited: &mut FxHashSet<(ModuleId, Atom)>,
    ) -> Resolution {
        let node = &self.graph.modules[importer];
        let hoisted = self.graph.modules[target].syntax.hoisted.as_ref();
        let object = hoisted.and_then(|hoisted| hoisted.object.as_ref());
        let is_required = node.syntax.records[record].is_required;
        let may_have_default = hoisted.is_some_and(|hoisted| hoisted.has_default_of_its_own)
            || object.is_some_and(|object| object.may_be_marked);
        let is_plain = object.is_some_and(|object| object.is_plain);
        let is_value = match imported {
            ImportedName::Namespace => is_required,
            ImportedName::Name(name) => {
                *name == *"default" && !is_required && (node.is_node_module_syntax || !may_have_default)
            }
        };
        let Some(Binding::Symbol(value)) = self.exports_object(target, visited) else {
            return Resolution::Found(Binding::Undefined);
        };
        Resolution::Found(match imported {
            _ if is_value => Binding::Symbol(value),
            ImportedName::Name(name)
                if is_required || (!node.is_node_module_syntax && is_plain && *name != *"default") =>
            {
                Binding::Member(value, name.clone())
            }
            ImportedName::Name(name) => {
                let view = self.known.symbols.invent(SymbolOwner::Interop(importer, record));
                Binding::Member(view, name.clone())
            }
            ImportedName::Namespace => {
                Binding::Symbol(self.known.symbols.invent(SymbolOwner::Interop(importer, record)))
            }
        })
    }

    /// The value that is `module.exports` of a CommonJS module that stands at the top level, where it is used.
    pub(super) fn exports_object(
        &mut self,
        module: ModuleId,
        visited: &mut FxHashSet<(ModuleId, Atom)>,
    ) -> Option<Binding> {
        let node = &self.graph.modules[module];
        let local = node.shown_object()?;
        match node.syntax.imports.get(&local) {
            None => Some(Binding::Symbol(self.known.symbols.local(module, local))),
            Some(import) => match self.resolve_request(module, import.record, &import.imported, visited) {
                Resolution::Found(binding) => Some(binding),
                _ => None,
            },
        }
    }
}
