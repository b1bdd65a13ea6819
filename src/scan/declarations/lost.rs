//! What the maker of declarations would leave out without a word: exports, and properties that functions are given.

use std::collections::{BTreeMap, BTreeSet};

use swc_core::common::{Span, Spanned as _};
use swc_core::ecma::ast::{
    AssignTarget, Decl, DefaultDecl, ExportSpecifier, Expr, Id, ModuleDecl, ModuleExportName, ModuleItem,
    Pat, Program, SimpleAssignTarget, Stmt, TsModuleName,
};
use swc_core::ecma::utils::find_pat_ids;

/// The names that a file exports, and where.
pub fn exported_names(program: &Program) -> BTreeMap<String, Span> {
    let mut exported = BTreeMap::new();
    let Program::Module(module) = program else {
        return exported;
    };
    for item in &module.body {
        let ModuleItem::ModuleDecl(declaration) = item else {
            continue;
        };
        match declaration {
            ModuleDecl::ExportDecl(export) => {
                let span = export.span;
                exported.extend(declared_names(&export.decl).into_iter().map(|name| (name, span)));
            }
            ModuleDecl::ExportNamed(export) => {
                for specifier in &export.specifiers {
                    let name = match specifier {
                        ExportSpecifier::Named(named) => {
                            text_of(named.exported.as_ref().unwrap_or(&named.orig))
                        }
                        ExportSpecifier::Namespace(namespace) => text_of(&namespace.name),
                        ExportSpecifier::Default(default) => default.exported.sym.to_string(),
                    };
                    exported.insert(name, specifier.span());
                }
            }
            ModuleDecl::ExportDefaultDecl(_) | ModuleDecl::ExportDefaultExpr(_) => {
                exported.insert("default".to_owned(), declaration.span());
            }
            ModuleDecl::TsImportEquals(import) if import.is_export => {
                exported.insert(import.id.sym.to_string(), import.span);
            }
            _ => {}
        }
    }
    exported
}

/// Where an exported function is given a property that nothing declares.
pub fn assigned_properties(program: &Program) -> Vec<Span> {
    let Program::Module(module) = program else {
        return Vec::new();
    };
    let mut functions: BTreeSet<String> = BTreeSet::new();
    let mut namespaces: BTreeSet<String> = BTreeSet::new();
    let exported = exported_names(program);
    for item in &module.body {
        let declaration = match item {
            ModuleItem::Stmt(Stmt::Decl(declaration)) => declaration,
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => &export.decl,
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => {
                if let DefaultDecl::Fn(function) = &export.decl {
                    functions.extend(function.ident.iter().map(|name| name.sym.to_string()));
                }
                continue;
            }
            _ => continue,
        };
        match declaration {
            Decl::Fn(function) if exported.contains_key(function.ident.sym.as_str()) => {
                functions.insert(function.ident.sym.to_string());
            }
            Decl::TsModule(_) => namespaces.extend(declared_names(declaration)),
            _ => {}
        }
    }
    let is_open = |name: &str| functions.contains(name) && !namespaces.contains(name);
    let statements = module.body.iter().filter_map(|item| match item {
        ModuleItem::Stmt(Stmt::Expr(statement)) => Some(&*statement.expr),
        _ => None,
    });
    let properties = statements.filter_map(|expression| {
        let Expr::Assign(assignment) = expression else {
            return None;
        };
        let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left else {
            return None;
        };
        let object = member.obj.as_ident()?;
        is_open(&object.sym).then_some(member.span)
    });
    properties.collect()
}

fn declared_names(declaration: &Decl) -> Vec<String> {
    match declaration {
        Decl::Class(class) => vec![class.ident.sym.to_string()],
        Decl::Fn(function) => vec![function.ident.sym.to_string()],
        Decl::Var(variables) => {
            let patterns = variables.decls.iter().map(|variable| &variable.name);
            patterns.flat_map(names_of_pattern).collect()
        }
        Decl::TsInterface(interface) => vec![interface.id.sym.to_string()],
        Decl::TsTypeAlias(alias) => vec![alias.id.sym.to_string()],
        Decl::TsEnum(declared) => vec![declared.id.sym.to_string()],
        Decl::TsModule(namespace) => match &namespace.id {
            TsModuleName::Ident(name) => vec![name.sym.to_string()],
            TsModuleName::Str(_) => Vec::new(),
        },
        Decl::Using(_) => Vec::new(),
    }
}

fn names_of_pattern(pattern: &Pat) -> Vec<String> {
    let ids: Vec<Id> = find_pat_ids(pattern);
    ids.into_iter().map(|(name, _)| name.to_string()).collect()
}

fn text_of(name: &ModuleExportName) -> String {
    match name {
        ModuleExportName::Ident(name) => name.sym.to_string(),
        ModuleExportName::Str(text) => text.value.to_string_lossy().into_owned(),
    }
}
