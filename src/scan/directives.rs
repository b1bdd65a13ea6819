//! `'use strict'` and the like, at the start of a program or a function.

use swc_core::ecma::ast::{Expr, Lit, Stmt};

/// Whether a statement is a text and nothing else.
pub fn is_directive(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(statement) if matches!(&*statement.expr, Expr::Lit(Lit::Str(_))))
}
