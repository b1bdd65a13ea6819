//! Removes the branches that a known value decides.
//!
//! `if (process.env.NODE_ENV === 'production') module.exports = require('./a'); else …` must leave one
//! `require`: the other file is not even loaded. Only conditions made of literals count; what a program
//! computes is the minifier's business. This runs only on files in which a define was replaced, a condition may be
//! written as a constant, or, unless they are installed, a branch may ask for another module.
//!
//! A removed branch can still declare: `var` reaches to the enclosing function, so its names stay declared.
//! Functions in blocks do not (the code is strict here, see [`super::sloppy_script`]).

mod constant_conditions;
mod kept_names;
mod known;
mod locals;
mod moved;
mod switches;
#[cfg(test)]
mod tests;

use self::kept_names::WrittenNames;
use self::known::Known;
use self::locals::Locals;

use self::moved::{
    asks_what_hides_name, declares_in_block, hides_receiver, is_reference, only_value,
    parenthesized_if_needed,
};
pub(super) use self::moved::{declarations_of, starts_like_statement};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::path::Path;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, EqIgnoreSpan as _, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, BlockStmt, Bool, CallExpr, Callee, Decl, EmptyStmt, Expr, ExprStmt, FnDecl, Id,
    IfStmt, Lit, Module, ModuleItem, OptCall, Pat, Stmt, Str, SwitchCase, TaggedTpl, UnaryOp, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::named_members::static_path;
use super::parse::{Marks, is_installed};
use super::side_effects::without_parentheses;
use super::unreachable_code;
use crate::graph::{Constant, MemberPath};

/// What is asked of CommonJS's words, which may be decided in another form of the file.
const ASKED_WORDS: [&str; 3] = ["typeof require", "typeof module", "typeof exports"];

/// What asks for another module in the middle of the code.
const REQUESTS: [&str; 2] = ["require(", "import("];

/// Whether a condition may be decided by what the file says. Local constants are only looked at in files that are not
/// installed and ask for another module somewhere.
pub(super) fn may_be_written(module: &Module, source: &str, path: &Path) -> bool {
    let mentions = |text: &str| memchr::memmem::find(source.as_bytes(), text.as_bytes()).is_some();
    ASKED_WORDS.iter().any(|text| mentions(text))
        || !is_installed(path) && REQUESTS.iter().any(|text| mentions(text))
        || constant_conditions::is_in(module)
}

/// Removes dead branches everywhere in `module`.
pub(super) fn remove(module: &mut Module, marks: Marks) {
    module.visit_mut_with(&mut Remover {
        unresolved: marks.unresolved_context(),
        constants: None,
        unset: None,
        statement: None,
        locals: Locals::of_constants(),
    });
}

/// What is known of names and of members of names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenNames", into = "WrittenNames")]
pub struct KnownNames {
    names: FxHashMap<Id, Known>,
    /// The same, in some statements.
    late: FxHashMap<Id, (Known, FixedBitSet)>,
    members: FxHashMap<(Id, MemberPath), (Known, Option<FixedBitSet>)>,
}

/// Removes branches of one statement, the `number`th of its module, that names decide; whether it changed.
pub fn remove_decided(
    statement: &mut Stmt,
    number: Option<usize>,
    unresolved: SyntaxContext,
    constants: &KnownNames,
) -> bool {
    let before = statement.clone();
    statement.visit_mut_with(&mut Remover {
        unresolved,
        constants: Some(constants),
        unset: unset_inside(statement),
        statement: number,
        locals: Locals::of(&before),
    });
    !before.eq_ignore_span(statement)
}

