//! Methods of values that are written where they are called, or known by their names.
//!
//! ```js
//! const NAMES = ['a', 'b'], UPPER = NAMES.map((name) => name.toUpperCase()), RULE = /a/.test('b')
//! ```

use swc_core::ecma::ast::{Expr, ExprOrSpread, Lit, MemberExpr};

use super::{FreshKind, Purity, without_parentheses};
use crate::scan::named_members::static_path;

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
            Expr::Member(member) if method == "bind" => self.is_function_of_platform(member) && are_quiet(),
            _ => false,
        }
    }

    /// `console.log`, `Function.prototype.call`
    fn is_function_of_platform(&self, member: &MemberExpr) -> bool {
        let Some((object, path)) = static_path(member).filter(|(name, _)| name.ctxt == self.unresolved())
        else {
            return false;
        };
        let path: Vec<&str> = path.iter().map(|name| &**name).collect();
        match (&*object.sym, path.as_slice()) {
            ("console", [name]) => matches!(*name, "debug" | "error" | "info" | "log" | "trace" | "warn"),
            ("Object", [name]) => matches!(*name, "assign" | "create" | "freeze" | "is" | "keys"),
            ("Function", ["prototype", name]) => matches!(*name, "apply" | "bind" | "call"),
            ("Object", ["prototype", name]) => {
                matches!(
                    *name,
                    "hasOwnProperty" | "isPrototypeOf" | "propertyIsEnumerable" | "toString"
                )
            }
            ("Array", ["prototype", name]) => {
                matches!(
                    *name,
                    "concat" | "forEach" | "indexOf" | "join" | "map" | "push" | "slice"
                )
            }
            _ => false,
        }
    }
}
