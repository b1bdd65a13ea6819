//! Which statements of a module may run before a binding of it has its value:
//!
//! ```js
//! start(); const DEBUG = false; function start() { if (DEBUG) log() } function stop() { if (DEBUG) log() }
//! ```
//!
//! `start` may, what stands behind the declaration and what only that reaches may not.

use fixedbitset::FixedBitSet;
use swc_core::ecma::ast::{Decl, Expr, Stmt};

use super::unset::only_defines;
use crate::graph::{LocalId, ModuleSyntax, StatementId};

/// The code of one module, from its start on.
pub struct EarlyCode<'a> {
    syntax: &'a ModuleSyntax,
    /// So many statements are taken for run.
    run: usize,
    /// What those may call.
    reached: FixedBitSet,
}

impl<'a> EarlyCode<'a> {
    /// Nothing has run.
    pub fn of(syntax: &'a ModuleSyntax) -> Self {
        Self {
            syntax,
            run: 0,
            reached: FixedBitSet::with_capacity(syntax.statements.len()),
        }
    }

    /// The statements all of whose code runs after `declared`. Ask for one declaration after the other.
    pub fn after(&mut self, declared: StatementId) -> FixedBitSet {
        for index in self.run..declared.index() {
            if !only_defines(&self.syntax.tree.statements[StatementId::from_usize(index)]) {
                self.reach(StatementId::from_usize(index));
            }
        }
        self.run = self.run.max(declared.index());
        let mut later = FixedBitSet::with_capacity(self.syntax.statements.len());
        for (id, statement) in self.syntax.tree.statements.iter_enumerated() {
            let is_later = id > declared || id < declared && only_holds_functions(statement);
            later.set(id.index(), is_later && !self.reached.contains(id.index()));
        }
        later
    }

    fn reach(&mut self, statement: StatementId) {
        let mut pending = vec![statement];
        while let Some(statement) = pending.pop() {
            if self.reached.put(statement.index()) {
                continue;
            }
            let facts = &self.syntax.statements[statement];
            let used = facts
                .uses
                .iter()
                .chain(facts.member_uses.iter().map(|(local, _)| local));
            for local in used {
                pending.extend(&self.syntax.symbols[*local].declared_by);
                pending.extend(&self.syntax.symbols[*local].filled_by);
            }
        }
    }

    /// The statement that declares a binding, if it is one.
    pub fn declaration(syntax: &ModuleSyntax, local: LocalId) -> Option<StatementId> {
        match syntax.symbols[local].declared_by.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// Whether all that a statement does is to make functions, whose code runs later.
fn only_holds_functions(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Fn(_)) => true,
        Stmt::Decl(Decl::Var(declaration)) => declaration.decls.iter().all(|declarator| {
            declarator.name.is_ident()
                && matches!(declarator.init.as_deref(), Some(Expr::Fn(_) | Expr::Arrow(_)))
        }),
        _ => false,
    }
}
