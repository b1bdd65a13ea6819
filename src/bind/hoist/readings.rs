//! What requests ask of modules, and whether the form of an ES module gives the same.

use swc_core::atoms::Atom;

use super::uses::Uses;
use super::{Forms, is_name_of_object};
use crate::graph::{
    ExportTarget, HoistedCommonJs, ImportedName, LocalId, ModuleFormat, ModuleId, ModuleSyntax, NamedImport,
    RecordId, Target,
};
use crate::link::is_unprefixed_builtin;

/// What a request asks of a module.
pub(super) enum Reading {
    /// Names that the module is known to write.
    Names,
    /// The object that it exports.
    Whole,
    /// What nothing stands for.
    Unknown,
}

/// The bindings that a request gives.
fn imports_of(syntax: &ModuleSyntax, record: RecordId) -> impl Iterator<Item = (&LocalId, &NamedImport)> {
    let imports = syntax.imports.iter();
    imports.filter(move |(_, import)| import.record == record)
}

impl<'a> Forms<'a> {
    /// Whether importing the target of a `require()` gives the same: CommonJS does, and an ES module of which only names are
    /// read.
    pub(super) fn may_be_imported(&self, id: ModuleId, record: RecordId, target: Target) -> bool {
        let target = match target {
            Target::Module(target) => target,
            // An import of what is outside the bundle comes before all code; Node's own modules have no effects.
            Target::External(external) => {
                let external = &self.graph.externals[external];
                let specifier = &*external.specifier;
                return !external.is_builtin
                    || specifier.starts_with("node:")
                    || is_unprefixed_builtin(specifier);
            }
            Target::Ignored | Target::Missing => return false,
        };
        let required = self.syntax(target);
        if self.graph.modules[target].syntax.format == ModuleFormat::CommonJs
            || (required.features.is_json && required.resource.is_none())
        {
            return true;
        }
        let is_special = required.resource.is_some()
            || required.features.is_json
            || required.features.is_required_as_default
            || self.waits;
        let syntax = self.syntax(id);
        if is_special
            || required
                .exports
                .iter()
                .any(|export| *export.name == *"module.exports")
        {
            return false;
        }
        let uses = self.uses_of(id);
        imports_of(syntax, record).all(|(local, _)| {
            let names = uses.names.get(local);
            let is_own = |name: &&Atom| !is_name_of_object(name);
            !uses.whole.contains(local) && names.is_none_or(|names| names.iter().all(is_own))
        })
    }

    fn uses_of(&self, id: ModuleId) -> &Uses<'a> {
        self.uses[id].get_or_init(|| Uses::of(self.syntax(id)))
    }

    /// What a request asks of its target.
    pub(super) fn reading(&self, id: ModuleId, record: RecordId, target: ModuleId) -> Reading {
        if self.passes_on(id, record) || !self.reads_known_names(id, record, target) {
            let syntax = self.syntax(id);
            let hoisted = self.syntax(target).hoisted.as_ref();
            let has_object = hoisted.is_some_and(|hoisted| hoisted.object.is_some());
            return if has_object && !syntax.star_exports.contains(&record) {
                Reading::Whole
            } else {
                Reading::Unknown
            };
        }
        Reading::Names
    }

    /// Whether what a request gives is `module.exports` of a module, too.
    fn passes_on(&self, id: ModuleId, record: RecordId) -> bool {
        let syntax = self.syntax(id);
        let object = syntax
            .hoisted
            .as_ref()
            .and_then(|hoisted| hoisted.object.as_ref());
        let import = object.and_then(|object| syntax.imports.get(&object.local));
        import.is_some_and(|import| import.record == record)
    }

    /// Whether a request asks for nothing but names that the target is known to write.
    fn reads_known_names(&self, id: ModuleId, record: RecordId, target: ModuleId) -> bool {
        let syntax = self.syntax(id);
        let form = self.syntax(target);
        let Some(hoisted) = &form.hoisted else {
            return false;
        };
        let is_required = syntax.records[record].is_required;
        let default_is_object =
            !is_required && (self.graph.modules[id].is_node_module_syntax || !hoisted.has_default_of_its_own);
        // Node has taken the values once.
        let is_snapshot = !is_required && self.graph.modules[id].is_node_module_syntax;
        let is_written =
            |name: &Atom| hoisted.has_exports && form.exports.iter().any(|export| export.name == *name);
        let is_known = |name: &Atom| is_written(name) && !(is_snapshot && hoisted.changing.contains(name));
        // The object shows no others, where it is read itself.
        let is_property = |name: &Atom| {
            is_written(name) || (hoisted.has_names && *name != *"default" && !is_name_of_object(name))
        };
        let is_object = |imported: &ImportedName| match imported {
            ImportedName::Namespace => true,
            ImportedName::Name(name) => *name == *"default" && default_is_object,
        };
        if syntax.star_exports.contains(&record) {
            return false;
        }
        for export in &syntax.exports {
            let is_fine = match &export.target {
                ExportTarget::Reexport(from, ImportedName::Name(name)) if *from == record => {
                    !is_object(&ImportedName::Name(name.clone())) && is_known(name)
                }
                ExportTarget::Reexport(from, ImportedName::Namespace) => *from != record,
                ExportTarget::Local(local) => syntax
                    .imports
                    .get(local)
                    .is_none_or(|import| import.record != record || !is_object(&import.imported)),
                ExportTarget::Reexport(..) => true,
            };
            if !is_fine {
                return false;
            }
        }
        let aliases = syntax.hoisted.iter().flat_map(|hoisted| hoisted.aliases.values());
        if aliases
            .filter(|alias| alias.record == record)
            .any(|alias| !is_property(&alias.name))
        {
            return false;
        }
        let uses = self.uses_of(id);
        imports_of(syntax, record).all(|(local, import)| match &import.imported {
            ImportedName::Name(name) if !is_object(&import.imported) => is_known(name),
            imported => {
                let is_namespace = *imported == ImportedName::Namespace;
                let names = uses.names.get(local);
                !uses.whole.contains(local)
                    && names.is_none_or(|names| {
                        names.iter().all(|name| {
                            let is_object_again = is_namespace && **name == *"default" && default_is_object;
                            let is_called = syntax.called_members.contains(&(*local, vec![(*name).clone()]));
                            let is_there = if is_namespace && is_snapshot {
                                is_known(name)
                            } else {
                                is_property(name)
                            };
                            !is_object_again
                                && is_there
                                && (!is_called || self.is_without_this(target, hoisted, name))
                        })
                    })
            }
        })
    }

    /// Whether an export does not read the exports object as its `this`.
    pub(super) fn is_without_this(&self, id: ModuleId, hoisted: &HoistedCommonJs, name: &Atom) -> bool {
        let (mut id, mut hoisted, mut name) = (id, hoisted, name);
        loop {
            if hoisted.without_this.contains(name) {
                return true;
            }
            let Some(alias) = hoisted.aliases.get(name) else {
                return false;
            };
            let Target::Module(target) = self.target(id, alias.record) else {
                return false;
            };
            let syntax = self.syntax(target);
            match &syntax.hoisted {
                Some(next) => (id, hoisted, name) = (target, next, &alias.name),
                None => return syntax.own_exports.without_this.contains(&alias.name),
            }
        }
    }
}
