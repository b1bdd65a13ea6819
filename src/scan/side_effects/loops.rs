//! Loops: those that come to an end for certain, and do nothing that can be observed until then.
//!
//! ```js
//! for (let i = 0; i < 256; i++) table[i] = i
//! for (const name of ['a', 'b']) codes[name] = 1
//! ```

use swc_core::ecma::ast::{
    AssignExpr, BinaryOp, Expr, ForHead, ForInStmt, ForOfStmt, ForStmt, Id, Ident, Lit, MemberExpr, Pat,
    Stmt, UpdateExpr, UpdateOp, VarDecl, VarDeclKind, VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::primitives::Value;
use super::{Purity, without_parentheses};
use crate::graph::Asked;
use crate::scan::named_members::static_member;
use crate::scan::reassigned::{assigned_names, named, names_in_head};

/// A loop of more rounds may be there for the time it takes.
const MOST_ROUNDS: f64 = 100_000.0;

impl Purity<'_> {
    pub(super) fn for_has_side_effects(&self, statement: &ForStmt) -> bool {
        let (Some(VarDeclOrExpr::VarDecl(declaration)), Some(test), Some(update)) =
            (&statement.init, &statement.test, &statement.update)
        else {
            return true;
        };
        if self.variables_have_side_effects(declaration) {
            return true;
        }
        let mark = self.mark();
        // Comparing what counts with the end runs no code.
        let is_observed = !self.is_counted(declaration, test, update, &statement.body)
            || self.expression_has_side_effects(update)
            || self.statement_has_side_effects(&statement.body);
        is_observed && !self.instead(mark, || self.counts_nothing(declaration, test))
    }

    /// `let i = 0; i < list.length`, where a function asks for a list without elements.
    fn counts_nothing(&self, declaration: &VarDecl, test: &Expr) -> bool {
        let Some(comparison) = without_parentheses(test).as_bin() else {
            return false;
        };
        let (Some(counter), Some(end)) = (named(&comparison.left), comparison.right.as_member()) else {
            return false;
        };
        let starts_at_zero = declaration.decls.iter().any(|declarator| {
            let start = declarator.init.as_deref().and_then(number);
            start == Some(0.0)
                && declarator
                    .name
                    .as_ident()
                    .is_some_and(|name| name.to_id() == counter)
        });
        comparison.op == BinaryOp::Lt
            && starts_at_zero
            && is_length(end)
            && self.asks_of_parameter(&end.obj, Asked::EMPTY)
    }

    pub(super) fn for_of_has_side_effects(&self, statement: &ForOfStmt) -> bool {
        let list = without_parentheses(&statement.right);
        let mark = self.mark();
        let is_list = || match list {
            Expr::Array(_) => true,
            Expr::Ident(name) => {
                !mentions(&statement.body, &name.to_id())
                    && (self.is_known_list(list) || self.is_promised_list(list))
            }
            _ => false,
        };
        let is_observed = !is_list()
            || statement.is_await
            || !declares_name(&statement.left, &statement.body)
            || reads_head(list, &statement.left)
            || self.expression_has_side_effects(list)
            || self.statement_has_side_effects(&statement.body);
        let runs_nothing = || self.asks_of_parameter(list, Asked::EMPTY);
        is_observed && (statement.is_await || !self.instead(mark, runs_nothing))
    }

    pub(super) fn for_in_has_side_effects(&self, statement: &ForInStmt) -> bool {
        let object = without_parentheses(&statement.right);
        let is_object = match object {
            Expr::Array(_) | Expr::Object(_) => true,
            Expr::Ident(name) => {
                !mentions(&statement.body, &name.to_id())
                    && (self.is_known_literal(object) || self.is_promised_copy(object))
            }
            _ => false,
        };
        !is_object
            || !declares_name(&statement.left, &statement.body)
            || reads_head(object, &statement.left)
            || self.expression_has_side_effects(object)
            || self.statement_has_side_effects(&statement.body)
    }

    /// `let i = 0; i < 10; i++`, where nothing else gives `i` a value.
    fn is_counted(&self, declaration: &VarDecl, test: &Expr, update: &Expr, body: &Stmt) -> bool {
        if declaration.kind == VarDeclKind::Const {
            return false;
        }
        let Some(comparison) = without_parentheses(test).as_bin() else {
            return false;
        };
        let Some(counter) = without_parentheses(&comparison.left).as_ident() else {
            return false;
        };
        let start_of = |name: &Ident| {
            let declarator = declaration.decls.iter().find(|declarator| {
                declarator
                    .name
                    .as_ident()
                    .is_some_and(|own| own.to_id() == name.to_id())
            })?;
            declarator.init.as_deref()
        };
        let Some(start) = start_of(counter).and_then(number) else {
            return false;
        };
        let (counts_up, counts_down) = match comparison.op {
            BinaryOp::Lt | BinaryOp::LtEq => (true, false),
            BinaryOp::Gt | BinaryOp::GtEq => (false, true),
            _ => return false,
        };
        let steps = without_parentheses(update);
        let is_stepping = match steps {
            Expr::Update(update) => {
                named(&update.arg) == Some(counter.to_id())
                    && (update.op == UpdateOp::PlusPlus && counts_up
                        || update.op == UpdateOp::MinusMinus && counts_down)
            }
            Expr::Assign(assignment) => {
                let is_counter = assigned_names(&assignment.left) == [counter.to_id()];
                let step = number(&assignment.right).filter(|step| *step >= 1.0);
                is_counter
                    && step.is_some()
                    && (assignment.op == swc_core::ecma::ast::AssignOp::AddAssign && counts_up
                        || assignment.op == swc_core::ecma::ast::AssignOp::SubAssign && counts_down)
            }
            _ => false,
        };
        let bound = without_parentheses(&comparison.right);
        let (bound, bound_name) = match bound {
            Expr::Ident(name) => match start_of(name) {
                Some(value) => (without_parentheses(value), Some(name.to_id())),
                None => (bound, None),
            },
            other => (other, None),
        };
        let is_bound = match bound {
            // The other way the length is always above.
            Expr::Member(length) => {
                counts_up
                    && (self.is_known_length(length)
                        || is_length(length) && length.obj.is_ident() && self.is_promised_list(&length.obj))
                    && named(&length.obj).is_none_or(|list| !is_changed(body, &list))
            }
            other => self
                .integer(other)
                .is_some_and(|end| (end - start).abs() <= MOST_ROUNDS),
        };
        is_stepping
            && is_bound
            && !is_assigned(body, &counter.to_id())
            && bound_name.is_none_or(|name| !is_assigned(body, &name) && !is_assigned_in(update, &name))
    }

    /// `text.length`, `list.length` of what is known to be a text or a list.
    pub(super) fn is_known_length(&self, member: &MemberExpr) -> bool {
        is_length(member)
            && (self.text_of(&member.obj).is_some()
                || self.is_known_list(&member.obj)
                || matches!(self.value(&member.obj), Some(Value::Text | Value::List(_))))
    }
}

