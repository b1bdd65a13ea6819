//! What is known of the built-in objects.
#![expect(
    clippy::match_same_arms,
    clippy::too_many_lines,
    reason = "tables: one line per group of built-ins"
)]

use swc_core::ecma::ast::{
    CallExpr, Callee, Expr, ExprOrSpread, Lit, MemberProp, NewExpr, Prop, PropOrSpread,
};

use super::{Purity, has_accessors, without_parentheses};

/// Built-in objects whose own properties are plain values (or getters without effect).
const NAMESPACES: &[&str] = &[
    "AggregateError",
    "Array",
    "ArrayBuffer",
    "Atomics",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Boolean",
    "DataView",
    "Date",
    "Error",
    "EvalError",
    "Float32Array",
    "Float64Array",
    "Function",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Intl",
    "JSON",
    "Map",
    "Math",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "RangeError",
    "ReferenceError",
    "Reflect",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "SyntaxError",
    "TypeError",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "WeakRef",
    "WeakSet",
];

/// Other names that exist wherever modules run.
const OTHER_GLOBALS: &[&str] = &[
    "AbortController",
    "AbortSignal",
    "Event",
    "EventTarget",
    "FinalizationRegistry",
    "Infinity",
    "NaN",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "clearInterval",
    "clearTimeout",
    "console",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "globalThis",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "queueMicrotask",
    "setInterval",
    "setTimeout",
    "undefined",
];

/// Whether reading this free name can neither throw nor run code.
pub fn is_global(name: &str) -> bool {
    is_namespace(name) || OTHER_GLOBALS.binary_search(&name).is_ok()
}

/// Whether reading a property of this free name can neither throw nor run code.
pub fn is_namespace(name: &str) -> bool {
    NAMESPACES.binary_search(&name).is_ok()
}

/// Whether `object.prototype.property` is a plain value (or undefined); others have getters that throw, such as
/// `Map.prototype.size`.
pub fn has_plain_prototype(object: &str, property: &str) -> bool {
    matches!(
        object,
        "Array" | "Boolean" | "Function" | "Number" | "Object" | "String"
    ) && !matches!(property, "arguments" | "caller")
}

/// Whether `object.property` is a number.
pub fn is_number(object: &str, property: &str) -> bool {
    match object {
        "Math" => matches!(
            property,
            "E" | "LN10" | "LN2" | "LOG10E" | "LOG2E" | "PI" | "SQRT1_2" | "SQRT2"
        ),
        "Number" => matches!(
            property,
            "EPSILON"
                | "MAX_SAFE_INTEGER"
                | "MAX_VALUE"
                | "MIN_SAFE_INTEGER"
                | "MIN_VALUE"
                | "NEGATIVE_INFINITY"
                | "NaN"
                | "POSITIVE_INFINITY"
        ),
        _ => false,
    }
}

