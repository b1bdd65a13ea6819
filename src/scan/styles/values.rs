//! `@value` of CSS modules: names for pieces of text, put in where they are used before the sheet is read as CSS, since they
//! may be parts of anything.
//!
//! ```css
//! @value accent: #c30;
//! @value small, wide as large from "./sizes.css";
//! @media small { .title { color: accent } }       /* @media (width < 600px) { .title { color: #c30 } } */
//! ```

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use crate::base::{FileSystem, normalize};

/// A sheet without `@value`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct WithoutValues {
    /// The text; lines are those of the source.
    pub text: String,
    /// Name → text.
    pub values: IndexMap<String, String>,
    /// Where texts were put in.
    pub edits: Vec<Edit>,
    /// The other sheets that were read.
    pub read: Vec<PathBuf>,
}

/// A text that was put in, on its line; columns in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    line: u32,
    column: u32,
    length: u32,
    before: u32,
}

/// What is wrong with a `@value`: where it starts, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct ValueProblem {
    /// Offset in the source.
    pub start: usize,
    /// One clause.
    pub reason: String,
}

/// Sheets that take values from each other in a chain longer than this do so in a circle.
const DEEPEST: usize = 32;

/// Whether a sheet may have values.
pub fn mentions_values(source: &str) -> bool {
    source.contains("@value")
}

/// Puts the values of a sheet in where they are used.
///
/// # Errors
/// Where a value cannot be found.
pub fn without_values(
    files: &dyn FileSystem,
    path: &Path,
    source: &str,
) -> Result<WithoutValues, ValueProblem> {
    let mut output = WithoutValues::default();
    let mut rest = source.to_owned();
    take_values(files, path, &mut rest, &mut output, 0)?;
    put_in(&rest, &mut output);
    Ok(output)
}

/// Collects the values of a sheet, and leaves spaces behind.
fn take_values(
    files: &dyn FileSystem,
    path: &Path,
    source: &mut String,
    output: &mut WithoutValues,
    depth: usize,
) -> Result<(), ValueProblem> {
    let mut at = 0;
    while let Some(start) = next_rule(source, at) {
        let end = end_of_statement(source, start);
        let parameters = source[start + "@value".len()..end].trim().to_owned();
        define(files, path, start, &parameters, output, depth)?;
        let stop = (end + 1).min(source.len());
        let blank: String = source[start..stop]
            .chars()
            .map(|character| match character {
                '\n' | '\r' | '\x0c' => character,
                _ => ' ',
            })
            .collect();
        source.replace_range(start..stop, &blank);
        at = start + blank.len();
    }
    Ok(())
}

/// The next `@value` that is not in a comment or a string.
fn next_rule(source: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while at < source.len() {
        if let Some(end) = skipped(source, at) {
            at = end;
        } else if source[at..].starts_with("@value")
            && source[at + "@value".len()..].starts_with(|next: char| next.is_whitespace())
        {
            return Some(at);
        } else {
            at += width(source, at);
        }
    }
    None
}

fn width(source: &str, at: usize) -> usize {
    source[at..].chars().next().map_or(1, char::len_utf8)
}