/// The name that a statement declares and that has no value yet while the statement runs, as the second `E` of
/// `var E = function (E) { … }(E || {})`. What functions read is read later.
fn unset_inside(statement: &Stmt) -> Option<Id> {
    match statement {
        Stmt::Decl(Decl::Class(class)) => Some(class.ident.to_id()),
        Stmt::Decl(Decl::Var(declaration)) => match declaration.decls.as_slice() {
            [
                VarDeclarator {
                    name: Pat::Ident(name),
                    init: Some(value),
                    ..
                },
            ] => {
                let is_function = matches!(without_parentheses(value), Expr::Fn(_) | Expr::Arrow(_));
                (!is_function).then(|| name.to_id())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The value of an expression that is made of literals.
pub fn constant_value(expression: &Expr, unresolved: SyntaxContext) -> Option<Constant> {
    let remover = Remover {
        unresolved,
        constants: None,
        unset: None,
        statement: None,
        locals: Locals::of_constants(),
    };
    remover.known(expression)?.to_constant()
}

struct Remover<'a> {
    unresolved: SyntaxContext,
    constants: Option<&'a KnownNames>,
    /// A name that is not what it is known to be where it stands.
    unset: Option<Id>,
    /// The number of the statement of a module that is looked at.
    statement: Option<usize>,
    locals: Locals,
}

impl Remover<'_> {
    fn known(&self, expression: &Expr) -> Option<Known> {
        match expression {
            Expr::Lit(Lit::Str(text)) => Some(Known::Text(text.value.clone())),
            Expr::Lit(Lit::Bool(boolean)) => Some(Known::Boolean(boolean.value)),
            Expr::Lit(Lit::Num(number)) => Some(Known::Number(number.value)),
            Expr::Lit(Lit::Null(_)) => Some(Known::Null),
            Expr::Ident(ident) if *ident.sym == *"undefined" && ident.ctxt == self.unresolved => {
                Some(Known::Undefined)
            }
            Expr::Ident(ident) => {
                let id = ident.to_id();
                if let Some(known) = self.locals.known.get(&id) {
                    return Some(known.clone());
                }
                let known = self.constants?.of_name(&id, self.statement)?;
                (self.unset.as_ref() != Some(&id)).then_some(known)
            }
            Expr::Member(member) => {
                let constants = self.constants.filter(|constants| !constants.members.is_empty())?;
                let (object, path) = static_path(member)?;
                constants.of_member(object.to_id(), path, self.statement)
            }
            Expr::Paren(parenthesized) => self.known(&parenthesized.expr),
            Expr::Tpl(template) if template.exprs.is_empty() => {
                template.quasis.first()?.cooked.clone().map(Known::Text)
            }
            Expr::Unary(unary) => {
                let operand = self.known(&unary.arg)?;
                match unary.op {
                    UnaryOp::Bang => Some(Known::Boolean(!operand.is_truthy())),
                    UnaryOp::Void => Some(Known::Undefined),
                    UnaryOp::TypeOf => Some(Known::Text(operand.type_name().into())),
                    UnaryOp::Minus => match operand {
                        Known::Number(value) => Some(Known::Number(-value)),
                        _ => None,
                    },
                    _ => None,
                }
            }
            Expr::Bin(binary) => self.known_binary(binary),
            Expr::Cond(conditional) => {
                let test = self.known(&conditional.test)?;
                self.known(if test.is_truthy() {
                    &conditional.cons
                } else {
                    &conditional.alt
                })
            }
            Expr::OptChain(chain) => {
                let mut beginnings = constant_conditions::beginnings(chain);
                let ends = beginnings.any(|start| self.known(start).is_some_and(|known| known.is_nullish()));
                ends.then_some(Known::Undefined)
            }
            _ => None,
        }
    }

    fn known_binary(&self, binary: &BinExpr) -> Option<Known> {
        let left = self.known(&binary.left)?;
        match binary.op {
            BinaryOp::LogicalAnd if !left.is_truthy() => return Some(left),
            BinaryOp::LogicalOr if left.is_truthy() => return Some(left),
            BinaryOp::NullishCoalescing if !left.is_nullish() => return Some(left),
            _ => {}
        }
        let right = self.known(&binary.right)?;
        match binary.op {
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => Some(right),
            BinaryOp::EqEqEq => left.equals(&right).map(Known::Boolean),
            BinaryOp::NotEqEq => left.equals(&right).map(|equal| Known::Boolean(!equal)),
            BinaryOp::EqEq => left.loosely_equals(&right).map(Known::Boolean),
            BinaryOp::NotEq => left.loosely_equals(&right).map(|equal| Known::Boolean(!equal)),
            BinaryOp::Lt | BinaryOp::LtEq | BinaryOp::Gt | BinaryOp::GtEq => {
                let (Known::Number(left), Known::Number(right)) = (left, right) else {
                    return None;
                };
                Some(Known::Boolean(match binary.op {
                    BinaryOp::Lt => left < right,
                    BinaryOp::LtEq => left <= right,
                    BinaryOp::Gt => left > right,
                    _ => left >= right,
                }))
            }
            _ => None,
        }
    }

    /// What an `if` with a known condition leaves.
    fn decide(&mut self, statement: &mut IfStmt) -> Option<Vec<Stmt>> {
        let test = self.known(&statement.test)?;
        let then = statement.cons.take();
        let otherwise = statement.alt.take();
        let (mut live, dead) = if test.is_truthy() {
            (Some(then), otherwise)
        } else {
            (otherwise, Some(then))
        };
        let mut left = Vec::new();
        left.extend(dead.and_then(|dead| declarations_of(&dead)));
        if let Some(live) = &mut live {
            live.visit_mut_with(self);
        }
        match live.map(|live| *live) {
            None | Some(Stmt::Empty(_)) => {}
            Some(Stmt::Block(block)) if !block.stmts.iter().any(declares_in_block) => {
                left.extend(block.stmts);
            }
            Some(other) => left.push(other),
        }
        Some(left)
    }

    /// What a loop leaves whose condition is false from the start.
    fn never_entered(&mut self, statement: &mut Stmt) -> Option<Vec<Stmt>> {
        let is_false = |test: &Expr| self.known(test).is_some_and(|value| !value.is_truthy());
        match statement {
            Stmt::While(repeated) if is_false(&repeated.test) => {
                Some(declarations_of(&repeated.body).into_iter().collect())
            }
            Stmt::For(repeated)
                if repeated.init.is_none() && repeated.test.as_ref().is_some_and(|test| is_false(test)) =>
            {
                Some(declarations_of(&repeated.body).into_iter().collect())
            }
            _ => None,
        }
    }

    /// Visits a statement and says what stands in its place, when it is not one statement.
    fn replace(&mut self, statement: &mut Stmt) -> Option<Vec<Stmt>> {
        if let Stmt::If(conditional) = statement {
            conditional.test.visit_mut_with(self);
            if let Some(left) = self.decide(conditional) {
                return Some(left);
            }
            conditional.cons.visit_mut_with(self);
            conditional.alt.visit_mut_with(self);
            return None;
        }
        if let Some(left) = self.never_entered(statement) {
            return Some(left);
        }
        if let Stmt::Switch(switch) = statement {
            switch.discriminant.visit_mut_with(self);
            if let Some(mut left) = self.chosen_case(switch) {
                self.visit_mut_stmts(&mut left);
                return Some(left);
            }
        }
        let was_literal = matches!(statement, Stmt::Expr(ExprStmt { expr, .. }) if expr.is_lit());
        statement.visit_mut_children_with(self);
        match statement {
            // What is left of `false && f()`. A literal of the source may be a directive.
            Stmt::Expr(ExprStmt { expr, .. }) if !was_literal && self.known(expr).is_some() => {
                Some(Vec::new())
            }
            _ => None,
        }
    }
}

impl Remover<'_> {
    fn visit_callee(&mut self, callee: &mut Box<Expr>) {
        let hides_receiver = hides_receiver(callee);
        callee.visit_mut_with(self);
        if hides_receiver && is_reference(callee) {
            **callee = only_value(callee.take());
        }
    }
}

impl VisitMut for Remover<'_> {
    noop_visit_mut_type!();

    fn visit_mut_opt_call(&mut self, node: &mut OptCall) {
        self.visit_callee(&mut node.callee);
        node.args.visit_mut_with(self);
    }

    fn visit_mut_call_expr(&mut self, node: &mut CallExpr) {
        if let Callee::Expr(callee) = &mut node.callee {
            self.visit_callee(callee);
        } else {
            node.callee.visit_mut_with(self);
        }
        node.args.visit_mut_with(self);
    }

    fn visit_mut_tagged_tpl(&mut self, node: &mut TaggedTpl) {
        self.visit_callee(&mut node.tag);
        node.tpl.visit_mut_with(self);
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        match node {
            Expr::Cond(conditional) => {
                conditional.test.visit_mut_with(self);
                if let Some(test) = self.known(&conditional.test) {
                    let live = if test.is_truthy() {
                        conditional.cons.take()
                    } else {
                        conditional.alt.take()
                    };
                    *node = parenthesized_if_needed(live);
                    node.visit_mut_with(self);
                    return;
                }
                conditional.cons.visit_mut_with(self);
                conditional.alt.visit_mut_with(self);
            }
            Expr::Bin(binary)
                if matches!(
                    binary.op,
                    BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
                ) =>
            {
                binary.left.visit_mut_with(self);
                if let Some(left) = self.known(&binary.left) {
                    let takes_right = match binary.op {
                        BinaryOp::LogicalAnd => left.is_truthy(),
                        BinaryOp::LogicalOr => !left.is_truthy(),
                        _ => left.is_nullish(),
                    };
                    let live = if takes_right {
                        binary.right.take()
                    } else {
                        // The value, so that this does not need what it is the value of.
                        let written = left.written().filter(|_| self.constants.is_some());
                        written.map_or_else(|| binary.left.take(), Box::new)
                    };
                    *node = parenthesized_if_needed(live);
                    if takes_right {
                        node.visit_mut_with(self);
                    }
                    return;
                }
                binary.right.visit_mut_with(self);
            }
            Expr::OptChain(_) if self.known(node).is_some() => *node = *Expr::undefined(node.span()),
            Expr::Bin(_) | Expr::Unary(_) => {
                let hides_name = asks_what_hides_name(node);
                node.visit_mut_children_with(self);
                if let Expr::Unary(question) = node
                    && hides_name
                    && without_parentheses(&question.arg).is_ident()
                {
                    *question.arg = only_value(question.arg.take());
                }
                match self.known(node) {
                    Some(Known::Boolean(value)) => {
                        *node = Expr::Lit(Lit::Bool(Bool {
                            span: node.span(),
                            value,
                        }));
                    }
                    // The type of what is declared elsewhere, so that this does not need it.
                    Some(Known::Text(value)) if self.constants.is_some() => {
                        *node = Expr::Lit(Lit::Str(Str {
                            span: node.span(),
                            value,
                            raw: None,
                        }));
                    }
                    _ => {}
                }
            }
            _ => node.visit_mut_children_with(self),
        }
    }

    fn visit_mut_stmt(&mut self, node: &mut Stmt) {
        if let Some(mut left) = self.replace(node) {
            *node = match left.len() {
                0 => Stmt::Empty(EmptyStmt { span: DUMMY_SP }),
                1 if !declares_in_block(&left[0]) => left.remove(0),
                _ => Stmt::Block(BlockStmt {
                    span: node.span(),
                    stmts: left,
                    ..BlockStmt::default()
                }),
            };
        }
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        let is_case = std::mem::take(&mut self.locals.is_case_next);
        let mut noted = Vec::new();
        let mut index = 0;
        while index < node.len() {
            let count = match self.replace(&mut node[index]) {
                None => 1,
                Some(left) => {
                    let count = left.len();
                    node.splice(index..=index, left);
                    count
                }
            };
            for statement in node[index..index + count].iter_mut().filter(|_| !is_case) {
                self.note_declared(statement, &mut noted);
            }
            index += count;
        }
        for name in noted {
            self.locals.known.remove(&name);
        }
        if self.constants.is_some() {
            unreachable_code::remove(node);
        }
    }

    fn visit_mut_switch_case(&mut self, node: &mut SwitchCase) {
        node.test.visit_mut_with(self);
        self.locals.is_case_next = true;
        node.cons.visit_mut_with(self);
    }

    /// It may be called before what stands above it has run.
    fn visit_mut_fn_decl(&mut self, node: &mut FnDecl) {
        let known = std::mem::take(&mut self.locals.known);
        node.visit_mut_children_with(self);
        self.locals.known = known;
    }

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        let mut index = 0;
        while index < node.len() {
            let left = match &mut node[index] {
                ModuleItem::Stmt(statement) => self.replace(statement),
                ModuleItem::ModuleDecl(declaration) => {
                    declaration.visit_mut_with(self);
                    None
                }
            };
            match left {
                None => index += 1,
                Some(left) => {
                    let count = left.len();
                    node.splice(index..=index, left.into_iter().map(ModuleItem::Stmt));
                    index += count;
                }
            }
        }
    }
}
