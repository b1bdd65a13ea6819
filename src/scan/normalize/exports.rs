//! Export declarations as exports and statements.

use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{Mark, Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ClassDecl, Decl, DefaultDecl, ExportSpecifier, Expr, FnDecl, Id, Ident, ModuleExportName, NamedExport,
    Pat, Stmt, VarDecl, VarDeclKind, VarDeclarator,
};

use super::{Normalizer, byte_range, text_of};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{ExportBinding, ExportTarget, ImportedName};

impl Normalizer<'_> {
    pub(super) fn named_export(&mut self, export: NamedExport) {
        let record = export
            .src
            .as_ref()
            .map(|source| self.record(source, export.with.as_deref()));
        for specifier in export.specifiers {
            let span = byte_range(specifier.span());
            match (specifier, record) {
                (ExportSpecifier::Namespace(namespace), Some(record)) => {
                    self.export(
                        export_name(&namespace.name),
                        ExportTarget::Reexport(record, ImportedName::Namespace),
                        span,
                    );
                }
                (ExportSpecifier::Named(named), Some(record)) => {
                    let imported = export_name(&named.orig);
                    let name = named
                        .exported
                        .as_ref()
                        .map_or_else(|| imported.clone(), export_name);
                    self.export(
                        name,
                        ExportTarget::Reexport(record, ImportedName::Name(imported)),
                        span,
                    );
                }
                (ExportSpecifier::Named(named), None) => {
                    let name = export_name(named.exported.as_ref().unwrap_or(&named.orig));
                    if let ModuleExportName::Ident(local) = named.orig {
                        self.local_exports.push((local.to_id(), name, span));
                    }
                }
                // `export v from 'mod'` was a proposal that the parser does not accept by default, and
                // `export * as ns` always has a source.
                (ExportSpecifier::Default(_) | ExportSpecifier::Namespace(_), _) => {}
            }
        }
    }

    pub(super) fn export(&mut self, name: Atom, target: ExportTarget, span: (usize, usize)) {
        self.output.exports.push(ExportBinding { name, target, span });
    }

    pub(super) fn default_declaration(&mut self, declaration: DefaultDecl, span: Span) {
        match declaration {
            DefaultDecl::Fn(mut function) => {
                let ident = function.ident.take().unwrap_or_else(|| self.default_ident());
                function.function.span = function.function.span.with_lo(span.lo);
                self.export_default(ident.to_id(), span);
                self.statement(Stmt::Decl(Decl::Fn(FnDecl {
                    ident,
                    declare: false,
                    function: function.function,
                })));
            }
            DefaultDecl::Class(mut class) => {
                let ident = class.ident.take().unwrap_or_else(|| self.default_ident());
                class.class.span = class.class.span.with_lo(span.lo);
                self.export_default(ident.to_id(), span);
                self.statement(Stmt::Decl(Decl::Class(ClassDecl {
                    ident,
                    declare: false,
                    class: class.class,
                })));
            }
            DefaultDecl::TsInterfaceDecl(_) => {}
        }
    }

    pub(super) fn default_expression(&mut self, mut expression: Box<Expr>, span: Span) {
        let ident = self.default_ident();
        self.export_default(ident.to_id(), span);
        self.statement(Stmt::Decl(Decl::Var(Box::new(VarDecl {
            span,
            kind: VarDeclKind::Const,
            decls: vec![VarDeclarator {
                span: expression.span(),
                name: Pat::Ident(ident.into()),
                init: Some(expression.take()),
                definite: false,
            }],
            ..VarDecl::default()
        }))));
    }

    /// A name of its own identity: a user's binding of the same spelling stays another one.
    pub(super) fn default_ident(&self) -> Ident {
        let context = SyntaxContext::empty().apply_mark(Mark::new());
        Ident::new(self.default_name.into(), swc_core::common::DUMMY_SP, context)
    }

    pub(super) fn export_default(&mut self, id: Id, span: Span) {
        self.local_exports.push((id, "default".into(), byte_range(span)));
    }

    pub(super) fn resolve_local_exports(&mut self) {
        for (id, name, span) in std::mem::take(&mut self.local_exports) {
            if let Some(local) = self.output.symbol_of.get(&id) {
                let target = ExportTarget::Local(*local);
                self.export(name, target, span);
            } else {
                self.output.diagnostics.push(
                    Diagnostic::new(
                        Code::Syntax,
                        "",
                        format!("`{}` is exported but not declared in this file.", id.0),
                        format!("Declare or import `{}`, or remove it from the export list.", id.0),
                    )
                    .at(Some(Location::of_range(self.path, self.source, span.0, span.1))),
                );
            }
        }
    }
}

pub(super) fn export_name(name: &ModuleExportName) -> Atom {
    match name {
        ModuleExportName::Ident(ident) => ident.sym.clone(),
        ModuleExportName::Str(text) => text_of(&text.value),
    }
}
