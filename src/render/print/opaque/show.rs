//! Shows what was hidden.

use swc_core::common::SyntaxContext;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, CallExpr, Callee, Expr, ExprOrSpread, Module, OptCall, Prop, PropName, TaggedTpl, UnaryExpr,
    UnaryOp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::HIDING;
use super::added::add_again;
use crate::render::print::detached::{detach, only_value};
use crate::render::print::operators::{put_spread_together, put_together};
use crate::render::print::{NameMarks, stand_in};

/// Shows hidden operations again.
pub fn show(module: &mut Module, marks: NameMarks) {
    module.visit_mut_with(&mut Shower {
        unresolved: SyntaxContext::empty().apply_mark(marks.unresolved),
    });
}

struct Shower {
    unresolved: SyntaxContext,
}

impl VisitMut for Shower {
    noop_visit_mut_type!();

    /// `{ name: name }` of a global name, whose name is final.
    fn visit_mut_prop(&mut self, property: &mut Prop) {
        property.visit_mut_children_with(self);
        if let Prop::KeyValue(pair) = property
            && let (PropName::Ident(key), Expr::Ident(name)) = (&pair.key, &mut *pair.value)
            && name.ctxt == self.unresolved
            && key.sym == name.sym
        {
            *property = Prop::Shorthand(name.take());
        }
    }

    fn visit_mut_expr_or_spread(&mut self, element: &mut ExprOrSpread) {
        put_spread_together(element);
        element.visit_mut_children_with(self);
    }

    fn visit_mut_tagged_tpl(&mut self, call: &mut TaggedTpl) {
        show_function(&mut call.tag);
        call.visit_mut_children_with(self);
    }

    fn visit_mut_opt_call(&mut self, call: &mut OptCall) {
        show_function(&mut call.callee);
        call.visit_mut_children_with(self);
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        if let Callee::Expr(callee) = &mut call.callee {
            show_function(callee);
        }
        call.visit_mut_children_with(self);
    }

    /// A hidden value that `typeof` is asked of: `typeof (0, missing)`, of which the compressor left the name.
    fn visit_mut_unary_expr(&mut self, unary: &mut UnaryExpr) {
        if unary.op == UnaryOp::TypeOf
            && let Some(mut shown) = hidden(&mut unary.arg)
        {
            while let Some(inner) = hidden(&mut shown) {
                shown = inner;
            }
            if shown.is_ident() {
                only_value(&mut shown);
            }
            *unary.arg = shown;
        }
        unary.visit_mut_children_with(self);
    }

    fn visit_mut_assign_expr(&mut self, assignment: &mut AssignExpr) {
        add_again(assignment, self.unresolved);
        assignment.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        // What is hidden for two reasons is hidden twice.
        while let Some(shown) = hidden(expression) {
            *expression = shown;
        }
        put_together(expression);
        expression.visit_mut_children_with(self);
    }
}

/// What a call of the hiding function hides.
fn hidden(expression: &mut Expr) -> Option<Expr> {
    stand_in::take_argument(expression, HIDING)
}

/// A hidden function that is called.
fn show_function(callee: &mut Expr) {
    while let Some(mut shown) = hidden(callee) {
        detach(&mut shown);
        *callee = shown;
    }
}
