//! As what a file is imported: JavaScript, or what import attributes say.

use swc_core::ecma::ast::{Expr, Lit, ObjectLit, Prop, PropName, PropOrSpread};

use super::text;

/// What is imported, as import attributes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command::importmap) enum RequestTarget {
    /// JavaScript.
    Script,
    /// `with { type: 'json' }`
    Json,
    /// `with { type: 'css' }`
    Css,
    /// Of a type that no browser had when this was written, or that the file computes.
    Other,
}

impl RequestTarget {
    pub(super) fn of(attributes: &ObjectLit) -> Self {
        if attributes.props.is_empty() {
            return Self::Script;
        }
        match member_of(attributes, "type") {
            Some(Expr::Lit(Lit::Str(kind))) => match &*text(kind) {
                "json" => Self::Json,
                "css" => Self::Css,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// `import(specifier, { with: { … } })`
    pub(super) fn of_options(options: &Expr) -> Self {
        let attributes = options.as_object().and_then(|options| member_of(options, "with"));
        match attributes {
            Some(Expr::Object(attributes)) => Self::of(attributes),
            _ => Self::Other,
        }
    }
}

fn member_of<'a>(object: &'a ObjectLit, name: &str) -> Option<&'a Expr> {
    object.props.iter().find_map(|member| {
        let PropOrSpread::Prop(member) = member else {
            return None;
        };
        let Prop::KeyValue(member) = &**member else {
            return None;
        };
        let is_it = match &member.key {
            PropName::Ident(key) => key.sym == *name,
            PropName::Str(key) => text(key) == name,
            _ => false,
        };
        is_it.then_some(&*member.value)
    })
}
