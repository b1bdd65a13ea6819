//! Other names of functions of the platform:
//!
//! ```js
//! const isArray = Array.isArray, extend = Object.assign
//! const props = extend({ size: 1 }, { name: 'a' })
//! ```

use swc_core::ecma::ast::{CallExpr, Expr, Id, Ident, MemberProp};

use super::{Purity, builtins, without_parentheses};
use crate::graph::{Asked, Demand, Replaces};

/// So many arguments of other modules are looked at.
const MOST_SOURCES: usize = 5;

/// A function of the platform.
#[derive(Debug)]
pub struct Builtin {
    /// The expression that stands for it.
    callee: Expr,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It looks at what it is given, whatever that is.
    Looks,
    /// `Object.assign`
    Assigns,
    Other,
}

impl Builtin {
    /// What a value stands for.
    pub(super) fn of(value: &Expr, purity: &Purity<'_>) -> Option<Self> {
        let callee = without_parentheses(value);
        let member = callee.as_member()?;
        let object = purity.global_name(&member.obj)?;
        let MemberProp::Ident(method) = &member.prop else {
            return None;
        };
        let kind = match (object, &*method.sym) {
            ("Array", "isArray")
            | ("Number", "isFinite" | "isInteger" | "isNaN" | "isSafeInteger")
            | ("Object", "is") => Kind::Looks,
            ("Object", "assign") => Kind::Assigns,
            (object, _) if builtins::is_namespace(object) => Kind::Other,
            _ => return None,
        };
        Some(Self {
            callee: callee.clone(),
            kind,
        })
    }

    /// Whether it can be called with anything.
    pub fn is_always_quiet(&self) -> bool {
        self.kind == Kind::Looks
    }

    /// Whether it copies what it is given into the first.
    pub fn assigns(&self) -> bool {
        self.kind == Kind::Assigns
    }

    /// What it asks of what importers give it, if that can be said.
    pub fn demands(&self) -> Option<Vec<Demand>> {
        if !self.assigns() {
            return None;
        }
        let demand = |position, asked, asked_if| Demand {
            position,
            asked,
            asked_if,
            may_be_missing: position > 0,
            replaces: Replaces::Nothing,
        };
        let nothing = Asked::default();
        let mut demands = vec![demand(0, Asked::FRESH, nothing)];
        demands.extend((1..=MOST_SOURCES).map(|position| demand(position, nothing, Asked::OBJECT)));
        // There must not be more.
        demands.push(demand(MOST_SOURCES + 1, Asked::NOTHING, nothing));
        Some(demands)
    }
}

impl Purity<'_> {
    /// The function of the platform that a name stands for, once it does.
    pub(super) fn alias(&self, name: &Ident) -> Option<&Builtin> {
        let alias = self.objects?.known().alias(&name.to_id())?;
        (!self.may_be_unset(name)).then_some(alias)
    }

    /// All names of the module that stand for such functions.
    pub fn aliases(&self) -> impl Iterator<Item = (&Id, &Builtin)> {
        self.objects
            .into_iter()
            .flat_map(|objects| objects.known().aliases())
    }

    /// Whether a call by such a name can not be observed.
    pub(super) fn is_quiet_by_alias(&self, name: &Ident, call: &CallExpr) -> bool {
        self.alias(name)
            .is_some_and(|alias| builtins::is_pure_call(self, &alias.callee, &call.args))
    }
}
