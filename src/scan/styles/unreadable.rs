//! Parts of a style sheet that no browser can read.
//!
//! A parser that meets one inside of a rule gives up the declarations before it as well, which browsers keep (CSS Syntax
//! Level 3, section 5.5.4 "Consume a block's contents"). So these parts are taken out of the text before it is read
//! for good.

use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use lightningcss::css_modules;
use lightningcss::error::{Error, ParserError, SelectorError};
use lightningcss::stylesheet::{ParserOptions, StyleSheet as Parsed};

use super::locate::offset;
use super::place::Place;
use super::text_parts::{end_of_statement, skipped, width};
use crate::diagnostic::Diagnostic;

/// What in a text could not be read.
pub type Found<'t> = Vec<Error<ParserError<'t>>>;

/// A sheet, and what in it could not be read.
pub fn parse<'t>(
    text: &'t str,
    naming: Option<&css_modules::Config>,
) -> Result<(Parsed<'t>, Found<'t>), Error<ParserError<'t>>> {
    let found: Arc<RwLock<Found<'t>>> = Arc::default();
    let options = ParserOptions {
        filename: "style.css".to_owned(),
        css_modules: naming.cloned(),
        error_recovery: true,
        warnings: Some(Arc::clone(&found)),
        ..ParserOptions::default()
    };
    let parsed = Parsed::parse(text, options)?;
    let errors = std::mem::take(&mut *found.write().unwrap_or_else(PoisonError::into_inner));
    Ok((parsed, errors))
}

/// The text without all that cannot be read: where one error is gone, another one may be found.
///
/// # Errors
/// Where something means what browsers cannot know.
pub fn readable_text(
    mut text: String,
    naming: Option<&css_modules::Config>,
    place: &Place<'_>,
    ignored: &mut Vec<Diagnostic>,
) -> Result<String, Vec<Diagnostic>> {
    loop {
        let next = {
            let (_, found) = parse(&text, naming).map_err(|error| vec![place.parse_error(&error)])?;
            let mut more = place.ignored(&text, &found)?;
            more.retain(|more| !ignored.contains(more));
            ignored.extend(more);
            without_unreadable(&text, &found)
        };
        match next {
            Some(next) => text = next,
            None => return Ok(text),
        }
    }
}

/// Rules that style rules cannot have inside. The parser keeps those that it does not know at all.
const NOT_NESTED: &[&str] = &[
    "charset",
    "counter-style",
    "font-face",
    "font-feature-values",
    "font-palette-values",
    "import",
    "keyframes",
    "namespace",
    "page",
    "position-try",
    "property",
    "view-transition",
];

/// The text without the declarations and rules in which something was found; none where that is all of it. What is behind
/// keeps its place.
pub fn without_unreadable(text: &str, found: &[Error<ParserError<'_>>]) -> Option<String> {
    let mut places: Vec<Range<usize>> = found
        .iter()
        .filter(|error| is_left_out(&error.kind))
        .filter_map(|error| item_of(text, error))
        .collect();
    places.sort_by_key(|place| (place.start, place.end));
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        if place.start < from {
            continue;
        }
        kept.push_str(&text[from..place.start]);
        for character in text[place.clone()].chars() {
            match character {
                '\n' | '\r' | '\x0c' => kept.push(character),
                _ => kept.extend(std::iter::repeat_n(' ', character.len_utf16())),
            }
        }
        from = place.end;
    }
    kept.push_str(&text[from..]);
    (kept != text).then_some(kept)
}

/// A rule that the parser does not know stays as it is: browsers may know it.
pub fn is_left_out(kind: &ParserError<'_>) -> bool {
    match kind {
        ParserError::AtRuleInvalid(name) => NOT_NESTED.contains(&&*name.to_ascii_lowercase()),
        ParserError::DeprecatedNestRule => false,
        kind => !is_unknown_selector(kind),
    }
}

/// A kind of element that the parser does not know. Browsers may: those that do not ignore the rule.
pub fn is_unknown_selector(kind: &ParserError<'_>) -> bool {
    matches!(
        kind,
        ParserError::SelectorError(
            SelectorError::UnsupportedPseudoClass(_) | SelectorError::UnsupportedPseudoElement(_)
        )
    )
}

/// The declaration or rule in which something was found.
pub fn item_of(text: &str, error: &Error<ParserError<'_>>) -> Option<Range<usize>> {
    let place = error.loc.as_ref()?;
    item_around(text, 0, offset(text, place.line, place.column.saturating_sub(1)))
}

/// The declaration or rule that has a place, the innermost; `from` is where the items of a block begin.
fn item_around(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let mut start = from;
    loop {
        start = after_space(text, start);
        if start > at || start >= text.len() || text[start..].starts_with('}') {
            return None;
        }
        let stop = end_of_statement(text, start);
        let (end, is_inside) = match text.as_bytes().get(stop) {
            Some(b';') => (stop + 1, false),
            Some(b'{') => {
                let close = end_of_nested_block(text, stop + 1);
                ((close + 1).min(text.len()), (stop + 1..=close).contains(&at))
            }
            // The end of the block is where a parser notices that something is missing.
            _ if at <= stop => return Some(start..stop),
            _ => return None,
        };
        if is_inside {
            return item_around(text, stop + 1, at);
        }
        if at < end {
            return Some(start..end);
        }
        start = end;
    }
}

/// Behind space, comments and empty declarations.
fn after_space(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = &text[at..];
        match rest.chars().next() {
            Some(first) if first.is_ascii_whitespace() || first == ';' => at += 1,
            Some('/') if rest.starts_with("/*") => at = skipped(text, at).unwrap_or(text.len()),
            _ => return at,
        }
    }
}

/// The `}` of a block whose inside begins here, or the end of the text.
fn end_of_nested_block(text: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < text.len() {
        if let Some(end) = skipped(text, at) {
            at = end;
            continue;
        }
        match text.as_bytes()[at] {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
        at += width(text, at);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str, mark: &str) -> Option<String> {
        let at = text.find(mark).unwrap();
        item_around(text, 0, at).map(|place| text[place].to_owned())
    }

    #[test]
    fn an_item_is_what_lies_between_semicolons_and_blocks() {
        let text = "@import 'a'; .a { color: red; *zoom: 1; .b! { x: y } c: url(;}) } .d { e }";
        assert_eq!(item(text, "zoom").as_deref(), Some("*zoom: 1;"));
        assert_eq!(item(text, "b!").as_deref(), Some(".b! { x: y }"));
        assert_eq!(item(text, "url").as_deref(), Some("c: url(;}) "));
        assert_eq!(item(text, "import").as_deref(), Some("@import 'a';"));
        assert_eq!(item(text, "e }").as_deref(), Some("e "));
        assert_eq!(item(text, ".d").as_deref(), Some(".d { e }"));
        assert_eq!(item(".a { b", "b").as_deref(), Some("b"));
    }
}
