//! A value that is written out in the source, with the places of its parts.

use std::ops::Range;

use swc_core::common::{Span, Spanned as _};
use swc_core::ecma::ast::{ArrayLit, Expr, Lit, ObjectLit, Prop, PropName, PropOrSpread, Tpl};

/// A value and the bytes it is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The value.
    pub value: LiteralValue,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// What can be known without running anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralValue {
    /// A string, or a template without substitutions.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A number; which one matters to nobody.
    Number,
    /// `null`.
    Null,
    /// `undefined`, or the hole of an array.
    Undefined,
    /// An array.
    Array(Vec<Literal>),
    /// An object, its properties as written: of equal keys the last one counts.
    Object(Vec<Property>),
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The key, without quotes.
    pub key: String,
    /// The bytes of the key.
    pub key_range: Range<usize>,
    /// The bytes of the whole property, without a comma.
    pub range: Range<usize>,
    /// The value.
    pub value: Literal,
}

/// A place that cannot be known without running the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opaque {
    /// Where.
    pub range: Range<usize>,
    /// What stands there, as in “is a spread”.
    pub what: &'static str,
}

impl Literal {
    /// The last property with a key.
    pub fn member(&self, key: &str) -> Option<&Property> {
        self.properties()
            .iter()
            .rev()
            .find(|property| property.key == key)
    }

    /// The properties of an object; none for other values.
    pub fn properties(&self) -> &[Property] {
        match &self.value {
            LiteralValue::Object(properties) => properties,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            LiteralValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value in few words, for “found …”.
    pub fn describe(&self) -> String {
        match &self.value {
            LiteralValue::Text(text) => format!("{text:?}"),
            LiteralValue::Boolean(boolean) => boolean.to_string(),
            LiteralValue::Number => "a number".to_owned(),
            LiteralValue::Null => "null".to_owned(),
            LiteralValue::Undefined => "undefined".to_owned(),
            LiteralValue::Array(_) => "an array".to_owned(),
            LiteralValue::Object(_) => "an object".to_owned(),
        }
    }
}

/// Positions count from one.
pub(super) fn range_of(span: Span) -> Range<usize> {
    let offset = |position: u32| position.saturating_sub(1) as usize;
    offset(span.lo.0)..offset(span.hi.0)
}

/// Parentheses and types say nothing about the value.
pub(super) fn without_types(mut expression: &Expr) -> &Expr {
    loop {
        expression = match expression {
            Expr::Paren(inner) => &inner.expr,
            Expr::TsAs(inner) => &inner.expr,
            Expr::TsSatisfies(inner) => &inner.expr,
            Expr::TsConstAssertion(inner) => &inner.expr,
            Expr::TsTypeAssertion(inner) => &inner.expr,
            Expr::TsNonNull(inner) => &inner.expr,
            _ => return expression,
        };
    }
}

/// The value of an expression that is written out.
pub(super) fn literal(expression: &Expr) -> Result<Literal, Opaque> {
    let expression = without_types(expression);
    let range = range_of(expression.span());
    let value = match expression {
        Expr::Lit(Lit::Str(text)) => LiteralValue::Text(text.value.to_atom_lossy().to_string()),
        Expr::Lit(Lit::Bool(boolean)) => LiteralValue::Boolean(boolean.value),
        Expr::Lit(Lit::Num(_) | Lit::BigInt(_)) => LiteralValue::Number,
        Expr::Lit(Lit::Null(_)) => LiteralValue::Null,
        Expr::Ident(name) if name.sym == *"undefined" => LiteralValue::Undefined,
        Expr::Tpl(template) => match plain_template(template) {
            Some(text) => LiteralValue::Text(text),
            None => return Err(opaque(range, "a template with substitutions")),
        },
        Expr::Array(array) => LiteralValue::Array(elements(array)?),
        Expr::Object(object) => LiteralValue::Object(properties(object, |_| Interest::Value)?),
        Expr::Call(_) | Expr::New(_) | Expr::Await(_) => return Err(opaque(range, "a call")),
        Expr::Ident(_) | Expr::Member(_) => return Err(opaque(range, "a variable")),
        Expr::Fn(_) | Expr::Arrow(_) => return Err(opaque(range, "a function")),
        _ => return Err(opaque(range, "an expression")),
    };
    Ok(Literal { value, range })
}

/// Whether the value of a property matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    /// It has to be known.
    Value,
    /// Only that the key is there.
    Ignored,
}

/// The properties whose values matter.
pub(super) fn properties(
    object: &ObjectLit,
    interest: impl Fn(&str) -> Interest,
) -> Result<Vec<Property>, Opaque> {
    let mut found = Vec::new();
    for property in &object.props {
        let range = range_of(property.span());
        let property = match property {
            PropOrSpread::Spread(_) => return Err(opaque(range, "a spread")),
            PropOrSpread::Prop(property) => &**property,
        };
        let (key, key_range) = match property {
            Prop::Shorthand(name) => (name.sym.to_string(), range.clone()),
            Prop::KeyValue(pair) => key_of(&pair.key)?,
            Prop::Method(method) => key_of(&method.key)?,
            Prop::Getter(getter) => key_of(&getter.key)?,
            Prop::Setter(setter) => key_of(&setter.key)?,
            Prop::Assign(_) => return Err(opaque(range, "an assignment")),
        };
        if interest(&key) == Interest::Ignored {
            continue;
        }
        let value = match property {
            Prop::KeyValue(pair) => literal(&pair.value)?,
            Prop::Shorthand(_) => return Err(opaque(range, "a variable")),
            _ => return Err(opaque(range, "a function")),
        };
        found.push(Property {
            key,
            key_range,
            range,
            value,
        });
    }
    Ok(found)
}

/// The key of a property, when it is written out.
pub(super) fn key_of(name: &PropName) -> Result<(String, Range<usize>), Opaque> {
    let range = range_of(name.span());
    let key = match name {
        PropName::Ident(name) => name.sym.to_string(),
        PropName::Str(text) => text.value.to_atom_lossy().to_string(),
        PropName::Num(number) => number.value.to_string(),
        PropName::BigInt(number) => number.value.to_string(),
        PropName::Computed(computed) => match without_types(&computed.expr) {
            Expr::Tpl(template) if template.exprs.is_empty() => plain_template(template).unwrap_or_default(),
            _ => return Err(opaque(range, "a computed key")),
        },
    };
    Ok((key, range))
}

fn elements(array: &ArrayLit) -> Result<Vec<Literal>, Opaque> {
    let element = |element: &Option<swc_core::ecma::ast::ExprOrSpread>| match element {
        None => Ok(Literal {
            value: LiteralValue::Undefined,
            range: range_of(array.span),
        }),
        Some(element) => match element.spread {
            Some(dots) => Err(opaque(range_of(dots.to(element.expr.span())), "a spread")),
            None => literal(&element.expr),
        },
    };
    array.elems.iter().map(element).collect()
}

fn plain_template(template: &Tpl) -> Option<String> {
    match (template.exprs.as_slice(), template.quasis.as_slice()) {
        ([], [only]) => only.cooked.as_ref().map(|text| text.to_atom_lossy().to_string()),
        _ => None,
    }
}

fn opaque(range: Range<usize>, what: &'static str) -> Opaque {
    Opaque { range, what }
}
