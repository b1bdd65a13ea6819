//! Loops whose bodies are single statements with classes. What a class computes once, such as the name of a field, is kept in
//! a variable of the block around; it must begin anew each time:
//!
//! ```js
//! for (const key of keys) made.push(class { [key] = 1 });
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{ArrowExpr, BlockStmt, Class, Function, Module, Stmt};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

/// Makes blocks of such bodies.
pub(super) fn make_blocks(module: &mut Module) {
    module.visit_mut_with(&mut Maker);
}

struct Maker;

impl VisitMut for Maker {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        statement.visit_mut_children_with(self);
        let Some(body) = body_of_loop(statement).filter(|body| !body.is_block()) else {
            return;
        };
        let mut search = Search { found: false };
        body.visit_with(&mut search);
        if search.found {
            *body = Stmt::Block(BlockStmt {
                span: DUMMY_SP,
                stmts: vec![body.take()],
                ..BlockStmt::default()
            });
        }
    }
}

fn body_of_loop(statement: &mut Stmt) -> Option<&mut Stmt> {
    match statement {
        Stmt::For(statement) => Some(&mut statement.body),
        Stmt::ForIn(statement) => Some(&mut statement.body),
        Stmt::ForOf(statement) => Some(&mut statement.body),
        Stmt::While(statement) => Some(&mut statement.body),
        Stmt::DoWhile(statement) => Some(&mut statement.body),
        _ => None,
    }
}

/// Looks for a class outside of inner functions.
struct Search {
    found: bool,
}

impl Visit for Search {
    noop_visit_type!();

    fn visit_class(&mut self, _: &Class) {
        self.found = true;
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}
