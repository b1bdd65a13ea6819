//! CommonJS modules that do nothing but pass another one on: `module.exports = require('./other.js')`.

use oxc_index::IndexVec;
use swc_core::ecma::ast::{AssignOp, AssignTarget, Callee, Expr, Lit, SimpleAssignTarget, Stmt};

use super::named_members::static_member;
use crate::graph::{RecordId, StatementId, record_number};

/// The request whose exports are those of the module, where that is all that it does.
pub fn passed_on(statements: &IndexVec<StatementId, Stmt>) -> Option<RecordId> {
    let mut record = None;
    for statement in statements {
        forwarding_statement(statement, &mut record)?;
    }
    record
}

/// Nothing where a statement does something else, or a second one does the same.
fn forwarding_statement(statement: &Stmt, record: &mut Option<RecordId>) -> Option<()> {
    match statement {
        Stmt::Empty(_) => Some(()),
        Stmt::Block(block) => {
            let mut statements = block.stmts.iter();
            statements.try_for_each(|statement| forwarding_statement(statement, record))
        }
        Stmt::Expr(statement) => match &*statement.expr {
            Expr::Lit(Lit::Str(_)) => Some(()),
            Expr::Assign(assignment) if assignment.op == AssignOp::Assign && record.is_none() => {
                let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left else {
                    return None;
                };
                let is_exports = member
                    .obj
                    .as_ident()
                    .is_some_and(|object| object.sym == *"module")
                    && static_member(&member.prop)? == *"exports";
                if !is_exports {
                    return None;
                }
                *record = Some(required(&assignment.right)?);
                Some(())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The request of `require(<number>)`.
fn required(value: &Expr) -> Option<RecordId> {
    let Expr::Call(call) = value else {
        return None;
    };
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    let ([argument], Expr::Ident(callee)) = (call.args.as_slice(), &**callee) else {
        return None;
    };
    match &*argument.expr {
        Expr::Lit(Lit::Num(number)) if callee.sym == *"require" && argument.spread.is_none() => {
            record_number(number.value)
        }
        _ => None,
    }
}
