//! Statements and expressions that give values to a module's own exports.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, CallExpr, Expr, Lit, Prop, PropName, PropOrSpread,
    SimpleAssignTarget, Stmt, UnaryOp,
};
use swc_core::ecma::visit::VisitWith as _;

use super::Finder;
use super::this::{is_without_this, reads_this};
use crate::graph::ExportsOf;
use crate::scan::named_members::static_member;
use crate::scan::normalize::text_of;

impl Finder<'_> {
    /// The names in `exports.a = exports.b = value`, and the value.
    fn assigned<'e>(&self, assignment: &'e AssignExpr) -> Option<(Vec<Atom>, &'e Expr)> {
        let mut names = Vec::new();
        let mut assignment = assignment;
        while let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left {
            if assignment.op != AssignOp::Assign || !self.is_own_object(&member.obj) {
                break;
            }
            names.push(static_member(&member.prop)?);
            match &*assignment.right {
                Expr::Assign(next) => assignment = next,
                value => return Some((names, value)),
            }
        }
        None
    }

    /// What a statement that only gives values to exports writes.
    pub(super) fn written(&self, statement: &Stmt, is_pure: &dyn Fn(&Expr) -> bool) -> Option<Vec<Atom>> {
        let Stmt::Expr(statement) = statement else {
            return None;
        };
        let names = match &*statement.expr {
            Expr::Assign(assignment) => {
                let (names, value) = self.assigned(assignment)?;
                is_pure(value).then_some(names)?
            }
            Expr::Call(call) => {
                let (name, properties) = self.definition(call)?;
                properties
                    .iter()
                    .all(|(_, value)| is_pure(value))
                    .then_some(vec![name])?
            }
            _ => return None,
        };
        let is_special = |name: &Atom| matches!(&**name, "__esModule" | "__proto__");
        (!names.iter().any(is_special)).then_some(names)
    }

    /// Whether a statement says that the module was compiled from an ES module.
    pub(super) fn marks(&self, statement: &Stmt) -> bool {
        let Stmt::Expr(statement) = statement else {
            return false;
        };
        let is_mark = |name: &Atom| *name == *"__esModule";
        match &*statement.expr {
            Expr::Assign(assignment) => self
                .assigned(assignment)
                .is_some_and(|(names, value)| names.iter().any(is_mark) && is_true(value)),
            Expr::Call(call) => self.definition(call).is_some_and(|(name, properties)| {
                is_mark(&name)
                    && properties
                        .iter()
                        .any(|(key, value)| *key == *"value" && is_true(value))
            }),
            _ => false,
        }
    }

    /// Whether a statement gives the module a `default`.
    pub(super) fn gives_default(&self, statement: &Stmt) -> bool {
        let Stmt::Expr(statement) = statement else {
            return false;
        };
        let is_default = |name: &Atom| *name == *"default";
        match &*statement.expr {
            Expr::Assign(assignment) => self
                .assigned(assignment)
                .is_some_and(|(names, _)| names.iter().any(is_default)),
            Expr::Call(call) => self.definition(call).is_some_and(|(name, _)| is_default(&name)),
            _ => false,
        }
    }

    /// `Object.defineProperty(exports, 'name', { enumerable: true, get: () => value })`
    fn definition<'e>(&self, call: &'e CallExpr) -> Option<(Atom, Vec<(Atom, &'e Expr)>)> {
        let callee = call.callee.as_expr()?.as_member()?;
        let object = callee.obj.as_ident()?;
        if !self.is_global(object, "Object") || static_member(&callee.prop)? != *"defineProperty" {
            return None;
        }
        let [target, name, description] = call.args.as_slice() else {
            return None;
        };
        if !self.is_own_object(&target.expr)
            || [target, name, description].iter().any(|one| one.spread.is_some())
        {
            return None;
        }
        let Expr::Lit(Lit::Str(name)) = &*name.expr else {
            return None;
        };
        let mut properties = Vec::new();
        for property in &description.expr.as_object()?.props {
            let PropOrSpread::Prop(property) = property else {
                return None;
            };
            let (key, value) = match &**property {
                Prop::KeyValue(pair) => (&pair.key, &*pair.value),
                // `get() { … }` is a function that sees the object as any other does.
                _ => return None,
            };
            let key = match key {
                PropName::Ident(key) => key.sym.clone(),
                PropName::Str(key) => text_of(&key.value),
                _ => return None,
            };
            if !matches!(
                &*key,
                "get" | "value" | "enumerable" | "configurable" | "writable"
            ) {
                return None;
            }
            properties.push((key, value));
        }
        Some((text_of(&name.value), properties))
    }

    /// Notes whether the functions that an export may be see its object as `this`.
    fn note_value(&mut self, name: &Atom, value: &Expr) {
        let is_free = match value {
            Expr::Lit(_) | Expr::Arrow(_) | Expr::Class(_) => true,
            Expr::Unary(unary) => unary.op == UnaryOp::Void,
            Expr::Fn(function) => !reads_this(&function.function),
            Expr::Ident(ident) => self.functions.contains(&ident.to_id()),
            _ => false,
        };
        if is_free {
            self.own.without_this.insert(name.clone());
        } else {
            self.see_this.insert(name.clone());
        }
    }

    /// What was defined as a property with a getter, or as a constant, refuses to get another value.
    fn note_refusal(&mut self, name: &Atom) {
        if self.defined.contains(name) {
            self.refused.insert(name.clone());
        }
    }

    /// An assignment to an export, wherever it stands; whether it is one.
    pub(super) fn write(&mut self, assignment: &AssignExpr) -> bool {
        let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left else {
            return false;
        };
        if self.is_own_member(member) && assignment.op == AssignOp::Assign {
            // `module.exports = require('x')`: its exports are those of the other module.
            if let Some(record) = self.required(&assignment.right) {
                self.current.forwards.push(record);
                return true;
            }
            return false;
        }
        if !self.is_own_object(&member.obj) || assignment.op != AssignOp::Assign {
            return false;
        }
        let Some(name) = static_member(&member.prop) else {
            return false;
        };
        let mut value = &*assignment.right;
        while let Expr::Assign(inner) = value {
            value = &inner.right;
        }
        // Setters that the object inherits run with each write of a name.
        if name == *"__proto__" {
            self.read(ExportsOf::Own, None, false);
        }
        self.note_value(&name, value);
        self.note_refusal(&name);
        self.own.writes_names = true;
        self.may_unmark |= name == *"__esModule" && !is_true(value);
        assignment.right.visit_with(self);
        true
    }

    pub(super) fn define(&mut self, call: &CallExpr) -> bool {
        let Some((name, properties)) = self.definition(call) else {
            return self.names_itself(call);
        };
        self.note_refusal(&name);
        self.defined.insert(name.clone());
        let value = properties.iter().find(|(key, _)| *key == *"value");
        if let Some((_, value)) = value {
            self.note_value(&name, value);
        } else {
            self.see_this.insert(name.clone());
        }
        self.may_unmark |= name == *"__esModule" && value.is_none_or(|(_, value)| !is_true(value));
        for (key, value) in properties {
            // A getter sees the object as its `this`.
            if key == *"get" && !is_without_this(value) {
                self.read(ExportsOf::Own, None, false);
            }
            value.visit_with(self);
        }
        self.own.writes_names = true;
        true
    }

    /// `Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' })`
    fn names_itself(&self, call: &CallExpr) -> bool {
        let is_definition = call
            .callee
            .as_expr()
            .and_then(|callee| callee.as_member())
            .is_some_and(|callee| {
                let object = callee.obj.as_ident();
                object.is_some_and(|object| self.is_global(object, "Object"))
                    && static_member(&callee.prop).is_some_and(|name| name == *"defineProperty")
            });
        let [target, name, description] = call.args.as_slice() else {
            return false;
        };
        let is_tag = name.expr.as_member().is_some_and(|member| {
            let object = member.obj.as_ident();
            object.is_some_and(|object| self.is_global(object, "Symbol"))
                && static_member(&member.prop).is_some_and(|name| name == *"toStringTag")
        });
        is_definition
            && is_tag
            && self.is_own_object(&target.expr)
            && description.expr.as_object().is_some_and(|object| {
                object.props.iter().all(|property| {
                    let property = property.as_prop().and_then(|property| property.as_key_value());
                    property.is_some_and(|pair| matches!(&*pair.value, Expr::Lit(_)))
                })
            })
    }
}

/// `true` and `!0`
fn is_true(expression: &Expr) -> bool {
    match expression {
        Expr::Lit(Lit::Bool(flag)) => flag.value,
        Expr::Unary(not) if not.op == UnaryOp::Bang => {
            matches!(&*not.arg, Expr::Lit(Lit::Num(number)) if number.value == 0.0)
        }
        _ => false,
    }
}
