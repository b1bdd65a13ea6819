//! Functions that read their `this`: an export that is called as a method sees all others through it.

use oxc_index::IndexVec;
use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{Decl, Expr, Function, Id, Pat, SimpleAssignTarget, Stmt};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use crate::graph::StatementId;

/// Functions at the top of the module that do not read their `this`.
pub(super) fn functions_without_this(statements: &IndexVec<StatementId, Stmt>) -> FxHashSet<Id> {
    let mut found = FxHashSet::default();
    let mut others = FxHashSet::default();
    for statement in statements {
        if let Stmt::Decl(Decl::Fn(declaration)) = statement {
            let id = declaration.ident.to_id();
            if reads_this(&declaration.function) {
                others.insert(id);
            } else {
                found.insert(id);
            }
        }
    }
    if !found.is_empty() {
        let mut assigned = Assigned { names: &mut others };
        for statement in statements {
            statement.visit_with(&mut assigned);
        }
    }
    found.retain(|id| !others.contains(id));
    found
}

/// Names that get another value.
struct Assigned<'a> {
    names: &'a mut FxHashSet<Id>,
}

impl Visit for Assigned<'_> {
    noop_visit_type!();

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Ident(ident) = pattern {
            self.names.insert(ident.id.to_id());
        }
        pattern.visit_children_with(self);
    }

    fn visit_simple_assign_target(&mut self, target: &SimpleAssignTarget) {
        if let SimpleAssignTarget::Ident(ident) = target {
            self.names.insert(ident.id.to_id());
        }
        target.visit_children_with(self);
    }
}

/// Whether a value is a function that does not read its `this`.
pub(in crate::scan) fn is_without_this(value: &Expr) -> bool {
    match value {
        Expr::Fn(function) => !reads_this(&function.function),
        Expr::Arrow(_) => true,
        _ => false,
    }
}

/// Whether a function reads its `this`.
pub(in crate::scan) fn reads_this(function: &Function) -> bool {
    let mut search = ThisSearch { is_found: false };
    function.visit_children_with(&mut search);
    search.is_found
}

struct ThisSearch {
    is_found: bool,
}

impl Visit for ThisSearch {
    noop_visit_type!();

    fn visit_this_expr(&mut self, _: &swc_core::ecma::ast::ThisExpr) {
        self.is_found = true;
    }

    fn visit_function(&mut self, _: &Function) {}
}
