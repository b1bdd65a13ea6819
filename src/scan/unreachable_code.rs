//! What stands behind a `return`, `throw`, `break` or `continue` never runs, nor what stands behind statements all of whose ways
//! end in one. It goes before anything is made of what it mentions; what it declares for the whole function stays.

use swc_core::ecma::ast::{Decl, Stmt, VarDeclKind};

use super::dead_branch::declarations_of;

/// Removes it from a list of statements.
pub fn remove(statements: &mut Vec<Stmt>) {
    let Some(last) = statements.iter().position(leaves) else {
        return;
    };
    if last + 1 == statements.len() || statements[last + 1..].iter().any(declares_for_block) {
        return;
    }
    let dead = statements.split_off(last + 1);
    for statement in dead {
        match statement {
            Stmt::Decl(Decl::Fn(_)) => statements.push(statement),
            other => statements.extend(declarations_of(&other)),
        }
    }
}

/// Whether what stands behind a statement never runs. A `break` of a block around it leaves the list, too; one of a block in
/// the list has its label there.
fn leaves(statement: &Stmt) -> bool {
    let leave = |statements: &[Stmt]| statements.last().is_some_and(leaves);
    match statement {
        Stmt::Return(_) | Stmt::Throw(_) | Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::Block(block) => leave(&block.stmts),
        Stmt::If(choice) => leaves(&choice.cons) && choice.alt.as_deref().is_some_and(leaves),
        Stmt::Try(attempt) => {
            let handler = attempt.handler.as_ref();
            let finalizer = attempt.finalizer.as_ref();
            finalizer.is_some_and(|block| leave(&block.stmts))
                || (leave(&attempt.block.stmts) && handler.is_none_or(|handler| leave(&handler.body.stmts)))
        }
        _ => false,
    }
}

/// A function that is called earlier may see that it has no value yet.
fn declares_for_block(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Var(variables)) => variables.kind != VarDeclKind::Var,
        Stmt::Decl(Decl::Fn(_)) => false,
        Stmt::Decl(_) => true,
        _ => false,
    }
}
