//! Lengths that have names:
//!
//! ```js
//! const SIZE = 64, TABLE = new Uint8Array(SIZE * 2)
//! ```

use swc_core::ecma::ast::{BinaryOp, Expr, ExprOrSpread, Id, Lit};

use super::{Purity, without_parentheses};

/// The whole number that an expression is, where `known` says what names are.
pub(super) fn integer_of(value: &Expr, known: &dyn Fn(&Id) -> Option<f64>) -> Option<f64> {
    let number = match without_parentheses(value) {
        Expr::Lit(Lit::Num(number)) => number.value,
        Expr::Ident(name) => known(&name.to_id())?,
        Expr::Bin(binary) => {
            let left = integer_of(&binary.left, known)?;
            let right = integer_of(&binary.right, known)?;
            match binary.op {
                BinaryOp::Add => left + right,
                BinaryOp::Sub => left - right,
                BinaryOp::Mul => left * right,
                // Small ones only: others may become negative.
                BinaryOp::LShift if (0.0..65536.0).contains(&left) && (0.0..15.0).contains(&right) => {
                    left * right.exp2()
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    (number.fract() == 0.0 && number.abs() < 1e9).then_some(number)
}

impl Purity<'_> {
    /// The whole number that an expression is, if that is known.
    pub(super) fn integer(&self, value: &Expr) -> Option<f64> {
        let known = |id: &Id| {
            let is_unset = self.may_be_unset.is_some_and(|unset| unset.contains(id));
            let integer = self.objects.and_then(|objects| objects.known().integer(id));
            integer.filter(|_| !is_unset && !self.unset.borrow().contains(id))
        };
        integer_of(value, &known)
    }

    /// Whether an argument is a length that lists and typed arrays may have.
    pub(super) fn is_length_of_list(&self, argument: &ExprOrSpread) -> bool {
        let length = self.integer(&argument.expr).filter(|_| argument.spread.is_none());
        length.is_some_and(|length| (0.0..100_000.0).contains(&length))
    }
}
