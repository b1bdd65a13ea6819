//! Compiled TypeScript enums.

use swc_core::ecma::ast::{Expr, Function, Id, MemberExpr, MemberProp, Pat, Stmt};

use super::{Purity, without_parentheses};

/// The function of a compiled TypeScript enum, which does nothing but fill its parameter:
///
/// ```js
/// var E = function (E) { E[E["A"] = 0] = "A"; E["B"] = "b"; return E; }(E || {});
/// ```
pub fn is_enum(function: &Function, purity: &Purity<'_>) -> bool {
    let ([parameter], Some(body)) = (function.params.as_slice(), &function.body) else {
        return false;
    };
    let Pat::Ident(parameter) = &parameter.pat else {
        return false;
    };
    let parameter = parameter.to_id();
    body.stmts.iter().all(|statement| match statement {
        Stmt::Return(statement) => {
            matches!(statement.arg.as_deref(), Some(Expr::Ident(ident)) if ident.to_id() == parameter)
        }
        Stmt::Expr(statement) => fills_enum(&statement.expr, &parameter, purity),
        other => !purity.statement_has_side_effects(other),
    })
}

impl Purity<'_> {
    /// Whether a function does nothing but fill its parameter.
    pub fn fills_enum(&self, function: &Expr) -> bool {
        matches!(function, Expr::Fn(function) if is_enum(&function.function, self))
    }
}

/// `E["B"] = "b"`, `E[E["A"] = 0] = "A"`.
fn fills_enum(expression: &Expr, parameter: &Id, purity: &Purity<'_>) -> bool {
    let Expr::Assign(assignment) = without_parentheses(expression) else {
        return false;
    };
    let Some(MemberExpr { obj, prop, .. }) = assignment.left.as_simple().and_then(|left| left.as_member())
    else {
        return false;
    };
    let fills_parameter = matches!(&**obj, Expr::Ident(ident) if ident.to_id() == *parameter);
    let value_is_member_of_enum = |value: &Expr| match value {
        // `B = A` reads another member.
        Expr::Member(member) => matches!(&*member.obj, Expr::Ident(ident) if ident.to_id() == *parameter),
        other => !purity.expression_has_side_effects(other),
    };
    fills_parameter
        && value_is_member_of_enum(&assignment.right)
        && match prop {
            MemberProp::Ident(_) => true,
            MemberProp::Computed(key) => {
                purity.is_plain_value(&key.expr) || fills_enum(&key.expr, parameter, purity)
            }
            MemberProp::PrivateName(_) => false,
        }
}
