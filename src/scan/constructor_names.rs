//! Names of a constructor that values of fields move into.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{BindingIdent, ClassDecl, Constructor, Expr, FnDecl, Id, Ident};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

/// A value that moves into the constructor must not see the constructor's names:
///
/// ```text
/// const a = 1;
/// class A { b = a; constructor(a) {} }      // b is 1
/// ```
///
/// Bindings of the constructor with a name that a value uses become generated identifiers, for which other names are found later.
pub fn move_names_out_of_the_way<'a>(
    constructor: &mut Constructor,
    values: impl IntoIterator<Item = &'a Expr>,
) {
    let mut used = References::default();
    for value in values {
        value.visit_with(&mut used);
    }
    let mut bound = Bindings::default();
    constructor.visit_with(&mut bound);
    let contexts: FxHashMap<Id, SyntaxContext> = bound
        .ids
        .into_iter()
        .filter(|id| used.names.contains(&id.0) && !used.ids.contains(id))
        .map(|id| (id, fresh_context()))
        .collect();
    if !contexts.is_empty() {
        constructor.visit_mut_with(&mut ChangeContexts { contexts });
    }
}

#[derive(Default)]
struct References {
    names: FxHashSet<Atom>,
    ids: FxHashSet<Id>,
}

impl Visit for References {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.names.insert(node.sym.clone());
        self.ids.insert(node.to_id());
    }
}

/// In the order of the source: contexts are numbered, and numbers must not depend on a hash.
#[derive(Default)]
struct Bindings {
    ids: Vec<Id>,
}

impl Visit for Bindings {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.ids.push(node.to_id());
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.ids.push(node.ident.to_id());
        node.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.ids.push(node.ident.to_id());
        node.visit_children_with(self);
    }
}

struct ChangeContexts {
    contexts: FxHashMap<Id, SyntaxContext>,
}

impl VisitMut for ChangeContexts {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if let Some(context) = self.contexts.get(&node.to_id()) {
            node.ctxt = *context;
        }
    }
}

fn fresh_context() -> SyntaxContext {
    SyntaxContext::empty().apply_mark(Mark::new())
}
