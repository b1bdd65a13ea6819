//! The parts of a class member: a computed key is evaluated with the class, by what surrounds it.
//!
//! ```js
//! exports.Reader = class { [this.kind]() { return this } }        // two values of `this`
//! ```

use swc_core::ecma::ast::{ClassMember, Expr, Key, PropName};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith};

/// The computed key of a member.
pub(super) fn computed_key(member: &ClassMember) -> Option<&Expr> {
    let key = match member {
        ClassMember::Method(method) => &method.key,
        ClassMember::ClassProp(field) => &field.key,
        ClassMember::AutoAccessor(accessor) => match &accessor.key {
            Key::Public(key) => key,
            Key::Private(_) => return None,
        },
        _ => return None,
    };
    key.as_computed().map(|key| &*key.expr)
}

/// The same, to be changed.
pub fn computed_key_mut(member: &mut ClassMember) -> Option<&mut Expr> {
    let key = match member {
        ClassMember::Method(method) => &mut method.key,
        ClassMember::ClassProp(field) => &mut field.key,
        ClassMember::AutoAccessor(accessor) => match &mut accessor.key {
            Key::Public(key) => key,
            Key::Private(_) => return None,
        },
        _ => return None,
    };
    match key {
        PropName::Computed(key) => Some(&mut key.expr),
        _ => None,
    }
}

/// Visits a member without its key.
pub(super) fn visit_beside_key(member: &ClassMember, visitor: &mut impl Visit) {
    match member {
        ClassMember::Method(method) => method.function.visit_with(visitor),
        ClassMember::ClassProp(field) => {
            field.value.visit_with(visitor);
            field.decorators.visit_with(visitor);
        }
        ClassMember::AutoAccessor(accessor) => {
            accessor.value.visit_with(visitor);
            accessor.decorators.visit_with(visitor);
        }
        other => other.visit_children_with(visitor),
    }
}

/// The same, changing it.
pub(super) fn visit_mut_beside_key(member: &mut ClassMember, visitor: &mut impl VisitMut) {
    match member {
        ClassMember::Method(method) => method.function.visit_mut_with(visitor),
        ClassMember::ClassProp(field) => {
            field.value.visit_mut_with(visitor);
            field.decorators.visit_mut_with(visitor);
        }
        ClassMember::AutoAccessor(accessor) => {
            accessor.value.visit_mut_with(visitor);
            accessor.decorators.visit_mut_with(visitor);
        }
        other => other.visit_mut_children_with(visitor),
    }
}
