//! Methods of texts, numbers and booleans one after the other:
//!
//! ```js
//! const HEX = (255).toString(16).padStart(4, '0').toUpperCase(), IS_LONG = 'abc'.concat(HEX).length > 3
//! ```

use swc_core::ecma::ast::{CallExpr, Expr, ExprOrSpread, Lit};

use super::{Purity, without_parentheses};
use crate::scan::named_members::static_member;

/// What has no methods but those of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primitive {
    /// `''`
    Text,
    /// `0`
    Number,
    /// `true`
    Boolean,
}

/// What a method gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gives {
    A(Primitive),
    /// A list, an iterator, or perhaps nothing.
    Other,
}

/// More letters are not made for nothing.
const LONGEST: f64 = 4096.0;

impl Purity<'_> {
    /// What an expression is, if that is primitive and nothing of it can be observed.
    pub(super) fn primitive(&self, expression: &Expr) -> Option<Primitive> {
        match without_parentheses(expression) {
            Expr::Lit(Lit::Str(_)) => Some(Primitive::Text),
            Expr::Lit(Lit::Num(_)) => Some(Primitive::Number),
            Expr::Lit(Lit::Bool(_)) => Some(Primitive::Boolean),
            Expr::Tpl(template) => {
                let is_plain = template.exprs.iter().all(|part| self.is_plain_value(part));
                is_plain.then_some(Primitive::Text)
            }
            Expr::Ident(_) => self.text_of(expression).map(|_| Primitive::Text),
            Expr::Call(call) => match self.called_on_primitive(call)? {
                Gives::A(kind) => Some(kind),
                Gives::Other => None,
            },
            _ => None,
        }
    }

    /// Whether a call of a method of a primitive value can not be observed.
    pub(super) fn is_quiet_on_primitive(&self, call: &CallExpr) -> bool {
        self.called_on_primitive(call).is_some()
    }

    fn called_on_primitive(&self, call: &CallExpr) -> Option<Gives> {
        let member = call.callee.as_expr()?.as_member()?;
        let method = static_member(&member.prop)?;
        if call.args.iter().any(|argument| argument.spread.is_some()) {
            return None;
        }
        let kind = self.primitive(&member.obj)?;
        self.inherited(&method, &call.args)
            .or_else(|| match kind {
                Primitive::Boolean => None,
                Primitive::Number => number_method(&method, &call.args),
                Primitive::Text => self.text_method(&method, &call.args),
            })
            .or_else(|| own_value(kind, &method, &call.args))
    }

    fn inherited(&self, method: &str, arguments: &[ExprOrSpread]) -> Option<Gives> {
        let is_test = matches!(
            method,
            "hasOwnProperty" | "isPrototypeOf" | "propertyIsEnumerable"
        );
        (is_test && self.are_plain(arguments)).then_some(Gives::A(Primitive::Boolean))
    }

    fn are_plain(&self, arguments: &[ExprOrSpread]) -> bool {
        arguments
            .iter()
            .all(|argument| self.is_plain_value(&argument.expr))
    }

    fn text_method(&self, method: &str, arguments: &[ExprOrSpread]) -> Option<Gives> {
        let (is_quiet, gives) = match method {
            "charAt" | "concat" | "slice" | "substr" | "substring" => {
                (self.are_plain(arguments), Gives::A(Primitive::Text))
            }
            "charCodeAt" | "indexOf" | "lastIndexOf" | "localeCompare" => {
                let is_quiet =
                    self.are_plain(arguments) && (method != "localeCompare" || arguments.len() == 1);
                (is_quiet, Gives::A(Primitive::Number))
            }
            "endsWith" | "includes" | "startsWith" => {
                (self.are_plain(arguments), Gives::A(Primitive::Boolean))
            }
            "normalize" | "toLocaleLowerCase" | "toLocaleUpperCase" | "toLowerCase" | "toUpperCase"
            | "trim" | "trimEnd" | "trimLeft" | "trimRight" | "trimStart" => {
                (arguments.is_empty(), Gives::A(Primitive::Text))
            }
            "padEnd" | "padStart" | "repeat" => {
                let is_short = arguments
                    .first()
                    .is_some_and(|length| is_within(length, 0.0, LONGEST));
                (is_short && self.are_plain(arguments), Gives::A(Primitive::Text))
            }
            "replace" | "replaceAll" => {
                let is_quiet = match arguments {
                    [from, to] => {
                        self.is_plain_value(&from.expr)
                            && (self.is_plain_value(&to.expr) || self.is_quiet_callback(&to.expr))
                    }
                    _ => false,
                };
                (is_quiet, Gives::A(Primitive::Text))
            }
            "search" => (is_expression(arguments), Gives::A(Primitive::Number)),
            "match" => (is_expression(arguments), Gives::Other),
            "at" | "codePointAt" | "split" => (self.are_plain(arguments), Gives::Other),
            _ => return None,
        };
        is_quiet.then_some(gives)
    }
}

fn number_method(method: &str, arguments: &[ExprOrSpread]) -> Option<Gives> {
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
    is_quiet.then_some(Gives::A(Primitive::Text))
}

/// What all of them have.
fn own_value(kind: Primitive, method: &str, arguments: &[ExprOrSpread]) -> Option<Gives> {
    let gives = match method {
        "toLocaleString" | "toString" => Primitive::Text,
        "valueOf" => kind,
        _ => return None,
    };
    arguments.is_empty().then_some(Gives::A(gives))
}

fn is_within(argument: &ExprOrSpread, least: f64, most: f64) -> bool {
    matches!(&*argument.expr, Expr::Lit(Lit::Num(number)) if (least..=most).contains(&number.value))
}

/// One regular expression, as it is written.
fn is_expression(arguments: &[ExprOrSpread]) -> bool {
    matches!(arguments, [only] if matches!(&*only.expr, Expr::Lit(Lit::Regex(_))))
}
