//! Methods of values that are written where they are called, or known by their names.
//!
//! ```js
//! const NAMES = ['a', 'b'], UPPER = NAMES.map((name) => name.toUpperCase()), RULE = /a/.test('b')
//! ```

use swc_core::ecma::ast::{Expr, ExprOrSpread, Lit};

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
            Expr::Lit(Lit::Regex(_)) => matches!(method, "test" | "exec" | "toString") && are_plain(),
            function @ Expr::Ident(name)
                if matches!(
                    self.known_kind(name),
                    Some(FreshKind::Function | FreshKind::Arrow)
                ) && self.is_tame_name(function) =>
            {
                method == "bind" && are_quiet()
            }
            _ => false,
        }
    }
}
