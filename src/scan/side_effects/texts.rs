//! Texts that are known without running anything: a regular expression that is made from one can be checked.
//!
//! ```js
//! const WORD = '[^' + '\\[\\]' + ']', PATH = /((?:WC+[\/:])*)/.source.replace('WC', WORD)
//! const YEAR = /\d{4}/, DATE = RegExp(`^${YEAR.source}-(\\d\\d)$`), WHOLE = new RegExp(DATE.source + '.*')
//! ```

use swc_core::ecma::ast::{BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Lit, Tpl};

use super::{Purity, without_parentheses};
use crate::scan::early_errors::pattern_problem;
use crate::scan::named_members::static_member;

/// A text longer than that is not worth knowing.
const LONGEST: usize = 16384;

impl Purity<'_> {
    /// The text that an expression is.
    pub(super) fn text_of(&self, expression: &Expr) -> Option<String> {
        let text = match without_parentheses(expression) {
            Expr::Lit(Lit::Str(text)) => text.value.as_str()?.to_owned(),
            Expr::Ident(name) if !self.may_be_unset(name) => self.objects?.text(&name.to_id())?.to_owned(),
            Expr::Tpl(template) => self.text_of_template(template)?,
            Expr::Bin(sum) if sum.op == BinaryOp::Add => {
                self.text_of(&sum.left)? + &self.text_of(&sum.right)?
            }
            Expr::Member(member) if static_member(&member.prop)? == *"source" => {
                match without_parentheses(&member.obj) {
                    Expr::Lit(Lit::Regex(expression)) => expression.exp.to_string(),
                    Expr::Ident(name) if !self.may_be_unset(name) => {
                        self.objects?.pattern(&name.to_id())?.to_owned()
                    }
                    _ => return None,
                }
            }
            Expr::Call(call) => self.replaced_text(call)?,
            _ => return None,
        };
        (text.len() <= LONGEST).then_some(text)
    }

    /// What a regular expression that is made here gives as its `source`.
    pub(super) fn pattern_of(&self, value: &Expr) -> Option<String> {
        let (callee, arguments) = match without_parentheses(value) {
            Expr::Lit(Lit::Regex(expression)) => return Some(expression.exp.to_string()),
            Expr::New(new) => (&*new.callee, new.args.as_deref()?),
            Expr::Call(call) => (&**call.callee.as_expr()?, &*call.args),
            _ => return None,
        };
        if self.global_name(callee) != Some("RegExp") || self.expression_has_side_effects(value) {
            return None;
        }
        let text = self.argument_text(arguments.first()?)?;
        is_own_source(&text).then_some(text)
    }

    fn text_of_template(&self, template: &Tpl) -> Option<String> {
        let mut text = String::new();
        for (index, part) in template.quasis.iter().enumerate() {
            text.push_str(part.cooked.as_ref()?.as_str()?);
            if let Some(inner) = template.exprs.get(index) {
                text.push_str(&self.text_of(inner)?);
            }
        }
        Some(text)
    }

    /// `text.replace('a', 'b')`
    fn replaced_text(&self, call: &CallExpr) -> Option<String> {
        let Callee::Expr(callee) = &call.callee else {
            return None;
        };
        let member = callee.as_member()?;
        if static_member(&member.prop)? != *"replace" {
            return None;
        }
        let [from, to] = call.args.as_slice() else {
            return None;
        };
        let text = self.text_of(&member.obj)?;
        let (from, to) = (self.argument_text(from)?, self.argument_text(to)?);
        (!to.contains('$')).then(|| text.replacen(&from, &to, 1))
    }

    pub(super) fn argument_text(&self, argument: &ExprOrSpread) -> Option<String> {
        if argument.spread.is_some() {
            return None;
        }
        self.text_of(&argument.expr)
    }

    /// Whether a pattern and flags are known, and are a regular expression.
    pub(super) fn is_valid_expression(&self, pattern: &ExprOrSpread, flags: Option<&ExprOrSpread>) -> bool {
        let flags = match flags {
            None => Some(String::new()),
            Some(flags) => self.argument_text(flags),
        };
        let Some(flags) = flags else { return false };
        let Some(pattern) = self.argument_text(pattern) else {
            return are_flags("dgimsy", &flags) && self.is_source(pattern);
        };
        are_flags("dgimsuy", &flags) && pattern_problem(&pattern, &flags).is_none()
    }

    /// `imported.source`
    fn is_source(&self, pattern: &ExprOrSpread) -> bool {
        let member = without_parentheses(&pattern.expr).as_member();
        pattern.spread.is_none()
            && member.is_some_and(|member| {
                static_member(&member.prop).is_some_and(|name| name == *"source")
                    && self.is_promised_pattern(&member.obj)
            })
    }
}

/// Whether the `source` of a regular expression is its pattern as it is given: slashes and line ends would be escaped, and
/// nothing is written as an empty group (ECMA-262, `EscapeRegExpPattern`).
fn is_own_source(pattern: &str) -> bool {
    let mut is_escaped = false;
    let has_bare = pattern.chars().any(|letter| {
        let is_bare = matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}') || letter == '/' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_bare
    });
    !pattern.is_empty() && !has_bare
}

/// Whether a text is made of these letters, each at most once.
fn are_flags(letters: &str, flags: &str) -> bool {
    let mut each = flags.char_indices();
    each.all(|(index, flag)| letters.contains(flag) && !flags[..index].contains(flag))
}
