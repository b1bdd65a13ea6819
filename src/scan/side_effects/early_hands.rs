//! Who has an object before functions run that others may call:
//!
//! ```js
//! const base = {}; export function walk(visitor = base) { visitor.walk() }      // whoever calls `walk` has `base`
//! base.first = base.second = function () {}                                     // nobody has by then
//! ```

use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, Class, ClassMember, Decl, Expr, SimpleAssignTarget, Stmt,
};
use swc_core::ecma::visit::VisitWith;

use super::hands::Hands;

impl Hands {
    /// Looks at what a statement of a module does at once, and not at what functions do that it only makes.
    pub fn visit_early(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Decl(Decl::Fn(_)) => {}
            Stmt::Decl(Decl::Class(declaration)) => self.declared_class(&declaration.class),
            Stmt::Decl(Decl::Var(declaration)) => {
                let only_makes = |value: &Expr| value.is_fn_expr() || value.is_arrow();
                match declaration.decls.as_slice() {
                    [declarator] if declarator.init.as_deref().is_some_and(only_makes) => {}
                    _ => statement.visit_with(self),
                }
            }
            Stmt::Expr(expression) => match last_assigned(&expression.expr) {
                Some(assigned) if assigned.right.is_fn_expr() || assigned.right.is_arrow() => {
                    let mut next = Some(&*expression.expr);
                    while let Some(Expr::Assign(assignment)) = next {
                        if let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left {
                            self.written(&Expr::Member(member.clone()));
                        }
                        self.target(assignment);
                        next = Some(&assignment.right);
                    }
                }
                _ => statement.visit_with(self),
            },
            _ => statement.visit_with(self),
        }
    }

    fn declared_class(&mut self, class: &Class) {
        self.head(class);
        for member in &class.body {
            match member {
                ClassMember::Constructor(_) | ClassMember::PrivateMethod(_) => {}
                ClassMember::Method(method) if method.function.decorators.is_empty() => {
                    method.key.visit_with(self);
                }
                other => other.visit_with(self),
            }
        }
    }
}

/// The last assignment of `a = b = c`.
fn last_assigned(expression: &Expr) -> Option<&AssignExpr> {
    let mut last = expression.as_assign()?;
    while let Expr::Assign(next) = &*last.right {
        last = next;
    }
    Some(last)
}
