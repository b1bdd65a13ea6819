//! What it takes to make a value: lists, objects, operators.

use swc_core::ecma::ast::{
    ArrayLit, ArrowFunctionBody, BinExpr, BinaryOp, Expr, ExprOrSpread, Ident, Lit, MemberProp, ObjectLit,
    Prop, PropName, PropOrSpread, UnaryExpr, UnaryOp,
};

use super::{Purity, builtins, without_parentheses};
use crate::scan::named_members::static_member;

impl Purity<'_> {
    pub(super) fn array_has_side_effects(&self, array: &ArrayLit) -> bool {
        array
            .elems
            .iter()
            .flatten()
            .any(|element| self.element_has_side_effects(element))
    }

    /// Spreading runs an iterator, which is known for array literals only.
    pub(super) fn element_has_side_effects(&self, element: &ExprOrSpread) -> bool {
        (element.spread.is_some()
            && !without_parentheses(&element.expr).is_array()
            && !self.is_known_list(&element.expr)
            && !self.is_list(&element.expr)
            && !self.is_promised_list(&element.expr))
            || self.expression_has_side_effects(&element.expr)
    }

    pub(super) fn object_has_side_effects(&self, object: &ObjectLit) -> bool {
        object.props.iter().any(|property| match property {
            PropOrSpread::Spread(spread) => self.copy_has_side_effects(&spread.expr),
            PropOrSpread::Prop(property) => match &**property {
                Prop::Shorthand(ident) => self.expression_has_side_effects(&Expr::Ident(ident.clone())),
                Prop::KeyValue(pair) => {
                    self.key_has_side_effects(&pair.key) || self.expression_has_side_effects(&pair.value)
                }
                Prop::Getter(getter) => self.key_has_side_effects(&getter.key),
                Prop::Setter(setter) => self.key_has_side_effects(&setter.key),
                Prop::Method(method) => self.key_has_side_effects(&method.key),
                Prop::Assign(_) => true,
            },
        })
    }

    /// Copying reads every property, which is known to run no code for literals without getters, and for primitive values.
    fn copy_has_side_effects(&self, value: &Expr) -> bool {
        match without_parentheses(value) {
            Expr::Object(inner) => has_accessors(inner) || self.object_has_side_effects(inner),
            Expr::Call(call) if let Some(made) = self.result_of(call) => {
                !made.is_plain_object() || self.expression_has_side_effects(value)
            }
            Expr::Call(call) => !self.is_promised_result(call) || self.expression_has_side_effects(value),
            Expr::Cond(condition) => {
                self.expression_has_side_effects(&condition.test)
                    || self.copy_has_side_effects(&condition.cons)
                    || self.copy_has_side_effects(&condition.alt)
            }
            // What counts as false is no object.
            Expr::Bin(BinExpr {
                op: BinaryOp::LogicalAnd,
                left,
                right,
                ..
            }) => self.expression_has_side_effects(left) || self.copy_has_side_effects(right),
            other => {
                !self.is_known_literal(other)
                    && !self.is_namespace_import(other)
                    && !self.is_promised_copy(other)
                    && !self.is_plain_value(other)
            }
        }
    }

    /// A computed key is turned into a string, which runs code unless it is a plain value or a symbol.
    pub(super) fn key_has_side_effects(&self, key: &PropName) -> bool {
        match key {
            PropName::Computed(computed) => !self.is_key(&computed.expr),
            _ => false,
        }
    }

    /// Whether an expression is a text, another plain value or a symbol, and nothing of it can be observed.
    pub(super) fn is_key(&self, expression: &Expr) -> bool {
        match without_parentheses(expression) {
            Expr::Ident(name) if self.is_known_symbol(name) => true,
            other if self.is_promised_key(other) => true,
            // `[(_client = new WeakMap(), Symbol.iterator)]`
            Expr::Seq(sequence) => sequence.exprs.split_last().is_some_and(|(last, before)| {
                before.iter().all(|part| !self.expression_has_side_effects(part)) && self.is_key(last)
            }),
            symbol @ Expr::Call(call) if self.makes_symbol(symbol) => !self.call_has_side_effects(call),
            other => self.is_plain_value(other) || self.is_well_known_symbol(other),
        }
    }

    /// Whether a value is one of several keys: `(() => typeof Symbol === 'function' && Symbol.observable || '@@observable')()`
    pub(super) fn chooses_key(&self, value: &Expr) -> bool {
        match without_parentheses(value) {
            Expr::Bin(choice)
                if matches!(
                    choice.op,
                    BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
                ) =>
            {
                [&choice.left, &choice.right]
                    .into_iter()
                    .all(|part| self.chooses_key(part) || self.is_key(part))
            }
            Expr::Call(call) if call.args.is_empty() => {
                let callee = call.callee.as_expr().map(|callee| without_parentheses(callee));
                let arrow = callee.and_then(|callee| callee.as_arrow());
                arrow.is_some_and(|arrow| {
                    !arrow.is_async
                        && matches!(&*arrow.body, ArrowFunctionBody::Expr(value) if self.chooses_key(value))
                })
            }
            _ => false,
        }
    }

    fn is_known_symbol(&self, name: &Ident) -> bool {
        !self.may_be_unset(name)
            && self
                .objects
                .is_some_and(|objects| objects.is_symbol(&name.to_id()))
    }

    /// `Symbol('name')`, `Symbol.for('name')`
    pub(super) fn makes_symbol(&self, expression: &Expr) -> bool {
        let call = without_parentheses(expression).as_call();
        let Some(callee) = call.and_then(|call| call.callee.as_expr()) else {
            return false;
        };
        match without_parentheses(callee) {
            Expr::Member(member) => {
                self.global_name(&member.obj) == Some("Symbol")
                    && static_member(&member.prop).is_some_and(|name| name == *"for")
            }
            name => self.global_name(name) == Some("Symbol"),
        }
    }

    pub(super) fn is_well_known_symbol(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Member(member) => self.global_name(&member.obj) == Some("Symbol"),
            // `Symbol.for('name')`
            Expr::Call(call) => {
                let member = call.callee.as_expr().and_then(|callee| callee.as_member());
                member.is_some_and(|member| {
                    self.global_name(&member.obj) == Some("Symbol")
                        && static_member(&member.prop).is_some_and(|method| method == *"for")
                        && matches!(call.args.as_slice(), [only] if only.spread.is_none() && matches!(&*only.expr, Expr::Lit(Lit::Str(_))))
                })
            }
            _ => false,
        }
    }

    pub(super) fn unary_has_side_effects(&self, unary: &UnaryExpr) -> bool {
        match unary.op {
            // Does not throw on a name that does not exist.
            UnaryOp::TypeOf if without_parentheses(&unary.arg).is_ident() => {
                matches!(without_parentheses(&unary.arg), Expr::Ident(ident) if {
                    self.note_read(ident);
                    self.may_be_unset(ident)
                })
            }
            UnaryOp::TypeOf | UnaryOp::Void | UnaryOp::Bang => self.expression_has_side_effects(&unary.arg),
            UnaryOp::Minus | UnaryOp::Plus | UnaryOp::Tilde => !self.is_plain_value(&unary.arg),
            UnaryOp::Delete => true,
        }
    }

    pub(super) fn binary_has_side_effects(&self, binary: &BinExpr) -> bool {
        match binary.op {
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr => self.choice_has_side_effects(binary),
            BinaryOp::NullishCoalescing | BinaryOp::EqEqEq | BinaryOp::NotEqEq => {
                self.expression_has_side_effects(&binary.left)
                    || self.expression_has_side_effects(&binary.right)
            }
            // Comparing with null converts nothing.
            BinaryOp::EqEq | BinaryOp::NotEq if is_null(&binary.left) || is_null(&binary.right) => {
                self.expression_has_side_effects(&binary.left)
                    || self.expression_has_side_effects(&binary.right)
            }
            BinaryOp::In if self.is_namespace_import(&binary.right) => !self.is_plain_value(&binary.left),
            BinaryOp::In if self.global_name(&binary.right) == Some("globalThis") => {
                !self.is_plain_value(&binary.left)
            }
            BinaryOp::In if self.is_known_literal(&binary.right) => !self.is_plain_value(&binary.left),
            BinaryOp::InstanceOf if self.is_known_class(&binary.right) => {
                self.expression_has_side_effects(&binary.left)
            }
            BinaryOp::In | BinaryOp::InstanceOf => true,
            _ => {
                !(self.is_plain_value(&binary.left) && self.is_plain_value(&binary.right))
                    && self.bits_of_operation(binary).is_none()
            }
        }
    }

    /// Evaluates without side effects to a string, number, boolean, null or undefined: a value that every operator
    /// converts without running code. (Symbols and big integers make some operators throw.)
    pub fn is_plain_value(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Lit(literal) => !matches!(literal, Lit::BigInt(_) | Lit::Regex(_)),
            Expr::Ident(name) => {
                matches!(
                    self.global_name(expression),
                    Some("undefined" | "NaN" | "Infinity")
                ) || !self.may_be_unset(name)
                    && (self
                        .objects
                        .is_some_and(|objects| objects.is_plain(&name.to_id()))
                        || self.is_promised_value(expression))
            }
            Expr::Call(call) => {
                self.text_of(expression).is_some()
                    || self.is_primitive(expression)
                    || builtins::gives_primitive(self, call) && !self.call_has_side_effects(call)
            }
            Expr::Paren(inner) => self.is_plain_value(&inner.expr),
            Expr::Tpl(template) => template.exprs.iter().all(|part| self.is_plain_value(part)),
            Expr::Unary(unary) => match unary.op {
                UnaryOp::Delete => false,
                UnaryOp::Minus | UnaryOp::Plus | UnaryOp::Tilde => self.is_plain_value(&unary.arg),
                _ => !self.unary_has_side_effects(unary),
            },
            Expr::Bin(binary) => match binary.op {
                BinaryOp::EqEqEq | BinaryOp::NotEqEq => !self.binary_has_side_effects(binary),
                BinaryOp::In | BinaryOp::InstanceOf => false,
                _ => self.is_plain_value(&binary.left) && self.is_plain_value(&binary.right),
            },
            Expr::Cond(condition) => {
                !self.expression_has_side_effects(&condition.test)
                    && self.is_plain_value(&condition.cons)
                    && self.is_plain_value(&condition.alt)
            }
            Expr::Member(member) => match (self.global_name(&member.obj), &member.prop) {
                (Some(object), MemberProp::Ident(property)) => builtins::is_number(object, &property.sym),
                // `import.meta.url`
                (None, MemberProp::Ident(property)) if member.obj.is_meta_prop() => property.sym == *"url",
                _ => {
                    self.text_of(expression).is_some()
                        || self.is_plain_element(member)
                        || self.is_promised_value(expression)
                }
            },
            _ => false,
        }
    }
}

