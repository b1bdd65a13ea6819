//! Statements that do nothing else than to give one binding of their module a value or a property:
//!
//! ```js
//! let current; current = 1
//! function Point() {} Point.prototype.move = function () {}; Point.origin = {}
//! const list = []; list.push(1); const table = {}; table.a = table['b'] = true
//! Object.assign(Point.prototype, { stay() {} }); Object.freeze(table)
//! var Kind; (function (Kind) { Kind[Kind['A'] = 0] = 'A' })(Kind || (Kind = {}))
//! ```
//!
//! Such a statement counts where the binding is used.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Id, MemberExpr, MemberProp,
    SimpleAssignTarget, Stmt,
};

use super::collect::static_member;
use super::normalize::NormalizedModule;
use super::reassigned::Reassigned;
use super::side_effects::{FreshKind, Known, Purity};
use crate::graph::LocalId;

/// What decides.
pub struct Fills<'a> {
    /// The module.
    pub module: &'a NormalizedModule,
    /// What is assigned to.
    pub reassigned: &'a Reassigned,
    /// What its objects are.
    pub known: &'a Known,
}

impl Fills<'_> {
    /// The binding that a statement fills, if it does nothing else.
    pub fn filled_by(
        &self,
        statement: &Stmt,
        purity: &Purity<'_>,
        declared_later: &FxHashSet<Id>,
    ) -> Option<LocalId> {
        let Stmt::Expr(statement) = statement else {
            return None;
        };
        let id = self.filled(&statement.expr, purity)?;
        let local = *self.module.symbol_of.get(&id)?;
        let is_own =
            !self.module.imports.contains_key(&local) && !self.module.symbols[local].declared_by.is_empty();
        (is_own && !declared_later.contains(&id)).then_some(local)
    }

    fn filled(&self, expression: &Expr, purity: &Purity<'_>) -> Option<Id> {
        match expression {
            Expr::Paren(inner) => self.filled(&inner.expr, purity),
            Expr::Seq(sequence) => {
                let (first, others) = sequence.exprs.split_first()?;
                let id = self.filled(first, purity)?;
                let is_same = |other: &Box<Expr>| self.filled(other, purity).as_ref() == Some(&id);
                others.iter().all(is_same).then_some(id)
            }
            Expr::Assign(assignment) if assignment.op == AssignOp::Assign => {
                let id = self.assigned(assignment, purity)?;
                let is_quiet = !purity.expression_has_side_effects(&assignment.right)
                    || assignment.right.is_assign()
                        && self.filled(&assignment.right, purity).as_ref() == Some(&id);
                is_quiet.then_some(id)
            }
            Expr::Call(call) => self.filled_by_call(call, purity),
            _ => None,
        }
    }

    /// What an assignment gives a value or a property.
    fn assigned(&self, assignment: &AssignExpr, purity: &Purity<'_>) -> Option<Id> {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                let id = name.to_id();
                (!self.reassigned.constants.contains(&id)).then_some(id)
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.given_property(member, purity),
            _ => None,
        }
    }

    fn given_property(&self, member: &MemberExpr, purity: &Purity<'_>) -> Option<Id> {
        let Some(target) = purity.property_target(member) else {
            return self.given_element(member, purity);
        };
        let id = target.object.to_id();
        let made = self.known.made(&id)?;
        let is_replaced = self.reassigned.prototypes.contains(&id);
        let is_known = if !target.is_of_prototype && target.name.as_deref() == Some("prototype") {
            made.kind == FreshKind::Function && !is_replaced
        } else {
            purity.takes_property(made, &target) && !(target.is_of_prototype && is_replaced)
        };
        is_known.then_some(id)
    }

    /// `table[KEY]`, where the key is a value that converts without running code.
    fn given_element(&self, member: &MemberExpr, purity: &Purity<'_>) -> Option<Id> {
        let MemberProp::Computed(key) = &member.prop else {
            return None;
        };
        let id = member.obj.as_ident()?.to_id();
        let made = self.known.made(&id)?;
        (made.is_plain_object() && purity.is_element_key(&key.expr)).then_some(id)
    }

    fn filled_by_call(&self, call: &CallExpr, purity: &Purity<'_>) -> Option<Id> {
        let Callee::Expr(callee) = &call.callee else {
            return None;
        };
        if call.args.iter().any(|argument| argument.spread.is_some()) {
            return None;
        }
        let are_quiet = |arguments: &[ExprOrSpread]| {
            !arguments
                .iter()
                .any(|argument| purity.expression_has_side_effects(&argument.expr))
        };
        if let Some(id) = self.merged_enum(callee, &call.args, purity) {
            return Some(id);
        }
        let member = callee.as_member()?;
        let method = static_member(&member.prop)?;
        let object = member.obj.as_ident()?;
        if let Some(made) = self.known.made(&object.to_id()) {
            let is_list = made.kind == FreshKind::Array && matches!(&*method, "push" | "unshift");
            return (is_list && are_quiet(&call.args)).then(|| object.to_id());
        }
        if !purity.is_global_object(object) {
            return None;
        }
        let (target, others) = call.args.split_first()?;
        let id = self.whole_or_prototype(&target.expr)?;
        let is_quiet = match (&*method, others) {
            ("freeze" | "seal" | "preventExtensions", []) => target.expr.is_ident(),
            ("defineProperty", [key, descriptor]) => {
                purity.is_element_key(&key.expr) && is_plain_literal(&descriptor.expr)
            }
            ("assign", sources) => {
                let made = self.known.made(&id)?;
                let takes_all = if target.expr.is_ident() {
                    made.is_plain_object()
                } else {
                    made.parent.is_none() && !made.has_accessors()
                };
                takes_all && sources.iter().all(|source| is_plain_literal(&source.expr))
            }
            _ => false,
        };
        (is_quiet && are_quiet(others)).then_some(id)
    }

    /// `X` or `X.prototype`, for what the module has made.
    fn whole_or_prototype(&self, target: &Expr) -> Option<Id> {
        let object = match target {
            Expr::Ident(object) => object,
            Expr::Member(member) if static_member(&member.prop)? == *"prototype" => member.obj.as_ident()?,
            _ => return None,
        };
        let id = object.to_id();
        let made = self.known.made(&id)?;
        let has_prototype = matches!(made.kind, FreshKind::Function | FreshKind::Class);
        (target.is_ident() || has_prototype && !self.reassigned.prototypes.contains(&id)).then_some(id)
    }

    /// `(function (E) { … })(E || (E = {}))`
    fn merged_enum(&self, callee: &Expr, arguments: &[ExprOrSpread], purity: &Purity<'_>) -> Option<Id> {
        let mut callee = callee;
        while let Expr::Paren(inner) = callee {
            callee = &inner.expr;
        }
        let [argument] = arguments else { return None };
        let either = argument.expr.as_bin().filter(|either| either.op == BinaryOp::LogicalOr)?;
        let id = either.left.as_ident()?.to_id();
        let mut right = &*either.right;
        while let Expr::Paren(inner) = right {
            right = &inner.expr;
        }
        let assignment = right.as_assign().filter(|assignment| assignment.op == AssignOp::Assign)?;
        let is_filled = matches!(&assignment.left, AssignTarget::Simple(SimpleAssignTarget::Ident(name)) if name.to_id() == id)
            && assignment.right.as_object().is_some_and(|object| object.props.is_empty());
        let is_only_filled = self.reassigned.is_empty_object(&id)
            || self.known.made(&id).is_some_and(|made| made.parent.is_none() && !made.has_accessors());
        (is_filled && is_only_filled && purity.fills_enum(callee)).then_some(id)
    }
}

/// A literal whose properties run no code when they are read.
fn is_plain_literal(value: &Expr) -> bool {
    super::side_effects::Made::of(value).is_some_and(|made| made.is_plain_object())
}
