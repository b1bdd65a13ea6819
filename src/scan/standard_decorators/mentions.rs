//! What an expression needs from where it stands.

use swc_core::ecma::ast::{
    AwaitExpr, Class, ClassMember, Expr, Id, Ident, Key, MetaPropExpr, PrivateName, PropName, Super,
    ThisExpr, YieldExpr,
};
use swc_core::ecma::utils::IdentUsageFinder;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use crate::scan::side_effects::without_parentheses;

/// Whether an expression means the same in a static block of the class that it stands in, where every key is known.
pub(super) fn is_free(expression: &Expr, class: Option<&Id>) -> bool {
    let mut mentions = Surroundings {
        class,
        are_mentioned: false,
    };
    expression.visit_with(&mut mentions);
    !mentions.are_mentioned
}

struct Surroundings<'a> {
    class: Option<&'a Id>,
    are_mentioned: bool,
}

impl Visit for Surroundings<'_> {
    noop_visit_type!();

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.are_mentioned = true;
    }

    fn visit_super(&mut self, _: &Super) {
        self.are_mentioned = true;
    }

    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.are_mentioned = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.are_mentioned = true;
    }

    fn visit_meta_prop_expr(&mut self, _: &MetaPropExpr) {
        self.are_mentioned = true;
    }

    fn visit_ident(&mut self, name: &Ident) {
        self.are_mentioned |= name.sym == *"arguments"
            || self
                .class
                .is_some_and(|class| name.ctxt == class.1 && name.sym == class.0);
    }
}

/// `super` and private names, which mean something only inside of the class.
#[derive(Default)]
pub(super) struct Inside {
    /// `super` is there.
    pub has_super: bool,
    /// A private name is there.
    pub has_private: bool,
}

impl Inside {
    /// What is in some code.
    pub fn of<Code: VisitWith<Self>>(code: &Code) -> Self {
        let mut inside = Self::default();
        code.visit_with(&mut inside);
        inside
    }
}

impl Visit for Inside {
    noop_visit_type!();

    fn visit_super(&mut self, _: &Super) {
        self.has_super = true;
    }

    fn visit_private_name(&mut self, _: &PrivateName) {
        self.has_private = true;
    }
}

/// Whether the name of a class is mentioned in its body.
pub(super) fn mentions_name(class: &Class, name: &Ident) -> bool {
    IdentUsageFinder::find(name, &class.body) || IdentUsageFinder::find(name, &class.super_class)
}

/// Whether the key of a member is computed when the class is made.
pub(super) fn has_computed_key(member: &ClassMember) -> bool {
    let key = match member {
        ClassMember::Method(method) => &method.key,
        ClassMember::ClassProp(field) => &field.key,
        ClassMember::AutoAccessor(accessor) => match &accessor.key {
            Key::Public(key) => key,
            Key::Private(_) => return false,
        },
        _ => return false,
    };
    is_computed(key)
}

/// Whether a key is an expression that is no literal.
pub(super) fn is_computed(key: &PropName) -> bool {
    matches!(key, PropName::Computed(key) if !without_parentheses(&key.expr).is_lit())
}