impl Purity<'_> {
    /// Whether an expression is a number, or `undefined`, and nothing of it can be observed.
    pub fn is_number(&self, expression: &Expr) -> bool {
        match without_parentheses(expression) {
            Expr::Lit(Lit::Num(_)) => true,
            Expr::Ident(name) => {
                !self.may_be_unset(name)
                    && self
                        .objects
                        .is_some_and(|objects| objects.is_number(&name.to_id()))
                    || self.is_promised_number(expression)
            }
            Expr::Member(_) => self.is_promised_number(expression),
            Expr::Bin(binary) => {
                let computes = matches!(
                    binary.op,
                    BinaryOp::Sub
                        | BinaryOp::Mul
                        | BinaryOp::Div
                        | BinaryOp::Mod
                        | BinaryOp::LShift
                        | BinaryOp::RShift
                        | BinaryOp::ZeroFillRShift
                        | BinaryOp::BitAnd
                        | BinaryOp::BitOr
                        | BinaryOp::BitXor
                );
                computes && self.is_plain_value(expression)
                    || binary.op == BinaryOp::Add
                        && self.is_number(&binary.left)
                        && self.is_number(&binary.right)
            }
            _ => false,
        }
    }
}

pub(super) fn has_accessors(object: &ObjectLit) -> bool {
    object.props.iter().any(|property| match property {
        PropOrSpread::Prop(property) => match &**property {
            Prop::Getter(_) | Prop::Setter(_) => true,
            // `__proto__: x` makes the object inherit what `x` has.
            Prop::KeyValue(pair) => match &pair.key {
                PropName::Ident(name) => &*name.sym == "__proto__",
                PropName::Str(name) => name.value == *"__proto__",
                _ => false,
            },
            _ => false,
        },
        PropOrSpread::Spread(_) => false,
    })
}

pub(super) fn is_null(expression: &Expr) -> bool {
    matches!(without_parentheses(expression), Expr::Lit(Lit::Null(_)))
}
