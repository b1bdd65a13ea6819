//! Which bindings of a module get other values than those they are declared with, and which statements do nothing else
//! than to give one of them a value or a property:
//!
//! ```js
//! let current; current = 1
//! function Point() {} Point.prototype.move = function () {}; Point.origin = {}
//! ```
//!
//! Such a statement counts where the binding is used.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, AssignTargetPat, Decl, Expr, ForHead, Id, Pat, SimpleAssignTarget,
    Stmt, UpdateExpr, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::collect::static_member;
use super::normalize::NormalizedModule;
use super::side_effects::{FreshKind, Purity};
use crate::graph::LocalId;

/// What is assigned to, and what declarations make.
#[derive(Default)]
pub struct Reassigned {
    /// Names that something is assigned to.
    pub names: FxHashSet<Id>,
    /// Names whose `prototype` is replaced by something unknown.
    prototypes: FxHashSet<Id>,
    /// Top-level constants.
    constants: FxHashSet<Id>,
    /// What the top-level names that take properties are declared as.
    made: FxHashMap<Id, FreshKind>,
}

impl Reassigned {
    /// Looks through a module.
    pub fn of(module: &NormalizedModule) -> Self {
        let mut found = Self::default();
        for statement in &module.statements {
            statement.visit_with(&mut found);
            found.note_declaration(statement);
        }
        // Declared twice, as a `var` can be.
        let symbols = module
            .symbols
            .iter()
            .filter(|symbol| symbol.declared_by.len() > 1);
        for symbol in symbols {
            found.made.remove(&symbol.id);
        }
        found
    }

    fn note_declaration(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => {
                let kind = FreshKind::of_function(&declaration.function);
                self.made.insert(declaration.ident.to_id(), kind);
            }
            Stmt::Decl(Decl::Class(declaration)) => {
                if let Some(kind) = FreshKind::of_class(&declaration.class) {
                    self.made.insert(declaration.ident.to_id(), kind);
                }
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    if declaration.kind == VarDeclKind::Const {
                        self.constants.extend(find_pat_ids::<_, Id>(&declarator.name));
                    }
                    if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init)
                        && let Some(kind) = FreshKind::of(value)
                    {
                        self.made.insert(name.to_id(), kind);
                    }
                }
            }
            _ => {}
        }
    }

    /// The binding that a statement gives a value or a property, if it does nothing else.
    pub fn filled_by(
        &self,
        module: &NormalizedModule,
        statement: &Stmt,
        purity: &Purity<'_>,
        declared_later: &FxHashSet<Id>,
    ) -> Option<LocalId> {
        let Stmt::Expr(statement) = statement else {
            return None;
        };
        let Expr::Assign(assignment) = &*statement.expr else {
            return None;
        };
        if assignment.op != AssignOp::Assign || purity.expression_has_side_effects(&assignment.right) {
            return None;
        }
        let (id, takes) = match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                (name.to_id(), !self.constants.contains(&name.to_id()))
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                let target = purity.property_target(member)?;
                let id = target.object.to_id();
                let kind = *self.made.get(&id)?;
                let name = target.name.as_deref();
                let is_known = if target.is_of_prototype {
                    kind.has_prototype() && !self.prototypes.contains(&id) && name != Some("__proto__")
                } else if name == Some("prototype") {
                    kind == FreshKind::Function && !self.prototypes.contains(&id)
                } else {
                    name.is_none_or(|name| kind.takes(name))
                };
                let is_known = is_known && !self.names.contains(&id);
                (id, is_known)
            }
            _ => return None,
        };
        let local = *module.symbol_of.get(&id)?;
        let is_own = !module.imports.contains_key(&local) && !module.symbols[local].declared_by.is_empty();
        (takes && is_own && !declared_later.contains(&id)).then_some(local)
    }

    fn note_pattern(&mut self, pattern: &Pat) {
        self.names.extend(find_pat_ids::<_, Id>(pattern));
    }
}

impl Visit for Reassigned {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.names.insert(name.to_id());
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                if static_member(&member.prop).is_some_and(|name| name == *"prototype")
                    && let Expr::Ident(object) = &*member.obj
                    && (assignment.op != AssignOp::Assign
                        || FreshKind::of(&assignment.right) != Some(FreshKind::Object))
                {
                    self.prototypes.insert(object.to_id());
                }
            }
            AssignTarget::Pat(AssignTargetPat::Array(pattern)) => {
                self.note_pattern(&Pat::Array(pattern.clone()));
            }
            AssignTarget::Pat(AssignTargetPat::Object(pattern)) => {
                self.note_pattern(&Pat::Object(pattern.clone()));
            }
            AssignTarget::Simple(_) | AssignTarget::Pat(AssignTargetPat::Invalid(_)) => {}
        }
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Ident(name) = &*update.arg {
            self.names.insert(name.to_id());
        }
        update.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        if let ForHead::Pat(pattern) = head {
            self.note_pattern(pattern);
        }
        head.visit_children_with(self);
    }
}
