//! `delete` of what is a value and not a place, which only evaluates it:
//!
//! ```js
//! delete (null ?? exports.a)      // (null ?? exports.a, true)
//! ```
//!
//! Written so that nothing is deleted once `null ?? exports.a` has become `exports.a`.

use memchr::memmem;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Spanned as _};
use swc_core::ecma::ast::{BinaryOp, Bool, Expr, Lit, ParenExpr, Program, SeqExpr, UnaryOp};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::side_effects::without_parentheses;

/// Whether something else than names and members may be deleted: that has parentheses.
pub(super) fn may_occur(source: &str) -> bool {
    memmem::find_iter(source.as_bytes(), b"delete").any(|index| {
        let after = source[index + b"delete".len()..].trim_ascii_start();
        after.starts_with('(') || after.starts_with('/')
    })
}

/// Writes them as sequences.
pub(super) fn write_out(program: &mut Program) {
    program.visit_mut_with(&mut Writer);
}

struct Writer;

impl VisitMut for Writer {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        let Expr::Unary(unary) = node else { return };
        if unary.op != UnaryOp::Delete || !may_become_a_place(&unary.arg) {
            return;
        }
        let span = unary.span;
        let always = Expr::Lit(Lit::Bool(Bool {
            span: DUMMY_SP,
            value: true,
        }));
        let sequence = SeqExpr {
            span,
            exprs: vec![unary.arg.take(), Box::new(always)],
        };
        *node = Expr::Paren(ParenExpr {
            span: sequence.span(),
            expr: Box::new(Expr::Seq(sequence)),
        });
    }
}

/// Whether it is a value of which a part may be all that is left.
fn may_become_a_place(deleted: &Expr) -> bool {
    match without_parentheses(deleted) {
        Expr::Seq(_) | Expr::Cond(_) => true,
        Expr::Bin(binary) => matches!(
            binary.op,
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
        ),
        _ => false,
    }
}
