//! A sloppy function may assign to its `arguments` as to a variable:
//!
//! ```js
//! function join() { arguments = Array.from(arguments); return arguments.join() }
//! ```
//!
//! Strict code may not, so it declares a variable of that name, which [`super::sloppy_script`] begins with the arguments.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, Class, ClassMember, Decl, Expr, ForHead, Function, Ident, Pat, Script,
    SimpleAssignTarget, Stmt, UpdateExpr, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::sloppy_script::starts_strict;

/// Declares the variable in functions that assign to it.
pub(super) fn declare_assigned_arguments(script: &mut Script, unresolved: SyntaxContext) {
    script.visit_mut_with(&mut Declare { unresolved });
}

struct Declare {
    unresolved: SyntaxContext,
}

impl VisitMut for Declare {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, _: &mut Class) {
        // Strict, with everything in it.
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        node.visit_mut_children_with(self);
        let Some(body) = &mut node.body else { return };
        if starts_strict(&body.stmts) {
            return;
        }
        let mut search = Assigned {
            unresolved: self.unresolved,
            is_found: false,
        };
        body.visit_with(&mut search);
        if !search.is_found {
            return;
        }
        let variable = SyntaxContext::empty().apply_mark(Mark::new());
        body.visit_mut_children_with(&mut Rename {
            unresolved: self.unresolved,
            variable,
        });
        let declaration = VarDecl {
            kind: VarDeclKind::Var,
            decls: vec![VarDeclarator {
                name: Pat::Ident(Ident::new("arguments".into(), DUMMY_SP, variable).into()),
                ..VarDeclarator::dummy()
            }],
            ..VarDecl::default()
        };
        body.stmts.push(Stmt::Decl(Decl::Var(Box::new(declaration))));
    }
}

/// Whether a function assigns to its `arguments`.
struct Assigned {
    unresolved: SyntaxContext,
    is_found: bool,
}

impl Assigned {
    fn note(&mut self, name: &Ident) {
        self.is_found |= name.ctxt == self.unresolved && name.sym == *"arguments";
    }

    fn pattern(&mut self, pattern: &Pat) {
        for name in find_pat_ids::<_, Ident>(pattern) {
            self.note(&name);
        }
    }
}

impl Visit for Assigned {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, node: &AssignExpr) {
        match &node.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => self.note(name),
            AssignTarget::Simple(_) => {}
            AssignTarget::Pat(pattern) => self.pattern(&Pat::from(pattern.clone())),
        }
        node.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, node: &UpdateExpr) {
        if let Expr::Ident(name) = &*node.arg {
            self.note(name);
        }
        node.visit_children_with(self);
    }

    fn visit_for_head(&mut self, node: &ForHead) {
        if let ForHead::Pat(pattern) = node {
            self.pattern(pattern);
        }
        node.visit_children_with(self);
    }

    // These have `arguments` of their own.
    fn visit_function(&mut self, _: &Function) {}
    fn visit_class_member(&mut self, _: &ClassMember) {}
}

/// Makes the arguments of a function the variable.
struct Rename {
    unresolved: SyntaxContext,
    variable: SyntaxContext,
}

impl VisitMut for Rename {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if node.ctxt == self.unresolved && node.sym == *"arguments" {
            node.ctxt = self.variable;
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_class_members(&mut self, _: &mut Vec<ClassMember>) {}
}
