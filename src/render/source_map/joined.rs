//! The text of a source map of many files, encoded by all threads.

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

/// This many tokens are encoded by one thread.
const BLOCK: usize = 1 << 15;

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

/// Sources, names and tokens.
#[derive(Default)]
pub(super) struct JoinedMaps<'a> {
    sources: IndexMap<&'a str, Option<&'a str>, FxBuildHasher>,
    names: IndexSet<&'a str, FxBuildHasher>,
    tokens: Vec<Token>,
}

impl<'a> JoinedMaps<'a> {
    /// Adds a source with its text, or finds it again; returns its number.
    pub fn add_source(&mut self, name: &'a str, text: Option<&'a str>) -> u32 {
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

    /// The map of `file` (ECMA-426 §9): the members in the order in which the format lists them.
    pub fn into_json(mut self, file: &str) -> String {
        let place = |token: &Token| (token.line, token.column);
        // Code of one module can stand inside that of another.
        if !self.tokens.is_sorted_by_key(place) {
            self.tokens.par_sort_by_key(place);
        }
        self.tokens.dedup();
        let tokens = &self.tokens;
        let (mappings, texts) = rayon::join(
            || {
                let blocks = tokens.par_chunks(BLOCK).enumerate();
                let blocks = blocks.map(|(number, block)| encode(&tokens[..number * BLOCK], block));
                blocks.collect::<Vec<String>>()
            },
            || {
                let texts: Vec<Option<&str>> = self.sources.values().copied().collect();
                let texts = texts.par_iter().with_min_len(64);
                texts.map(quoted).collect::<Vec<String>>()
            },
        );
        let bytes = |texts: &[String]| texts.iter().map(String::len).sum::<usize>() + texts.len();
        let mut json = String::with_capacity(bytes(&mappings) + bytes(&texts) + 64 * self.sources.len());
        json.push_str("{\"version\":3,\"file\":");
        json.push_str(&quoted(&file));
        json.push_str(",\"sources\":");
        push_list(&mut json, self.sources.keys().map(quoted));
        json.push_str(",\"sourcesContent\":");
        push_list(&mut json, texts.into_iter());
        json.push_str(",\"names\":");
        push_list(&mut json, self.names.iter().map(quoted));
        json.push_str(",\"mappings\":\"");
        for block in mappings {
            json.push_str(&block);
        }
        json.push_str("\"}");
        json
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("a map has fewer than 2^32 sources and names")
}

fn quoted<Value: serde::Serialize + ?Sized>(value: &Value) -> String {
    serde_json::to_string(value).expect("text is always JSON")
}

fn push_list(json: &mut String, items: impl Iterator<Item = String>) {
    json.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(&item);
    }
    json.push(']');
}

/// The segments of `block`, which comes after `before`.
fn encode(before: &[Token], block: &[Token]) -> String {
    let mut text = String::with_capacity(block.len() * 8);
    let mut last = before.last().copied();
    let mut last_name = before.iter().rev().find_map(|token| token.name).unwrap_or(0);
    for token in block {
        let from = last.unwrap_or(Token {
            line: 0,
            column: 0,
            source: 0,
            source_line: 0,
            source_column: 0,
            name: None,
        });
        let is_first_of_line = last.is_none() || token.line != from.line;
        text.extend(std::iter::repeat_n(';', (token.line - from.line) as usize));
        if !is_first_of_line {
            text.push(',');
        }
        push_difference(
            &mut text,
            token.column,
            if is_first_of_line { 0 } else { from.column },
        );
        push_difference(&mut text, token.source, from.source);
        push_difference(&mut text, token.source_line, from.source_line);
        push_difference(&mut text, token.source_column, from.source_column);
        if let Some(name) = token.name {
            push_difference(&mut text, name, last_name);
            last_name = name;
        }
        last = Some(*token);
    }
    text
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

    #[test]
    fn a_text_is_the_same_in_blocks() {
        let tokens: Vec<Token> = (0..60_u32)
            .map(|index| Token {
                line: index / 7,
                column: index % 7 * 40,
                source: index % 3,
                source_line: 1000 - index,
                source_column: index * 31 % 17,
                name: (index % 4 == 1).then_some(index % 5),
            })
            .collect();
        let whole = encode(&[], &tokens);
        for size in 1..tokens.len() {
            let blocks = tokens.chunks(size).enumerate();
            let text: String = blocks
                .map(|(number, block)| encode(&tokens[..number * size], block))
                .collect();
            assert_eq!(text, whole, "blocks of {size}");
        }
    }
}
