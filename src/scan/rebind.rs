//! Names that the resolver took for others that are called alike, from around.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{CatchClause, ClassExpr, FnExpr, Id, Ident};
use swc_core::ecma::utils::{BindingCollector, collect_decls, find_pat_ids};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

/// Lets `names` be what `code` means by them, except where it declares such a name itself, further inside.
pub(super) fn rebind<Code>(code: &mut Code, names: impl IntoIterator<Item = Id>)
where
    Code: VisitMutWith<Binder> + VisitWith<Expressions> + VisitWith<BindingCollector<Id>>,
{
    let contexts: FxHashMap<Atom, SyntaxContext> = names.into_iter().collect();
    let mut inner = Expressions(collect_decls(code));
    code.visit_with(&mut inner);
    let Expressions(mut inner) = inner;
    inner.retain(|(name, context)| contexts.get(name).is_some_and(|own| own != context));
    code.visit_mut_with(&mut Binder { contexts, inner });
}

/// What functions, classes and `catch` call themselves and what they catch: the collector of declarations leaves it out.
pub(super) struct Expressions(FxHashSet<Id>);

impl Visit for Expressions {
    noop_visit_type!();

    fn visit_fn_expr(&mut self, node: &FnExpr) {
        self.0.extend(node.ident.as_ref().map(Ident::to_id));
        node.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, node: &ClassExpr) {
        self.0.extend(node.ident.as_ref().map(Ident::to_id));
        node.visit_children_with(self);
    }

    fn visit_catch_clause(&mut self, node: &CatchClause) {
        self.0.extend(find_pat_ids::<_, Id>(&node.param));
        node.visit_children_with(self);
    }
}

pub(super) struct Binder {
    contexts: FxHashMap<Atom, SyntaxContext>,
    /// What hides them.
    inner: FxHashSet<Id>,
}

impl VisitMut for Binder {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, name: &mut Ident) {
        if let Some(context) = self.contexts.get(&name.sym)
            && !self.inner.contains(&name.to_id())
        {
            name.ctxt = *context;
        }
    }
}
