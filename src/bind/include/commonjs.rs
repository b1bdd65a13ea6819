//! Which exports of CommonJS modules somebody reads. A statement that does nothing but give one of the others a value is
//! left out, with all that only it mentions:
//!
//! ```js
//! // lib.cjs                               // main.js
//! exports.used = () => 1                   import { used } from './lib.cjs'
//! exports.unused = () => require('./big')
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::{Includer, Task};
use crate::bind::symbols::{Binding, SymbolId, SymbolOwner};
use crate::bind::view_forms::ViewReads;
use crate::graph::{
    ExportTarget, ExportsOf, LocalId, MemberPath, ModuleFormat, ModuleId, StatementId, Target,
};

/// Names that are asked of CommonJS modules.
#[derive(Default)]
pub struct AskedExports {
    /// Modules of which every name may be read.
    whole: FxHashSet<ModuleId>,
    names: FxHashSet<(ModuleId, Atom, Access)>,
    /// What is known of the modules that were asked.
    writing: FxHashMap<ModuleId, Writing>,
}

/// How a module writes its exports.
#[derive(Default)]
struct Writing {
    /// The statements that write each name.
    writers: FxHashMap<Atom, Vec<StatementId>>,
    /// The modules whose exports become its own.
    forwards: Vec<ModuleId>,
}

/// How a name is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// As a value.
    Value,
    /// It is called, with the exports as its `this`.
    Method,
}

impl Includer<'_, '_> {
    fn is_commonjs(&self, module: ModuleId) -> bool {
        self.graph.modules[module].syntax.format == ModuleFormat::CommonJs
    }

    /// Every name of a CommonJS module may be read.
    pub(super) fn show_exports(&mut self, module: ModuleId) {
        if !self.is_commonjs(module) || !self.asked.whole.insert(module) {
            return;
        }
        let forwards = self.writing(module).forwards.clone();
        self.write_asked(module);
        for target in forwards {
            self.show_exports(target);
        }
    }

    /// A name of a CommonJS module is read.
    pub(super) fn ask_export(&mut self, module: ModuleId, name: &Atom, access: Access) {
        self.ask_property(module, name);
        if !self.is_commonjs(module)
            || self.asked.whole.contains(&module)
            || !self.asked.names.insert((module, name.clone(), access))
        {
            return;
        }
        let own_exports = &self.graph.modules[module].syntax.own_exports;
        let writing = self.writing(module);
        let forwards = writing.forwards.clone();
        if access == Access::Method && forwards.is_empty() && !own_exports.without_this.contains(name) {
            self.show_exports(module);
            return;
        }
        let statements = writing.writers.get(name).cloned().unwrap_or_default();
        if self.output.modules.contains(module.index()) {
            let tasks = statements.into_iter();
            self.tasks
                .extend(tasks.map(|statement| Task::Statement(module, statement)));
        }
        for target in forwards {
            self.ask_export(target, name, access);
        }
    }

    /// The statements of a module that write what was asked of it, once it is part of the bundle.
    pub(super) fn write_asked(&mut self, module: ModuleId) {
        if !self.is_commonjs(module) || !self.output.modules.contains(module.index()) {
            return;
        }
        self.writing(module);
        let asked = &self.asked;
        let Some(writing) = asked.writing.get(&module) else {
            return;
        };
        let is_asked = |name: &Atom| {
            let by = |access| asked.names.contains(&(module, name.clone(), access));
            asked.whole.contains(&module) || by(Access::Value) || by(Access::Method)
        };
        let writers = writing.writers.iter().filter(|(name, _)| is_asked(name));
        let mut statements: Vec<StatementId> =
            writers.flat_map(|(_, statements)| statements).copied().collect();
        statements.sort_unstable();
        for statement in statements {
            self.tasks.push(Task::Statement(module, statement));
        }
    }

    fn writing(&mut self, module: ModuleId) -> &Writing {
        let node = &self.graph.modules[module];
        self.asked.writing.entry(module).or_insert_with(|| {
            let mut writing = Writing::default();
            for (statement, facts) in node.syntax.statements.iter_enumerated() {
                let Some(exports_use) = &facts.exports_use else {
                    continue;
                };
                for name in &exports_use.written {
                    writing.writers.entry(name.clone()).or_default().push(statement);
                }
                for record in &exports_use.forwards {
                    if let Target::Module(target) = node.targets[*record] {
                        writing.forwards.push(target);
                    }
                }
            }
            writing
        })
    }

