//! The text of a source map of many files, encoded by all threads.

use std::borrow::Cow;

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::segments::Segments;
use super::tokens::{self, Tokens};

/// A token of the generated text and where it comes from. All numbers count from zero, columns in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub line: u32,
    pub column: u32,
    /// The number of the source.
    pub source: u32,
    pub source_line: u32,
    pub source_column: u32,
    /// The number of the name that the source has for it.
    pub name: Option<u32>,
}

impl Token {
    /// A token of a module that starts at a line.
    pub fn at(self, line: u32, source: u32) -> Self {
        Self {
            line: line + self.line,
            source,
            ..self
        }
    }
}

/// A map and where its parts are.
pub(super) struct JoinedJson {
    pub text: String,
    /// Start and length of the text of each source.
    pub sources: Vec<(usize, usize)>,
    /// The parts of the mappings that are encoded, if all are.
    pub parts: Vec<EncodedPart>,
    /// Where the mappings end.
    pub end: usize,
}

/// Where the mappings of a module are.
pub(super) struct EncodedPart {
    pub start: usize,
    pub source: u32,
    pub names: Vec<u32>,
    pub name_before: u32,
}

/// The text of a source.
#[derive(Debug, Clone, Copy)]
pub(super) enum SourceText<'a> {
    Plain(&'a str),
    /// As it is in JSON.
    Quoted(&'a str),
}

/// Sources, names and tokens.
#[derive(Default)]
pub(super) struct JoinedMaps<'a> {
    sources: IndexMap<&'a str, Option<SourceText<'a>>, FxBuildHasher>,
    names: IndexSet<&'a str, FxBuildHasher>,
    /// Those that come last.
    tokens: Vec<Token>,
    /// Those before them.
    parts: Vec<Part<'a>>,
}

/// Tokens that do not stand among others.
enum Part<'a> {
    Tokens(Tokens),
    Encoded {
        segments: &'a Segments,
        line: u32,
        source: u32,
        names: Vec<u32>,
    },
}

impl SourceText<'_> {
    /// How many bytes it takes as JSON, more or less.
    fn len(self) -> usize {
        match self {
            Self::Plain(text) => text.len() + text.len() / 16 + 2,
            Self::Quoted(text) => text.len(),
        }
    }
}

impl Part<'_> {
    /// How many bytes its mappings take, more or less.
    fn len(&self) -> usize {
        match self {
            Self::Tokens(tokens) => 8 * tokens.list.len(),
            Self::Encoded { segments, .. } => segments.len(),
        }
    }
}

impl<'a> JoinedMaps<'a> {
    /// Adds a source with its text, or finds it again; returns its number.
    pub fn add_source(&mut self, name: &'a str, text: Option<SourceText<'a>>) -> u32 {
        let entry = self.sources.entry(name);
        let index = entry.index();
        let known = entry.or_insert(text);
        *known = text.or(*known);
        number(index)
    }

    /// The number of a name.
    pub fn name(&mut self, name: &'a str) -> u32 {
        number(self.names.insert_full(name).0)
    }

    /// Adds a token.
    pub fn add(&mut self, token: Token) {
        self.tokens.push(token);
    }

