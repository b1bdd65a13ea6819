//! Expressions whose values nobody uses.

use swc_core::ecma::ast::{
    AssignOp, BinaryOp, Callee, Expr, MemberProp, OptChainBase, Prop, PropOrSpread, UnaryOp,
};

use super::Hider;
use super::questions::{
    converts, converts_arguments, copies_or_computes, is_asked_for_null, is_global_object, is_plain, is_true,
    may_fail, refuses_arguments,
};
use crate::render::print::effects::has_effects;
use crate::render::print::mentioned::is_derived;

impl Hider {
    /// A part of a literal of which another part may be taken. Reading a global name that does not exist fails.
    pub(super) fn discarded_part(&mut self, part: &mut Expr) {
        match part {
            Expr::Ident(name)
                if name.ctxt == self.context && !matches!(&*name.sym, "undefined" | "NaN" | "Infinity") =>
            {
                self.hide(part);
            }
            Expr::Unary(unary) if unary.op == UnaryOp::Delete => self.hide(part),
            _ => self.discarded(part),
        }
    }

    /// An expression whose value is not used.
    pub(super) fn discarded(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Seq(sequence) => {
                for part in &mut sequence.exprs {
                    self.discarded(part);
                }
            }
            Expr::Paren(inner) => self.discarded(&mut inner.expr),
            Expr::Cond(condition) => {
                if !has_effects(&condition.cons) && !has_effects(&condition.alt) {
                    self.discarded(&mut condition.test);
                }
                self.discarded(&mut condition.cons);
                self.discarded(&mut condition.alt);
            }
            Expr::Unary(unary) if matches!(unary.op, UnaryOp::Void | UnaryOp::Bang | UnaryOp::TypeOf) => {
                self.discarded(&mut unary.arg);
            }
            Expr::Bin(binary)
                if matches!(
                    binary.op,
                    BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
                ) =>
            {
                if !has_effects(&binary.right) {
                    self.discarded(&mut binary.left);
                }
                self.discarded(&mut binary.right);
            }
            Expr::Bin(binary) if matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq) => {
                self.discarded(&mut binary.left);
                self.discarded(&mut binary.right);
            }
            // Asks only whether there is anything.
            Expr::Bin(binary) if is_asked_for_null(binary) => {
                self.discarded(&mut binary.left);
                self.discarded(&mut binary.right);
            }
            Expr::Bin(binary) if !(is_plain(&binary.left) && is_plain(&binary.right)) => {
                self.take_apart(expression);
            }
            Expr::Unary(unary)
                if matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde)
                    && !is_plain(&unary.arg) =>
            {
                self.hide(expression);
            }
            Expr::Tpl(template) if !template.exprs.iter().all(|part| is_plain(part)) => self.hide(expression),
            Expr::Array(array)
                if array
                    .elems
                    .iter()
                    .flatten()
                    .any(|element| element.spread.is_some()) =>
            {
                self.hide(expression);
            }
            Expr::Array(array) => {
                for element in array.elems.iter_mut().flatten() {
                    self.discarded(&mut element.expr);
                }
            }
            Expr::Object(object) if object.props.iter().any(copies_or_computes) => self.hide(expression),
            Expr::Object(object) => {
                for property in &mut object.props {
                    if let PropOrSpread::Prop(property) = property
                        && let Prop::KeyValue(pair) = &mut **property
                    {
                        self.discarded(&mut pair.value);
                    }
                }
            }
            other => self.done_in_vain(other),
        }
    }

    /// The same of what calls, assigns or takes something out of something.
    fn done_in_vain(&mut self, expression: &mut Expr) {
        match expression {
            // Whoever writes that as an expression wants to know.
            Expr::Class(class) if may_fail(&class.class, 1) => self.hide(expression),
            Expr::New(new) if refuses_arguments(new) => self.hide(expression),
            Expr::New(new) if converts_arguments(&new.callee, new.args.as_deref().unwrap_or_default()) => {
                self.hide(expression);
            }
            Expr::Call(call)
                if (call.callee.as_expr()).is_some_and(|callee| converts_arguments(callee, &call.args)) =>
            {
                self.hide(expression);
            }
            // It may get to where it is called.
            Expr::Call(call)
                if matches!(&call.callee, Callee::Expr(callee)
                    if matches!(&**callee, Expr::Ident(name) if self.needed.copies_for_some(name))) =>
            {
                self.hide(expression);
            }
            // Who reads the name next would do that instead.
            Expr::Assign(assignment)
                if (assignment.left.as_ident()).is_some_and(|name| name.ctxt == self.context) =>
            {
                self.hide(expression);
            }
            Expr::Assign(assignment) if assignment.op == AssignOp::Assign => {
                if let Some(name) = assignment.left.as_ident() {
                    let name = name.id.clone();
                    self.named(&name, &mut assignment.right);
                }
            }
            Expr::Member(member) if is_global_object(&member.obj, self.context) => self.hide(expression),
            // What it extends may have a getter, and the compressor asks only the class itself.
            Expr::Member(member) if self.is_derived(&member.obj) => self.hide(expression),
            // The key becomes a text.
            Expr::Member(member)
                if matches!(&member.prop, MemberProp::Computed(key)
                    if !is_plain(&key.expr) && self.is_asked(&key.expr)) =>
            {
                self.hide(expression);
            }
            Expr::OptChain(chain)
                if matches!(&*chain.base, OptChainBase::Member(member)
                    if matches!(&member.prop, MemberProp::Computed(key) if self.is_asked(&key.expr))) =>
            {
                self.hide(expression);
            }
            Expr::Call(call) => {
                if let Callee::Expr(callee) = &mut call.callee {
                    self.results_discarded(callee);
                }
            }
            _ => {}
        }
    }

    /// A class that extends something, or the name of one.
    fn is_derived(&self, object: &Expr) -> bool {
        match object {
            Expr::Ident(name) => self.derived.contains(&name.to_id()),
            _ => is_derived(object),
        }
    }

    /// What decides about what follows, though the compressor knows how.
    pub(super) fn decided(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Cond(choice) if is_true(&choice.test) => self.discarded(&mut choice.test),
            Expr::Bin(binary)
                if binary.op == BinaryOp::NullishCoalescing
                    && (is_true(&binary.left) || converts(&binary.left))
                    || matches!(binary.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr)
                        && is_true(&binary.left) =>
            {
                self.discarded(&mut binary.left);
            }
            _ => {}
        }
    }
}
