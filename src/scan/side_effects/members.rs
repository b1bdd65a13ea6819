//! Reading properties: which objects are known well enough to say that no code runs.

use swc_core::ecma::ast::{Expr, Id, Ident, Lit, MemberExpr, MemberProp};

use super::made::{FreshKind, Made};
use super::{Known, Purity, builtins, without_parentheses};
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
                    Expr::Lit(Lit::Num(_)) => self
                        .known_object(&member.obj)
                        .is_some_and(|(objects, object)| objects.is_tame_literal(&object)),
                    _ => false,
                },
                _ => false,
            };
        };
        match without_parentheses(&member.obj) {
            // `import.meta.url`
            Expr::MetaProp(_) => true,
            // `Object.prototype.hasOwnProperty`
            Expr::Member(inner) => match (self.global_name(&inner.obj), &inner.prop) {
                (Some(object), MemberProp::Ident(middle)) => {
                    &*middle.sym == "prototype" && builtins::has_plain_prototype(object, &property.sym)
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
                        Some(objects) => objects.parents_pass(made, &|parent| parent.gives(&property.sym)),
                        None => made.parent.is_none(),
                    }
            }
            object
                if let Some((objects, object)) = self.known_object(object)
                    && self.object_gives(objects, &object, &property.sym) =>
            {
                true
            }
            object => {
                self.is_namespace_import(object)
                    || self.global_name(object).is_some_and(builtins::is_namespace)
                    || self.is_platform_property(object, &property.sym)
            }
        }
    }

    fn object_gives(&self, objects: &Known, object: &Id, name: &str) -> bool {
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

    /// Whether an expression names what is as it was made, except for properties that are plain values.
    pub(super) fn is_tame_name(&self, expression: &Expr) -> bool {
        self.known_object(expression)
            .is_some_and(|(objects, object)| objects.is_as_made(&object))
    }

    /// What `new Map()`, `new Uint8Array(4)` and the like make.
    pub(super) fn made_by_construction(&self, value: &Expr) -> Option<Made> {
        let new = without_parentheses(value).as_new()?;
        Made::of_constructor(self.global_name(&new.callee)?)
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
    fn known_object(&self, expression: &Expr) -> Option<(&'a Known, Id)> {
        let objects = self.objects?;
        let name = without_parentheses(expression).as_ident()?;
        (!self.may_be_unset(name)).then(|| (objects, name.to_id()))
    }

    pub(super) fn is_namespace_import(&self, object: &Expr) -> bool {
        matches!(object, Expr::Ident(ident) if self.namespaces.contains(&ident.to_id()) && !self.may_be_unset(ident))
    }
}