/// `new Map()`, `new Set([1, 2])`, `new Error('x')`, ….
pub fn is_pure_construction(purity: &Purity<'_>, new: &NewExpr) -> bool {
    let Some(constructor) = purity.global_name(&new.callee) else {
        return false;
    };
    let arguments = new.args.as_deref().unwrap_or_default();
    match (constructor, arguments) {
        (
            "Map" | "Set" | "WeakMap" | "WeakSet" | "Date" | "Object" | "Array" | "Error" | "TypeError"
            | "RangeError" | "SyntaxError" | "ReferenceError" | "EvalError" | "URIError" | "Boolean"
            | "Number" | "String" | "AbortController" | "TextEncoder" | "TextDecoder" | "URLSearchParams",
            [],
        ) => true,
        ("Boolean", [only]) => only.spread.is_none() && !purity.expression_has_side_effects(&only.expr),
        ("Number" | "String", [only]) => only.spread.is_none() && purity.is_plain_value(&only.expr),
        ("Array", [only]) => purity.is_length_of_list(only),
        ("Array", several) => several
            .iter()
            .all(|value| value.spread.is_none() && !purity.expression_has_side_effects(&value.expr)),
        ("ArrayBuffer", [only]) => purity.is_length_of_list(only),
        ("RegExp", [pattern, flags @ ..]) if flags.len() <= 1 => {
            is_simple_text(pattern, |byte| {
                byte.is_ascii_alphanumeric() || b" -_/^$.".contains(&byte)
            }) && flags
                .iter()
                .all(|flags| is_simple_text(flags, |_| false) || is_one_flag(flags))
                || purity.is_valid_expression(pattern, flags.first())
        }
        ("WeakRef", [only]) => {
            only.spread.is_none()
                && is_fresh_object(&only.expr)
                && !purity.expression_has_side_effects(&only.expr)
        }
        ("Proxy", [target, handler]) => [target, handler].into_iter().all(|argument| {
            argument.spread.is_none()
                && is_fresh_object(&argument.expr)
                && !purity.expression_has_side_effects(&argument.expr)
        }),
        (typed, []) if is_typed_array(typed) => true,
        (typed, [only]) if is_typed_array(typed) => {
            purity.is_length_of_list(only)
                || (!typed.starts_with("Big")
                    && array_of(only, |element| matches!(element, Expr::Lit(Lit::Num(_)))))
        }
        ("Map" | "Set" | "WeakMap" | "WeakSet", [only]) if is_nothing(purity, only) => true,
        ("Set", [only])
            if only.spread.is_none()
                && (purity.is_list(&only.expr)
                    || purity.is_text(&only.expr)
                    || purity.is_promised_list(&only.expr)) =>
        {
            true
        }
        ("Map", [only]) if only.spread.is_none() && is_entries(purity, &only.expr) => true,
        ("Promise", [only]) => only.spread.is_none() && purity.is_quiet_callback(&only.expr),
        ("Set", [only]) => array_of(only, |_| true) && !purity.expression_has_side_effects(&only.expr),
        ("Map", [only]) => {
            array_of(only, |element| without_parentheses(element).is_array())
                && !purity.expression_has_side_effects(&only.expr)
        }
        ("WeakSet", [only]) => {
            array_of(only, is_fresh_object) && !purity.expression_has_side_effects(&only.expr)
        }
        ("WeakMap", [only]) => {
            array_of(only, is_entry_of_object) && !purity.expression_has_side_effects(&only.expr)
        }
        (
            "Date" | "Error" | "TypeError" | "RangeError" | "SyntaxError" | "ReferenceError" | "EvalError"
            | "URIError",
            values,
        ) => values
            .iter()
            .all(|value| value.spread.is_none() && purity.is_plain_value(&value.expr)),
        _ => false,
    }
}

/// `[{}, value]`
fn is_entry_of_object(entry: &Expr) -> bool {
    without_parentheses(entry)
        .as_array()
        .and_then(|entry| entry.elems.first()?.as_ref())
        .is_some_and(|key| key.spread.is_none() && is_fresh_object(&key.expr))
}

