//! What literals are asked for: `[].own` may be a getter that somebody gave to all arrays.

use swc_core::ecma::ast::{Expr, Lit, MemberExpr, MemberProp, Prop, PropName, PropOrSpread};

/// `__proto__: null`.
fn sets_prototype(property: &PropOrSpread) -> bool {
    matches!(property, PropOrSpread::Prop(property) if matches!(&**property, Prop::KeyValue(pair)
    if match &pair.key {
        PropName::Ident(name) => name.sym == *"__proto__",
        PropName::Str(name) => name.value == *"__proto__",
        _ => false,
    }))
}

/// Whether a literal is asked for what it does not have by itself.
pub fn asks_for_unknown(member: &MemberExpr) -> bool {
    let MemberProp::Ident(name) = &member.prop else {
        return false;
    };
    let known: &[&str] = match &*member.obj {
        Expr::Array(_) => &[
            "at",
            "concat",
            "copyWithin",
            "entries",
            "every",
            "fill",
            "filter",
            "find",
            "findIndex",
            "findLast",
            "findLastIndex",
            "flat",
            "flatMap",
            "forEach",
            "includes",
            "indexOf",
            "join",
            "keys",
            "lastIndexOf",
            "length",
            "map",
            "pop",
            "push",
            "reduce",
            "reduceRight",
            "reverse",
            "shift",
            "slice",
            "some",
            "sort",
            "splice",
            "toString",
            "unshift",
            "values",
            "constructor",
        ],
        Expr::Lit(Lit::Str(_)) | Expr::Tpl(_) => &[
            "at",
            "charAt",
            "charCodeAt",
            "codePointAt",
            "concat",
            "constructor",
            "endsWith",
            "includes",
            "indexOf",
            "lastIndexOf",
            "length",
            "localeCompare",
            "match",
            "matchAll",
            "normalize",
            "padEnd",
            "padStart",
            "repeat",
            "replace",
            "replaceAll",
            "search",
            "slice",
            "split",
            "startsWith",
            "substr",
            "substring",
            "toLowerCase",
            "toString",
            "toUpperCase",
            "trim",
            "trimEnd",
            "trimStart",
            "valueOf",
        ],
        Expr::Lit(Lit::Num(_)) => &[
            "toFixed",
            "toString",
            "toPrecision",
            "toExponential",
            "valueOf",
            "constructor",
        ],
        Expr::Object(object) if object.props.iter().any(sets_prototype) => &[],
        Expr::Object(object) if object.props.is_empty() => &[
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
        ],
        _ => return false,
    };
    !known.contains(&&*name.sym)
}

/// The literal in `({ key() {} }).key.name`. Taken out of it, the function would have no name.
pub fn asks_for_name(member: &mut MemberExpr) -> Option<&mut Expr> {
    if !matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"name") {
        return None;
    }
    let inner = member.obj.as_mut_member()?;
    let mut object = &mut *inner.obj;
    while let Expr::Paren(parentheses) = object {
        object = &mut parentheses.expr;
    }
    object.is_object().then_some(object)
}
