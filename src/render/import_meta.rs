//! `import.meta` of a module that shares its file with others that use theirs.

use super::ast;
use super::rewrite::Rewriter;
use super::runtime::Helper;
use crate::graph::{ImportMetaUse, ModuleId};
use swc_core::ecma::ast::Expr;

impl Rewriter<'_> {
    /// What stands for `import.meta`, if the one of the file does not do: in a module that uses it as an object, where
    /// another would notice.
    pub fn own_import_meta(&mut self) -> Option<Expr> {
        let use_of = |module: ModuleId| self.bound.graph.modules[module].syntax.features.import_meta;
        if use_of(self.module_id) != ImportMetaUse::Object {
            return None;
        }
        let modules = &self.surroundings.graph.chunks[self.surroundings.chunk].modules;
        let mut others = modules.iter().filter(|module| **module != self.module_id);
        if !others.any(|module| use_of(*module) > ImportMetaUse::Nothing) {
            return None;
        }
        let number = modules.iter().position(|module| *module == self.module_id)?;
        let number = u32::try_from(number).ok()?;
        Some(self.helper(Helper::ImportMeta, vec![ast::number(f64::from(number))]))
    }
}
