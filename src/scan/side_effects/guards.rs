//! Globals that are read only where they exist:
//!
//! ```js
//! typeof SuppressedError === 'function' ? SuppressedError : class extends Error {}
//! typeof window !== 'undefined' && window
//! typeof window < 'u' && window           // the same, as minifiers write it
//! ```
//!
//! and parameters that are asked for something only if they are given.

use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{BinExpr, BinaryOp, CondExpr, Expr, Id, Ident, IfStmt, Lit, Stmt, UnaryOp};

use super::parameters::Parameters;
use super::{Purity, is_null, without_parentheses};
use crate::graph::Asked;
use crate::scan::named_members::static_member;

/// What is known to exist where code stands, the innermost first.
pub struct Existing<'a> {
    name: &'a Atom,
    context: SyntaxContext,
    outer: Option<&'a Existing<'a>>,
}

impl Existing<'_> {
    fn has(&self, name: &Atom, context: SyntaxContext) -> bool {
        self.name == name && self.context == context
            || self.outer.is_some_and(|outer| outer.has(name, context))
    }
}

/// What a test says of the globals that it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    True,
    False,
}

impl Outcome {
    fn other(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
        }
    }
}

impl Purity<'_> {
    /// Whether a test has found that a global exists.
    pub(super) fn exists(&self, name: &Atom) -> bool {
        self.existing
            .is_some_and(|existing| existing.has(name, self.unresolved))
    }

    /// Whether a test has found that a parameter is something.
    pub(super) fn is_found(&self, (name, context): &Id) -> bool {
        self.existing.is_some_and(|existing| existing.has(name, *context))
    }

    /// Whether a statement can be observed that is chosen by a test.
    pub(super) fn choice_of_statements_has_side_effects(&self, statement: &IfStmt) -> bool {
        let after = |outcome, part: &Stmt| {
            self.is_observed_after(&statement.test, outcome, &|purity| {
                purity.statement_has_side_effects(part)
            })
        };
        self.expression_has_side_effects(&statement.test)
            || after(Outcome::True, &statement.cons)
            || statement
                .alt
                .as_ref()
                .is_some_and(|other| after(Outcome::False, other))
    }

    pub(super) fn condition_has_side_effects(&self, condition: &CondExpr) -> bool {
        let after = |outcome, part: &Expr| {
            self.is_observed_after(&condition.test, outcome, &|purity| {
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
            || self.is_observed_after(&choice.left, outcome, &|purity| {
                purity.expression_has_side_effects(&choice.right)
            })
    }

    /// Whether what runs if `test` had this outcome can be observed, unless a function asks for what has the other.
    fn is_observed_after(&self, test: &Expr, outcome: Outcome, judge: &dyn Fn(&Purity<'_>) -> bool) -> bool {
        let mark = self.mark();
        self.after(test, outcome, judge) && !self.instead(mark, || self.asks_for_other(test, outcome))
    }

    /// How much was asked of parameters so far.
    pub(super) fn mark(&self) -> usize {
        self.parameters.map_or(0, Parameters::mark)
    }

    /// Asks for something else than what was asked of parameters since then.
    pub(super) fn instead(&self, mark: usize, ask: impl FnOnce() -> bool) -> bool {
        self.parameters.is_some_and(|parameters| {
            parameters.go_back(mark);
            ask()
        })
    }

    /// Asks for a parameter with which `test` has another outcome than this.
    fn asks_for_other(&self, test: &Expr, outcome: Outcome) -> bool {
        match without_parentheses(test) {
            Expr::Unary(not) if not.op == UnaryOp::Bang => self.asks_for_other(&not.arg, outcome.other()),
            Expr::Bin(both)
                if matches!(
                    (both.op, outcome),
                    (BinaryOp::LogicalAnd, Outcome::True) | (BinaryOp::LogicalOr, Outcome::False)
                ) =>
            {
                self.asks_for_other(&both.left, outcome) || self.asks_for_other(&both.right, outcome)
            }
            name @ Expr::Ident(_) => {
                let asked = match outcome {
                    Outcome::True => Asked::FALSE,
                    Outcome::False => Asked::TRUE,
                };
                self.asks_of_parameter(name, asked)
            }
            // `{}` inherits nothing by most names.
            Expr::Member(member) => {
                let is_own = static_member(&member.prop).is_some_and(|name| !is_inherited(&name));
                outcome == Outcome::True && is_own && self.asks_of_parameter(&member.obj, Asked::BARE)
            }
            Expr::Bin(comparison) => {
                let is_equal = match comparison.op {
                    BinaryOp::EqEqEq | BinaryOp::EqEq => outcome == Outcome::True,
                    BinaryOp::NotEqEq | BinaryOp::NotEq => outcome == Outcome::False,
                    _ => return false,
                };
                self.asks_for_unequal(&comparison.left, &comparison.right, is_equal)
            }
            _ => false,
        }
    }

    /// Asks for a parameter that is not equal to a value, or is.
    fn asks_for_unequal(&self, parameter: &Expr, value: &Expr, is_equal: bool) -> bool {
        let is_undefined = self.global_name(value) == Some("undefined")
            || matches!(without_parentheses(value), Expr::Unary(unary) if unary.op == UnaryOp::Void && unary.arg.is_lit());
        match without_parentheses(parameter) {
            Expr::Unary(kind) if kind.op == UnaryOp::TypeOf => {
                let is_function = matches!(without_parentheses(value), Expr::Lit(Lit::Str(kind)) if kind.value == *"function");
                is_function && !is_equal && self.asks_of_parameter(&kind.arg, Asked::FUNCTION)
            }
            parameter if is_equal && (is_undefined || is_null(value)) => {
                self.asks_of_parameter(parameter, Asked::TRUE)
            }
            parameter => is_undefined && !is_equal && self.asks_of_parameter(parameter, Asked::NOTHING),
        }
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
            Expr::Unary(not) if not.op == UnaryOp::Bang => self.after(&not.arg, outcome.other(), judge),
            other if let Some(name) = self.parameter_found(other, outcome) => {
                let existing = Existing {
                    name: &name.sym,
                    context: name.ctxt,
                    outer: self.existing,
                };
                judge(&Purity {
                    existing: Some(&existing),
                    ..*self
                })
            }
            Expr::Bin(comparison) => match self.global_found(comparison) {
                Some((name, finds)) if finds == outcome => {
                    let existing = Existing {
                        name,
                        context: self.unresolved,
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

    /// The parameter that counts as true where a test has this outcome.
    fn parameter_found<'e>(&self, test: &'e Expr, outcome: Outcome) -> Option<&'e Ident> {
        let parameters = self.parameters?;
        let name = match test {
            Expr::Ident(name) if outcome == Outcome::True => name,
            Expr::Bin(comparison) => {
                let is_equal = match comparison.op {
                    BinaryOp::EqEqEq | BinaryOp::EqEq => outcome == Outcome::True,
                    BinaryOp::NotEqEq | BinaryOp::NotEq => outcome == Outcome::False,
                    BinaryOp::InstanceOf if outcome == Outcome::True => {
                        let name = comparison.left.as_ident()?;
                        return parameters.has(&name.to_id()).then_some(name);
                    }
                    _ => return None,
                };
                let kind = without_parentheses(&comparison.left).as_unary();
                let kind = kind.filter(|kind| kind.op == UnaryOp::TypeOf)?;
                let is_function = matches!(without_parentheses(&comparison.right), Expr::Lit(Lit::Str(kind)) if kind.value == *"function");
                without_parentheses(&kind.arg)
                    .as_ident()
                    .filter(|_| is_equal && is_function)?
            }
            _ => return None,
        };
        parameters.has(&name.to_id()).then_some(name)
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

/// Whether every object inherits something by this name.
fn is_inherited(name: &str) -> bool {
    name.starts_with("__")
        || matches!(
            name,
            "constructor"
                | "hasOwnProperty"
                | "isPrototypeOf"
                | "propertyIsEnumerable"
                | "toLocaleString"
                | "toString"
                | "valueOf"
        )
}
