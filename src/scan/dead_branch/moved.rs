//! What has to be minded when code takes another place.

use swc_core::common::{DUMMY_SP, Spanned as _};
use swc_core::ecma::ast::{
    AssignTarget, BinaryOp, BindingIdent, Decl, Expr, Ident, Lit, Number, OptChainBase, ParenExpr, Pat,
    SeqExpr, SimpleAssignTarget, Stmt, UnaryOp, VarDecl, VarDeclKind, VarDeclarator,
};

use super::super::var_names::var_names;

/// Names with `var` in code that never runs stay declared.
pub fn declarations_of(dead: &Stmt) -> Option<Stmt> {
    let mut names: Vec<Ident> = Vec::new();
    for name in var_names(dead) {
        if !names.iter().any(|known| known.to_id() == name.to_id()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let decls = names
        .into_iter()
        .map(|name| VarDeclarator {
            span: DUMMY_SP,
            name: Pat::Ident(BindingIdent::from(name)),
            init: None,
            definite: false,
        })
        .collect();
    Some(Stmt::Decl(Decl::Var(Box::new(VarDecl {
        kind: VarDeclKind::Var,
        decls,
        ..VarDecl::default()
    }))))
}

/// Whether a statement needs the block around it.
pub(super) fn declares_in_block(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Var(variables)) => variables.kind != VarDeclKind::Var,
        Stmt::Decl(_) => true,
        _ => false,
    }
}

/// Whether reading `callee` in place of what decided it would change `this`: `(1 ? a.b : c)()` calls without
/// one, `a.b()` with `a`.
pub(super) fn hides_receiver(callee: &Expr) -> bool {
    match callee {
        Expr::Paren(parenthesized) => hides_receiver(&parenthesized.expr),
        Expr::Cond(_) => true,
        Expr::Bin(binary) => {
            matches!(
                binary.op,
                BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
            )
        }
        _ => false,
    }
}

pub(super) fn is_reference(expression: &Expr) -> bool {
    match expression {
        Expr::Paren(parenthesized) => is_reference(&parenthesized.expr),
        Expr::Member(_) | Expr::SuperProp(_) | Expr::OptChain(_) => true,
        Expr::Ident(ident) => *ident.sym == *"eval",
        _ => false,
    }
}

/// Whether it is `typeof (1 ? name : b)`, which fails where there is no such name; `typeof name` does not.
pub(super) fn asks_what_hides_name(question: &Expr) -> bool {
    matches!(question, Expr::Unary(unary) if unary.op == UnaryOp::TypeOf && hides_receiver(&unary.arg))
}

/// `(0, expression)`, which is the value and nothing that a call or an operator could take for a place.
pub(super) fn only_value(expression: Box<Expr>) -> Expr {
    let zero = Expr::Lit(Lit::Num(Number {
        span: DUMMY_SP,
        value: 0.0,
        raw: None,
    }));
    let sequence = Expr::Seq(SeqExpr {
        span: expression.span(),
        exprs: vec![Box::new(zero), expression],
    });
    Expr::Paren(ParenExpr {
        span: DUMMY_SP,
        expr: Box::new(sequence),
    })
}

/// A branch that moves to the start of a statement or of an arrow function's body must not be read as a
/// block or a declaration: `true && function() {}()`, `() => true && {}`.
pub(super) fn parenthesized_if_needed(expression: Box<Expr>) -> Expr {
    if starts_like_statement(&expression) {
        Expr::Paren(ParenExpr {
            span: DUMMY_SP,
            expr: expression,
        })
    } else {
        *expression
    }
}

/// Whether the first token is one with which a block or a declaration starts.
pub fn starts_like_statement(expression: &Expr) -> bool {
    match expression {
        Expr::Object(_) | Expr::Fn(_) | Expr::Class(_) => true,
        Expr::TsTypeAssertion(assertion) => starts_like_statement(&assertion.expr),
        Expr::Member(member) => starts_like_statement(&member.obj),
        Expr::Call(call) => call
            .callee
            .as_expr()
            .is_some_and(|callee| starts_like_statement(callee)),
        Expr::OptChain(chain) => match &*chain.base {
            OptChainBase::Member(member) => starts_like_statement(&member.obj),
            OptChainBase::Call(call) => starts_like_statement(&call.callee),
        },
        Expr::Bin(binary) => starts_like_statement(&binary.left),
        Expr::Cond(conditional) => starts_like_statement(&conditional.test),
        Expr::TaggedTpl(template) => starts_like_statement(&template.tag),
        Expr::Seq(sequence) => sequence
            .exprs
            .first()
            .is_some_and(|first| starts_like_statement(first)),
        Expr::Update(update) => !update.prefix && starts_like_statement(&update.arg),
        Expr::Assign(assignment) => match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => starts_like_statement(&member.obj),
            AssignTarget::Simple(_) => false,
            AssignTarget::Pat(pattern) => pattern.is_object(),
        },
        _ => false,
    }
}
