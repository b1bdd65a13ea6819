//! Writes the final names into a unit.

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{BreakStmt, ContinueStmt, Id, Ident, LabeledStmt, Module, ObjectPatProp, Prop};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use crate::scan::shorthands::{rename_pattern_property, rename_property};

/// `index` says which binding an identity is, `names` what each binding is called.
pub fn rename(module: &mut Module, index: &FxHashMap<Id, u32>, names: &[Option<Atom>]) {
    module.visit_mut_with(&mut Renamer { index, names });
}

struct Renamer<'a> {
    index: &'a FxHashMap<Id, u32>,
    names: &'a [Option<Atom>],
}

impl Renamer<'_> {
    fn rename(&self, ident: &mut Ident) {
        if let Some(binding) = self.index.get(&ident.to_id())
            && let Some(name) = &self.names[*binding as usize]
        {
            ident.sym = name.clone();
        }
    }
}

impl VisitMut for Renamer<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        self.rename(ident);
    }

    fn visit_mut_labeled_stmt(&mut self, statement: &mut LabeledStmt) {
        statement.body.visit_mut_with(self);
    }
    fn visit_mut_break_stmt(&mut self, _: &mut BreakStmt) {}
    fn visit_mut_continue_stmt(&mut self, _: &mut ContinueStmt) {}

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        rename_property(property, self, |renamer, ident| renamer.rename(ident));
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        rename_pattern_property(property, self, |renamer, ident| renamer.rename(ident));
    }
}
