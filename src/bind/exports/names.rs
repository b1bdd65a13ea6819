//! The names that a module exports.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::super::symbols::Binding;
use super::{ExportResolver, Resolution};
use crate::graph::{ExportsPart, ModuleId, Target};

impl ExportResolver<'_> {
    /// `GetExportedNames` of an ES module, sorted as a namespace object lists them, with what each is.
    /// Ambiguous names are left out, as the standard does. For CommonJS the statically known names.
    pub fn exported_bindings(&mut self, module: ModuleId) -> Vec<(Atom, Binding)> {
        let mut names = FxHashSet::default();
        self.collect_names(module, &mut names, &mut FxHashSet::default());
        let mut names: Vec<Atom> = names.into_iter().collect();
        // ECMA-262 §10.4.6.12: sorted by code units.
        names.sort_by(|left, right| left.encode_utf16().cmp(right.encode_utf16()));
        names
            .into_iter()
            .filter_map(|name| match self.resolve(module, &name) {
                Resolution::Found(binding) | Resolution::Guessed(binding) => Some((name, binding)),
                Resolution::NotFound | Resolution::Ambiguous => None,
            })
            .collect()
    }

    pub(super) fn collect_names(
        &mut self,
        module: ModuleId,
        names: &mut FxHashSet<Atom>,
        visited: &mut FxHashSet<ModuleId>,
    ) {
        if !visited.insert(module) {
            return;
        }
        let syntax = &self.graph.modules[module].syntax;
        names.extend(syntax.exports.iter().map(|export| export.name.clone()));
        for &record in &syntax.star_exports {
            let Target::Module(target) = self.graph.modules[module].targets[record] else {
                continue;
            };
            let mut below = FxHashSet::default();
            if self.is_commonjs(target) {
                below.extend(self.commonjs_names(target).iter().cloned());
            } else {
                self.collect_names(target, &mut below, visited);
            }
            names.extend(below.into_iter().filter(|name| *name != *"default"));
        }
    }

    /// The modules outside the bundle that `export *` chains of `module` reach, in source order.
    pub fn external_stars(&self, module: ModuleId) -> Vec<crate::graph::ExternalId> {
        let mut found = Vec::new();
        let mut visited = FxHashSet::default();
        let mut stack = vec![module];
        while let Some(module) = stack.pop() {
            if !visited.insert(module) {
                continue;
            }
            for &record in self.graph.modules[module].syntax.star_exports.iter().rev() {
                match self.graph.modules[module].targets[record] {
                    Target::Module(target) => stack.push(target),
                    Target::External(external) if !found.contains(&external) => found.push(external),
                    _ => {}
                }
            }
        }
        found
    }

    /// The names that static analysis finds on a CommonJS module: its own, those of modules it copies
    /// from, and where it forwards to one of several modules the names all of them have.
    pub fn commonjs_names(&mut self, module: ModuleId) -> &[Atom] {
        if !self.known.commonjs_names.contains_key(&module) {
            let names = self.find_commonjs_names(module, &mut FxHashSet::default());
            self.known.commonjs_names.insert(module, names);
        }
        &self.known.commonjs_names[&module]
    }

    pub(super) fn find_commonjs_names(
        &mut self,
        module: ModuleId,
        visited: &mut FxHashSet<ModuleId>,
    ) -> Vec<Atom> {
        if let Some(names) = self.known.commonjs_names.get(&module) {
            return names.clone();
        }
        if !visited.insert(module) {
            return Vec::new();
        }
        let commonjs = &self.graph.modules[module].syntax.commonjs;
        let mut names = commonjs.names.clone();
        for (specifier, part) in &commonjs.part_forwards {
            names.extend(self.names_of_part(module, specifier, *part));
        }
        for star in &commonjs.stars {
            let below = self.names_of_request(module, star, visited).unwrap_or_default();
            names.extend(below.into_iter().filter(|name| *name != *"default"));
        }
        let mut forwarded: Option<Vec<Atom>> = None;
        for forward in &commonjs.forwards {
            // Nothing is known of a module outside the bundle, so it does not narrow what the others share.
            let Some(below) = self.names_of_request(module, forward, visited) else {
                continue;
            };
            forwarded = Some(match forwarded {
                None => below,
                Some(shared) => shared.into_iter().filter(|name| below.contains(name)).collect(),
            });
        }
        names.extend(forwarded.unwrap_or_default());
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.clone()));
        visited.remove(&module);
        names
    }

    /// The names of a required module; `None` where nothing is known.
    pub(super) fn names_of_request(
        &mut self,
        module: ModuleId,
        specifier: &Atom,
        visited: &mut FxHashSet<ModuleId>,
    ) -> Option<Vec<Atom>> {
        match self.target_of(module, specifier) {
            Some(Target::Module(target)) if visited.contains(&target) => None,
            // The names of one value are no exports where that is a variable at the top level.
            Some(Target::Module(target))
                if self.is_commonjs(target) || self.graph.modules[target].exports_object.is_some() =>
            {
                Some(self.find_commonjs_names(target, visited))
            }
            Some(Target::Module(target)) => {
                // A name that only hoisting has given it.
                let is_hoisted = self.graph.modules[target].syntax.hoisted.is_some();
                let names = self.exported_bindings(target).into_iter().map(|(name, _)| name);
                Some(
                    names
                        .filter(|name| !is_hoisted || *name != *"module.exports")
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// `module.exports = require('x').default` and `module.exports = require('x')()`.
    pub(super) fn names_of_part(&self, module: ModuleId, specifier: &Atom, part: ExportsPart) -> Vec<Atom> {
        let Some(Target::Module(target)) = self.target_of(module, specifier) else {
            return Vec::new();
        };
        let commonjs = &self.graph.modules[target].syntax.commonjs;
        let of_part = match part {
            ExportsPart::Default => &commonjs.default,
            ExportsPart::Result => &commonjs.result,
        };
        of_part
            .as_ref()
            .map(|exports| exports.names.clone())
            .unwrap_or_default()
    }

    pub(super) fn target_of(&self, module: ModuleId, specifier: &Atom) -> Option<Target> {
        let node = &self.graph.modules[module];
        node.syntax
            .records
            .iter_enumerated()
            .find(|(_, record)| record.specifier == *specifier && record.syntax.evaluates())
            .map(|(record, _)| node.targets[record])
    }

    /// What is known of a module's exports, for messages.
    pub fn names_for_message(&mut self, module: ModuleId) -> Vec<Atom> {
        self.exported_bindings(module)
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    }
}
