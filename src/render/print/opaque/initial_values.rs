//! What variables are declared with. The compressor may compute it later, where it is used, or not at all, and does not mind
//! that this asks objects for their values:
//!
//! ```js
//! const before = +date; change(); show(before)
//! ```

use swc_core::ecma::ast::{
    ArrowFunctionBody, BinaryOp, CallExpr, Expr, Ident, Lit, MemberExpr, MemberProp, OptChainBase,
    OptChainExpr, Pat, Prop, PropOrSpread, Tpl, UnaryOp, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::Hider;
use super::questions::{computed_key, converts_arguments};
use crate::render::print::effects::has_effects;

impl Hider {
    /// A variable and its value.
    pub(super) fn declared(&mut self, declarator: &mut VarDeclarator) {
        let Some(value) = &mut declarator.init else { return };
        if let Pat::Ident(name) = &declarator.name {
            self.named(&name.id, value);
        }
        self.initial_value(value);
    }

    /// The value of a name.
    pub(super) fn named(&mut self, name: &Ident, value: &mut Expr) {
        if !self.needed.result_of(name) {
            self.results_discarded(value);
        }
        if !self.needed.value_of(name) {
            self.discarded(value);
        }
    }

    /// The value of a variable. In functions, what it is read from or called for keeps the rest in its place.
    fn initial_value(&mut self, value: &mut Expr) {
        if self.function_depth == 0 || !has_effects(value) && !reads(value) {
            self.computed_in_place(value);
        }
    }

    fn computed_in_place(&mut self, value: &mut Expr) {
        match value {
            Expr::Paren(inner) => self.computed_in_place(&mut inner.expr),
            Expr::Cond(condition) => {
                self.computed_in_place(&mut condition.test);
                self.computed_in_place(&mut condition.cons);
                self.computed_in_place(&mut condition.alt);
            }
            Expr::Seq(sequence) => {
                for part in &mut sequence.exprs {
                    self.computed_in_place(part);
                }
            }
            Expr::Assign(assignment) => self.computed_in_place(&mut assignment.right),
            Expr::Member(member) if matches!(&member.prop, MemberProp::Computed(key) if self.is_asked(&key.expr)) =>
            {
                self.hide(value);
            }
            Expr::OptChain(chain)
                if matches!(&*chain.base, OptChainBase::Member(member)
                    if matches!(&member.prop, MemberProp::Computed(key) if self.is_asked(&key.expr))) =>
            {
                self.hide(value);
            }
            Expr::Member(member) => self.computed_in_place(&mut member.obj),
            Expr::Array(array) => {
                for element in array.elems.iter_mut().flatten() {
                    self.computed_in_place(&mut element.expr);
                }
            }
            Expr::Bin(_) if self.asks_objects(value) => self.take_apart(value),
            Expr::Bin(binary) => {
                self.computed_in_place(&mut binary.left);
                self.computed_in_place(&mut binary.right);
            }
            Expr::Unary(_) | Expr::Tpl(_) | Expr::Call(_) if self.asks_objects(value) => self.hide(value),
            Expr::Unary(unary) => self.computed_in_place(&mut unary.arg),
            Expr::Call(call) => {
                if let Some(result) = result_in_place(call) {
                    self.computed_in_place(result);
                }
            }
            Expr::Object(object) if object.props.iter().any(|property| self.asks_object_of(property)) => {
                self.hide(value);
            }
            Expr::Object(object) => {
                for property in &mut object.props {
                    if let PropOrSpread::Prop(property) = property
                        && let Prop::KeyValue(pair) = &mut **property
                    {
                        self.computed_in_place(&mut pair.value);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether an operation, or one of its operands, converts what may be an object.
    pub(super) fn asks_objects(&self, value: &Expr) -> bool {
        match value {
            Expr::Bin(binary) => match binary.op {
                BinaryOp::EqEq | BinaryOp::NotEq if is_null(&binary.left) => self.asks_objects(&binary.right),
                BinaryOp::EqEq | BinaryOp::NotEq if is_null(&binary.right) => self.asks_objects(&binary.left),
                BinaryOp::EqEqEq
                | BinaryOp::NotEqEq
                | BinaryOp::LogicalAnd
                | BinaryOp::LogicalOr
                | BinaryOp::NullishCoalescing
                | BinaryOp::In
                | BinaryOp::InstanceOf => false,
                _ => self.is_asked(&binary.left) || self.is_asked(&binary.right),
            },
            Expr::Unary(unary) => {
                matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde)
                    && self.is_asked(&unary.arg)
            }
            Expr::Tpl(template) => template.exprs.iter().any(|part| self.is_asked(part)),
            Expr::Call(call) => {
                (call.callee.as_expr()).is_some_and(|callee| converts_arguments(callee, &call.args))
                    && call.args.iter().any(|argument| self.is_asked(&argument.expr))
            }
            _ => false,
        }
    }

    /// Whether what is made a primitive value may be an object.
    pub(super) fn is_asked(&self, operand: &Expr) -> bool {
        !self.primitives.contains(operand) || self.asks_objects(operand)
    }

    fn asks_object_of(&self, property: &PropOrSpread) -> bool {
        match property {
            PropOrSpread::Spread(_) => true,
            PropOrSpread::Prop(property) => computed_key(property).is_some_and(|key| self.is_asked(key)),
        }
    }
}

/// What `(() => a + b)()` returns.
fn result_in_place(call: &mut CallExpr) -> Option<&mut Expr> {
    match &mut *call.callee.as_mut_expr()?.as_mut_arrow()?.body {
        ArrowFunctionBody::Expr(result) => Some(result),
        ArrowFunctionBody::FunctionBody(_) => None,
    }
}

fn is_null(value: &Expr) -> bool {
    matches!(value, Expr::Lit(Lit::Null(_)))
}

/// Whether an expression reads from an object, or makes a text.
fn reads(value: &Expr) -> bool {
    let mut search = Reads { found: false };
    value.visit_with(&mut search);
    search.found
}

struct Reads {
    found: bool,
}

impl Visit for Reads {
    noop_visit_type!();

    fn visit_member_expr(&mut self, _: &MemberExpr) {
        self.found = true;
    }

    fn visit_opt_chain_expr(&mut self, _: &OptChainExpr) {
        self.found = true;
    }

    fn visit_tpl(&mut self, template: &Tpl) {
        self.found |= !template.exprs.is_empty();
    }
}
