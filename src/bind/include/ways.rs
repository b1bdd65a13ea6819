//! Modules that a used name passes, and that need to run for it:
//!
//! ```js
//! // page.js                          // index.js: no effects        // setup.js                // thing.js
//! import { thing } from './index.js'  export * from './setup.js'     start()                    export const thing = {}
//! thing()                                                            export * from './thing.js'
//! ```
//!
//! Importing `index.js` asks for nothing, and `thing` is in `thing.js`. But `setup.js` promises nothing: whoever uses a name
//! through it needs it to run.
//!
//! ```js
//! // index.js: no effects
//! import { thing } from './thing.js'
//! thing.part = 1
//! export { thing }
//! ```
//!
//! This `index.js` does something to what it passes on. It promises that nobody needs it who does not use that.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::{Includer, Task};
use crate::bind::exports::{Passage, PassedName, has_effects};
use crate::bind::{Binding, SymbolOwner};
use crate::graph::{
    ExportTarget, ImportedName, LocalId, Module, ModuleFormat, ModuleGraph, ModuleId, RecordId, Target,
};

/// Whether a module that promises to have no effects has some and imports others, or imports one that promises nothing and
/// imports others.
pub(super) fn has_ways_with_effects(graph: &ModuleGraph) -> bool {
    let leads_to_effects = |module: &Module| {
        module.targets.iter().any(|target| {
            matches!(target, Target::Module(target) if {
                let target = &graph.modules[*target];
                target.may_have_side_effects && !target.targets.is_empty()
            })
        })
    };
    let mut promising = graph
        .modules
        .iter()
        .filter(|module| !module.may_have_side_effects && !module.targets.is_empty());
    promising.any(|module| has_effects(module) || leads_to_effects(module))
}

/// Ways of so many steps are not watched for circles.
const SHORT: usize = 8;

/// Whether running a module does something that can be observed, and has to do with one of its imports. What starts with a
/// variable of the module, as `own.part = thing`, or hangs on what imports are, only reads them; unless it gives one a property.
fn does_something_to(module: &Module, local: LocalId) -> bool {
    let syntax = &module.syntax;
    let is_own_variable =
        |one: &LocalId| !syntax.imports.contains_key(one) && syntax.symbols[*one].function_name.is_none();
    syntax.statements.iter().any(|facts| {
        let mut members = facts.member_uses.iter();
        facts.has_side_effects
            && facts
                .silent_if
                .as_ref()
                .is_none_or(|needs| needs.given.contains(&local))
            && !facts.uses.first().is_some_and(is_own_variable)
            && (facts.uses.contains(&local) || members.any(|(object, _)| *object == local))
    })
}

impl Includer<'_, '_> {
    /// Whether a module may do something when it runs, by itself or through what it imports, whatever is promised of it.
    pub(super) fn may_do_something(&self, module: ModuleId) -> bool {
        let mut pending = vec![module];
        let mut seen = FxHashSet::default();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            let module = &self.graph.modules[id];
            if module.syntax.format != ModuleFormat::EsModule
                || module.syntax.resource.is_some()
                || has_effects(module)
            {
                return true;
            }
            let requests = module.syntax.records.iter().zip(&module.targets);
            let evaluated = requests.filter(|(record, _)| record.syntax.evaluates());
            for (_, target) in evaluated {
                match target {
                    Target::Module(target) => pending.push(*target),
                    _ => return true,
                }
            }
        }
        false
    }

    /// An import is used.
    pub(super) fn way_of_import(&mut self, module: ModuleId, local: LocalId) {
        if !self.has_ways_with_effects {
            return;
        }
        let Some(import) = self.graph.modules[module].syntax.imports.get(&local) else {
            return;
        };
        // Most names are those of the module that is asked for them.
        let owner = match self.imports[module].get(&local) {
            Some(Binding::Symbol(symbol)) => Some(self.resolver.known.symbols.owner(*symbol)),
            _ => None,
        };
        let is_direct = matches!(owner, Some(SymbolOwner::Local(owner, _))
            if self.graph.modules[module].targets[import.record] == Target::Module(*owner));
        if !is_direct {
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

    /// A name of a namespace is used.
    pub(super) fn way_of_member(&mut self, user: ModuleId, namespace: ModuleId, name: &Atom) {
        if self.has_ways_with_effects {
            self.way_through(user, namespace, name.clone());
        }
    }

    fn way_of(&mut self, user: ModuleId, record: RecordId, imported: &ImportedName) {
        if let (Target::Module(target), ImportedName::Name(name)) =
            (self.graph.modules[user].targets[record], imported)
        {
            self.way_through(user, target, name.clone());
        }
    }

    fn way_through(&mut self, user: ModuleId, target: ModuleId, name: Atom) {
        let graph = self.graph;
        let mut next = Some((target, name));
        let mut steps = 0;
        let mut seen: FxHashSet<(ModuleId, Atom)> = FxHashSet::default();
        let mut is_behind_promise = false;
        while let Some((target, name)) = next.take() {
            steps += 1;
            // Few ways are long, and fewer lead nowhere.
            if steps > SHORT && !seen.insert((target, name.clone())) {
                return;
            }
            let passed = self.resolver.passed_on(target, &name);
            let is_needed = if graph.modules[target].may_have_side_effects {
                is_behind_promise
            } else {
                is_behind_promise = true;
                match &passed {
                    Some(PassedName {
                        way: Passage::Import(local),
                        ..
                    }) => does_something_to(&graph.modules[target], *local),
                    _ => false,
                }
            };
            if is_needed {
                self.output.passed.entry(user).or_default().insert(target);
                self.tasks.push(Task::Module(target));
            }
            if let Some(passed) = passed
                && let (Target::Module(further), ImportedName::Name(name)) =
                    (graph.modules[target].targets[passed.record], passed.imported)
            {
                next = Some((further, name));
            }
        }
    }
}
