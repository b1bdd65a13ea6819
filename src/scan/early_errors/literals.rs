//! Literals: escapes that strict code refuses (ECMA-262 §12.9.4.1), regular expressions (§22.2.1.1), object literals with
//! two prototypes or with a default value that only a pattern may have (§13.2.5.1), and calls of `import` (§13.3.10).

use swc_core::common::Span;
use swc_core::ecma::ast::{
    CallExpr, Callee, Expr, NewExpr, ObjectLit, Program, Prop, PropName, PropOrSpread, Regex, Str, Tpl,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::syntax_error::SyntaxProblem;
use super::{Grammar, SourceText};

/// Adds what is wrong in `program`.
pub(super) fn find(
    program: &Program,
    source: SourceText<'_>,
    grammar: Grammar,
    problems: &mut Vec<SyntaxProblem>,
) {
    program.visit_with(&mut Literals {
        source,
        grammar,
        problems,
    });
}

struct Literals<'s, 'p> {
    source: SourceText<'s>,
    grammar: Grammar,
    problems: &'p mut Vec<SyntaxProblem>,
}

impl Literals<'_, '_> {
    fn report(&mut self, span: Span, message: impl Into<String>, fix: &str) {
        self.problems.push(SyntaxProblem::new(span, message, fix));
    }
}

/// `\8` and `\9`, or an octal escape such as `\01` or `\08`.
fn has_digit_escape(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let mut index = 0;
    while index + 1 < bytes.len() {
        if bytes[index] != b'\\' {
            index += 1;
            continue;
        }
        let digit = bytes[index + 1];
        let is_nul = digit == b'0' && !bytes.get(index + 2).is_some_and(u8::is_ascii_digit);
        if digit.is_ascii_digit() && !is_nul {
            return true;
        }
        index += 2;
    }
    false
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

/// What is wrong with a pattern. The library does not know modifiers, `(?i:…)`, so these pass.
fn pattern_problem(pattern: &str, flags: &str) -> Option<String> {
    if flags.contains('u') && flags.contains('v') {
        return Some("flags `u` and `v` exclude each other".to_owned());
    }
    let has_modifiers = memchr::memmem::find_iter(pattern.as_bytes(), b"(?")
        .any(|index| pattern[index + 2..].starts_with(['i', 'm', 's', '-']));
    if has_modifiers {
        return None;
    }
    // Optimising is for those who match.
    let mut wanted = regress::Flags::from(flags);
    wanted.no_opt = true;
    regress::Regex::with_flags(pattern, wanted)
        .err()
        .map(|error| error.text)
}

impl Visit for Literals<'_, '_> {
    noop_visit_type!();

    fn visit_str(&mut self, node: &Str) {
        if self.grammar == Grammar::Module && has_digit_escape(self.source.of(node.span)) {
            self.report(
                node.span,
                "An escape with a digit is not allowed in strict mode, so not in ES modules",
                "Write the character as `\\x0f`.",
            );
        }
    }

    fn visit_tpl(&mut self, node: &Tpl) {
        if node.quasis.iter().any(|part| has_digit_escape(&part.raw)) {
            self.report(
                node.span,
                "An escape with a digit is not allowed in a template",
                "Write the character as `\\x0f`.",
            );
        }
        node.exprs.visit_with(self);
    }

    // The parts of a tagged template may contain anything.
    fn visit_tagged_tpl(&mut self, node: &swc_core::ecma::ast::TaggedTpl) {
        node.tag.visit_with(self);
        node.tpl.exprs.visit_with(self);
    }

    fn visit_regex(&mut self, node: &Regex) {
        if let Some(problem) = pattern_problem(&node.exp, &node.flags) {
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
        if matches!(node.callee, Callee::Import(_))
            && let Some(span) = node.args.iter().find_map(|argument| argument.spread)
        {
            self.report(span, "`import()` takes no spread argument", "Name the module.");
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