    /// Every name of the modules that a module requires may be read.
    pub(super) fn show_required(&mut self, module: ModuleId) {
        let node = &self.graph.modules[module];
        for (record, target) in node.syntax.records.iter().zip(&node.targets) {
            if let Target::Module(target) = target
                && record.syntax.evaluates()
            {
                self.show_exports(*target);
            }
        }
    }

    /// What a statement that is part of the bundle does with exports.
    pub(super) fn use_exports(&mut self, module: ModuleId, statement: StatementId) {
        let graph = self.graph;
        let Some(exports_use) = &graph.modules[module].syntax.statements[statement].exports_use else {
            return;
        };
        for read in &exports_use.reads {
            let target = match read.of {
                ExportsOf::Own => module,
                ExportsOf::Required(record) => match graph.modules[module].targets[record] {
                    Target::Module(target) => target,
                    _ => continue,
                },
            };
            let access = if read.is_method {
                Access::Method
            } else {
                Access::Value
            };
            match &read.name {
                Some(name) => self.ask_export(target, name, access),
                None => self.show_exports(target),
            }
        }
    }

    /// What an ES module reads of a CommonJS module.
    pub(super) fn ask_binding(&mut self, binding: &Binding) {
        match binding {
            Binding::Member(view, name) => {
                let Some((importer, target)) = self.viewed(*view) else {
                    return;
                };
                if self.is_required(*view) {
                    self.ask_export(target, name, Access::Value);
                    return;
                }
                let reads = self.reads_of(importer, target);
                if *name == *"default" {
                    reads.default = true;
                } else {
                    reads.names = true;
                    if self.graph.modules[importer].is_node_module_syntax {
                        let names = self.output.view_names.entry(target).or_default();
                        names.insert(name.clone());
                    }
                }
                let is_part = *name != *"default" || {
                    let own_exports = &self.graph.modules[target].syntax.own_exports;
                    own_exports.has_default_of_its_own && !self.graph.modules[importer].is_node_module_syntax
                };
                if is_part {
                    self.ask_export(target, name, Access::Value);
                } else {
                    self.show_exports(target);
                }
            }
            Binding::Symbol(view) => {
                if let Some((_, target)) = self.viewed(*view) {
                    self.show_exports(target);
                }
            }
            Binding::Constant(_) | Binding::Undefined => {}
        }
    }

    /// What importers like this one read of a CommonJS module.
    pub(super) fn reads_of(&mut self, importer: ModuleId, target: ModuleId) -> &mut ViewReads {
        let is_of_node = self.graph.modules[importer].is_node_module_syntax;
        self.output.view_reads.entry((target, is_of_node)).or_default()
    }

    /// Whether a view is what a `require()` gives.
    fn is_required(&self, view: SymbolId) -> bool {
        match *self.resolver.known.symbols.owner(view) {
            SymbolOwner::Interop(importer, record) => {
                self.graph.modules[importer].syntax.records[record].is_required
            }
            _ => false,
        }
    }

    /// The importer and the CommonJS module of a view.
    fn viewed(&self, view: SymbolId) -> Option<(ModuleId, ModuleId)> {
        let SymbolOwner::Interop(importer, record) = *self.resolver.known.symbols.owner(view) else {
            return None;
        };
        match self.graph.modules[importer].targets[record] {
            Target::Module(target)
                if self.is_commonjs(target) || self.graph.modules[target].shown_object().is_some() =>
            {
                Some((importer, target))
            }
            _ => None,
        }
    }

