//! `super` in the methods of objects that stand in a class.
//!
//! ```js
//! class A { static b = { c() { return super.d } } }      // the prototype of the object, not the parent of `A`
//! ```
//!
//! The passes that take values out of a class would write it as the class's, so it is hidden from them.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, BinaryOp, Class, Expr, GetterProp, Ident, MemberExpr, MemberProp, MethodProp,
    Module, OptChainExpr, SetterProp, SimpleAssignTarget, Super, SuperProp, SuperPropExpr,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::super::ast;
use super::calls::call_method_of_super;

/// No source can have an identifier like that.
const HIDING: &str = "%super";

/// Hides it; whether there is any.
pub(super) fn hide(module: &mut Module) -> bool {
    let mut hider = Hider::default();
    module.visit_mut_with(&mut hider);
    hider.found
}

/// Shows it again.
pub(super) fn show(module: &mut Module) {
    module.visit_mut_with(&mut Shower);
}

#[derive(Default)]
struct Hider {
    found: bool,
    /// Whether a class is around.
    is_in_class: bool,
    /// Whether `super` is that of an object.
    is_of_object: bool,
}

impl Hider {
    fn in_method(&mut self, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.is_of_object, self.is_in_class);
        visit(self);
        self.is_of_object = around;
    }

    fn hidden(&mut self, node: &mut SuperPropExpr) -> MemberExpr {
        self.found = true;
        MemberExpr {
            span: node.span,
            obj: Box::new(Expr::Ident(Ident::new(
                HIDING.into(),
                node.obj.span,
                SyntaxContext::empty(),
            ))),
            prop: match &mut node.prop {
                SuperProp::Ident(name) => MemberProp::Ident(name.take()),
                SuperProp::Computed(key) => MemberProp::Computed(key.take()),
            },
        }
    }
}

impl VisitMut for Hider {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, node: &mut Class) {
        let around = (self.is_in_class, self.is_of_object);
        node.super_class.visit_mut_with(self);
        self.is_in_class = true;
        self.is_of_object = false;
        node.body.visit_mut_with(self);
        (self.is_in_class, self.is_of_object) = around;
    }

    fn visit_mut_method_prop(&mut self, node: &mut MethodProp) {
        node.key.visit_mut_with(self);
        self.in_method(|this| node.function.visit_mut_with(this));
    }

    fn visit_mut_getter_prop(&mut self, node: &mut GetterProp) {
        node.key.visit_mut_with(self);
        self.in_method(|this| node.function.visit_mut_with(this));
    }

    fn visit_mut_setter_prop(&mut self, node: &mut SetterProp) {
        node.key.visit_mut_with(self);
        self.in_method(|this| {
            node.function.visit_mut_with(this);
        });
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::Assign(assignment) = node
            && self.is_of_object
            && let Some(written_out) = written_out(assignment)
        {
            *node = written_out;
        }
        node.visit_mut_children_with(self);
        if let Expr::SuperProp(property) = node
            && self.is_of_object
        {
            *node = Expr::Member(self.hidden(property));
        }
    }

    fn visit_mut_simple_assign_target(&mut self, node: &mut SimpleAssignTarget) {
        node.visit_mut_children_with(self);
        if let SimpleAssignTarget::SuperProp(property) = node
            && self.is_of_object
        {
            *node = SimpleAssignTarget::Member(self.hidden(property));
        }
    }

    fn visit_mut_opt_chain_expr(&mut self, node: &mut OptChainExpr) {
        if self.is_of_object {
            call_method_of_super(node);
        }
        node.visit_mut_children_with(self);
    }
}

/// `super.a ??= b` and `super.a **= b`, for which the passes would give the object a name.
fn written_out(assignment: &mut AssignExpr) -> Option<Expr> {
    let operator = assignment.op.to_update()?;
    let AssignTarget::Simple(SimpleAssignTarget::SuperProp(property)) = &assignment.left else {
        return None;
    };
    if !property.prop.is_ident() {
        return None;
    }
    let read = Expr::SuperProp(property.clone());
    let target = assignment.left.take();
    let value = *assignment.right.take();
    Some(match operator {
        BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => {
            ast::binary(operator, read, ast::parenthesized(ast::assign(target, value)))
        }
        _ => ast::assign(target, ast::binary(operator, read, ast::parenthesized(value))),
    })
}

struct Shower;

impl Shower {
    fn shown(member: &mut MemberExpr) -> Option<SuperPropExpr> {
        let Expr::Ident(object) = &*member.obj else {
            return None;
        };
        if object.sym != *HIDING {
            return None;
        }
        let prop = match &mut member.prop {
            MemberProp::Ident(name) => SuperProp::Ident(name.take()),
            MemberProp::Computed(key) => SuperProp::Computed(key.take()),
            MemberProp::PrivateName(_) => return None,
        };
        Some(SuperPropExpr {
            span: member.span,
            obj: Super { span: DUMMY_SP },
            prop,
        })
    }
}

impl VisitMut for Shower {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        if let Expr::Member(member) = node
            && let Some(property) = Self::shown(member)
        {
            *node = Expr::SuperProp(property);
        }
    }

    fn visit_mut_simple_assign_target(&mut self, node: &mut SimpleAssignTarget) {
        node.visit_mut_children_with(self);
        if let SimpleAssignTarget::Member(member) = node
            && let Some(property) = Self::shown(member)
        {
            *node = SimpleAssignTarget::SuperProp(property);
        }
    }
}
