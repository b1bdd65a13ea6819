//! Small questions about syntax that every part of the analysis asks.

use swc_core::atoms::{Atom, Wtf8Atom};
use swc_core::ecma::ast::{
    AssignOp, AssignTarget, BinaryOp, Expr, Ident, Lit, MemberProp, ObjectLit, Prop, PropName, PropOrSpread,
    SimpleAssignTarget,
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

/// `value` of `{ name: value }`
pub fn literal_value<'a>(object: &'a ObjectLit, name: &Atom) -> Option<&'a Expr> {
    object.props.iter().find_map(|property| match property {
        PropOrSpread::Prop(property) => match &**property {
            Prop::KeyValue(pair) if property_text(&pair.key).as_ref() == Some(name) => Some(&*pair.value),
            _ => None,
        },
        PropOrSpread::Spread(_) => None,
    })
}
