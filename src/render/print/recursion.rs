//! Functions that call one another in a circle, or themselves.
//!
//! ```js
//! function a() { return b() }
//! function b(value) { return value || a() }
//! ```
//!
//! The compressor puts the body of a small function where it is called, and would do that without end. While it works, it
//! does not see which function such calls within the circle mean.
//!
//! ```js
//! function same(a, b) { return a === b || same(a.parent, b.parent) }
//! function field() { return { isEqual: same } }
//! ```
//!
//! It takes a function that calls itself for one that is only called, and would make a new `same` for every field, as an
//! expression in its place. So it does not see who is called either where such a function is more than called.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::SyntaxContext;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{CallExpr, Callee, Expr, FnDecl, Id, Ident, Module, NewExpr, Prop, Stmt};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::NameMarks;
use super::opaque::hiding_call;

/// Hides such calls, whatever [`super::opaque::show`] shows again; whether there are any.
pub fn hide(module: &mut Module, marks: NameMarks) -> bool {
    let mut declared = Declared::default();
    module.visit_with(&mut declared);
    if declared.functions.is_empty() {
        return false;
    }
    let mut mentions = Mentions::of(declared);
    module.visit_with(&mut mentions);
    let small = circles(&mentions.small);
    let mut values = circles(&mentions.all);
    values.retain(|name| mentions.values.contains(name));
    if small.len() < 2 && values.is_empty() {
        return false;
    }
    module.visit_mut_with(&mut Hider {
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
        small: &small,
        values: &values,
        around: None,
    });
    true
}

/// The functions that are declared.
#[derive(Default)]
struct Declared {
    functions: FxHashSet<Id>,
}

impl Visit for Declared {
    noop_visit_type!();

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.functions.insert(declaration.ident.to_id());
        declaration.visit_children_with(self);
    }
}

/// Which functions mention which.
struct Mentions {
    declared: FxHashSet<Id>,
    /// What functions of one statement call.
    small: FxHashMap<Id, Vec<Id>>,
    /// What functions mention.
    all: FxHashMap<Id, Vec<Id>>,
    /// Those that are mentioned without being called: somebody may compare them, or give them properties.
    values: FxHashSet<Id>,
    /// The functions that are being visited.
    around: Vec<Id>,
}

impl Mentions {
    fn of(declared: Declared) -> Self {
        Self {
            declared: declared.functions,
            small: FxHashMap::default(),
            all: FxHashMap::default(),
            values: FxHashSet::default(),
            around: Vec::new(),
        }
    }

    /// Notes that a name is mentioned; whether it is that of a function.
    fn note(&mut self, name: &Ident) -> bool {
        let id = name.to_id();
        if !self.declared.contains(&id) {
            return false;
        }
        for around in &self.around {
            if let Some(mentioned) = self.all.get_mut(around)
                && mentioned.last() != Some(&id)
            {
                mentioned.push(id.clone());
            }
        }
        true
    }
}

/// Those of circles, and between circles: what is left when functions that lead to none of the others, or to which none
/// leads, are taken away again and again.
fn circles(leads: &FxHashMap<Id, Vec<Id>>) -> FxHashSet<Id> {
    let mut left: FxHashMap<&Id, Vec<&Id>> = FxHashMap::default();
    for (name, next) in leads {
        let next = next.iter().filter(|next| leads.contains_key(*next));
        left.insert(name, next.collect());
    }
    trim(&mut left);
    let mut callers: FxHashMap<&Id, Vec<&Id>> = left.keys().map(|name| (*name, Vec::new())).collect();
    for (name, calls) in &left {
        for called in calls {
            if let Some(callers) = callers.get_mut(called) {
                callers.push(name);
            }
        }
    }
    trim(&mut callers);
    callers.into_keys().cloned().collect()
}

/// Takes away what leads nowhere, until everything leads somewhere.
fn trim<'a>(leads: &mut FxHashMap<&'a Id, Vec<&'a Id>>) {
    let mut ways: FxHashMap<&Id, usize> = FxHashMap::default();
    let mut comes_from: FxHashMap<&Id, Vec<&Id>> = FxHashMap::default();
    for (name, next) in leads.iter() {
        let next: Vec<&Id> = next
            .iter()
            .copied()
            .filter(|next| leads.contains_key(next))
            .collect();
        ways.insert(name, next.len());
        for next in next {
            comes_from.entry(next).or_default().push(name);
        }
    }
    let mut waiting: Vec<&Id> = ways
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| *name)
        .collect();
    while let Some(name) = waiting.pop() {
        leads.remove(name);
        for before in comes_from.remove(name).into_iter().flatten() {
            if let Some(count) = ways.get_mut(before) {
                *count -= 1;
                if *count == 0 {
                    waiting.push(before);
                }
            }
        }
    }
}

impl Visit for Mentions {
    noop_visit_type!();

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        let id = declaration.ident.to_id();
        self.all.entry(id.clone()).or_default();
        self.around.push(id);
        declaration.function.visit_with(self);
        let Some(id) = self.around.pop() else { return };
        let Some(body) = &declaration.function.body else {
            return;
        };
        if let [only @ (Stmt::Return(_) | Stmt::Expr(_))] = body.stmts.as_slice() {
            let mut called = Called::default();
            only.visit_with(&mut called);
            if !called.names.is_empty() {
                self.small.insert(id, called.names);
            }
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        match &call.callee {
            Callee::Expr(callee) if callee.is_ident() => {
                if let Expr::Ident(name) = &**callee {
                    self.note(name);
                }
            }
            callee => callee.visit_with(self),
        }
        call.args.visit_with(self);
    }

    fn visit_prop(&mut self, property: &Prop) {
        match property {
            Prop::Shorthand(name) => self.visit_ident(name),
            _ => property.visit_children_with(self),
        }
    }

    fn visit_ident(&mut self, name: &Ident) {
        if self.note(name) {
            self.values.insert(name.to_id());
        }
    }
}

#[derive(Default)]
struct Called {
    names: Vec<Id>,
}

impl Visit for Called {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee
            && let Some(name) = callee.as_ident()
        {
            self.names.push(name.to_id());
        }
        call.visit_children_with(self);
    }
}

struct Hider<'a> {
    context: SyntaxContext,
    /// Small functions of circles.
    small: &'a FxHashSet<Id>,
    /// Functions of circles that are more than called.
    values: &'a FxHashSet<Id>,
    /// The small function of a circle that is being visited.
    around: Option<Id>,
}

impl Hider<'_> {
    fn callee(&self, callee: &mut Expr) {
        let Some(name) = callee.as_ident().map(Ident::to_id) else {
            return;
        };
        let is_of_circle = self
            .around
            .as_ref()
            .is_some_and(|around| *around != name && self.small.contains(&name));
        if is_of_circle || self.values.contains(&name) {
            *callee = hiding_call(callee.take(), self.context);
        }
    }
}

impl VisitMut for Hider<'_> {
    noop_visit_mut_type!();

    fn visit_mut_fn_decl(&mut self, declaration: &mut FnDecl) {
        let name = Some(declaration.ident.to_id()).filter(|name| self.small.contains(name));
        let outer = std::mem::replace(&mut self.around, name);
        declaration.visit_mut_children_with(self);
        self.around = outer;
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        call.visit_mut_children_with(self);
        if let Callee::Expr(callee) = &mut call.callee {
            self.callee(callee);
        }
    }

    fn visit_mut_new_expr(&mut self, call: &mut NewExpr) {
        call.visit_mut_children_with(self);
        self.callee(&mut call.callee);
    }
}