/// `list.length`
fn is_length(member: &MemberExpr) -> bool {
    static_member(&member.prop).is_some_and(|name| name == *"length")
}

fn number(value: &Expr) -> Option<f64> {
    match without_parentheses(value) {
        Expr::Lit(Lit::Num(number)) => Some(number.value),
        _ => None,
    }
}

/// `const name of`: taking a value runs no code.
fn declares_name(head: &ForHead, body: &Stmt) -> bool {
    let ForHead::VarDecl(declaration) = head else {
        return false;
    };
    let [declarator] = declaration.decls.as_slice() else {
        return false;
    };
    declarator
        .name
        .as_ident()
        .is_some_and(|name| declaration.kind != VarDeclKind::Const || !is_assigned(body, &name.to_id()))
}

/// `const name of [name]`, which fails: the variable is there, but has no value.
fn reads_head(list: &Expr, head: &ForHead) -> bool {
    struct Reads {
        names: Vec<Id>,
        found: bool,
    }
    impl Visit for Reads {
        noop_visit_type!();
        fn visit_ident(&mut self, ident: &Ident) {
            self.found |= self.names.contains(&ident.to_id());
        }
    }
    let names = match head {
        ForHead::VarDecl(declaration) if declaration.kind != VarDeclKind::Var => {
            find_pat_ids(&declaration.decls)
        }
        _ => return false,
    };
    let mut reads = Reads { names, found: false };
    list.visit_with(&mut reads);
    reads.found
}

fn is_assigned(statement: &Stmt, id: &Id) -> bool {
    let mut found = Assigned { id, found: false };
    statement.visit_with(&mut found);
    found.found
}

fn is_assigned_in(expression: &Expr, id: &Id) -> bool {
    let mut found = Assigned { id, found: false };
    expression.visit_with(&mut found);
    found.found
}

struct Assigned<'a> {
    id: &'a Id,
    found: bool,
}

impl Visit for Assigned<'_> {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.found |= assigned_names(&assignment.left).contains(self.id);
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.found |= named(&update.arg).as_ref() == Some(self.id);
        update.visit_children_with(self);
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.found |= named(target).as_ref() == Some(self.id);
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.found |= names_in_head(head).contains(self.id);
        head.visit_children_with(self);
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        // `var i` of a block inside is the same variable.
        let names = declaration.decls.iter();
        self.found |= names
            .filter(|declarator| declarator.init.is_some())
            .any(|declarator| {
                declarator
                    .name
                    .as_ident()
                    .is_some_and(|name| name.to_id() == *self.id)
            });
        declaration.visit_children_with(self);
    }
}

/// Whether a list may grow: calls, and anything but reading its elements counts.
fn is_changed(statement: &Stmt, list: &Id) -> bool {
    struct Changed<'a> {
        list: &'a Id,
        found: bool,
    }
    impl Visit for Changed<'_> {
        noop_visit_type!();
        fn visit_ident(&mut self, ident: &Ident) {
            self.found |= ident.to_id() == *self.list;
        }
        fn visit_expr(&mut self, expression: &Expr) {
            match expression {
                Expr::Member(member) if named(&member.obj).as_ref() == Some(self.list) => {
                    member.prop.visit_with(self);
                }
                // Functions may change it.
                other if may_call(other) => self.found = true,
                other => other.visit_children_with(self),
            }
        }
    }
    let mut changed = Changed { list, found: false };
    statement.visit_with(&mut changed);
    changed.found
}

fn may_call(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Call(_) | Expr::New(_) | Expr::TaggedTpl(_) | Expr::OptChain(_)
    )
}

/// Whether a statement names something, or functions that may.
fn mentions(statement: &Stmt, name: &Id) -> bool {
    struct Mentions<'a> {
        name: &'a Id,
        found: bool,
    }
    impl Visit for Mentions<'_> {
        noop_visit_type!();
        fn visit_ident(&mut self, ident: &Ident) {
            self.found |= ident.to_id() == *self.name;
        }
        fn visit_expr(&mut self, expression: &Expr) {
            self.found |= may_call(expression);
            expression.visit_children_with(self);
        }
    }
    let mut mentions = Mentions { name, found: false };
    statement.visit_with(&mut mentions);
    mentions.found
}
