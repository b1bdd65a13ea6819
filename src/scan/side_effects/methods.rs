//! Methods of values that are written where they are called, or known by their names.
//!
//! ```js
//! const NAMES = ['a', 'b'], UPPER = NAMES.map((name) => name.toUpperCase()), RULE = /a/.test('b')
//! ```

use swc_core::ecma::ast::{Expr, ExprOrSpread, Lit};

use super::builtins::is_text_method;
use super::{FreshKind, Purity, without_parentheses};

impl Purity<'_> {
    /// Whether a call of such a method can not be observed. No argument is spread.
    pub(super) fn is_quiet_method(&self, object: &Expr, method: &str, arguments: &[ExprOrSpread]) -> bool {
        let are_plain = || {
            arguments
                .iter()
                .all(|argument| self.is_plain_value(&argument.expr))
        };
        let are_quiet = || {
            !arguments
                .iter()
                .any(|argument| self.expression_has_side_effects(&argument.expr))
        };
        match without_parentheses(object) {
            Expr::Lit(Lit::Num(_)) => is_number_method(method, arguments),
            Expr::Lit(Lit::Regex(_)) => matches!(method, "test" | "exec" | "toString") && are_plain(),
            // Its own function would run instead.
            list if self.is_list_as_written(list) => match method {
                "concat" | "slice" | "at" => are_plain(),
                "includes" | "indexOf" => matches!(arguments, [_]) && are_quiet(),
                "entries" | "keys" | "values" => arguments.is_empty(),
                "map" | "filter" | "some" | "every" | "find" | "findIndex" | "forEach" | "flatMap" => {
                    matches!(arguments, [callback] if self.is_quiet_callback(&callback.expr))
                }
                _ => false,
            },
            function @ Expr::Ident(name)
                if matches!(
                    self.known_kind(name),
                    Some(FreshKind::Function | FreshKind::Arrow)
                ) && self.is_tame_name(function) =>
            {
                method == "bind" && are_quiet()
            }
            text => {
                self.text_of(text).is_some() && is_text_method(method) && method != "repeat" && are_plain()
            }
        }
    }
}

/// Methods of numbers that do not fail.
fn is_number_method(method: &str, arguments: &[ExprOrSpread]) -> bool {
    let is_at_most = |most: f64| match arguments {
        [] => true,
        [only] => matches!(&*only.expr, Expr::Lit(Lit::Num(number)) if (2.0..=most).contains(&number.value)),
        _ => false,
    };
    match method {
        "toFixed" => is_at_most(20.0),
        "toString" => is_at_most(36.0),
        "valueOf" => arguments.is_empty(),
        _ => false,
    }
}
