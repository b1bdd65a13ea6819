//! Paths through objects of other modules that run no code:
//!
//! ```js
//! // ticks.js                                       // scale.js
//! const formatters = { plain() {} }                 import { Ticks } from './ticks.js'
//! export const Ticks = { formatters }               class Scale { static format = Ticks.formatters.plain }
//! ```
//!
//! `Scale` can go if nobody asks for it: its field reads literals that nobody can have changed, since everybody asks `Ticks`
//! for paths of two names or more.

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{Decl, Expr, Id, ObjectLit, Prop, PropName, PropOrSpread, Stmt};

use super::exports::{ExportResolver, Resolution};
use super::symbols::{Binding, SymbolId, SymbolOwner};
use crate::graph::{LocalId, MemberPath, ModuleGraph, ModuleId, ModuleSyntax};

/// What importers do with objects of other modules.
#[derive(Default)]
pub struct Asked {
    /// How long the shortest path is that someone asks for, of objects on whose paths a statement hangs.
    lengths: FxHashMap<SymbolId, usize>,
    /// Modules whose namespaces someone has.
    shown: FxHashSet<ModuleId>,
}

impl Asked {
    /// Looks through all statements, if one hangs on a path.
    #[tracing::instrument(name = "asked_paths", skip_all)]
    pub fn of(
        graph: &ModuleGraph,
        resolver: &mut ExportResolver<'_>,
        imports: &IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    ) -> Self {
        let mut asked = Self {
            lengths: objects(graph, resolver, imports),
            shown: FxHashSet::default(),
        };
        if asked.lengths.is_empty() {
            return asked;
        }
        for (id, module) in graph.modules.iter_enumerated() {
            let counting = asked.counting(resolver, &imports[id]);
            if counting.is_empty() {
                continue;
            }
            for facts in &module.syntax.statements {
                for local in &facts.uses {
                    if let Some(binding) = counting.get(local) {
                        asked.note(resolver, binding, &[], 0);
                    }
                }
                for (local, path) in &facts.member_uses {
                    if let Some(binding) = counting.get(local) {
                        let called = module.syntax.called_members.contains(&(*local, path.clone()));
                        asked.note(resolver, binding, path, usize::from(called));
                    }
                }
            }
        }
        asked
    }

    /// The imports of a module that are such objects, or namespaces.
    fn counting<'i>(
        &self,
        resolver: &ExportResolver<'_>,
        imports: &'i FxHashMap<LocalId, Binding>,
    ) -> FxHashMap<LocalId, &'i Binding> {
        let counts = |binding: &Binding| {
            let owner = |symbol| resolver.known.symbols.owner(symbol);
            binding.symbol().is_some_and(|symbol| {
                self.lengths.contains_key(&symbol) || matches!(owner(symbol), SymbolOwner::Namespace(_))
            })
        };
        let imports = imports.iter().filter(|(_, binding)| counts(binding));
        imports.map(|(local, binding)| (*local, binding)).collect()
    }

    /// The modules of those objects.
    pub fn owners(&self, resolver: &ExportResolver<'_>) -> FxHashSet<ModuleId> {
        let owners = self
            .lengths
            .keys()
            .map(|symbol| resolver.known.symbols.owner(*symbol));
        owners
            .filter_map(|owner| match owner {
                SymbolOwner::Local(module, _) => Some(*module),
                _ => None,
            })
            .collect()
    }

    fn note(
        &mut self,
        resolver: &mut ExportResolver<'_>,
        binding: &Binding,
        path: &[swc_core::atoms::Atom],
        called: usize,
    ) {
        let (found, passed) = follow(resolver, binding, path);
        let Some(symbol) = found.symbol() else { return };
        if let SymbolOwner::Namespace(module) = *resolver.known.symbols.owner(symbol) {
            self.shown.insert(module);
        }
        if let Some(known) = self.lengths.get_mut(&symbol) {
            let length = (path.len() - passed).saturating_sub(called);
            *known = length.min(*known);
        }
    }

    /// The module whose object it is, if asking a binding of another module for a path runs no code and does not fail once that
    /// is evaluated.
    pub fn is_plain(
        &self,
        graph: &ModuleGraph,
        resolver: &mut ExportResolver<'_>,
        binding: &Binding,
        path: &MemberPath,
    ) -> Option<ModuleId> {
        let (found, passed) = follow(resolver, binding, path);
        let symbol = found.symbol()?;
        let SymbolOwner::Local(owner, local) = *resolver.known.symbols.owner(symbol) else {
            return None;
        };
        let rest = &path[passed..];
        let is_as_written = !self.shown.contains(&owner)
            && self
                .lengths
                .get(&symbol)
                .is_some_and(|length| *length >= rest.len());
        (is_as_written && leads(&graph.modules[owner].syntax, local, rest)).then_some(owner)
    }
}

