//! Which operations run code, or fail, where the compressor thinks that they do not.

use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowFunctionBody, BinExpr, BinaryOp, Callee, Class, ClassExpr, ClassMember, Expr, ExprOrSpread, Lit,
    MemberProp, NewExpr, OptChainBase, Prop, PropName, PropOrSpread, UnaryOp,
};
use swc_core::ecma::utils::IdentUsageFinder;

use crate::render::print::effects::has_effects;

/// The object whose properties are all global names, those with getters among them.
pub(super) fn is_global_object(expression: &Expr, unresolved: SyntaxContext) -> bool {
    matches!(expression, Expr::Ident(name)
        if name.ctxt == unresolved && matches!(&*name.sym, "globalThis" | "window" | "self" | "global"))
}

/// Whether nobody would miss the class if it could be declared, but it may not.
pub(super) fn may_fail(class: &Class, watched_depth: usize) -> bool {
    class.super_class.as_deref().is_some_and(|parent| {
        cannot_be_extended(parent) || watched_depth > 0 && !matches!(parent, Expr::Lit(Lit::Null(_)))
    }) || class.body.iter().any(converts_key)
}

/// Whether what is evaluated with a class has functions that name it. Of an unused class the compressor would leave these
/// functions.
pub(super) fn names_itself(class: &ClassExpr) -> bool {
    let Some(name) = &class.ident else { return false };
    let parent = class.class.super_class.as_ref();
    parent.is_some_and(|parent| IdentUsageFinder::find(name, parent))
        || class.class.body.iter().any(|member| {
            let key = match member {
                ClassMember::Method(method) => &method.key,
                ClassMember::ClassProp(property) => &property.key,
                _ => return false,
            };
            matches!(key, PropName::Computed(key) if IdentUsageFinder::find(name, &key.expr))
        })
}

/// Whether the name of a member is made of a value that may be an object.
fn converts_key(member: &ClassMember) -> bool {
    let (key, is_static) = match member {
        ClassMember::Method(method) => (&method.key, method.is_static),
        ClassMember::ClassProp(property) => (&property.key, property.is_static),
        _ => return false,
    };
    let PropName::Computed(key) = key else {
        return false;
    };
    match &*key.expr {
        // There is one already.
        Expr::Lit(Lit::Str(text)) => is_static && text.value == *"prototype",
        Expr::Lit(_) => false,
        Expr::Member(member) => !matches!(&*member.obj, Expr::Ident(name) if name.sym == *"Symbol"),
        _ => true,
    }
}

/// `new Array(-1)`, `new RegExp('(')`, `new Uint8Array(-1)`.
pub(super) fn refuses_arguments(new: &NewExpr) -> bool {
    let arguments = new.args.as_deref().unwrap_or_default();
    match &*new.callee {
        Expr::Ident(name) if name.sym == *"Array" => arguments.len() == 1,
        Expr::Ident(name) if name.sym == *"RegExp" => !arguments.is_empty(),
        Expr::Ident(name) if name.sym.ends_with("Array") || name.sym.ends_with("Buffer") => arguments
            .iter()
            .any(|argument| matches!(&*argument.expr, Expr::Unary(_) | Expr::Lit(Lit::BigInt(_)))),
        _ => false,
    }
}

/// `Number(a)`, `Math.max(a)`, `new Date(a)`, `''.at(a)`, which ask objects for a primitive value, and `Array(-1)`.
pub(super) fn converts_arguments(callee: &Expr, arguments: &[ExprOrSpread]) -> bool {
    let converts = match callee {
        Expr::Ident(name) => matches!(&*name.sym, "Number" | "String" | "Date" | "Error"),
        Expr::Member(member) => match &*member.obj {
            Expr::Ident(object) => object.sym == *"Math",
            object => object.is_lit() || object.is_tpl(),
        },
        _ => false,
    };
    let has_length = matches!(callee, Expr::Ident(name) if name.sym == *"Array") && arguments.len() == 1;
    has_length
        || asks_for_locale(callee, arguments)
        || converts && !arguments.iter().all(|argument| is_plain(&argument.expr))
}

/// `'a'.localeCompare('b', 'xx-')`, `'a'.normalize('x')`: there may be nothing of this name.
fn asks_for_locale(callee: &Expr, arguments: &[ExprOrSpread]) -> bool {
    let Expr::Member(member) = callee else {
        return false;
    };
    let MemberProp::Ident(method) = &member.prop else {
        return false;
    };
    match &*method.sym {
        "localeCompare" => arguments.len() > 1,
        "normalize" | "toLocaleLowerCase" | "toLocaleUpperCase" | "toLocaleString" => !arguments.is_empty(),
        _ => false,
    }
}

/// The pattern in `new RegExp('(?<=a)')`.
pub(super) fn pattern_of(expression: &mut Expr) -> Option<&mut Expr> {
    let (callee, arguments) = match expression {
        Expr::New(new) => (&*new.callee, new.args.as_mut()?),
        Expr::Call(call) => (&**call.callee.as_expr()?, &mut call.args),
        _ => return None,
    };
    let is_constructor = callee.as_ident().is_some_and(|name| name.sym == *"RegExp");
    let pattern = &mut *arguments.first_mut().filter(|_| is_constructor)?.expr;
    pattern.is_lit().then_some(pattern)
}

