//! Inside of a class its name is constant: an assignment to it throws, whatever may be done to the variable around.
//!
//! ```text
//! class A { static reset() { A = null } }      class A { static reset() { "".A = (null, A) } }
//! ```
//!
//! Written so, it throws as well where the class has got another name, or none.

use memchr::memmem;
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignOp, AssignTarget, AssignTargetPat, ClassDecl, ClassExpr, Expr, ForHead, Id, Ident, ObjectPatProp,
    Pat, Program, SeqExpr, SimpleAssignTarget,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::read_only_import::{read_only, read_only_target, read_only_update, shorthand_to};

/// Whether a class has a name.
pub(super) fn may_be_there(source: &str) -> bool {
    memmem::find_iter(source.as_bytes(), b"class").any(|index| {
        let after = &source.as_bytes()[index + b"class".len()..];
        let name = after.trim_ascii_start();
        name.len() < after.len() && name.first().is_some_and(|first| *first != b'{')
    })
}

/// Makes these assignments throw. To be called when names are resolved.
pub(super) fn refuse_assignments(program: &mut Program) {
    program.visit_mut_with(&mut Refuser::default());
}

#[derive(Default)]
struct Refuser {
    /// The names of the classes around.
    names: Vec<Id>,
    pattern: Pattern,
}

/// What a pattern does with the names in it.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Pattern {
    #[default]
    Declares,
    Assigns,
}

impl Refuser {
    fn is_refused(&self, name: &Ident) -> bool {
        self.names
            .iter()
            .any(|(symbol, context)| *symbol == name.sym && *context == name.ctxt)
    }

    fn in_class(&mut self, name: Option<&Ident>, visit: impl FnOnce(&mut Self)) {
        let around = self.names.len();
        self.names.extend(name.map(Ident::to_id));
        visit(self);
        self.names.truncate(around);
    }

    fn in_pattern(&mut self, pattern: Pattern, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.pattern, pattern);
        visit(self);
        self.pattern = around;
    }
}

impl VisitMut for Refuser {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, node: &mut ClassDecl) {
        let name = node.ident.clone();
        self.in_class(Some(&name), |this| node.class.visit_mut_with(this));
    }

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        let name = node.ident.clone();
        self.in_class(name.as_ref(), |this| node.class.visit_mut_with(this));
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        match node {
            Expr::Assign(assignment) => {
                if let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &assignment.left
                    && self.is_refused(name)
                {
                    let name = name.id.clone();
                    let mut assignment = assignment.take();
                    if assignment.op == AssignOp::Assign {
                        // Read before the class is there, it is a `ReferenceError`.
                        let exprs = vec![assignment.right.take(), Box::new(Expr::Ident(name.clone()))];
                        *assignment.right = Expr::Seq(SeqExpr {
                            span: DUMMY_SP,
                            exprs,
                        });
                    }
                    *node = read_only(assignment, read_only_target(&name));
                }
            }
            Expr::Update(update) => {
                if let Expr::Ident(name) = &*update.arg
                    && self.is_refused(name)
                {
                    let target = read_only_target(name);
                    *node = read_only_update(update, target);
                }
            }
            _ => {}
        }
        self.in_pattern(Pattern::Declares, |this| node.visit_mut_children_with(this));
    }

    fn visit_mut_assign_target_pat(&mut self, node: &mut AssignTargetPat) {
        self.in_pattern(Pattern::Assigns, |this| node.visit_mut_children_with(this));
    }

    fn visit_mut_for_head(&mut self, node: &mut ForHead) {
        let pattern = match node {
            ForHead::Pat(_) => Pattern::Assigns,
            ForHead::VarDecl(_) | ForHead::UsingDecl(_) => Pattern::Declares,
        };
        self.in_pattern(pattern, |this| node.visit_mut_children_with(this));
    }

    fn visit_mut_pat(&mut self, node: &mut Pat) {
        match node {
            Pat::Ident(name) if self.pattern == Pattern::Assigns && self.is_refused(name) => {
                *node = Pat::Expr(Box::new(Expr::Member(read_only_target(name))));
            }
            _ => node.visit_mut_children_with(self),
        }
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut ObjectPatProp) {
        if let ObjectPatProp::Assign(shorthand) = node
            && self.pattern == Pattern::Assigns
            && self.is_refused(&shorthand.key.id)
        {
            let target = read_only_target(&shorthand.key.id);
            *node = shorthand_to(shorthand, target);
        }
        node.visit_mut_children_with(self);
    }
}
