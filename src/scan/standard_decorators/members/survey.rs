//! What a class has of decorators.

use swc_core::ecma::ast::{Class, ClassMember, Decorator, Id};

use super::super::mentions::{has_computed_key, is_free};
use super::{Of, Placement};

pub(super) fn decorators_of(member: &ClassMember) -> &[Decorator] {
    match member {
        ClassMember::Method(method) if !method.is_abstract => &method.function.decorators,
        ClassMember::PrivateMethod(method) => &method.function.decorators,
        ClassMember::ClassProp(field) if !field.is_abstract && !field.declare => &field.decorators,
        ClassMember::PrivateProp(field) => &field.decorators,
        ClassMember::AutoAccessor(accessor) => &accessor.decorators,
        _ => &[],
    }
}

/// Whether a class has decorated members or accessors.
pub(in super::super) fn have_work(class: &Class) -> bool {
    class
        .body
        .iter()
        .any(|member| member.is_auto_accessor() || !decorators_of(member).is_empty())
}

/// Whether what class decorators make of a class gets something.
pub(in super::super) fn have_statics(class: &Class) -> bool {
    class.body.iter().any(|member| match member {
        ClassMember::ClassProp(field) => field.is_static && !field.declare && !field.is_abstract,
        ClassMember::PrivateProp(field) => field.is_static,
        ClassMember::PrivateMethod(method) => method.is_static,
        ClassMember::AutoAccessor(accessor) => accessor.is_static,
        ClassMember::StaticBlock(_) => true,
        _ => false,
    })
}

pub(super) fn placement(class: &Class, name: Option<&Id>) -> Placement {
    let is_simple = class.body.iter().all(|member| {
        !has_computed_key(member)
            && decorators_of(member)
                .iter()
                .all(|decorator| is_free(&decorator.expr, name))
    });
    if is_simple {
        Placement::InCall
    } else {
        Placement::WithKeys
    }
}

/// Whether a method or something like it is decorated, whose initializers run before fields are there.
pub(super) fn has_decorated_method(class: &Class, of: Of) -> bool {
    class.body.iter().any(|member| {
        let is_static = match member {
            ClassMember::Method(method) => method.is_static,
            ClassMember::PrivateMethod(method) => method.is_static,
            _ => return false,
        };
        Of::from(is_static) == of && !decorators_of(member).is_empty()
    })
}
