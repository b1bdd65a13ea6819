//! Functions that use themselves, such as one that keeps something in a property of its own.

use swc_core::ecma::ast::{CallExpr, Callee, Expr, FnExpr, Ident};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

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
