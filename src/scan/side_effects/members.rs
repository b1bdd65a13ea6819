//! Reading properties: which objects are known well enough to say that no code runs.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{CallExpr, Expr, Id, Ident, Lit, MemberExpr, MemberProp};

use super::made::{FreshKind, Made};
use super::objects::Part;
use super::primitives::Value;
use super::{Objects, Purity, This, builtins, is_null, without_parentheses};
use crate::scan::named_members::static_path;
use crate::scan::normalize::text_of;

impl<'a> Purity<'a> {
    /// Whether reading a property runs no code.
    pub fn is_plain_member(&self, member: &MemberExpr) -> bool {
        let MemberProp::Ident(property) = &member.prop else {
            return match &member.prop {
                MemberProp::Computed(key) => match &*key.expr {
                    Expr::Lit(Lit::Str(name)) => {
                        self.is_namespace_import(&member.obj)
                            || self.known_object(&member.obj).is_some_and(|(objects, object)| {
                                self.object_gives(objects, &object, &text_of(&name.value))
                            })
                    }
                    Expr::Lit(Lit::Num(_)) => {
                        self.has_plain_elements(&member.obj)
                            || self
                                .known_object(&member.obj)
                                .is_some_and(|(objects, object)| objects.is_tame_literal(&object))
                    }
                    key if self.is_number(key) => {
                        self.has_plain_elements(&member.obj)
                            || self.known_object(&member.obj).is_some_and(|(objects, object)| {
                                objects.is_tame_literal(&object) || objects.is_tame_numbers(&object)
                            })
                            || self.is_promised_list(&member.obj)
                    }
                    _ => false,
                },
                _ => false,
            };
        };
        match without_parentheses(&member.obj) {
            _ if self.is_known_length(member) => true,
            // `import.meta.url`
            Expr::MetaProp(_) => true,
            // What a class makes has the accessors that the class says.
            Expr::This(_) if let Some(This::Instance(made, Some(_))) = self.this => {
                made.prototype_gives(&property.sym)
                    && match self.objects {
                        Some(objects) => objects
                            .parents_pass(made, Part::Whole, &|parent| parent.prototype_gives(&property.sym)),
                        None => made.parent.is_none(),
                    }
            }
            // `Object.prototype.hasOwnProperty`
            Expr::Member(inner) => match (self.global_name(&inner.obj), &inner.prop) {
                (Some(object), MemberProp::Ident(middle)) => {
                    &*middle.sym == "prototype" && builtins::has_plain_prototype(object, &property.sym)
                }
                (None, _)
                    if static_path(member).is_some_and(|(object, path)| {
                        self.is_plain_path(&Expr::Ident(object.clone()), &path)
                    }) =>
                {
                    true
                }
                (None, MemberProp::Ident(middle)) if &*middle.sym == "prototype" => self
                    .known_object(&inner.obj)
                    .is_some_and(|(objects, object)| objects.prototype_gives(&object, &property.sym)),
                _ => false,
            },
            Expr::Ident(object) if self.fresh_kind(object).is_some() => {
                let fresh = self.fresh.borrow();
                let made = &fresh[&object.to_id()];
                made.gives(&property.sym)
                    && match self.objects {
                        Some(objects) => {
                            objects.parents_pass(made, Part::Statics, &|parent| parent.gives(&property.sym))
                        }
                        None => made.parent.is_none(),
                    }
            }
            Expr::Ident(name)
                if let Some(objects) = self.objects
                    && let Some(global) = objects.prototype_of(&name.to_id()) =>
            {
                !self.may_be_unset(name) && builtins::has_plain_prototype(global, &property.sym)
            }
            Expr::Call(call) if let Some(made) = self.result_of(call) => {
                made.gives(&property.sym) && !self.expression_has_side_effects(&member.obj)
            }
            // Functions throw when they are asked for these.
            Expr::Call(call)
                if !matches!(&*property.sym, "arguments" | "caller") && self.is_promised_result(call) =>
            {
                !self.expression_has_side_effects(&member.obj)
            }
            object
                if let Some((objects, object)) = self.known_object(object)
                    && self.object_gives(objects, &object, &property.sym) =>
            {
                true
            }
            object => {
                self.value(object).is_some_and(|value| value != Value::Other)
                    || Made::of(object).is_some_and(|made| object.is_object() && made.gives(&property.sym))
                        && !self.expression_has_side_effects(object)
                    || self.is_namespace_import(object)
                    || self.global_name(object).is_some_and(builtins::is_namespace)
                    || self.is_platform_property(object, &property.sym)
            }
        }
    }

    /// Whether asking a text or a list for an element runs no code.
    fn has_plain_elements(&self, object: &Expr) -> bool {
        self.text_of(object).is_some() || matches!(self.value(object), Some(Value::Text | Value::List(_)))
    }

