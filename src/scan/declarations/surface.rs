//! What a declaration file exports, in a form that two of them can be compared by: the text of each declaration, and
//! the names that it mentions.

use std::collections::{BTreeMap, BTreeSet};

use swc_core::ecma::ast::{
    Decl, DefaultDecl, ExportSpecifier, Expr, Ident, ImportSpecifier, ModuleDecl, ModuleExportName,
    ModuleItem, Pat, Program, Stmt,
};
use swc_core::ecma::codegen::to_code;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith};

/// One declaration; a name that is declared several times has several texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The text, with `$` for the declaration's own name, which an export may change.
    pub text: String,
    /// Every name in it.
    pub mentions: BTreeSet<String>,
}

/// What a name of an export or import stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A declaration of this file.
    Local(String),
    /// An export of another one: its specifier and the name there, `*` for all of them.
    Other(String, String),
}

/// The names of one file.
#[derive(Debug, Clone, Default)]
pub struct Surface {
    /// Declarations by their own name.
    pub declared: BTreeMap<String, Declared>,
    /// What is imported, by the name here.
    pub imported: BTreeMap<String, Target>,
    /// What is exported, by the name for others.
    pub exported: BTreeMap<String, Target>,
    /// `export * from`.
    pub stars: Vec<String>,
}

/// The local name of `export default` of something that has none.
const DEFAULT: &str = "default";

impl Surface {
    pub(super) fn of(program: &Program) -> Self {
        let mut surface = Self::default();
        match program {
            Program::Module(module) => module.body.iter().for_each(|item| surface.item(item)),
            Program::Script(script) => script.body.iter().for_each(|item| surface.statement(item)),
        }
        surface
    }

