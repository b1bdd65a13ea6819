//! The names that a module declares for itself: `export { name }` of another one is a syntax error.

use std::collections::HashSet;

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ArrowExpr, Class, ClassDecl, DefaultDecl, ExportDefaultDecl, FnDecl, Function, Ident, ImportDecl, Module,
    VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith};

/// Imports, functions, classes, and variables, also those of `var` inside of blocks.
pub(super) fn names_of(module: &Module) -> HashSet<Atom> {
    let mut declared = Declared(HashSet::new());
    module.visit_with(&mut declared);
    declared.0
}

struct Declared(HashSet<Atom>);

impl Visit for Declared {
    fn visit_import_decl(&mut self, import: &ImportDecl) {
        self.0
            .extend(import.specifiers.iter().map(|one| one.local().sym.clone()));
    }

    fn visit_var_declarator(&mut self, variable: &VarDeclarator) {
        let names = find_pat_ids::<_, Ident>(&variable.name);
        self.0.extend(names.into_iter().map(|name| name.sym));
        variable.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, function: &FnDecl) {
        self.0.insert(function.ident.sym.clone());
    }

    fn visit_class_decl(&mut self, class: &ClassDecl) {
        self.0.insert(class.ident.sym.clone());
    }

    fn visit_export_default_decl(&mut self, export: &ExportDefaultDecl) {
        let name = match &export.decl {
            DefaultDecl::Class(class) => class.ident.as_ref(),
            DefaultDecl::Fn(function) => function.ident.as_ref(),
            DefaultDecl::TsInterfaceDecl(_) => None,
        };
        self.0.extend(name.map(|name| name.sym.clone()));
    }

    // What is declared in there is not the module's.
    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    fn visit_class(&mut self, _: &Class) {}
}
