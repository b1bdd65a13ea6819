//! What functions ask of what they are given, see [`super::parameters`], and whether something is that.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{Expr, ExprOrSpread, Id, Ident, Lit};

use super::{Made, Purity, without_parentheses};
use crate::graph::{Asked, Construction, Demand};

/// What a function asks of its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands(Vec<Demand>);

/// A function that can be called if its arguments are what it asks for.
#[derive(Debug, Clone, Default)]
pub struct Demanding {
    /// Bindings of the module that must have values then.
    pub needs: FxHashSet<Id>,
    /// What it asks for.
    pub demands: Demands,
}

impl Demands {
    pub(super) fn of(demands: Vec<Demand>) -> Self {
        Self(demands)
    }

    /// One after the other.
    pub fn all(&self) -> &[Demand] {
        &self.0
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Purity<'_> {
    /// Whether a call, or construction, of a function of the module can not be observed because of what it is given.
    pub(super) fn is_quiet_with(
        &self,
        callee: &Ident,
        arguments: &[ExprOrSpread],
        construction: Construction,
    ) -> bool {
        let key = (callee.to_id(), construction);
        let Some(demanding) = self.quiet.and_then(|quiet| quiet.demanding.get(&key)) else {
            return false;
        };
        !self.may_be_unset(callee)
            && self.are_set(&demanding.needs)
            && self.meets(&demanding.demands, arguments)
            && self.may_fill(callee, construction)
            && self.relies_on_needs(callee, construction)
    }

    /// Whether arguments are what is asked for.
    pub(super) fn meets(&self, demands: &Demands, arguments: &[ExprOrSpread]) -> bool {
        demands.0.iter().all(|demand| {
            let up_to = arguments.len().min(demand.position + 1);
            if arguments[..up_to]
                .iter()
                .any(|argument| argument.spread.is_some())
            {
                return false;
            }
            match arguments.get(demand.position) {
                None => demand.may_be_missing,
                Some(argument) => demand.is_met(&mut |asked| self.has_all(&argument.expr, asked)),
            }
        })
    }

    /// Whether a value is what a parameter may take.
    pub(super) fn is_what_is_asked(&self, value: &Expr, demand: Demand) -> bool {
        demand.is_asked_for(&mut |asked| self.has_all(value, asked))
    }

    /// Whether a value is what is asked for.
    pub(super) fn has_all(&self, value: &Expr, asked: Asked) -> bool {
        (!asked.has(Asked::PLAIN) || self.is_plain_value(value))
            && (!asked.has(Asked::NUMBER) || self.is_number(value))
            && (!asked.has(Asked::KEY) || self.is_element_key(value))
            && (!asked.has(Asked::OBJECT) || self.gives_properties(value))
            && (!asked.has(Asked::EMPTY) || is_empty_list(value))
            && (!asked.has(Asked::BARE) || is_bare_object(value))
            && (!asked.has(Asked::FRESH) || value.is_object() && self.gives_properties(value))
            && (!asked.has(Asked::FALSE) || self.is_certainly(value, false))
            && (!asked.has(Asked::TRUE) || self.is_certainly(value, true))
            && (!asked.has(Asked::NOTHING) || self.global_name(value) == Some("undefined"))
            && (!asked.has(Asked::FUNCTION) || is_function(value))
            && (!asked.has(Asked::SOMETHING) || is_something(value))
            && (!asked.has(Asked::LIST)
                || value.is_array()
                || self.is_list(value)
                || self.is_promised_list(value))
            && (!asked.has(Asked::CALLED) || self.is_quiet_callback(value))
    }

    /// Whether a value can be asked for its properties, and be taken apart.
    fn gives_properties(&self, value: &Expr) -> bool {
        match without_parentheses(value) {
            Expr::Lit(Lit::Str(_) | Lit::Num(_) | Lit::Bool(_))
            | Expr::Array(_)
            | Expr::Tpl(_)
            | Expr::Fn(_)
            | Expr::Arrow(_) => true,
            Expr::Object(_) => Made::of(value).is_some_and(|made| made.is_plain_object()),
            Expr::Call(call) if let Some(made) = self.result_of(call) => made.is_plain_object(),
            Expr::New(_) | Expr::Call(_) => self
                .made_by_construction(value)
                .is_some_and(|made| !made.has_own_accessors()),
            other => self.is_known_literal(other) || self.is_promised_copy(other),
        }
    }

    /// Whether a value counts as what is said for certain.
    fn is_certainly(&self, value: &Expr, truth: bool) -> bool {
        let value = without_parentheses(value);
        let known = match value {
            Expr::Lit(Lit::Bool(value)) => value.value,
            Expr::Lit(Lit::Num(number)) => number.value != 0.0 && !number.value.is_nan(),
            Expr::Lit(Lit::Str(text)) => !text.value.is_empty(),
            Expr::Lit(Lit::Null(_)) => false,
            Expr::Object(_) | Expr::Array(_) | Expr::New(_) | Expr::Class(_) => true,
            value if is_function(value) => true,
            value if self.global_name(value) == Some("undefined") => false,
            _ => return false,
        };
        known == truth
    }
}

/// `{}`
fn is_bare_object(value: &Expr) -> bool {
    without_parentheses(value)
        .as_object()
        .is_some_and(|object| object.props.is_empty())
}

fn is_function(value: &Expr) -> bool {
    matches!(without_parentheses(value), Expr::Fn(_) | Expr::Arrow(_))
}

fn is_empty_list(value: &Expr) -> bool {
    without_parentheses(value)
        .as_array()
        .is_some_and(|list| list.elems.is_empty())
}

/// Whether a value is something else than `undefined` for certain, where it is known at all.
fn is_something(value: &Expr) -> bool {
    match without_parentheses(value) {
        Expr::Lit(literal) => !matches!(literal, Lit::JSXText(_)),
        Expr::Array(_)
        | Expr::Object(_)
        | Expr::Fn(_)
        | Expr::Arrow(_)
        | Expr::Class(_)
        | Expr::New(_)
        | Expr::Tpl(_) => true,
        _ => false,
    }
}
