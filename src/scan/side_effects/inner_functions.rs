//! Functions that belong to the function which calls them:
//!
//! ```js
//! function table(rows) { const cells = []; function add(row) { cells.push(row) } add(rows); return cells }
//! ```

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, CallExpr, Decl, Expr, ExprOrSpread, Function, Id, Ident, NewExpr, OptCall, Pat, Stmt,
    TaggedTpl, VarDeclKind,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::{Purity, Returned, without_parentheses};

/// Calls that many functions deep are too many to look at.
const MOST_CALLS: u8 = 8;

/// The functions that the statements of a function declare, and those around.
pub struct InnerFunctions<'a> {
    functions: Vec<(Id, Inner<'a>)>,
    /// What was found so far, and whether someone waited for failures then.
    judged: RefCell<FxHashMap<(Id, bool), bool>>,
    around: Option<&'a Self>,
}

#[derive(Clone, Copy)]
enum Inner<'a> {
    Function(&'a Function),
    Arrow(&'a ArrowExpr),
}

impl<'a> InnerFunctions<'a> {
    /// Those of a list of statements; nothing if it declares none.
    pub fn of(statements: &'a [Stmt], around: Option<&'a Self>) -> Option<Self> {
        let mut functions = Vec::new();
        for statement in statements {
            match statement {
                Stmt::Decl(Decl::Fn(declaration)) => {
                    functions.push((declaration.ident.to_id(), Inner::Function(&declaration.function)));
                }
                Stmt::Decl(Decl::Var(declaration)) if declaration.kind == VarDeclKind::Const => {
                    for declarator in &declaration.decls {
                        let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
                            continue;
                        };
                        match without_parentheses(value) {
                            Expr::Arrow(arrow) => functions.push((name.to_id(), Inner::Arrow(arrow))),
                            Expr::Fn(function) if function.ident.is_none() => {
                                functions.push((name.to_id(), Inner::Function(&function.function)));
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        (!functions.is_empty()).then(|| Self {
            functions,
            judged: RefCell::default(),
            around,
        })
    }

    fn find(&self, id: &Id) -> Option<(&Self, Inner<'a>)> {
        let mut next = Some(self);
        while let Some(inner) = next {
            // The last of a name counts.
            if let Some((_, function)) = inner.functions.iter().rev().find(|(name, _)| name == id) {
                return Some((inner, *function));
            }
            next = inner.around;
        }
        None
    }

    /// What was found while a function was taken for quiet that is not counts no more.
    fn forget(&self) {
        let mut next = Some(self);
        while let Some(inner) = next {
            inner.judged.borrow_mut().retain(|_, is_quiet| !*is_quiet);
            next = inner.around;
        }
    }
}

impl Purity<'_> {
    /// Whether a name is a function of the function that is judged, and calling it now can be observed by nobody else.
    pub(super) fn is_quiet_inner_function(&self, name: &Ident) -> bool {
        let Some(all) = self.inner_functions else {
            return false;
        };
        let id = name.to_id();
        let Some((inner, function)) = all.find(&id).filter(|_| !self.may_be_unset(name)) else {
            return false;
        };
        let key = (id, self.is_tried);
        if let Some(is_quiet) = inner.judged.borrow().get(&key) {
            return *is_quiet;
        }
        if self.inner_calls == MOST_CALLS {
            return false;
        }
        // It may call itself.
        inner.judged.borrow_mut().insert(key.clone(), true);
        let within = Purity {
            inner_calls: self.inner_calls + 1,
            ..*self
        };
        let is_quiet = match function {
            Inner::Arrow(arrow) => within.is_quiet_arrow(arrow, None),
            Inner::Function(function) => {
                let within = within.within_function(None, Returned::by(function.is_async));
                within.runs_quietly(function)
            }
        };
        if !is_quiet {
            all.forget();
            inner.forget();
            inner.judged.borrow_mut().insert(key, false);
        }
        is_quiet
    }
}

/// The names that code calls, or gives to what it calls.
#[derive(Default)]
pub struct CalledNames(pub FxHashSet<Id>);

impl CalledNames {
    fn add(&mut self, value: &Expr) {
        if let Expr::Ident(name) = without_parentheses(value) {
            self.0.insert(name.to_id());
        }
    }

    fn arguments(&mut self, arguments: &[ExprOrSpread]) {
        for argument in arguments {
            self.add(&argument.expr);
        }
    }
}

impl Visit for CalledNames {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Some(callee) = call.callee.as_expr() {
            self.add(callee);
        }
        self.arguments(&call.args);
        call.visit_children_with(self);
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        self.add(&call.callee);
        self.arguments(&call.args);
        call.visit_children_with(self);
    }

    fn visit_new_expr(&mut self, new: &NewExpr) {
        self.arguments(new.args.as_deref().unwrap_or_default());
        new.visit_children_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        self.add(&template.tag);
        template.visit_children_with(self);
    }
}
