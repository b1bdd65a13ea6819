//! Calls of functions that do not exist. The compressor cannot look behind them, so they stand for what it would get wrong
//! while it works, and are taken away again when it is done.

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{CallExpr, Callee, Expr, ExprOrSpread, Ident};

/// What the names of the functions begin with. No source can have such an identifier.
pub(super) const MARK: char = '%';

/// The call of a stand-in, whose name begins with `%`.
pub(super) fn call(name: &str, args: Vec<ExprOrSpread>, unresolved: SyntaxContext) -> Expr {
    debug_assert!(
        name.starts_with(MARK),
        "a source could have a function of this name"
    );
    Expr::Call(CallExpr {
        span: DUMMY_SP,
        callee: Callee::Expr(Box::new(Expr::Ident(Ident::new(
            name.into(),
            DUMMY_SP,
            unresolved,
        )))),
        args,
        ..CallExpr::default()
    })
}

/// The stand-in that an expression calls.
pub(super) fn called(expression: &Expr) -> Option<&str> {
    function_of(expression.as_call()?)
}

/// The stand-in that is called.
pub(super) fn function_of(call: &CallExpr) -> Option<&str> {
    let name = call.callee.as_expr()?.as_ident()?;
    name.sym.starts_with(MARK).then_some(&*name.sym)
}

/// Whether an expression calls this stand-in.
pub(super) fn is_call_of(expression: &Expr, name: &str) -> bool {
    called(expression) == Some(name)
}

/// Takes the last argument out of a call of this stand-in.
pub(super) fn take_argument(expression: &mut Expr, name: &str) -> Option<Expr> {
    if !is_call_of(expression, name) {
        return None;
    }
    Some(*expression.as_mut_call()?.args.pop()?.expr)
}
