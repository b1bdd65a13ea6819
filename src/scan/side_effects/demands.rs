//! What functions ask of what they are given, see [`super::parameters`], and whether something is that.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{Expr, ExprOrSpread, Id, Ident, Lit};

use super::quiet::Construction;
use super::{Made, Purity, without_parentheses};

/// What is asked of one value, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked(u16);

impl Asked {
    /// A primitive value that converts without running code.
    pub(super) const PLAIN: Self = Self(1);
    /// A number, or `undefined`.
    pub(super) const NUMBER: Self = Self(1 << 1);
    /// The name of a property.
    pub(super) const KEY: Self = Self(1 << 2);
    /// What gives its properties without running code.
    pub(super) const OBJECT: Self = Self(1 << 3);
    /// A list.
    pub(super) const LIST: Self = Self(1 << 4);
    /// A function that can be called with anything.
    pub(super) const CALLED: Self = Self(1 << 5);
    /// A list without elements.
    pub(super) const EMPTY: Self = Self(1 << 6);
    /// An object without properties.
    pub(super) const BARE: Self = Self(1 << 7);
    /// What counts as false.
    pub(super) const FALSE: Self = Self(1 << 8);
    /// What counts as true.
    pub(super) const TRUE: Self = Self(1 << 9);
    /// `undefined`
    pub(super) const NOTHING: Self = Self(1 << 10);
    /// A function.
    pub(super) const FUNCTION: Self = Self(1 << 11);
    /// What `undefined` is, too.
    pub(super) const OF_NOTHING: Self =
        Self(Self::PLAIN.0 | Self::NUMBER.0 | Self::KEY.0 | Self::FALSE.0 | Self::NOTHING.0);
    /// What the list of all further arguments is.
    pub(super) const OF_REST: Self = Self(Self::OBJECT.0 | Self::LIST.0 | Self::TRUE.0);

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn has(self, part: Self) -> bool {
        self.0 & part.0 != 0
    }

    pub(super) fn is_within(self, all: Self) -> bool {
        self.0 & !all.0 == 0
    }
}

/// What a function asks of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Demand {
    pub position: usize,
    pub asked: Asked,
    /// What is asked of it only if it counts as true.
    pub asked_if: Asked,
    /// Whether what it takes where nothing is given is that.
    pub may_be_missing: bool,
    /// What it does not take.
    pub replaces: Replaces,
}

/// What a parameter has a default value in the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replaces {
    /// `undefined`
    Nothing,
    /// What counts as false.
    False,
}

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
            let is_taken = |value: &Expr| match demand.replaces {
                Replaces::Nothing => self.global_name(value) != Some("undefined"),
                Replaces::False => !self.is_certainly(value, false),
            };
            let argument = arguments.get(demand.position).map(|argument| &*argument.expr);
            match argument.filter(|value| is_taken(value)) {
                None => demand.may_be_missing,
                Some(value) => {
                    self.is_what_is_asked(value, *demand)
                        && (demand.may_be_missing
                            || self.is_certainly(value, true)
                            || demand.replaces == Replaces::Nothing && is_something(value))
                }
            }
        })
    }

    /// Whether a value is what is asked for, or counts as false where only others are asked.
    pub(super) fn is_what_is_asked(&self, value: &Expr, demand: Demand) -> bool {
        let is_plain_object = || demand.asked_if == Asked::OBJECT && self.is_plain_value(value);
        self.has_all(value, demand.asked)
            && (demand.asked_if == Asked::default()
                || self.is_certainly(value, false)
                || is_plain_object()
                || self.has_all(value, demand.asked_if))
    }

    /// Whether a value is what is asked for.
    fn has_all(&self, value: &Expr, asked: Asked) -> bool {
        (!asked.has(Asked::PLAIN) || self.is_plain_value(value))
            && (!asked.has(Asked::NUMBER) || self.is_number(value))
            && (!asked.has(Asked::KEY) || self.is_element_key(value))
            && (!asked.has(Asked::OBJECT) || self.gives_properties(value))
            && (!asked.has(Asked::EMPTY) || is_empty_list(value))
            && (!asked.has(Asked::BARE) || is_bare_object(value))
            && (!asked.has(Asked::FALSE) || self.is_certainly(value, false))
            && (!asked.has(Asked::TRUE) || self.is_certainly(value, true))
            && (!asked.has(Asked::NOTHING) || self.global_name(value) == Some("undefined"))
            && (!asked.has(Asked::FUNCTION) || is_function(value))
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
