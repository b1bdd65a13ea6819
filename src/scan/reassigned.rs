//! Which bindings of a module get other values than those they are declared with.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, AssignTargetPat, Decl, Expr, ForHead, Id, Ident, Pat,
    SimpleAssignTarget, Stmt, UpdateExpr, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::named_members::static_member;
use super::normalize::NormalizedModule;
use super::side_effects::{Made, without_parentheses};

/// What is assigned to.
#[derive(Default)]
pub struct Reassigned {
    /// Names that something is assigned to.
    pub names: FxHashSet<Id>,
    /// Names whose `prototype` is replaced by something unknown.
    pub prototypes: FxHashSet<Id>,
    /// Top-level constants.
    pub constants: FxHashSet<Id>,
    /// Names that are given more than `{}`.
    given_more: FxHashSet<Id>,
    /// Names that are declared without a value.
    empty: FxHashSet<Id>,
}

impl Reassigned {
    /// Looks through a module.
    pub fn of(module: &NormalizedModule) -> Self {
        let mut found = Self::default();
        for statement in &module.statements {
            statement.visit_with(&mut found);
            let Stmt::Decl(Decl::Var(declaration)) = statement else {
                continue;
            };
            if declaration.kind == VarDeclKind::Const {
                let names = declaration.decls.iter().map(|declarator| &declarator.name);
                found.constants.extend(names.flat_map(find_pat_ids::<_, Id>));
            }
            let without_value = declaration
                .decls
                .iter()
                .filter(|declarator| declarator.init.is_none());
            found
                .empty
                .extend(without_value.flat_map(|declarator| find_pat_ids::<_, Id>(&declarator.name)));
        }
        found
    }

    /// Whether a name is declared without a value and given nothing but `{}`.
    pub fn is_empty_object(&self, id: &Id) -> bool {
        self.empty.contains(id) && !self.given_more.contains(id)
    }

    fn note_all(&mut self, ids: impl IntoIterator<Item = Id>) {
        for id in ids {
            self.note(id);
        }
    }

    fn note(&mut self, id: Id) {
        self.given_more.insert(id.clone());
        self.names.insert(id);
    }
}

/// The names that an assignment gives values; those in `[(name)]` are met as patterns.
pub fn assigned_names(target: &AssignTarget) -> Vec<Id> {
    match target {
        AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => vec![name.to_id()],
        AssignTarget::Simple(SimpleAssignTarget::Paren(target)) => named(&target.expr).into_iter().collect(),
        AssignTarget::Pat(AssignTargetPat::Array(pattern)) => find_pat_ids(pattern),
        AssignTarget::Pat(AssignTargetPat::Object(pattern)) => find_pat_ids(pattern),
        AssignTarget::Simple(_) | AssignTarget::Pat(AssignTargetPat::Invalid(_)) => Vec::new(),
    }
}

/// The name that an expression is, in however many parentheses.
pub fn named(expression: &Expr) -> Option<Id> {
    without_parentheses(expression).as_ident().map(Ident::to_id)
}

/// The names that a loop gives values and does not declare.
pub fn names_in_head(head: &ForHead) -> Vec<Id> {
    match head {
        ForHead::Pat(pattern) => find_pat_ids(pattern),
        _ => Vec::new(),
    }
}

impl Visit for Reassigned {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name))
                if assignment
                    .right
                    .as_object()
                    .is_some_and(|object| object.props.is_empty()) =>
            {
                self.names.insert(name.to_id());
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                if static_member(&member.prop).is_some_and(|name| name == *"prototype")
                    && let Expr::Ident(object) = &*member.obj
                    && (assignment.op != AssignOp::Assign
                        || !Made::of(&assignment.right).is_some_and(|made| made.is_plain_object()))
                {
                    self.prototypes.insert(object.to_id());
                }
            }
            target => self.note_all(assigned_names(target)),
        }
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.note_all(named(&update.arg));
        update.visit_children_with(self);
    }

    /// `[(name)] = list`
    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.note_all(named(target));
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.note_all(names_in_head(head));
        head.visit_children_with(self);
    }
}
