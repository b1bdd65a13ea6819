//! `typeof require` in a file that Node knows as an ES module (`.mjs`, `"type": "module"`). There is no `require`
//! there, and code that runs in both worlds asks:
//!
//! ```js
//! const load = typeof require === 'function' ? require : createRequire(import.meta.url);
//! ```
//!
//! Calls of `require` are bundled in such a file too, which is why the answer has to be written down.

use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{Expr, Lit, Module, UnaryOp};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

/// Writes the answer into a module; `unresolved` is the context of names that it does not declare.
pub(super) fn answer(module: &mut Module, source: &str, unresolved: SyntaxContext) {
    if memchr::memmem::find(source.as_bytes(), b"typeof require").is_some() {
        module.visit_mut_with(&mut Answers { unresolved });
    }
}

struct Answers {
    unresolved: SyntaxContext,
}

impl VisitMut for Answers {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        if let Expr::Unary(unary) = expression
            && unary.op == UnaryOp::TypeOf
            && let Expr::Ident(name) = &*unary.arg
            && name.sym == *"require"
            && name.ctxt == self.unresolved
        {
            *expression = Expr::Lit(Lit::Str("undefined".into()));
        }
    }
}
