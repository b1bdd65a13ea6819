//! Big integers, which the compressor takes for numbers.

use swc_core::ecma::ast::{BinExpr, BinaryOp, Expr, Lit, UnaryOp};

use super::questions::{Kind, kind_of};

/// `1 !== 1n`: the compressor takes both for numbers, of which `!=` would ask the same.
pub(super) fn compares_big_integers(binary: &BinExpr) -> bool {
    matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq)
        && (is_big_integer(&binary.left) || is_big_integer(&binary.right))
}

/// The side of `(a & b) === 0` that hides from the compressor that both sides look like numbers: the other one is a big
/// integer where `a` and `b` are.
pub(super) fn side_beside_integer(binary: &mut BinExpr) -> Option<&mut Expr> {
    let is_strict = matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq);
    let sides = (&*binary.left, &*binary.right);
    let may_mix = may_be_big_integer(sides.0) && looks_like_number(sides.1)
        || may_be_big_integer(sides.1) && looks_like_number(sides.0);
    if !is_strict || !may_mix {
        return None;
    }
    Some(if binary.left.is_lit() {
        &mut binary.left
    } else {
        &mut binary.right
    })
}

/// What the compressor takes for a number, but may be a big integer as well.
fn may_be_big_integer(value: &Expr) -> bool {
    match value {
        Expr::Bin(binary) => {
            kind_of(value) == Some(Kind::Number)
                && binary.op != BinaryOp::ZeroFillRShift
                && !is_number(&binary.left)
                && !is_number(&binary.right)
        }
        Expr::Unary(unary) => matches!(unary.op, UnaryOp::Minus | UnaryOp::Tilde) && !is_number(&unary.arg),
        Expr::Update(_) => true,
        Expr::Assign(assignment) => assignment.op.to_update().is_some_and(|operator| {
            !operator.may_short_circuit() && operator != BinaryOp::Add && !is_number(&assignment.right)
        }),
        _ => false,
    }
}

fn looks_like_number(value: &Expr) -> bool {
    is_number(value) || may_be_big_integer(value)
}

/// Whether a value is a number, and no big integer, wherever it is computed at all.
fn is_number(value: &Expr) -> bool {
    match value {
        Expr::Lit(literal) => matches!(literal, Lit::Num(_)),
        Expr::Unary(unary) => {
            unary.op == UnaryOp::Plus
                || matches!(unary.op, UnaryOp::Minus | UnaryOp::Tilde) && is_number(&unary.arg)
        }
        Expr::Bin(binary) => {
            binary.op == BinaryOp::ZeroFillRShift
                || kind_of(value) == Some(Kind::Number)
                    && (is_number(&binary.left) || is_number(&binary.right))
        }
        _ => false,
    }
}

fn is_big_integer(value: &Expr) -> bool {
    match value {
        Expr::Lit(literal) => matches!(literal, Lit::BigInt(_)),
        Expr::Unary(unary) => is_big_integer(&unary.arg),
        Expr::Bin(binary) => is_big_integer(&binary.left) || is_big_integer(&binary.right),
        _ => false,
    }
}
