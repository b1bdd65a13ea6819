//! `this` at the top of an ES module is `undefined`, which decides what compilers write for files of any kind:
//!
//! ```js
//! var __assign = (this && this.__assign) || function () { … }
//! ```

use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{Class, Constructor, Expr, Function, GetterProp, SetterProp};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::dead_branch::{KnownNames, remove_decided};
use super::normalize::NormalizedModule;

/// Removes what it rules out. Whether it is written anywhere.
pub fn decide(module: &mut NormalizedModule, source: &str, unresolved_mark: Mark) -> bool {
    if memchr::memmem::find(source.as_bytes(), b"this").is_none() {
        return false;
    }
    let mut is_any_replaced = false;
    let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
    for statement in &mut module.statements {
        let mut replaced = Replaced(false);
        statement.visit_mut_with(&mut replaced);
        is_any_replaced |= replaced.0;
        if replaced.0 {
            remove_decided(statement, None, unresolved, &KnownNames::default());
        }
    }
    is_any_replaced
}

/// Whether something was replaced.
struct Replaced(bool);

impl VisitMut for Replaced {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Expr::This(this) = expression {
            *expression = *Expr::undefined(this.span);
            self.0 = true;
        } else {
            expression.visit_mut_children_with(self);
        }
    }

    // These have a `this` of their own, or parts that do.
    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_constructor(&mut self, _: &mut Constructor) {}
    fn visit_mut_getter_prop(&mut self, _: &mut GetterProp) {}
    fn visit_mut_setter_prop(&mut self, _: &mut SetterProp) {}
    fn visit_mut_class(&mut self, _: &mut Class) {}
}
