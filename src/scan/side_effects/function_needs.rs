//! What functions need: bindings that have values, imports that keep promises.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, Expr, FnDecl, Id, Ident, Prop, ReturnStmt, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::functions::{Bindings, Candidate};
use super::inner_functions::CalledNames;
use super::quiet::Quiet;
use super::{Relied, without_parentheses};
use crate::graph::Construction;

/// What functions need and fill themselves.
pub struct OwnNeeds {
    pub fills: FxHashMap<(Id, Construction), FxHashSet<Id>>,
    pub relied: FxHashMap<(Id, Construction), Relied>,
}

/// What each of the first `new` reads, fills and relies on, itself or through those that it names.
pub(super) fn note_needs(
    candidates: &[Candidate<'_>],
    new: usize,
    quiet: &mut Quiet,
    own: &OwnNeeds,
    bindings: &Bindings<'_>,
) {
    let mut named: FxHashMap<&Id, FxHashSet<Id>> = FxHashMap::default();
    for candidate in candidates {
        let mut called = CalledNames::default();
        candidate.callable.visit_with(&mut called);
        let mut found = Names {
            found: FxHashSet::default(),
            called: called.0,
        };
        candidate.callable.visit_with(&mut found);
        named.entry(&candidate.id).or_default().extend(found.found);
    }
    for candidate in &candidates[..new] {
        let mut read = FxHashSet::default();
        let mut visited = FxHashSet::default();
        let mut pending = vec![&candidate.id];
        let key = (candidate.id.clone(), candidate.construction());
        let mut filled = own.fills.get(&key).cloned().unwrap_or_default();
        let mut relied = own.relied.get(&key).cloned().unwrap_or_default();
        while let Some(id) = pending.pop() {
            if *id != candidate.id {
                for construction in [Construction::Call, Construction::New] {
                    let key = (id.clone(), construction);
                    filled.extend(own.fills.get(&key).into_iter().flatten().cloned());
                    if let Some(others) = own.relied.get(&key) {
                        relied.extend(others);
                    }
                }
            }
            for mentioned in named.get(id).into_iter().flatten() {
                if (bindings.is_lexical)(mentioned) {
                    read.insert(mentioned.clone());
                }
                if let Some((name, _)) = named.get_key_value(mentioned)
                    && visited.insert(*name)
                {
                    pending.push(name);
                }
            }
        }
        quiet.note_needs(candidate, read);
        if !relied.is_empty() {
            quiet.relied.insert(key.clone(), relied);
        }
        if !filled.is_empty() {
            quiet.fills.insert(key, filled);
        }
    }
}

/// The names that a function mentions, without those of functions that it only makes. Such functions run later, if at all.
struct Names {
    found: FxHashSet<Id>,
    /// What it calls, or gives to what it calls.
    called: FxHashSet<Id>,
}

impl Names {
    fn made(&mut self, value: &Expr) {
        match without_parentheses(value) {
            Expr::Fn(_) | Expr::Arrow(_) => {}
            Expr::Object(object) => {
                for property in &object.props {
                    match property.as_prop().map(|property| &**property) {
                        Some(Prop::KeyValue(pair)) => {
                            pair.key.visit_with(self);
                            self.made(&pair.value);
                        }
                        Some(Prop::Method(method)) => method.key.visit_with(self),
                        _ => property.visit_with(self),
                    }
                }
            }
            other => other.visit_with(self),
        }
    }
}

impl Visit for Names {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.found.insert(ident.to_id());
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        arrow.params.visit_with(self);
        match &*arrow.body {
            ArrowFunctionBody::Expr(value) => self.made(value),
            ArrowFunctionBody::FunctionBody(body) => body.visit_with(self),
        }
    }

    fn visit_return_stmt(&mut self, statement: &ReturnStmt) {
        if let Some(value) = &statement.arg {
            self.made(value);
        }
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        if self.called.contains(&declaration.ident.to_id()) {
            declaration.function.visit_with(self);
        }
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        declarator.name.visit_with(self);
        let is_called = declarator
            .name
            .as_ident()
            .is_some_and(|name| self.called.contains(&name.to_id()));
        match &declarator.init {
            Some(value) if is_called => value.visit_with(self),
            Some(value) => self.made(value),
            None => {}
        }
    }
}
