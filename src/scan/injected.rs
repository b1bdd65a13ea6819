//! Exports of chosen files that stand for globals: `export const process = { … }` in an injected file gives every other file
//! that asks for the global `process` this one, and `export { cwd as 'process.cwd' }` does so for a path of names.
//!
//! An ES module imports what it asks for, and the file for its effects where it asks for nothing. In a CommonJS module, which
//! has no imports, each place that asks is a `require()`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    CallExpr, Callee, Expr, ExprOrSpread, Ident, IdentName, ImportDecl, ImportNamedSpecifier, ImportPhase,
    ImportSpecifier, KeyValueProp, Lit, MemberExpr, MemberProp, ModuleDecl, ModuleExportName, ModuleItem,
    Number, ParenExpr, Prop, PropName, SeqExpr, SimpleAssignTarget, Stmt, Str,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::load::{DeclaredFormat, load_script};
use super::parse::{ParsedModule, decode_source};
use super::source_kind::SourceKind;
use super::transform::TransformOptions;
use crate::base::{FileSystem, relative_posix};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::ModuleFormat;

/// A file and the names that it stands for.
pub(super) struct InjectedFile {
    path: PathBuf,
    names: Vec<Atom>,
}

/// What the files stand for, or why they cannot be read.
type Names = Result<Arc<[InjectedFile]>, Vec<Diagnostic>>;

/// The injected files, read when the first file asks.
pub(super) struct InjectedFiles {
    paths: Vec<PathBuf>,
    read: Mutex<Option<Names>>,
}

impl InjectedFiles {
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            read: Mutex::new(None),
        }
    }

    /// What a file is to be given; nothing for the injected files themselves.
    ///
    /// # Errors
    /// Where an injected file cannot be read.
    pub fn given_to(
        &self,
        path: &Path,
        files: &dyn FileSystem,
    ) -> Result<Option<Arc<[InjectedFile]>>, Vec<Diagnostic>> {
        if self.paths.is_empty() || self.paths.iter().any(|own| own == path) {
            return Ok(None);
        }
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get_or_insert_with(|| {
            let each = self.paths.iter().map(|path| read_names(path, files));
            each.collect::<Result<Vec<_>, _>>().map(Arc::from)
        })
        .clone()
        .map(Some)
    }

    /// Whether one of the files is such a file; what was read is then forgotten.
    pub fn forget(&self, has_changed: impl Fn(&Path) -> bool) -> bool {
        let is_changed = self.paths.iter().any(|path| has_changed(path));
        if is_changed {
            *self.read.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        is_changed
    }
}

fn read_names(path: &Path, files: &dyn FileSystem) -> Result<InjectedFile, Vec<Diagnostic>> {
    let nothing = InjectedFile {
        path: path.to_owned(),
        names: Vec::new(),
    };
    // Other kinds of files have no names; they are there for their effects.
    let Some(kind) = SourceKind::of_path(path) else {
        return Ok(nothing);
    };
    let bytes = files.read(path).map_err(|error| {
        vec![Diagnostic::new(
            Code::Io,
            "",
            format!("Cannot read the injected file {}: {error}.", path.display()),
            "Name a file that exists with `--inject`.",
        )]
    })?;
    let source = decode_source(path, &bytes).map_err(|diagnostic| vec![*diagnostic])?;
    let options = TransformOptions::default();
    let syntax = load_script(path, source, kind, DeclaredFormat::Open, &options)?;
    let names = syntax.exports.iter().map(|export| export.name.clone());
    Ok(InjectedFile {
        names: names.filter(|name| *name != *"default").collect(),
        ..nothing
    })
}

/// Gives a module what it asks for. Must run inside the module's `GLOBALS`.
pub(super) fn inject(
    parsed: &mut ParsedModule,
    importer: &Path,
    format: ModuleFormat,
    given: &[InjectedFile],
) {
    let directory = importer.parent().unwrap_or(importer);
    let is_commonjs = format == ModuleFormat::CommonJs;
    let mut statements = Vec::new();
    for file in given {
        let relative = relative_posix(directory, &file.path);
        let specifier = if relative.starts_with('.') {
            relative
        } else {
            format!("./{relative}")
        };
        let mut putting = Putting {
            names: &file.names,
            unresolved: SyntaxContext::empty().apply_mark(parsed.unresolved_mark),
            source: &parsed.source,
            required: is_commonjs.then_some(&*specifier),
            locals: FxHashMap::default(),
        };
        if !file.names.is_empty() {
            parsed.module.visit_mut_with(&mut putting);
        }
        if is_commonjs {
            let is_for_effects = putting.locals.is_empty();
            if is_for_effects && !super::parse::is_installed(importer) {
                statements.push(effects_of(require(&specifier, putting.unresolved)));
            }
        } else {
            statements.push(import(&specifier, putting.locals, &file.names));
        }
    }
    parsed.module.body.splice(0..0, statements);
}

/// Puts what is given in the place of globals.
struct Putting<'a> {
    names: &'a [Atom],
    unresolved: SyntaxContext,
    source: &'a str,
    /// What a CommonJS module requires.
    required: Option<&'a str>,
    /// The bindings of an ES module.
    locals: FxHashMap<Atom, Ident>,
}

