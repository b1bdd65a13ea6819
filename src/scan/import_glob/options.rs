//! What a call of `import.meta.glob` asks for.

use swc_core::common::Span;
use swc_core::ecma::ast::{CallExpr, Expr, Lit, ObjectLit, Prop, PropName, PropOrSpread};

use super::super::normalize::text_of;
use super::span_of;

/// A call, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobRequest {
    /// As written; those with `!` take away.
    pub patterns: Vec<String>,
    /// Whether modules are imported or can be.
    pub loading: Loading,
    /// One export instead of the namespace.
    pub import: Option<String>,
    /// `?raw`, or nothing.
    pub query: String,
    /// Whether hidden files and installed packages count.
    pub reach: Reach,
}

/// When modules are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// When they are asked for.
    Lazy,
    /// With the importer.
    Eager,
}

/// Which files a pattern may find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// None that start with a dot or lie in `node_modules`.
    Usual,
    /// All.
    Exhaustive,
}

/// A call that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misuse {
    pub message: String,
    pub fix: String,
    pub span: Span,
}

fn misuse(span: Span, message: impl Into<String>, fix: impl Into<String>) -> Misuse {
    Misuse {
        message: message.into(),
        fix: fix.into(),
        span,
    }
}

/// Understands a call.
pub fn read_request(call: &CallExpr) -> Result<GlobRequest, Misuse> {
    let literal = "Write the patterns as literals: `import.meta.glob('./pages/*.js')`.";
    let Some(first) = call.args.first() else {
        return Err(misuse(call.span, "import.meta.glob needs a pattern.", literal));
    };
    let patterns = patterns(&first.expr).ok_or_else(|| {
        misuse(
            span_of(&first.expr),
            "The patterns of import.meta.glob must be known at build time.",
            literal,
        )
    })?;
    for pattern in &patterns {
        if !pattern.starts_with(['.', '/', '!']) {
            return Err(misuse(
                span_of(&first.expr),
                format!("The pattern `{pattern}` does not say where it starts."),
                "Start it with `./`, `../`, or with `/` for the directory of package.json.",
            ));
        }
    }
    let mut request = GlobRequest {
        patterns,
        loading: Loading::Lazy,
        import: None,
        query: String::new(),
        reach: Reach::Usual,
    };
    match call.args.get(1).map(|argument| &*argument.expr) {
        None => {}
        Some(Expr::Object(options)) => read_options(options, &mut request)?,
        Some(other) => {
            return Err(misuse(
                span_of(other),
                "The options of import.meta.glob must be known at build time.",
                "Write them as an object literal: `{ eager: true }`.",
            ));
        }
    }
    Ok(request)
}

fn patterns(expression: &Expr) -> Option<Vec<String>> {
    match expression {
        Expr::Array(array) => array
            .elems
            .iter()
            .map(|element| string(&element.as_ref()?.expr))
            .collect(),
        other => Some(vec![string(other)?]),
    }
}

fn string(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(Lit::Str(text)) => Some(text_of(&text.value).to_string()),
        Expr::Tpl(template) if template.exprs.is_empty() => {
            let cooked = template.quasis.first()?.cooked.as_ref()?;
            Some(text_of(cooked).to_string())
        }
        _ => None,
    }
}

fn read_options(options: &ObjectLit, request: &mut GlobRequest) -> Result<(), Misuse> {
    for option in &options.props {
        let pair = match option {
            PropOrSpread::Prop(property) => match &**property {
                Prop::KeyValue(pair) => Some(pair),
                _ => None,
            },
            PropOrSpread::Spread(_) => None,
        };
        let name = pair.and_then(|pair| match &pair.key {
            PropName::Ident(name) => Some(name.sym.to_string()),
            PropName::Str(name) => Some(text_of(&name.value).to_string()),
            _ => None,
        });
        let (Some(pair), Some(name)) = (pair, name) else {
            return Err(misuse(
                options.span,
                "The options of import.meta.glob must be known at build time.",
                "Write names and literal values.",
            ));
        };
        read_option(&name, &pair.value, request).map_err(|expected| {
            misuse(
                span_of(&pair.value),
                format!("The option `{name}` of import.meta.glob cannot be used like this."),
                expected,
            )
        })?;
    }
    Ok(())
}

/// The error says what would be right.
fn read_option(name: &str, value: &Expr, request: &mut GlobRequest) -> Result<(), String> {
    let boolean = || match value {
        Expr::Lit(Lit::Bool(value)) => Ok(value.value),
        _ => Err(format!("Write `{name}: true` or `{name}: false`.")),
    };
    let word = || string(value).ok_or_else(|| format!("Write a string: `{name}: '…'`."));
    match name {
        "eager" => {
            request.loading = if boolean()? { Loading::Eager } else { Loading::Lazy };
        }
        "exhaustive" => {
            request.reach = if boolean()? {
                Reach::Exhaustive
            } else {
                Reach::Usual
            };
        }
        "import" => request.import = Some(word()?).filter(|name| name != "*"),
        "query" => {
            let query = word()?;
            request.query = match query.trim_start_matches('?') {
                "" => String::new(),
                query => format!("?{query}"),
            };
        }
        "as" => {
            request.query = format!("?{}", word()?);
            request.import = Some("default".to_owned());
        }
        _ => return Err("The options are eager, import, query, as and exhaustive.".to_owned()),
    }
    Ok(())
}
