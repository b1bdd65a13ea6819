//! Loops whose bodies are single statements with classes. What a class computes once, such as the name of a field, is kept in
//! a variable of the block around; it must begin anew each time:
//!
//! ```js
//! for (const key of keys) made.push(class { [key] = 1 });
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    ArrowExpr, BlockStmt, Class, DoWhileStmt, ForInStmt, ForOfStmt, ForStmt, Function, Module, Stmt,
    WhileStmt,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

/// Makes blocks of such bodies.
pub(super) fn make_blocks(module: &mut Module) {
    module.visit_mut_with(&mut Maker);
}

struct Maker;

impl Maker {
    fn body(&mut self, body: &mut Box<Stmt>) {
        body.visit_mut_with(self);
        let mut search = Search { found: false };
        if !body.is_block() {
            body.visit_with(&mut search);
        }
        if search.found {
            let block = BlockStmt {
                span: DUMMY_SP,
                stmts: vec![*body.take()],
                ..BlockStmt::default()
            };
            **body = Stmt::Block(block);
        }
    }
}

impl VisitMut for Maker {
    noop_visit_mut_type!();

    fn visit_mut_for_stmt(&mut self, statement: &mut ForStmt) {
        statement.init.visit_mut_with(self);
        statement.test.visit_mut_with(self);
        statement.update.visit_mut_with(self);
        self.body(&mut statement.body);
    }

    fn visit_mut_for_in_stmt(&mut self, statement: &mut ForInStmt) {
        statement.left.visit_mut_with(self);
        statement.right.visit_mut_with(self);
        self.body(&mut statement.body);
    }

    fn visit_mut_for_of_stmt(&mut self, statement: &mut ForOfStmt) {
        statement.left.visit_mut_with(self);
        statement.right.visit_mut_with(self);
        self.body(&mut statement.body);
    }

    fn visit_mut_while_stmt(&mut self, statement: &mut WhileStmt) {
        statement.test.visit_mut_with(self);
        self.body(&mut statement.body);
    }

    fn visit_mut_do_while_stmt(&mut self, statement: &mut DoWhileStmt) {
        statement.test.visit_mut_with(self);
        self.body(&mut statement.body);
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
