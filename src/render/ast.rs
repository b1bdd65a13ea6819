//! Small builders for the code that linking adds.

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrayLit, ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, BinExpr, BinaryOp, BlockStmt,
    CallExpr, Callee, ClassMember, CondExpr, Decl, Expr, ExprOrSpread, ExprStmt, FnExpr, Function,
    FunctionBody, Ident, IdentName, KeyValueProp, Lit, MemberExpr, MemberProp, Null, Number, ObjectLit,
    ParenExpr, Pat, Prop, PropName, PropOrSpread, ReturnStmt, SeqExpr, StaticBlock, Stmt, Str, UnaryExpr,
    UnaryOp, VarDecl, VarDeclKind, VarDeclarator,
};

use crate::base::is_identifier_name;
use crate::graph::Constant;

/// `{ statements }`
pub fn block(statements: Vec<Stmt>) -> Stmt {
    Stmt::Block(BlockStmt {
        span: DUMMY_SP,
        ctxt: SyntaxContext::empty(),
        stmts: statements,
    })
}

/// `static { statements }`
pub fn static_block(statements: Vec<Stmt>) -> ClassMember {
    ClassMember::StaticBlock(StaticBlock {
        span: DUMMY_SP,
        body: BlockStmt {
            span: DUMMY_SP,
            ctxt: SyntaxContext::empty(),
            stmts: statements,
        },
    })
}

/// A name.
pub fn ident(name: &Atom, context: SyntaxContext) -> Ident {
    Ident::new(name.clone(), DUMMY_SP, context)
}

/// `object.name` or `object["name"]`.
pub fn member(object: Expr, name: &Atom) -> Expr {
    let prop = if is_identifier_name(name) {
        MemberProp::Ident(IdentName::new(name.clone(), DUMMY_SP))
    } else {
        MemberProp::Computed(swc_core::ecma::ast::ComputedPropName {
            span: DUMMY_SP,
            expr: Box::new(string(name)),
        })
    };
    Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(object),
        prop,
    })
}

/// A string literal.
pub fn string(text: &str) -> Expr {
    Expr::Lit(Lit::Str(Str {
        span: DUMMY_SP,
        value: text.into(),
        raw: None,
    }))
}

/// A number literal.
pub fn number(value: f64) -> Expr {
    Expr::Lit(Lit::Num(Number {
        span: DUMMY_SP,
        value,
        raw: None,
    }))
}

/// A primitive value.
pub fn constant_value(value: &Constant) -> Expr {
    match value {
        Constant::Undefined => *Expr::undefined(DUMMY_SP),
        Constant::Null => Expr::Lit(Lit::Null(Null { span: DUMMY_SP })),
        Constant::Boolean(value) => Expr::Lit(Lit::Bool((*value).into())),
        Constant::Text(text) => string(text),
        Constant::Number(bits) => {
            let value = f64::from_bits(*bits);
            if value.is_sign_negative() && !value.is_nan() {
                Expr::Unary(UnaryExpr {
                    span: DUMMY_SP,
                    op: UnaryOp::Minus,
                    arg: Box::new(number(-value)),
                })
            } else {
                number(value)
            }
        }
    }
}

/// `callee(…arguments)`.
pub fn call(callee: Expr, arguments: Vec<Expr>) -> Expr {
    Expr::Call(CallExpr {
        span: DUMMY_SP,
        callee: Callee::Expr(Box::new(callee)),
        args: arguments.into_iter().map(ExprOrSpread::from).collect(),
        ..CallExpr::default()
    })
}

/// `await value`.
pub fn wait_for(value: Expr) -> Expr {
    Expr::Await(swc_core::ecma::ast::AwaitExpr {
        span: DUMMY_SP,
        arg: Box::new(value),
    })
}

/// `(0, value)`: calls through it have no `this`.
pub fn detached(value: Expr) -> Expr {
    parenthesized(sequence(vec![number(0.0), value]))
}

/// `(value)`.
pub fn parenthesized(value: Expr) -> Expr {
    Expr::Paren(ParenExpr {
        span: DUMMY_SP,
        expr: Box::new(value),
    })
}

/// `(first, second)`.
pub fn sequence(values: Vec<Expr>) -> Expr {
    Expr::Seq(SeqExpr {
        span: DUMMY_SP,
        exprs: values.into_iter().map(Box::new).collect(),
    })
}

