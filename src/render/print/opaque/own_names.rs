//! Functions that use themselves, such as one that keeps something in a property of its own, and classes that do so before they
//! have a value.

use swc_core::ecma::ast::{ArrowExpr, CallExpr, Callee, Class, Expr, FnExpr, Function, Ident};
use swc_core::ecma::utils::IdentUsageFinder;
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::Hider;
use crate::scan::computed_key_mut;

/// Whether a function does more with itself than call itself. It must be made as often as the source makes it; where it is
/// called once, the compressor would make it anew for every call:
///
/// ```js
/// const next = function self() { return self.count = (self.count ?? 0) + 1 };
/// export const count = () => next();
/// ```
pub(super) fn uses_itself(function: &FnExpr) -> bool {
    let Some(name) = &function.ident else {
        return false;
    };
    let mut search = Search {
        name,
        is_found: false,
    };
    function.function.visit_with(&mut search);
    search.is_found
}

impl Hider {
    /// Hides what a class reads of itself in its head and in its keys: `class A extends (A, B) {}` fails.
    pub(super) fn own_head(&mut self, name: &Ident, class: &mut Class) {
        let keys = class.body.iter_mut().filter_map(computed_key_mut);
        for expression in class.super_class.iter_mut().map(|class| &mut **class).chain(keys) {
            if IdentUsageFinder::find(name, expression) {
                expression.visit_mut_with(&mut OwnReads { hider: self, name });
            }
        }
    }
}

struct OwnReads<'a> {
    hider: &'a mut Hider,
    name: &'a Ident,
}

impl VisitMut for OwnReads<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if matches!(expression, Expr::Ident(name) if name.to_id() == self.name.to_id()) {
            self.hider.hide(expression);
        } else {
            expression.visit_mut_children_with(self);
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_arrow_expr(&mut self, _: &mut ArrowExpr) {}
}

struct Search<'a> {
    name: &'a Ident,
    is_found: bool,
}

impl Visit for Search<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.is_found |= name.sym == self.name.sym && name.ctxt == self.name.ctxt;
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        let is_plain = matches!(&call.callee, Callee::Expr(callee) if matches!(&**callee, Expr::Ident(_)));
        if !is_plain {
            call.callee.visit_with(self);
        }
        call.args.visit_with(self);
    }
}
