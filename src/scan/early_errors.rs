//! Errors that ECMA-262 wants before a module runs and that the parser lets pass.

use swc_core::ecma::ast::{ArrowExpr, Class, Expr, Function, Program, ReturnStmt};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::syntax_error::SyntaxProblem;

/// Everything wrong with `program`; `is_module` says that it is an ES module.
pub(super) fn find(program: &Program, source: &str, is_module: bool) -> Vec<SyntaxProblem> {
    let mut finder = ReturnFinder { problems: Vec::new() };
    if is_module && memchr::memmem::find(source.as_bytes(), b"return").is_some() {
        program.visit_with(&mut finder);
    }
    finder.problems
}

/// Finds `return` outside functions. Expressions hold statements only inside functions and classes.
struct ReturnFinder {
    problems: Vec<SyntaxProblem>,
}

impl Visit for ReturnFinder {
    noop_visit_type!();

    fn visit_return_stmt(&mut self, node: &ReturnStmt) {
        self.problems.push(SyntaxProblem::new(
            node.span,
            "`return` stands outside a function, in an ES module",
            "Put the code into a function, or remove `return`.",
        ));
    }

    fn visit_expr(&mut self, _: &Expr) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    fn visit_function(&mut self, _: &Function) {}
    fn visit_class(&mut self, _: &Class) {}
}
