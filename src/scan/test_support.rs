//! What the unit tests of this room share: printing a parsed module, and the proof that its identifiers
//! keep their promises.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{GLOBALS, Mark, SourceMap, SyntaxContext};
use swc_core::ecma::ast::{EsVersion, Id, Ident, Module, Pass as _, Program};
use swc_core::ecma::codegen::text_writer::JsWriter;
use swc_core::ecma::codegen::{Config, Emitter};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::utils::collect_decls;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::class_heritage;
use super::load::DeclaredFormat;
use super::parse::{ParsedModule, parse_module};
use super::source_kind::SourceKind;
use super::transform::{DecoratorSemantics, TransformOptions};
use super::var_names::var_names;

/// Parses `source` as the file `name`, which must succeed, and proves its identifiers.
pub(super) fn parsed(name: &str, source: &str, options: &TransformOptions) -> ParsedModule {
    let path = Path::new(name);
    let kind = SourceKind::of_path(path).expect("tests name a script");
    match parse_module(path, Arc::from(source), kind, DeclaredFormat::Open, options) {
        Ok(parsed) => {
            prove_identifiers(&parsed);
            parsed
        }
        Err(diagnostics) => panic!("{source}\n{diagnostics:#?}"),
    }
}

/// The text of the module after all passes.
pub(super) fn transformed(name: &str, source: &str, options: &TransformOptions) -> String {
    print(&parsed(name, source, options))
}

/// The messages of a file that must not parse.
pub(super) fn refused(name: &str, source: &str) -> Vec<crate::diagnostic::Diagnostic> {
    let path = Path::new(name);
    let kind = SourceKind::of_path(path).expect("tests name a script");
    match parse_module(
        path,
        Arc::from(source),
        kind,
        DeclaredFormat::Open,
        &TransformOptions::default(),
    ) {
        Ok(parsed) => panic!("parsed: {}", print(&parsed)),
        Err(diagnostics) => diagnostics,
    }
}

/// Printed by the library's printer as it stands: no pass adds parentheses or renames.
pub(super) fn print(parsed: &ParsedModule) -> String {
    print_module(&parsed.module, Some(parsed))
}

fn print_module(module: &Module, parsed: Option<&ParsedModule>) -> String {
    let source_map = Arc::new(SourceMap::default());
    let comments = parsed.map(|parsed| parsed.comments.to_single_threaded());
    let mut buffer = Vec::new();
    let writer = JsWriter::new(Arc::clone(&source_map), "\n", &mut buffer, None);
    let mut emitter = Emitter {
        cfg: Config::default().with_target(EsVersion::EsNext),
        cm: source_map,
        comments: comments
            .as_ref()
            .map(|comments| comments as &dyn swc_core::common::comments::Comments),
        wr: writer,
    };
    emitter
        .emit_module(module)
        .expect("printing into memory does not fail");
    String::from_utf8(buffer).expect("the printer writes UTF-8")
}

/// Gives every module-level binding a name of its own, prints, parses and resolves again: every identifier
/// must still mean the same binding, and every free name must still be free.
pub(super) fn prove_identifiers(parsed: &ParsedModule) {
    let mut module = parsed.module.clone();
    let text = GLOBALS.set(&parsed.globals, || {
        let unresolved = SyntaxContext::empty().apply_mark(parsed.unresolved_mark);
        let top_level: BTreeSet<Id> = module_level(&module).into_iter().collect();
        assert!(
            top_level
                .iter()
                .all(|(_, context)| *context != unresolved && *context != SyntaxContext::empty()),
            "a module-level binding looks free: {top_level:?}"
        );
        let names = top_level
            .into_iter()
            .enumerate()
            .map(|(number, id)| (id.clone(), Atom::from(format!("{}_{number}_", id.0))))
            .collect();
        module.visit_mut_with(&mut Rename { names });
        print_module(&module, None)
    });
    let again = GLOBALS.set(&swc_core::common::Globals::new(), || {
        let mut again = parse_again(&text);
        resolver(Mark::new(), Mark::new(), false).process(&mut again);
        class_heritage::bind_names(&mut again, DecoratorSemantics::Standard);
        again
    });
    let (before, after) = (identifiers(&module), identifiers(&again));
    assert_eq!(
        before.iter().map(|id| &id.0).collect::<Vec<_>>(),
        after.iter().map(|id| &id.0).collect::<Vec<_>>(),
        "the same identifiers in the same order\n{text}"
    );
    let mut forward: FxHashMap<&Id, &Id> = FxHashMap::default();
    let mut backward: FxHashMap<&Id, &Id> = FxHashMap::default();
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(
            *forward.entry(old).or_insert(new),
            new,
            "{old:?} became two bindings\n{text}"
        );
        assert_eq!(
            *backward.entry(new).or_insert(old),
            old,
            "{new:?} was two bindings\n{text}"
        );
    }
}

fn parse_again(text: &str) -> Program {
    use swc_core::common::BytePos;
    use swc_core::common::input::StringInput;
    use swc_core::ecma::parser::{EsSyntax, Lexer, Parser, Syntax};

    let end = u32::try_from(text.len()).expect("a test is small") + 1;
    let input = StringInput::new(text, BytePos(1), BytePos(end));
    let syntax = Syntax::Es(EsSyntax {
        allow_return_outside_function: true,
        ..EsSyntax::default()
    });
    let mut parser = Parser::new_from(Lexer::new(syntax, EsVersion::EsNext, input, None));
    let module = parser
        .parse_module()
        .unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let errors = parser.take_errors();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    Program::Module(module)
}

