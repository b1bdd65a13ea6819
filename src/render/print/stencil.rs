//! Text whose names are not known yet.
//!
//! Naming a chunk takes all of its units, printing one does not: only the places of names differ. So a unit is printed
//! right after it was compressed, and its tree is gone before the next one is compressed; names are filled in afterwards,
//! and may be filled in by another process, differently.

use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;
use swc_core::common::BytePos;

use super::positions::{SourceLines, SourcePart, bytes_of_parts, map_positions};
use super::{PositionTracking, PrintedUnit};

/// Placeholders begin with one of these, which no identifier and no keyword does.
const NAME: char = '\u{1}';
const NAME_AFTER_KEY: char = '\u{2}';

/// What the text has in the place of a name.
pub(super) const HOLE: &str = "\u{1}";

/// Where a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePlace {
    /// Anywhere.
    Plain,
    /// Behind a key with which it was one: `{ name }`. The key goes if it is called like that in the end.
    AfterKey,
}

/// What a binding is called in a tree that is printed as a stencil. Seven bytes are not kept in the table of strings.
pub fn placeholder(binding: u32, place: NamePlace) -> Atom {
    let first = match place {
        NamePlace::Plain => NAME,
        NamePlace::AfterKey => NAME_AFTER_KEY,
    };
    format!("{first}{binding:x}").into()
}

/// The binding whose placeholder a text is.
pub(super) fn binding_of(text: &str) -> Option<(u32, NamePlace)> {
    let place = match text.chars().next()? {
        NAME => NamePlace::Plain,
        NAME_AFTER_KEY => NamePlace::AfterKey,
        _ => return None,
    };
    let binding = u32::from_str_radix(&text[1..], 16).ok()?;
    Some((binding, place))
}

/// A place for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// Where it is in the text, which has a [`HOLE`] there: so what ends with a name does not end where it begins.
    pub offset: u32,
    /// Whose name it is for.
    pub binding: u32,
    /// Where the key before it begins, if that may go.
    pub key: Option<u32>,
}

/// The text of a unit without names of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stencil {
    /// What is the same whatever things are called.
    pub text: String,
    /// Ascending.
    pub holes: Vec<Hole>,
    /// Source positions and the byte offsets of `text` they belong to, ascending.
    pub recorded: Vec<(BytePos, u32)>,
}

impl Stencil {
    /// The text with the names of bindings. `sources` are what was added to the positions of each source, and its text.
    pub fn print<'a>(
        &self,
        name: impl Fn(u32) -> &'a str,
        sources: &[(u32, &str)],
        tracking: PositionTracking,
    ) -> PrintedUnit {
        let (code, recorded) = self.fill(name);
        let starts: Vec<u32> = sources.iter().map(|(base, _)| *base).collect();
        let bytes = bytes_of_parts(&recorded, &starts, code.len());
        let mappings = match tracking {
            PositionTracking::Off => sources.iter().map(|_| Vec::new()).collect(),
            PositionTracking::On => {
                let lines: Vec<SourceLines> = sources
                    .iter()
                    .map(|(_, source)| SourceLines::new(source))
                    .collect();
                let parts: Vec<SourcePart<'_>> = sources
                    .iter()
                    .zip(&lines)
                    .map(|((base, source), lines)| SourcePart {
                        base: *base,
                        lines,
                        source,
                    })
                    .collect();
                map_positions(&recorded, &parts, &code)
            }
        };
        PrintedUnit {
            code,
            mappings,
            bytes,
        }
    }

    fn fill<'a>(&self, name: impl Fn(u32) -> &'a str) -> (String, Vec<(BytePos, u32)>) {
        let mut code = String::with_capacity(self.text.len() + 2 * self.holes.len());
        let mut recorded = Vec::with_capacity(self.recorded.len());
        let mut waiting = self.recorded.iter().peekable();
        let mut done = 0;
        for hole in &self.holes {
            let offset = hole.offset as usize;
            let name = name(hole.binding);
            let key = hole.key.map(|key| key as usize);
            // What stands between the key and the name is a colon.
            let key = key.filter(|key| self.text[*key..offset - 1] == *name);
            let end = key.unwrap_or(offset);
            while let Some((position, at)) = waiting.next_if(|(_, at)| *at as usize <= offset) {
                let at = (*at as usize).min(end);
                recorded.push((*position, offset_from(code.len() + at - done)));
            }
            code.push_str(&self.text[done..end]);
            code.push_str(name);
            done = offset + HOLE.len();
        }
        for (position, at) in waiting {
            recorded.push((*position, offset_from(code.len() + *at as usize - done)));
        }
        code.push_str(&self.text[done..]);
        (code, recorded)
    }
}

fn offset_from(length: usize) -> u32 {
    u32::try_from(length).expect("a unit's text is shorter than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_and_keys_that_are_alike_go() {
        let hole = |offset, binding, key| Hole { offset, binding, key };
        let stencil = Stencil {
            text: "let \u{1}=({a:\u{1},b:\u{1}});".to_owned(),
            holes: vec![hole(4, 0, None), hole(10, 1, Some(8)), hole(14, 2, Some(12))],
            recorded: vec![
                (BytePos(5), 4),
                (BytePos(6), 5),
                (BytePos(7), 8),
                (BytePos(7), 10),
                (BytePos(8), 11),
                (BytePos(9), 12),
                (BytePos(10), 14),
                (BytePos(12), 15),
            ],
        };
        let names = ["xy", "a", "c"];
        let (code, recorded) = stencil.fill(|binding| names[binding as usize]);
        assert_eq!(code, "let xy=({a,b:c});");
        let offsets: Vec<u32> = recorded.iter().map(|(_, offset)| *offset).collect();
        assert_eq!(offsets, [4, 6, 9, 9, 10, 11, 13, 14]);
    }

    #[test]
    fn placeholders_are_no_words() {
        for place in [NamePlace::Plain, NamePlace::AfterKey] {
            for binding in [0, 15, 0xFF_FFFF] {
                assert_eq!(binding_of(&placeholder(binding, place)), Some((binding, place)));
            }
        }
        assert_eq!(binding_of("a1"), None);
        assert_eq!(binding_of(""), None);
    }
}
