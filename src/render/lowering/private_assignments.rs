//! `a.#b ??= c`, for which the passes write always: a setter would run, and a method could not be assigned to, also where
//! nothing is assigned.
//!
//! ```text
//! a().#b ??= c      (_object = a()).#b ?? (_object.#b = c)
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BinExpr, BinaryOp, Expr, MemberExpr, SimpleAssignTarget,
};

/// An assignment to a private name that may not happen as what decides about it and the assignment itself. `named` gives a
/// value and the same once more.
pub(super) fn as_condition(
    assignment: &mut AssignExpr,
    named: impl FnOnce(Expr) -> (Expr, Expr),
) -> Option<Expr> {
    let op = match assignment.op {
        AssignOp::AndAssign => BinaryOp::LogicalAnd,
        AssignOp::OrAssign => BinaryOp::LogicalOr,
        AssignOp::NullishAssign => BinaryOp::NullishCoalescing,
        _ => return None,
    };
    let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &mut assignment.left else {
        return None;
    };
    if !member.prop.is_private_name() {
        return None;
    }
    let (object, again) = named(*member.obj.take());
    *member.obj = again;
    let asked = MemberExpr {
        obj: Box::new(object),
        ..member.clone()
    };
    assignment.op = AssignOp::Assign;
    Some(Expr::Bin(BinExpr {
        span: DUMMY_SP,
        op,
        left: Box::new(Expr::Member(asked)),
        right: Box::new(Expr::Assign(assignment.take())),
    }))
}
