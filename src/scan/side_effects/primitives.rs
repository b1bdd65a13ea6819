//! Methods of texts, numbers, booleans and lists one after the other:
//!
//! ```js
//! const HEX = (255).toString(16).padStart(4, '0').toUpperCase(), IS_LONG = 'abc'.concat(HEX).length > 3
//! const KEYS = 'a b'.split(' ').map((name) => ({ name })), LAST = [1, 2].concat(3).slice(-1)[0]
//! ```

use swc_core::ecma::ast::{CallExpr, Expr, ExprOrSpread, Lit};

use super::lists::List;
use super::{Purity, without_parentheses};
use crate::scan::named_members::static_member;

/// What has no methods but those of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// `''`
    Text,
    /// `0`
    Number,
    /// `true`
    Boolean,
    /// `[]`
    List(List),
    /// An iterator, an element of a list, or perhaps nothing.
    Other,
}

/// More letters are not made for nothing.
const LONGEST: f64 = 4096.0;

impl Purity<'_> {
    /// What an expression is, if that is known, and nothing of it can be observed.
    pub(super) fn value(&self, expression: &Expr) -> Option<Value> {
        match without_parentheses(expression) {
            Expr::Lit(Lit::Str(_)) => Some(Value::Text),
            Expr::Lit(Lit::Num(_)) => Some(Value::Number),
            Expr::Lit(Lit::Bool(_)) => Some(Value::Boolean),
            Expr::Tpl(template) => {
                let is_plain = template.exprs.iter().all(|part| self.is_plain_value(part));
                is_plain.then_some(Value::Text)
            }
            Expr::Call(call) => self.called_on_value(call).or_else(|| self.list(expression)),
            Expr::Member(member) if self.is_known_length(member) => Some(Value::Number),
            Expr::Ident(_) | Expr::Member(_) if self.text_of(expression).is_some() => Some(Value::Text),
            _ => self.list(expression),
        }
    }

    /// Whether an expression is a text, a number or a boolean, and nothing of it can be observed.
    pub(super) fn is_primitive(&self, expression: &Expr) -> bool {
        matches!(
            self.value(expression),
            Some(Value::Text | Value::Number | Value::Boolean)
        )
    }

    /// Whether a call of a method of what is known can not be observed.
    pub(super) fn is_quiet_on_value(&self, call: &CallExpr) -> bool {
        self.called_on_value(call).is_some()
    }

    fn called_on_value(&self, call: &CallExpr) -> Option<Value> {
        let member = call.callee.as_expr()?.as_member()?;
        let method = static_member(&member.prop)?;
        if call.args.iter().any(|argument| argument.spread.is_some()) {
            return None;
        }
        let Some(kind) = self.value(&member.obj) else {
            // What has no other method of this name is taken for a list.
            let is_list = is_of_lists_only(&method) && self.is_promised_list(&member.obj);
            return is_list.then(|| self.list_method(List::OF_OTHERS, &method, &call.args))?;
        };
        match kind {
            Value::Other => return None,
            Value::List(list) => return self.list_method(list, &method, &call.args),
            Value::Text | Value::Number | Value::Boolean => {}
        }
        self.inherited(&method, &call.args)
            .or_else(|| match kind {
                Value::Number => number_method(&method, &call.args),
                Value::Text => self.text_method(&method, &call.args),
                Value::Boolean | Value::List(_) | Value::Other => None,
            })
            .or_else(|| own_value(kind, &method, &call.args))
    }

    fn inherited(&self, method: &str, arguments: &[ExprOrSpread]) -> Option<Value> {
        let is_test = matches!(
            method,
            "hasOwnProperty" | "isPrototypeOf" | "propertyIsEnumerable"
        );
        (is_test && self.are_plain(arguments)).then_some(Value::Boolean)
    }

    pub(super) fn are_plain(&self, arguments: &[ExprOrSpread]) -> bool {
        arguments
            .iter()
            .all(|argument| self.is_plain_value(&argument.expr))
    }

    fn text_method(&self, method: &str, arguments: &[ExprOrSpread]) -> Option<Value> {
        let (is_quiet, gives) = match method {
            "charAt" | "concat" | "slice" | "substr" | "substring" => {
                (self.are_plain(arguments), Value::Text)
            }
            "charCodeAt" | "indexOf" | "lastIndexOf" | "localeCompare" => {
                let is_quiet =
                    self.are_plain(arguments) && (method != "localeCompare" || arguments.len() == 1);
                (is_quiet, Value::Number)
            }
            "endsWith" | "includes" | "startsWith" => (self.are_plain(arguments), Value::Boolean),
            "normalize" | "toLocaleLowerCase" | "toLocaleUpperCase" | "toLowerCase" | "toUpperCase"
            | "trim" | "trimEnd" | "trimLeft" | "trimRight" | "trimStart" => {
                (arguments.is_empty(), Value::Text)
            }
            "padEnd" | "padStart" | "repeat" => {
                let is_short = arguments
                    .first()
                    .is_some_and(|length| is_within(length, 0.0, LONGEST));
                (is_short && self.are_plain(arguments), Value::Text)
            }
            "replace" | "replaceAll" => {
                let is_quiet = match arguments {
                    [from, to] => {
                        let is_text = self.is_plain_value(&from.expr);
                        let is_pattern = is_expression(from) && (method == "replace" || is_global(from));
                        (is_text || is_pattern)
                            && (self.is_plain_value(&to.expr) || self.gives_plain_value(&to.expr))
                    }
                    _ => false,
                };
                (is_quiet, Value::Text)
            }
            "search" => (
                matches!(arguments, [pattern] if is_expression(pattern)),
                Value::Number,
            ),
            "match" => (
                matches!(arguments, [pattern] if is_expression(pattern)),
                Value::Other,
            ),
            "matchAll" => (matches!(arguments, [pattern] if is_global(pattern)), Value::Other),
            "split" => {
                let is_quiet = match arguments {
                    [by, limit @ ..] if is_expression(by) => self.are_plain(limit),
                    _ => self.are_plain(arguments),
                };
                (is_quiet, Value::List(List::PLAIN))
            }
            "at" | "codePointAt" => (self.are_plain(arguments), Value::Other),
            _ => return None,
        };
        is_quiet.then_some(gives)
    }
}

