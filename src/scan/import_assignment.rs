//! TypeScript's `import a = require()` and `export =` in files that are ES modules.
//!
//! In a CommonJS file `export = a` is `module.exports = a` and the library does it. An ES module has no
//! `module`, so there the value becomes the default export, which is what its importers get in both forms.

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ExportDefaultExpr, ExportNamedSpecifier, ExportSpecifier, ModuleDecl, ModuleExportName, ModuleItem,
    NamedExport, Program, TsModuleRef,
};
use swc_core::ecma::visit::VisitMutWith as _;

use super::generated_names::ChangeContext;
use super::parse::Marks;

/// To be called before names are resolved.
pub(super) fn rewrite_in_module(program: &mut Program) {
    let Program::Module(module) = program else { return };
    let mut exports = Vec::new();
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
                    *declaration = ModuleDecl::ExportDefaultExpr(ExportDefaultExpr { span, expr });
                }
            }
            _ => {}
        }
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
