//! `{ name }` in objects and patterns: the key stays what it is when the variable is called otherwise.

use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignPat, AssignPatProp, Expr, Ident, IdentName, KeyValuePatProp, KeyValueProp, ObjectPatProp, Pat,
    Prop, PropName,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _};

fn key_of(ident: &Ident) -> IdentName {
    IdentName::new(ident.sym.clone(), ident.span)
}

/// Visits a property of an object; `rename` gives a variable its name.
pub fn rename_property<Renamer: VisitMut>(
    property: &mut Prop,
    renamer: &mut Renamer,
    rename: impl FnOnce(&mut Renamer, &mut Ident),
) {
    let Prop::Shorthand(ident) = property else {
        property.visit_mut_children_with(renamer);
        return;
    };
    let key = key_of(ident);
    rename(renamer, ident);
    if key.sym != ident.sym {
        let value = Box::new(Expr::Ident(ident.take()));
        *property = Prop::KeyValue(KeyValueProp {
            key: PropName::Ident(key),
            value,
        });
    }
}

/// The same for a property of a pattern, which may have a default value.
pub fn rename_pattern_property<Renamer: VisitMut>(
    property: &mut ObjectPatProp,
    renamer: &mut Renamer,
    rename: impl FnOnce(&mut Renamer, &mut Ident),
) {
    let ObjectPatProp::Assign(AssignPatProp {
        span,
        key: ident,
        value,
    }) = property
    else {
        property.visit_mut_children_with(renamer);
        return;
    };
    let key = key_of(ident);
    rename(renamer, ident);
    value.visit_mut_with(renamer);
    if key.sym == ident.sym {
        return;
    }
    let binding = Pat::Ident(ident.clone());
    let pattern = match value.take() {
        Some(right) => Pat::Assign(AssignPat {
            span: *span,
            left: Box::new(binding),
            right,
        }),
        None => binding,
    };
    *property = ObjectPatProp::KeyValue(KeyValuePatProp {
        key: PropName::Ident(key),
        value: Box::new(pattern),
    });
}
