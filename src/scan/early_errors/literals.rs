//! Literals: regular expressions (ECMA-262 §22.2.1.1), object literals with two prototypes or with a default value that only
//! a pattern may have (§13.2.5.1), and calls of `import` (§13.3.10).

use swc_core::common::{Span, Spanned as _};
use swc_core::ecma::ast::{
    AssignPat, CallExpr, Callee, Expr, ImportPhase, NewExpr, ObjectLit, Pat, Program, Prop, PropName,
    PropOrSpread, Regex,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::syntax_error::SyntaxProblem;
use super::regular_expressions::pattern_problem;

/// Adds what is wrong in `program`.
pub(super) fn find(program: &Program, problems: &mut Vec<SyntaxProblem>) {
    program.visit_with(&mut Literals { problems });
}

struct Literals<'p> {
    problems: &'p mut Vec<SyntaxProblem>,
}

impl Literals<'_> {
    fn report(&mut self, span: Span, message: impl Into<String>, fix: &str) {
        self.problems.push(SyntaxProblem::new(span, message, fix));
    }
}

/// Whether a key is `__proto__: value`, which sets the prototype.
fn sets_prototype(property: &PropOrSpread) -> Option<Span> {
    let pair = property.as_prop()?.as_key_value()?;
    match &pair.key {
        PropName::Ident(name) if name.sym == *"__proto__" => Some(name.span),
        PropName::Str(name) if name.value == *"__proto__" => Some(name.span),
        _ => None,
    }
}

impl Visit for Literals<'_> {
    noop_visit_type!();

    fn visit_regex(&mut self, node: &Regex) {
        if node.exp.contains(['\u{2028}', '\u{2029}']) {
            self.report(
                node.span,
                "This regular expression contains a line break: U+2028 and U+2029 count as such",
                "Write `\\u2028` or `\\u2029`.",
            );
        } else if let Some(problem) = pattern_problem(&node.exp, &node.flags) {
            self.report(
                node.span,
                format!("This regular expression is not valid: {problem}"),
                "Correct the pattern.",
            );
        }
    }

    fn visit_object_lit(&mut self, node: &ObjectLit) {
        if let Some(span) = node.props.iter().filter_map(sets_prototype).nth(1) {
            self.report(
                span,
                "This object sets its prototype twice",
                "Remove one `__proto__`, or write `[\"__proto__\"]` for a property of that name.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_prop(&mut self, node: &Prop) {
        if let Prop::Assign(property) = node {
            self.report(
                property.span,
                format!("`{} = …` is only possible in a pattern", property.key.sym),
                "Write `name: value`.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, node: &CallExpr) {
        if let Callee::Import(import) = &node.callee
            && import.phase != ImportPhase::Evaluation
        {
            self.report(
                node.span,
                "`import.defer()` and `import.source()` are proposals that cannot be bundled",
                "Write `import()`.",
            );
        }
        if matches!(node.callee, Callee::Import(_))
            && let Some(span) = node.args.iter().find_map(|argument| argument.spread)
        {
            self.report(span, "`import()` takes no spread argument", "Name the module.");
        }
        node.visit_children_with(self);
    }

    // `function f(a = b + c = d)`
    fn visit_assign_pat(&mut self, node: &AssignPat) {
        if let Pat::Assign(inner) = &*node.left {
            self.report(
                inner.right.span(),
                "This is nothing that could be assigned to",
                "Put the assignment into parentheses, or compare with `===`.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_new_expr(&mut self, node: &NewExpr) {
        let is_import = match &*node.callee {
            Expr::Call(call) => matches!(call.callee, Callee::Import(_)),
            _ => false,
        };
        if is_import {
            self.report(node.span, "`import()` is no constructor", "Remove `new`.");
        }
        node.visit_children_with(self);
    }
}
