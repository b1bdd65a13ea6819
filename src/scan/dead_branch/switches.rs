//! A `switch` on something known leaves the cases that run:
//!
//! ```js
//! switch ('b') { case 'a': one(); case 'b': two(); case 'c': three(); break; default: four() }   // two(); three()
//! ```

use swc_core::ecma::ast::{
    BlockStmt, BreakStmt, Class, DoWhileStmt, Expr, ForInStmt, ForOfStmt, ForStmt, Function, Stmt,
    SwitchStmt, WhileStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::{Remover, declarations_of, declares_in_block};

impl Remover<'_> {
    /// What a `switch` on something known leaves, where that is no `switch` any more.
    pub(super) fn chosen_case(&self, switch: &mut SwitchStmt) -> Option<Vec<Stmt>> {
        let value = self.known(&switch.discriminant)?;
        // Names of the block around all cases.
        if switch
            .cases
            .iter()
            .flat_map(|case| &case.cons)
            .any(declares_in_block)
        {
            return None;
        }
        let mut chosen = None;
        for (index, case) in switch.cases.iter().enumerate() {
            let Some(test) = &case.test else { continue };
            if value.equals(&self.known(test)?)? {
                chosen = Some(index);
                break;
            }
        }
        let chosen = chosen.or_else(|| switch.cases.iter().position(|case| case.test.is_none()));
        let first = chosen.unwrap_or(switch.cases.len());
        let run = switch.cases[first..].iter().flat_map(|case| &case.cons);
        let end = run.clone().position(leaves_switch);
        if run.take(end.unwrap_or(usize::MAX)).any(has_break) {
            return None;
        }
        let all = switch.cases.iter_mut().enumerate().flat_map(|(index, case)| {
            let statements = std::mem::take(&mut case.cons);
            statements.into_iter().map(move |statement| (index, statement))
        });
        let mut live = Vec::new();
        let mut dead = BlockStmt::default();
        let mut is_over = false;
        for (index, statement) in all {
            if index < first || is_over {
                dead.stmts.push(statement);
            } else if leaves_switch(&statement) {
                is_over = true;
                let leaves_only_this = matches!(&statement, Stmt::Break(leaving) if leaving.label.is_none());
                live.extend((!leaves_only_this).then_some(statement));
            } else {
                live.push(statement);
            }
        }
        let declared = declarations_of(&Stmt::Block(dead));
        Some(declared.into_iter().chain(live).collect())
    }
}

/// Whether nothing after a statement of a `switch` runs.
fn leaves_switch(statement: &Stmt) -> bool {
    matches!(
        statement,
        Stmt::Break(_) | Stmt::Return(_) | Stmt::Throw(_) | Stmt::Continue(_)
    )
}

/// Whether a statement has a `break` for what is around it.
fn has_break(statement: &Stmt) -> bool {
    struct Breaks(bool);
    impl Visit for Breaks {
        noop_visit_type!();
        fn visit_break_stmt(&mut self, leaving: &BreakStmt) {
            self.0 |= leaving.label.is_none();
        }
        fn visit_expr(&mut self, _: &Expr) {}
        fn visit_function(&mut self, _: &Function) {}
        fn visit_class(&mut self, _: &Class) {}
        fn visit_switch_stmt(&mut self, _: &SwitchStmt) {}
        fn visit_for_stmt(&mut self, _: &ForStmt) {}
        fn visit_for_in_stmt(&mut self, _: &ForInStmt) {}
        fn visit_for_of_stmt(&mut self, _: &ForOfStmt) {}
        fn visit_while_stmt(&mut self, _: &WhileStmt) {}
        fn visit_do_while_stmt(&mut self, _: &DoWhileStmt) {}
    }
    let mut breaks = Breaks(false);
    statement.visit_with(&mut breaks);
    breaks.0
}
