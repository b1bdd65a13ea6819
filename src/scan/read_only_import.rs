//! An import binding cannot be assigned to: the assignment throws a `TypeError` when it runs. In a chunk the binding is a
//! variable of another module, so the assignment goes to something that refuses it, too. In strict code a primitive does:
//!
//! ```text
//! name = f()          "".name = f()
//! name += 1           "".name = name + 1
//! [name] = list       ["".name] = list
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignPat, AssignPatProp, AssignTarget, BinExpr, BinaryOp, Expr, Ident, IdentName,
    KeyValuePatProp, Lit, MemberExpr, MemberProp, ObjectPatProp, ParenExpr, Pat, PropName,
    SimpleAssignTarget, UpdateExpr,
};

/// `"".name`
pub fn read_only_target(import: &Ident) -> MemberExpr {
    MemberExpr {
        span: import.span,
        obj: Box::new(Expr::Lit(Lit::Str("".into()))),
        prop: MemberProp::Ident(IdentName::new(import.sym.clone(), import.span)),
    }
}

/// The assignment of a value.
pub fn read_only(assignment: AssignExpr, target: MemberExpr) -> Expr {
    let AssignExpr {
        span,
        op,
        left,
        right,
    } = assignment;
    let assign = |right| {
        Expr::Assign(AssignExpr {
            span,
            op: AssignOp::Assign,
            left: AssignTarget::Simple(SimpleAssignTarget::Member(target)),
            right,
        })
    };
    let Some(operator) = op.to_update() else {
        return assign(right);
    };
    let AssignTarget::Simple(SimpleAssignTarget::Ident(import)) = left else {
        return assign(right);
    };
    let import = Box::new(Expr::Ident(import.id));
    let combine = |right| BinExpr {
        span,
        op: operator,
        left: import,
        right,
    };
    match operator {
        // These assign only when the value they read asks for it.
        BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => {
            let assignment = Box::new(assign(right));
            Expr::Bin(combine(Box::new(Expr::Paren(ParenExpr {
                span,
                expr: assignment,
            }))))
        }
        _ => assign(Box::new(Expr::Bin(combine(right)))),
    }
}

/// `name++`. The value is read first.
pub fn read_only_update(update: &mut UpdateExpr, target: MemberExpr) -> Expr {
    Expr::Assign(AssignExpr {
        span: update.span,
        op: AssignOp::Assign,
        left: AssignTarget::Simple(SimpleAssignTarget::Member(target)),
        right: update.arg.take(),
    })
}

/// `{ name }` and `{ name = value }` in a pattern that assigns to something else than `name`.
pub fn shorthand_to(shorthand: &mut AssignPatProp, target: MemberExpr) -> ObjectPatProp {
    let key = IdentName::new(shorthand.key.id.sym.clone(), shorthand.key.id.span);
    let target = Box::new(Pat::Expr(Box::new(Expr::Member(target))));
    let value = match shorthand.value.take() {
        None => target,
        Some(right) => Box::new(Pat::Assign(AssignPat {
            span: DUMMY_SP,
            left: target,
            right,
        })),
    };
    ObjectPatProp::KeyValue(KeyValuePatProp {
        key: PropName::Ident(key),
        value,
    })
}
