//! Whether a program has a condition that is written as a constant, as `if (!true)`: only then removing branches is worth a
//! pass.

use swc_core::ecma::ast::{
    BinExpr, BinaryOp, CondExpr, Expr, ForStmt, IfStmt, Lit, Module, OptChainBase, OptChainExpr, SwitchStmt,
    UnaryOp, WhileStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::super::side_effects::without_parentheses;

/// Whether a branch of the module may be decided by what is written in its condition.
pub fn is_in(module: &Module) -> bool {
    let mut finder = Finder { is_found: false };
    module.visit_with(&mut finder);
    finder.is_found
}

/// What stands before each `?.` of an optional chain and is no such chain itself: `undefined` of `undefined?.a.b`.
///
/// ECMA-262 §13.3.9.1: the whole chain is `undefined` where one of these is nullish.
pub fn beginnings(chain: &OptChainExpr) -> impl Iterator<Item = &Expr> {
    let mut next = Some(chain);
    std::iter::from_fn(move || {
        loop {
            let chain = next?;
            let start = match &*chain.base {
                OptChainBase::Member(member) => &*member.obj,
                OptChainBase::Call(call) => &*call.callee,
            };
            next = start.as_opt_chain();
            if chain.optional && next.is_none() {
                return Some(start);
            }
        }
    })
}

/// Whether an expression has the same value wherever it stands, by what is written there alone.
fn is_constant(expression: &Expr) -> bool {
    match without_parentheses(expression) {
        Expr::Lit(literal) => matches!(literal, Lit::Str(_) | Lit::Bool(_) | Lit::Num(_) | Lit::Null(_)),
        Expr::Ident(ident) => *ident.sym == *"undefined",
        Expr::Tpl(template) => template.exprs.is_empty(),
        Expr::Unary(unary) => {
            matches!(
                unary.op,
                UnaryOp::Bang | UnaryOp::Void | UnaryOp::TypeOf | UnaryOp::Minus
            ) && is_constant(&unary.arg)
        }
        // What is on the left may decide.
        Expr::Bin(binary) => {
            is_constant(&binary.left) && (is_logical(binary.op) || is_constant(&binary.right))
        }
        Expr::Cond(conditional) => is_constant(&conditional.test),
        Expr::OptChain(chain) => beginnings(chain).any(is_constant),
        _ => false,
    }
}

fn is_logical(operator: BinaryOp) -> bool {
    matches!(
        operator,
        BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
    )
}

/// Whether a loop may go on for ever as it is written, which decides nothing.
fn goes_on(test: &Expr) -> bool {
    match test {
        Expr::Lit(Lit::Bool(boolean)) => boolean.value,
        Expr::Lit(Lit::Num(number)) => number.value != 0.0,
        _ => false,
    }
}

struct Finder {
    is_found: bool,
}

impl Finder {
    fn see(&mut self, condition: &Expr) {
        self.is_found |= is_constant(condition);
    }
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_expr(&mut self, node: &Expr) {
        if !self.is_found {
            node.visit_children_with(self);
        }
    }

    fn visit_if_stmt(&mut self, node: &IfStmt) {
        self.see(&node.test);
        node.visit_children_with(self);
    }

    fn visit_cond_expr(&mut self, node: &CondExpr) {
        self.see(&node.test);
        node.visit_children_with(self);
    }

    fn visit_bin_expr(&mut self, node: &BinExpr) {
        if is_logical(node.op) {
            self.see(&node.left);
        }
        node.visit_children_with(self);
    }

    fn visit_opt_chain_expr(&mut self, node: &OptChainExpr) {
        self.is_found |= beginnings(node).any(is_constant);
        node.visit_children_with(self);
    }

    fn visit_switch_stmt(&mut self, node: &SwitchStmt) {
        self.see(&node.discriminant);
        node.visit_children_with(self);
    }

    fn visit_while_stmt(&mut self, node: &WhileStmt) {
        self.is_found |= is_constant(&node.test) && !goes_on(&node.test);
        node.visit_children_with(self);
    }

    fn visit_for_stmt(&mut self, node: &ForStmt) {
        let test = node.test.as_deref();
        self.is_found |= test.is_some_and(|test| is_constant(test) && !goes_on(test));
        node.visit_children_with(self);
    }
}
