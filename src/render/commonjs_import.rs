//! `import()` of a CommonJS module.
//!
//! The file of the module has `module.exports` as its `default`, and the names that are known without running it: for an
//! importer that Node would know as an ES module that is what Node gives. Other importers were written for bundlers, and
//! get what their static imports get:
//!
//! ```js
//! import("./file.js").then(__importedCommonJS)
//! ```

use swc_core::ecma::ast::{CallExpr, Expr};

use super::ast;
use super::rewrite::Rewriter;
use super::runtime::Helper;
use crate::graph::{EntryKind, ModuleFormat, RequestSyntax, Target};

impl Rewriter<'_> {
    /// Whether the namespace of the file is not yet what the importer expects.
    pub(super) fn is_import_of_commonjs(&self, call: &CallExpr) -> bool {
        let syntax = &self.module.syntax;
        let Some(record) = Self::record_of(call) else {
            return false;
        };
        let is_import = syntax
            .records
            .get(record)
            .is_some_and(|request| request.syntax == RequestSyntax::Dynamic);
        if !is_import || self.module.is_node_module_syntax {
            return false;
        }
        let Target::Module(target) = self.module.targets[record] else {
            return false;
        };
        // The file of a declared entry has the `default` that is promised to everybody.
        let mut entries = self.bound.entries.iter();
        let has_whole_value = entries.any(|entry| {
            entry.module == target && matches!(entry.kind, EntryKind::Dynamic | EntryKind::Plain)
        });
        has_whole_value && self.bound.graph.modules[target].syntax.format == ModuleFormat::CommonJs
    }

    /// `import(…).then(__importedCommonJS)`
    pub(super) fn view_of_imported_commonjs(&mut self, import: Expr) -> Expr {
        let view = self.helper_value(Helper::ImportedCommonJs);
        ast::call(ast::member(import, &"then".into()), vec![view])
    }
}
