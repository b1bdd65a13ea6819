//! Classes and variables: what declaring them runs.

use swc_core::ecma::ast::{
    BinExpr, BinaryOp, Class, ClassMember, Expr, Function, Ident, Lit, ParamOrTsParamProp, PropName, VarDecl,
    VarDeclarator,
};
use swc_core::ecma::utils::IdentUsageFinder;

use super::made::{FreshKind, Made};
use super::{Purity, Returned, This, is_null, without_parentheses};
use crate::scan::member_parts::computed_key;

impl Purity<'_> {
    /// Decorators, static parts, computed keys and what stands after `extends` run when a class is declared.
    pub(super) fn class_has_side_effects(&self, class: &Class, name: Option<&Ident>) -> bool {
        if !class.decorators.is_empty() {
            return true;
        }
        if class.super_class.as_ref().is_some_and(|parent| {
            self.is_tried && !is_null(parent)
                // `class A extends A`
                || parent.as_ident().map(Ident::to_id) == name.map(Ident::to_id) && name.is_some()
                || self.is_no_class(parent)
                || self.expression_has_side_effects(parent)
        }) {
            return true;
        }
        if name.is_some_and(|name| keys_name(class, name)) {
            return true;
        }
        let inside = Purity {
            own_class: name,
            ..*self
        };
        inside.class_body_has_side_effects(class, name)
    }

    fn class_body_has_side_effects(&self, class: &Class, name: Option<&Ident>) -> bool {
        let has_effects = |member| self.member_has_side_effects(member, None);
        if !class.body.iter().any(ClassMember::is_static_block) {
            return class.body.iter().any(has_effects);
        }
        let Some(made) = Made::of_class(class) else {
            return class.body.iter().any(has_effects);
        };
        // What its static parts do to it nobody sees.
        let this = Some(This::Class(&made));
        let id = name.map(Ident::to_id);
        if let Some(id) = &id {
            self.fresh.borrow_mut().insert(id.clone(), made.clone());
        }
        let is_observed = class
            .body
            .iter()
            .any(|member| self.member_has_side_effects(member, this));
        if let Some(id) = &id {
            self.fresh.borrow_mut().remove(id);
        }
        is_observed
    }

    /// Whether extending this fails for certain.
    fn is_no_class(&self, parent: &Expr) -> bool {
        match without_parentheses(parent) {
            Expr::Lit(literal) => !matches!(literal, Lit::Null(_)),
            Expr::Fn(function) => function.function.is_async || function.function.is_generator,
            Expr::Object(_)
            | Expr::Array(_)
            | Expr::Arrow(_)
            | Expr::Tpl(_)
            | Expr::Unary(_)
            | Expr::Bin(BinExpr {
                op: BinaryOp::Add | BinaryOp::EqEq | BinaryOp::NotEq | BinaryOp::EqEqEq | BinaryOp::NotEqEq,
                ..
            }) => true,
            Expr::Ident(name)
                if matches!(
                    self.fresh_kind(name).or_else(|| self.known_kind(name)),
                    Some(FreshKind::Object | FreshKind::Array | FreshKind::Arrow)
                ) =>
            {
                true
            }
            other => {
                self.is_namespace_import(other)
                    || matches!(
                        self.global_name(other),
                        Some(
                            "undefined"
                                | "NaN"
                                | "Infinity"
                                | "globalThis"
                                | "Math"
                                | "JSON"
                                | "Reflect"
                                | "Atomics"
                        )
                    )
            }
        }
    }

    fn member_has_side_effects(&self, member: &ClassMember, this: Option<This<'_>>) -> bool {
        let value_has = |value: &Option<Box<Expr>>, is_static: bool| {
            is_static
                && value
                    .as_ref()
                    .is_some_and(|value| self.expression_has_side_effects(value))
        };
        match member {
            ClassMember::Constructor(constructor) => {
                constructor.params.iter().any(|parameter| !matches!(parameter, ParamOrTsParamProp::Param(parameter) if parameter.decorators.is_empty()))
            }
            ClassMember::Method(method) => {
                is_decorated(&method.function)
                    || self.key_has_side_effects(&method.key)
                    || method.is_static && self.is_taken(&method.key)
            }
            ClassMember::PrivateMethod(method) => is_decorated(&method.function),
            ClassMember::ClassProp(field) => {
                !field.decorators.is_empty()
                    || self.key_has_side_effects(&field.key)
                    || field.is_static && self.is_taken(&field.key)
                    || value_has(&field.value, field.is_static)
            }
            ClassMember::PrivateProp(field) => {
                !field.decorators.is_empty() || value_has(&field.value, field.is_static)
            }
            ClassMember::StaticBlock(block) if this.is_some() => {
                self.within_function(this, Returned::AsItIs).block_has_side_effects(&block.body)
            }
            ClassMember::StaticBlock(block) => self.block_has_side_effects(&block.body),
            ClassMember::Empty(_) | ClassMember::TsIndexSignature(_) => false,
            ClassMember::AutoAccessor(_) => true,
        }
    }

    /// Whether every class has something of this name already, so that adding it fails.
    fn is_taken(&self, key: &PropName) -> bool {
        matches!(key, PropName::Computed(key) if self.text_of(&key.expr).is_some_and(|text| text == "prototype"))
    }

    pub(super) fn variables_have_side_effects(&self, declaration: &VarDecl) -> bool {
        declaration
            .decls
            .iter()
            .any(|declarator| self.declarator_has_side_effects(declarator))
    }

    fn declarator_has_side_effects(&self, declarator: &VarDeclarator) -> bool {
        let Some(value) = &declarator.init else {
            return false;
        };
        let inside = Purity {
            own_variable: declarator.name.as_ident().map(|name| &name.id),
            ..*self
        };
        if inside.expression_has_side_effects(value) {
            return true;
        }
        self.pattern_has_side_effects(&declarator.name, value)
    }
}

/// Whether a computed key names its class, which has no value yet.
fn keys_name(class: &Class, name: &Ident) -> bool {
    let mut keys = class.body.iter().filter_map(computed_key);
    keys.any(|key| IdentUsageFinder::find(name, key))
}

fn is_decorated(function: &Function) -> bool {
    !function.decorators.is_empty()
        || function
            .params
            .iter()
            .any(|parameter| !parameter.decorators.is_empty())
}
