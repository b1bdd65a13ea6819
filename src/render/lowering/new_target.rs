//! `new.target` in an async arrow function is that of the function around it; a generator has its own.

use swc_core::ecma::ast::{
    Class, Expr, Function, FunctionBody, Ident, MetaPropExpr, MetaPropKind, Param, Stmt,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::super::ast;
use super::async_functions::fresh;

/// Replaces it by a name; returns the declaration of that, for the function around the generator.
pub(super) fn capture(params: &mut Vec<Param>, body: &mut FunctionBody) -> Option<Stmt> {
    let mut replacer = Replacer { captured: None };
    params.visit_mut_with(&mut replacer);
    body.visit_mut_with(&mut replacer);
    let (name, target) = replacer.captured?;
    Some(ast::variable(name, Some(Expr::MetaProp(target))))
}

struct Replacer {
    captured: Option<(Ident, MetaPropExpr)>,
}

impl VisitMut for Replacer {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::MetaProp(target) = node
            && target.kind == MetaPropKind::NewTarget
        {
            let (name, _) = self.captured.get_or_insert_with(|| (fresh("_target"), *target));
            *node = Expr::Ident(name.clone());
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_class(&mut self, node: &mut Class) {
        node.super_class.visit_mut_with(self);
    }
}
