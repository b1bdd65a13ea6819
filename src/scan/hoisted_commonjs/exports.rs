//! Statements that give exports their values.

use swc_core::atoms::Atom;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, CallExpr, Expr, ExprOrSpread, Lit, MemberExpr,
    ObjectLit, Prop, PropName, PropOrSpread, SimpleAssignTarget, Stmt, UnaryOp,
};

use super::Writer;
use super::whole::{Marked, unnamed};
use crate::scan::named_members::static_member;
use crate::scan::normalize::text_of;

impl Writer {
    /// `exports` and `module.exports`
    pub(super) fn is_exports(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Paren(inner) => self.is_exports(&inner.expr),
            Expr::Ident(ident) => self.is_global(ident, "exports"),
            Expr::Member(member) => {
                let object = member.obj.as_ident();
                object.is_some_and(|object| self.is_global(object, "module"))
                    && static_member(&member.prop).is_some_and(|name| name == *"exports")
            }
            _ => false,
        }
    }

    fn export_name(&self, target: &AssignTarget) -> Option<Atom> {
        let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = target else {
            return None;
        };
        let MemberExpr { obj, prop, .. } = member;
        self.is_exports(obj).then(|| static_member(prop)).flatten()
    }

    /// Whether the statement was one that gives values to exports; nothing where it makes the module one that stays.
    pub(super) fn export_statement(&mut self, index: usize, expression: &Expr) -> Option<bool> {
        match expression {
            Expr::Paren(inner) => self.export_statement(index, &inner.expr),
            Expr::Assign(assignment) if self.is_whole_assignment(assignment) => {
                self.whole_assignment(index, assignment, None)?;
                Some(true)
            }
            // These are properties of a variable.
            _ if self.object.is_some() => Some(false),
            Expr::Assign(assignment) if self.export_name(&assignment.left).is_some() => {
                self.assignment(index, assignment)?;
                Some(true)
            }
            Expr::Call(call) => self.definition(index, call),
            _ => Some(false),
        }
    }

    /// `exports.a = exports.b = value`
    fn assignment(&mut self, index: usize, assignment: &AssignExpr) -> Option<()> {
        let mut names = Vec::new();
        let mut assignment = assignment;
        let value = loop {
            if assignment.op != AssignOp::Assign {
                return None;
            }
            names.push(self.export_name(&assignment.left)?);
            match &*assignment.right {
                Expr::Assign(next) if self.export_name(&next.left).is_some() => assignment = next,
                value => break value.clone(),
            }
        };
        if names.iter().any(|name| *name == *"__esModule") {
            self.marked = is_true(&value).then_some(Marked::Shown);
            self.order.extend(names.iter().cloned());
            return (self.marked.is_some() && names.len() == 1).then_some(());
        }
        // The last one is written first.
        self.order.extend(names.iter().rev().cloned());
        if is_undefined(&value) {
            let is_new = names.iter().all(|name| !self.exported.contains_key(name));
            self.initialised.extend(names);
            return is_new.then_some(());
        }
        if names.iter().any(|name| !self.is_new_export(name)) {
            return None;
        }
        let is_early = |name: &Atom| self.declared.export_may_be_read_before(name, index);
        if self.has_effect && names.iter().any(is_early) {
            return None;
        }
        let mut value = value;
        self.take_requests(&mut value);
        self.value(index, &names, value)
    }

    fn is_new_export(&self, name: &Atom) -> bool {
        !self.exported.contains_key(name) && *name != *"__proto__"
    }

    pub(super) fn value(&mut self, index: usize, names: &[Atom], value: Expr) -> Option<()> {
        if self.declared.is_without_this(&value) {
            self.without_this.extend(names.iter().cloned());
        }
        let part = self.part_of_required(&value).or_else(|| {
            let id = value.as_ident()?.to_id();
            let part = self.held.get(&id)?;
            self.declared.is_constant(&id).then(|| part.clone())
        });
        if let Some((holder, part)) = part {
            let aliases = names
                .iter()
                .map(|name| (name.clone(), holder.clone(), part.clone()));
            self.aliases.extend(aliases);
        }
        if let Expr::Ident(local) = &value
            && self.declared.has_value_at(&local.to_id(), index)
            && !self.is_holder(&value)
        {
            for name in names {
                self.export(name, local);
            }
            return Some(());
        }
        self.export_value(names, unnamed(value))
    }

    /// `Object.defineProperty(exports, …)` and `Object.defineProperties(exports, { … })`
    fn definition(&mut self, index: usize, call: &CallExpr) -> Option<bool> {
        let Some(callee) = call.callee.as_expr().and_then(|callee| callee.as_member()) else {
            return Some(false);
        };
        let is_of_object = callee
            .obj
            .as_ident()
            .is_some_and(|object| self.is_global(object, "Object"));
        let (true, Some(function)) = (is_of_object, static_member(&callee.prop)) else {
            return Some(false);
        };
        match (&*function, call.args.as_slice()) {
            ("defineProperty", [target, key, description])
                if !has_spread(&call.args) && self.is_exports(&target.expr) =>
            {
                let description = description.expr.as_object()?;
                self.define(index, &key.expr, description)?;
                Some(true)
            }
            ("defineProperties", [target, descriptions])
                if !has_spread(&call.args) && self.is_exports(&target.expr) =>
            {
                for property in &descriptions.expr.as_object()?.props {
                    let pair = property.as_prop()?.as_key_value()?;
                    let key = match &pair.key {
                        PropName::Ident(name) => Expr::Lit(Lit::Str(name.sym.clone().into())),
                        PropName::Str(text) => Expr::Lit(Lit::Str(text.clone())),
                        PropName::Computed(computed) => (*computed.expr).clone(),
                        _ => return None,
                    };
                    self.define(index, &key, pair.value.as_object()?)?;
                }
                Some(true)
            }
            _ => Some(false),
        }
    }

    fn define(&mut self, index: usize, key: &Expr, description: &ObjectLit) -> Option<()> {
        if self.is_tag(key) {
            let is_literal = |property: &PropOrSpread| {
                let pair = property.as_prop().and_then(|property| property.as_key_value());
                pair.is_some_and(|pair| pair.value.is_lit())
            };
            self.has_definitions = true;
            return description.props.iter().all(is_literal).then_some(());
        }
        let Expr::Lit(Lit::Str(name)) = key else {
            return None;
        };
        let name = text_of(&name.value);
        let mut value = None;
        let mut getter = None;
        for property in &description.props {
            match &**property.as_prop()? {
                Prop::KeyValue(pair) => match &*key_of(&pair.key)? {
                    "value" => value = Some(&*pair.value),
                    "get" => getter = Some(returned(&pair.value)?),
                    "enumerable" | "configurable" | "writable" if pair.value.is_lit() => {}
                    _ => return None,
                },
                Prop::Method(method) if key_of(&method.key)? == *"get" => {
                    let body = method.function.body.as_ref()?;
                    getter = Some(only_return(&body.stmts)?);
                }
                _ => return None,
            }
        }
        if name == *"__esModule" {
            let is_marked = value.is_some_and(is_true) && getter.is_none();
            self.marked = is_marked.then_some(Marked::Hidden);
            self.order.push(name);
            self.has_definitions |= description.props.len() > 1;
            return is_marked.then_some(());
        }
        if !self.is_new_export(&name) {
            return None;
        }
        self.has_definitions = true;
        match (value, getter) {
            (Some(value), None) if value.is_lit() => self.value(index, &[name], value.clone()),
            // Read each time.
            (None, Some(value)) => {
                match value {
                    Expr::Ident(local) if self.declared.is_declared(&local.to_id()) => {
                        if self.is_holder(value) {
                            return None;
                        }
                        if !self.declared.is_constant(&local.to_id()) {
                            self.changing.insert(name.clone());
                        }
                        self.export(&name, local);
                    }
                    Expr::Member(_) => {
                        if let Some((holder, part)) = self.part_of_required(value) {
                            self.aliases.push((name.clone(), holder, part));
                        } else {
                            let member = value.as_member()?;
                            let object = member.obj.as_ident()?.to_id();
                            let part = static_member(&member.prop)?;
                            if !self.declared.is_declared(&object) || self.holders.contains(&object) {
                                return None;
                            }
                            self.members.push((name.clone(), object, part));
                        }
                        self.live.insert(name.clone());
                        self.changing.insert(name.clone());
                        // Stands for the name; nobody reads its value.
                        self.export_value(&[name], *Expr::undefined(DUMMY_SP))?;
                    }
                    _ => return None,
                }
                Some(())
            }
            _ => None,
        }
    }

    /// `Symbol.toStringTag`
    fn is_tag(&self, key: &Expr) -> bool {
        key.as_member().is_some_and(|member| {
            let object = member.obj.as_ident();
            object.is_some_and(|object| self.is_global(object, "Symbol"))
                && static_member(&member.prop).is_some_and(|name| name == *"toStringTag")
        })
    }
}

