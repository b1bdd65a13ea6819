//! Members whose names stand in the source: `object.first['second']`, `'name' in object`.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{BinExpr, BinaryOp, Expr, Ident, Lit, MemberExpr, MemberProp};

use super::normalize::text_of;
use crate::graph::MemberPath;

/// What every object inherits.
pub const INHERITED_NAMES: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// The name and the object of `'name' in object`.
pub fn key_test(binary: &BinExpr) -> Option<(Atom, &Ident)> {
    match (&*binary.left, &*binary.right) {
        (Expr::Lit(Lit::Str(name)), Expr::Ident(object)) if binary.op == BinaryOp::In => {
            Some((text_of(&name.value), object))
        }
        _ => None,
    }
}

/// Names of modules in names of modules end long before; what is longer is a path that nobody knows.
const LONGEST_PATH: usize = 64;

/// The name at the start of `object.first.second`, and the names after it.
pub fn static_path(member: &MemberExpr) -> Option<(&Ident, MemberPath)> {
    let mut path = vec![static_member(&member.prop)?];
    let mut object = &*member.obj;
    while let Expr::Member(inner) = object {
        // Each part of a chain is asked for its path.
        if path.len() == LONGEST_PATH {
            return None;
        }
        path.push(static_member(&inner.prop)?);
        object = &inner.obj;
    }
    path.reverse();
    Some((object.as_ident()?, path))
}

/// The name in `object.name` or `object['name']`.
pub fn static_member(property: &MemberProp) -> Option<Atom> {
    match property {
        MemberProp::Ident(name) => Some(name.sym.clone()),
        MemberProp::Computed(computed) => match &*computed.expr {
            Expr::Lit(Lit::Str(text)) => Some(text_of(&text.value)),
            _ => None,
        },
        MemberProp::PrivateName(_) => None,
    }
}
