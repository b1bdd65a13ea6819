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
use swc_core::ecma::ast::{ArrayLit, BinExpr, BinaryOp, Expr, ExprOrSpread, Lit};

use super::stand_in::{self, called, take_argument};

/// What the functions of operators are called, before the operator.
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
        *expression = stand_in::call(&name, operands, context);
    }
}

/// Makes calls of what an array spreads; whether there was any.
pub fn take_spread_apart(array: &mut ArrayLit, context: SyntaxContext) -> bool {
    let mut found = false;
    for element in array.elems.iter_mut().flatten() {
        if element.spread.is_some() && !matches!(&*element.expr, Expr::Array(_) | Expr::Lit(Lit::Str(_))) {
            *element.expr = stand_in::call(SPREAD, vec![element.expr.take().into()], context);
            found = true;
        }
    }
    found
}

/// Makes the operation of such a call again.
pub fn put_together(expression: &mut Expr) {
    let operator = called(expression).and_then(|name| name.strip_prefix(OPERATOR)?.parse::<BinaryOp>().ok());
    if let Some(operator) = operator
        && let Some(call) = expression.as_mut_call()
        && let (Some(right), Some(left)) = (call.args.pop(), call.args.pop())
    {
        *expression = Expr::Bin(BinExpr {
            span: DUMMY_SP,
            op: operator,
            left: left.expr,
            right: right.expr,
        });
    } else if let Some(spread) = take_argument(expression, SPREAD) {
        // The array around it is gone.
        *expression = Expr::Array(ArrayLit {
            span: DUMMY_SP,
            elems: vec![Some(ExprOrSpread {
                spread: Some(DUMMY_SP),
                expr: Box::new(spread),
            })],
        });
    }
}

/// Spreads what such a call spreads.
pub fn put_spread_together(element: &mut ExprOrSpread) {
    if element.spread.is_some()
        && let Some(spread) = take_argument(&mut element.expr, SPREAD)
    {
        *element.expr = spread;
    }
}
