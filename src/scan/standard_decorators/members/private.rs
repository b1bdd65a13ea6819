//! How the helper gets at private members.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignTarget, BinExpr, BinaryOp, Expr, Ident, Lit, MemberExpr, MemberProp,
    Null, Pat, PrivateName, SimpleAssignTarget,
};

use super::super::build::{array, arrow, assignment, fresh, read};
use super::Kind;

pub(super) fn private_member(object: Expr, name: &PrivateName) -> MemberExpr {
    MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(object),
        prop: MemberProp::PrivateName(name.clone()),
    }
}

/// How the helper gets at a private member: `[(of) => #name in of, (of) => of.#name, (of, value) => of.#name = value]`
pub(super) fn access(name: &PrivateName, kind: Kind) -> Expr {
    let of = fresh("of");
    let has = Expr::Bin(BinExpr {
        span: DUMMY_SP,
        op: BinaryOp::In,
        left: Box::new(Expr::PrivateName(name.clone())),
        right: Box::new(read(&of)),
    });
    let mut functions = vec![arrow(vec![of], has)];
    let of = fresh("of");
    functions.push(if kind == Kind::Setter {
        Expr::Lit(Lit::Null(Null { span: DUMMY_SP }))
    } else {
        let value = Expr::Member(private_member(read(&of), name));
        arrow(vec![of], value)
    });
    if matches!(kind, Kind::Field | Kind::Accessor | Kind::Setter) {
        let [of, value] = [fresh("of"), fresh("value")];
        functions.push(setting(of, value, name));
    }
    array(functions)
}

fn setting(of: Ident, value: Ident, name: &PrivateName) -> Expr {
    let target = AssignTarget::Simple(SimpleAssignTarget::Member(private_member(read(&of), name)));
    let body = assignment(target, read(&value));
    Expr::Arrow(ArrowExpr {
        params: vec![Pat::Ident(of.into()), Pat::Ident(value.into())],
        body: Box::new(ArrowFunctionBody::Expr(Box::new(body))),
        ..ArrowExpr::default()
    })
}
