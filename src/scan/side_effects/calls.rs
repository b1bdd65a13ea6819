//! What calls and constructions do.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{CallExpr, Callee, Expr, ExprOrSpread, Id, Ident, NewExpr};

use super::aliases::Builtin;
use super::functions::is_quiet_in_place;
use super::{Purity, This, builtins, enums, without_parentheses};
use crate::graph::Construction;

impl Purity<'_> {
    pub(super) fn is_quiet_construction(&self, new: &NewExpr) -> bool {
        if let Expr::Class(class) = without_parentheses(&new.callee) {
            return new.args.iter().all(Vec::is_empty)
                && !self.class_has_side_effects(&class.class, class.ident.as_ref())
                && is_quiet_in_place(&class.class, self);
        }
        let arguments = new.args.as_deref().unwrap_or_default();
        let Expr::Ident(class) = &*new.callee else {
            return self.is_promised_call(&new.callee, arguments, Construction::New)
                && !self.arguments_have_side_effects(arguments);
        };
        let needs = self
            .quiet
            .and_then(|quiet| quiet.constructions.get(&class.to_id()));
        (needs.is_some_and(|needs| !self.may_be_unset(class) && self.are_set(needs))
            && self.may_fill(class, Construction::New)
            && self.relies_on_needs(class, Construction::New)
            || self.is_quiet_with(class, arguments, Construction::New)
            || self.pure_functions.contains(&class.to_id()) && !self.may_be_unset(class)
            || self.is_promised_call(&new.callee, arguments, Construction::New))
            && !self.arguments_have_side_effects(arguments)
    }

    /// Whether what a function of the module does to bindings of the module may be done.
    pub(super) fn may_fill(&self, callee: &Ident, construction: Construction) -> bool {
        let fills = self
            .quiet
            .and_then(|quiet| quiet.fills_of(&callee.to_id(), construction));
        fills.is_none_or(|fills| {
            fills.is_empty() || self.filling.is_some_and(|filling| filling.fills_all(fills))
        })
    }

    pub(super) fn are_set(&self, names: &FxHashSet<Id>) -> bool {
        self.may_be_unset
            .is_none_or(|unset| names.is_empty() || unset.is_disjoint(names))
    }

    pub(super) fn is_pure_function(&self, callee: &Expr) -> bool {
        self.is_own_pure_function(callee) || self.is_promised_function(callee)
    }

    /// The same of those that no other module declares.
    fn is_own_pure_function(&self, callee: &Expr) -> bool {
        let Expr::Ident(ident) = callee else {
            return false;
        };
        let id = ident.to_id();
        self.pure_functions.contains(&id) && !self.may_be_unset(ident)
            || self
                .quiet
                .and_then(|quiet| quiet.calls.get(&id))
                .is_some_and(|needs| !self.may_be_unset(ident) && self.are_set(needs))
                && self.may_fill(ident, Construction::Call)
                && self.relies_on_needs(ident, Construction::Call)
            || self.is_quiet_inner_function(ident)
            || self.alias(ident).is_some_and(Builtin::is_always_quiet)
    }

    pub(super) fn call_has_side_effects(&self, call: &CallExpr) -> bool {
        let callee = match &call.callee {
            Callee::Expr(callee) => without_parentheses(callee),
            // It is known that constructing the parent is quiet when its constructor is judged.
            Callee::Super(_) if matches!(self.this, Some(This::Instance(..))) => {
                return self.arguments_have_side_effects(&call.args);
            }
            _ => return true,
        };
        let is_quiet_with = || {
            callee
                .as_ident()
                .is_some_and(|name| self.is_quiet_with(name, &call.args, Construction::Call))
        };
        if self.is_own_pure_function(callee)
            || is_quiet_with()
            || self.is_promised_call(callee, &call.args, Construction::Call)
        {
            return self.arguments_have_side_effects(&call.args);
        }
        match callee {
            Expr::Ident(name) if self.is_quiet_by_alias(name, call) => false,
            Expr::Fn(function)
                if self.is_own_object(&call.args) && enums::is_enum(&function.function, self) =>
            {
                self.arguments_have_side_effects(&call.args)
            }
            Expr::Fn(function) => {
                self.arguments_have_side_effects(&call.args) || !self.is_quiet_function(function)
            }
            Expr::Arrow(arrow) if self.is_own_object(&call.args) && enums::is_arrow_enum(arrow, self) => {
                self.arguments_have_side_effects(&call.args)
            }
            Expr::Arrow(arrow) => {
                self.arguments_have_side_effects(&call.args) || !self.is_quiet_arrow(arrow, self.this)
            }
            Expr::Member(member) if self.is_quiet_own_method(member, call) => false,
            _ if self.fills_fresh_list(call) => false,
            _ => !builtins::is_pure_call(self, callee, &call.args),
        }
    }

    pub(super) fn arguments_have_side_effects(&self, arguments: &[ExprOrSpread]) -> bool {
        arguments
            .iter()
            .any(|argument| self.element_has_side_effects(argument))
    }
}