/// The object of `delete object.name` and of `delete object?.name`.
pub(super) fn deleted_from(target: &mut Expr) -> Option<&mut Expr> {
    match target {
        Expr::Paren(inner) => deleted_from(&mut inner.expr),
        Expr::Member(member) => Some(&mut member.obj),
        Expr::OptChain(chain) => match &mut *chain.base {
            OptChainBase::Member(member) => Some(&mut member.obj),
            OptChainBase::Call(_) => None,
        },
        _ => None,
    }
}

/// `{ __proto__: null }`, of which the compressor thinks that it is an `Object`.
pub(super) fn sets_prototype(expression: &Expr) -> bool {
    let Expr::Object(object) = expression else {
        return false;
    };
    object.props.iter().any(|property| match property {
        PropOrSpread::Prop(property) => matches!(&**property, Prop::KeyValue(pair) if match &pair.key {
            PropName::Ident(name) => name.sym == *"__proto__",
            PropName::Str(name) => name.value == *"__proto__",
            _ => false,
        }),
        PropOrSpread::Spread(_) => false,
    })
}

/// `value == null`.
pub(super) fn is_asked_for_null(binary: &BinExpr) -> bool {
    let is_null = |side: &Expr| matches!(side, Expr::Lit(Lit::Null(_)));
    matches!(binary.op, BinaryOp::EqEq | BinaryOp::NotEq) && (is_null(&binary.left) || is_null(&binary.right))
}

/// Whether a value is true, whatever it is made of.
pub(super) fn is_true(value: &Expr) -> bool {
    match value {
        Expr::Object(_) | Expr::Array(_) | Expr::Class(_) => true,
        Expr::Tpl(template) => template.quasis.iter().any(|text| !text.raw.is_empty()),
        Expr::Unary(unary) => unary.op == UnaryOp::TypeOf,
        Expr::Bin(binary) => binary.op == BinaryOp::Add && (is_text(&binary.left) || is_text(&binary.right)),
        Expr::Seq(sequence) => sequence.exprs.last().is_some_and(|last| is_true(last)),
        Expr::Call(call) => matches!(&call.callee, Callee::Expr(callee) if returns_true(callee)),
        _ => false,
    }
}

/// A text that is not empty.
fn is_text(value: &Expr) -> bool {
    matches!(value, Expr::Lit(Lit::Str(text)) if !text.value.is_empty())
}

/// `() => []`.
fn returns_true(function: &Expr) -> bool {
    matches!(function, Expr::Arrow(function) if !function.is_async
        && matches!(&*function.body, ArrowFunctionBody::Expr(value) if is_true(value)))
}

/// What is known of a value by its operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Boolean,
    Text,
    Object,
}

/// The kind of a value that is made of others.
pub(super) fn kind_of(value: &Expr) -> Option<Kind> {
    match value {
        Expr::Bin(binary) => match binary.op {
            BinaryOp::Add | BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => None,
            BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Mod
            | BinaryOp::Exp
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::LShift
            | BinaryOp::RShift
            | BinaryOp::ZeroFillRShift => Some(Kind::Number),
            _ => Some(Kind::Boolean),
        },
        Expr::Unary(unary) => match unary.op {
            UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde => Some(Kind::Number),
            UnaryOp::Bang | UnaryOp::Delete => Some(Kind::Boolean),
            UnaryOp::TypeOf => Some(Kind::Text),
            UnaryOp::Void => None,
        },
        Expr::Tpl(_) => Some(Kind::Text),
        Expr::Array(_) | Expr::Object(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) => {
            Some(Kind::Object)
        }
        _ => None,
    }
}

/// Whether an operator asks objects for primitive values.
pub(super) fn converts(expression: &Expr) -> bool {
    match expression {
        Expr::Bin(binary) => !binary.op.may_short_circuit(),
        Expr::Tpl(template) => !template.exprs.is_empty(),
        Expr::Unary(unary) => matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde),
        _ => false,
    }
}

pub(super) fn is_plain(expression: &Expr) -> bool {
    matches!(expression, Expr::Lit(literal) if !matches!(literal, Lit::Regex(_) | Lit::BigInt(_)))
}

pub(super) fn copies_or_computes(property: &PropOrSpread) -> bool {
    match property {
        PropOrSpread::Spread(_) => true,
        PropOrSpread::Prop(property) => computed_key(property).is_some(),
    }
}

/// The expression that a property is named by.
pub(super) fn computed_key(property: &Prop) -> Option<&Expr> {
    let key = match property {
        Prop::KeyValue(pair) => &pair.key,
        Prop::Method(method) => &method.key,
        Prop::Getter(getter) => &getter.key,
        Prop::Setter(setter) => &setter.key,
        Prop::Shorthand(_) | Prop::Assign(_) => return None,
    };
    Some(&key.as_computed()?.expr)
}