/// The end of a comment, a string or a URL that starts here.
fn skipped(source: &str, at: usize) -> Option<usize> {
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
fn end_of_statement(source: &str, from: usize) -> usize {
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

/// `name: text`, `a, b as c from "./file.css"` or `a from file` with `@value file: "./file.css"`.
fn define(
    files: &dyn FileSystem,
    path: &Path,
    start: usize,
    parameters: &str,
    output: &mut WithoutValues,
    depth: usize,
) -> Result<(), ValueProblem> {
    let problem = |reason: String| ValueProblem { start, reason };
    if let Some((names, from)) = parameters.rsplit_once(" from ")
        && let Some(specifier) = specifier_of(from.trim(), output)
    {
        let theirs = values_of(files, path, &specifier, output, depth).map_err(problem)?;
        for part in names
            .trim()
            .trim_start_matches('(')
            .trim_end_matches(')')
            .split(',')
        {
            let (name, local) = part
                .trim()
                .split_once(" as ")
                .unwrap_or((part.trim(), part.trim()));
            let value = theirs
                .get(name.trim())
                .ok_or_else(|| problem(format!("'{specifier}' has no value `{}`", name.trim())))?;
            output.values.insert(local.trim().to_owned(), value.clone());
        }
        return Ok(());
    }
    let end = parameters
        .find(|character: char| !is_word(character))
        .unwrap_or(parameters.len());
    let (name, value) = parameters.split_at(end);
    let value = value.trim_start();
    let value = value.strip_prefix(':').unwrap_or(value).trim();
    if name.is_empty() {
        return Err(problem("it has no name".to_owned()));
    }
    let value = replaced(value, &output.values);
    // Lines must stay what they are.
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    output.values.insert(name.to_owned(), value);
    Ok(())
}

fn specifier_of(from: &str, output: &WithoutValues) -> Option<String> {
    let unquoted = |text: &str| {
        let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        text.strip_prefix(quote)?.strip_suffix(quote).map(str::to_owned)
    };
    unquoted(from).or_else(|| unquoted(output.values.get(from)?))
}

fn values_of(
    files: &dyn FileSystem,
    path: &Path,
    specifier: &str,
    output: &mut WithoutValues,
    depth: usize,
) -> Result<IndexMap<String, String>, String> {
    if !specifier.starts_with('.') {
        return Err(format!(
            "'{specifier}' is no relative path, and values are only taken from those"
        ));
    }
    if depth == DEEPEST {
        return Err(format!("'{specifier}' takes values from this sheet, in a circle"));
    }
    let file = normalize(&path.parent().unwrap_or(path).join(specifier));
    let bytes = files.read(&file);
    output.read.push(file.clone());
    let text = bytes
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| format!("'{specifier}' cannot be read"))?;
    let mut theirs = WithoutValues::default();
    let mut text = text;
    let taken = take_values(files, &file, &mut text, &mut theirs, depth + 1);
    output.read.append(&mut theirs.read);
    taken.map_err(|problem| problem.reason)?;
    Ok(theirs.values)
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_') || !character.is_ascii()
}

/// A text with the values in it.
fn replaced(text: &str, values: &IndexMap<String, String>) -> String {
    let mut output = String::new();
    each_word(text, |part, is_name| {
        output.push_str(match values.get(part) {
            Some(value) if is_name => value,
            _ => part,
        });
    });
    output
}

/// Words, which may be names of values, and what is between them. Comments and strings are no words, nor are the names of
/// rules and functions.
fn each_word(text: &str, mut visit: impl FnMut(&str, bool)) {
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

/// Puts values in: everywhere but in names of properties.
fn put_in(source: &str, output: &mut WithoutValues) {
    let values = std::mem::take(&mut output.values);
    let mut at = 0;
    while at < source.len() {
        let end = end_of_statement(source, at);
        let is_block = source[end..].starts_with('{');
        let name = match source[at..end].find(':') {
            Some(colon) if !is_block => colon + 1,
            None if !is_block && !source[at..end].trim_start().starts_with('@') => end - at,
            _ => 0,
        };
        output.text.push_str(&source[at..at + name]);
        each_word(&source[at + name..end], |part, is_name| match values.get(part) {
            Some(value) if is_name => output.replace(part, value),
            _ => output.text.push_str(part),
        });
        let next = (end + 1).min(source.len());
        output.text.push_str(&source[end..next]);
        at = next;
    }
    output.values = values;
}

impl WithoutValues {
    fn replace(&mut self, before: &str, value: &str) {
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let line = self.text.rsplit('\n').next().unwrap_or_default();
        self.edits.push(Edit {
            line: u32::try_from(self.text.matches('\n').count()).unwrap_or(u32::MAX),
            column: units(line),
            length: units(value),
            before: units(before),
        });
        self.text.push_str(value);
    }
}

/// The place in the source of a place in the text with values.
pub fn place_in_source(edits: &[Edit], (line, column): (u32, u32)) -> (u32, u32) {
    let mut place = i64::from(column);
    for edit in edits
        .iter()
        .filter(|edit| edit.line == line && edit.column < column)
    {
        let inside = (column - edit.column).min(edit.length);
        // What is inside of a value came from the first letter of its name.
        let was = if inside < edit.length { 0 } else { edit.before };
        place += i64::from(was) - i64::from(inside);
    }
    (line, u32::try_from(place).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MemoryFileSystem;

    #[test]
    fn values_are_put_in_where_they_are_used() {
        let files = MemoryFileSystem::default();
        let source = "@value accent: #c30; @value wide: (width > 9px);\n@media wide { .accent-x, .a { accent: accent; b: \"accent\" accent-x var(--accent) } }";
        let output = without_values(&files, Path::new("/a.css"), source).expect("all values are there");
        let line = output.text.lines().nth(1).unwrap_or_default();
        assert_eq!(
            line,
            "@media (width > 9px) { .accent-x, .a { accent: #c30; b: \"accent\" accent-x var(--accent) } }"
        );
        assert_eq!(place_in_source(&output.edits, (1, 20)), (1, 11));
        assert_eq!(place_in_source(&output.edits, (1, 10)), (1, 7));
    }
}
