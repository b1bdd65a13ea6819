//! Small builders for the code that decorators become.

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrayLit, ArrayPat, ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, AssignTargetPat,
    BindingIdent, BlockStmt, CallExpr, Callee, ClassMember, ComputedPropName, Decl, Expr, ExprOrSpread,
    ExprStmt, Function, FunctionBody, Ident, IdentName, Lit, MemberExpr, MemberProp, ObjectLit, Param, Pat,
    Prop, PropName, PropOrSpread, ReturnStmt, SeqExpr, StaticBlock, Stmt, Str, ThisExpr, UnaryExpr, UnaryOp,
    VarDecl, VarDeclKind, VarDeclarator,
};

use crate::base::identifier_from;

/// A generated identifier; what its name is in the end is decided later.
pub(super) fn fresh(name: &str) -> Ident {
    let context = SyntaxContext::empty().apply_mark(Mark::new());
    Ident::new(identifier_from(name).into(), DUMMY_SP, context)
}

pub(super) fn read(name: &Ident) -> Expr {
    Expr::Ident(name.clone())
}

pub(super) fn this() -> Expr {
    Expr::This(ThisExpr { span: DUMMY_SP })
}

pub(super) fn string(text: &str) -> Expr {
    Expr::Lit(Lit::Str(text.into()))
}

fn argument(value: Expr) -> ExprOrSpread {
    ExprOrSpread {
        spread: None,
        expr: Box::new(value),
    }
}

pub(super) fn array(values: Vec<Expr>) -> Expr {
    Expr::Array(ArrayLit {
        span: DUMMY_SP,
        elems: values.into_iter().map(|value| Some(argument(value))).collect(),
    })
}

pub(super) fn call(callee: Expr, arguments: Vec<Expr>) -> Expr {
    Expr::Call(CallExpr {
        callee: Callee::Expr(Box::new(callee)),
        args: arguments.into_iter().map(argument).collect(),
        ..CallExpr::default()
    })
}

pub(super) fn member(object: Expr, name: &str) -> Expr {
    Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(object),
        prop: MemberProp::Ident(IdentName::new(name.into(), DUMMY_SP)),
    })
}

/// `object[key]`
pub(super) fn element(object: Expr, key: Expr) -> Expr {
    Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(object),
        prop: MemberProp::Computed(ComputedPropName {
            span: DUMMY_SP,
            expr: Box::new(key),
        }),
    })
}

/// `value.call(this, …)`
pub(super) fn call_on_this(value: Expr, arguments: Vec<Expr>) -> Expr {
    let arguments = std::iter::once(this()).chain(arguments).collect();
    call(member(value, "call"), arguments)
}

pub(super) fn sequence(mut values: Vec<Expr>) -> Expr {
    if values.len() == 1 {
        return values.remove(0);
    }
    Expr::Seq(SeqExpr {
        span: DUMMY_SP,
        exprs: values.into_iter().map(Box::new).collect(),
    })
}

pub(super) fn assignment(left: AssignTarget, value: Expr) -> Expr {
    Expr::Assign(AssignExpr {
        span: DUMMY_SP,
        op: AssignOp::Assign,
        left,
        right: Box::new(value),
    })
}

/// `name = value`
pub(super) fn assign(name: &Ident, value: Expr) -> Expr {
    assignment(AssignTarget::from(BindingIdent::from(name.clone())), value)
}

/// `[first, , third] = value`
pub(super) fn assign_list(names: Vec<Option<Ident>>, value: Expr) -> Expr {
    let mut elems: Vec<Option<Pat>> = names
        .into_iter()
        .map(|name| name.map(|name| Pat::Ident(name.into())))
        .collect();
    while elems.last().is_some_and(Option::is_none) {
        elems.pop();
    }
    if elems.is_empty() {
        return value;
    }
    let pattern = ArrayPat {
        span: DUMMY_SP,
        elems,
        optional: false,
        type_ann: None,
    };
    assignment(AssignTarget::Pat(AssignTargetPat::Array(pattern)), value)
}

pub(super) fn statement(value: Expr) -> Stmt {
    Stmt::Expr(ExprStmt {
        span: DUMMY_SP,
        expr: Box::new(value),
    })
}

pub(super) fn returned(value: Expr) -> Stmt {
    Stmt::Return(ReturnStmt {
        span: DUMMY_SP,
        arg: Some(Box::new(value)),
    })
}

pub(super) fn block(stmts: Vec<Stmt>) -> BlockStmt {
    BlockStmt {
        stmts,
        ..BlockStmt::default()
    }
}

pub(super) fn static_block(statements: Vec<Stmt>) -> ClassMember {
    ClassMember::StaticBlock(StaticBlock {
        span: DUMMY_SP,
        body: block(statements),
    })
}

/// `let name = value`
pub(super) fn variables(declared: impl IntoIterator<Item = (Ident, Option<Expr>)>) -> Decl {
    Decl::Var(Box::new(VarDecl {
        kind: VarDeclKind::Let,
        decls: declared
            .into_iter()
            .map(|(name, value)| VarDeclarator {
                span: DUMMY_SP,
                name: name.into(),
                init: value.map(Box::new),
                definite: false,
            })
            .collect(),
        ..VarDecl::default()
    }))
}

pub(super) fn parameter(name: Ident) -> Param {
    Param {
        span: DUMMY_SP,
        decorators: Vec::new(),
        pat: Pat::Ident(name.into()),
    }
}

pub(super) fn function(params: Vec<Param>, stmts: Vec<Stmt>) -> Function {
    Function {
        params,
        body: Some(FunctionBody {
            stmts,
            ..FunctionBody::default()
        }),
        ..Function::default()
    }
}

/// `(parameters) => value`
pub(super) fn arrow(parameters: Vec<Ident>, value: Expr) -> Expr {
    Expr::Arrow(ArrowExpr {
        params: parameters
            .into_iter()
            .map(|name| Pat::Ident(name.into()))
            .collect(),
        body: Box::new(ArrowFunctionBody::Expr(Box::new(value))),
        ..ArrowExpr::default()
    })
}

/// `(() => { statements })()`
pub(super) fn called_arrow(stmts: Vec<Stmt>) -> Expr {
    let arrow = ArrowExpr {
        body: Box::new(ArrowFunctionBody::FunctionBody(FunctionBody {
            stmts,
            ..FunctionBody::default()
        })),
        ..ArrowExpr::default()
    };
    call(Expr::Arrow(arrow), Vec::new())
}

pub(super) fn object(properties: Vec<Prop>) -> Expr {
    Expr::Object(ObjectLit {
        span: DUMMY_SP,
        props: properties
            .into_iter()
            .map(|property| PropOrSpread::Prop(Box::new(property)))
            .collect(),
    })
}

pub(super) fn text_key(text: &Atom) -> PropName {
    PropName::Str(Str::from(text.clone()))
}

/// `[key]`
pub(super) fn computed(key: Expr) -> PropName {
    PropName::Computed(ComputedPropName {
        span: DUMMY_SP,
        expr: Box::new(key),
    })
}

/// `delete this[key]`
pub(super) fn deleted_from_this(key: &str) -> Expr {
    Expr::Unary(UnaryExpr {
        span: DUMMY_SP,
        op: UnaryOp::Delete,
        arg: Box::new(element(this(), string(key))),
    })
}
