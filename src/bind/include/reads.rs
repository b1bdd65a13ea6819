//! What statements read of other modules.

use swc_core::atoms::Atom;

use super::super::exports::Resolution;
use super::super::symbols::{Binding, SymbolOwner};
use super::{Includer, Task};
use crate::graph::{LocalId, MemberPath, ModuleId, StatementFacts, StatementId};

impl Includer<'_, '_> {
    /// Whether a statement that only reads does so before an import that it reads has a value: the error can be observed.
    pub(super) fn reads_too_early(&mut self, id: ModuleId, statement: StatementId) -> bool {
        let graph = self.graph;
        let facts = &graph.modules[id].syntax.statements[statement];
        facts.may_read_too_early
            && (facts
                .uses
                .iter()
                .chain(&facts.early_reads)
                .any(|local| self.is_read_too_early(id, *local, &[]))
                || facts
                    .member_uses
                    .iter()
                    .any(|(local, path)| self.is_read_too_early(id, *local, path)))
    }

    /// Whether what an import is, or a namespace on the way along the path, may have no value when a module runs.
    fn is_read_too_early(&mut self, id: ModuleId, local: LocalId, path: &[Atom]) -> bool {
        let Some(mut symbol) = self.imports[id].get(&local).and_then(Binding::symbol) else {
            return false;
        };
        let mut path = path.iter();
        loop {
            match *self.resolver.known.symbols.owner(symbol) {
                SymbolOwner::Local(other, local) => {
                    return !self.ranks.is_before(other, id)
                        && self.graph.modules[other].syntax.symbols[local].is_lexical;
                }
                SymbolOwner::Namespace(other) => {
                    if !self.ranks.is_before(other, id) {
                        return true;
                    }
                    let member = path.next().map(|name| self.resolver.resolve(other, name));
                    let Some(Resolution::Found(Binding::Symbol(found))) = member else {
                        return false;
                    };
                    symbol = found;
                }
                _ => return false,
            }
        }
    }

    /// `ns.name` on an import namespace: the export itself, without the namespace object; as far along the path as
    /// the objects are namespaces.
    pub(super) fn member_use(&mut self, id: ModuleId, local: LocalId, path: &MemberPath) {
        let Some(mut binding) = self.imports[id].get(&local).cloned() else {
            return;
        };
        let mut resolved = 0;
        for name in path {
            let Binding::Symbol(symbol) = binding else { break };
            binding = match *self.resolver.known.symbols.owner(symbol) {
                SymbolOwner::Namespace(target) => match self.resolver.resolve(target, name) {
                    // Of `ns.first.second()` only `second` is called, and with `ns.first`. Where `ns.first()` is called,
                    // too, both are bound alike.
                    Resolution::Found(found)
                        if !self.is_method_call(id, local, &path[..=resolved], &found) =>
                    {
                        self.way_of_member(id, target, name);
                        found
                    }
                    // A namespace inherits nothing.
                    Resolution::NotFound | Resolution::Ambiguous => Binding::Undefined,
                    // Asked of a module outside or called as a method: the object answers as it does natively.
                    _ => Binding::Member(symbol, name.clone()),
                },
                SymbolOwner::ExternalNamespace(_) | SymbolOwner::Interop(..) => {
                    Binding::Member(symbol, name.clone())
                }
                SymbolOwner::Local(..)
                    if let Some(value) = self.constants.member(self.resolver, id, &binding, name) =>
                {
                    Binding::Constant(value)
                }
                SymbolOwner::Local(..) if *name == *"name" => {
                    self.output.asked_names.insert(symbol);
                    break;
                }
                _ => break,
            };
            resolved += 1;
        }
        if resolved > 0
            && let Some(value) = self.constants.in_place_of(self.resolver, id, &binding)
        {
            binding = Binding::Constant(value);
        }
        if !self.ask_member(id, local, path, &binding, resolved) {
            self.binding(&binding);
        }
        if resolved > 0 {
            self.output.members[id].insert((local, path[..resolved].to_vec()), binding);
        }
    }

    /// Whether an import is a namespace that a statement only asks what is in it; what it asks is noted.
    pub(super) fn only_asks(&mut self, binding: &Binding, facts: &StatementFacts, local: LocalId) -> bool {
        let Some((_, questions)) = facts.only_asked.iter().find(|(asked, _)| *asked == local) else {
            return false;
        };
        let Binding::Symbol(symbol) = *binding else {
            return false;
        };
        let SymbolOwner::Namespace(module) = *self.resolver.known.symbols.owner(symbol) else {
            return false;
        };
        if questions.called {
            let bindings = self.resolver.exported_bindings(module);
            if bindings.iter().any(|(_, binding)| self.uses_this(binding)) {
                return false;
            }
        }
        let known = self.output.asked_namespaces.entry(module).or_default();
        *known = known.and(*questions);
        self.tasks.push(Task::Declared(symbol));
        true
    }

    /// `'name' in ns`: known of a namespace, asked of any other object.
    pub(super) fn key_test(&mut self, id: ModuleId, local: LocalId, name: &Atom) {
        let Some(binding) = self.imports[id].get(&local).cloned() else {
            return;
        };
        if let Binding::Symbol(symbol) = binding
            && let SymbolOwner::Namespace(target) = *self.resolver.known.symbols.owner(symbol)
        {
            let answer = match self.resolver.resolve(target, name) {
                Resolution::Found(_) => Some(true),
                Resolution::NotFound | Resolution::Ambiguous => Some(false),
                Resolution::Guessed(_) => None,
            };
            if let Some(answer) = answer {
                self.output.key_tests[id].insert((local, name.clone()), answer);
                return;
            }
        }
        self.binding(&binding);
    }

    /// Whether the module calls the member, and the function would see the namespace object as `this`.
    pub(super) fn is_method_call(
        &self,
        id: ModuleId,
        local: LocalId,
        path: &[Atom],
        found: &Binding,
    ) -> bool {
        self.uses_this(found)
            && self.graph.modules[id]
                .syntax
                .called_members
                .contains(&(local, path.to_vec()))
    }

    pub(super) fn uses_this(&self, found: &Binding) -> bool {
        let Binding::Symbol(symbol) = *found else {
            return false;
        };
        let SymbolOwner::Local(owner, function) = *self.resolver.known.symbols.owner(symbol) else {
            return false;
        };
        let syntax = &self.graph.modules[owner].syntax;
        syntax.symbols[function]
            .declared_by
            .iter()
            .any(|statement| syntax.statements[*statement].uses_this)
    }
}
