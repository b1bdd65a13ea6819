//! Pieces of a style sheet's text: what is needed before it can be read as CSS.

use crate::graph::is_legal;

pub fn width(source: &str, at: usize) -> usize {
    source[at..].chars().next().map_or(1, char::len_utf8)
}

/// The end of a comment, a string or a URL that starts here.
pub fn skipped(source: &str, at: usize) -> Option<usize> {
    let rest = &source[at..];
    if rest
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("url("))
    {
        return Some(rest.find(')').map_or(source.len(), |end| at + end + 1));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(source.len(), |end| at + end + 2));
    }
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let mut is_escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        if !is_escaped && (character == quote || character == '\n') {
            return Some(at + index + 1);
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    Some(source.len())
}

/// The first of `;`, `{` and `}` outside of brackets, comments and strings, or the end.
pub fn end_of_statement(source: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < source.len() {
        if let Some(end) = skipped(source, at) {
            at = end;
            continue;
        }
        match source.as_bytes()[at] {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b';' | b'{' | b'}' if depth == 0 => return at,
            _ => {}
        }
        at += width(source, at);
    }
    source.len()
}

/// The end of a block without blocks in it.
pub fn end_of_block(source: &str, from: usize) -> usize {
    let mut at = from.min(source.len());
    while at < source.len() && !source[at..].starts_with('}') {
        at = skipped(source, at).unwrap_or_else(|| at + width(source, at));
    }
    at
}

/// `a: b; c: d` of a block.
pub fn declarations(entries: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < entries.len() {
        let end = end_of_statement(entries, at);
        let text = without_comments(&entries[at..end]);
        if let Some((name, value)) = text.split_once(':') {
            found.push((name.trim().to_owned(), in_one_line(value)));
        }
        at = end + 1;
    }
    found
}

pub fn without_comments(text: &str) -> String {
    let mut output = String::new();
    let mut at = 0;
    while at < text.len() {
        let end = skipped(text, at).unwrap_or_else(|| at + width(text, at));
        if !text[at..].starts_with("/*") {
            output.push_str(&text[at..end]);
        }
        at = end;
    }
    output
}

/// What stands in comments that are licences or ask to be kept.
pub fn legal_comments(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    if !["/*!", "@license", "@preserve"]
        .iter()
        .any(|mark| source.contains(mark))
    {
        return found;
    }
    let mut at = 0;
    while at < source.len() {
        let end = skipped(source, at).unwrap_or_else(|| at + width(source, at));
        let comment = source[at..end]
            .strip_prefix("/*")
            .and_then(|text| text.strip_suffix("*/"));
        if let Some(comment) = comment
            && is_legal(comment)
        {
            found.push(comment);
        }
        at = end;
    }
    found
}

/// Lines of a sheet must stay what they are, whatever is put in.
pub fn in_one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    text.strip_prefix(quote)?.strip_suffix(quote).map(str::to_owned)
}

pub fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_') || !character.is_ascii()
}

/// Words, which may be names of values, and what is between them. Comments and strings are no words, nor are the names of
/// rules and functions.
pub fn each_word(text: &str, mut visit: impl FnMut(&str, bool)) {
    let mut at = 0;
    let mut before = ' ';
    while at < text.len() {
        if let Some(end) = skipped(text, at) {
            visit(&text[at..end], false);
            at = end;
            before = ' ';
            continue;
        }
        let length = text[at..]
            .find(|character| !is_word(character))
            .unwrap_or(text.len() - at);
        if length == 0 {
            let end = at + width(text, at);
            visit(&text[at..end], false);
            before = text[at..].chars().next().unwrap_or(' ');
            at = end;
            continue;
        }
        let is_name = !matches!(before, '@' | '$' | '\\') && !text[at + length..].starts_with('(');
        visit(&text[at..at + length], is_name);
        at += length;
        before = ' ';
    }
}
