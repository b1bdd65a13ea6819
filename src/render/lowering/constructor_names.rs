//! Values of fields move into constructors, whose names they must not see.

use swc_core::ecma::ast::{Class, ClassMember, Expr, Module, PropName};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::scan::constructor_names::move_names_out_of_the_way;

/// Gives what constructors declare other names where values use theirs. To be called before the values move.
pub(super) fn move_out_of_the_way(module: &mut Module) {
    module.visit_mut_with(&mut Mover);
}

struct Mover;

impl VisitMut for Mover {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, node: &mut Class) {
        node.visit_mut_children_with(self);
        let (constructors, others): (Vec<_>, Vec<_>) = node
            .body
            .iter_mut()
            .partition(|member| matches!(member, ClassMember::Constructor(_)));
        let moved = others.into_iter().flat_map(|member| moved_of(member));
        let moved: Vec<&Expr> = moved.collect();
        if moved.is_empty() {
            return;
        }
        for constructor in constructors {
            if let ClassMember::Constructor(constructor) = constructor {
                move_names_out_of_the_way(constructor, moved.iter().copied());
            }
        }
    }
}

/// What of a field stands in the constructor then.
fn moved_of(member: &ClassMember) -> impl Iterator<Item = &Expr> {
    let (key, value) = match member {
        ClassMember::ClassProp(field) if !field.is_static => (Some(&field.key), field.value.as_deref()),
        ClassMember::PrivateProp(field) if !field.is_static => (None, field.value.as_deref()),
        _ => (None, None),
    };
    let key = key.and_then(|key| match key {
        PropName::Computed(key) => Some(&*key.expr),
        _ => None,
    });
    key.into_iter().chain(value)
}
