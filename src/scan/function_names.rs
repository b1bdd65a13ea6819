//! Which functions and classes get their `name` from the binding they are assigned to (ECMA-262 §8.4 `NamedEvaluation`).

use swc_core::ecma::ast::{Class, ClassMember, Expr, PropName};

/// Whether a value is a function or class without a name of its own.
pub(super) fn is_anonymous(value: &Expr) -> bool {
    match value {
        Expr::Paren(inner) => is_anonymous(&inner.expr),
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        Expr::Class(class) => class.ident.is_none() && !has_own_name(&class.class),
        _ => false,
    }
}

/// Whether a class has a static member that is, or may be, called `name`.
pub(super) fn has_own_name(class: &Class) -> bool {
    class.body.iter().any(|member| {
        let key = match member {
            ClassMember::Method(method) if method.is_static => &method.key,
            ClassMember::ClassProp(field) if field.is_static => &field.key,
            _ => return false,
        };
        match key {
            PropName::Ident(name) => name.sym == *"name",
            PropName::Str(name) => name.value == *"name",
            PropName::Computed(_) => true,
            _ => false,
        }
    })
}
