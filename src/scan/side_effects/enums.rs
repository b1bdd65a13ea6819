//! Compiled TypeScript enums.

use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, BinaryOp, Expr, ExprOrSpread, Function, Id, MemberExpr, MemberProp, Pat,
    Stmt,
};

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
    fills_parameter(&parameter.pat, &body.stmts, purity)
}

/// The same of `((E) => { … })(E || {})`.
pub fn is_arrow_enum(arrow: &ArrowExpr, purity: &Purity<'_>) -> bool {
    let ([parameter], ArrowFunctionBody::FunctionBody(body)) = (arrow.params.as_slice(), &*arrow.body) else {
        return false;
    };
    !arrow.is_async && fills_parameter(parameter, &body.stmts, purity)
}

fn fills_parameter(parameter: &Pat, statements: &[Stmt], purity: &Purity<'_>) -> bool {
    let Pat::Ident(parameter) = parameter else {
        return false;
    };
    let parameter = parameter.to_id();
    statements.iter().all(|statement| match statement {
        Stmt::Return(statement) => {
            matches!(statement.arg.as_deref(), Some(Expr::Ident(ident)) if ident.to_id() == parameter)
        }
        Stmt::Expr(statement) => fills_enum(&statement.expr, &parameter, purity),
        other => !purity.statement_has_side_effects(other),
    })
}

impl Purity<'_> {
    /// Whether a function is called with an object that nobody else has: `{}`, or the `E || {}` of `var E`, where `E` is
    /// `undefined` (where it is not, the statement adds to what stands above).
    pub(super) fn is_own_object(&self, arguments: &[ExprOrSpread]) -> bool {
        let [argument] = arguments else { return false };
        let is_fresh = |value: &Expr| matches!(without_parentheses(value), Expr::Object(object) if object.props.is_empty());
        let is_own = |name: &Expr| {
            let name = without_parentheses(name).as_ident();
            self.own_variable
                .zip(name)
                .is_some_and(|(own, name)| own.to_id() == name.to_id())
        };
        argument.spread.is_none()
            && match without_parentheses(&argument.expr) {
                Expr::Bin(either) if either.op == BinaryOp::LogicalOr => {
                    is_own(&either.left) && is_fresh(&either.right)
                }
                value => is_fresh(value),
            }
    }

    /// Whether a function does nothing but fill its parameter.
    pub fn fills_enum(&self, function: &Expr) -> bool {
        match function {
            Expr::Fn(function) => is_enum(&function.function, self),
            Expr::Arrow(arrow) => is_arrow_enum(arrow, self),
            _ => false,
        }
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
