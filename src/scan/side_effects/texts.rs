//! Texts that are known without running anything: a regular expression that is made from one can be checked.
//!
//! ```js
//! const WORD = '[^' + '\\[\\]' + ']', PATH = /((?:WC+[\/:])*)/.source.replace('WC', WORD)
//! ```

use swc_core::ecma::ast::{BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Lit, Tpl};

use super::{Purity, without_parentheses};
use crate::scan::named_members::static_member;

/// A text longer than that is not worth knowing.
const LONGEST: usize = 4096;

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
                    _ => return None,
                }
            }
            Expr::Call(call) => self.replaced_text(call)?,
            _ => return None,
        };
        (text.len() <= LONGEST).then_some(text)
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
}
