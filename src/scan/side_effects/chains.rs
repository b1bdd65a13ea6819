//! `a?.b`, `f?.()`, and texts as they are written.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{Expr, Ident, MemberExpr, OptChainBase, OptChainExpr, TaggedTpl};

use super::{Purity, is_null, without_parentheses};
use crate::scan::named_members::static_member;

/// `object?.first.second?.third`
pub(super) fn path_of(member: &MemberExpr) -> Option<(Ident, Vec<Atom>)> {
    let (object, mut path) = match without_parentheses(&member.obj) {
        Expr::Ident(object) => (object.clone(), Vec::new()),
        Expr::Member(inner) => path_of(inner)?,
        Expr::OptChain(chain) => path_of(chain.base.as_member()?)?,
        _ => return None,
    };
    path.push(static_member(&member.prop)?);
    Some((object, path))
}

impl Purity<'_> {
    /// Whether following a chain can be observed, where that is more than asking an object for a property.
    pub(super) fn chain_has_side_effects(&self, chain: &OptChainExpr) -> bool {
        match &*chain.base {
            OptChainBase::Member(member) if self.is_nothing(&member.obj) => {
                !chain.optional && !self.ends(&member.obj)
            }
            OptChainBase::Member(member) => {
                !path_of(member).is_some_and(|(object, path)| self.is_plain_path(&Expr::Ident(object), &path))
            }
            OptChainBase::Call(call) => {
                if self.is_nothing(&call.callee) {
                    return !chain.optional && !self.ends(&call.callee);
                }
                let callee = without_parentheses(&call.callee);
                !self.is_pure_function(callee) || self.arguments_have_side_effects(&call.args)
            }
        }
    }

    /// Whether an expression is `null` or `undefined`, and nothing of it can be observed.
    fn is_nothing(&self, expression: &Expr) -> bool {
        let expression = without_parentheses(expression);
        is_null(expression)
            || self.global_name(expression) == Some("undefined")
            || self.ends(expression)
            || matches!(expression, Expr::Ident(name)
                if !self.may_be_unset(name) && self.objects.is_some_and(|objects| objects.is_nothing(&name.to_id())))
    }

    /// Whether an expression is a chain that ends early, with all that follows in it.
    fn ends(&self, expression: &Expr) -> bool {
        let Expr::OptChain(chain) = expression else {
            return false;
        };
        let inner = match &*chain.base {
            OptChainBase::Member(member) => &member.obj,
            OptChainBase::Call(call) => &call.callee,
        };
        // What ends early is nothing, so that each link is asked once.
        if chain.optional {
            self.is_nothing(inner)
        } else {
            self.ends(inner)
        }
    }

    /// ``String.raw`…` `` of values that convert without running code.
    pub(super) fn is_raw_text(&self, tagged: &TaggedTpl) -> bool {
        let Expr::Member(member) = without_parentheses(&tagged.tag) else {
            return false;
        };
        self.global_name(&member.obj) == Some("String")
            && static_member(&member.prop).is_some_and(|name| name == *"raw")
            && tagged.tpl.exprs.iter().all(|part| self.is_plain_value(part))
    }
}
