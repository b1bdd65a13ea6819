//! Functions have `arguments` of their own, also inside code that has a variable of this name:
//!
//! ```js
//! function f() { var arguments = 1; return function () { return arguments } }      // those of the inner function
//! ```
//!
//! The resolver takes the inner ones for the variable.

use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, BindingIdent, ClassMember, FnDecl, Function, GetterProp, Ident, Script, SetterProp,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

/// Gives functions their own `arguments` back.
pub(super) fn separate_inner_arguments(script: &mut Script, unresolved: SyntaxContext) {
    script.visit_mut_with(&mut Separate {
        unresolved,
        is_inner: false,
    });
}

struct Separate {
    unresolved: SyntaxContext,
    /// Whether `arguments` are those of a function here.
    is_inner: bool,
}

impl VisitMut for Separate {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if self.is_inner && node.sym == *"arguments" && node.ctxt != SyntaxContext::empty() {
            node.ctxt = self.unresolved;
        }
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        let mut binds = Binds(false);
        node.visit_children_with(&mut binds);
        let outer = std::mem::replace(&mut self.is_inner, !binds.0);
        node.visit_mut_children_with(self);
        self.is_inner = outer;
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        let mut binds = Binds(false);
        node.visit_children_with(&mut binds);
        let outer = self.is_inner;
        self.is_inner &= !binds.0;
        node.visit_mut_children_with(self);
        self.is_inner = outer;
    }
}

/// Whether something of a function is called `arguments`; what is in functions inside it does not count.
struct Binds(bool);

impl Visit for Binds {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.0 |= node.sym == *"arguments";
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.0 |= node.ident.sym == *"arguments";
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    fn visit_getter_prop(&mut self, _: &GetterProp) {}
    fn visit_setter_prop(&mut self, _: &SetterProp) {}
    fn visit_class_member(&mut self, _: &ClassMember) {}
}
