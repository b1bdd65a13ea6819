//! Classes with static parts whose binding is assigned to later.
//!
//! ```js
//! class A { static make = () => new this() }     class A_1 {}  let A = A_1;
//! A = wrapped(A);                                A_1.make = () => new A_1();
//! ```
//!
//! Inside of a class its name means the class, whatever becomes of the binding around it; rewriting moves the static parts
//! out of the class, where the name would mean the binding.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignTarget, AssignTargetPat, ClassDecl, ClassMember, Decl, Expr, ForHead, Id, Ident, Module,
    ModuleItem, Pat, SimpleAssignTarget, Stmt, UpdateExpr, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::super::ast;
use super::super::print::NameMarks;
use super::class_names;

/// Gives these classes names of their own. To be called before static parts are moved.
pub(super) fn separate(module: &mut Module, marks: NameMarks) {
    let assigned = assigned_names(module);
    if !assigned.is_empty() {
        module.visit_mut_with(&mut Separator { assigned, marks });
    }
}

/// What is assigned to, beside the values that declarations give.
pub(super) fn assigned_names(module: &Module) -> FxHashSet<Id> {
    let mut assigned = Assigned::default();
    module.visit_with(&mut assigned);
    assigned.names
}

#[derive(Default)]
struct Assigned {
    names: FxHashSet<Id>,
}

impl Visit for Assigned {
    noop_visit_type!();

    fn visit_assign_target(&mut self, target: &AssignTarget) {
        match target {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.names.insert(name.to_id());
            }
            AssignTarget::Pat(AssignTargetPat::Array(pattern)) => {
                self.names.extend(find_pat_ids::<_, Id>(pattern));
            }
            AssignTarget::Pat(AssignTargetPat::Object(pattern)) => {
                self.names.extend(find_pat_ids::<_, Id>(pattern));
            }
            _ => {}
        }
        target.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Ident(name) = &*update.arg {
            self.names.insert(name.to_id());
        }
        update.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        if let ForHead::Pat(pattern) = head {
            self.names.extend(find_pat_ids::<_, Id>(pattern));
        }
        head.visit_children_with(self);
    }
}

struct Separator {
    assigned: FxHashSet<Id>,
    marks: NameMarks,
}

impl Separator {
    /// The class under another name, and the binding that had its name.
    fn separated(&self, statement: &mut Stmt) -> Option<Stmt> {
        let Stmt::Decl(Decl::Class(declaration)) = statement else {
            return None;
        };
        if !self.assigned.contains(&declaration.ident.to_id()) || !has_static_parts(declaration) {
            return None;
        }
        let outer = declaration.ident.clone();
        let context = SyntaxContext::empty().apply_mark(Mark::new());
        let name: Atom = outer.sym.clone();
        let inner = ast::ident(&name, context);
        declaration.class.visit_mut_with(&mut Renaming {
            from: outer.to_id(),
            to: inner.clone(),
        });
        declaration.ident = inner.clone();
        class_names::tell_name(&mut declaration.class, &name, self.marks);
        Some(Stmt::Decl(Decl::Var(Box::new(VarDecl {
            kind: VarDeclKind::Let,
            decls: vec![VarDeclarator {
                span: declaration.class.span,
                name: Pat::Ident(outer.into()),
                init: Some(Box::new(Expr::Ident(inner))),
                definite: false,
            }],
            ..VarDecl::default()
        }))))
    }
}

fn has_static_parts(declaration: &ClassDecl) -> bool {
    declaration.class.body.iter().any(|member| match member {
        ClassMember::StaticBlock(_) => true,
        ClassMember::ClassProp(field) => field.is_static,
        ClassMember::PrivateProp(field) => field.is_static,
        ClassMember::PrivateMethod(method) => method.is_static,
        _ => false,
    })
}

impl VisitMut for Separator {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        items.visit_mut_children_with(self);
        let mut separated = Vec::with_capacity(items.len());
        for mut item in items.drain(..) {
            let binding = item.as_mut_stmt().and_then(|statement| self.separated(statement));
            separated.push(item);
            separated.extend(binding.map(ModuleItem::Stmt));
        }
        *items = separated;
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        let mut separated = Vec::with_capacity(statements.len());
        for mut statement in statements.drain(..) {
            let binding = self.separated(&mut statement);
            separated.push(statement);
            separated.extend(binding);
        }
        *statements = separated;
    }
}

struct Renaming {
    from: Id,
    to: Ident,
}

impl VisitMut for Renaming {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if ident.to_id() == self.from {
            ident.ctxt = self.to.ctxt;
        }
    }
}
