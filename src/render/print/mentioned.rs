//! What names are used for, as far as the compressor draws conclusions from it.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{AssignExpr, Callee, ClassDecl, Expr, Id, Pat, UnaryOp, UpdateExpr, VarDeclarator};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

/// Finds the names whose value a call returns, those that are assigned early, and those of derived classes.
#[derive(Default)]
pub struct Mentioned {
    /// Those of what calls return.
    pub vague: FxHashSet<Id>,
    /// Those that are assigned above their declaration.
    pub assigned_early: FxHashSet<Id>,
    /// Those of classes that extend something.
    pub derived: FxHashSet<Id>,
    declared: FxHashSet<Id>,
}

impl Mentioned {
    fn assigned(&mut self, name: Id) {
        if !self.declared.contains(&name) {
            self.assigned_early.insert(name);
        }
    }
}

impl Visit for Mentioned {
    noop_visit_type!();

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init)
            && is_vague(value)
        {
            self.vague.insert(name.to_id());
        }
        if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init)
            && is_derived(value)
        {
            self.derived.insert(name.to_id());
        }
        declarator.visit_children_with(self);
        if let Pat::Ident(name) = &declarator.name {
            self.declared.insert(name.to_id());
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if let Some(name) = assignment.left.as_ident()
            && is_vague(&assignment.right)
        {
            self.vague.insert(name.to_id());
        }
        if let Some(name) = assignment.left.as_ident()
            && is_derived(&assignment.right)
        {
            self.derived.insert(name.to_id());
        }
        if let Some(name) = assignment.left.as_ident() {
            self.assigned(name.to_id());
        }
        assignment.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        if declaration.class.super_class.is_some() {
            self.derived.insert(declaration.ident.to_id());
        }
        declaration.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Some(name) = update.arg.as_ident() {
            self.assigned(name.to_id());
        }
        update.visit_children_with(self);
    }
}

/// `class extends parent {}`.
pub fn is_derived(value: &Expr) -> bool {
    match value {
        Expr::Paren(inner) => is_derived(&inner.expr),
        Expr::Class(class) => class.class.super_class.is_some(),
        _ => false,
    }
}

/// Whether the compressor may find that the value is `undefined`, and forget what is done on the way:
///
/// ```js
/// `${void log()}`; (() => { log() })() + ''; `${[log()][1]}`
/// ```
pub fn is_vague(value: &Expr) -> bool {
    match value {
        Expr::Paren(inner) => is_vague(&inner.expr),
        Expr::Unary(unary) => unary.op == UnaryOp::Void && !unary.arg.is_lit(),
        Expr::Call(call) => match &call.callee {
            Callee::Expr(callee) => matches!(
                &**callee,
                Expr::Ident(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Paren(_)
            ),
            _ => false,
        },
        Expr::Seq(_) => true,
        // There may be no such element.
        Expr::Member(member) => matches!(&*member.obj, Expr::Array(_) | Expr::Object(_)),
        Expr::Assign(assignment) => is_vague(&assignment.right),
        Expr::Cond(condition) => is_vague(&condition.cons) || is_vague(&condition.alt),
        Expr::Bin(binary) => {
            binary.op.may_short_circuit() && (is_vague(&binary.left) || is_vague(&binary.right))
        }
        _ => false,
    }
}