    /// `imported.name` where `imported` is the default import of a CommonJS module, or a member of its namespace that may
    /// be called as a method. Whether that is what it is.
    pub(super) fn ask_member(
        &mut self,
        id: ModuleId,
        local: LocalId,
        path: &MemberPath,
        binding: &Binding,
        resolved: usize,
    ) -> bool {
        let Binding::Member(view, name) = binding else {
            return false;
        };
        let Some((importer, target)) = self.viewed(*view) else {
            return false;
        };
        let is_called = |length: usize| {
            path.len() == length
                && self.graph.modules[id]
                    .syntax
                    .called_members
                    .contains(&(local, path.clone()))
        };
        if *name != *"default" || self.is_required(*view) {
            // `ns.name()`, whose `this` is the view.
            if resolved > 0 && is_called(resolved) {
                self.ask_export(target, name, Access::Method);
                if self.graph.modules[importer].is_node_module_syntax {
                    self.reads_of(importer, target).whole = true;
                }
            }
            return false;
        }
        let Some(first) = path.get(resolved) else {
            return false;
        };
        let access = if is_called(resolved + 1) {
            Access::Method
        } else {
            Access::Value
        };
        self.reads_of(importer, target).default = true;
        let first = first.clone();
        self.ask_export(target, name, Access::Value);
        self.ask_export(target, &first, access);
        self.tasks.push(Task::Symbol(*view));
        true
    }
}

impl Includer<'_, '_> {
    /// What is `module.exports` of a CommonJS module that stands at the top level, where not only names of it are read.
    pub(super) fn exports_object(&self, module: ModuleId) -> Option<Binding> {
        let local = self.graph.modules[module].exports_object?;
        let imported = self.imports[module].get(&local).cloned();
        Some(imported.unwrap_or_else(|| Binding::Symbol(self.resolver.known.symbols.local(module, local))))
    }

    /// Whether a binding is the exports object of a module of which others only read names.
    pub(super) fn is_object_of_some(&self, module: ModuleId, local: LocalId) -> bool {
        let node = &self.graph.modules[module];
        node.exports_object == Some(local)
            && !node.shows_exports_object
            && node
                .syntax
                .hoisted
                .as_ref()
                .is_some_and(|hoisted| hoisted.has_names)
    }

    /// Whether a statement declares such an object.
    pub(super) fn makes_object_of_some(&self, module: ModuleId, statement: StatementId) -> bool {
        let node = &self.graph.modules[module];
        node.exports_object.is_some_and(|local| {
            self.is_object_of_some(module, local)
                && node.syntax.symbols[local].declared_by.contains(&statement)
        })
    }

    /// A property is read of the exports object of such a module.
    fn ask_property(&mut self, module: ModuleId, name: &Atom) {
        let node = &self.graph.modules[module];
        if !node
            .exports_object
            .is_some_and(|local| self.is_object_of_some(module, local))
        {
            return;
        }
        let asked = self.output.asked_properties.entry(module).or_default();
        if !asked.insert(name.clone()) {
            return;
        }
        let export = node.syntax.exports.iter().find(|export| export.name == *name);
        if let Some(ExportTarget::Local(local)) = export.map(|export| &export.target) {
            let symbol = self.resolver.known.symbols.local(module, *local);
            self.tasks.push(Task::Symbol(symbol));
        } else if *name == *"__esModule"
            && let Some(object) = node.exports_object
        {
            let marks = node.syntax.symbols[object].filled_by.iter();
            self.tasks
                .extend(marks.map(|statement| Task::Statement(module, *statement)));
        }
    }

    /// Whether running a statement reads members of an object that may run code then, or be none: what a module at the top
    /// level requires is imported, and namespaces are always there and only have values.
    pub(super) fn reads_unknown_objects(&self, id: ModuleId, statement: StatementId) -> bool {
        let syntax = &self.graph.modules[id].syntax;
        if syntax.hoisted.is_none() {
            return false;
        }
        let is_unknown = |local: &LocalId| {
            let Some(import) = syntax.imports.get(local) else {
                return false;
            };
            let Target::Module(target) = self.graph.modules[id].targets[import.record] else {
                return false;
            };
            let required = &self.graph.modules[target];
            match required.shown_object() {
                Some(_) => required
                    .syntax
                    .hoisted
                    .as_ref()
                    .and_then(|hoisted| hoisted.object.as_ref())
                    .is_none_or(|object| !object.is_plain),
                None => false,
            }
        };
        let facts = &syntax.statements[statement];
        let read_at_once = &syntax.forms[statement].read_at_once;
        facts
            .member_uses
            .iter()
            .any(|(local, _)| read_at_once.contains(local) && is_unknown(local))
    }
}