/// `value;`
pub fn statement(value: Expr) -> Stmt {
    Stmt::Expr(ExprStmt {
        span: DUMMY_SP,
        expr: Box::new(value),
    })
}

/// `return value;`
pub fn returned(value: Expr) -> Stmt {
    Stmt::Return(ReturnStmt {
        span: DUMMY_SP,
        arg: Some(Box::new(value)),
    })
}

/// `target = value`.
pub fn assign(target: AssignTarget, value: Expr) -> Expr {
    Expr::Assign(AssignExpr {
        span: DUMMY_SP,
        op: AssignOp::Assign,
        left: target,
        right: Box::new(value),
    })
}

/// `const name = value`.
pub fn constant(name: Ident, value: Expr) -> Stmt {
    declaration(VarDeclKind::Const, name, Some(value))
}

/// `[…values]`.
pub fn array(values: Vec<Expr>) -> Expr {
    Expr::Array(ArrayLit {
        span: DUMMY_SP,
        elems: values
            .into_iter()
            .map(|value| Some(ExprOrSpread::from(value)))
            .collect(),
    })
}

/// `{ name: value }`.
pub fn object(properties: Vec<(&str, Expr)>) -> Expr {
    let property = |(name, value): (&str, Expr)| {
        PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
            key: PropName::Ident(IdentName::new(name.into(), DUMMY_SP)),
            value: Box::new(value),
        })))
    };
    Expr::Object(ObjectLit {
        span: DUMMY_SP,
        props: properties.into_iter().map(property).collect(),
    })
}

/// `left op right`
pub fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    Expr::Bin(BinExpr {
        span: DUMMY_SP,
        op,
        left: Box::new(left),
        right: Box::new(right),
    })
}

/// `(test ? value : otherwise)`.
pub fn conditional(test: Expr, value: Expr, otherwise: Expr) -> Expr {
    Expr::Paren(ParenExpr {
        span: DUMMY_SP,
        expr: Box::new(Expr::Cond(CondExpr {
            span: DUMMY_SP,
            test: Box::new(test),
            cons: Box::new(value),
            alt: Box::new(otherwise),
        })),
    })
}

/// A name the platform provides; `context` is that of free names.
pub fn global(name: &str, context: SyntaxContext) -> Expr {
    Expr::Ident(Ident::new(name.into(), DUMMY_SP, context))
}

/// `var name = value`, or `var name` without a value.
pub fn variable(name: Ident, value: Option<Expr>) -> Stmt {
    declaration(VarDeclKind::Var, name, value)
}

fn declaration(kind: VarDeclKind, name: Ident, value: Option<Expr>) -> Stmt {
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        span: DUMMY_SP,
        kind,
        decls: vec![VarDeclarator {
            span: DUMMY_SP,
            name: Pat::Ident(name.into()),
            init: value.map(Box::new),
            definite: false,
        }],
        ..VarDecl::default()
    })))
}

/// Whether a function contains `await`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// Runs to its end.
    Plain,
    /// Gives a promise.
    Async,
}

/// `() => value`.
pub fn arrow(value: Expr) -> Expr {
    Expr::Arrow(ArrowExpr {
        body: Box::new(ArrowFunctionBody::Expr(Box::new(value))),
        ..ArrowExpr::default()
    })
}

/// `(…parameters) => value`.
pub fn arrow_of(parameters: Vec<Ident>, value: Expr) -> Expr {
    Expr::Arrow(ArrowExpr {
        params: parameters
            .into_iter()
            .map(|name| Pat::Ident(name.into()))
            .collect(),
        body: Box::new(ArrowFunctionBody::Expr(Box::new(value))),
        ..ArrowExpr::default()
    })
}

/// `function (…parameters) { … }`.
pub fn function(kind: FunctionKind, parameters: Vec<Ident>, statements: Vec<Stmt>) -> Expr {
    Expr::Fn(FnExpr {
        ident: None,
        function: Box::new(Function {
            params: parameters
                .into_iter()
                .map(|name| Pat::Ident(name.into()).into())
                .collect(),
            body: Some(FunctionBody {
                span: DUMMY_SP,
                stmts: statements,
            }),
            is_async: kind == FunctionKind::Async,
            ..Function::default()
        }),
    })
}
