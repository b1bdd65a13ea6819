//! TypeScript's `import a = require()` and `export =` in files that are ES modules.
//!
//! In a CommonJS file `export = a` is `module.exports = a` and the library does it. An ES module has no
//! `module`, so there the value becomes the default export, which is what its importers get in both forms, and what
//! `require()` gives, under the name that Node has for that.

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    Decl, ExportDefaultExpr, ExportNamedSpecifier, ExportSpecifier, Ident, ModuleDecl, ModuleExportName,
    ModuleItem, NamedExport, Program, Stmt, TsModuleRef,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::VisitMutWith as _;

use super::generated_names::ChangeContext;
use super::parse::Marks;

/// To be called before names are resolved.
pub(super) fn rewrite_in_module(program: &mut Program) {
    let Program::Module(module) = program else { return };
    let mut exports = Vec::new();
    let mut assigned = None;
    for item in &mut module.body {
        match item {
            ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import))
                if import.is_export && matches!(import.module_ref, TsModuleRef::TsExternalModuleRef(_)) =>
            {
                import.is_export = false;
                exports.push(ExportSpecifier::Named(ExportNamedSpecifier {
                    span: import.span,
                    orig: ModuleExportName::Ident(import.id.clone()),
                    exported: None,
                    is_type_only: import.is_type_only,
                }));
            }
            ModuleItem::ModuleDecl(declaration @ ModuleDecl::TsExportAssignment(_)) => {
                if let ModuleDecl::TsExportAssignment(assignment) = declaration {
                    let (span, expr) = (assignment.span, assignment.expr.clone());
                    assigned = expr.as_ident().cloned();
                    *declaration = ModuleDecl::ExportDefaultExpr(ExportDefaultExpr { span, expr });
                }
            }
            _ => {}
        }
    }
    if let Some(name) = assigned
        && module.body.iter().any(|item| declares(item, &name))
    {
        exports.push(ExportSpecifier::Named(ExportNamedSpecifier {
            span: DUMMY_SP,
            orig: ModuleExportName::Ident(name),
            exported: Some(ModuleExportName::Str("module.exports".into())),
            is_type_only: false,
        }));
    }
    if !exports.is_empty() {
        module
            .body
            .push(ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(NamedExport {
                span: DUMMY_SP,
                specifiers: exports,
                src: None,
                type_only: false,
                with: None,
            })));
    }
}

/// Whether a statement declares a value of this name.
fn declares(item: &ModuleItem, name: &Ident) -> bool {
    let is_it = |declared: &Ident| declared.sym == name.sym;
    match item {
        ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => {
            !import.type_only && import.specifiers.iter().any(|one| is_it(one.local()))
        }
        ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) => {
            !import.is_type_only && is_it(&import.id)
        }
        ModuleItem::Stmt(Stmt::Decl(Decl::Class(class))) => is_it(&class.ident),
        ModuleItem::Stmt(Stmt::Decl(Decl::Fn(function))) => is_it(&function.ident),
        ModuleItem::Stmt(Stmt::Decl(Decl::TsEnum(object))) => is_it(&object.id),
        ModuleItem::Stmt(Stmt::Decl(Decl::Var(variables))) => {
            find_pat_ids::<_, Ident>(&variables.decls).iter().any(is_it)
        }
        _ => false,
    }
}

/// `export = a` writes `module.exports = a`, so in a file that has it, bindings called like these words are called
/// otherwise: `let module = 1; export = module`. To be called when names are resolved.
pub(super) fn free_words_of_commonjs(program: &mut Program, marks: Marks) {
    let Program::Module(module) = &*program else {
        return;
    };
    let assigns = |item: &ModuleItem| {
        matches!(
            item,
            ModuleItem::ModuleDecl(ModuleDecl::TsExportAssignment(_) | ModuleDecl::TsImportEquals(_))
        )
    };
    if !module.body.iter().any(assigns) {
        return;
    }
    let top_level = SyntaxContext::empty().apply_mark(marks.top_level);
    for word in ["module", "exports"] {
        program.visit_mut_with(&mut ChangeContext::new((word.into(), top_level)));
    }
}
