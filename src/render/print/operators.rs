//! Operators that run code or may fail, though the compressor believes to know their answer or that nobody needs it:
//!
//! ```js
//! 0 in value; -1 instanceof value; undefined == [...value]
//! ```
//!
//! While it works they are calls of functions that do not exist. The spread of an array is the call of one, too: whatever
//! becomes of the array, `[...value]` asks the value for its iterator.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{ArrayLit, BinExpr, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Ident, Lit};

/// What the functions of operators are called, before the operator. No source can have such an identifier.
const OPERATOR: &str = "%operator ";
const SPREAD: &str = "%spread";

/// Constructors of every engine, of which `instanceof` asks nothing that could fail.
const CONSTRUCTORS: &[&str] = &[
    "Object",
    "Function",
    "Array",
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "Date",
    "RegExp",
    "Promise",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "ArrayBuffer",
    "DataView",
    "Uint8Array",
    "String",
    "Number",
    "Boolean",
    "Symbol",
];

/// Whether an operator fails for some values: `in` and `instanceof`.
pub fn may_fail(expression: &Expr, unresolved: SyntaxContext) -> bool {
    let Expr::Bin(binary) = expression else {
        return false;
    };
    match binary.op {
        BinaryOp::In => !binary.left.is_private_name(),
        BinaryOp::InstanceOf => !matches!(&*binary.right, Expr::Ident(name)
            if name.ctxt == unresolved && CONSTRUCTORS.contains(&&*name.sym)),
        _ => false,
    }
}

/// Makes a call of an operation with two operands.
pub fn take_apart(expression: &mut Expr, context: SyntaxContext) {
    if let Expr::Bin(binary) = expression {
        let name = format!("{OPERATOR}{}", binary.op.as_str());
        let operands = vec![binary.left.take().into(), binary.right.take().into()];
        *expression = call(&name, operands, context);
    }
}

/// Makes calls of what an array spreads; whether there was any.
pub fn take_spread_apart(array: &mut ArrayLit, context: SyntaxContext) -> bool {
    let mut found = false;
    for element in array.elems.iter_mut().flatten() {
        if element.spread.is_some() && !matches!(&*element.expr, Expr::Array(_) | Expr::Lit(Lit::Str(_))) {
            *element.expr = call(SPREAD, vec![element.expr.take().into()], context);
            found = true;
        }
    }
    found
}

fn call(name: &str, args: Vec<ExprOrSpread>, context: SyntaxContext) -> Expr {
    Expr::Call(CallExpr {
        span: DUMMY_SP,
        callee: Callee::Expr(Box::new(Expr::Ident(Ident::new(name.into(), DUMMY_SP, context)))),
        args,
        ..CallExpr::default()
    })
}

/// Makes the operation of such a call again.
pub fn put_together(expression: &mut Expr) {
    let Some((name, call)) = function_of(expression) else {
        return;
    };
    if let Some(operator) = name
        .strip_prefix(OPERATOR)
        .and_then(|text| text.parse::<BinaryOp>().ok())
        && let (Some(right), Some(left)) = (call.args.pop(), call.args.pop())
    {
        *expression = Expr::Bin(BinExpr {
            span: DUMMY_SP,
            op: operator,
            left: left.expr,
            right: right.expr,
        });
    } else if name == SPREAD
        && let Some(spread) = call.args.pop()
    {
        // The array around it is gone.
        *expression = Expr::Array(ArrayLit {
            span: DUMMY_SP,
            elems: vec![Some(ExprOrSpread {
                spread: Some(DUMMY_SP),
                expr: spread.expr,
            })],
        });
    }
}

/// Spreads what such a call spreads.
pub fn put_spread_together(element: &mut ExprOrSpread) {
    if element.spread.is_some()
        && let Some((name, call)) = function_of(&mut element.expr)
        && name == SPREAD
        && let Some(spread) = call.args.pop()
    {
        element.expr = spread.expr;
    }
}

fn function_of(expression: &mut Expr) -> Option<(String, &mut CallExpr)> {
    let call = expression.as_mut_call()?;
    let name = call.callee.as_expr()?.as_ident()?;
    let name = name.sym.starts_with('%').then(|| name.sym.to_string())?;
    Some((name, call))
}
