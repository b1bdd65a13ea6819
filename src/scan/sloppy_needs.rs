//! What scripts say that no strict code can say: `with`, and a direct `eval` whose code declares something.
//!
//! ```text
//! with (object) name            // a property of the object, or a name from around
//! eval('var name = 1'); name    // declared in the function around
//! ```
//!
//! A module that does so runs as the text that it is, outside of the strict code around: see `render::sloppy_text`. What an
//! `eval` runs is not always known. One whose value is called, or is used in `try` (as a page may forbid it), is taken
//! for an expression.

use swc_core::common::BytePos;
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Class, Expr, ExprOrSpread, ExprStmt,
    FnDecl, ForHead, Function, Lit, Script, SimpleAssignTarget, Stmt, ThisExpr, TryStmt, UnaryExpr, UnaryOp,
    UpdateExpr, VarDecl, VarDeclKind, WithStmt,
};
use swc_core::ecma::parser::{Parser, StringInput, Syntax};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::sloppy_script::starts_strict;
use crate::scan::side_effects::without_parentheses;

/// Whether a script must run as sloppy code.
pub(super) fn runs_sloppily(script: &Script, source: &str) -> bool {
    let mentions = |word: &str| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some();
    if starts_strict(&script.body) || !mentions("eval") && !mentions_with(source) {
        return false;
    }
    let mut needs = Needs::default();
    script.visit_with(&mut needs);
    needs.found
}

/// `with`, then white space or a comment, then a parenthesis.
fn mentions_with(source: &str) -> bool {
    memchr::memmem::find_iter(source.as_bytes(), "with").any(|start| {
        let rest = source[start + 4..].trim_start();
        rest.starts_with(['(', '/'])
    })
}

#[derive(Default)]
struct Needs {
    try_depth: usize,
    found: bool,
}

impl Needs {
    fn evaluation(&mut self, call: &CallExpr) {
        self.found |= match call.args.first() {
            Some(ExprOrSpread { spread: None, expr }) => match text_of(expr) {
                Some(text) => declares(&text),
                None => self.try_depth == 0 && !starts_expression(expr),
            },
            _ => false,
        };
    }
}

/// A direct `eval`.
fn as_evaluation(expression: &Expr) -> Option<&CallExpr> {
    let call = without_parentheses(expression).as_call()?;
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    let name = without_parentheses(callee).as_ident()?;
    (name.sym == *"eval").then_some(call)
}

fn text_of(expression: &Expr) -> Option<String> {
    match without_parentheses(expression) {
        Expr::Lit(Lit::Str(text)) => Some(text.value.to_string_lossy().into_owned()),
        Expr::Tpl(template) if template.exprs.is_empty() => {
            let part = template.quasis.first()?;
            Some(part.cooked.as_ref()?.to_string_lossy().into_owned())
        }
        _ => None,
    }
}

/// Whether text that is put together begins as no statement but an expression does.
fn starts_expression(expression: &Expr) -> bool {
    let is_opening = |text: &str| text.trim_start().starts_with(['(', '[', '"', '\'']);
    match without_parentheses(expression) {
        Expr::Bin(BinExpr {
            op: BinaryOp::Add,
            left,
            ..
        }) => text_of(left).map_or_else(|| starts_expression(left), |text| is_opening(&text)),
        Expr::Tpl(template) => template.quasis.first().is_some_and(|part| is_opening(&part.raw)),
        // What is no text is what `eval` gives.
        Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Object(_) => true,
        _ => false,
    }
}

/// Whether code declares or changes something in the function around it, or has words that strict code has not.
fn declares(code: &str) -> bool {
    let Ok(length) = u32::try_from(code.len()) else {
        return false;
    };
    let input = StringInput::new(code, BytePos(1), BytePos(1 + length));
    // What cannot be read throws, and does nothing else.
    let Ok(script) = Parser::new(Syntax::default(), input, None).parse_script() else {
        return false;
    };
    if starts_strict(&script.body) {
        return false;
    }
    let mut changes = Changes::default();
    script.visit_with(&mut changes);
    changes.found
}

impl Visit for Needs {
    noop_visit_type!();

    fn visit_with_stmt(&mut self, _: &WithStmt) {
        self.found = true;
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        match &call.callee {
            // `eval(…)(…)`
            Callee::Expr(callee) if let Some(inner) = as_evaluation(callee) => {
                let is_known = inner
                    .args
                    .first()
                    .is_some_and(|code| text_of(&code.expr).is_some());
                if is_known {
                    self.evaluation(inner);
                }
                inner.args.visit_with(self);
            }
            callee => callee.visit_with(self),
        }
        call.args.visit_with(self);
    }

    fn visit_expr(&mut self, expression: &Expr) {
        if let Some(call) = as_evaluation(expression) {
            self.evaluation(call);
        }
        expression.visit_children_with(self);
    }

    /// Nobody uses the value, so something else is wanted.
    fn visit_expr_stmt(&mut self, statement: &ExprStmt) {
        let depth = std::mem::take(&mut self.try_depth);
        if let Some(call) = as_evaluation(&statement.expr) {
            self.evaluation(call);
        }
        self.try_depth = depth;
        statement.visit_children_with(self);
    }

    fn visit_try_stmt(&mut self, statement: &TryStmt) {
        self.try_depth += 1;
        statement.block.visit_with(self);
        self.try_depth -= 1;
        statement.handler.visit_with(self);
        statement.finalizer.visit_with(self);
    }

    fn visit_function(&mut self, function: &Function) {
        let is_strict = |statements: &[Stmt]| starts_strict(statements);
        if function.body.as_ref().is_none_or(|body| !is_strict(&body.stmts)) {
            function.visit_children_with(self);
        }
    }

    // Its code is strict.
    fn visit_class(&mut self, class: &Class) {
        class.decorators.visit_with(self);
    }
}

#[derive(Default)]
struct Changes {
    found: bool,
}

impl Visit for Changes {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        self.found |= declaration.kind == VarDeclKind::Var;
        declaration.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, _: &FnDecl) {
        self.found = true;
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.found |= !matches!(
            &assignment.left,
            AssignTarget::Simple(SimpleAssignTarget::Member(_))
        );
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.found |= !update.arg.is_member();
        update.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        self.found |= unary.op == UnaryOp::Delete && !unary.arg.is_member();
        unary.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.found |= matches!(head, ForHead::Pat(_));
        head.visit_children_with(self);
    }

    fn visit_with_stmt(&mut self, _: &WithStmt) {
        self.found = true;
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee {
            self.found |= callee.as_ident().is_some_and(|name| name.sym == *"eval");
        }
        call.visit_children_with(self);
    }

    // The `this` of a function that is called without one.
    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.found = true;
    }

    fn visit_function(&mut self, function: &Function) {
        self.found |= function
            .body
            .as_ref()
            .is_none_or(|body| !starts_strict(&body.stmts));
    }
}
