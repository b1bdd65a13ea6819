//! A direct `eval` in an ES module names bindings as the module calls them. Most keep that name in the chunk. Those that could
//! not, such as the names of a CommonJS module or one of two alike, are handed over:
//!
//! ```text
//! import { a } from './commonjs'; eval('a')      ((a, code) => eval(code))(import_commonjs.a, 'a')
//! ```
//!
//! An arrow function leaves `this`, `arguments` and `new.target` as they are.

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, BlockStmt, CallExpr, Callee, CatchClause, Expr, ExprOrSpread, FunctionBody,
    Ident, Lit, ParenExpr, Pat, Stmt, TryStmt,
};

use super::ast;
use super::rewrite::Rewriter;
use crate::graph::ModuleFormat;

/// The parameter that holds what is evaluated; more than one argument has no effect.
const CODE: &str = "code$";

impl Rewriter<'_> {
    /// Whether a call is an `eval` that sees the names around it.
    pub(super) fn is_direct_eval(&self, call: &CallExpr) -> bool {
        let Callee::Expr(callee) = &call.callee else {
            return false;
        };
        let mut callee = &**callee;
        while let Expr::Paren(inner) = callee {
            callee = &inner.expr;
        }
        matches!(callee, Expr::Ident(ident) if ident.ctxt == self.contexts.unresolved && ident.sym == *"eval")
    }

    /// The call with what its code could not find otherwise; nothing where it finds everything.
    pub(super) fn evaluated_code(&self, call: &mut CallExpr) -> Option<Expr> {
        let syntax = &self.module.syntax;
        if syntax.format != ModuleFormat::EsModule
            || call.args.iter().any(|argument| argument.spread.is_some())
        {
            return None;
        }
        // What is not in the code need not be handed over, and may not have a value yet.
        let text = call.args.first().and_then(|code| match &*code.expr {
            Expr::Lit(Lit::Str(text)) => text.value.as_str(),
            _ => None,
        });
        let is_named = |name: &str| {
            text.is_none_or(|text| text.contains(name) || text.contains('\\') || text.contains("eval"))
        };
        let mut parameters = Vec::new();
        let mut values = Vec::new();
        for (local, symbol) in syntax.symbols.iter_enumerated() {
            // An inner name hides the module's.
            if syntax.nested_names.contains(&symbol.name) || !is_named(&symbol.name) {
                continue;
            }
            let value = match self.bound.imports[self.module_id].get(&local) {
                Some(binding) => self.binding(binding),
                None => match self.names.get(self.bound.symbols.local(self.module_id, local)) {
                    Some(_) => self.symbol(self.bound.symbols.local(self.module_id, local)),
                    None => continue,
                },
            };
            if !matches!(&value, Expr::Ident(ident) if ident.sym == symbol.name) {
                parameters.push(symbol.name.clone());
                values.push(if symbol.is_lexical {
                    if_it_is_there(value)
                } else {
                    value
                });
            }
        }
        if parameters.is_empty() {
            return None;
        }
        parameters.push(CODE.into());
        let context = self.contexts.local;
        let code = call
            .args
            .first_mut()
            .map_or_else(|| *Expr::undefined(DUMMY_SP), |argument| *argument.expr.take());
        values.push(code);
        let parameter = |name| Pat::Ident(Ident::new(name, DUMMY_SP, context).into());
        let evaluation = Expr::Call(CallExpr {
            span: call.span,
            callee: Callee::Expr(Box::new(ast::global("eval", self.contexts.unresolved))),
            args: vec![ExprOrSpread::from(ast::global(CODE, context))],
            ..CallExpr::default()
        });
        let function = Expr::Arrow(ArrowExpr {
            params: parameters.into_iter().map(parameter).collect(),
            ctxt: context,
            body: Box::new(ArrowFunctionBody::Expr(Box::new(evaluation))),
            ..ArrowExpr::default()
        });
        let function = Expr::Paren(ParenExpr {
            span: DUMMY_SP,
            expr: Box::new(function),
        });
        Some(ast::call(function, values))
    }
}

/// `(() => { try { return value } catch {} })()`: the code may run before the variable has a value, and not ask for it.
fn if_it_is_there(value: Expr) -> Expr {
    let block = |stmts| BlockStmt {
        stmts,
        ..BlockStmt::default()
    };
    let attempt = Stmt::Try(Box::new(TryStmt {
        span: DUMMY_SP,
        block: block(vec![ast::returned(value)]),
        handler: Some(CatchClause {
            span: DUMMY_SP,
            param: None,
            body: block(Vec::new()),
        }),
        finalizer: None,
    }));
    let function = Expr::Arrow(ArrowExpr {
        body: Box::new(ArrowFunctionBody::FunctionBody(FunctionBody {
            span: DUMMY_SP,
            stmts: vec![attempt],
        })),
        ..ArrowExpr::default()
    });
    ast::call(ast::parenthesized(function), Vec::new())
}
