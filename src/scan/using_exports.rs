//! Exports of a module that has a `using` of its own.
//!
//! ```text
//! using a = f();          using a = f();
//! export const b = 1;     const b = 1;  export { b };
//! ```
//!
//! What comes after a `using` stands in a `try` block then, which no export can.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    Decl, DefaultDecl, ExportDefaultExpr, ExportNamedSpecifier, ExportSpecifier, Expr, Id, Ident, Module,
    ModuleDecl, ModuleExportName, ModuleItem, NamedExport, Program, Stmt,
};
use swc_core::ecma::utils::find_pat_ids;

/// Takes declarations and their exports apart. To be called before `using` is rewritten.
pub(super) fn take_apart(program: &mut Program) {
    let Program::Module(module) = program else { return };
    let is_using = |item: &ModuleItem| matches!(item, ModuleItem::Stmt(Stmt::Decl(Decl::Using(_))));
    if module.body.iter().any(is_using) {
        take_exports(module);
    }
}

fn take_exports(module: &mut Module) {
    let mut names: Vec<Ident> = Vec::new();
    for item in &mut module.body {
        value_of_default_class(item);
        let ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) = item else {
            continue;
        };
        match &export.decl {
            Decl::Class(class) => names.push(class.ident.clone()),
            Decl::Var(variables) => {
                let ids = find_pat_ids::<_, Id>(&variables.decls).into_iter();
                names.extend(ids.map(|(name, context)| Ident::new(name, DUMMY_SP, context)));
            }
            _ => continue,
        }
        *item = ModuleItem::Stmt(Stmt::Decl(export.decl.clone()));
    }
    if names.is_empty() {
        return;
    }
    let specifiers = names.into_iter().map(|name| {
        ExportSpecifier::Named(ExportNamedSpecifier {
            span: DUMMY_SP,
            orig: ModuleExportName::Ident(name),
            exported: None,
            is_type_only: false,
        })
    });
    module
        .body
        .push(ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(NamedExport {
            span: DUMMY_SP,
            specifiers: specifiers.collect(),
            src: None,
            type_only: false,
            with: None,
        })));
}

/// A class without a name as a value: as a declaration it would stand where the `try` block cannot see it.
fn value_of_default_class(item: &mut ModuleItem) {
    if let ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) = item
        && let DefaultDecl::Class(class) = &export.decl
        && class.ident.is_none()
    {
        *item = ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(ExportDefaultExpr {
            span: export.span,
            expr: Box::new(Expr::Class(class.clone())),
        }));
    }
}
