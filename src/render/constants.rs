//! A `const` that is assigned to throws a `TypeError`. It must also do so where it is no `const` any more: the variables of
//! a module that is evaluated on demand are a `var`, and the compressor makes a `let` of them.
//!
//! ```text
//! const a = 1; a = 2      "".a = (2, a)
//!              [a] = b    [(a, "").a] = b
//! ```
//!
//! Read before its time, it is a `ReferenceError`.

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, AssignTargetPat, Expr, ForHead, Id, Ident, MemberExpr, ObjectPatProp,
    Pat, SeqExpr, SimpleAssignTarget, UpdateExpr, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use crate::scan::read_only_import::{read_only, read_only_target, read_only_update, shorthand_to};

/// Makes assignments to constants throw whatever becomes of their declarations.
pub fn refuse_assignments<N>(node: &mut N)
where
    N: VisitWith<Found> + VisitMutWith<Refuser>,
{
    let mut found = Found::default();
    node.visit_with(&mut found);
    let constants: FxHashSet<Id> = found.assigned.intersection(&found.constants).cloned().collect();
    if !constants.is_empty() {
        node.visit_mut_with(&mut Refuser { constants });
    }
}

/// What is constant, and what is assigned to.
#[derive(Default)]
pub struct Found {
    constants: FxHashSet<Id>,
    assigned: FxHashSet<Id>,
}

impl Visit for Found {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        if declaration.kind == VarDeclKind::Const {
            self.constants.extend(find_pat_ids::<_, Id>(&declaration.decls));
        }
        declaration.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.assigned.insert(name.to_id());
            }
            AssignTarget::Simple(_) => {}
            AssignTarget::Pat(pattern) => self.assigned.extend(find_pat_ids::<_, Id>(pattern)),
        }
        assignment.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        if let ForHead::Pat(pattern) = head {
            self.assigned.extend(find_pat_ids::<_, Id>(pattern));
        }
        head.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Ident(name) = &*update.arg {
            self.assigned.insert(name.to_id());
        }
        update.visit_children_with(self);
    }
}

/// Rewrites the assignments.
pub struct Refuser {
    constants: FxHashSet<Id>,
}

impl VisitMut for Refuser {
    fn visit_mut_assign_target_pat(&mut self, pattern: &mut AssignTargetPat) {
        let constants = &self.constants;
        pattern.visit_mut_with(&mut Targets { constants });
        pattern.visit_mut_children_with(self);
    }

    fn visit_mut_for_head(&mut self, head: &mut ForHead) {
        if let ForHead::Pat(pattern) = head {
            let constants = &self.constants;
            pattern.visit_mut_with(&mut Targets { constants });
        }
        head.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Assign(assignment) => {
                if let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &assignment.left
                    && self.constants.contains(&name.to_id())
                {
                    let target = read_only_target(name);
                    let mut assignment = assignment.take();
                    if assignment.op == AssignOp::Assign
                        && let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &assignment.left
                    {
                        let read = Box::new(Expr::Ident(name.id.clone()));
                        let exprs = vec![assignment.right.take(), read];
                        *assignment.right = Expr::Seq(SeqExpr {
                            span: DUMMY_SP,
                            exprs,
                        });
                    }
                    *expression = read_only(assignment, target);
                }
            }
            Expr::Update(update) => {
                if let Expr::Ident(name) = &*update.arg
                    && self.constants.contains(&name.to_id())
                {
                    let target = read_only_target(name);
                    *expression = read_only_update(update, target);
                }
            }
            _ => {}
        }
        expression.visit_mut_children_with(self);
    }
}

/// What a pattern assigns to.
struct Targets<'a> {
    constants: &'a FxHashSet<Id>,
}

impl Targets<'_> {
    /// `(name, "").name`
    fn refusing(name: &Ident) -> MemberExpr {
        let mut target = read_only_target(name);
        let exprs = vec![Box::new(Expr::Ident(name.clone())), target.obj.take()];
        *target.obj = Expr::Seq(SeqExpr {
            span: DUMMY_SP,
            exprs,
        });
        target
    }
}

impl VisitMut for Targets<'_> {
    noop_visit_mut_type!();

    fn visit_mut_pat(&mut self, pattern: &mut Pat) {
        match pattern {
            Pat::Ident(name) if self.constants.contains(&name.to_id()) => {
                *pattern = Pat::Expr(Box::new(Expr::Member(Self::refusing(name))));
            }
            _ => pattern.visit_mut_children_with(self),
        }
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        match property {
            ObjectPatProp::Assign(shorthand) if self.constants.contains(&shorthand.key.to_id()) => {
                let target = Self::refusing(&shorthand.key);
                *property = shorthand_to(shorthand, target);
            }
            _ => property.visit_mut_children_with(self),
        }
    }

    fn visit_mut_expr(&mut self, _: &mut Expr) {}
}
