//! `require('./locale/' + name)` and ``import(`./pages/${name}.js`)``: a request whose start is known asks for one of
//! the files that it can mean, and all of those are bundled.
//!
//! ```js
//! require('./locale/' + name)
//! // __byName({ "./locale/de": () => require("./locale/de.js"), "./locale/de.js": … }, './locale/' + name)
//! ```
//!
//! The start must name a directory relative to the importer. What is added to it may go deeper; a name may lack an
//! extension that a specifier may lack, and `index` stands for its directory. Hidden files, installed packages and the
//! importer are not meant.

mod pattern;

use std::collections::BTreeMap;
use std::path::Path;

use swc_core::common::{DUMMY_SP, Span, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, CallExpr, Callee, Expr, ExprOrSpread, Ident, KeyValueProp, Lit, Module,
    ObjectLit, Prop, PropName, PropOrSpread, Str,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use self::pattern::Pattern;
use super::request_comments::is_left_alone;
use crate::base::{FileSystem, files_below, normalize, relative_posix};
use crate::graph::{IMPORT_BY_NAME, REQUIRE_BY_NAME};
use crate::resolve::is_declaration;

/// Extensions that a specifier may lack; where several files have one name, the first counts.
const EXTENSIONS: [&str; 8] = ["js", "json", "tsx", "ts", "jsx", "mjs", "cjs", "mts"];

/// Whether a text may have such a request: cheap, and it rules out most files.
pub fn mentions_request_by_name(source: &str) -> bool {
    ["require(", "import("].iter().any(|word| {
        memchr::memmem::find_iter(source.as_bytes(), word)
            .any(|start| is_open_ended(&source[start + word.len()..]))
    })
}

fn is_open_ended(mut argument: &str) -> bool {
    argument = argument.trim_start();
    while let Some(comment) = argument.strip_prefix("/*") {
        let Some((_, rest)) = comment.split_once("*/") else {
            return false;
        };
        argument = rest.trim_start();
    }
    if let Some(rest) = argument.strip_prefix("String.raw") {
        argument = rest;
    }
    let Some(quote) = argument.chars().next().filter(|first| "'\"`".contains(*first)) else {
        return false;
    };
    let Some((text, rest)) = argument[1..].split_once(quote) else {
        return false;
    };
    text.starts_with('.')
        && (quote == '`' && text.contains("${") || rest.trim_start().starts_with(['+', '.']))
}

/// Replaces every such request. Must run inside the module's `GLOBALS`; `unresolved` marks free names.
pub fn expand_requests_by_name(
    module: &mut Module,
    files: &dyn FileSystem,
    (importer, source): (&Path, &str),
    unresolved: SyntaxContext,
) {
    module.visit_mut_with(&mut Expander {
        files,
        source,
        importer,
        unresolved,
    });
}

struct Expander<'a> {
    files: &'a dyn FileSystem,
    source: &'a str,
    importer: &'a Path,
    unresolved: SyntaxContext,
}

impl VisitMut for Expander<'_> {
    noop_visit_mut_type!();

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        call.visit_mut_children_with(self);
        let helper = match &call.callee {
            Callee::Import(_) if is_left_alone(self.source, call) => return,
            Callee::Import(_) => IMPORT_BY_NAME,
            Callee::Expr(callee) if self.is_require(callee) => REQUIRE_BY_NAME,
            _ => return,
        };
        let Some(ExprOrSpread { spread: None, expr }) = call.args.first() else {
            return;
        };
        let Some(pattern) = Pattern::of(expr) else {
            return;
        };
        let found = self.matching_files(&pattern);
        if found.is_empty() {
            return;
        }
        let name = call.args[0].clone();
        let table = table(call, found);
        call.callee = Callee::Expr(Box::new(
            Ident::new(helper.into(), DUMMY_SP, self.unresolved).into(),
        ));
        call.args = vec![table.into(), name];
    }
}

impl Expander<'_> {
    fn is_require(&self, callee: &Expr) -> bool {
        matches!(callee, Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *"require")
    }

    /// What the request can say, and the specifier of the file that it means with it.
    fn matching_files(&self, pattern: &Pattern) -> BTreeMap<String, String> {
        let start = self.importer.parent().unwrap_or(self.importer);
        let directory = normalize(&start.join(pattern.directory()));
        let is_passed_over = |name: &str| name.starts_with('.') || name == "node_modules";
        let mut paths = files_below(self.files, &directory, &is_passed_over);
        paths.retain(|path| path != self.importer);
        let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for path in paths {
            let specifier = format!("{}{}", pattern.directory(), relative_posix(&directory, &path));
            for (rank, key) in keys(&specifier) {
                let is_better = found.get(&key).is_none_or(|(other, _)| rank < *other);
                if is_better && pattern.matches(&key) {
                    found.insert(key, (rank, specifier.clone()));
                }
            }
        }
        // A file that is named whole is no code only where the request itself says its extension.
        found
            .into_iter()
            .filter(|(_, (_, specifier))| is_code(specifier) || pattern.names_extension_of(specifier))
            .map(|(key, (_, specifier))| (key, specifier))
            .collect()
    }
}

/// `{ "./locale/de": () => require("./locale/de.js") }`
fn table(call: &CallExpr, found: BTreeMap<String, String>) -> Expr {
    let properties = found.into_iter().map(|(key, specifier)| {
        let mut request = call.clone();
        request.args[0] = text(&specifier, call.span).into();
        let load = Expr::Arrow(ArrowExpr {
            body: Box::new(ArrowFunctionBody::Expr(Box::new(Expr::Call(request)))),
            ..ArrowExpr::default()
        });
        PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
            key: PropName::Str(Str::from(key)),
            value: Box::new(load),
        })))
    });
    Expr::Object(ObjectLit {
        span: DUMMY_SP,
        props: properties.collect(),
    })
}

/// The ways to name a file, the exact one first.
fn keys(specifier: &str) -> Vec<(usize, String)> {
    let mut keys = vec![(0, specifier.to_owned())];
    let Some((stem, extension)) = specifier.rsplit_once('.') else {
        return keys;
    };
    let Some(rank) = EXTENSIONS.iter().position(|one| *one == extension) else {
        return keys;
    };
    keys.push((rank + 1, stem.to_owned()));
    if let Some(directory) = stem.strip_suffix("/index") {
        keys.push((rank + 1 + EXTENSIONS.len(), directory.to_owned()));
    }
    keys
}

/// Whether a file has an extension of code, and is no declaration of types.
fn is_code(specifier: &str) -> bool {
    let extension = specifier.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension) || extension == "cts")
        && !is_declaration(specifier)
}

fn text(value: &str, span: Span) -> Expr {
    Expr::Lit(Lit::Str(Str {
        span,
        value: value.into(),
        raw: None,
    }))
}