    /// Whether an element of a text, or of a list of plain values, is read without running code.
    pub(super) fn is_plain_element(&self, member: &MemberExpr) -> bool {
        let MemberProp::Computed(key) = &member.prop else {
            return self.is_known_length(member);
        };
        self.is_number(&key.expr)
            && (self.text_of(&member.obj).is_some()
                || self.known_object(&member.obj).is_some_and(|(objects, object)| {
                    objects.is_tame_numbers(&object) || objects.is_flat_list(&object)
                }))
    }

    fn object_gives(&self, objects: Objects<'_>, object: &Id, name: &str) -> bool {
        if self.own_class.is_some_and(|class| class.to_id() == *object) {
            objects.gives_already(object, name)
        } else {
            objects.gives(object, name)
        }
    }

    /// Whether an expression names a literal of the module none of whose properties runs code.
    pub(super) fn is_known_literal(&self, expression: &Expr) -> bool {
        self.known_object(expression)
            .is_some_and(|(objects, object)| objects.is_tame_literal(&object))
    }

    pub(super) fn is_known_list(&self, expression: &Expr) -> bool {
        self.known_object(expression).is_some_and(|(objects, object)| {
            objects.is_tame_literal(&object)
                && objects
                    .made(&object)
                    .is_some_and(|made| made.kind == FreshKind::Array)
        })
    }

    /// Whether an expression names a list that is as it was written, except for elements that methods added.
    pub(super) fn is_list_as_written(&self, expression: &Expr) -> bool {
        self.is_known_list(expression)
            && self
                .known_object(expression)
                .is_some_and(|(objects, object)| objects.is_as_written(&object))
    }

    /// Whether an expression names a list of texts, numbers, booleans, `null` and `undefined`.
    pub(super) fn is_flat_list(&self, expression: &Expr) -> bool {
        self.known_object(expression)
            .is_some_and(|(objects, object)| objects.is_flat_list(&object))
    }

    /// Whether an expression names what is as it was made, except for properties that are plain values.
    pub(super) fn is_tame_name(&self, expression: &Expr) -> bool {
        self.known_object(expression)
            .is_some_and(|(objects, object)| objects.is_as_made(&object))
    }

    /// What `new Map()`, `new Uint8Array(4)`, `Object.freeze({})` and the like make.
    pub(super) fn made_by_construction(&self, value: &Expr) -> Option<Made> {
        match without_parentheses(value) {
            Expr::New(new) => Made::of_constructor(self.global_name(&new.callee)?),
            Expr::Call(call) => {
                let member = call.callee.as_expr()?.as_member()?;
                if self.is_object_of_nothing(call) {
                    return Some(Made::of_nothing());
                }
                let is_freeze = self.global_name(&member.obj) == Some("Object")
                    && matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"freeze");
                let [only] = call.args.as_slice() else { return None };
                let value = without_parentheses(&only.expr);
                let is_literal = matches!(value, Expr::Object(_) | Expr::Array(_));
                (is_freeze && is_literal && only.spread.is_none())
                    .then(|| Made::of(value))?
                    .map(Made::frozen)
            }
            _ => None,
        }
    }

    /// `Object.create(null)`
    pub(super) fn is_object_of_nothing(&self, call: &CallExpr) -> bool {
        let member = call.callee.as_expr().and_then(|callee| callee.as_member());
        let is_create = member.is_some_and(|member| {
            self.global_name(&member.obj) == Some("Object")
                && matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"create")
        });
        is_create && matches!(call.args.as_slice(), [only] if only.spread.is_none() && is_null(&only.expr))
    }

    /// Whether following a path through the literals inside an object of the module runs no code.
    pub(super) fn is_plain_path(&self, object: &Expr, path: &[Atom]) -> bool {
        let Some((objects, id)) = self.known_object(object) else {
            return false;
        };
        if !objects.is_known_path(&id, path) || self.own_class.is_some_and(|class| class.to_id() == id) {
            return false;
        }
        let mut made = objects.made(&id);
        path.iter().all(|name| {
            let is_plain = made.is_some_and(|made| made.gives(name));
            made = made.and_then(|made| made.inside(name));
            is_plain
        })
    }

    /// Whether an expression names a class or function that says nothing of its own about `instanceof`.
    pub(super) fn is_known_class(&self, expression: &Expr) -> bool {
        self.known_object(expression)
            .is_some_and(|(objects, object)| objects.is_constructor(&object))
    }

    /// What a name of the module is made as.
    pub(super) fn known_kind(&self, name: &Ident) -> Option<FreshKind> {
        Some(self.objects?.made(&name.to_id())?.kind)
    }

    /// The object of the module that an expression names, if it is one by then.
    fn known_object(&self, expression: &Expr) -> Option<(Objects<'a>, Id)> {
        let objects = self.objects?;
        let name = without_parentheses(expression).as_ident()?;
        (!self.may_be_unset(name)).then(|| (objects, name.to_id()))
    }

    pub(super) fn is_namespace_import(&self, object: &Expr) -> bool {
        let Expr::Ident(name) = object else { return false };
        let is_namespace = self.namespaces.contains(&name.to_id()) && !self.may_be_unset(name);
        if is_namespace {
            self.note_read(name);
        }
        is_namespace
    }
}
