//! Functions that compilers write into CommonJS modules:
//!
//! ```text
//! var __importDefault = (this && this.__importDefault) || function (mod) {
//!     return (mod && mod.__esModule) ? mod : { "default": mod };
//! };
//! const lib = __importDefault(require('./lib'));       nothing can be observed of the call
//! ```
//!
//! At the top of a module `this` is its exports, of which a module that does not write such a name has none.

use swc_core::ecma::ast::{
    ArrowFunctionBody, BinaryOp, CallExpr, Expr, Function, Ident, Lit, Pat, Prop, PropName, Stmt,
};

use super::Writer;
use crate::scan::named_members::static_member;
use crate::scan::side_effects::without_parentheses;

impl Writer {
    /// Leaves `f` of `(this && this.name) || f`, the value of the variable `name`.
    pub(super) fn leave_own_helper(&mut self, name: &Ident, value: &mut Expr) {
        let is_own = match without_parentheses(value) {
            Expr::Bin(either) if either.op == BinaryOp::LogicalOr => {
                match without_parentheses(&either.left) {
                    Expr::Bin(both) if both.op == BinaryOp::LogicalAnd => {
                        let member = without_parentheses(&both.right).as_member();
                        both.left.is_this()
                            && member.is_some_and(|member| {
                                member.obj.is_this()
                                    && static_member(&member.prop).is_some_and(|member| member == name.sym)
                            })
                    }
                    _ => false,
                }
            }
            _ => false,
        };
        if !is_own {
            return;
        }
        while let Expr::Paren(inner) = value {
            *value = (*inner.expr).clone();
        }
        if let Expr::Bin(either) = value {
            *value = (*either.right).clone();
            self.own_helpers.push(name.sym.clone());
        }
    }

    /// Notes a function that makes something with a `default` of what it gets.
    pub(super) fn note_interop_function(&mut self, name: &Ident, function: &Function) {
        if let [parameter] = function.params.as_slice()
            && let Some(body) = &function.body
            && gives_default(&parameter.pat, &body.stmts)
        {
            self.interop_functions.insert(name.to_id());
        }
    }

    /// The same for the value of a variable.
    pub(super) fn note_interop_value(&mut self, name: &Ident, value: &Expr) {
        match without_parentheses(value) {
            Expr::Fn(function) => self.note_interop_function(name, &function.function),
            Expr::Arrow(arrow) => {
                let [parameter] = arrow.params.as_slice() else {
                    return;
                };
                let is_interop = match &*arrow.body {
                    ArrowFunctionBody::Expr(value) => parameter
                        .as_ident()
                        .is_some_and(|parameter| is_interop(&parameter.id, value)),
                    ArrowFunctionBody::FunctionBody(block) => gives_default(parameter, &block.stmts),
                };
                if is_interop {
                    self.interop_functions.insert(name.to_id());
                }
            }
            _ => {}
        }
    }

    /// Whether a call gives what it gets, or an object with that as `default`.
    pub(super) fn is_interop_call(&self, call: &CallExpr) -> bool {
        let callee = call.callee.as_expr().map(|callee| without_parentheses(callee));
        let is_known = callee.and_then(Expr::as_ident).is_some_and(|callee| {
            let id = callee.to_id();
            self.interop_functions.contains(&id) && self.declared.is_constant(&id)
        });
        is_known && call.args.len() == 1 && call.args[0].spread.is_none()
    }
}

fn gives_default(parameter: &Pat, statements: &[Stmt]) -> bool {
    match (parameter, statements) {
        (Pat::Ident(parameter), [Stmt::Return(returned)]) => returned
            .arg
            .as_ref()
            .is_some_and(|value| is_interop(&parameter.id, value)),
        _ => false,
    }
}

/// `given && given.__esModule ? given : { default: given }`
fn is_interop(given: &Ident, value: &Expr) -> bool {
    let is_given = |expression: &Expr| {
        let name = without_parentheses(expression).as_ident();
        name.is_some_and(|name| name.to_id() == given.to_id())
    };
    let Expr::Cond(choice) = without_parentheses(value) else {
        return false;
    };
    let is_marked = match without_parentheses(&choice.test) {
        Expr::Bin(both) if both.op == BinaryOp::LogicalAnd => {
            let member = without_parentheses(&both.right).as_member();
            is_given(&both.left)
                && member.is_some_and(|member| {
                    is_given(&member.obj)
                        && static_member(&member.prop).is_some_and(|name| name == *"__esModule")
                })
        }
        _ => false,
    };
    let has_default = match without_parentheses(&choice.alt) {
        Expr::Object(object) => match object.props.as_slice() {
            [property] => {
                let pair = property.as_prop().and_then(|property| match &**property {
                    Prop::KeyValue(pair) => Some(pair),
                    _ => None,
                });
                pair.is_some_and(|pair| {
                    let is_default = match &pair.key {
                        PropName::Ident(name) => name.sym == *"default",
                        PropName::Str(name) => name.value == *"default",
                        _ => false,
                    };
                    is_default && is_given(&pair.value)
                })
            }
            _ => false,
        },
        _ => false,
    };
    is_marked && is_given(&choice.cons) && has_default
}

/// `Object.create ? function … : function …`, by which a compiler asks for an old engine.
pub(super) fn asks_for_engine(value: &Expr) -> bool {
    match without_parentheses(value) {
        Expr::Cond(choice) => {
            let test = without_parentheses(&choice.test).as_member();
            test.is_some_and(|test| {
                test.obj.as_ident().is_some_and(|object| object.sym == *"Object")
                    && static_member(&test.prop).is_some_and(|name| name == *"create")
            }) && [&choice.cons, &choice.alt].into_iter().all(|value| {
                matches!(
                    without_parentheses(value),
                    Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(Lit::Null(_))
                )
            })
        }
        _ => false,
    }
}