fn module_level(module: &Module) -> FxHashSet<Id> {
    // Every binding whose scope is the module: declared by an item, or by `var` below one.
    let mut ids: FxHashSet<Id> = FxHashSet::default();
    for item in &module.body {
        use swc_core::ecma::ast::{Decl, DefaultDecl, ModuleDecl, ModuleItem, Stmt};
        match item {
            ModuleItem::Stmt(Stmt::Decl(Decl::Fn(function))) => {
                ids.insert(function.ident.to_id());
            }
            ModuleItem::Stmt(Stmt::Decl(Decl::Class(class))) => {
                ids.insert(class.ident.to_id());
            }
            ModuleItem::Stmt(Stmt::Decl(Decl::Var(variables))) => {
                for declarator in &variables.decls {
                    ids.extend(swc_core::ecma::utils::find_pat_ids::<_, Id>(&declarator.name));
                }
            }
            ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => {
                ids.extend(
                    import
                        .specifiers
                        .iter()
                        .map(|specifier| specifier.local().to_id()),
                );
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => {
                ids.extend(collect_decls::<Id, _>(&export.decl).into_iter().filter(
                    |id| match &export.decl {
                        Decl::Fn(function) => function.ident.to_id() == *id,
                        Decl::Class(class) => class.ident.to_id() == *id,
                        _ => true,
                    },
                ));
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &export.decl {
                DefaultDecl::Fn(function) => ids.extend(function.ident.as_ref().map(Ident::to_id)),
                DefaultDecl::Class(class) => ids.extend(class.ident.as_ref().map(Ident::to_id)),
                DefaultDecl::TsInterfaceDecl(_) => {}
            },
            _ => {}
        }
    }
    ids.extend(var_names(module).iter().map(Ident::to_id));
    ids
}

struct Rename {
    names: FxHashMap<Id, Atom>,
}

impl VisitMut for Rename {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if let Some(name) = self.names.get(&node.to_id()) {
            node.sym = name.clone();
        }
    }

    fn visit_mut_prop(&mut self, node: &mut swc_core::ecma::ast::Prop) {
        use swc_core::ecma::ast::{Expr, IdentName, KeyValueProp, Prop, PropName};
        if let Prop::Shorthand(ident) = node
            && self.names.contains_key(&ident.to_id())
        {
            let key = PropName::Ident(IdentName::new(ident.sym.clone(), ident.span));
            *node = Prop::KeyValue(KeyValueProp {
                key,
                value: Box::new(Expr::Ident(ident.clone())),
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut swc_core::ecma::ast::ObjectPatProp) {
        use swc_core::ecma::ast::{AssignPat, IdentName, KeyValuePatProp, ObjectPatProp, Pat, PropName};
        if let ObjectPatProp::Assign(shorthand) = node
            && self.names.contains_key(&shorthand.key.to_id())
        {
            let key = PropName::Ident(IdentName::new(shorthand.key.sym.clone(), shorthand.span));
            let left = Box::new(Pat::Ident(shorthand.key.clone()));
            let value = match shorthand.value.take() {
                Some(right) => Box::new(Pat::Assign(AssignPat {
                    span: shorthand.span,
                    left,
                    right,
                })),
                None => left,
            };
            *node = ObjectPatProp::KeyValue(KeyValuePatProp { key, value });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_import_named_specifier(&mut self, node: &mut swc_core::ecma::ast::ImportNamedSpecifier) {
        use swc_core::ecma::ast::ModuleExportName;
        if node.imported.is_none() {
            node.imported = Some(ModuleExportName::Ident(node.local.clone()));
        }
        self.visit_mut_ident(&mut node.local);
    }

    fn visit_mut_export_named_specifier(&mut self, node: &mut swc_core::ecma::ast::ExportNamedSpecifier) {
        if node.exported.is_none() {
            node.exported = Some(node.orig.clone());
        }
        if let swc_core::ecma::ast::ModuleExportName::Ident(local) = &mut node.orig {
            self.visit_mut_ident(local);
        }
    }
}

/// Every identifier that refers to or makes a binding, in the order of the source.
pub(super) fn identifiers(node: &impl VisitWith<Identifiers>) -> Vec<Id> {
    let mut all = Identifiers::default();
    node.visit_with(&mut all);
    all.ids
}

#[derive(Default)]
pub(super) struct Identifiers {
    ids: Vec<Id>,
}

impl Visit for Identifiers {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.ids.push(node.to_id());
    }

    fn visit_labeled_stmt(&mut self, node: &swc_core::ecma::ast::LabeledStmt) {
        node.body.visit_with(self);
    }
    fn visit_break_stmt(&mut self, _: &swc_core::ecma::ast::BreakStmt) {}
    fn visit_continue_stmt(&mut self, _: &swc_core::ecma::ast::ContinueStmt) {}

    fn visit_import_named_specifier(&mut self, node: &swc_core::ecma::ast::ImportNamedSpecifier) {
        self.visit_ident(&node.local);
    }

    fn visit_named_export(&mut self, node: &swc_core::ecma::ast::NamedExport) {
        if node.src.is_none() {
            node.visit_children_with(self);
        }
    }

    fn visit_export_named_specifier(&mut self, node: &swc_core::ecma::ast::ExportNamedSpecifier) {
        if let swc_core::ecma::ast::ModuleExportName::Ident(local) = &node.orig {
            self.visit_ident(local);
        }
    }
}
