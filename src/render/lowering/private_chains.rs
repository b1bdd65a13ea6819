//! Optional chains with private names, of which the passes forget `this` and where the chain ends:
//!
//! ```text
//! a()?.#b(1).c      (_object = a()) === null || _object === void 0 ? void 0 : _object.#b(1).c
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    BinaryOp, CallExpr, Callee, CondExpr, Expr, ExprOrSpread, Ident, Lit, MemberExpr, Null, OptCall,
    OptChainBase, OptChainExpr, SuperPropExpr, ThisExpr,
};

use super::super::ast;
use super::calls::target;

/// Whether a chain asks for a private name.
pub(super) fn has_private_name(chain: &OptChainExpr) -> bool {
    let (is_private, inner) = match &*chain.base {
        OptChainBase::Member(member) => (member.prop.is_private_name(), &member.obj),
        OptChainBase::Call(call) => {
            let is_private = call
                .callee
                .as_member()
                .is_some_and(|member| member.prop.is_private_name());
            (is_private, &call.callee)
        }
    };
    is_private || inner.as_opt_chain().is_some_and(has_private_name)
}

/// A chain as the question whether its first optional link is there, and what follows where it is.
pub(super) fn as_condition(mut chain: OptChainExpr, name: &mut dyn FnMut() -> Ident) -> Expr {
    let test = take_first_test(&mut chain, name);
    Expr::Cond(CondExpr {
        span: DUMMY_SP,
        test: Box::new(test),
        cons: Expr::undefined(DUMMY_SP),
        alt: Box::new(as_followed(chain)),
    })
}

/// Names what the innermost link asks, which is no longer optional then.
fn take_first_test(chain: &mut OptChainExpr, name: &mut dyn FnMut() -> Ident) -> Expr {
    let inner = match &mut *chain.base {
        OptChainBase::Member(member) => &mut member.obj,
        OptChainBase::Call(call) => &mut call.callee,
    };
    if let Expr::OptChain(inner) = &mut **inner {
        return take_first_test(inner, name);
    }
    chain.optional = false;
    let this = match &mut *chain.base {
        OptChainBase::Call(call) => this_of(call, name),
        OptChainBase::Member(_) => None,
    };
    let asked = match &mut *chain.base {
        OptChainBase::Member(member) => &mut member.obj,
        OptChainBase::Call(call) => &mut call.callee,
    };
    let (value, again) = named(*asked.take(), name);
    match (&mut *chain.base, this) {
        (OptChainBase::Call(call), Some(this)) => {
            *call.callee = ast::member(again.clone(), &"call".into());
            call.args.insert(0, ExprOrSpread::from(this));
        }
        (OptChainBase::Member(MemberExpr { obj: place, .. }), _)
        | (OptChainBase::Call(OptCall { callee: place, .. }), None) => **place = again.clone(),
    }
    ast::binary(
        BinaryOp::LogicalOr,
        ast::binary(BinaryOp::EqEqEq, value, Expr::Lit(Lit::Null(Null::dummy()))),
        ast::binary(BinaryOp::EqEqEq, again, *Expr::undefined(DUMMY_SP)),
    )
}

/// What a method is called on.
fn this_of(call: &mut OptCall, name: &mut dyn FnMut() -> Ident) -> Option<Expr> {
    match &mut *call.callee {
        Expr::Member(member) => {
            let (value, again) = named(*member.obj.take(), name);
            *member.obj = value;
            Some(again)
        }
        Expr::SuperProp(SuperPropExpr { .. }) => Some(Expr::This(ThisExpr { span: DUMMY_SP })),
        _ => None,
    }
}

/// A value, and the same once more.
pub(super) fn named(value: Expr, name: &mut dyn FnMut() -> Ident) -> (Expr, Expr) {
    match value {
        simple @ (Expr::Ident(_) | Expr::This(_)) => (simple.clone(), simple),
        value => kept(value, name()),
    }
}

/// The same of a value that is given to a variable.
pub(super) fn kept(value: Expr, name: Ident) -> (Expr, Expr) {
    (ast::assign(target(&name), value), Expr::Ident(name))
}

/// A chain whose first link is not optional: up to the next optional one it is none.
fn as_followed(mut chain: OptChainExpr) -> Expr {
    let inner = match &mut *chain.base {
        OptChainBase::Member(member) => &mut member.obj,
        OptChainBase::Call(call) => &mut call.callee,
    };
    if let Expr::OptChain(_) = &**inner
        && let Expr::OptChain(link) = *inner.take()
    {
        **inner = as_followed(link);
    }
    if chain.optional || inner.is_opt_chain() {
        return Expr::OptChain(chain);
    }
    match *chain.base {
        OptChainBase::Member(member) => Expr::Member(member),
        OptChainBase::Call(call) => Expr::Call(CallExpr {
            span: call.span,
            ctxt: call.ctxt,
            callee: Callee::Expr(call.callee),
            args: call.args,
            type_args: None,
        }),
    }
}