fn has_spread(arguments: &[ExprOrSpread]) -> bool {
    arguments.iter().any(|argument| argument.spread.is_some())
}

fn key_of(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(text) => Some(text_of(&text.value)),
        _ => None,
    }
}

/// What a function does nothing but return.
fn returned(getter: &Expr) -> Option<&Expr> {
    match getter {
        Expr::Paren(inner) => returned(&inner.expr),
        Expr::Arrow(arrow) => match &*arrow.body {
            ArrowFunctionBody::Expr(value) => Some(value),
            ArrowFunctionBody::FunctionBody(block) => only_return(&block.stmts),
        },
        Expr::Fn(function) => only_return(&function.function.body.as_ref()?.stmts),
        _ => None,
    }
}

fn only_return(statements: &[Stmt]) -> Option<&Expr> {
    match statements {
        [Stmt::Return(statement)] => statement.arg.as_deref(),
        _ => None,
    }
}

fn is_undefined(value: &Expr) -> bool {
    matches!(value, Expr::Unary(unary) if unary.op == UnaryOp::Void && unary.arg.is_lit())
}

/// `true` and `!0`
fn is_true(value: &Expr) -> bool {
    match value {
        Expr::Lit(Lit::Bool(flag)) => flag.value,
        Expr::Unary(not) if not.op == UnaryOp::Bang => {
            matches!(&*not.arg, Expr::Lit(Lit::Num(number)) if number.value == 0.0)
        }
        _ => false,
    }
}
