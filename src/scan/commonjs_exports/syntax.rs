//! Small questions about syntax that every part of the analysis asks.

use swc_core::atoms::{Atom, Wtf8Atom};
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    AssignOp, AssignTarget, BinExpr, BinaryOp, Expr, Ident, Lit, MemberProp, PropName, SimpleAssignTarget,
    UnaryOp,
};

/// The text of a string; lone surrogates, which no name has, are replaced.
pub fn text_of(value: &Wtf8Atom) -> Atom {
    value.to_atom_lossy().into_owned()
}

/// Without parentheses, type assertions and the leading parts of `(0, x)`.
pub fn peel(mut expression: &Expr) -> &Expr {
    loop {
        expression = match expression {
            Expr::Paren(inner) => &inner.expr,
            Expr::TsAs(inner) => &inner.expr,
            Expr::TsNonNull(inner) => &inner.expr,
            Expr::TsSatisfies(inner) => &inner.expr,
            Expr::TsConstAssertion(inner) => &inner.expr,
            Expr::TsTypeAssertion(inner) => &inner.expr,
            Expr::TsInstantiation(inner) => &inner.expr,
            Expr::Seq(sequence) => match sequence.exprs.last() {
                Some(last) => last,
                None => return expression,
            },
            _ => return expression,
        };
    }
}

/// Two expressions of an assignment with `=`, whose target is a variable or member.
pub enum Target<'a> {
    /// A variable.
    Variable(&'a Ident),
    /// A member.
    Member(&'a swc_core::ecma::ast::MemberExpr),
}

/// What a simple assignment target names.
pub fn simple_target(target: &AssignTarget) -> Option<Target<'_>> {
    let AssignTarget::Simple(target) = target else {
        return None;
    };
    match target {
        SimpleAssignTarget::Ident(ident) => Some(Target::Variable(&ident.id)),
        SimpleAssignTarget::Member(member) => Some(Target::Member(member)),
        SimpleAssignTarget::Paren(inner) => expression_target(&inner.expr),
        SimpleAssignTarget::TsAs(inner) => expression_target(&inner.expr),
        SimpleAssignTarget::TsNonNull(inner) => expression_target(&inner.expr),
        SimpleAssignTarget::TsTypeAssertion(inner) => expression_target(&inner.expr),
        _ => None,
    }
}

fn expression_target(expression: &Expr) -> Option<Target<'_>> {
    match peel(expression) {
        Expr::Ident(ident) => Some(Target::Variable(ident)),
        Expr::Member(member) => Some(Target::Member(member)),
        _ => None,
    }
}

/// Operators after which the target holds the right side, or did hold something already.
pub fn stores_right_side(operator: AssignOp) -> bool {
    matches!(
        operator,
        AssignOp::Assign | AssignOp::OrAssign | AssignOp::AndAssign | AssignOp::NullishAssign
    )
}

/// What a property is written to: `b` in `(a = b).c = 1`, and in `(b || (b = {})).c = 1`.
pub fn assigned_expression(expression: &Expr) -> &Expr {
    match peel(expression) {
        Expr::Assign(assignment) if stores_right_side(assignment.op) => {
            match peel(&assignment.right) {
                // `(module.exports = _)._ = _`, `(a = a || self).b = 1`
                right @ (Expr::Ident(_) | Expr::Member(_) | Expr::Assign(_) | Expr::Bin(_)) => {
                    assigned_expression(right)
                }
                right => right,
            }
        }
        Expr::Bin(binary) if matches!(binary.op, BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) => {
            assigned_expression(&binary.left)
        }
        other => other,
    }
}

/// The name in `object.name` and `object['name']`.
pub fn key_text(property: &MemberProp) -> Option<Atom> {
    match property {
        MemberProp::Ident(name) => Some(name.sym.clone()),
        MemberProp::Computed(computed) => constant_text(&computed.expr),
        MemberProp::PrivateName(_) => None,
    }
}

/// The name of a property in a literal or class, none when it is computed or a number.
pub fn property_text(name: &PropName) -> Option<Atom> {
    match name {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(text) => Some(text_of(&text.value)),
        PropName::Computed(computed) => constant_text(&computed.expr),
        PropName::Num(_) | PropName::BigInt(_) => None,
    }
}

/// The value of a string literal or of a template without substitutions.
pub fn constant_text(expression: &Expr) -> Option<Atom> {
    match peel(expression) {
        Expr::Lit(Lit::Str(text)) => Some(text_of(&text.value)),
        Expr::Tpl(template) if template.exprs.is_empty() => {
            Some(text_of(template.quasis.first()?.cooked.as_ref()?))
        }
        _ => None,
    }
}

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
                    let truth = self.truth(&binary.left);
                    if truth != Some(false) {
                        self.for_each_outcome(&binary.left, visit);
                    }
                    if truth != Some(true) {
                        self.for_each_outcome(&binary.right, visit);
                    }
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

fn is_nothing(expression: &Expr) -> bool {
    match peel(expression) {
        Expr::Lit(Lit::Null(_)) => true,
        Expr::Unary(unary) => unary.op == UnaryOp::Void,
        Expr::Ident(ident) => ident.sym == "undefined",
        _ => false,
    }
}
