//! The names of classes and functions that have none themselves (ECMA-262 §8.4 `NamedEvaluation`).

use swc_core::atoms::Atom;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{ComputedPropName, Expr, KeyValueProp, Prop, PropName};

use super::Writer;
use super::build::{assign, element, fresh, object, read, string};
use super::mentions::is_computed;
use crate::scan::keep_names::{self, defines_name, name_block};
use crate::scan::side_effects::without_parentheses;

/// What a class is called by what surrounds it.
pub(super) enum ClassName {
    /// It is known.
    Text(Atom),
    /// It is the value of a key.
    Value(Expr),
}

impl ClassName {
    pub fn into_expression(self) -> Expr {
        match self {
            Self::Text(text) => string(&text),
            Self::Value(value) => value,
        }
    }
}

/// Whether an expression is a class without a name.
pub(super) fn is_anonymous_class(value: &Expr) -> bool {
    matches!(without_parentheses(value), Expr::Class(class) if class.ident.is_none())
}

fn is_anonymous_function(value: &Expr) -> bool {
    match without_parentheses(value) {
        Expr::Arrow(_) => true,
        Expr::Fn(function) => function.ident.is_none(),
        _ => false,
    }
}

/// The text of a key, if it is known.
pub(super) fn text_of(key: &PropName) -> Option<Atom> {
    let literal = match key {
        PropName::Ident(name) => return Some(name.sym.clone()),
        PropName::Str(text) => return Some(text.value.to_string_lossy().as_ref().into()),
        PropName::Num(number) => return Some(number.value.to_string().into()),
        PropName::BigInt(number) => return Some(number.value.to_string().into()),
        PropName::Computed(key) => without_parentheses(&key.expr).as_lit()?,
    };
    literal
        .as_str()
        .map(|text| text.value.to_string_lossy().as_ref().into())
}

impl Writer<'_> {
    /// Whether a class, which is to be written out, is told a name.
    pub(super) fn name_next(&mut self, value: &Expr, name: Atom) {
        if is_anonymous_class(value) {
            self.name = Some(ClassName::Text(name));
        }
    }

    /// The same for the value of a property; a key that is computed is kept.
    pub(super) fn name_next_by_key(&mut self, value: &Expr, key: &mut PropName) {
        let is_decorated =
            matches!(without_parentheses(value), Expr::Class(class) if !class.class.decorators.is_empty());
        if !is_anonymous_class(value) {
            return;
        }
        if let Some(name) = text_of(key) {
            self.name_next(value, name);
        } else if is_decorated
            && is_computed(key)
            && let PropName::Computed(ComputedPropName { expr, .. }) = key
        {
            let variable = fresh("key");
            let value = self.property_key(std::mem::replace(expr, Box::new(string(""))).as_ref().clone());
            **expr = assign(&variable, value);
            self.declared.push(variable.clone());
            self.name = Some(ClassName::Value(read(&variable)));
        }
    }

    /// A value of a field that is no longer the whole value keeps its name.
    pub(super) fn named(&self, mut value: Expr, text: Option<&Atom>, key: Option<&Expr>) -> Expr {
        if let (Some(text), Expr::Class(class)) = (text, &mut value)
            && class.ident.is_none()
        {
            if !class.class.body.iter().any(defines_name) {
                class.class.body.insert(0, name_block(text, self.marks));
            }
            return value;
        }
        if !is_anonymous_function(&value) && !is_anonymous_class(&value) {
            return value;
        }
        match (text, key) {
            (Some(text), _) if is_anonymous_function(&value) => keep_names::named(value, text, self.marks),
            (_, Some(key)) => {
                let property = Prop::KeyValue(KeyValueProp {
                    key: PropName::Computed(ComputedPropName {
                        span: DUMMY_SP,
                        expr: Box::new(key.clone()),
                    }),
                    value: Box::new(value),
                });
                element(object(vec![property]), key.clone())
            }
            _ => value,
        }
    }
}
