//! What is added to a value that was assigned just before:
//!
//! ```js
//! try { text = 'a'; text += fail() } catch { show(text) }
//! async function wait() { text = 'a'; text += await other }
//! ```
//!
//! The compressor would assign once, `text = 'a' + fail()`, so that others would not see the first value.

use swc_core::common::SyntaxContext;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{AssignExpr, AssignOp, BinExpr, BinaryOp, Expr, Id, Ident, SeqExpr, Stmt};

use super::{HIDING, Hider};
use crate::render::print::effects::has_effects;
use crate::render::print::stand_in;

/// The assignments that add something, and what they add.
const ADDING: [(AssignOp, BinaryOp); 12] = [
    (AssignOp::AddAssign, BinaryOp::Add),
    (AssignOp::SubAssign, BinaryOp::Sub),
    (AssignOp::MulAssign, BinaryOp::Mul),
    (AssignOp::DivAssign, BinaryOp::Div),
    (AssignOp::ModAssign, BinaryOp::Mod),
    (AssignOp::ExpAssign, BinaryOp::Exp),
    (AssignOp::LShiftAssign, BinaryOp::LShift),
    (AssignOp::RShiftAssign, BinaryOp::RShift),
    (AssignOp::ZeroFillRShiftAssign, BinaryOp::ZeroFillRShift),
    (AssignOp::BitAndAssign, BinaryOp::BitAnd),
    (AssignOp::BitOrAssign, BinaryOp::BitOr),
    (AssignOp::BitXorAssign, BinaryOp::BitXor),
];

impl Hider {
    /// Hides that the second of two statements begins with what the first one assigns.
    pub(super) fn added_later(&mut self, statements: &mut [Stmt]) {
        for index in 1..statements.len() {
            let (before, rest) = statements.split_at_mut(index);
            if let Some(Stmt::Expr(last)) = before.last()
                && let Some(name) = assigned_last(&last.expr)
                && let Some(expression) = first_expression(&mut rest[0])
            {
                self.added_to(&name, expression);
            }
        }
    }

    /// The same of the parts of a sequence.
    pub(super) fn added_in_sequence(&mut self, sequence: &mut SeqExpr) {
        for index in 1..sequence.exprs.len() {
            let (before, rest) = sequence.exprs.split_at_mut(index);
            if let Some(name) = before.last().and_then(|last| assigned_last(last)) {
                self.added_to(&name, &mut rest[0]);
            }
        }
    }

    fn added_to(&mut self, name: &Id, expression: &mut Expr) {
        let assignment = match expression {
            Expr::Seq(sequence) => match sequence.exprs.first_mut() {
                Some(first) => return self.added_to(name, first),
                None => return,
            },
            Expr::Assign(assignment) => assignment,
            _ => return,
        };
        let Some(target) = assignment.left.as_ident().map(|target| target.id.clone()) else {
            return;
        };
        if target.to_id() != *name || !has_effects(&assignment.right) {
            return;
        }
        if assignment.op == AssignOp::Assign {
            if let Some(first) = first_operand(&mut assignment.right)
                && matches!(first, Expr::Ident(first) if first.to_id() == *name)
            {
                self.hide(first);
            }
            return;
        }
        let Some((_, op)) = ADDING.iter().find(|(adding, _)| *adding == assignment.op) else {
            return;
        };
        let mut left = Box::new(Expr::Ident(target));
        self.hide(&mut left);
        assignment.op = AssignOp::Assign;
        *assignment.right = Expr::Bin(BinExpr {
            span: assignment.span,
            op: *op,
            left,
            right: assignment.right.take(),
        });
    }
}

/// The name that an expression assigns to at its end.
fn assigned_last(expression: &Expr) -> Option<Id> {
    match expression {
        Expr::Seq(sequence) => assigned_last(sequence.exprs.last()?),
        Expr::Assign(assignment) if assignment.op == AssignOp::Assign => {
            Some(assignment.left.as_ident()?.id.to_id())
        }
        _ => None,
    }
}

fn first_expression(statement: &mut Stmt) -> Option<&mut Expr> {
    match statement {
        Stmt::Expr(statement) => Some(&mut statement.expr),
        Stmt::Return(statement) => statement.arg.as_deref_mut(),
        _ => None,
    }
}

/// What a chain of operations begins with, if it is one.
fn first_operand(expression: &mut Expr) -> Option<&mut Expr> {
    let Expr::Bin(binary) = expression else {
        return None;
    };
    let mut first = &mut *binary.left;
    while let Expr::Bin(binary) = first {
        first = &mut binary.left;
    }
    Some(first)
}

/// Makes `name += value` again of `name = hidden(name) + value`.
pub(super) fn add_again(assignment: &mut AssignExpr, unresolved: SyntaxContext) {
    let Some(target) = assignment.left.as_ident().map(|target| target.id.clone()) else {
        return;
    };
    let Expr::Bin(binary) = &mut *assignment.right else {
        return;
    };
    let Some((op, _)) = ADDING.iter().find(|(_, op)| *op == binary.op) else {
        return;
    };
    if assignment.op == AssignOp::Assign && hides(&binary.left, &target) && target.ctxt != unresolved {
        assignment.op = *op;
        assignment.right = binary.right.take();
    }
}

fn hides(expression: &Expr, name: &Ident) -> bool {
    stand_in::is_call_of(expression, HIDING)
        && expression
            .as_call()
            .and_then(|call| call.args.first())
            .and_then(|argument| argument.expr.as_ident())
            .is_some_and(|hidden| hidden.to_id() == name.to_id())
}
