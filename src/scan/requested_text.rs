//! What the syntax of a request says: the text it is made of, the type it asks for, whether somebody handles its failure.

use swc_core::atoms::Atom;
use swc_core::common::BytePos;
use swc_core::ecma::ast::{BinaryOp, CallExpr, Expr, Lit, PropName};

use super::named_members::static_member;
use super::normalize::wanted_type;
use crate::scan::side_effects::without_parentheses;

/// Where the `import()` of `import(…).then(…).catch(…)` stands.
pub(super) fn caught_import(call: &CallExpr) -> Option<BytePos> {
    let mut is_caught = false;
    let mut call = call;
    loop {
        if call.callee.is_import() {
            return is_caught.then_some(call.span.lo);
        }
        let member = without_parentheses(call.callee.as_expr()?).as_member()?;
        is_caught |= match &*static_member(&member.prop)? {
            "catch" => !call.args.is_empty(),
            "then" => call.args.len() > 1,
            "finally" => false,
            _ => return None,
        };
        call = without_parentheses(&member.obj).as_call()?;
    }
}

/// `{ with: { type: 'json' } }`
pub(super) fn type_in_options(options: &Expr) -> Option<Atom> {
    let mut pairs = options
        .as_object()?
        .props
        .iter()
        .filter_map(|property| property.as_prop()?.as_key_value());
    pairs.find_map(|pair| match &pair.key {
        PropName::Ident(name) if name.sym == *"with" => wanted_type(pair.value.as_object()?),
        _ => None,
    })
}

/// Texts that are put together: `'./a' + '.js'`, `` `./a${'.js'}` ``, `'./a'.concat('.js')`, ``String.raw`./a.js` ``, and those
/// that are chosen: `true && './a'`, `null ?? './a'`, `(0, './a')`.
pub(super) fn constant_text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(Lit::Str(text)) => text.value.as_str().map(str::to_owned),
        Expr::Paren(paren) => constant_text(&paren.expr),
        Expr::Bin(sum) if sum.op == BinaryOp::Add => {
            Some(constant_text(&sum.left)? + &constant_text(&sum.right)?)
        }
        Expr::Bin(choice) if choice.op.may_short_circuit() => {
            let is_left = !is_taken_right(choice.op, &choice.left)?;
            constant_text(if is_left { &choice.left } else { &choice.right })
        }
        Expr::Seq(sequence) => {
            let (last, others) = sequence.exprs.split_last()?;
            others
                .iter()
                .all(|one| one.is_lit())
                .then(|| constant_text(last))?
        }
        Expr::Tpl(template) => {
            let mut texts = template.quasis.iter().map(|part| part.cooked.as_ref()?.as_str());
            let mut whole = texts.next()??.to_owned();
            for (inner, text) in template.exprs.iter().zip(texts) {
                whole += &constant_text(inner)?;
                whole += text?;
            }
            Some(whole)
        }
        Expr::TaggedTpl(tagged) if is_raw_tag(&tagged.tag) => {
            let mut texts = tagged.tpl.quasis.iter().map(|part| &*part.raw);
            let mut whole = texts.next()?.to_owned();
            for (inner, text) in tagged.tpl.exprs.iter().zip(texts) {
                whole += &constant_text(inner)?;
                whole += text;
            }
            Some(whole)
        }
        Expr::Call(call) => {
            let mut whole = constant_text(concatenated_to(call)?)?;
            for argument in &call.args {
                whole += &constant_text(&argument.expr)?;
            }
            Some(whole)
        }
        _ => None,
    }
}

/// Whether the right side of `&&`, `||` or `??` is its value; none where that is not known.
fn is_taken_right(op: BinaryOp, left: &Expr) -> Option<bool> {
    let is_null = matches!(left, Expr::Lit(Lit::Null(_)));
    let is_true = match left {
        Expr::Lit(Lit::Null(_)) => false,
        Expr::Lit(Lit::Bool(boolean)) => boolean.value,
        Expr::Lit(Lit::Num(number)) => number.value != 0.0 && !number.value.is_nan(),
        _ => !constant_text(left)?.is_empty(),
    };
    Some(match op {
        BinaryOp::LogicalAnd => is_true,
        BinaryOp::LogicalOr => !is_true,
        _ => is_null,
    })
}

/// `String.raw`
pub(super) fn is_raw_tag(tag: &Expr) -> bool {
    tag.as_member().is_some_and(|member| {
        let object = member.obj.as_ident();
        object.is_some_and(|object| object.sym == *"String")
            && static_member(&member.prop).is_some_and(|name| name == *"raw")
    })
}

/// The text that `text.concat(…)` starts with.
pub(super) fn concatenated_to(call: &CallExpr) -> Option<&Expr> {
    let member = call.callee.as_expr()?.as_member()?;
    let is_sum = static_member(&member.prop)? == *"concat"
        && call.args.iter().all(|argument| argument.spread.is_none());
    let starts_with_text = match &*member.obj {
        Expr::Lit(Lit::Str(_)) | Expr::Tpl(_) => true,
        Expr::Call(inner) => concatenated_to(inner).is_some(),
        _ => false,
    };
    (is_sum && starts_with_text).then_some(&*member.obj)
}
