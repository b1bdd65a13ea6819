//! Writes the final names into a unit.

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::Expr;
use swc_core::ecma::ast::{
    AssignPat, AssignPatProp, BreakStmt, ContinueStmt, Id, Ident, IdentName, KeyValuePatProp, KeyValueProp,
    LabeledStmt, Module, ObjectPatProp, Pat, Prop, PropName,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

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

fn key_of(ident: &Ident) -> IdentName {
    IdentName::new(ident.sym.clone(), ident.span)
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
        let Prop::Shorthand(ident) = property else {
            property.visit_mut_children_with(self);
            return;
        };
        let key = key_of(ident);
        self.rename(ident);
        if key.sym != ident.sym {
            let value = Box::new(Expr::Ident(ident.take()));
            *property = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(key),
                value,
            });
        }
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        let ObjectPatProp::Assign(AssignPatProp {
            span,
            key: ident,
            value,
        }) = property
        else {
            property.visit_mut_children_with(self);
            return;
        };
        let key = key_of(ident);
        self.rename(ident);
        value.visit_mut_with(self);
        if key.sym == ident.sym {
            return;
        }
        let binding = Pat::Ident(ident.clone());
        let pattern = match value.take() {
            Some(right) => Pat::Assign(AssignPat {
                span: *span,
                left: Box::new(binding),
                right,
            }),
            None => binding,
        };
        *property = ObjectPatProp::KeyValue(KeyValuePatProp {
            key: PropName::Ident(key),
            value: Box::new(pattern),
        });
    }
}
