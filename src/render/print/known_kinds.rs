//! Values whose kind is written down, but whose parts run code: `typeof [object.getter]`, `typeof class { static [key] }`.
//!
//! The compressor knows the answer and forgets what happens on the way to it.

use swc_core::ecma::ast::{ClassMember, Expr, Lit, Prop, PropName, PropOrSpread};

/// Whether a value of a known kind is not made of literals and functions alone.
pub fn runs_code(value: &Expr) -> bool {
    match value {
        Expr::Array(array) => array
            .elems
            .iter()
            .flatten()
            .any(|element| element.spread.is_some() || !is_quiet(&element.expr)),
        Expr::Object(object) => object.props.iter().any(|property| match property {
            PropOrSpread::Spread(_) => true,
            PropOrSpread::Prop(property) => match &**property {
                Prop::KeyValue(pair) => pair.key.is_computed() || !is_quiet(&pair.value),
                Prop::Method(method) => method.key.is_computed(),
                Prop::Getter(getter) => getter.key.is_computed(),
                Prop::Setter(setter) => setter.key.is_computed(),
                Prop::Shorthand(_) | Prop::Assign(_) => true,
            },
        }),
        Expr::Class(class) => {
            class.class.super_class.is_some() || class.class.body.iter().any(member_runs_code)
        }
        _ => false,
    }
}

fn is_quiet(value: &Expr) -> bool {
    match value {
        Expr::Lit(literal) => !matches!(literal, Lit::Regex(_)),
        Expr::Fn(_) | Expr::Arrow(_) => true,
        Expr::Array(_) | Expr::Object(_) | Expr::Class(_) => !runs_code(value),
        _ => false,
    }
}

fn member_runs_code(member: &ClassMember) -> bool {
    let is_computed = |key: &PropName| key.is_computed();
    match member {
        ClassMember::Method(method) => is_computed(&method.key),
        ClassMember::ClassProp(property) => is_computed(&property.key) || property.is_static,
        ClassMember::PrivateProp(property) => property.is_static,
        ClassMember::AutoAccessor(accessor) => accessor.is_static,
        ClassMember::StaticBlock(_) => true,
        _ => false,
    }
}
