//! Methods that a constructor calls on what it is making:
//!
//! ```js
//! class Matrix { constructor(...all) { this.elements = [1, 0]; if (all.length) this.set(all) } set([a]) { const e = this.elements; e[0] = a } }
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, CallExpr, Class, ClassMember, ClassMethod, Expr, MemberExpr, MethodKind, Pat,
    SimpleAssignTarget, Stmt, UpdateExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::made::Made;
use super::{Purity, This, without_parentheses};
use crate::scan::named_members::static_member;

/// Methods that call more methods than so many, one inside the other, are too many to look at.
const MOST_CALLS: u8 = 3;

/// What a class says of its instances.
pub struct Own<'a> {
    class: &'a Class,
    /// Lists and objects that its constructor makes before it calls a method, and that nothing replaces.
    fields: FxHashMap<Atom, Made>,
    /// What the class gives its instances by assigning to `this`.
    given: FxHashSet<Atom>,
    /// Whether it does so by names that are not known.
    gives_unknown: bool,
}

impl<'a> Own<'a> {
    /// Looks through a class.
    pub fn of(class: &'a Class) -> Self {
        let mut given = Given::default();
        class.body.visit_with(&mut given);
        let mut own = Self {
            class,
            fields: FxHashMap::default(),
            given: given.names,
            gives_unknown: given.has_unknown,
        };
        let constructor = class.body.iter().find_map(|member| match member {
            ClassMember::Constructor(constructor) => constructor.body.as_ref(),
            _ => None,
        });
        for statement in constructor.map_or(&[][..], |body| &body.stmts) {
            if let Some((name, made)) = made_field(statement) {
                own.fields.insert(name, made);
            }
            let mut called = Called::default();
            statement.visit_with(&mut called);
            if called.is_any {
                break;
            }
        }
        let replaced = given.replaced;
        own.fields.retain(|name, _| !replaced.contains(name));
        if own.gives_unknown {
            own.fields.clear();
        }
        own
    }

    fn method(&self, name: &Atom) -> Option<&'a ClassMethod> {
        let mut found = None;
        for member in &self.class.body {
            match member {
                ClassMember::Method(method) if !method.is_static => match method.key.as_ident() {
                    Some(own) if own.sym == *name => {
                        let is_first = found.replace(method).is_none();
                        if !is_first || method.kind != MethodKind::Method {
                            return None;
                        }
                    }
                    Some(_) => {}
                    None => return None,
                },
                ClassMember::ClassProp(field)
                    if !field.is_static && field.key.as_ident().is_none_or(|own| own.sym == *name) =>
                {
                    return None;
                }
                _ => {}
            }
        }
        found.filter(|_| !self.given.contains(name) && !self.gives_unknown)
    }
}

impl Purity<'_> {
    /// Whether a call is one of a method of what is being made, which does nothing that can be observed.
    pub(super) fn is_quiet_own_method(&self, member: &MemberExpr, call: &CallExpr) -> bool {
        let Some(This::Instance(_, Some(own))) = self.this else {
            return false;
        };
        if !member.obj.is_this() || self.own_calls == MOST_CALLS {
            return false;
        }
        let Some(method) = static_member(&member.prop).and_then(|name| own.method(&name)) else {
            return false;
        };
        let function = &method.function;
        let inner = Purity {
            own_calls: self.own_calls + 1,
            ..*self
        };
        !function.is_async
            && !function.is_generator
            && !self.arguments_have_side_effects(&call.args)
            && inner.runs_quietly(function)
    }

    /// The list or object that `this.name` is while an instance is being made.
    pub(super) fn own_field(&self, value: &Expr) -> Option<Made> {
        let Some(This::Instance(_, Some(own))) = self.this else {
            return None;
        };
        let member = without_parentheses(value)
            .as_member()
            .filter(|member| member.obj.is_this())?;
        own.fields.get(&static_member(&member.prop)?).cloned()
    }
}

/// The methods that a class calls on its instances while it makes them; nothing where it may call any.
pub fn called_methods(class: &Class) -> Option<FxHashSet<Atom>> {
    let mut called = Called::default();
    let mut waiting = Vec::new();
    for member in &class.body {
        match method_for_later(member) {
            Some(method) => waiting.push(method),
            None => member.visit_with(&mut called),
        }
    }
    // Methods run when they are called, by those that do.
    loop {
        let (reached, others): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(name, _)| called.names.contains(*name));
        if reached.is_empty() {
            break;
        }
        for (_, method) in reached {
            method.visit_with(&mut called);
        }
        waiting = others;
    }
    (!called.has_unknown).then_some(called.names)
}

/// A method of instances, which nothing runs that does not name it.
fn method_for_later(member: &ClassMember) -> Option<(&Atom, &ClassMethod)> {
    let method = member.as_method()?;
    let name = method.key.as_ident()?;
    (!method.is_static && method.kind == MethodKind::Method).then_some((&name.sym, method))
}

/// Whether a class has a method or accessor of one of these names, or may have.
pub fn has_one_of(class: &Class, names: &FxHashSet<Atom>) -> bool {
    !names.is_empty()
        && class.body.iter().any(|member| match member {
            ClassMember::Method(method) => {
                !method.is_static && method.key.as_ident().is_none_or(|name| names.contains(&name.sym))
            }
            ClassMember::AutoAccessor(_) => true,
            _ => false,
        })
}

/// `this.name = []`
fn made_field(statement: &Stmt) -> Option<(Atom, Made)> {
    let assignment = statement.as_expr()?.expr.as_assign()?;
    let member = assignment.left.as_simple()?.as_member()?;
    let value = without_parentheses(&assignment.right);
    let is_literal = value.is_array() || value.is_object();
    (member.obj.is_this() && is_literal).then_some(())?;
    Some((static_member(&member.prop)?, Made::of(value)?))
}

/// What is assigned to properties of `this`.
#[derive(Default)]
struct Given {
    names: FxHashSet<Atom>,
    /// Those that are given something else than a literal.
    replaced: FxHashSet<Atom>,
    has_unknown: bool,
}

impl Given {
    fn target(&mut self, target: &MemberExpr, value: Option<&Expr>) {
        if !target.obj.is_this() {
            return;
        }
        let Some(name) = static_member(&target.prop) else {
            self.has_unknown |= !target.prop.is_private_name();
            return;
        };
        let is_literal = value.is_some_and(|value| {
            without_parentheses(value).is_array() || without_parentheses(value).is_object()
        });
        if !is_literal {
            self.replaced.insert(name.clone());
        }
        self.names.insert(name);
    }
}

impl Visit for Given {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left {
            self.target(member, Some(&assignment.right));
        }
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Member(member) = &*update.arg {
            self.target(member, None);
        }
        update.visit_children_with(self);
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern
            && let Expr::Member(member) = &**target
        {
            self.target(member, None);
        }
        pattern.visit_children_with(self);
    }
}

/// Which methods of `this` are called.
#[derive(Default)]
struct Called {
    names: FxHashSet<Atom>,
    is_any: bool,
    has_unknown: bool,
}

impl Visit for Called {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Some(member) = call.callee.as_expr().and_then(|callee| callee.as_member())
            && member.obj.is_this()
            && !member.prop.is_private_name()
        {
            self.is_any = true;
            match static_member(&member.prop) {
                Some(name) => {
                    self.names.insert(name);
                }
                None => self.has_unknown = true,
            }
        }
        call.visit_children_with(self);
    }
}
