//! Big integers that are computed of others. Operators take them as they are, unless there are too many digits, or a number
//! is among them:
//!
//! ```js
//! const ONE = BigInt(1), MASK = (ONE << BigInt(64)) - 1n, KILO = BigInt(1000), MEGA = KILO ** 2n
//! ```

use swc_core::ecma::ast::{BinExpr, BinaryOp, CallExpr, Expr, Lit, UnaryOp};

use super::{Purity, without_parentheses};

/// Numbers of more bits are not computed for nothing.
const MOST_BITS: u64 = 1 << 16;

impl Purity<'_> {
    /// How many bits a big integer has at most; nothing where an expression is none, or computing it can be observed.
    pub(super) fn bits_of(&self, expression: &Expr) -> Option<u64> {
        match without_parentheses(expression) {
            Expr::Lit(Lit::BigInt(literal)) => Some(literal.value.bits()).filter(|bits| *bits <= MOST_BITS),
            Expr::Ident(name) if !self.may_be_unset(name) => self.objects?.bits(&name.to_id()),
            Expr::Call(call) => self
                .converted(call)
                .map(|value| u64::from(64 - value.leading_zeros())),
            Expr::Unary(unary) if unary.op == UnaryOp::Minus => self.bits_of(&unary.arg),
            Expr::Bin(binary) => self.bits_of_operation(binary),
            _ => None,
        }
    }

    /// The same of what an operator gives.
    pub(super) fn bits_of_operation(&self, binary: &BinExpr) -> Option<u64> {
        let computes = matches!(
            binary.op,
            BinaryOp::Add
                | BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::Exp
                | BinaryOp::BitAnd
                | BinaryOp::BitOr
                | BinaryOp::BitXor
                | BinaryOp::LShift
        );
        if !computes {
            return None;
        }
        let left = self.bits_of(&binary.left)?;
        let bits = match binary.op {
            BinaryOp::Exp => left.checked_mul(self.small_value(&binary.right)?)?,
            BinaryOp::LShift => left.checked_add(self.small_value(&binary.right)?)?,
            BinaryOp::Mul => left + self.bits_of(&binary.right)?,
            _ => left.max(self.bits_of(&binary.right)?) + 1,
        };
        (bits <= MOST_BITS).then_some(bits)
    }

    /// The value of a literal, or of a conversion of one.
    fn small_value(&self, expression: &Expr) -> Option<u64> {
        match without_parentheses(expression) {
            Expr::Lit(Lit::BigInt(literal)) => u64::try_from(&*literal.value).ok(),
            Expr::Call(call) => self.converted(call),
            _ => None,
        }
    }

    /// `BigInt(64)`
    fn converted(&self, call: &CallExpr) -> Option<u64> {
        let [only] = call.args.as_slice() else { return None };
        if only.spread.is_some() || self.global_name(call.callee.as_expr()?) != Some("BigInt") {
            return None;
        }
        match without_parentheses(&only.expr) {
            Expr::Lit(Lit::Num(number))
                if number.value.fract() == 0.0 && (0.0..4e15).contains(&number.value) =>
            {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number in this range"
                )]
                Some(number.value as u64)
            }
            _ => None,
        }
    }
}
