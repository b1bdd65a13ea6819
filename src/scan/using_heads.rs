//! `using` in the heads of loops.
//!
//! ```text
//! const a = 1;                              const a = 1;
//! for (using a of list) work(a);            { for (using a of list) work(a); }
//! a;                                        a;
//! ```
//!
//! The resolver of names (`swc_ecma_transforms_base`) gives such a name to the whole function, unless the loop stands in a
//! block.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{BlockStmt, ForHead, LabeledStmt, Program, Stmt};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Gives such loops blocks of their own, with the labels that they have. To be called before names are resolved.
pub(super) fn put_into_blocks(program: &mut Program) {
    program.visit_mut_with(&mut Heads);
}

struct Heads;

impl VisitMut for Heads {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        statement.visit_mut_children_with(self);
        if declares_in_head(statement) {
            *statement = Stmt::Block(BlockStmt {
                span: DUMMY_SP,
                ctxt: SyntaxContext::empty(),
                stmts: vec![statement.take()],
            });
        }
    }

    fn visit_mut_labeled_stmt(&mut self, node: &mut LabeledStmt) {
        if declares_in_head(&node.body) {
            // `continue` asks for a label that stands before the loop itself.
            node.body.visit_mut_children_with(self);
        } else {
            node.body.visit_mut_with(self);
        }
    }
}

fn declares_in_head(statement: &Stmt) -> bool {
    match statement {
        Stmt::ForOf(node) => matches!(node.left, ForHead::UsingDecl(_)),
        Stmt::Labeled(labelled) => declares_in_head(&labelled.body),
        _ => false,
    }
}
