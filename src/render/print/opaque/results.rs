//! What functions return that nobody takes.

use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, Class, Expr, Function, GetterProp, ReturnStmt, SetterProp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::Hider;

impl Hider {
    /// A function whose results nobody takes.
    pub(super) fn results_discarded(&mut self, function: &mut Expr) {
        match function {
            Expr::Fn(function) => self.returned_in_vain(&mut function.function),
            Expr::Arrow(function) => match &mut *function.body {
                ArrowFunctionBody::Expr(value) => self.discarded(value),
                ArrowFunctionBody::FunctionBody(body) => body.visit_mut_with(&mut Returned { hider: self }),
            },
            _ => {}
        }
    }

    /// The same of a function that is declared.
    pub(super) fn returned_in_vain(&mut self, function: &mut Function) {
        function.body.visit_mut_with(&mut Returned { hider: self });
    }
}

struct Returned<'a> {
    hider: &'a mut Hider,
}

impl VisitMut for Returned<'_> {
    noop_visit_mut_type!();

    fn visit_mut_return_stmt(&mut self, statement: &mut ReturnStmt) {
        if let Some(value) = &mut statement.arg {
            self.hider.discarded(value);
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_arrow_expr(&mut self, _: &mut ArrowExpr) {}
    fn visit_mut_class(&mut self, _: &mut Class) {}
    fn visit_mut_getter_prop(&mut self, _: &mut GetterProp) {}
    fn visit_mut_setter_prop(&mut self, _: &mut SetterProp) {}
}
