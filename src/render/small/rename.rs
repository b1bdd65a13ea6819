//! Puts placeholders in the place of names.

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{BreakStmt, ContinueStmt, Id, Ident, LabeledStmt, Module, ObjectPatProp, Prop};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::scopes::{Binding, BindingKind};
use crate::render::print::{NamePlace, placeholder};
use crate::scan::shorthands::{rename_pattern_property, rename_property};

/// Puts placeholders in the place of all names that are not free; `index` says which binding an identity is.
pub fn put_placeholders(module: &mut Module, index: &FxHashMap<Id, u32>, bindings: &[Binding]) {
    module.visit_mut_with(&mut Renamer { index, bindings });
}

struct Renamer<'a> {
    index: &'a FxHashMap<Id, u32>,
    bindings: &'a [Binding],
}

impl Renamer<'_> {
    fn rename(&self, ident: &mut Ident, place: NamePlace) {
        if let Some(binding) = self.index.get(&ident.to_id())
            && self.bindings[*binding as usize].kind != BindingKind::Free
        {
            ident.sym = placeholder(*binding, place);
        }
    }
}

impl VisitMut for Renamer<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        self.rename(ident, NamePlace::Plain);
    }

    fn visit_mut_labeled_stmt(&mut self, statement: &mut LabeledStmt) {
        statement.body.visit_mut_with(self);
    }
    fn visit_mut_break_stmt(&mut self, _: &mut BreakStmt) {}
    fn visit_mut_continue_stmt(&mut self, _: &mut ContinueStmt) {}

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        rename_property(property, self, |renamer, ident| {
            renamer.rename(ident, NamePlace::AfterKey);
        });
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        rename_pattern_property(property, self, |renamer, ident| {
            renamer.rename(ident, NamePlace::AfterKey);
        });
    }
}
