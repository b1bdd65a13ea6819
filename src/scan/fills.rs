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

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Id, Lit, MemberExpr,
    MemberProp, Prop, PropName, PropOrSpread, SimpleAssignTarget,
};

use super::named_members::static_member;
use super::normalize::{NormalizedModule, text_of};
use super::reassigned::Reassigned;
use super::side_effects::{FreshKind, Known, Purity};
use crate::graph::{LocalId, StatementId};

/// What decides.
pub struct Fills<'a> {
    /// The module.
    pub module: &'a NormalizedModule,
    /// What is assigned to.
    pub reassigned: &'a Reassigned,
    /// What its objects are.
    pub known: &'a Known,
    /// Objects that do not take every property any more.
    limits: FxHashMap<Id, Vec<Limit>>,
}

/// What assigning to an object may fail for, or run, from a statement on.
struct Limit {
    from: usize,
    /// The property that is defined; nothing where the object is frozen, or defines what is not known.
    name: Option<Atom>,
}

impl<'a> Fills<'a> {
    /// Looks for objects with limits.
    pub fn new(module: &'a NormalizedModule, reassigned: &'a Reassigned, known: &'a Known) -> Self {
        let mut limits: FxHashMap<Id, Vec<Limit>> = FxHashMap::default();
        for (from, statement) in module.statements.iter().enumerate() {
            if let Some(call) = statement.as_expr().and_then(|statement| statement.expr.as_call())
                && let Some((id, name)) = limited_by(call)
            {
                limits.entry(id).or_default().push(Limit { from, name });
            }
        }
        Self {
            module,
            reassigned,
            known,
            limits,
        }
    }

    /// The binding that a statement fills, if it does nothing else.
    pub fn filled_by(
        &self,
        statement: StatementId,
        purity: &Purity<'_>,
        declared_later: &FxHashSet<Id>,
    ) -> Option<LocalId> {
        let place = Place {
            fills: self,
            purity,
            index: statement.index(),
        };
        let id = place.filled(&self.module.statements[statement].as_expr()?.expr)?;
        let local = *self.module.symbol_of.get(&id)?;
        let is_own =
            !self.module.imports.contains_key(&local) && !self.module.symbols[local].declared_by.is_empty();
        (is_own && !declared_later.contains(&id)).then_some(local)
    }
}

/// A statement that may fill something.
struct Place<'a> {
    fills: &'a Fills<'a>,
    purity: &'a Purity<'a>,
    /// Its number.
    index: usize,
}

