//! `@value` of CSS modules: names for pieces of text, put in where they are used before the sheet is read as CSS, since they
//! may be parts of anything.
//!
//! ```css
//! @value accent: #c30;
//! @value small, wide as large from "./sizes.css";
//! @media small { .title { color: accent } }       /* @media (width < 600px) { .title { color: #c30 } } */
//! ```
//!
//! The same in the words of [interoperable CSS](https://github.com/css-modules/icss): `:import("./sizes.css") { large: wide }`
//! names what another sheet exports, `:export { accent: #c30 }` exports a text.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::scope_blocks::{BlockKind, NameScope, read_block};
use super::scope_words::mentions_scopes;
use super::text_parts::{
    declarations, each_word, end_of_block, end_of_statement, in_one_line, is_word, skipped, unquoted, width,
    without_comments,
};
use crate::base::{FileSystem, normalize};

/// A sheet without `@value`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct WithoutValues {
    /// The text; lines are those of the source.
    pub text: String,
    /// What the sheet exports: name → text.
    pub values: IndexMap<String, String>,
    /// What is put in: name → text.
    names: IndexMap<String, String>,
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
    /// The rule it starts with.
    pub rule: Rule,
    /// One clause.
    pub reason: String,
}

/// Sheets that take values from each other in a chain longer than this do so in a circle.
const DEEPEST: usize = 32;

/// Rules that say what values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `@value name: text;`
    Value,
    /// `:import("./file.css") { local: name }`
    Import,
    /// `:export { name: text }`
    Export,
}

impl Rule {
    const ALL: [Self; 3] = [Self::Value, Self::Import, Self::Export];

    /// What it starts with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Value => "@value",
            Self::Import => ":import",
            Self::Export => ":export",
        }
    }

    /// How it is written.
    pub fn form(self) -> &'static str {
        match self {
            Self::Value => "`@value name: text` or `@value name from './file.css'`",
            Self::Import => "`:import('./file.css') { local: name }`",
            Self::Export => "`:export { name: text }`",
        }
    }

    /// The rule that a text starts with; `before` is what stands in front of it.
    fn at(text: &str, before: Option<char>) -> Option<Self> {
        let starts = before.is_none_or(|character| character.is_whitespace() || "};/".contains(character));
        Self::ALL.into_iter().find(|rule| {
            text.strip_prefix(rule.word()).is_some_and(|rest| match rule {
                Self::Value => rest.starts_with(char::is_whitespace),
                Self::Import => starts && rest.trim_start().starts_with('('),
                Self::Export => starts && rest.trim_start().starts_with('{'),
            })
        })
    }
}