/// `Symbol('x')`, `Object.freeze({})`, `Object.create(null)`, ….
pub fn is_pure_call(purity: &Purity<'_>, callee: &Expr, arguments: &[ExprOrSpread]) -> bool {
    if arguments.iter().any(|argument| argument.spread.is_some()) {
        return false;
    }
    let all_plain = || {
        arguments
            .iter()
            .all(|argument| purity.is_plain_value(&argument.expr))
    };
    let all_pure = || {
        arguments
            .iter()
            .all(|argument| !purity.expression_has_side_effects(&argument.expr))
    };
    // Literals, whose properties run no code when they are read.
    let all_literal = |arguments: &[ExprOrSpread]| {
        arguments
            .iter()
            .all(|argument| match without_parentheses(&argument.expr) {
                Expr::Object(object) => !has_accessors(object),
                Expr::Array(_) => true,
                other => purity.is_plain_value(other),
            })
    };
    let Expr::Member(member) = callee else {
        return match purity.global_name(callee) {
            Some(crate::graph::KEEP_NAME | "Boolean") => all_pure(),
            Some("Symbol" | "String" | "Number" | "parseInt" | "parseFloat" | "isNaN" | "isFinite") => {
                all_plain()
            }
            Some("encodeURIComponent" | "encodeURI" | "decodeURIComponent" | "decodeURI") => {
                matches!(arguments, [only] if is_simple_text(only, |byte| byte.is_ascii() && byte != b'%'))
            }
            Some("RegExp") => match arguments {
                [pattern] => purity.is_valid_expression(pattern, None),
                [pattern, flags] => purity.is_valid_expression(pattern, Some(flags)),
                _ => false,
            },
            Some("BigInt") => matches!(arguments, [only] if is_small_number(only) || is_large_number(only)),
            Some("Object") => all_pure(),
            _ => false,
        };
    };
    let MemberProp::Ident(method) = &member.prop else {
        return false;
    };
    let method = &*method.sym;
    let Some(object) = purity.global_name(&member.obj) else {
        return purity.is_quiet_method(&member.obj, method, arguments);
    };
    match (object, method) {
        ("Promise", "resolve") => arguments.len() <= 1 && all_plain(),
        ("Symbol", "for")
        | ("String", "fromCharCode")
        | ("Number", "parseFloat" | "parseInt")
        | ("Date", "UTC") => all_plain(),
        ("Number", "isNaN" | "isFinite" | "isInteger" | "isSafeInteger") => all_pure(),
        ("JSON", "parse") => matches!(arguments, [only] if is_json(&only.expr)),
        ("JSON", "stringify") => matches!(arguments, [only] if is_plain_literal(&only.expr)),
        ("Array", "from") => match arguments {
            [from, callback @ ..] => {
                (purity.is_list(&from.expr) || purity.is_text(&from.expr) || is_length(&from.expr))
                    && match callback {
                        [] => true,
                        [callback] => purity.is_quiet_callback(&callback.expr),
                        _ => false,
                    }
            }
            [] => false,
        },
        ("Reflect", "ownKeys")
        | ("Object", "getOwnPropertyNames" | "getPrototypeOf" | "isFrozen" | "isSealed") => {
            matches!(arguments, [only] if is_fresh_object(&only.expr)) && all_pure()
        }
        ("Math", "random") | ("Date", "now") => arguments.is_empty(),
        ("Math", _) => is_math_function(method) && all_plain(),
        ("Array", "isArray" | "of") | ("Object", "is") => all_pure(),
        // Freezing changes its argument, which nobody else has when it is written here.
        ("Object", "freeze" | "seal" | "preventExtensions") => {
            arguments
                .iter()
                .all(|argument| is_fresh(&argument.expr) || purity.parses(&argument.expr))
                && all_pure()
        }
        ("Object", "keys" | "values" | "entries" | "fromEntries") => match arguments {
            [only] if method == "fromEntries" => {
                array_of(only, |element| without_parentheses(element).is_array()) && all_pure()
            }
            [only] => {
                matches!(without_parentheses(&only.expr), Expr::Object(_) | Expr::Array(_))
                    && all_literal(arguments)
                    && all_pure()
                    || purity.is_known_literal(&only.expr)
                    || only.spread.is_none() && purity.is_promised_copy(&only.expr)
            }
            _ => false,
        },
        ("Object", "create") => match arguments {
            [only] => {
                matches!(
                    without_parentheses(&only.expr),
                    Expr::Lit(Lit::Null(_)) | Expr::Object(_)
                ) && all_pure()
            }
            _ => false,
        },
        ("Object", "assign") => match arguments {
            [target, sources @ ..] => {
                matches!(without_parentheses(&target.expr), Expr::Object(object) if !has_accessors(object))
                    && sources.iter().all(|source| {
                        all_literal(std::slice::from_ref(source))
                            || purity.is_known_literal(&source.expr)
                            || purity.is_promised_copy(&source.expr)
                    })
                    && all_pure()
            }
            [] => false,
        },
        _ => false,
    }
}

/// Whether a function of the language is called that gives a number, a string or a boolean.
pub fn gives_primitive(purity: &Purity<'_>, call: &CallExpr) -> bool {
    let Callee::Expr(callee) = &call.callee else {
        return false;
    };
    match &**callee {
        Expr::Member(member) => {
            let MemberProp::Ident(method) = &member.prop else {
                return false;
            };
            matches!(
                (purity.global_name(&member.obj), &*method.sym),
                (Some("Math" | "Number"), _)
                    | (Some("Date"), "now" | "UTC")
                    | (Some("String"), "fromCharCode")
                    | (Some("Array"), "isArray")
                    | (Some("Object"), "is" | "isFrozen" | "isSealed")
            )
        }
        callee => matches!(
            purity.global_name(callee),
            Some("Boolean" | "String" | "Number" | "parseInt" | "parseFloat" | "isNaN" | "isFinite")
        ),
    }
}

fn is_typed_array(name: &str) -> bool {
    name.ends_with("Array") && name != "Array" && is_namespace(name)
}

impl Purity<'_> {
    /// `JSON.parse('{}')`: what it makes nobody else has.
    fn parses(&self, value: &Expr) -> bool {
        let call = without_parentheses(value).as_call();
        let member = call.and_then(|call| call.callee.as_expr()?.as_member());
        member.is_some_and(|member| {
            self.global_name(&member.obj) == Some("JSON")
                && matches!(&member.prop, MemberProp::Ident(method) if method.sym == *"parse")
        })
    }
}

/// A text that says a value as JSON does.
fn is_json(text: &Expr) -> bool {
    matches!(without_parentheses(text), Expr::Lit(Lit::Str(text))
        if text.value.as_str().is_some_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()))
}