impl Place<'_> {
    /// Whether a property, or any, can not simply be assigned to at this point.
    fn is_limited(&self, id: &Id, name: Option<&Atom>) -> bool {
        let limits = self.fills.limits.get(id).into_iter().flatten();
        limits.filter(|limit| limit.from < self.index).any(|limit| {
            let names = limit.name.as_ref().zip(name);
            names.is_none_or(|(limited, name)| limited == name)
        })
    }

    fn filled(&self, expression: &Expr) -> Option<Id> {
        match expression {
            Expr::Paren(inner) => self.filled(&inner.expr),
            Expr::Seq(sequence) => {
                let (first, others) = sequence.exprs.split_first()?;
                let id = self.filled(first)?;
                let is_same = |other: &Expr| self.filled(other).as_ref() == Some(&id);
                others.iter().all(|other| is_same(other)).then_some(id)
            }
            Expr::Assign(assignment) if assignment.op == AssignOp::Assign => {
                let id = self.assigned(assignment)?;
                let is_quiet = !self.purity.expression_has_side_effects(&assignment.right)
                    || assignment.right.is_assign() && self.filled(&assignment.right).as_ref() == Some(&id);
                is_quiet.then_some(id)
            }
            Expr::Call(call) => self.filled_by_call(call),
            _ => None,
        }
    }

    /// What an assignment gives a value or a property.
    fn assigned(&self, assignment: &AssignExpr) -> Option<Id> {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                let id = name.to_id();
                (!self.fills.reassigned.constants.contains(&id)).then_some(id)
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.given_property(member),
            _ => None,
        }
    }

    fn given_property(&self, member: &MemberExpr) -> Option<Id> {
        let Some(target) = self.purity.property_target(member) else {
            return self.given_element(member);
        };
        let id = target.object.to_id();
        let made = self.fills.known.made(&id)?;
        let is_replaced = self.fills.reassigned.prototypes.contains(&id);
        let is_known = if !target.is_of_prototype && target.name.as_deref() == Some("prototype") {
            made.kind == FreshKind::Function && !is_replaced
        } else {
            self.purity.takes_property(made, &target) && !(target.is_of_prototype && is_replaced)
        };
        (is_known && !self.is_limited(&id, target.name.as_ref())).then_some(id)
    }

    /// `table[KEY]`, where the key is a value that converts without running code.
    fn given_element(&self, member: &MemberExpr) -> Option<Id> {
        let MemberProp::Computed(key) = &member.prop else {
            return None;
        };
        let id = member.obj.as_ident()?.to_id();
        let made = self.fills.known.made(&id)?;
        (made.is_plain_object() && self.purity.is_element_key(&key.expr) && !self.is_limited(&id, None))
            .then_some(id)
    }

    fn filled_by_call(&self, call: &CallExpr) -> Option<Id> {
        let Callee::Expr(callee) = &call.callee else {
            return None;
        };
        if call.args.iter().any(|argument| argument.spread.is_some()) {
            return None;
        }
        let are_quiet = |arguments: &[ExprOrSpread]| {
            !arguments
                .iter()
                .any(|argument| self.purity.expression_has_side_effects(&argument.expr))
        };
        if let Some(id) = self.merged_enum(callee, &call.args) {
            return Some(id);
        }
        let member = callee.as_member()?;
        let method = static_member(&member.prop)?;
        let object = member.obj.as_ident()?;
        if let Some(made) = self.fills.known.made(&object.to_id()) {
            let is_list = made.kind == FreshKind::Array && matches!(&*method, "push" | "unshift");
            let id = object.to_id();
            return (is_list && are_quiet(&call.args) && !self.is_limited(&id, None)).then_some(id);
        }
        if !self.purity.is_global_object(object) {
            return None;
        }
        let (target, others) = call.args.split_first()?;
        let id = self.whole_or_prototype(&target.expr)?;
        let is_quiet = match (&*method, others) {
            ("freeze" | "seal" | "preventExtensions", []) => target.expr.is_ident(),
            ("defineProperty", [key, descriptor]) => {
                self.purity.is_element_key(&key.expr) && is_plain_literal(&descriptor.expr)
            }
            ("assign", sources) => {
                let made = self.fills.known.made(&id)?;
                let takes_all = if target.expr.is_ident() {
                    made.is_plain_object()
                } else {
                    made.parent.is_none() && !made.has_accessors()
                };
                takes_all && sources.iter().all(|source| self.is_copied(&id, &source.expr))
            }
            _ => false,
        };
        (is_quiet && are_quiet(others)).then_some(id)
    }

    /// Whether copying a literal to an object is no more than assigning values.
    fn is_copied(&self, id: &Id, source: &Expr) -> bool {
        let Expr::Object(object) = source else {
            return false;
        };
        is_plain_literal(source)
            && object.props.iter().all(|property| {
                let PropOrSpread::Prop(property) = property else {
                    return false;
                };
                let name = match &**property {
                    Prop::Shorthand(name) => Some(name.sym.clone()),
                    Prop::KeyValue(pair) => key_name(&pair.key),
                    Prop::Method(method) => key_name(&method.key),
                    _ => None,
                };
                name.is_some_and(|name| !self.is_limited(id, Some(&name)))
            })
    }

    /// `X` or `X.prototype`, for what the module has made.
    fn whole_or_prototype(&self, target: &Expr) -> Option<Id> {
        let object = match target {
            Expr::Ident(object) => object,
            Expr::Member(member) if static_member(&member.prop)? == *"prototype" => member.obj.as_ident()?,
            _ => return None,
        };
        let id = object.to_id();
        let made = self.fills.known.made(&id)?;
        let has_prototype = matches!(made.kind, FreshKind::Function | FreshKind::Class);
        (target.is_ident() || has_prototype && !self.fills.reassigned.prototypes.contains(&id)).then_some(id)
    }

    /// `(function (E) { … })(E || (E = {}))`
    fn merged_enum(&self, callee: &Expr, arguments: &[ExprOrSpread]) -> Option<Id> {
        let mut callee = callee;
        while let Expr::Paren(inner) = callee {
            callee = &inner.expr;
        }
        let [argument] = arguments else { return None };
        let either = argument
            .expr
            .as_bin()
            .filter(|either| either.op == BinaryOp::LogicalOr)?;
        let id = either.left.as_ident()?.to_id();
        let mut right = &*either.right;
        while let Expr::Paren(inner) = right {
            right = &inner.expr;
        }
        let assignment = right
            .as_assign()
            .filter(|assignment| assignment.op == AssignOp::Assign)?;
        let is_filled = matches!(&assignment.left, AssignTarget::Simple(SimpleAssignTarget::Ident(name)) if name.to_id() == id)
            && assignment
                .right
                .as_object()
                .is_some_and(|object| object.props.is_empty());
        let is_only_filled = self.fills.reassigned.is_empty_object(&id)
            || self
                .fills
                .known
                .made(&id)
                .is_some_and(|made| made.parent.is_none() && !made.has_accessors());
        (is_filled && is_only_filled && self.purity.fills_enum(callee)).then_some(id)
    }
}

fn key_name(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(name) => Some(text_of(&name.value)),
        _ => None,
    }
}

/// The object that `Object.defineProperty(object, 'name', …)` limits, or its `prototype`; no name stands for all.
fn limited_by(call: &CallExpr) -> Option<(Id, Option<Atom>)> {
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    let method = static_member(&callee.as_member()?.prop)?;
    let (target, others) = call.args.split_first()?;
    let object = match &*target.expr {
        Expr::Ident(object) => object,
        Expr::Member(member) => member.obj.as_ident()?,
        _ => return None,
    };
    let name = match (&*method, others.first().map(|key| &*key.expr)) {
        ("defineProperty", Some(Expr::Lit(Lit::Str(name)))) => Some(text_of(&name.value)),
        ("defineProperty" | "freeze" | "seal" | "preventExtensions", _) => None,
        _ => return None,
    };
    Some((object.to_id(), name))
}

/// A literal whose properties run no code when they are read.
fn is_plain_literal(value: &Expr) -> bool {
    super::side_effects::Made::of(value).is_some_and(|made| made.is_plain_object())
}