/// Whether a sheet may say more than CSS does: values, or `:global` and `:local` without brackets.
pub fn extends_css(source: &str) -> bool {
    Rule::ALL.iter().any(|rule| source.contains(rule.word())) || mentions_scopes(source)
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
    while let Some((rule, start)) = next_rule(source, at) {
        let after = start + rule.word().len();
        let mut end = end_of_statement(source, after);
        let parameters = source[after..end].trim().to_owned();
        match rule {
            Rule::Value => define(files, path, start, &parameters, output, depth)?,
            Rule::Import | Rule::Export => {
                let block = end + 1;
                end = end_of_block(source, block);
                let entries = source.get(block..end).unwrap_or_default();
                match rule {
                    Rule::Import => import(files, path, start, &parameters, entries, output, depth)?,
                    Rule::Value | Rule::Export => export(entries, output),
                }
            }
        }
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

/// The next rule that is not in a comment or a string.
fn next_rule(source: &str, from: usize) -> Option<(Rule, usize)> {
    let mut at = from;
    while at < source.len() {
        if let Some(end) = skipped(source, at) {
            at = end;
        } else if let Some(rule) = Rule::at(&source[at..], source[..at].chars().next_back()) {
            return Some((rule, at));
        } else {
            at += width(source, at);
        }
    }
    None
}

/// `:import("./file.css") { local: name }`
fn import(
    files: &dyn FileSystem,
    path: &Path,
    start: usize,
    parameters: &str,
    entries: &str,
    output: &mut WithoutValues,
    depth: usize,
) -> Result<(), ValueProblem> {
    let problem = |reason: String| ValueProblem {
        start,
        rule: Rule::Import,
        reason,
    };
    let from = parameters.trim_start_matches('(').trim_end_matches(')').trim();
    let specifier = unquoted(from).unwrap_or_else(|| from.to_owned());
    let theirs = values_of(files, path, &specifier, output, depth).map_err(problem)?;
    for (local, name) in declarations(entries) {
        let value = theirs
            .get(&name)
            .ok_or_else(|| problem(no_value(&specifier, &name)))?;
        output.names.insert(local, value.clone());
    }
    Ok(())
}

/// `:export { name: text }`
fn export(entries: &str, output: &mut WithoutValues) {
    for (name, value) in declarations(entries) {
        let value = replaced(&value, &output.names);
        output.values.insert(name, value);
    }
}

fn no_value(specifier: &str, name: &str) -> String {
    format!("'{specifier}' has no value `{name}`")
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
    let problem = |reason: String| ValueProblem {
        start,
        rule: Rule::Value,
        reason,
    };
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
                .ok_or_else(|| problem(no_value(&specifier, name.trim())))?;
            output.define(local.trim(), value.clone());
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
    let value = in_one_line(&replaced(value, &output.names));
    output.define(name, value);
    Ok(())
}

fn specifier_of(from: &str, output: &WithoutValues) -> Option<String> {
    unquoted(from).or_else(|| unquoted(output.names.get(from)?))
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

/// A text with the values in it.
fn replaced(text: &str, names: &IndexMap<String, String>) -> String {
    let mut output = String::new();
    each_word(text, |part, is_name| {
        output.push_str(match names.get(part) {
            Some(value) if is_name => value,
            _ => part,
        });
    });
    output
}

fn put_in_words(text: &str, names: &IndexMap<String, String>, output: &mut WithoutValues) {
    each_word(text, |part, is_name| match names.get(part) {
        Some(value) if is_name => output.replace(part, value),
        _ => output.text.push_str(part),
    });
}

/// Puts values in, and brackets around what `:global` and `:local` hold for: everywhere but in names of
/// properties.
fn put_in(source: &str, output: &mut WithoutValues) {
    let names = std::mem::take(&mut output.names);
    // What is around, and whether it is a block that stays.
    let mut around: Vec<(NameScope, BlockKind)> = Vec::new();
    let mut scope = NameScope::default();
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
        let mut from = at + name;
        let mut kept = BlockKind::Rule;
        let composes_global = !is_block && scope == NameScope::Global && composes_own_names(&source[at..end]);
        let mut changes = Vec::new();
        if is_block {
            let outside = scope;
            let (inner, block) = read_block(&source[from..end], scope);
            (changes, kept, scope) = (inner, block.kind, block.inside);
            around.push((outside, kept));
        } else if source[end..].starts_with('}')
            && let Some(closed) = around.pop()
        {
            (scope, kept) = closed;
        }
        for change in changes {
            let (start, stop) = (at + name + change.start, at + name + change.end);
            put_in_words(&source[from..start], &names, output);
            output.replace(&source[start..stop], change.text);
            from = stop;
        }
        put_in_words(&source[from..end], &names, output);
        if composes_global {
            output.replace("", " from global");
        }
        let next = (end + 1).min(source.len());
        match kept {
            BlockKind::Rule => output.text.push_str(&source[end..next]),
            BlockKind::Word => output.replace(&source[end..next], ""),
        }
        at = next;
    }
    output.names = names;
}

/// Whether a declaration is a `composes` that says no place.
fn composes_own_names(declaration: &str) -> bool {
    let declaration = without_comments(declaration);
    let of_composes = |(name, names): (&str, &str)| {
        name.trim() == "composes" && !names.split_whitespace().any(|word| word == "from")
    };
    declaration.split_once(':').is_some_and(of_composes)
}

impl WithoutValues {
    /// A value that is put in, and exported.
    fn define(&mut self, name: &str, value: String) {
        self.names.insert(name.to_owned(), value.clone());
        self.values.insert(name.to_owned(), value);
    }

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
