//! Lists that code makes where it stands, and their methods.

use swc_core::ecma::ast::{CallExpr, Expr, ExprOrSpread, MemberProp};

use super::primitives::Value;
use super::{Purity, builtins, without_parentheses};

/// A list, known or just made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    elements: Elements,
    owner: Owner,
}

/// What is in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Elements {
    /// Texts, numbers, booleans, `null` and `undefined`.
    Plain,
    /// Anything.
    Any,
}

/// Who has a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Nobody: it was just made.
    Nobody,
    /// The module.
    Module,
}

impl List {
    /// A new list of texts, numbers, booleans, `null` and `undefined`.
    pub const PLAIN: Self = Self {
        elements: Elements::Plain,
        owner: Owner::Nobody,
    };

    /// One that somebody else has, of anything.
    pub const OF_OTHERS: Self = Self {
        elements: Elements::Any,
        owner: Owner::Module,
    };

    const ANY: Self = Self {
        elements: Elements::Any,
        owner: Owner::Nobody,
    };

    /// A new one of its elements.
    fn copied(self) -> Self {
        Self {
            owner: Owner::Nobody,
            ..self
        }
    }
}

impl Purity<'_> {
    /// The list that an expression is, unless a method of something gives it.
    pub(super) fn list(&self, expression: &Expr) -> Option<Value> {
        let list = match without_parentheses(expression) {
            Expr::Array(array) => {
                let is_plain = array
                    .elems
                    .iter()
                    .flatten()
                    .all(|element| element.spread.is_none() && self.is_plain_value(&element.expr));
                let is_quiet = is_plain || !self.array_has_side_effects(array);
                is_quiet.then_some(if is_plain { List::PLAIN } else { List::ANY })?
            }
            Expr::Call(call) => self.list_of_global(call)?,
            name @ Expr::Ident(_) if self.is_list_as_written(name) => List {
                elements: if self.is_flat_list(name) {
                    Elements::Plain
                } else {
                    Elements::Any
                },
                owner: Owner::Module,
            },
            Expr::New(new) => {
                let is_list = self.global_name(&new.callee) == Some("Array")
                    && builtins::is_pure_construction(self, new);
                let arguments = new.args.as_deref().unwrap_or_default();
                is_list.then_some(if self.are_plain(arguments) {
                    List::PLAIN
                } else {
                    List::ANY
                })?
            }
            _ => return None,
        };
        Some(Value::List(list))
    }

    /// Whether an expression is a list, and nothing of it can be observed.
    pub(super) fn is_list(&self, expression: &Expr) -> bool {
        matches!(self.value(expression), Some(Value::List(_)))
    }

    /// Whether an expression is a text, and nothing of it can be observed.
    pub(super) fn is_text(&self, expression: &Expr) -> bool {
        matches!(self.value(expression), Some(Value::Text))
    }

    /// `Object.keys({})`
    fn list_of_global(&self, call: &CallExpr) -> Option<List> {
        let callee = without_parentheses(call.callee.as_expr()?);
        let member = callee.as_member()?;
        let MemberProp::Ident(method) = &member.prop else {
            return None;
        };
        let list = match (self.global_name(&member.obj)?, &*method.sym) {
            ("Object", "keys" | "getOwnPropertyNames") => List::PLAIN,
            ("Object", "values" | "entries") | ("Array", "of" | "from") => List::ANY,
            _ => return None,
        };
        builtins::is_pure_call(self, callee, &call.args).then_some(list)
    }

    /// What a method of a list gives, if calling it can not be observed. No argument is spread.
    pub(super) fn list_method(&self, list: List, method: &str, arguments: &[ExprOrSpread]) -> Option<Value> {
        let is_plain = list.elements == Elements::Plain;
        let are_quiet = |arguments: &[ExprOrSpread]| {
            !arguments
                .iter()
                .any(|argument| self.expression_has_side_effects(&argument.expr))
        };
        let calls_back =
            || matches!(arguments, [callback] if self.is_quiet_on_elements(&callback.expr, list));
        let (is_quiet, gives) = match method {
            "slice" => (self.are_plain(arguments), Value::List(list.copied())),
            "concat" => return self.put_together(list, arguments),
            "at" => (self.are_plain(arguments), Value::Other),
            "flat" => (is_plain && self.are_plain(arguments), Value::List(list.copied())),
            "includes" | "indexOf" | "lastIndexOf" => match arguments {
                [element, from @ ..] => {
                    let is_quiet = are_quiet(std::slice::from_ref(element)) && self.are_plain(from);
                    let is_test = method == "includes";
                    (is_quiet, if is_test { Value::Boolean } else { Value::Number })
                }
                [] => return None,
            },
            "join" => (is_plain && self.are_plain(arguments), Value::Text),
            "toString" => (is_plain && arguments.is_empty(), Value::Text),
            "entries" | "keys" | "values" => (arguments.is_empty(), Value::Other),
            "map" | "flatMap" => {
                let converts = matches!(arguments, [callback] if self.is_conversion(&callback.expr));
                let made = if converts { List::PLAIN } else { List::ANY };
                (calls_back(), Value::List(made))
            }
            "filter" => (calls_back(), Value::List(list.copied())),
            "some" | "every" => (calls_back(), Value::Boolean),
            "findIndex" | "findLastIndex" => (calls_back(), Value::Number),
            "find" | "findLast" | "forEach" => (calls_back(), Value::Other),
            "reduce" | "reduceRight" => match arguments {
                [callback, first] => (
                    self.is_quiet_callback(&callback.expr) && are_quiet(std::slice::from_ref(first)),
                    Value::Other,
                ),
                _ => return None,
            },
            "reverse" if list.owner == Owner::Nobody => (arguments.is_empty(), Value::List(list)),
            "sort" if list.owner == Owner::Nobody => (is_plain && arguments.is_empty(), Value::List(list)),
            "fill" if list.owner == Owner::Nobody => match arguments {
                [value, places @ ..] => {
                    let filled = if is_plain && self.is_plain_value(&value.expr) {
                        List::PLAIN
                    } else {
                        List::ANY
                    };
                    let is_quiet = are_quiet(std::slice::from_ref(value)) && self.are_plain(places);
                    (is_quiet, Value::List(filled))
                }
                [] => return None,
            },
            "push" | "pop" | "shift" | "unshift" if list.owner == Owner::Nobody => {
                (are_quiet(arguments), Value::Other)
            }
            _ => return None,
        };
        is_quiet.then_some(gives)
    }

    /// `list.concat(1, [2])`
    fn put_together(&self, list: List, others: &[ExprOrSpread]) -> Option<Value> {
        let mut together = list.copied();
        for other in others {
            if self.is_plain_value(&other.expr) {
                continue;
            }
            let Some(Value::List(other)) = self.value(&other.expr) else {
                return None;
            };
            if other.elements == Elements::Any {
                together.elements = Elements::Any;
            }
        }
        Some(Value::List(together))
    }

    /// Whether calling a function with elements of a list can not be observed.
    fn is_quiet_on_elements(&self, callback: &Expr, list: List) -> bool {
        let is_quiet = match self.global_name(callback) {
            Some("Boolean" | "Object") => true,
            Some("String" | "Number" | "isNaN" | "isFinite" | "parseInt" | "parseFloat") => {
                list.elements == Elements::Plain
            }
            _ => false,
        };
        is_quiet || self.is_quiet_callback(callback)
    }

    /// Whether a function of the language gives a text, a number or a boolean.
    fn is_conversion(&self, callback: &Expr) -> bool {
        matches!(
            self.global_name(callback),
            Some("Boolean" | "String" | "Number" | "isNaN" | "isFinite" | "parseInt" | "parseFloat")
        )
    }
}
