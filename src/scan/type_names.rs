//! The names a TypeScript file gives to types. They are gone when types are stripped, and then
//! `export { Name } from './types'` must not be taken for a mistake.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    Decl, ExportSpecifier, ImportDecl, ImportSpecifier, ModuleDecl, ModuleExportName, ModuleItem,
    NamedExport, Program, Stmt,
};

/// Names that are declared, imported or exported as types, and imports that may be types.
pub fn type_names(program: &Program) -> FxHashSet<Atom> {
    let mut names = FxHashSet::default();
    let Program::Module(module) = program else {
        return names;
    };
    for item in &module.body {
        match item {
            ModuleItem::Stmt(Stmt::Decl(declaration)) => of_declaration(declaration, &mut names),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => {
                of_declaration(&export.decl, &mut names);
            }
            ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => of_import(import, &mut names),
            ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(export)) => of_export(export, &mut names),
            _ => {}
        }
    }
    names
}

fn of_declaration(declaration: &Decl, names: &mut FxHashSet<Atom>) {
    let name = match declaration {
        Decl::TsInterface(interface) => interface.id.sym.clone(),
        Decl::TsTypeAlias(alias) => alias.id.sym.clone(),
        Decl::TsModule(namespace) => match namespace.id.as_ident() {
            Some(name) => name.sym.clone(),
            None => return,
        },
        Decl::Class(class) if class.declare => class.ident.sym.clone(),
        Decl::Fn(function) if function.declare => function.ident.sym.clone(),
        _ => return,
    };
    names.insert(name);
}

/// An imported name may be a type of the other file; `export { Name }` passes it on.
fn of_import(import: &ImportDecl, names: &mut FxHashSet<Atom>) {
    for specifier in &import.specifiers {
        if let ImportSpecifier::Named(named) = specifier {
            names.insert(named.local.sym.clone());
        }
    }
}

fn of_export(export: &NamedExport, names: &mut FxHashSet<Atom>) {
    for specifier in &export.specifiers {
        let ExportSpecifier::Named(named) = specifier else {
            continue;
        };
        if let ModuleExportName::Ident(name) = named.exported.as_ref().unwrap_or(&named.orig)
            && (export.type_only || named.is_type_only || export.src.is_some())
        {
            names.insert(name.sym.clone());
        }
    }
}
