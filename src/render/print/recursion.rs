//! Small functions that call one another in a circle:
//!
//! ```js
//! function a() { return b() }
//! function b(value) { return value || a() }
//! ```
//!
//! The compressor puts the body of a small function where it is called, and would do that without end. While it works, it
//! does not see which function such calls within the circle mean.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::SyntaxContext;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{CallExpr, Callee, FnDecl, Id, Module, Stmt};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::NameMarks;
use super::opaque::hiding_call;

/// Hides such calls, whatever [`super::opaque::show`] shows again; whether there are any.
pub fn hide(module: &mut Module, marks: NameMarks) -> bool {
    let mut small = SmallFunctions::default();
    module.visit_with(&mut small);
    if small.calls.len() < 2 {
        return false;
    }
    let circles = small.circles();
    if circles.is_empty() {
        return false;
    }
    module.visit_mut_with(&mut Hider {
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
        circles: &circles,
        around: None,
    });
    true
}

/// Functions of one statement, and what they call.
#[derive(Default)]
struct SmallFunctions {
    calls: FxHashMap<Id, Vec<Id>>,
}

impl SmallFunctions {
    /// Those of circles, and between circles: what is left when functions that call none of the others, or are called by
    /// none, are taken away again and again.
    fn circles(&self) -> FxHashSet<Id> {
        let mut left: FxHashMap<&Id, Vec<&Id>> = FxHashMap::default();
        for (name, calls) in &self.calls {
            left.insert(
                name,
                calls
                    .iter()
                    .filter(|called| self.calls.contains_key(*called))
                    .collect(),
            );
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

impl Visit for SmallFunctions {
    noop_visit_type!();

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        declaration.visit_children_with(self);
        let Some(body) = &declaration.function.body else {
            return;
        };
        if let [only @ (Stmt::Return(_) | Stmt::Expr(_))] = body.stmts.as_slice() {
            let mut called = Called::default();
            only.visit_with(&mut called);
            if !called.names.is_empty() {
                self.calls.insert(declaration.ident.to_id(), called.names);
            }
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
    circles: &'a FxHashSet<Id>,
    /// The function of a circle that is being visited.
    around: Option<Id>,
}

impl VisitMut for Hider<'_> {
    noop_visit_mut_type!();

    fn visit_mut_fn_decl(&mut self, declaration: &mut FnDecl) {
        let name = Some(declaration.ident.to_id()).filter(|name| self.circles.contains(name));
        let outer = std::mem::replace(&mut self.around, name);
        declaration.visit_mut_children_with(self);
        self.around = outer;
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        call.visit_mut_children_with(self);
        let Some(around) = &self.around else {
            return;
        };
        if let Callee::Expr(callee) = &mut call.callee
            && let Some(name) = callee.as_ident()
            && name.to_id() != *around
            && self.circles.contains(&name.to_id())
        {
            **callee = hiding_call(*callee.take(), self.context);
        }
    }
}
