//! Globals that are read only where they exist:
//!
//! ```js
//! typeof SuppressedError === 'function' ? SuppressedError : class extends Error {}
//! typeof window !== 'undefined' && window
//! typeof window < 'u' && window           // the same, as minifiers write it
//! ```

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{BinExpr, BinaryOp, CondExpr, Expr, Lit, UnaryOp};

use super::{Purity, without_parentheses};

/// Globals that are known to exist where code stands, the innermost first.
pub struct Existing<'a> {
    name: &'a Atom,
    outer: Option<&'a Existing<'a>>,
}

impl Existing<'_> {
    fn has(&self, name: &Atom) -> bool {
        self.name == name || self.outer.is_some_and(|outer| outer.has(name))
    }
}

/// What a test says of the globals that it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    True,
    False,
}

impl Purity<'_> {
    /// Whether a test has found that a global exists.
    pub(super) fn exists(&self, name: &Atom) -> bool {
        self.existing.is_some_and(|existing| existing.has(name))
    }

    pub(super) fn condition_has_side_effects(&self, condition: &CondExpr) -> bool {
        let after = |outcome, part: &Expr| {
            self.after(&condition.test, outcome, &|purity| {
                purity.expression_has_side_effects(part)
            })
        };
        self.expression_has_side_effects(&condition.test)
            || after(Outcome::True, &condition.cons)
            || after(Outcome::False, &condition.alt)
    }

    /// `&&`, `||`
    pub(super) fn choice_has_side_effects(&self, choice: &BinExpr) -> bool {
        let outcome = match choice.op {
            BinaryOp::LogicalAnd => Outcome::True,
            _ => Outcome::False,
        };
        self.expression_has_side_effects(&choice.left)
            || self.after(&choice.left, outcome, &|purity| {
                purity.expression_has_side_effects(&choice.right)
            })
    }

    /// Judges what runs if `test` had this outcome.
    fn after(&self, test: &Expr, outcome: Outcome, judge: &dyn Fn(&Purity<'_>) -> bool) -> bool {
        match without_parentheses(test) {
            // Both sides had the same outcome.
            Expr::Bin(both)
                if matches!(
                    (both.op, outcome),
                    (BinaryOp::LogicalAnd, Outcome::True) | (BinaryOp::LogicalOr, Outcome::False)
                ) =>
            {
                self.after(&both.left, outcome, &|purity| {
                    purity.after(&both.right, outcome, judge)
                })
            }
            Expr::Bin(comparison) => match self.global_found(comparison) {
                Some((name, finds)) if finds == outcome => {
                    let existing = Existing {
                        name,
                        outer: self.existing,
                    };
                    judge(&Purity {
                        existing: Some(&existing),
                        ..*self
                    })
                }
                _ => judge(self),
            },
            _ => judge(self),
        }
    }

    /// The global whose `typeof` is compared, and the outcome that it exists with.
    fn global_found<'e>(&self, comparison: &'e BinExpr) -> Option<(&'e Atom, Outcome)> {
        let sides = [
            (&comparison.left, &comparison.right, comparison.op),
            (&comparison.right, &comparison.left, turned(comparison.op)),
        ];
        let (asked, kind, op) = sides.into_iter().find_map(|(asked, kind, op)| {
            let Expr::Unary(unary) = without_parentheses(asked) else {
                return None;
            };
            let (UnaryOp::TypeOf, Expr::Lit(Lit::Str(kind))) = (unary.op, without_parentheses(kind)) else {
                return None;
            };
            Some((without_parentheses(&unary.arg), &kind.value, op))
        })?;
        let is_there = match op {
            BinaryOp::EqEqEq | BinaryOp::EqEq => *kind != *"undefined",
            BinaryOp::NotEqEq | BinaryOp::NotEq => *kind == *"undefined",
            // As minifiers write it: no other word is greater.
            BinaryOp::Lt | BinaryOp::LtEq if *kind == *"u" => true,
            BinaryOp::Gt | BinaryOp::GtEq if *kind == *"u" => false,
            _ => return None,
        };
        let Expr::Ident(name) = asked else { return None };
        (name.ctxt == self.unresolved)
            .then_some((&name.sym, if is_there { Outcome::True } else { Outcome::False }))
    }
}

/// The comparison with its sides exchanged.
fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::LtEq => BinaryOp::GtEq,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::GtEq => BinaryOp::LtEq,
        other => other,
    }
}
