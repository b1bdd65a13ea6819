//! Members of a copy of a namespace, asked for at once: so packages ask for exports that may not be there.
//!
//! ```js
//! import * as React from 'react'
//! const safeReact = { ...React }
//! const useId = safeReact.useId         // React.useId
//! ```
//!
//! Later, a binding could have another value than it had when it was copied.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AwaitExpr, CallExpr, Class, Decl, Expr, Function, Id, Ident, MemberExpr,
    ModuleItem, NewExpr, OptCall, PropOrSpread, Stmt, TaggedTpl, UpdateExpr, YieldExpr,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::named_members::{INHERITED_NAMES, static_member};

/// Asks the namespaces instead; copies of which nobody knows any more go.
pub fn ask_originals(items: &mut Vec<ModuleItem>, namespaces: &FxHashSet<Id>) {
    let mut copies = Copies {
        known: FxHashMap::default(),
        asked: FxHashSet::default(),
    };
    for item in items.iter_mut() {
        if runs_code(item) {
            copies.known.clear();
            continue;
        }
        if !copies.known.is_empty() {
            item.visit_mut_with(&mut copies);
        }
        copies.known.extend(copy_of(item, namespaces));
    }
    let asked = copies.asked;
    if asked.is_empty() {
        return;
    }
    let mut mentions = Mentions {
        names: &asked,
        counts: FxHashMap::default(),
    };
    items.visit_with(&mut mentions);
    let counts = mentions.counts;
    items.retain(|item| copy_of(item, namespaces).is_none_or(|(copy, _)| counts.get(&copy) != Some(&1)));
}

/// Counts where some names stand.
struct Mentions<'a> {
    names: &'a FxHashSet<Id>,
    counts: FxHashMap<Id, usize>,
}

impl Visit for Mentions<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        let id = ident.to_id();
        if self.names.contains(&id) {
            *self.counts.entry(id).or_default() += 1;
        }
    }
}

/// `const copy = { ...namespace }`: both names.
fn copy_of(item: &ModuleItem, namespaces: &FxHashSet<Id>) -> Option<(Id, Ident)> {
    let ModuleItem::Stmt(Stmt::Decl(Decl::Var(declaration))) = item else {
        return None;
    };
    let [declarator] = declaration.decls.as_slice() else {
        return None;
    };
    let copy = declarator.name.as_ident()?.to_id();
    let [PropOrSpread::Spread(spread)] = declarator.init.as_ref()?.as_object()?.props.as_slice() else {
        return None;
    };
    let original = spread.expr.as_ident()?;
    namespaces
        .contains(&original.to_id())
        .then(|| (copy, original.clone()))
}

/// Whether a statement may do more than to read and declare.
fn runs_code(item: &ModuleItem) -> bool {
    let mut code = Code(false);
    item.visit_with(&mut code);
    code.0
}

struct Code(bool);

impl Visit for Code {
    noop_visit_type!();

    fn visit_call_expr(&mut self, _: &CallExpr) {
        self.0 = true;
    }

    fn visit_opt_call(&mut self, _: &OptCall) {
        self.0 = true;
    }

    fn visit_new_expr(&mut self, _: &NewExpr) {
        self.0 = true;
    }

    fn visit_tagged_tpl(&mut self, _: &TaggedTpl) {
        self.0 = true;
    }

    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.0 = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.0 = true;
    }

    fn visit_assign_expr(&mut self, _: &AssignExpr) {
        self.0 = true;
    }

    fn visit_update_expr(&mut self, _: &UpdateExpr) {
        self.0 = true;
    }

    fn visit_class(&mut self, _: &Class) {
        self.0 = true;
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}

struct Copies {
    /// From copies to what they are copies of.
    known: FxHashMap<Id, Ident>,
    /// Copies of which a member was asked for.
    asked: FxHashSet<Id>,
}

impl VisitMut for Copies {
    noop_visit_mut_type!();

    fn visit_mut_member_expr(&mut self, member: &mut MemberExpr) {
        if let Expr::Ident(object) = &mut *member.obj
            && let Some(original) = self.known.get(&object.to_id())
            && static_member(&member.prop).is_some_and(|name| !INHERITED_NAMES.contains(&&*name))
        {
            self.asked.insert(object.to_id());
            *object = Ident {
                span: object.span,
                ..original.clone()
            };
        } else {
            member.visit_mut_children_with(self);
        }
    }

    // These run later.
    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_arrow_expr(&mut self, _: &mut ArrowExpr) {}
}
