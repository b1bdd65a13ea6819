//! Labels of loops for whose heads the compressor declares variables:
//!
//! ```js
//! rows: for (const row of list()) for (const cell of row) if (!cell) continue rows
//! rows: { let all; for (const row of (all = […], sort(all), all)) … }             // leaves that
//! ```
//!
//! Only a loop can be continued, so its label goes back to it.

use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{ArrowExpr, BlockStmt, Class, ContinueStmt, Function, LabeledStmt, Module, Stmt};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

/// Puts them where they belong.
pub fn label_loops(module: &mut Module) {
    module.visit_mut_with(&mut Labels);
}

struct Labels;

impl VisitMut for Labels {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        statement.visit_mut_children_with(self);
        if let Stmt::Labeled(labeled) = statement
            && let Stmt::Block(block) = &mut *labeled.body
            && let Some(part) = continued_part(block, &labeled.label.sym)
        {
            let body = Box::new(part.take());
            *part = Stmt::Labeled(LabeledStmt {
                span: labeled.span,
                label: labeled.label.clone(),
                body,
            });
            *statement = Stmt::Block(block.take());
        }
    }
}

/// The statement of a block in which a label is continued.
fn continued_part<'a>(block: &'a mut BlockStmt, label: &Atom) -> Option<&'a mut Stmt> {
    block.stmts.iter_mut().find(|statement| {
        let mut search = Continued { label, found: false };
        statement.visit_with(&mut search);
        search.found
    })
}

struct Continued<'a> {
    label: &'a Atom,
    found: bool,
}

impl Visit for Continued<'_> {
    noop_visit_type!();

    fn visit_continue_stmt(&mut self, statement: &ContinueStmt) {
        self.found |= (statement.label.as_ref()).is_some_and(|label| label.sym == *self.label);
    }

    fn visit_labeled_stmt(&mut self, statement: &LabeledStmt) {
        if statement.label.sym != *self.label {
            statement.body.visit_with(self);
        }
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    fn visit_class(&mut self, _: &Class) {}
}
