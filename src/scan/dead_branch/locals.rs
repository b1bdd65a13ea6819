//! Variables of functions that are one known value from where they are declared:
//!
//! ```js
//! const transition = TRANSITION && TRANSITION.running    // `TRANSITION` is `null`
//! return transition ? wait() : go()                      // so `wait` is needed by nobody
//! ```
//!
//! What stands behind the declaration in the same list of statements runs after it. That is not so for functions that are
//! declared there, which others may call before, nor in the cases of a `switch`.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    AssignExpr, Decl, ForHead, Id, Pat, Stmt, UpdateExpr, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::Remover;
use super::known::Known;
use crate::scan::reassigned::{assigned_names, named, names_in_head};

/// What is known of variables where the code is looked at.
#[derive(Default)]
pub(super) struct Locals {
    pub known: FxHashMap<Id, Known>,
    /// Names that get a value more than once; none if that is not known.
    changing: Option<FxHashSet<Id>>,
    /// The list that is visited next is that of a case.
    pub is_case_next: bool,
}

impl Locals {
    /// Of code in which any `let` may change.
    pub fn of_constants() -> Self {
        Self::default()
    }

    /// Of a statement in which nothing is evaluated that is not written there.
    pub fn of(statement: &Stmt) -> Self {
        let mut changing = Changing::default();
        statement.visit_with(&mut changing);
        Self {
            changing: Some(changing.names),
            ..Self::default()
        }
    }

    fn stays(&self, id: &Id) -> bool {
        self.changing
            .as_ref()
            .is_some_and(|changing| !changing.contains(id))
    }
}

impl Remover<'_> {
    /// Notes what a statement declares, for what stands behind it.
    pub(super) fn note_declared(&mut self, statement: &mut Stmt, noted: &mut Vec<Id>) {
        let Stmt::Decl(Decl::Var(declaration)) = statement else {
            return;
        };
        for declarator in &mut declaration.decls {
            if let Some((id, known)) = self.declared(declaration.kind, declarator) {
                // The value, so that this does not need what it is the value of.
                if let Some(value) = &mut declarator.init
                    && self.constants.is_some()
                    && (value.is_member() || value.is_ident())
                    && let Some(written) = known.written()
                {
                    **value = written;
                }
                noted.push(id.clone());
                self.locals.known.insert(id, known);
            }
        }
    }

    fn declared(&self, kind: VarDeclKind, declarator: &VarDeclarator) -> Option<(Id, Known)> {
        let id = declarator.name.as_ident()?.to_id();
        if kind != VarDeclKind::Const && !self.locals.stays(&id) {
            return None;
        }
        let known = match &declarator.init {
            Some(value) => self.known(value)?,
            // A parameter may have this name.
            None if kind == VarDeclKind::Var => return None,
            None => Known::Undefined,
        };
        Some((id, known))
    }
}

/// Finds names that get values more than once.
#[derive(Default)]
struct Changing {
    names: FxHashSet<Id>,
    variables: FxHashSet<Id>,
}

impl Visit for Changing {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        if declaration.kind == VarDeclKind::Var {
            for id in find_pat_ids::<_, Id>(&declaration.decls) {
                if !self.variables.insert(id.clone()) {
                    self.names.insert(id);
                }
            }
        }
        declaration.visit_children_with(self);
    }

    fn visit_decl(&mut self, declaration: &Decl) {
        if let Decl::Fn(function) = declaration {
            self.names.insert(function.ident.to_id());
        }
        declaration.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.names.extend(assigned_names(&assignment.left));
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.names.extend(named(&update.arg));
        update.visit_children_with(self);
    }

    /// `[(name)] = list`
    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.names.extend(named(target));
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        match head {
            ForHead::VarDecl(declaration) => self.names.extend(find_pat_ids::<_, Id>(&declaration.decls)),
            other => self.names.extend(names_in_head(other)),
        }
        head.visit_children_with(self);
    }
}
