//! What may stand where one statement is expected, and how statements end (ECMA-262 §12.10.1, §14.5, §14.7.1.1, §14.13.1,
//! annex B.3.1 and B.3.3):
//!
//! ```text
//! while (a) function f() {}        if (a) label: function f() {}        for (a; b) c        do import.meta while (a)
//! ```
//!
//! In sloppy code a function may follow `if (…)`, `else` and a label.

use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, BinExpr, BinaryOp, Class, Decl, DoWhileStmt, Expr, ExprStmt, ForHead,
    ForInStmt, ForOfStmt, ForStmt, Function, IfStmt, LabeledStmt, MemberExpr, OptChainBase, OptChainExpr,
    Pat, Program, Stmt, SwitchCase, VarDecl, VarDeclKind, VarDeclOrExpr, WhileStmt, WithStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::sloppy_script::starts_strict;
use super::super::syntax_error::SyntaxProblem;
use super::{Grammar, SourceText};

/// Adds what is wrong in `program`.
pub(super) fn find(
    program: &Program,
    source: SourceText<'_>,
    grammar: Grammar,
    problems: &mut Vec<SyntaxProblem>,
) {
    let is_strict = grammar == Grammar::Module
        || matches!(program, Program::Script(script) if starts_strict(&script.body));
    program.visit_with(&mut Statements {
        source,
        is_strict,
        problems,
    });
}

struct Statements<'s, 'p> {
    source: SourceText<'s>,
    is_strict: bool,
    problems: &'p mut Vec<SyntaxProblem>,
}

/// What may stand in a place beside the statements that may stand everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind `if (…)`, `else` and a label.
    FunctionIfSloppy,
    /// In loops and `with`.
    NoFunction,
}

impl Statements<'_, '_> {
    fn report(&mut self, span: Span, message: &str, fix: &str) {
        self.problems.push(SyntaxProblem::new(span, message, fix));
    }

    fn check_body(&mut self, body: &Stmt, place: Place) {
        match body {
            Stmt::Decl(Decl::Fn(function)) => {
                let is_plain = !function.function.is_async && !function.function.is_generator;
                if place == Place::NoFunction || self.is_strict || !is_plain {
                    self.report(
                        function.function.span,
                        "A function cannot be declared here",
                        "Put the declaration into a block.",
                    );
                }
            }
            Stmt::Decl(Decl::Class(class)) => self.report_declaration(class.class.span),
            Stmt::Decl(Decl::Using(using)) => self.report_declaration(using.span),
            Stmt::Decl(Decl::Var(variables)) if variables.kind != VarDeclKind::Var => {
                self.report_declaration(variables.span);
            }
            // A label makes nothing allowed that is not allowed without it.
            Stmt::Labeled(labeled) => {
                if let Some(function) = labeled_function(&labeled.body) {
                    self.report(
                        function,
                        "A function cannot be declared here",
                        "Put the declaration into a block.",
                    );
                }
            }
            _ => {}
        }
    }

    fn report_declaration(&mut self, span: Span) {
        self.report(
            span,
            "This declaration would be the only one to see what it declares",
            "Put it into a block.",
        );
    }

    fn loop_body(&mut self, body: &Stmt) {
        self.check_body(body, Place::NoFunction);
    }

    fn with_strictness_of(&mut self, statements: Option<&[Stmt]>, visit: impl FnOnce(&mut Self)) {
        let outer = self.is_strict;
        self.is_strict |= statements.is_some_and(starts_strict);
        visit(self);
        self.is_strict = outer;
    }

    /// Whether a statement that ends at `end` really ends there.
    fn ends(&self, end: BytePos) -> bool {
        let rest = &self.source.text[(end.0 as usize - 1).min(self.source.text.len())..];
        let mut rest = rest;
        loop {
            let trimmed = rest.trim_start_matches(|character: char| {
                character.is_whitespace() && !matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
            });
            if let Some(comment) = trimmed.strip_prefix("/*") {
                let (inside, behind) = comment.split_once("*/").unwrap_or((comment, ""));
                if inside.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
                    return true;
                }
                rest = behind;
                continue;
            }
            return trimmed.is_empty()
                || trimmed.starts_with(['\n', '\r', '\u{2028}', '\u{2029}', ';', '}'])
                || trimmed.starts_with("//");
        }
    }

    fn check_in_initial_values(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            if let Some(span) = declarator.init.as_deref().and_then(bare_in) {
                self.report(
                    span,
                    "`in` cannot stand here in the head of a `for`",
                    "Put the expression into parentheses.",
                );
            }
        }
    }

    fn check_head(&mut self, head: &ForHead) {
        let ForHead::VarDecl(declaration) = head else {
            return;
        };
        if let [declarator] = declaration.decls.as_slice()
            && declarator.init.is_some()
            && !(declarator.name.is_ident() && declaration.kind == VarDeclKind::Var && !self.is_strict)
        {
            self.report(
                declarator.span,
                "The variable of this loop cannot have an initial value",
                "Remove the value, or declare the variable before the loop.",
            );
        }
    }
}