/// A whole number that is a length everywhere.
fn is_small_number(argument: &ExprOrSpread) -> bool {
    argument.spread.is_none()
        && matches!(&*argument.expr, Expr::Lit(Lit::Num(number))
            if number.value.fract() == 0.0 && (0.0..100_000.0).contains(&number.value))
}

/// A whole number that is what it says.
fn is_large_number(argument: &ExprOrSpread) -> bool {
    argument.spread.is_none()
        && matches!(&*argument.expr, Expr::Lit(Lit::Num(number))
            if number.value.fract() == 0.0 && (0.0..4e15).contains(&number.value))
}

fn is_simple_text(argument: &ExprOrSpread, passes: impl Fn(u8) -> bool) -> bool {
    argument.spread.is_none()
        && matches!(&*argument.expr, Expr::Lit(Lit::Str(text))
            if text.value.as_str().is_some_and(|text| text.bytes().all(passes)))
}

fn is_one_flag(argument: &ExprOrSpread) -> bool {
    argument.spread.is_none()
        && matches!(&*argument.expr, Expr::Lit(Lit::Str(text))
            if text.value.as_str().is_some_and(|text| matches!(text, "g" | "i" | "m" | "s" | "u" | "y" | "gi" | "gm" | "gu" | "im" | "iu")))
}

fn is_fresh_object(expression: &Expr) -> bool {
    matches!(
        without_parentheses(expression),
        Expr::Object(_) | Expr::Array(_) | Expr::Fn(_) | Expr::Arrow(_)
    )
}

/// A value as JSON can say it.
fn is_plain_literal(expression: &Expr) -> bool {
    match without_parentheses(expression) {
        Expr::Lit(literal) => !matches!(literal, Lit::BigInt(_)),
        Expr::Array(array) => array
            .elems
            .iter()
            .flatten()
            .all(|element| element.spread.is_none() && is_plain_literal(&element.expr)),
        Expr::Object(object) => {
            object.props.iter().all(|property| {
                property
                    .as_prop()
                    .and_then(|property| property.as_key_value())
                    .is_some_and(|pair| !pair.key.is_computed() && is_plain_literal(&pair.value))
            }) && !has_accessors(object)
        }
        _ => false,
    }
}

fn is_math_function(name: &str) -> bool {
    matches!(
        name,
        "abs"
            | "acos"
            | "asin"
            | "atan"
            | "atan2"
            | "cbrt"
            | "ceil"
            | "cos"
            | "exp"
            | "floor"
            | "hypot"
            | "log"
            | "log10"
            | "log2"
            | "max"
            | "min"
            | "pow"
            | "round"
            | "sign"
            | "sin"
            | "sqrt"
            | "tan"
            | "trunc"
    )
}

/// Whether the value is made by this very expression.
fn is_fresh(expression: &Expr) -> bool {
    matches!(
        without_parentheses(expression),
        Expr::Object(_) | Expr::Array(_) | Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_)
    )
}

fn is_nothing(purity: &Purity<'_>, argument: &ExprOrSpread) -> bool {
    argument.spread.is_none()
        && (matches!(without_parentheses(&argument.expr), Expr::Lit(Lit::Null(_)))
            || purity.global_name(&argument.expr) == Some("undefined"))
}

/// `{ length: 3 }`
fn is_length(expression: &Expr) -> bool {
    let Expr::Object(object) = without_parentheses(expression) else {
        return false;
    };
    let [PropOrSpread::Prop(property)] = object.props.as_slice() else {
        return false;
    };
    matches!(&**property, Prop::KeyValue(pair)
        if pair.key.as_ident().is_some_and(|name| name.sym == *"length")
            && is_small_number(&ExprOrSpread::from(pair.value.clone())))
}

/// `Object.entries({})`
fn is_entries(purity: &Purity<'_>, expression: &Expr) -> bool {
    let callee = without_parentheses(expression)
        .as_call()
        .and_then(|call| call.callee.as_expr()?.as_member());
    callee.is_some_and(|member| {
        purity.global_name(&member.obj) == Some("Object")
            && matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"entries")
    }) && purity.is_list(expression)
}

/// An array literal without holes and spreads whose elements all pass.
fn array_of(argument: &ExprOrSpread, passes: impl Fn(&Expr) -> bool) -> bool {
    argument.spread.is_none()
        && match without_parentheses(&argument.expr) {
            Expr::Array(array) => array.elems.iter().all(|element| {
                element
                    .as_ref()
                    .is_some_and(|element| element.spread.is_none() && passes(&element.expr))
            }),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(NAMESPACES.is_sorted());
        assert!(OTHER_GLOBALS.is_sorted());
    }
}
