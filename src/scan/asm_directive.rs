//! `'use asm'` promises that a function is of a subset of the language. Linking and shortening keep no such promise, and
//! engines warn of functions that break it, so that it goes.

use swc_core::ecma::ast::{Expr, Lit, Module, Stmt};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

/// Removes the directive from all functions.
pub(super) fn remove(module: &mut Module, source: &str) {
    if memchr::memmem::find(source.as_bytes(), b"use asm").is_some() {
        module.visit_mut_with(&mut Remover);
    }
}

struct Remover;

impl VisitMut for Remover {
    noop_visit_mut_type!();

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.retain(|statement| !is_directive(statement));
        statements.visit_mut_children_with(self);
    }
}

fn is_directive(statement: &Stmt) -> bool {
    statement.as_expr().is_some_and(
        |statement| matches!(&*statement.expr, Expr::Lit(Lit::Str(text)) if text.value == *"use asm"),
    )
}
