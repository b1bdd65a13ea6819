//! The names that are written to `exports` somewhere: Node lists them whether they end up in `module.exports` or not.
//!
//! ```js
//! exports.__esModule = true;
//! module.exports = create();      // Node: `__esModule` and `default`
//! ```

use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, CallExpr, Callee, Expr, Lit, Program, Prop, SimpleAssignTarget,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::named_members::static_member;
use super::super::normalize::text_of;

/// Names in the order of the source, possibly repeated.
pub(super) fn written_names(program: &Program, unresolved: SyntaxContext) -> Vec<Atom> {
    let mut found = Written {
        unresolved,
        names: Vec::new(),
    };
    program.visit_with(&mut found);
    found.names
}

struct Written {
    unresolved: SyntaxContext,
    names: Vec<Atom>,
}

impl Written {
    fn is_global(&self, expression: &Expr, name: &str) -> bool {
        matches!(expression, Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *name)
    }

    /// `exports` or `module.exports`
    fn is_exports(&self, expression: &Expr) -> bool {
        let Expr::Member(member) = expression else {
            return self.is_global(expression, "exports");
        };
        self.is_global(&member.obj, "module")
            && static_member(&member.prop).is_some_and(|name| name == *"exports")
    }

    /// `Object.defineProperty(exports, "name", …)`
    fn defined_name(&self, call: &CallExpr) -> Option<Atom> {
        let Callee::Expr(callee) = &call.callee else {
            return None;
        };
        let member = callee.as_member()?;
        let [object, name, property] = call.args.as_slice() else {
            return None;
        };
        let is_definition = self.is_global(&member.obj, "Object")
            && static_member(&member.prop)? == *"defineProperty"
            && self.is_exports(&object.expr)
            && is_seen_by_node(&property.expr);
        match &*name.expr {
            Expr::Lit(Lit::Str(text)) if is_definition => Some(text_of(&text.value)),
            _ => None,
        }
    }
}

/// `{ value: … }`, `{ enumerable: true, value: … }` or `{ enumerable: true, get… }`: the forms that compilers write.
fn is_seen_by_node(property: &Expr) -> bool {
    let keys = property.as_object().into_iter().flat_map(|object| &object.props);
    let mut keys = keys.map(|one| match one.as_prop().map(|property| &**property) {
        Some(Prop::KeyValue(pair)) => pair.key.as_ident().map_or("", |key| &*key.sym),
        Some(Prop::Method(method)) => method.key.as_ident().map_or("", |key| &*key.sym),
        _ => "",
    });
    match keys.next() {
        Some("value") => true,
        Some("enumerable") => matches!(keys.next(), Some("value" | "get")),
        _ => false,
    }
}

impl Visit for Written {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, node: &AssignExpr) {
        if node.op == AssignOp::Assign
            && let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &node.left
            && self.is_exports(&member.obj)
            && let Some(name) = static_member(&member.prop)
        {
            self.names.push(name);
        }
        node.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, node: &CallExpr) {
        self.names.extend(self.defined_name(node));
        node.visit_children_with(self);
    }
}
