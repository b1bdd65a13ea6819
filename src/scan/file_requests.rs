//! Requests for files by URL: `new URL('./a.png', import.meta.url)`, alone or as a worker's.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    Expr, ExprOrSpread, Ident, IdentName, KeyValueProp, Lit, MetaPropKind, NewExpr, Number, ObjectLit, Prop,
    PropName, PropOrSpread,
};

use super::collect::Collector;
use super::named_members::static_member;
use super::normalize::{byte_range, text_of};
use super::request_comments::{comments_of, leaves_alone};
use super::styles::split_url;
use crate::graph::{ImportedName, RequestSyntax};

impl Collector<'_> {
    /// `new URL('./literal', import.meta.url)`. What stands behind the path, a query or fragment, becomes a third argument.
    pub(super) fn file_request(&mut self, new: &mut NewExpr, syntax: RequestSyntax) -> bool {
        if comments_of(self.source, new.span, new.args.iter().flatten().next()).any(leaves_alone) {
            return false;
        }
        let is_url = matches!(&*new.callee, Expr::Ident(callee) if self.is_global(callee, "URL"));
        let Some([first, second, others @ ..]) = new.args.as_deref_mut() else {
            return false;
        };
        if !is_url || first.spread.is_some() || !is_import_meta_url(&second.expr) {
            return false;
        }
        let (specifier, span) = match &*first.expr {
            Expr::Lit(Lit::Str(_)) | Expr::Tpl(_) if !others.is_empty() => return false,
            Expr::Lit(Lit::Str(text)) => (text_of(&text.value), text.span),
            Expr::Tpl(template) if template.exprs.is_empty() => {
                let Some(cooked) = template.quasis.first().and_then(|part| part.cooked.as_ref()) else {
                    return false;
                };
                (text_of(cooked), template.span)
            }
            // A number written by the user must not be taken for a record's number later.
            Expr::Lit(Lit::Num(number)) => {
                *first.expr = Expr::Lit(Lit::Str(number.value.to_string().into()));
                return false;
            }
            _ => return false,
        };
        let (path, rest) = split_url(&specifier);
        let Some(path) = relative_path(path) else {
            return false;
        };
        let record = self.add_record(path.into(), syntax, byte_range(span));
        let rest = (!rest.is_empty()).then(|| ExprOrSpread::from(Expr::Lit(Lit::Str(rest.into()))));
        *first.expr = Expr::Lit(Lit::Num(Number {
            span,
            value: f64::from(record.raw()),
            raw: None,
        }));
        new.args
            .iter_mut()
            .for_each(|arguments| arguments.extend(rest.clone()));
        true
    }

    /// `new Worker(new URL('./literal', import.meta.url))`, where `Worker` is the browser's or Node's. A worker
    /// that says nothing of its type becomes one of ES modules, which is what the build makes.
    pub(super) fn worker_request(&mut self, new: &mut NewExpr) -> bool {
        let Expr::Ident(callee) = &*new.callee else {
            return false;
        };
        let is_worker = self.is_global(callee, "Worker") || self.is_global(callee, "SharedWorker");
        let is_of_node = self.is_worker_of_node(callee);
        let is_worker = is_worker || is_of_node;
        let Some(arguments) = &mut new.args else {
            return false;
        };
        let Some(Expr::New(url)) = arguments.first_mut().map(|argument| &mut *argument.expr) else {
            return false;
        };
        if !is_worker || !self.file_request(url, RequestSyntax::Worker) {
            return false;
        }
        if !is_of_node {
            say_that_it_is_a_module(arguments);
        }
        true
    }

    fn is_worker_of_node(&self, callee: &Ident) -> bool {
        let import = self
            .local_of(callee)
            .and_then(|local| self.module.imports.get(&local));
        import.is_some_and(|import| {
            let specifier = &self.module.records[import.record].specifier;
            import.imported == ImportedName::Name("Worker".into())
                && matches!(&**specifier, "worker_threads" | "node:worker_threads")
        })
    }
}

/// The path of a relative URL. Without a dot it is relative as well: `new URL('a.png', import.meta.url)`.
fn relative_path(url: &str) -> Option<String> {
    if url.starts_with("./") || url.starts_with("../") {
        return Some(url.to_owned());
    }
    // `https:`, `/absolute`, `#fragment`, `?query`.
    let is_path = url.starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '_' | '@'))
        && !url.contains(':');
    is_path.then(|| format!("./{url}"))
}

fn is_import_meta_url(expression: &Expr) -> bool {
    let Expr::Member(member) = expression else {
        return false;
    };
    let is_meta = matches!(&*member.obj, Expr::MetaProp(meta) if meta.kind == MetaPropKind::ImportMeta);
    is_meta && static_member(&member.prop).is_some_and(|name| name == "url")
}

/// Adds `type: "module"` to the options of a worker that have no type.
fn say_that_it_is_a_module(arguments: &mut Vec<ExprOrSpread>) {
    let property = || {
        PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
            key: PropName::Ident(IdentName::new("type".into(), DUMMY_SP)),
            value: Box::new(Expr::Lit(Lit::Str("module".into()))),
        })))
    };
    let has_type = |options: &ObjectLit| {
        options.props.iter().any(|one| match one {
            PropOrSpread::Prop(property) => match &**property {
                Prop::KeyValue(pair) => match &pair.key {
                    PropName::Ident(name) => name.sym == *"type",
                    PropName::Str(name) => name.value == *"type",
                    _ => false,
                },
                Prop::Shorthand(name) => name.sym == *"type",
                _ => false,
            },
            PropOrSpread::Spread(_) => true,
        })
    };
    match arguments.get_mut(1).map(|argument| &mut *argument.expr) {
        None => arguments.push(ExprOrSpread {
            spread: None,
            expr: Box::new(Expr::Object(ObjectLit {
                span: DUMMY_SP,
                props: vec![property()],
            })),
        }),
        Some(Expr::Object(options)) if !has_type(options) => options.props.push(property()),
        Some(_) => {}
    }
}
