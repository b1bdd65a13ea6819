//! What literals are asked for: `[].own` may be a getter that somebody gave to all arrays.

use swc_core::ecma::ast::{Expr, ExprOrSpread, Lit, MemberExpr, MemberProp, Prop, PropName, PropOrSpread};

/// `__proto__: null`.
fn sets_prototype(property: &PropOrSpread) -> bool {
    matches!(property, PropOrSpread::Prop(property) if matches!(&**property, Prop::KeyValue(pair)
    if match &pair.key {
        PropName::Ident(name) => name.sym == *"__proto__",
        PropName::Str(name) => name.value == *"__proto__",
        _ => false,
    }))
}

/// Properties of every object.
const OF_OBJECTS: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Whether a literal is asked for what it does not have by itself.
pub fn asks_for_unknown(member: &MemberExpr) -> bool {
    let object = last_of(&member.obj);
    let name = match &member.prop {
        MemberProp::Ident(name) => &name.sym,
        MemberProp::Computed(key) => return asks_for_other_key(object, &key.expr),
        MemberProp::PrivateName(_) => return false,
    };
    let known: &[&str] = match object {
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
        Expr::Object(object) if object.props.iter().any(|property| may_be(property, name)) => return false,
        Expr::Object(_) => OF_OBJECTS,
        _ => return false,
    };
    !known.contains(&&**name)
}

/// What a sequence ends with: of `(a(), 'text').own` the compressor would leave no more than `undefined`.
fn last_of(object: &Expr) -> &Expr {
    match object {
        Expr::Paren(parentheses) => last_of(&parentheses.expr),
        Expr::Seq(sequence) => sequence.exprs.last().map_or(object, |last| last_of(last)),
        _ => object,
    }
}

/// `[1, , 3][1]`, `({ a: 1 })['b']`.
fn asks_for_other_key(object: &Expr, key: &Expr) -> bool {
    match (object, key) {
        (Expr::Array(array), Expr::Lit(Lit::Num(index))) => {
            let spread =
                |element: &Option<ExprOrSpread>| element.as_ref().is_some_and(|one| one.spread.is_some());
            let place = array
                .elems
                .iter()
                .enumerate()
                .find(|(place, _)| place.to_string() == index.value.to_string());
            !array.elems.iter().any(spread) && place.is_none_or(|(_, element)| element.is_none())
        }
        (Expr::Object(object), Expr::Lit(Lit::Str(key))) => {
            let Some(key) = key.value.as_str() else {
                return true;
            };
            !object.props.iter().any(|property| may_be(property, key)) && !OF_OBJECTS.contains(&key)
        }
        (Expr::Object(object), Expr::Lit(Lit::Num(key))) => {
            let key = key.value.to_string();
            !object.props.iter().any(|property| may_be(property, &key))
        }
        _ => false,
    }
}

/// Whether a property of a literal may have this name.
fn may_be(property: &PropOrSpread, name: &str) -> bool {
    let PropOrSpread::Prop(property) = property else {
        return true;
    };
    let key = match &**property {
        Prop::KeyValue(pair) => &pair.key,
        Prop::Method(method) => &method.key,
        Prop::Getter(getter) => &getter.key,
        Prop::Setter(setter) => &setter.key,
        Prop::Shorthand(shorthand) => return shorthand.sym == *name,
        Prop::Assign(_) => return true,
    };
    match key {
        PropName::Ident(key) => key.sym == *name,
        PropName::Str(key) => key.value == *name,
        PropName::Num(key) => key.value.to_string() == name,
        PropName::Computed(_) | PropName::BigInt(_) => true,
    }
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
