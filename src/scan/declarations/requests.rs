//! What declarations import: `import`, `export … from`, `import("…")` types, `import a = require("…")`, and modules
//! that are augmented.

use std::collections::BTreeMap;
use std::path::Path;

use swc_core::common::Span;
use swc_core::ecma::ast::{
    ExportAll, ImportDecl, NamedExport, Program, Str, TsExternalModuleRef, TsImportType, TsModuleDecl,
    TsModuleName,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use crate::diagnostic::Location;

/// One import of a declaration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRequest {
    /// As written.
    pub specifier: String,
    /// Whether something is taken from there; `import "./a"` takes nothing.
    pub takes_names: bool,
    /// Where it is written.
    pub location: Location,
}

pub(super) fn requests_of(program: &mut Program, path: &Path, source: &str) -> Vec<TypeRequest> {
    let mut requests = Vec::new();
    program.visit_mut_with(&mut Specifiers {
        each: &mut |text: &mut Str, takes_names| {
            let offset = |position: u32| position.saturating_sub(1) as usize;
            let Span { lo, hi, .. } = text.span;
            requests.push(TypeRequest {
                specifier: text.value.to_string_lossy().into_owned(),
                takes_names,
                location: Location::of_range(path, source, offset(lo.0), offset(hi.0)),
            });
        },
    });
    requests
}

/// Replaces specifiers.
pub(super) struct Rewrite<'a> {
    pub specifiers: &'a BTreeMap<String, String>,
}

impl VisitMut for Rewrite<'_> {
    fn visit_mut_program(&mut self, program: &mut Program) {
        program.visit_mut_with(&mut Specifiers {
            each: &mut |text: &mut Str, _| {
                if let Some(other) = self.specifiers.get(text.value.to_string_lossy().as_ref()) {
                    *text = Str::from(other.as_str());
                }
            },
        });
    }
}

struct Specifiers<'a> {
    each: &'a mut dyn FnMut(&mut Str, bool),
}

impl VisitMut for Specifiers<'_> {
    fn visit_mut_import_decl(&mut self, node: &mut ImportDecl) {
        let takes_names = !node.specifiers.is_empty();
        (self.each)(&mut node.src, takes_names);
    }
    fn visit_mut_export_all(&mut self, node: &mut ExportAll) {
        (self.each)(&mut node.src, true);
    }
    fn visit_mut_named_export(&mut self, node: &mut NamedExport) {
        if let Some(source) = &mut node.src {
            (self.each)(source, true);
        }
    }
    fn visit_mut_ts_import_type(&mut self, node: &mut TsImportType) {
        (self.each)(&mut node.arg, true);
        node.visit_mut_children_with(self);
    }
    fn visit_mut_ts_external_module_ref(&mut self, node: &mut TsExternalModuleRef) {
        (self.each)(&mut node.expr, true);
    }
    fn visit_mut_ts_module_decl(&mut self, node: &mut TsModuleDecl) {
        if let TsModuleName::Str(name) = &mut node.id
            && name.value.to_string_lossy().starts_with('.')
        {
            (self.each)(name, false);
        }
        node.visit_mut_children_with(self);
    }
}