pub(super) fn cannot_be_extended(parent: &Expr) -> bool {
    match parent {
        Expr::Paren(inner) => cannot_be_extended(&inner.expr),
        Expr::Lit(literal) => !matches!(literal, Lit::Null(_)),
        Expr::Ident(name) => matches!(
            &*name.sym,
            "undefined" | "NaN" | "Infinity" | "Math" | "JSON" | "Reflect"
        ),
        Expr::Fn(function) => function.function.is_async || function.function.is_generator,
        Expr::Object(_) | Expr::Array(_) | Expr::Arrow(_) | Expr::Tpl(_) | Expr::Unary(_) => true,
        _ => false,
    }
}

/// `undefined`, `void 0`, and `this`, which is `undefined` outside of methods.
pub(super) fn is_undefined(value: &Expr, unresolved: SyntaxContext) -> bool {
    match value {
        Expr::Ident(name) => name.sym == *"undefined" && name.ctxt == unresolved,
        Expr::Unary(unary) => unary.op == UnaryOp::Void && unary.arg.is_lit(),
        Expr::This(_) => true,
        _ => false,
    }
}

/// `value ** 0`: the compressor knows that this is 1, and does not ask the value what it is.
pub(super) fn may_give_one(binary: &BinExpr) -> bool {
    binary.op == BinaryOp::Exp
        && match &*binary.right {
            Expr::Lit(Lit::Num(number)) => number.value == 0.0,
            Expr::Unary(unary) => unary.op != UnaryOp::Minus,
            right => right.is_ident() || right.is_lit() || right.is_array(),
        }
}

/// `<` and `>`: the compressor knows that nothing is more than itself, and does not ask it twice for what it is.
pub(super) fn compares(binary: &BinExpr) -> bool {
    matches!(binary.op, BinaryOp::Lt | BinaryOp::Gt)
}

/// The side of `[] < 'a'` that is an object: the compressor would compare numbers.
pub(super) fn compared_object(binary: &mut BinExpr) -> Option<&mut Expr> {
    let is_order = matches!(
        binary.op,
        BinaryOp::Lt | BinaryOp::LtEq | BinaryOp::Gt | BinaryOp::GtEq
    );
    [&mut *binary.left, &mut *binary.right].into_iter().find(|side| {
        is_order
            && matches!(
                side,
                Expr::Array(_) | Expr::Object(_) | Expr::Fn(_) | Expr::Arrow(_)
            )
    })
}

/// An operand that must be asked for its value where it stands:
///
/// ```js
/// list + ('' + change(list))      // not: list + '' + change(list)
/// +list * change(list)            // not: list * change(list)
/// ```
pub(super) fn operand_in_its_place(binary: &mut BinExpr) -> Option<&mut Expr> {
    if binary.op.may_short_circuit() || is_plain(&binary.left) || !has_effects(&binary.right) {
        return None;
    }
    match (&*binary.left, &*binary.right) {
        (_, Expr::Bin(inner))
            if binary.op == BinaryOp::Add
                && inner.op == BinaryOp::Add
                && matches!(&*inner.left, Expr::Lit(Lit::Str(_)) | Expr::Tpl(_)) =>
        {
            Some(&mut binary.right)
        }
        (Expr::Unary(unary), _) if unary.op == UnaryOp::Plus && binary.op != BinaryOp::Add => {
            Some(&mut binary.left)
        }
        _ => None,
    }
}

/// `-list * (other * another)`: the compressor would write the operands the other way round.
pub(super) fn is_exchanged(binary: &BinExpr) -> bool {
    is_joined(binary) && matches!(&*binary.left, Expr::Unary(_) | Expr::Tpl(_))
}

/// `a | (b | c)`: the compressor would read `a` when `b` and `c` have been asked for their values.
pub(super) fn is_joined(binary: &BinExpr) -> bool {
    matches!(
        binary.op,
        BinaryOp::Mul | BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor
    ) && matches!(&*binary.right, Expr::Bin(inner) if inner.op.precedence() == binary.op.precedence())
}

/// `'inf'`, `'\u{85}3'`: other numbers for the language that the compressor is written in.
pub(super) fn is_number_in_other_words(value: &Expr) -> bool {
    let Expr::Lit(Lit::Str(text)) = value else {
        return false;
    };
    let Some(text) = text.value.as_str() else {
        return false;
    };
    // One is white space only in ECMAScript, the other only elsewhere.
    let is_other_space = |character: char| matches!(character, '\u{feff}' | '\u{85}');
    let trimmed = text.trim_matches(|character: char| character.is_whitespace() || is_other_space(character));
    let may_be_number = match trimmed.bytes().next() {
        Some(first) => first.is_ascii_digit() || b"+-.I".contains(&first),
        // The mark of byte order is often alone, and then seldom a number.
        None => text.contains('\u{85}'),
    };
    if may_be_number && text.contains(is_other_space) {
        return true;
    }
    let word = trimmed.trim_start_matches(['+', '-']);
    word != "Infinity" && (word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity"))
}
