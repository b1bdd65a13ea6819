//! Requests that a comment asks to leave as they are, as people have them from webpack and Vite:
//!
//! ```js
//! import(/* webpackIgnore: true */ '/delivered/by/the/server.js')
//! new URL(/* @vite-ignore */ './later.png', import.meta.url)
//! ```

use swc_core::common::{Span, Spanned};
use swc_core::ecma::ast::{CallExpr, ExprOrSpread};

use super::normalize::byte_range;

/// Whether a call says so before its first argument.
pub fn is_left_alone(source: &str, call: &CallExpr) -> bool {
    says_so(source, call.span, call.args.first())
}

/// Whether such a comment stands between the start of a call and its first argument.
pub fn says_so(source: &str, call: Span, first: Option<&ExprOrSpread>) -> bool {
    let Some(first) = first else { return false };
    let (start, _) = byte_range(call);
    let (end, _) = byte_range(first.span());
    // What the compiler has added stands nowhere.
    let Some(mut text) = source.get(start..end) else {
        return false;
    };
    while let Some((_, after)) = text.split_once("/*") {
        let (comment, rest) = after.split_once("*/").unwrap_or((after, ""));
        if comment.contains("@vite-ignore") || ignores(comment) {
            return true;
        }
        text = rest;
    }
    false
}

/// `webpackIgnore: true`, perhaps among other words.
fn ignores(comment: &str) -> bool {
    comment.split_once("webpackIgnore").is_some_and(|(_, after)| {
        let value = after.trim_start().strip_prefix(':');
        value.is_some_and(|value| value.trim_start().starts_with("true"))
    })
}
