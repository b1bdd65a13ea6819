//! JSX that stays JSX.
//!
//! No stage between parsing and printing knows JSX: an element travels as a call, with the classic runtime's arguments,
//! of a function that does not exist, and printing makes an element of it again.
//!
//! ```text
//! <Page title="a" {...more}>text</Page>      __kept_element__(Page, { title: "a", ...more }, "text")
//! ```
//!
//! So names are bound, renamed and left out as everywhere. One thing is different: what an element is called must not
//! start with a small letter, or it would be a tag of the page.

use swc_core::ecma::ast::{CallExpr, Callee, Expr};

/// The function that elements call on their way.
pub const KEPT_ELEMENT: &str = "__kept_element__";

/// The first argument of fragments.
pub const KEPT_FRAGMENT: &str = "__kept_fragment__";

/// What stands in the place of an element's name, if the call is one of an element.
pub fn element_type(call: &CallExpr) -> Option<&Expr> {
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    let is_element = callee.as_ident().is_some_and(|name| name.sym == *KEPT_ELEMENT);
    let first = call.args.first().filter(|first| first.spread.is_none());
    first.filter(|_| is_element).map(|first| &*first.expr)
}

/// Whether an element of this name would be a tag of the page.
pub fn is_tag(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
}

/// The name with a capital letter.
pub fn capitalized(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