/// The objects on whose paths a statement hangs. Nobody is known yet to ask for anything.
fn objects(
    graph: &ModuleGraph,
    resolver: &mut ExportResolver<'_>,
    imports: &IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
) -> FxHashMap<SymbolId, usize> {
    let mut objects = FxHashMap::default();
    for (id, module) in graph.modules.iter_enumerated() {
        let statements = module.syntax.statements.iter();
        let statements = statements.filter_map(|facts| facts.silent_if.as_deref());
        let conditions = module.syntax.symbols.iter().flat_map(|symbol| &symbol.holds_if);
        for needs in statements.chain(conditions.filter_map(|condition| condition.needs.as_deref())) {
            needs.each_path(&mut |(local, path)| {
                let binding = imports[id].get(local);
                let found = binding.map(|binding| follow(resolver, binding, path).0);
                if let Some(symbol) = found.and_then(|found| found.symbol()) {
                    objects.insert(symbol, usize::MAX);
                }
            });
        }
    }
    objects
}

/// What the start of a path is through namespaces, and how many names that takes.
pub fn follow(
    resolver: &mut ExportResolver<'_>,
    binding: &Binding,
    path: &[swc_core::atoms::Atom],
) -> (Binding, usize) {
    let mut found = binding.clone();
    for (passed, name) in path.iter().enumerate() {
        let Some(symbol) = found.symbol() else {
            return (found, passed);
        };
        let SymbolOwner::Namespace(module) = *resolver.known.symbols.owner(symbol) else {
            return (found, passed);
        };
        match resolver.resolve(module, name) {
            Resolution::Found(inner) => found = inner,
            _ => return (found, passed),
        }
    }
    (found, path.len())
}

/// Whether a path through an object of a module leads to something, by literals and other objects of the module only.
fn leads(syntax: &ModuleSyntax, local: LocalId, path: &[swc_core::atoms::Atom]) -> bool {
    let symbol = &syntax.symbols[local];
    if symbol.path_length < path.len() {
        return false;
    }
    let Some(statement) = symbol.declared_by.first() else {
        return false;
    };
    object_of(&syntax.tree.statements[*statement], &symbol.id)
        .is_some_and(|object| leads_in(syntax, object, path))
}

fn leads_in(syntax: &ModuleSyntax, object: &ObjectLit, path: &[swc_core::atoms::Atom]) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return true;
    };
    let mut value = None;
    for property in &object.props {
        let PropOrSpread::Prop(property) = property else {
            return false;
        };
        match &**property {
            Prop::Shorthand(name) if name.sym == *first => value = Some(Expr::Ident(name.clone())),
            Prop::KeyValue(pair) => match name_of(&pair.key) {
                Some(name) if name == first.as_str() => value = Some((*pair.value).clone()),
                Some(_) => {}
                None => return false,
            },
            Prop::Method(method) => match name_of(&method.key) {
                Some(name) if name == first.as_str() => return rest.is_empty(),
                Some(_) => {}
                None => return false,
            },
            Prop::Shorthand(_) => {}
            _ => return false,
        }
    }
    if rest.is_empty() {
        return true;
    }
    match value {
        Some(Expr::Object(inner)) => leads_in(syntax, &inner, rest),
        Some(Expr::Ident(name)) => syntax
            .symbol_of
            .get(&name.to_id())
            .is_some_and(|local| leads(syntax, *local, rest)),
        _ => false,
    }
}

fn name_of(key: &PropName) -> Option<&str> {
    match key {
        PropName::Ident(name) => Some(&name.sym),
        PropName::Str(name) => name.value.as_str(),
        _ => None,
    }
}

fn object_of<'a>(statement: &'a Stmt, id: &Id) -> Option<&'a ObjectLit> {
    let Stmt::Decl(Decl::Var(declaration)) = statement else {
        return None;
    };
    let declarator = declaration
        .decls
        .iter()
        .find(|declarator| declarator.name.as_ident().is_some_and(|name| name.to_id() == *id))?;
    declarator.init.as_ref()?.as_object()
}
