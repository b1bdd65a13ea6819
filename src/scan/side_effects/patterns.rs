//! Taking values apart: which patterns run no code on what is known of the value.
//!
//! ```js
//! const { a, b: { c = 1 }, ...others } = { a: 1, b: {} }
//! ;[first, second] = [second, first]
//! ```

use swc_core::ecma::ast::{
    ArrayPat, AssignTargetPat, BindingIdent, Expr, Lit, ObjectLit, ObjectPat, ObjectPatProp, Pat, Prop,
    PropName, PropOrSpread,
};

use super::made::FreshKind;
use super::{Purity, builtins, has_accessors, without_parentheses};
use crate::scan::named_members::static_member;
use crate::scan::normalize::text_of;

/// What happens to the names in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// They are declared.
    Declared,
    /// They are given other values.
    Assigned,
}

impl Purity<'_> {
    /// Whether taking `value` apart for names that are declared can be observed.
    pub(super) fn pattern_has_side_effects(&self, pattern: &Pat, value: &Expr) -> bool {
        self.taking_apart_is_observed(pattern, Some(value), Names::Declared)
    }

    /// The same for names, and properties, that exist.
    pub(super) fn assigned_pattern_has_side_effects(&self, pattern: &AssignTargetPat, value: &Expr) -> bool {
        match pattern {
            AssignTargetPat::Array(pattern) => self.list_is_observed(pattern, Some(value), Names::Assigned),
            AssignTargetPat::Object(pattern) => {
                self.object_is_observed(pattern, Some(value), Names::Assigned)
            }
            AssignTargetPat::Invalid(_) => true,
        }
    }

    fn taking_apart_is_observed(&self, pattern: &Pat, value: Option<&Expr>, names: Names) -> bool {
        match pattern {
            Pat::Ident(name) => self.name_is_observed(name, names),
            Pat::Assign(default) => {
                self.expression_has_side_effects(&default.right)
                    || self.taking_apart_is_observed(&default.left, value, names)
                    || !default.left.is_ident()
                        && self.taking_apart_is_observed(&default.left, Some(&default.right), names)
            }
            Pat::Object(pattern) => self.object_is_observed(pattern, value, names),
            Pat::Array(pattern) => self.list_is_observed(pattern, value, names),
            Pat::Rest(_) | Pat::Expr(_) | Pat::Invalid(_) => true,
        }
    }

    fn name_is_observed(&self, name: &BindingIdent, names: Names) -> bool {
        names == Names::Assigned
            && !self.is_inner_variable(&name.id)
            && !self
                .filling
                .is_some_and(|filling| filling.assigns(&name.id, self))
    }

    fn object_is_observed(&self, pattern: &ObjectPat, value: Option<&Expr>, names: Names) -> bool {
        let Some(value) = value else { return true };
        !(self.has_readable_properties(value) || self.has_readable_prototype(pattern, value))
            || pattern.props.iter().any(|property| match property {
                ObjectPatProp::KeyValue(pair) => {
                    pair.key.is_computed()
                        || self.taking_apart_is_observed(&pair.value, property_of(value, &pair.key), names)
                }
                ObjectPatProp::Assign(shorthand) => {
                    self.name_is_observed(&shorthand.key, names)
                        || shorthand
                            .value
                            .as_ref()
                            .is_some_and(|default| self.expression_has_side_effects(default))
                }
                ObjectPatProp::Rest(rest) => {
                    !without_parentheses(value).is_object()
                        || match &*rest.arg {
                            Pat::Ident(name) => self.name_is_observed(name, names),
                            _ => true,
                        }
                }
            })
    }

    fn list_is_observed(&self, pattern: &ArrayPat, value: Option<&Expr>, names: Names) -> bool {
        let Some(value) = value.map(without_parentheses) else {
            return true;
        };
        let is_made_list = || {
            let made = value.as_call().and_then(|call| self.result_of(call));
            made.is_some_and(|made| made.kind == FreshKind::Array)
        };
        if !value.is_array() && !self.is_known_list(value) && !is_made_list() && !self.is_promised_list(value)
        {
            return true;
        }
        let element = |index: usize| {
            let elements = &value.as_array()?.elems;
            let is_spread = |element: &Option<_>| {
                matches!(
                    element,
                    Some(swc_core::ecma::ast::ExprOrSpread { spread: Some(_), .. })
                )
            };
            let is_known = !elements.iter().take(index + 1).any(is_spread);
            elements
                .get(index)?
                .as_ref()
                .filter(|_| is_known)
                .map(|element| &*element.expr)
        };
        pattern.elems.iter().enumerate().any(|(index, part)| match part {
            None => false,
            Some(Pat::Rest(rest)) => match &*rest.arg {
                Pat::Ident(name) => self.name_is_observed(name, names),
                _ => true,
            },
            Some(part) => self.taking_apart_is_observed(part, element(index), names),
        })
    }

    /// `const { hasOwnProperty } = Object.prototype`
    fn has_readable_prototype(&self, pattern: &ObjectPat, value: &Expr) -> bool {
        let Expr::Member(member) = without_parentheses(value) else {
            return false;
        };
        let is_prototype = static_member(&member.prop).is_some_and(|name| name == *"prototype");
        let Some(object) = self.global_name(&member.obj).filter(|_| is_prototype) else {
            return false;
        };
        pattern.props.iter().all(|property| match property {
            ObjectPatProp::KeyValue(pair) => {
                name_of(&pair.key).is_some_and(|name| builtins::has_plain_prototype(object, &name))
            }
            ObjectPatProp::Assign(name) => builtins::has_plain_prototype(object, &name.key.sym),
            ObjectPatProp::Rest(_) => false,
        })
    }

    fn has_readable_properties(&self, value: &Expr) -> bool {
        match without_parentheses(value) {
            Expr::Object(object) => !has_accessors(object),
            Expr::Call(call) if let Some(made) = self.result_of(call) => made.is_plain_object(),
            other if self.is_namespace_import(other) || self.is_known_literal(other) => true,
            Expr::Call(call) => self.is_promised_result(call),
            other => {
                self.global_name(other).is_some_and(builtins::is_namespace) || self.is_promised_copy(other)
            }
        }
    }
}

/// The value that a literal gives a property, if it says.
fn property_of<'e>(value: &'e Expr, key: &PropName) -> Option<&'e Expr> {
    let object: &ObjectLit = without_parentheses(value).as_object()?;
    let name = name_of(key)?;
    let mut found = None;
    for property in &object.props {
        let PropOrSpread::Prop(property) = property else {
            return None;
        };
        match &**property {
            Prop::KeyValue(pair) if name_of(&pair.key)? == name => found = Some(&*pair.value),
            Prop::KeyValue(_) => {}
            Prop::Shorthand(short) if short.sym != *name => {}
            Prop::Method(method) if name_of(&method.key)? != name => {}
            _ => return None,
        }
    }
    found
}

fn name_of(key: &PropName) -> Option<String> {
    match key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(name) => Some(text_of(&name.value).to_string()),
        PropName::Computed(key) => match &*key.expr {
            Expr::Lit(Lit::Str(name)) => Some(text_of(&name.value).to_string()),
            _ => None,
        },
        _ => None,
    }
}
