//! Takes out what nothing reads.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{Decl, Id, Stmt};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::gather::assigned_alone;
use super::{Name, name_of, quiet_call};

/// The names that nothing reads.
pub struct Removal<'a> {
    pub unread: &'a FxHashSet<Name>,
    /// Functions that do nothing.
    pub quiet: &'a FxHashSet<Id>,
}

impl VisitMut for Removal<'_> {
    noop_visit_mut_type!();

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.retain_mut(|statement| match statement {
            Stmt::Decl(Decl::Var(declaration)) => {
                declaration.decls.retain(|declarator| {
                    let name = declarator.name.as_ident();
                    name.is_none_or(|name| !self.unread.contains(&name_of(&name.id)))
                });
                !declaration.decls.is_empty()
            }
            Stmt::Decl(Decl::Fn(declaration)) => !self.unread.contains(&name_of(&declaration.ident)),
            Stmt::Decl(Decl::Class(declaration)) => !self.unread.contains(&name_of(&declaration.ident)),
            other => {
                let name = assigned_alone(other).map(|(name, _)| name_of(name));
                let name = name.or_else(|| quiet_call(other, self.quiet).map(|(name, _)| name));
                name.is_none_or(|name| !self.unread.contains(&name))
            }
        });
        statements.visit_mut_children_with(self);
    }
}
