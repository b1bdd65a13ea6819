//! What is certain in every CommonJS module: which branches of a universal module run.

use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{BinExpr, BinaryOp, Expr, Lit, UnaryOp};

use super::syntax::{key_text, peel, stores_right_side};

/// The free names whose nature in a CommonJS module is known.
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    /// Marks free names.
    pub unresolved: SyntaxContext,
}

impl Environment {
    /// Whether `expression` is the free name `name`.
    pub fn is_free(self, expression: &Expr, name: &str) -> bool {
        matches!(peel(expression), Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *name)
    }

    /// Calls `visit` with every expression whose value `expression` can have, constant tests decided.
    pub fn for_each_outcome<'a>(self, expression: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
        match peel(expression) {
            Expr::Assign(assignment) if stores_right_side(assignment.op) => {
                self.for_each_outcome(&assignment.right, visit);
            }
            Expr::Cond(conditional) => {
                let truth = self.truth(&conditional.test);
                if truth != Some(false) {
                    self.for_each_outcome(&conditional.cons, visit);
                }
                if truth != Some(true) {
                    self.for_each_outcome(&conditional.alt, visit);
                }
            }
            Expr::Bin(binary) => match binary.op {
                BinaryOp::LogicalAnd => {
                    if self.truth(&binary.left) != Some(false) {
                        self.for_each_outcome(&binary.right, visit);
                    }
                }
                BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => {
                    let (last, others) = alternatives(binary);
                    for alternative in others {
                        let truth = self.truth(alternative);
                        if truth != Some(false) {
                            self.for_each_outcome(alternative, visit);
                        }
                        if truth == Some(true) {
                            return;
                        }
                    }
                    self.for_each_outcome(last, visit);
                }
                _ => visit(peel(expression)),
            },
            other => visit(other),
        }
    }

    /// Whether a condition holds in every CommonJS module: a universal module asks for `exports`, `module`
    /// and `define` before it decides how to export, and only one of its branches counts.
    pub fn truth(self, condition: &Expr) -> Option<bool> {
        match peel(condition) {
            Expr::Lit(Lit::Bool(value)) => Some(value.value),
            Expr::Lit(Lit::Num(value)) => Some(value.value != 0.0),
            Expr::Lit(Lit::Null(_)) => Some(false),
            Expr::Lit(Lit::Str(text)) => Some(!text.value.is_empty()),
            Expr::Unary(unary) if unary.op == UnaryOp::Bang => self.truth(&unary.arg).map(|value| !value),
            Expr::Bin(binary) => {
                let (left, right) = (&*binary.left, &*binary.right);
                match binary.op {
                    BinaryOp::LogicalAnd => match (self.truth(left), self.truth(right)) {
                        (Some(false), _) | (_, Some(false)) => Some(false),
                        (Some(true), truth) => truth,
                        (None, _) => None,
                    },
                    BinaryOp::LogicalOr => match (self.truth(left), self.truth(right)) {
                        (Some(true), _) | (_, Some(true)) => Some(true),
                        (Some(false), truth) => truth,
                        (None, _) => None,
                    },
                    _ => self.truth_of_comparison(binary),
                }
            }
            other => {
                if self.is_free(other, "define") {
                    return Some(false);
                }
                self.type_of(other)
                    .filter(|kind| *kind != "undefined")
                    .map(|_| true)
            }
        }
    }

    /// The same for operators other than `&&`, `||` and `??`.
    pub fn truth_of_comparison(self, binary: &BinExpr) -> Option<bool> {
        let (left, right) = (&*binary.left, &*binary.right);
        match binary.op {
            BinaryOp::EqEq | BinaryOp::EqEqEq => self.equals(left, right),
            BinaryOp::NotEq | BinaryOp::NotEqEq => self.equals(left, right).map(|value| !value),
            BinaryOp::Lt | BinaryOp::Gt => self.compares_with_undefined(binary.op, left, right),
            _ => None,
        }
    }

    fn equals(self, left: &Expr, right: &Expr) -> Option<bool> {
        if let (Some(left), Some(right)) = (self.string_value(left), self.string_value(right)) {
            return Some(left == right);
        }
        // `void 0 !== exports`, `module != null`
        let known = if is_nothing(left) {
            right
        } else if is_nothing(right) {
            left
        } else {
            return None;
        };
        self.type_of(known).map(|kind| kind == "undefined")
    }

    /// Minifiers write `typeof module < "u"` for `typeof module !== "undefined"`.
    fn compares_with_undefined(self, operator: BinaryOp, left: &Expr, right: &Expr) -> Option<bool> {
        let (left, right) = (self.string_value(left)?, self.string_value(right)?);
        Some(if operator == BinaryOp::Lt {
            left < right
        } else {
            left > right
        })
    }

    fn string_value(self, expression: &Expr) -> Option<&str> {
        match peel(expression) {
            Expr::Lit(Lit::Str(text)) => text.value.as_atom().map(Atom::as_str),
            Expr::Unary(unary) if unary.op == UnaryOp::TypeOf => self.type_of(&unary.arg),
            // Babel's `typeof x === 'undefined' ? 'undefined' : _typeof(x)`
            Expr::Cond(conditional) if !self.truth(&conditional.test)? => match peel(&conditional.alt) {
                Expr::Call(call) => match call.args.as_slice() {
                    [argument] => self.type_of(&argument.expr),
                    _ => None,
                },
                other => self.string_value(other),
            },
            Expr::Cond(conditional) => self.string_value(&conditional.cons),
            _ => None,
        }
    }

    fn type_of(self, expression: &Expr) -> Option<&'static str> {
        if self.is_free(expression, "exports") || self.is_free(expression, "module") {
            return Some("object");
        }
        if self.is_free(expression, "require") {
            return Some("function");
        }
        if self.is_free(expression, "define") {
            return Some("undefined");
        }
        match peel(expression) {
            Expr::Member(member)
                if self.is_free(&member.obj, "module")
                    && key_text(&member.prop).is_some_and(|name| name == *"exports") =>
            {
                Some("object")
            }
            _ => None,
        }
    }
}

/// The last operand of `a || b || c`, and the others from left to right.
fn alternatives(binary: &BinExpr) -> (&Expr, Vec<&Expr>) {
    let mut others = Vec::new();
    let mut left = peel(&binary.left);
    while let Expr::Bin(inner) = left
        && inner.op == binary.op
    {
        others.push(&*inner.right);
        left = peel(&inner.left);
    }
    others.push(left);
    others.reverse();
    (&binary.right, others)
}

fn is_nothing(expression: &Expr) -> bool {
    match peel(expression) {
        Expr::Lit(Lit::Null(_)) => true,
        Expr::Unary(unary) => unary.op == UnaryOp::Void,
        Expr::Ident(ident) => ident.sym == "undefined",
        _ => false,
    }
}
