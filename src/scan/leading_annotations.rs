//! The parser takes a comment for the end of what stands before it on the same line. An annotation speaks of what comes next:
//!
//! ```js
//! first(); /* @__PURE__ */ second()
//! ```

use rustc_hash::FxHashSet;
use swc_core::common::BytePos;
use swc_core::common::comments::{Comment, SingleThreadedComments};
use swc_core::ecma::ast::{
    CallExpr, Expr, NewExpr, OptChainBase, OptChainExpr, ParenExpr, Program, TaggedTpl,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

/// Puts annotations before what they speak of.
pub fn lead(comments: &SingleThreadedComments, source: &str) {
    let (mut leading, mut trailing) = comments.borrow_all_mut();
    for list in trailing.values_mut() {
        let mut index = 0;
        while index < list.len() {
            let text = &list[index].text;
            if text.contains("__PURE__") || text.contains("__NO_SIDE_EFFECTS__") {
                let comment = list.remove(index);
                let next = next_token(source, comment.span.hi.0.saturating_sub(1) as usize);
                let place = BytePos(u32::try_from(next + 1).unwrap_or(u32::MAX));
                leading.entry(place).or_default().push(comment);
            } else {
                index += 1;
            }
        }
    }
}

/// Takes annotations of calls away from parentheses around something else. Once these are gone, it would seem to be about the
/// call that stands first in them.
///
/// ```js
/// /* @__PURE__ */ (check() ? first : second)
/// ```
pub fn leave_calls(comments: &SingleThreadedComments, source: &str, program: &Program) {
    let (mut leading, _) = comments.borrow_all_mut();
    let is_parenthesis = |position: BytePos| {
        let offset = (position.0 as usize).checked_sub(1);
        offset.and_then(|offset| source.as_bytes().get(offset)) == Some(&b'(')
    };
    let before_others: FxHashSet<BytePos> = leading
        .iter()
        .filter(|(position, list)| is_parenthesis(**position) && list.iter().any(speaks_of_call))
        .map(|(position, _)| *position)
        .collect();
    if before_others.is_empty() {
        return;
    }
    let mut others = Others(before_others);
    program.visit_with(&mut others);
    for position in others.0 {
        if let Some(list) = leading.get_mut(&position) {
            list.retain(|comment| !speaks_of_call(comment));
        }
    }
}

fn speaks_of_call(comment: &Comment) -> bool {
    comment.text.contains("__PURE__")
}

/// Positions that no call begins at.
struct Others(FxHashSet<BytePos>);

impl Visit for Others {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.0.remove(&call.span.lo);
        call.visit_children_with(self);
    }

    fn visit_new_expr(&mut self, new: &NewExpr) {
        self.0.remove(&new.span.lo);
        new.visit_children_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        self.0.remove(&template.span.lo);
        template.visit_children_with(self);
    }

    fn visit_opt_chain_expr(&mut self, chain: &OptChainExpr) {
        if matches!(&*chain.base, OptChainBase::Call(_)) {
            self.0.remove(&chain.span.lo);
        }
        chain.visit_children_with(self);
    }

    fn visit_paren_expr(&mut self, parentheses: &ParenExpr) {
        if is_call(&parentheses.expr) {
            self.0.remove(&parentheses.span.lo);
        }
        parentheses.visit_children_with(self);
    }
}

/// Whether an expression is a call, but for parentheses and types.
fn is_call(expression: &Expr) -> bool {
    match expression {
        Expr::Call(_) | Expr::New(_) | Expr::TaggedTpl(_) => true,
        Expr::OptChain(chain) => matches!(&*chain.base, OptChainBase::Call(_)),
        Expr::Paren(inner) => is_call(&inner.expr),
        Expr::TsAs(inner) => is_call(&inner.expr),
        Expr::TsNonNull(inner) => is_call(&inner.expr),
        Expr::TsSatisfies(inner) => is_call(&inner.expr),
        Expr::TsConstAssertion(inner) => is_call(&inner.expr),
        Expr::TsTypeAssertion(inner) => is_call(&inner.expr),
        Expr::TsInstantiation(inner) => is_call(&inner.expr),
        _ => false,
    }
}

/// Where the first token at or after `start` begins.
fn next_token(source: &str, start: usize) -> usize {
    let mut position = start;
    loop {
        let Some(rest) = source.get(position..) else {
            return position;
        };
        let trimmed = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        position += rest.len() - trimmed.len();
        let length = if trimmed.starts_with("/*") {
            trimmed.find("*/").map(|end| end + 2)
        } else if trimmed.starts_with("//") {
            trimmed.find('\n')
        } else {
            None
        };
        match length {
            Some(length) => position += length,
            None => return position,
        }
    }
}
