//! What modules show of themselves: to those who load their files, and to those who have their namespaces.

use swc_core::atoms::Atom;

use super::{Includer, Task};
use crate::bind::ModuleExports;
use crate::bind::exports::{Resolution, required_name};
use crate::bind::symbols::{SymbolId, SymbolOwner};
use crate::bind::wrap::Wrapping;
use crate::graph::{AskedName, ModuleFormat, ModuleId, Target};

impl Includer<'_, '_> {
    /// A module whose whole signature is visible from outside.
    pub(super) fn entry(&mut self, module: ModuleId) {
        self.tasks.push(Task::Module(module));
        let is_plain = self.graph.modules[module].syntax.features.is_plain_script;
        if !is_plain || !self.is_declared_entry(module) {
            self.all_exports(module);
        }
        if self.wrapping[module] != Wrapping::Hoisted {
            self.invent(SymbolOwner::Wrapper(module));
        }
    }

    /// The file of a declared entry that is no module exports nothing.
    pub(super) fn is_declared_entry(&self, module: ModuleId) -> bool {
        self.graph.entries.iter().any(|entry| entry.module == module)
    }

    pub(super) fn all_exports(&mut self, module: ModuleId) {
        if !self.whole.insert(module) {
            return;
        }
        let mut exports = ModuleExports {
            external_stars: self.resolver.external_stars(module),
            ..ModuleExports::default()
        };
        let node = &self.graph.modules[module];
        if node.syntax.format == ModuleFormat::CommonJs || node.shown_object().is_some() {
            self.show_exports(module);
            exports.commonjs_names = self.resolver.commonjs_names(module).to_vec();
        } else {
            exports.bindings = self.resolver.exported_bindings(module);
        }
        self.ways_of_exports(module);
        self.add_interface(module, &mut exports);
        for (_, binding) in &exports.bindings {
            self.binding(binding);
        }
        self.output.exports.insert(module, exports);
    }

    /// The target of an `import()` that asks for certain names only. `then` is asked for by whoever waits for a module.
    pub(super) fn some_exports(&mut self, module: ModuleId, asked: &[AskedName]) {
        let is_known = self.graph.modules[module].syntax.format == ModuleFormat::EsModule
            && !self.graph.modules[module].syntax.features.is_json
            && self.wrapping[module] == Wrapping::Hoisted
            && self.resolver.external_stars(module).is_empty();
        if !is_known || asked.iter().any(|name| self.sees_namespace(module, name)) {
            self.entry(module);
            return;
        }
        self.tasks.push(Task::Module(module));
        if self.whole.contains(&module) {
            return;
        }
        let then = Atom::from("then");
        for name in asked.iter().map(|asked| &asked.name).chain([&then]) {
            self.shows_export(module, name);
        }
    }

    /// One export that others may see.
    fn shows_export(&mut self, module: ModuleId, name: &Atom) {
        let known = self.output.exports.entry(module).or_default();
        if let Err(place) = known.place_of(name)
            && let Resolution::Found(binding) | Resolution::Guessed(binding) =
                self.resolver.resolve(module, name)
        {
            known.bindings.insert(place, (name.clone(), binding.clone()));
            self.binding(&binding);
        }
    }

    /// What `require()` gives of an ES module in place of its namespace; whether it does.
    pub(super) fn required_value(&mut self, module: ModuleId) -> bool {
        let name = required_name(self.graph, module).into();
        let is_found = matches!(self.resolver.resolve(module, &name), Resolution::Found(_));
        if is_found {
            self.shows_export(module, &name);
        }
        is_found
    }

    /// Whether a function of the module may be called with the namespace as `this`.
    fn sees_namespace(&mut self, module: ModuleId, asked: &AskedName) -> bool {
        asked.is_method
            && match self.resolver.resolve(module, &asked.name) {
                Resolution::Found(binding) => self.uses_this(&binding),
                _ => false,
            }
    }

    /// Names that a provided package has only in the other mode are read too: they are `undefined` here.
    fn add_interface(&mut self, module: ModuleId, exports: &mut ModuleExports) {
        let entries = self.graph.entries.iter().filter(|entry| entry.module == module);
        for name in entries.filter_map(|entry| entry.interface.as_ref()).flatten() {
            if self.graph.modules[module].syntax.format == ModuleFormat::CommonJs {
                if !exports.commonjs_names.contains(name) {
                    exports.commonjs_names.push(name.clone());
                }
            } else if exports.bindings.iter().all(|(known, _)| known != name)
                && let Resolution::Found(binding) | Resolution::Guessed(binding) =
                    self.resolver.resolve(module, name)
            {
                exports.bindings.push((name.clone(), binding));
            }
        }
    }

    /// The namespace of a CommonJS module that is used as an object shows its names, those without a value too.
    pub(super) fn show_view(&mut self, symbol: SymbolId) {
        if let SymbolOwner::Interop(importer, record) = *self.resolver.known.symbols.owner(symbol)
            && let Target::Module(target) = self.graph.modules[importer].targets[record]
            && !self.graph.modules[importer].syntax.records[record].is_required
            && self.output.shown_views.insert(symbol)
        {
            self.reads_of(importer, target).whole = true;
            self.all_exports(target);
        }
    }
}
