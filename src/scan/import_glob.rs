//! `import.meta.glob('./pages/*.js')`: an object of the modules that a pattern names, as Vite documents it.
//!
//! ```js
//! import.meta.glob('./pages/*.js')                    // { './pages/a.js': () => import('./pages/a.js') }
//! import.meta.glob('./*.js', { import: 'setup', eager: true })
//! // import { setup as glob_0 } from './a.js'            { './a.js': glob_0 }
//! ```

mod files;
mod options;

use std::path::Path;

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark, Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, BindingIdent, CallExpr, Callee, Expr, ExprOrSpread, Ident, IdentName,
    Import, ImportDecl, ImportNamedSpecifier, ImportPhase, ImportSpecifier, ImportStarAsSpecifier,
    KeyValueProp, Lit, MemberExpr, MemberProp, MetaPropKind, Module, ModuleDecl, ModuleExportName,
    ModuleItem, ObjectLit, Pat, Prop, PropName, PropOrSpread, Str,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use self::files::matching_files;
use self::options::{GlobRequest, Loading, Misuse, read_request};
use super::normalize::byte_range;
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic, Location};

/// Where patterns start.
pub struct GlobPlace<'a> {
    /// Lists directories.
    pub files: &'a dyn FileSystem,
    /// The file that has the call.
    pub importer: &'a Path,
    /// What patterns with a leading `/` are relative to.
    pub root: &'a Path,
}

/// Whether a text has a call.
pub fn mentions_glob(source: &str) -> bool {
    memchr::memmem::find(source.as_bytes(), b"import.meta.glob").is_some()
}

/// Replaces every call. Must run inside the module's `GLOBALS`.
///
/// # Errors
/// What a call says that cannot be known at build time, or that no option means.
pub fn expand_globs(module: &mut Module, source: &str, place: &GlobPlace<'_>) -> Result<(), Vec<Diagnostic>> {
    let mut expander = Expander {
        place,
        source,
        imports: Vec::new(),
        diagnostics: Vec::new(),
    };
    module.visit_mut_with(&mut expander);
    if !expander.diagnostics.is_empty() {
        return Err(expander.diagnostics);
    }
    module.body.splice(0..0, expander.imports);
    Ok(())
}

struct Expander<'a> {
    place: &'a GlobPlace<'a>,
    source: &'a str,
    imports: Vec<ModuleItem>,
    diagnostics: Vec<Diagnostic>,
}

impl VisitMut for Expander<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Expr::Call(call) = expression
            && is_glob(&call.callee)
        {
            match read_request(call) {
                Ok(request) => *expression = self.object(&request, call.span),
                Err(misuse) => self.misused(&misuse),
            }
            return;
        }
        expression.visit_mut_children_with(self);
    }
}

impl Expander<'_> {
    fn object(&mut self, request: &GlobRequest, span: Span) -> Expr {
        let properties = matching_files(request, self.place)
            .into_iter()
            .map(|file| {
                let specifier = format!("{}{}", file.specifier, request.query);
                let value = match request.loading {
                    Loading::Lazy => lazy(&specifier, request.import.as_deref(), span),
                    Loading::Eager => self.eager(&specifier, request.import.as_deref(), span),
                };
                PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
                    key: PropName::Str(text(&file.key, DUMMY_SP)),
                    value: Box::new(value),
                })))
            })
            .collect();
        Expr::Object(ObjectLit {
            span,
            props: properties,
        })
    }

    /// A static import, and the name that it binds.
    fn eager(&mut self, specifier: &str, import: Option<&str>, span: Span) -> Expr {
        let name: Atom = format!("glob_{}", self.imports.len()).into();
        let local = Ident::new(name, DUMMY_SP, SyntaxContext::empty().apply_mark(Mark::new()));
        let imported = match import {
            None => ImportSpecifier::Namespace(ImportStarAsSpecifier {
                span,
                local: local.clone(),
            }),
            Some(imported) => ImportSpecifier::Named(ImportNamedSpecifier {
                span,
                local: local.clone(),
                imported: Some(ModuleExportName::Str(text(imported, span))),
                is_type_only: false,
            }),
        };
        self.imports
            .push(ModuleItem::ModuleDecl(ModuleDecl::Import(ImportDecl {
                span,
                specifiers: vec![imported],
                src: Box::new(text(specifier, span)),
                type_only: false,
                with: None,
                phase: ImportPhase::Evaluation,
            })));
        Expr::Ident(local)
    }

    fn misused(&mut self, misuse: &Misuse) {
        let (start, end) = byte_range(misuse.span);
        let diagnostic = Diagnostic::new(Code::Syntax, "", misuse.message.clone(), misuse.fix.clone());
        let location = Location::of_range(self.place.importer, self.source, start, end);
        self.diagnostics.push(diagnostic.at(Some(location)));
    }
}

fn is_glob(callee: &Callee) -> bool {
    let Callee::Expr(callee) = callee else {
        return false;
    };
    let Expr::Member(member) = &**callee else {
        return false;
    };
    let is_meta = matches!(&*member.obj, Expr::MetaProp(meta) if meta.kind == MetaPropKind::ImportMeta);
    is_meta && matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"glob")
}

/// `() => import("./a.js")`, with `.then((module) => module["name"])` where a name is asked for.
fn lazy(specifier: &str, import: Option<&str>, span: Span) -> Expr {
    let call = Expr::Call(CallExpr {
        callee: Callee::Import(Import {
            span: DUMMY_SP,
            phase: ImportPhase::Evaluation,
        }),
        args: vec![ExprOrSpread::from(Expr::Lit(Lit::Str(text(specifier, span))))],
        ..CallExpr::default()
    });
    let Some(name) = import else {
        return arrow(Vec::new(), call);
    };
    let module = Ident::new(
        "module".into(),
        DUMMY_SP,
        SyntaxContext::empty().apply_mark(Mark::new()),
    );
    let member = Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(Expr::Ident(module.clone())),
        prop: property(name),
    });
    let then = Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(call),
        prop: property("then"),
    });
    arrow(
        Vec::new(),
        Expr::Call(CallExpr {
            callee: Callee::Expr(Box::new(then)),
            args: vec![ExprOrSpread::from(arrow(
                vec![Pat::Ident(BindingIdent::from(module))],
                member,
            ))],
            ..CallExpr::default()
        }),
    )
}

fn property(name: &str) -> MemberProp {
    if crate::base::is_identifier_name(name) {
        MemberProp::Ident(IdentName::new(name.into(), DUMMY_SP))
    } else {
        MemberProp::Computed(swc_core::ecma::ast::ComputedPropName {
            span: DUMMY_SP,
            expr: Box::new(Expr::Lit(Lit::Str(text(name, DUMMY_SP)))),
        })
    }
}

fn arrow(params: Vec<Pat>, value: Expr) -> Expr {
    Expr::Arrow(ArrowExpr {
        params,
        body: Box::new(ArrowFunctionBody::Expr(Box::new(value))),
        ..ArrowExpr::default()
    })
}

fn text(value: &str, span: Span) -> Str {
    Str {
        span,
        value: value.into(),
        raw: None,
    }
}

/// The place of an expression.
fn span_of(expression: &Expr) -> Span {
    expression.span()
}
