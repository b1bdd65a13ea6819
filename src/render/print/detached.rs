//! Functions that are called without the object they are taken from: `(missing ?? object.method)()`.
//!
//! Where the compressor knows that there is nothing on the left, it would leave `object.method()`.

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{BinaryOp, Callee, Expr, Lit, Number, SeqExpr};

/// Whether it is `a ?? b`, `(0, a?.b)` or `a && b?.c`, of which the compressor would take the wrong part, or `(a => a)(b.c)`, which
/// it would take apart.
pub fn is_detached(callee: &Expr) -> bool {
    match callee {
        Expr::Bin(binary) if binary.op == BinaryOp::NullishCoalescing => true,
        Expr::Call(call) => {
            matches!(&call.callee, Callee::Expr(callee) if callee.is_fn_expr() || callee.is_arrow())
        }
        Expr::Bin(_) | Expr::Cond(_) | Expr::Seq(_) => may_be_chain(callee),
        _ => false,
    }
}

fn may_be_chain(value: &Expr) -> bool {
    match value {
        Expr::OptChain(_) => true,
        Expr::Bin(binary) if binary.op.may_short_circuit() => {
            may_be_chain(&binary.left) || may_be_chain(&binary.right)
        }
        Expr::Cond(condition) => may_be_chain(&condition.cons) || may_be_chain(&condition.alt),
        Expr::Seq(sequence) => sequence.exprs.last().is_some_and(|last| may_be_chain(last)),
        _ => false,
    }
}

/// Makes `(0, a.b)` of what is left of a choice, if it would be called with another `this` otherwise.
pub fn detach(callee: &mut Expr) {
    let takes_this = match callee {
        Expr::Member(_) | Expr::SuperProp(_) | Expr::OptChain(_) => true,
        Expr::Ident(name) => name.sym == *"eval",
        _ => false,
    };
    if takes_this {
        only_value(callee);
    }
}

/// Makes `(0, expression)`.
pub fn only_value(expression: &mut Expr) {
    let zero = Expr::Lit(Lit::Num(Number {
        span: DUMMY_SP,
        value: 0.0,
        raw: None,
    }));
    let exprs = vec![Box::new(zero), Box::new(expression.take())];
    *expression = Expr::Seq(SeqExpr {
        span: DUMMY_SP,
        exprs,
    });
}