/// Whether lists have a method that texts do not have, and that gives the list to nobody.
fn is_of_lists_only(method: &str) -> bool {
    matches!(
        method,
        "every"
            | "filter"
            | "find"
            | "findIndex"
            | "findLast"
            | "findLastIndex"
            | "flatMap"
            | "forEach"
            | "map"
            | "reduce"
            | "reduceRight"
            | "some"
    )
}

fn number_method(method: &str, arguments: &[ExprOrSpread]) -> Option<Value> {
    let (least, most) = match method {
        "toExponential" | "toFixed" => (0.0, 100.0),
        "toPrecision" => (1.0, 100.0),
        "toString" => (2.0, 36.0),
        _ => return None,
    };
    let is_quiet = match arguments {
        [] => true,
        [only] => is_within(only, least, most),
        _ => false,
    };
    is_quiet.then_some(Value::Text)
}

/// What all of them have.
fn own_value(kind: Value, method: &str, arguments: &[ExprOrSpread]) -> Option<Value> {
    let gives = match method {
        "toLocaleString" | "toString" => Value::Text,
        "valueOf" => kind,
        _ => return None,
    };
    arguments.is_empty().then_some(gives)
}

fn is_within(argument: &ExprOrSpread, least: f64, most: f64) -> bool {
    matches!(&*argument.expr, Expr::Lit(Lit::Num(number)) if (least..=most).contains(&number.value))
}

/// A regular expression, as it is written.
fn is_expression(argument: &ExprOrSpread) -> bool {
    matches!(&*argument.expr, Expr::Lit(Lit::Regex(_)))
}

/// The same, for all places where it matches.
fn is_global(argument: &ExprOrSpread) -> bool {
    matches!(&*argument.expr, Expr::Lit(Lit::Regex(pattern)) if pattern.flags.contains('g'))
}
