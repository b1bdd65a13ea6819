//! Names for what the passes make: `_a`, `_ref`, `_class_private_field`.
//!
//! A pass tells its names apart by syntax contexts, which printing does not show. Each gets a name that occurs nowhere
//! else in the module; those at module level one that no other module of the chunk has, which is why they carry the
//! number of their module.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, BindingIdent, ClassDecl, ClassMember, Constructor, FnDecl, Function, GetterProp, Id, Ident,
    Module, SetterProp,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::super::names::ChunkNames;
use super::super::print::{Minification, NameMarks};
use crate::base::{is_unbindable, short_name};

/// Where the module stands.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The names of its chunk.
    pub names: &'a ChunkNames,
    /// Its number in the chunk.
    pub number: usize,
    /// Whether names are made short.
    pub minification: Minification,
}

/// Names everything whose context is newer than `last_of_source`, without the helpers.
pub(super) fn settle(
    module: &mut Module,
    last_of_source: SyntaxContext,
    helpers: SyntaxContext,
    marks: NameMarks,
    place: &Place<'_>,
) {
    let mut survey = Survey {
        last_of_source,
        helpers,
        generated: Vec::new(),
        seen: FxHashSet::default(),
        taken: FxHashSet::default(),
    };
    module.visit_with(&mut survey);
    let Survey {
        generated, mut taken, ..
    } = survey;
    if generated.is_empty() {
        return;
    }
    let mut outer = OuterBindings::default();
    module.visit_with(&mut outer);
    let top_level = SyntaxContext::empty().apply_mark(marks.top_level);
    let mut names: FxHashMap<Id, (Atom, SyntaxContext)> = FxHashMap::default();
    for id in generated {
        let renamed = if outer.ids.contains(&id) {
            (name_in_chunk(&id.0, names.len(), &taken, place), top_level)
        } else {
            (name_in_module(&id.0, &taken), id.1)
        };
        taken.insert(renamed.0.clone());
        names.insert(id, renamed);
    }
    module.visit_mut_with(&mut Renamer { names });
}

fn name_in_module(wanted: &Atom, taken: &FxHashSet<Atom>) -> Atom {
    let mut name = wanted.clone();
    let mut number = 0_usize;
    while taken.contains(&name) || is_unbindable(&name) {
        number += 1;
        name = format!("{wanted}{number}").into();
    }
    name
}

/// `_a$3`: the number after the last `$` is that of the module, so two modules never choose one name.
fn name_in_chunk(wanted: &Atom, position: usize, taken: &FxHashSet<Atom>, place: &Place<'_>) -> Atom {
    let stem = match place.minification {
        Minification::Off => wanted.to_string(),
        Minification::On => short_name::nth_name(position),
    };
    let mut name = Atom::from(format!("{stem}${}", place.number));
    let mut attempt = 1_usize;
    while taken.contains(&name) || place.names.is_taken(&name) {
        attempt += 1;
        name = format!("{stem}{attempt}${}", place.number).into();
    }
    name
}

/// Every name of the module.
struct Survey {
    last_of_source: SyntaxContext,
    helpers: SyntaxContext,
    /// In the order of the text.
    generated: Vec<Id>,
    seen: FxHashSet<Id>,
    taken: FxHashSet<Atom>,
}

impl Visit for Survey {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        let is_generated = node.ctxt.as_u32() > self.last_of_source.as_u32() && node.ctxt != self.helpers;
        if !is_generated {
            if !self.taken.contains(&node.sym) {
                self.taken.insert(node.sym.clone());
            }
        } else if self.seen.insert(node.to_id()) {
            self.generated.push(node.to_id());
        }
    }
}

/// What is bound outside functions.
#[derive(Default)]
struct OuterBindings {
    ids: FxHashSet<Id>,
}

impl Visit for OuterBindings {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.ids.insert(node.to_id());
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.ids.insert(node.ident.to_id());
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.ids.insert(node.ident.to_id());
        node.visit_children_with(self);
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}

    fn visit_constructor(&mut self, _: &Constructor) {}

    fn visit_getter_prop(&mut self, node: &GetterProp) {
        node.key.visit_with(self);
    }

    fn visit_setter_prop(&mut self, node: &SetterProp) {
        node.key.visit_with(self);
    }

    fn visit_class_member(&mut self, node: &ClassMember) {
        if !matches!(node, ClassMember::StaticBlock(_)) {
            node.visit_children_with(self);
        }
    }
}

struct Renamer {
    names: FxHashMap<Id, (Atom, SyntaxContext)>,
}

impl VisitMut for Renamer {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if let Some((name, context)) = self.names.get(&node.to_id()) {
            node.sym = name.clone();
            node.ctxt = *context;
        }
    }

    // `{ _a }` reads the property `_a`, whatever the variable is called.
    fn visit_mut_prop(&mut self, node: &mut swc_core::ecma::ast::Prop) {
        use swc_core::ecma::ast::{Expr, IdentName, KeyValueProp, Prop, PropName};
        if let Prop::Shorthand(name) = node
            && self.names.contains_key(&name.to_id())
        {
            *node = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(IdentName::new(name.sym.clone(), name.span)),
                value: Box::new(Expr::Ident(name.clone())),
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut swc_core::ecma::ast::ObjectPatProp) {
        use swc_core::ecma::ast::{AssignPat, IdentName, KeyValuePatProp, ObjectPatProp, Pat, PropName};
        if let ObjectPatProp::Assign(assign) = node
            && self.names.contains_key(&assign.key.to_id())
        {
            let key = PropName::Ident(IdentName::new(assign.key.sym.clone(), assign.key.span));
            let name = Pat::Ident(assign.key.clone());
            let value = match assign.value.take() {
                Some(right) => Pat::Assign(AssignPat {
                    span: assign.span,
                    left: Box::new(name),
                    right,
                }),
                None => name,
            };
            *node = ObjectPatProp::KeyValue(KeyValuePatProp {
                key,
                value: Box::new(value),
            });
        }
        node.visit_mut_children_with(self);
    }
}