    /// Adds the tokens of a source, whose names are numbers of `names`.
    pub fn add_all(&mut self, source: u32, names: &[&'a str], tokens: Vec<Token>) {
        self.end_tokens();
        let names = names.iter().map(|name| self.name(name)).collect();
        self.parts.push(Part::Tokens(Tokens {
            list: tokens,
            of_source: Some((source, names)),
        }));
    }

    fn end_tokens(&mut self) {
        if !self.tokens.is_empty() {
            let tokens = std::mem::take(&mut self.tokens);
            self.parts.push(Part::Tokens(Tokens::of_all(tokens)));
        }
    }

    /// Adds the tokens of a module whose text starts a line, behind everything that was added before.
    pub fn add_segments(&mut self, segments: &'a Segments, line: u32, source: u32) {
        self.end_tokens();
        let names = segments.names().iter().map(|name| self.name(name)).collect();
        self.parts.push(Part::Encoded {
            segments,
            line,
            source,
            names,
        });
    }

    /// The map of `file` (ECMA-426 §9): the members in the order in which the format lists them.
    pub fn into_json(mut self, file: &str) -> JoinedJson {
        self.end_tokens();
        let Self {
            sources,
            names,
            parts,
            tokens: _,
        } = self;
        let of_texts = sources
            .iter()
            .map(|(name, text)| name.len() + 8 + text.map_or(4, SourceText::len));
        let of_mappings = parts.iter().map(Part::len);
        let capacity = of_texts.sum::<usize>() + of_mappings.sum::<usize>() + 12 * names.len() + 256;
        let ((mappings, mut parts), (mut json, sources)) = rayon::join(
            || mappings_of(parts),
            || {
                let texts: Vec<_> = sources.values().copied().collect();
                let texts: Vec<Cow<'_, str>> = texts.into_par_iter().map(json_of).collect();
                let mut json = Vec::with_capacity(capacity);
                json.extend_from_slice(b"{\"version\":3,\"file\":");
                push_quoted(&mut json, file);
                json.extend_from_slice(b",\"sources\":");
                push_list(&mut json, sources.keys(), |json, name| push_quoted(json, name));
                json.extend_from_slice(b",\"sourcesContent\":");
                let places = push_list(&mut json, texts.iter(), |json, text| {
                    json.extend_from_slice(text.as_bytes());
                });
                (json, places)
            },
        );
        json.extend_from_slice(b",\"names\":");
        push_list(&mut json, names.iter(), |json, name| push_quoted(json, name));
        json.extend_from_slice(b",\"mappings\":\"");
        for part in &mut parts {
            part.start += json.len();
        }
        for block in mappings {
            json.extend_from_slice(block.as_bytes());
        }
        let end = json.len();
        json.extend_from_slice(b"\"}");
        JoinedJson {
            text: String::from_utf8(json).expect("text is always JSON"),
            sources,
            parts,
            end,
        }
    }
}

/// An index as maps have it.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index).expect("a map has fewer than 2^32 sources and names")
}

/// The text of a source as JSON.
fn json_of(text: Option<SourceText<'_>>) -> Cow<'_, str> {
    match text {
        None => Cow::Borrowed("null"),
        Some(SourceText::Plain(text)) => Cow::Owned(quoted(text)),
        Some(SourceText::Quoted(text)) => Cow::Borrowed(text),
    }
}

/// A value as JSON.
pub(super) fn quoted<Value: serde::Serialize + ?Sized>(value: &Value) -> String {
    serde_json::to_string(value).expect("text is always JSON")
}

/// Writes a text as JSON.
fn push_quoted(json: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(json, text).expect("text is always JSON");
}

/// Writes a list; the answer is where its items are, and how long.
fn push_list<Item>(
    json: &mut Vec<u8>,
    items: impl Iterator<Item = Item>,
    push: impl Fn(&mut Vec<u8>, Item),
) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    json.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            json.push(b',');
        }
        let start = json.len();
        push(json, item);
        places.push((start, json.len() - start));
    }
    json.push(b']');
    places
}

fn mappings_of(parts: Vec<Part<'_>>) -> (Vec<String>, Vec<EncodedPart>) {
    if parts.iter().all(|part| matches!(part, Part::Tokens(_))) {
        let tokens = parts.into_iter().filter_map(|part| match part {
            Part::Tokens(tokens) => Some(tokens),
            Part::Encoded { .. } => None,
        });
        return (tokens::encode(tokens.collect()), Vec::new());
    }
    let mut places = Vec::with_capacity(parts.len());
    let mut encoder = Encoder::after(None, 0, parts.iter().map(Part::len).sum());
    for part in parts {
        match part {
            Part::Tokens(tokens) => {
                for token in tokens::in_order(tokens.iter().collect()) {
                    encoder.token(&token);
                }
            }
            Part::Encoded {
                segments,
                line,
                source,
                names,
            } => {
                let (start, name_before) = (encoder.text.len(), encoder.last_name);
                segments.write(&mut encoder, line, source, &names);
                places.push(EncodedPart {
                    start,
                    source,
                    names,
                    name_before,
                });
            }
        }
    }
    (vec![encoder.text], places)
}

