//! The mappings of one module, encoded before it is known where in a file they stand.
//!
//! A map counts everything from what stands before it (ECMA-426 §9.2), so most of a module's text is the same wherever
//! the module is. What depends on the modules before it is its first token, and the numbers of names: those are left out.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use swc_core::atoms::Atom;

use super::joined::{Encoder, Token};
use crate::render::print::Mapping;

/// The tokens of a module that starts a line.
#[derive(Debug, Default)]
pub struct Segments {
    ends: Option<Ends>,
    /// The tokens after the first, without their names.
    text: String,
    /// Where in the text a name belongs, and which.
    named: Vec<(usize, u32)>,
    /// In the order of first use.
    names: Vec<Atom>,
}

/// Lines count from the start of the module, names are numbers of the module's own.
#[derive(Debug)]
struct Ends {
    first: Token,
    last: Token,
}

impl Segments {
    /// Encodes.
    pub fn of(mappings: &[Mapping]) -> Self {
        let mut names: IndexSet<&Atom, FxBuildHasher> = IndexSet::default();
        let tokens = mappings.iter().map(|mapping| Token {
            line: mapping.generated_line,
            column: mapping.generated_column,
            source: 0,
            source_line: mapping.source_line,
            source_column: mapping.source_column,
            name: mapping.name.as_ref().map(|name| {
                let number = names.insert_full(name).0;
                u32::try_from(number).expect("a module has fewer than 2^32 names")
            }),
        });
        let mut tokens: Vec<Token> = tokens.collect();
        let place = |token: &Token| (token.line, token.column);
        if !tokens.is_sorted_by_key(place) {
            tokens.sort_by_key(place);
        }
        tokens.dedup();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return Self::default();
        };
        let mut encoder = Encoder::after(Some(*first), 0, tokens.len() * 8);
        let mut places = Vec::new();
        for token in &tokens[1..] {
            encoder.place(token);
            places.extend(token.name.map(|name| (encoder.text.len(), name)));
        }
        let mut text = encoder.text;
        text.shrink_to_fit();
        Self {
            ends: Some(Ends {
                first: *first,
                last: *last,
            }),
            text,
            named: places,
            names: names.into_iter().cloned().collect(),
        }
    }

    /// The names that the source has for what is called otherwise in the text.
    pub fn names(&self) -> &[Atom] {
        &self.names
    }

    /// Adds the tokens to a map. `names` are the numbers that the map has for the names.
    pub(super) fn write(&self, encoder: &mut Encoder, line: u32, source: u32, names: &[u32]) {
        let (Some(first), Some(last)) = (self.first(line, source), self.last(line, source)) else {
            return;
        };
        encoder.token(&Token {
            name: first.name.map(|name| names[name as usize]),
            ..first
        });
        let mut written = 0;
        for (end, name) in &self.named {
            encoder.text.push_str(&self.text[written..*end]);
            encoder.name(names[*name as usize]);
            written = *end;
        }
        encoder.text.push_str(&self.text[written..]);
        encoder.last = Some(last);
    }

    /// The first token where the module stands in a file, with the module's own number of its name.
    pub(super) fn first(&self, line: u32, source: u32) -> Option<Token> {
        let ends = self.ends.as_ref()?;
        Some(ends.first.at(line, source))
    }

    /// The last one.
    pub(super) fn last(&self, line: u32, source: u32) -> Option<Token> {
        let ends = self.ends.as_ref()?;
        Some(ends.last.at(line, source))
    }

    /// About how many bytes they are in a map.
    pub(super) fn len(&self) -> usize {
        self.text.len() + 3 * self.named.len() + 8
    }
}