fn labeled_function(statement: &Stmt) -> Option<Span> {
    match statement {
        Stmt::Labeled(labeled) => labeled_function(&labeled.body),
        Stmt::Decl(Decl::Fn(function)) => Some(function.function.span),
        _ => None,
    }
}

/// An `in` that no bracket protects.
fn bare_in(expression: &Expr) -> Option<Span> {
    match expression {
        Expr::Bin(BinExpr {
            op: BinaryOp::In,
            span,
            ..
        }) => Some(*span),
        Expr::Bin(binary) => bare_in(&binary.left).or_else(|| bare_in(&binary.right)),
        Expr::Assign(assignment) => bare_in(&assignment.right),
        Expr::Cond(conditional) => bare_in(&conditional.test).or_else(|| bare_in(&conditional.alt)),
        Expr::Unary(unary) => bare_in(&unary.arg),
        Expr::Await(wait) => bare_in(&wait.arg),
        Expr::Yield(produce) => produce.arg.as_deref().and_then(bare_in),
        Expr::Arrow(arrow) => match &*arrow.body {
            ArrowFunctionBody::Expr(body) => bare_in(body),
            ArrowFunctionBody::FunctionBody(_) => None,
        },
        _ => None,
    }
}

fn starts_with_import(expression: &Expr) -> bool {
    match expression {
        Expr::MetaProp(_) => true,
        Expr::Call(call) => {
            call.callee.is_import()
                || call
                    .callee
                    .as_expr()
                    .is_some_and(|callee| starts_with_import(callee))
        }
        Expr::Member(member) => starts_with_import(&member.obj),
        Expr::Assign(assignment) => assignment
            .left
            .as_simple()
            .and_then(|target| target.as_member())
            .is_some_and(|member| starts_with_import(&member.obj)),
        _ => false,
    }
}

/// `let [a] = b` where no declaration may stand: the parser takes `let` for a variable, the standard does not.
fn starts_with_let_and_bracket(expression: &Expr) -> bool {
    match expression {
        Expr::Member(member) => is_let_and_bracket(member),
        Expr::Call(call) => call
            .callee
            .as_expr()
            .is_some_and(|callee| starts_with_let_and_bracket(callee)),
        Expr::Bin(binary) => starts_with_let_and_bracket(&binary.left),
        Expr::Cond(condition) => starts_with_let_and_bracket(&condition.test),
        Expr::Seq(sequence) => sequence
            .exprs
            .first()
            .is_some_and(|first| starts_with_let_and_bracket(first)),
        Expr::Update(update) => !update.prefix && starts_with_let_and_bracket(&update.arg),
        Expr::TaggedTpl(template) => starts_with_let_and_bracket(&template.tag),
        Expr::Assign(assignment) => assignment
            .left
            .as_simple()
            .and_then(|target| target.as_member())
            .is_some_and(is_let_and_bracket),
        _ => false,
    }
}

fn is_let_and_bracket(member: &MemberExpr) -> bool {
    match &*member.obj {
        Expr::Ident(name) => name.sym == *"let" && member.prop.is_computed(),
        object => starts_with_let_and_bracket(object),
    }
}

impl Visit for Statements<'_, '_> {
    noop_visit_type!();

    fn visit_function(&mut self, node: &Function) {
        let body = node.body.as_ref().map(|body| body.stmts.as_slice());
        self.with_strictness_of(body, |statements| node.visit_children_with(statements));
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        let body = match &*node.body {
            ArrowFunctionBody::FunctionBody(body) => Some(body.stmts.as_slice()),
            ArrowFunctionBody::Expr(_) => None,
        };
        self.with_strictness_of(body, |statements| node.visit_children_with(statements));
    }

