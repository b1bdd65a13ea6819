//! What comments say about requests, as people have them from webpack and Vite:
//!
//! ```js
//! import(/* webpackIgnore: true */ '/delivered/by/the/server.js')       // stays as it is
//! new URL(/* @vite-ignore */ './later.png', import.meta.url)            // likewise
//! import(/* webpackChunkName: "settings" */ './pages/42.js')            // settings-<hash>.js
//! ```

use swc_core::atoms::Atom;
use swc_core::common::{Span, Spanned};
use swc_core::ecma::ast::{CallExpr, ExprOrSpread};

use super::normalize::byte_range;

/// Whether comments ask to leave a call as it is.
pub fn is_left_alone(source: &str, call: &CallExpr) -> bool {
    comments_of(source, call.span, call.args.first()).any(leaves_alone)
}

/// What a call wants the file that it loads to be called. Names with `[placeholders]` are no names.
pub fn wanted_file_name(source: &str, call: &CallExpr) -> Option<Atom> {
    comments_of(source, call.span, call.args.first()).find_map(|comment| {
        let value = value_of(comment, "webpackChunkName")?;
        let quote = value.chars().next().filter(|first| "'\"`".contains(*first))?;
        let (name, _) = value[1..].split_once(quote)?;
        (!name.is_empty() && !name.contains('[')).then(|| name.into())
    })
}

/// The comments between the start of a call and its first argument.
pub fn comments_of<'a>(
    source: &'a str,
    call: Span,
    first: Option<&ExprOrSpread>,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let (start, _) = byte_range(call);
    let (end, _) = first.map_or((0, 0), |first| byte_range(first.span()));
    // What the compiler has added stands nowhere.
    let mut text = source.get(start..end).unwrap_or_default();
    std::iter::from_fn(move || {
        let (_, after) = text.split_once("/*")?;
        let (comment, rest) = after.split_once("*/").unwrap_or((after, ""));
        text = rest;
        Some(comment)
    })
}

/// Whether a comment says that a request stays as it is.
pub fn leaves_alone(comment: &str) -> bool {
    comment.contains("@vite-ignore")
        || value_of(comment, "webpackIgnore").is_some_and(|value| value.starts_with("true"))
}

/// What stands after `name:`, perhaps among other words.
fn value_of<'a>(comment: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = comment.split_once(name)?;
    Some(after.trim_start().strip_prefix(':')?.trim_start())
}
