//! Parentheses that passes of SWC do not look through.

use swc_core::common::comments::SingleThreadedComments;
use swc_core::ecma::ast::{BindingIdent, Expr, Module, Pat};
use swc_core::ecma::transforms::base::fixer::paren_remover;
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

/// Takes all parentheses away; the fixer puts back what is needed. Names that stood in parentheses in a pattern, as
/// `[(name)] = list`, are targets like others afterwards.
pub fn remove_parentheses(module: &mut Module, comments: &SingleThreadedComments) {
    module.visit_mut_with(&mut paren_remover(Some(comments)));
    module.visit_mut_with(&mut NamedTargets);
}

struct NamedTargets;

impl VisitMut for NamedTargets {
    noop_visit_mut_type!();

    fn visit_mut_pat(&mut self, pattern: &mut Pat) {
        pattern.visit_mut_children_with(self);
        if let Pat::Expr(target) = pattern
            && let Expr::Ident(name) = &**target
        {
            *pattern = Pat::Ident(BindingIdent::from(name.clone()));
        }
    }
}