    fn visit_class(&mut self, node: &Class) {
        let outer = std::mem::replace(&mut self.is_strict, true);
        node.visit_children_with(self);
        self.is_strict = outer;
    }

    fn visit_if_stmt(&mut self, node: &IfStmt) {
        self.check_body(&node.cons, Place::FunctionIfSloppy);
        if let Some(other) = &node.alt {
            self.check_body(other, Place::FunctionIfSloppy);
        }
        node.visit_children_with(self);
    }

    fn visit_labeled_stmt(&mut self, node: &LabeledStmt) {
        if !node.body.is_labeled() {
            self.check_body(&node.body, Place::FunctionIfSloppy);
        }
        node.visit_children_with(self);
    }

    fn visit_for_stmt(&mut self, node: &ForStmt) {
        self.loop_body(&node.body);
        if let Some(VarDeclOrExpr::VarDecl(declaration)) = &node.init {
            self.check_in_initial_values(declaration);
        }
        if let Some(test) = &node.test {
            let next = node.update.as_ref().map_or(node.body.span_lo(), Spanned::span_lo);
            let between = self.source.without_comments(Span::new(test.span_hi(), next));
            if !between.contains(';') {
                self.report(
                    Span::new(test.span_hi(), next),
                    "The head of this `for` has only two parts",
                    "Write `for (first; condition; next)`.",
                );
            }
        }
        node.visit_children_with(self);
    }

    fn visit_for_in_stmt(&mut self, node: &ForInStmt) {
        self.check_head(&node.left);
        if let ForHead::UsingDecl(using) = &node.left {
            self.report(
                using.span,
                "A `using` declaration cannot stand in the head of `for … in`",
                "Write `const`.",
            );
        }
        self.loop_body(&node.body);
        node.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, node: &ForOfStmt) {
        self.check_head(&node.left);
        if let ForHead::Pat(pattern) = &node.left
            && !matches!(**pattern, Pat::Array(_) | Pat::Object(_))
            && matches!(self.source.of(pattern.span()).strip_prefix("let"),
                Some(rest) if !rest.starts_with(|character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '\\')))
        {
            self.report(
                pattern.span(),
                "The variable of a `for … of` cannot begin with `let`",
                "Choose another name.",
            );
        }
        self.loop_body(&node.body);
        node.visit_children_with(self);
    }

    fn visit_while_stmt(&mut self, node: &WhileStmt) {
        self.loop_body(&node.body);
        node.visit_children_with(self);
    }

    fn visit_do_while_stmt(&mut self, node: &DoWhileStmt) {
        self.loop_body(&node.body);
        node.visit_children_with(self);
    }

    fn visit_with_stmt(&mut self, node: &WithStmt) {
        self.loop_body(&node.body);
        node.visit_children_with(self);
    }

    fn visit_switch_case(&mut self, node: &SwitchCase) {
        for statement in &node.cons {
            if let Stmt::Decl(Decl::Using(using)) = statement {
                self.report(
                    using.span,
                    "A `using` declaration cannot stand directly in a `case`",
                    "Put it into a block.",
                );
            }
        }
        node.visit_children_with(self);
    }

    fn visit_expr_stmt(&mut self, node: &ExprStmt) {
        if starts_with_let_and_bracket(&node.expr) {
            self.report(
                node.span,
                "A declaration cannot stand here, and `let [` begins one",
                "Put it in braces.",
            );
        }
        if starts_with_import(&node.expr)
            && !self.source.of(node.span).ends_with(';')
            && !self.ends(node.span.hi)
        {
            self.report(
                node.span,
                "This statement should end here",
                "Write `;` or a line break behind it.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_opt_chain_expr(&mut self, node: &OptChainExpr) {
        if node.optional {
            let (start, text) = match &*node.base {
                OptChainBase::Member(member) => (
                    member.obj.span_hi(),
                    Span::new(member.obj.span_hi(), member.prop.span_lo()),
                ),
                OptChainBase::Call(call) => (
                    call.callee.span_hi(),
                    Span::new(call.callee.span_hi(), node.span.hi),
                ),
            };
            if !self.source.of(text).contains("?.") {
                self.report(
                    Span::new(start, text.hi),
                    "`?` and `.` stand apart",
                    "Write `?.` in one piece.",
                );
            }
        }
        node.visit_children_with(self);
    }
}