    fn item(&mut self, item: &ModuleItem) {
        match item {
            ModuleItem::Stmt(statement) => self.statement(statement),
            ModuleItem::ModuleDecl(declaration) => self.module_declaration(declaration),
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        if let Stmt::Decl(declaration) = statement {
            self.declare(declaration);
        }
    }

    fn module_declaration(&mut self, declaration: &ModuleDecl) {
        match declaration {
            ModuleDecl::Import(import) => {
                let specifier = import.src.value.to_string_lossy().into_owned();
                for name in &import.specifiers {
                    let (local, imported) = match name {
                        ImportSpecifier::Named(named) => {
                            let imported = named.imported.as_ref().map(text_of);
                            (
                                &named.local,
                                imported.unwrap_or_else(|| named.local.sym.to_string()),
                            )
                        }
                        ImportSpecifier::Default(default) => (&default.local, DEFAULT.to_owned()),
                        ImportSpecifier::Namespace(namespace) => (&namespace.local, "*".to_owned()),
                    };
                    let target = Target::Other(specifier.clone(), imported);
                    self.imported.insert(local.sym.to_string(), target);
                }
            }
            ModuleDecl::ExportDecl(export) => {
                for name in self.declare(&export.decl) {
                    self.exported.insert(name.clone(), Target::Local(name));
                }
            }
            ModuleDecl::ExportNamed(export) => {
                let source = export
                    .src
                    .as_ref()
                    .map(|source| source.value.to_string_lossy().into_owned());
                for name in &export.specifiers {
                    let (inner, outer) = match name {
                        ExportSpecifier::Named(named) => {
                            let inner = text_of(&named.orig);
                            let outer = named.exported.as_ref().map_or_else(|| inner.clone(), text_of);
                            (inner, outer)
                        }
                        ExportSpecifier::Namespace(namespace) => ("*".to_owned(), text_of(&namespace.name)),
                        ExportSpecifier::Default(default) => {
                            (DEFAULT.to_owned(), default.exported.sym.to_string())
                        }
                    };
                    let target = match &source {
                        Some(source) => Target::Other(source.clone(), inner),
                        None => Target::Local(inner),
                    };
                    self.exported.insert(outer, target);
                }
            }
            ModuleDecl::ExportAll(export) => {
                self.stars.push(export.src.value.to_string_lossy().into_owned());
            }
            ModuleDecl::ExportDefaultDecl(export) => {
                let own = match &export.decl {
                    DefaultDecl::Class(class) => class.ident.as_ref(),
                    DefaultDecl::Fn(function) => function.ident.as_ref(),
                    DefaultDecl::TsInterfaceDecl(interface) => Some(&interface.id),
                };
                let own = own.map_or(DEFAULT.to_owned(), |name| name.sym.to_string());
                let anonymous = strip_default(&export.decl);
                self.add(&own, &anonymous);
                self.exported.insert(DEFAULT.to_owned(), Target::Local(own));
            }
            ModuleDecl::ExportDefaultExpr(export) => {
                if let Expr::Ident(name) = &*export.expr {
                    self.exported
                        .insert(DEFAULT.to_owned(), Target::Local(name.sym.to_string()));
                }
            }
            ModuleDecl::TsImportEquals(_)
            | ModuleDecl::TsExportAssignment(_)
            | ModuleDecl::TsNamespaceExport(_) => {}
        }
    }

    /// The names that a declaration gives.
    fn declare(&mut self, declaration: &Decl) -> Vec<String> {
        let mut declaration = declaration.clone();
        let is_declare = match &mut declaration {
            // Each variable on its own.
            Decl::Var(variables) => {
                let mut names = Vec::new();
                for variable in &variables.decls {
                    if let Pat::Ident(name) = &variable.name {
                        let kind = if variables.kind == swc_core::ecma::ast::VarDeclKind::Const {
                            "const"
                        } else {
                            "let"
                        };
                        let own = name.id.sym.to_string();
                        self.add(&own, &Prefixed(kind, variable.clone()));
                        names.push(own);
                    }
                }
                return names;
            }
            Decl::Class(class) => (class.ident.sym.to_string(), &mut class.declare),
            Decl::Fn(function) => (function.ident.sym.to_string(), &mut function.declare),
            Decl::TsInterface(interface) => (interface.id.sym.to_string(), &mut interface.declare),
            Decl::TsTypeAlias(alias) => (alias.id.sym.to_string(), &mut alias.declare),
            Decl::TsEnum(members) => (members.id.sym.to_string(), &mut members.declare),
            Decl::TsModule(module) => {
                let Some(name) = module.id.as_ident().map(|name| name.sym.to_string()) else {
                    return Vec::new();
                };
                (name, &mut module.declare)
            }
            Decl::Using(_) => return Vec::new(),
        };
        let (name, declare) = is_declare;
        *declare = true;
        self.add(&name, &Prefixed("", declaration));
        vec![name]
    }

    fn add(&mut self, name: &str, node: &dyn Printed) {
        let (text, mentions) = node.printed(name);
        let declared = self.declared.entry(name.to_owned()).or_default();
        declared.text.push_str(&text);
        declared.text.push('\n');
        declared
            .mentions
            .extend(mentions.into_iter().filter(|one| one != name));
    }
}

/// `export default` as the declaration that it is.
fn strip_default(declaration: &DefaultDecl) -> Prefixed<swc_core::ecma::ast::ExportDefaultDecl> {
    let mut declaration = declaration.clone();
    let name = |ident: &mut Option<Ident>| {
        if ident.is_none() {
            *ident = Some(Ident::new_no_ctxt(DEFAULT.into(), swc_core::common::DUMMY_SP));
        }
    };
    match &mut declaration {
        DefaultDecl::Class(class) => name(&mut class.ident),
        DefaultDecl::Fn(function) => name(&mut function.ident),
        DefaultDecl::TsInterfaceDecl(_) => {}
    }
    Prefixed(
        "",
        swc_core::ecma::ast::ExportDefaultDecl {
            span: swc_core::common::DUMMY_SP,
            decl: declaration,
        },
    )
}

/// A node behind a word.
struct Prefixed<T>(&'static str, T);

trait Printed {
    fn printed(&self, name: &str) -> (String, BTreeSet<String>);
}

impl<T> Printed for Prefixed<T>
where
    T: Clone + swc_core::ecma::codegen::Node + for<'a> VisitMutWith<OwnName<'a>> + VisitWith<Mentions>,
{
    fn printed(&self, name: &str) -> (String, BTreeSet<String>) {
        let mut node = self.1.clone();
        let mut mentions = Mentions::default();
        node.visit_with(&mut mentions);
        node.visit_mut_with(&mut OwnName { name });
        (format!("{} {}", self.0, to_code(&node)), mentions.names)
    }
}

struct OwnName<'a> {
    name: &'a str,
}

impl VisitMut for OwnName<'_> {
    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if node.sym == *self.name {
            node.sym = "$".into();
        }
    }
}

#[derive(Default)]
struct Mentions {
    names: BTreeSet<String>,
}

impl Visit for Mentions {
    fn visit_ident(&mut self, node: &Ident) {
        self.names.insert(node.sym.to_string());
    }
}

fn text_of(name: &ModuleExportName) -> String {
    match name {
        ModuleExportName::Ident(name) => name.sym.to_string(),
        ModuleExportName::Str(text) => text.value.to_string_lossy().into_owned(),
    }
}
