//! What async functions return: the promise that they settle asks it for a method `then`, and calls that.
//!
//! ```js
//! async function load() { return { then(done) { log(); done() } } }
//! load()                                              // logs
//! ```

use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, Expr, FnExpr, Ident, Lit, Prop, PropName, PropOrSpread,
};

use super::{Purity, Returned, This, builtins, without_parentheses};

impl Purity<'_> {
    /// Whether a function can not return something without anyone noticing.
    pub(super) fn result_has_side_effects(&self, value: &Expr) -> bool {
        self.expression_has_side_effects(value)
            || self.result == Returned::Awaited && self.may_be_thenable(value)
    }

    /// Whether an arrow function can be called with anything.
    pub(super) fn is_quiet_arrow(&self, arrow: &ArrowExpr, this: Option<This<'_>>) -> bool {
        let inner = self.within_function(this, Returned::by(arrow.is_async));
        inner.are_quiet_parameters(&arrow.params)
            && match &*arrow.body {
                ArrowFunctionBody::FunctionBody(body) => !inner.statements_have_side_effects(&body.stmts),
                ArrowFunctionBody::Expr(value) => !inner.result_has_side_effects(value),
            }
    }

    /// The same of a function that is written in place.
    pub(super) fn is_quiet_function(&self, function: &FnExpr) -> bool {
        // Assigning to the name that a function has inside fails.
        self.constants
            .borrow_mut()
            .extend(function.ident.as_ref().map(Ident::to_id));
        let function = &*function.function;
        self.within_function(None, Returned::by(function.is_async))
            .runs_quietly(function)
    }

    /// Whether a function that is written in place gives a plain value, and nothing of that can be observed.
    pub(super) fn gives_plain_value(&self, callback: &Expr) -> bool {
        let Expr::Arrow(arrow) = without_parentheses(callback) else {
            return false;
        };
        match &*arrow.body {
            ArrowFunctionBody::Expr(value) => {
                !arrow.is_async && self.is_quiet_arrow(arrow, self.this) && self.is_plain_value(value)
            }
            ArrowFunctionBody::FunctionBody(_) => false,
        }
    }

    /// Whether a value may have a method `then` that is not one of the language.
    fn may_be_thenable(&self, value: &Expr) -> bool {
        match without_parentheses(value) {
            Expr::Array(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(Lit::Regex(_) | Lit::BigInt(_)) => {
                false
            }
            Expr::Object(object) => !object.props.iter().all(|property| match property {
                PropOrSpread::Spread(_) => false,
                PropOrSpread::Prop(property) => is_named_otherwise(property),
            }),
            Expr::Cond(condition) => {
                self.may_be_thenable(&condition.cons) || self.may_be_thenable(&condition.alt)
            }
            Expr::Bin(binary) if binary.op.may_short_circuit() => {
                self.may_be_thenable(&binary.left) || self.may_be_thenable(&binary.right)
            }
            Expr::Seq(sequence) => sequence
                .exprs
                .last()
                .is_some_and(|last| self.may_be_thenable(last)),
            Expr::New(new) => {
                let made = self.global_name(&new.callee);
                !made.is_some_and(|name| name != "Proxy" && builtins::is_namespace(name))
            }
            other => !self.is_plain_value(other),
        }
    }
}

fn is_named_otherwise(property: &Prop) -> bool {
    let key = match property {
        Prop::Shorthand(name) => return name.sym != *"then",
        Prop::KeyValue(pair) => &pair.key,
        Prop::Getter(getter) => &getter.key,
        Prop::Setter(setter) => &setter.key,
        Prop::Method(method) => &method.key,
        Prop::Assign(_) => return false,
    };
    match key {
        PropName::Ident(name) => !matches!(&*name.sym, "then" | "__proto__"),
        PropName::Str(name) => name.value != *"then" && name.value != *"__proto__",
        PropName::Num(_) | PropName::BigInt(_) => true,
        PropName::Computed(_) => false,
    }
}
