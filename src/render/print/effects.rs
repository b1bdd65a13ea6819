//! Whether an expression does something when it runs, by its form alone.

use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AwaitExpr, CallExpr, Callee, Expr, Function, FunctionBody, IfStmt, NewExpr,
    OptCall, Stmt, TaggedTpl, UnaryExpr, UnaryOp, UpdateExpr, YieldExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

/// Whether it calls, assigns, deletes or waits, outside of functions in it. Getters and conversions do not count.
pub fn has_effects(expression: &Expr) -> bool {
    let mut search = Effects { found: false };
    expression.visit_with(&mut search);
    search.found
}

/// Whether it makes no difference, but for getters and conversions, what the test says.
pub fn has_quiet_branches(statement: &IfStmt) -> bool {
    is_quiet(&statement.cons) && statement.alt.as_deref().is_none_or(is_quiet)
}

fn is_quiet(statement: &Stmt) -> bool {
    match statement {
        Stmt::Empty(_) => true,
        Stmt::Expr(statement) => !has_effects(&statement.expr),
        Stmt::Block(block) => block.stmts.iter().all(is_quiet),
        _ => false,
    }
}

struct Effects {
    found: bool,
}

impl Visit for Effects {
    noop_visit_type!();

    /// `(() => a)()` does what stands in the function.
    fn visit_call_expr(&mut self, call: &CallExpr) {
        match &call.callee {
            Callee::Expr(callee) if let Expr::Arrow(function) = &**callee => {
                self.found |= !function.params.is_empty() || function.is_async;
                function.body.visit_with(self);
                call.args.visit_with(self);
            }
            _ => self.found = true,
        }
    }

    fn visit_opt_call(&mut self, _: &OptCall) {
        self.found = true;
    }

    fn visit_new_expr(&mut self, _: &NewExpr) {
        self.found = true;
    }

    fn visit_tagged_tpl(&mut self, _: &TaggedTpl) {
        self.found = true;
    }

    fn visit_assign_expr(&mut self, _: &AssignExpr) {
        self.found = true;
    }

    fn visit_update_expr(&mut self, _: &UpdateExpr) {
        self.found = true;
    }

    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.found = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.found = true;
    }

    fn visit_function_body(&mut self, _: &FunctionBody) {
        self.found = true;
    }

    fn visit_unary_expr(&mut self, operation: &UnaryExpr) {
        self.found |= operation.op == UnaryOp::Delete;
        operation.visit_children_with(self);
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}
