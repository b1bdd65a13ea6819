//! Variables that hold what `require()` gives.

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{Id, Pat, VarDeclarator};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::Finder;
use crate::graph::RecordId;

/// Finds the variables that hold what a request gives, and nothing else ever.
pub(super) struct Holders<'a, 'b> {
    pub finder: &'b Finder<'a>,
    /// None where a variable holds one of several.
    pub found: FxHashMap<Id, Option<RecordId>>,
}

impl Visit for Holders<'_, '_> {
    noop_visit_type!();

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let Pat::Ident(ident) = &declarator.name
            && let Some(record) = declarator
                .init
                .as_deref()
                .and_then(|value| self.finder.required(value))
        {
            let known = self.found.entry(ident.id.to_id());
            known.and_modify(|known| *known = None).or_insert(Some(record));
            return;
        }
        declarator.visit_children_with(self);
    }
}
