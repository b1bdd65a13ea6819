//! Functions that end with a literal, and so give everyone who calls them an object of his own:
//!
//! ```js
//! function sides(of) { return { left: of.left, right: of.right } }
//! const both = sides(page), left = both.left          // reading `left` of that runs no code
//! ```

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, CallExpr, Class, Decl, Expr, Function, Id, Ident, Pat, ReturnStmt, Stmt,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::made::Made;
use super::{Purity, without_parentheses};

/// Finds them among the statements of a module. `is_known` says which names always are what they are declared with.
pub fn results<'a>(
    statements: impl Iterator<Item = &'a Stmt>,
    is_known: &dyn Fn(&Id) -> bool,
) -> FxHashMap<Id, Made> {
    let mut found = FxHashMap::default();
    let mut add = |name: &Ident, made: Option<Made>| {
        let id = name.to_id();
        if let Some(made) = made
            && is_known(&id)
        {
            found.insert(id, made);
        }
    };
    for statement in statements {
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => {
                add(&declaration.ident, result_of_function(&declaration.function));
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
                        continue;
                    };
                    match without_parentheses(value) {
                        Expr::Fn(function) => add(name, result_of_function(&function.function)),
                        Expr::Arrow(arrow) => add(name, result_of_arrow(arrow)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The name of the function that an expression calls.
pub fn called_name(value: &Expr) -> Option<Id> {
    let call = without_parentheses(value).as_call()?;
    let callee = without_parentheses(call.callee.as_expr()?).as_ident()?;
    Some(callee.to_id())
}

impl Purity<'_> {
    /// What a call of a function of the module makes.
    pub(super) fn result_of(&self, call: &CallExpr) -> Option<&Made> {
        let callee = without_parentheses(call.callee.as_expr()?).as_ident()?;
        (!self.may_be_unset(callee)).then_some(())?;
        self.objects?.result(&callee.to_id())
    }
}

fn result_of_function(function: &Function) -> Option<Made> {
    let is_plain = !function.is_async && !function.is_generator;
    result_of_body(&function.body.as_ref().filter(|_| is_plain)?.stmts)
}

fn result_of_arrow(arrow: &ArrowExpr) -> Option<Made> {
    if arrow.is_async {
        return None;
    }
    match &*arrow.body {
        ArrowFunctionBody::Expr(value) => literal(value),
        ArrowFunctionBody::FunctionBody(body) => result_of_body(&body.stmts),
    }
}

fn result_of_body(statements: &[Stmt]) -> Option<Made> {
    let (last, before) = statements.split_last()?;
    let mut returns = Returns(false);
    for statement in before {
        statement.visit_with(&mut returns);
    }
    let value = last.as_return_stmt()?.arg.as_deref()?;
    literal(value).filter(|_| !returns.0)
}

fn literal(value: &Expr) -> Option<Made> {
    let value = without_parentheses(value);
    (value.is_object() || value.is_array()).then(|| Made::of(value))?
}

struct Returns(bool);

impl Visit for Returns {
    noop_visit_type!();

    fn visit_return_stmt(&mut self, _: &ReturnStmt) {
        self.0 = true;
    }

    fn visit_expr(&mut self, _: &Expr) {}
    fn visit_function(&mut self, _: &Function) {}
    fn visit_class(&mut self, _: &Class) {}
}