/// Writes tokens one after the other, each counted from the one before.
pub(super) struct Encoder {
    pub text: String,
    pub last: Option<Token>,
    last_name: u32,
}

impl Encoder {
    /// Goes on after a token and a name.
    pub fn after(last: Option<Token>, last_name: u32, capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
            last,
            last_name,
        }
    }

    /// Writes a token.
    pub fn token(&mut self, token: &Token) {
        self.place(token);
        if let Some(name) = token.name {
            self.name(name);
        }
    }

    /// Writes a token without its name.
    pub fn place(&mut self, token: &Token) {
        let from = self.last.unwrap_or(Token {
            line: 0,
            column: 0,
            source: 0,
            source_line: 0,
            source_column: 0,
            name: None,
        });
        let is_first_of_line = self.last.is_none() || token.line != from.line;
        let text = &mut self.text;
        text.extend(std::iter::repeat_n(';', (token.line - from.line) as usize));
        if !is_first_of_line {
            text.push(',');
        }
        push_difference(text, token.column, if is_first_of_line { 0 } else { from.column });
        push_difference(text, token.source, from.source);
        push_difference(text, token.source_line, from.source_line);
        push_difference(text, token.source_column, from.source_column);
        self.last = Some(*token);
    }

    /// The name that was written last.
    pub fn last_name(&self) -> u32 {
        self.last_name
    }

    /// Writes the name of the token that was written last.
    pub fn name(&mut self, name: u32) {
        push_difference(&mut self.text, name, self.last_name);
        self.last_name = name;
    }
}

/// A number in base 64, its sign last, five bits a digit, the lowest first (ECMA-426 §9.2).
fn push_difference(text: &mut String, value: u32, from: u32) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = u64::from(value < from);
    let mut rest = u64::from(value.abs_diff(from)) << 1 | sign;
    loop {
        let digit = (rest & 31) as usize;
        rest >>= 5;
        let goes_on = if rest > 0 { 32 } else { 0 };
        text.push(char::from(DIGITS[digit | goes_on]));
        if rest == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::print::Mapping;

    /// Three modules that start lines: the map of their segments is that of their tokens.
    #[test]
    fn segments_of_modules_join_to_the_text_of_the_whole() {
        let name = |number: u32| {
            number
                .is_multiple_of(3)
                .then(|| format!("name{}", number % 7).into())
        };
        let module = |seed: u32| -> Vec<Mapping> {
            let mapping = |number: u32| Mapping {
                generated_line: number / 4,
                generated_column: number % 4 * 9 + seed,
                source_line: (number * seed) % 50,
                source_column: number * 31 % 17,
                name: name(number + seed),
            };
            // Some twice, and the last before the first.
            let numbers = [11].into_iter().chain(0..11).flat_map(|number| [number, number]);
            numbers.map(mapping).collect()
        };
        let modules = [module(1), Vec::new(), module(2), module(40)];
        let segments: Vec<Segments> = modules.iter().map(|mappings| Segments::of(mappings)).collect();
        let (mut whole, mut joined) = (JoinedMaps::default(), JoinedMaps::default());
        let names = ["a", "b", "c", "d"];
        for (index, mappings) in modules.iter().enumerate() {
            let line = 10 * u32::try_from(index).unwrap();
            let source = whole.add_source(names[index], None);
            for mapping in mappings {
                let name = mapping.name.as_deref().map(|name| whole.name(name));
                whole.add(Token {
                    line: line + mapping.generated_line,
                    column: mapping.generated_column,
                    source,
                    source_line: mapping.source_line,
                    source_column: mapping.source_column,
                    name,
                });
            }
            let source = joined.add_source(names[index], None);
            joined.add_segments(&segments[index], line, source);
        }
        assert_eq!(joined.into_json("x.js").text, whole.into_json("x.js").text);
    }
}