impl Putting<'_> {
    fn is_given(&self, name: &str) -> bool {
        self.names.iter().any(|given| **given == *name)
    }

    fn value(&mut self, name: &Atom) -> Expr {
        let local = self.local(name);
        let Some(specifier) = self.required else {
            return Expr::Ident(local);
        };
        let member = Expr::Member(MemberExpr {
            span: DUMMY_SP,
            obj: Box::new(require(specifier, self.unresolved)),
            prop: if Ident::verify_symbol(name).is_ok() {
                MemberProp::Ident(IdentName::new(name.clone(), DUMMY_SP))
            } else {
                MemberProp::Computed(swc_core::ecma::ast::ComputedPropName {
                    span: DUMMY_SP,
                    expr: Box::new(Expr::Lit(Lit::Str(name.clone().into()))),
                })
            },
        });
        // A function that is called there must not get the exports as `this`.
        let zero = Expr::Lit(Lit::Num(Number::from(0.0)));
        Expr::Paren(ParenExpr {
            span: DUMMY_SP,
            expr: Box::new(Expr::Seq(SeqExpr {
                span: DUMMY_SP,
                exprs: vec![Box::new(zero), Box::new(member)],
            })),
        })
    }

    fn local(&mut self, name: &Atom) -> Ident {
        let source = self.source;
        let make = || {
            let context = SyntaxContext::empty().apply_mark(Mark::new());
            let mut symbol = name.to_string();
            if symbol.contains('.') {
                symbol = symbol.replace('.', "_");
                while source.contains(&symbol) {
                    symbol.insert(0, '_');
                }
            }
            Ident::new(symbol.into(), DUMMY_SP, context)
        };
        self.locals.entry(name.clone()).or_insert_with(make).clone()
    }

    fn global(&self, identifier: &Ident) -> Option<Atom> {
        let is_given = identifier.ctxt == self.unresolved && self.is_given(&identifier.sym);
        is_given.then(|| identifier.sym.clone())
    }

    /// `process.cwd` of a member that is one, where it is given as a whole.
    fn path(&self, member: &MemberExpr) -> Option<Atom> {
        let path = Atom::from(self.dotted(member)?);
        self.is_given(&path).then_some(path)
    }

    fn dotted(&self, member: &MemberExpr) -> Option<String> {
        let MemberProp::Ident(property) = &member.prop else {
            return None;
        };
        let object = match &*member.obj {
            Expr::Ident(object) if object.ctxt == self.unresolved => object.sym.to_string(),
            Expr::Member(object) => self.dotted(object)?,
            Expr::MetaProp(_) => "import.meta".to_owned(),
            _ => return None,
        };
        Some(format!("{object}.{}", property.sym))
    }
}

impl VisitMut for Putting<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        let name = match node {
            Expr::Ident(identifier) => self.global(identifier),
            Expr::Member(member) => self.path(member),
            _ => None,
        };
        match name {
            Some(name) => *node = self.value(&name),
            None => node.visit_mut_children_with(self),
        }
    }

    fn visit_mut_prop(&mut self, node: &mut Prop) {
        if let Prop::Shorthand(identifier) = node
            && let Some(name) = self.global(identifier)
        {
            *node = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(IdentName::new(name.clone(), identifier.span)),
                value: Box::new(self.value(&name)),
            });
        } else {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_simple_assign_target(&mut self, node: &mut SimpleAssignTarget) {
        // An import that is assigned to is a mistake that is told of like any other.
        if let SimpleAssignTarget::Ident(target) = node
            && self.required.is_none()
            && let Some(name) = self.global(&target.id)
        {
            target.id.ctxt = self.local(&name).ctxt;
        } else {
            node.visit_mut_children_with(self);
        }
    }
}

fn import(specifier: &str, mut locals: FxHashMap<Atom, Ident>, names: &[Atom]) -> ModuleItem {
    // In the order of the file that exports them: the same whatever the table's order.
    let specifiers = names.iter().filter_map(|name| {
        let local = locals.remove(name)?;
        let imported = (*local.sym != **name).then(|| ModuleExportName::Str(string(name)));
        Some(ImportSpecifier::Named(ImportNamedSpecifier {
            span: DUMMY_SP,
            local,
            imported,
            is_type_only: false,
        }))
    });
    ModuleItem::ModuleDecl(ModuleDecl::Import(ImportDecl {
        span: DUMMY_SP,
        specifiers: specifiers.collect(),
        src: Box::new(string(specifier)),
        type_only: false,
        with: None,
        phase: ImportPhase::default(),
    }))
}

fn string(text: &str) -> Str {
    Str {
        span: DUMMY_SP,
        value: text.into(),
        raw: None,
    }
}

fn require(specifier: &str, unresolved: SyntaxContext) -> Expr {
    Expr::Call(CallExpr {
        callee: Callee::Expr(Box::new(Expr::Ident(Ident::new(
            "require".into(),
            DUMMY_SP,
            unresolved,
        )))),
        args: vec![ExprOrSpread {
            spread: None,
            expr: Box::new(Expr::Lit(Lit::Str(string(specifier)))),
        }],
        ..CallExpr::default()
    })
}

fn effects_of(expression: Expr) -> ModuleItem {
    ModuleItem::Stmt(Stmt::Expr(swc_core::ecma::ast::ExprStmt {
        span: DUMMY_SP,
        expr: Box::new(expression),
    }))
}
