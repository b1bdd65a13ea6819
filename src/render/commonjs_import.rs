//! `import()` of a CommonJS module.
//!
//! The file of the module has `module.exports` as its `default`, and the names that are known without running it: for an
//! importer that Node would know as an ES module that is what Node gives. Other importers were written for bundlers, and
//! get what their static imports get. Where the object itself is used, the file has it:
//!
//! ```js
//! import("./file.js").then(__importedCommonJS)
//! import("./file.js").then((file) => file.view)
//! ```

use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{CallExpr, Expr};

use super::ast;
use super::rewrite::Rewriter;
use super::runtime::Helper;
use crate::bind::{LIVE, VIEW};
use crate::graph::{EntryKind, ModuleFormat, RequestSyntax, Target};

/// What an importer takes of the namespace of the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum TakenOfFile {
    /// What it has under a name.
    Object(&'static str),
    /// A view is made of it.
    View,
}

impl Rewriter<'_> {
    /// What is taken of the file, where its namespace is not yet what the importer expects.
    pub(super) fn taken_of_commonjs(&self, call: &CallExpr) -> Option<TakenOfFile> {
        let record = Self::record_of(call)?;
        let request = self.module.syntax.records.get(record)?;
        if request.syntax != RequestSyntax::Dynamic {
            return None;
        }
        let Target::Module(target) = self.module.targets[record] else {
            return None;
        };
        let is_of_node = self.module.is_node_module_syntax;
        if self.bound.handed_over(target).is_some() {
            return Some(TakenOfFile::Object(if is_of_node { VIEW } else { LIVE }));
        }
        // The file of a declared entry has the `default` that is promised to everybody.
        let mut entries = self.bound.entries.iter();
        let has_whole_value = entries.any(|entry| {
            entry.module == target && matches!(entry.kind, EntryKind::Dynamic | EntryKind::Plain)
        });
        let is_viewed = has_whole_value
            && !is_of_node
            && self.bound.graph.modules[target].syntax.format == ModuleFormat::CommonJs;
        is_viewed.then_some(TakenOfFile::View)
    }

    /// `import(…).then(…)`
    pub(super) fn take_of_imported(&mut self, taken: TakenOfFile, import: Expr) -> Expr {
        let taking = match taken {
            TakenOfFile::View => self.helper_value(Helper::ImportedCommonJs),
            TakenOfFile::Object(name) => {
                let file = ast::ident(&"file".into(), SyntaxContext::empty().apply_mark(Mark::new()));
                let object = ast::member(Expr::Ident(file.clone()), &name.into());
                ast::arrow_of(vec![file], object)
            }
        };
        ast::call(ast::member(import, &"then".into()), vec![taking])
    }
}
