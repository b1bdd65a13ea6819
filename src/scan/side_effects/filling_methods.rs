//! Methods of lists and collections that do nothing but change those.
//!
//! ```js
//! const list = []; list.push(1); list.length = 0
//! const names = new Map(); names.set('a', 1)
//! ```

use swc_core::ecma::ast::{Expr, ExprOrSpread};

use super::{FreshKind, Purity, without_parentheses};

impl Purity<'_> {
    /// Whether all that a method of what was made as `kind` does is to change that, besides evaluating its arguments.
    pub fn method_only_fills(&self, kind: FreshKind, method: &str, arguments: &[ExprOrSpread]) -> bool {
        let are_plain = |arguments: &[ExprOrSpread]| {
            arguments
                .iter()
                .all(|argument| argument.spread.is_none() && self.is_plain_value(&argument.expr))
        };
        match (kind, method, arguments) {
            (FreshKind::Array, "push" | "unshift" | "pop" | "shift" | "reverse", _)
            | (FreshKind::Collection, "set" | "add" | "delete" | "clear" | "get" | "has", _)
            | (FreshKind::WeakCollection, "delete" | "get" | "has", _) => true,
            (FreshKind::Array, "fill", [_, places @ ..]) | (FreshKind::Numbers, "fill", places) => {
                are_plain(places)
            }
            (FreshKind::Array, "splice", [from, count, ..]) => {
                are_plain(std::slice::from_ref(from)) && are_plain(std::slice::from_ref(count))
            }
            (FreshKind::Array, "splice" | "copyWithin", places) => are_plain(places),
            (FreshKind::WeakCollection, "set" | "add", [key, ..]) => self.is_some_object(&key.expr),
            _ => false,
        }
    }

    /// Whether a value is an object for certain.
    fn is_some_object(&self, value: &Expr) -> bool {
        match without_parentheses(value) {
            Expr::Object(_) | Expr::Array(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) => true,
            Expr::Ident(name) => self.known_kind(name).is_some(),
            _ => false,
        }
    }
}
