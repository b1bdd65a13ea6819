//! Where in a map each module is, so that one can be replaced by what it has become.

use std::sync::Arc;

use super::encoded::EncodedModule;
use super::joined::{Encoder, Token};
use crate::graph::ModuleId;
use crate::render::kept::Splice;

/// A map whose modules are all encoded, each with a source of its own.
#[derive(Debug)]
pub struct MapIndex {
    /// Where the text of each source is.
    pub texts: Vec<(usize, usize)>,
    /// The modules in the order of the text.
    pub parts: Vec<MapPart>,
    /// Where the mappings end.
    pub end: usize,
}

/// The mappings of a module.
#[derive(Debug)]
pub struct MapPart {
    /// The module.
    pub module: ModuleId,
    /// What it says.
    pub encoded: Arc<EncodedModule>,
    /// Where its text is in the file.
    pub line: u32,
    /// The number of its source.
    pub source: u32,
    /// The numbers of its names.
    pub names: Vec<u32>,
    /// Where its mappings start in the map.
    pub start: usize,
    /// The name that was mentioned last before it.
    pub name_before: u32,
}

impl MapPart {
    fn first(&self) -> Option<Token> {
        self.encoded.segments.first(self.line, self.source)
    }

    fn last(&self) -> Option<Token> {
        self.encoded.segments.last(self.line, self.source)
    }
}

impl MapIndex {
    /// Puts a module in the place of what it was. `text` is that of its source, as JSON, and `lines` are how many more
    /// lines it has. None where more of the map changes than the part of the module, and where the next one starts.
    pub fn replace(
        &mut self,
        module: ModuleId,
        encoded: Arc<EncodedModule>,
        text: &str,
        lines: i64,
    ) -> Option<[Splice; 2]> {
        let place = self.parts.iter().position(|part| part.module == module)?;
        let part = &self.parts[place];
        if encoded.segments.names() != part.encoded.segments.names() {
            return None;
        }
        let (old_last, source) = (part.last()?, part.source);
        let before = self.parts[..place].iter().rev().find_map(MapPart::last);
        let mut output = Encoder::after(before, part.name_before, encoded.segments.len());
        encoded
            .segments
            .write(&mut output, part.line, source, &part.names);
        let new_last = encoded.segments.last(part.line, source)?;
        let start = part.start;
        let following = self.parts.get(place + 1);
        if following.is_some_and(|part| part.name_before != output.last_name()) {
            return None;
        }
        let mut mappings = output.text;
        let behind = start + mappings.len();
        let next = (place + 1..self.parts.len()).find(|next| self.parts[*next].first().is_some());
        let mut length = next.map_or(self.end, |next| self.parts[next].start) - start;
        if let Some(next) = next {
            let mut first = self.parts[next].first()?;
            length += placed_after(old_last, &first).len();
            first.line = moved(first.line, lines)?;
            mappings.push_str(&placed_after(new_last, &first));
        }
        let mappings = Splice {
            start,
            length,
            text: mappings,
        };
        self.parts[place].encoded = encoded;
        for (index, part) in self.parts.iter_mut().enumerate().skip(place + 1) {
            part.line = moved(part.line, lines)?;
            if next.is_some_and(|next| index > next) {
                mappings.moves(&mut part.start);
            } else {
                part.start = behind;
            }
        }
        mappings.moves(&mut self.end);
        let text = self.replace_text(source, text);
        Some([mappings, text])
    }

    fn replace_text(&mut self, source: u32, text: &str) -> Splice {
        let source = source as usize;
        let (start, length) = self.texts[source];
        let splice = Splice {
            start,
            length,
            text: text.to_owned(),
        };
        self.texts[source].1 = text.len();
        for (start, _) in &mut self.texts[source + 1..] {
            splice.moves(start);
        }
        for part in &mut self.parts {
            splice.moves(&mut part.start);
        }
        splice.moves(&mut self.end);
        splice
    }
}

fn moved(line: u32, lines: i64) -> Option<u32> {
    u32::try_from(i64::from(line) + lines).ok()
}

/// A token as it is written behind another.
fn placed_after(last: Token, token: &Token) -> String {
    let mut encoder = Encoder::after(Some(last), 0, 16);
    encoder.place(token);
    encoder.text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::print::Mapping;
    use crate::render::source_map::{EncodedSource, PlacedModule, SourceOrigin, join_encoded};

    /// A module of so many lines.
    fn module(lines: u32) -> Arc<EncodedModule> {
        let mappings = (0..lines).map(|line| Mapping {
            generated_line: line,
            generated_column: line % 3,
            source_line: 2 * line + 1,
            source_column: 7 - line % 5,
            name: (line == 1).then(|| "name".into()),
        });
        Arc::new(EncodedModule::new(&mappings.collect::<Vec<_>>()))
    }

    fn joined(modules: &[(u32, &str)]) -> (String, Option<MapIndex>) {
        let encoded: Vec<Arc<EncodedModule>> = modules.iter().map(|(lines, _)| module(*lines)).collect();
        let sources: Vec<EncodedSource> = modules
            .iter()
            .enumerate()
            .map(|(number, (_, text))| EncodedSource {
                name: format!("{number}.js"),
                text: format!("\"{text}\""),
            })
            .collect();
        let mut line = 1;
        let mut placed = Vec::new();
        for ((module, source), (lines, _)) in encoded.iter().zip(&sources).zip(modules) {
            placed.push(PlacedModule {
                origin: SourceOrigin::Encoded {
                    source,
                    segments: &module.segments,
                },
                mappings: &[],
                line,
                column: 0,
            });
            line += lines + 1;
        }
        let ids = (0..modules.len()).map(ModuleId::from_usize);
        join_encoded("x.js", &placed, ids.zip(encoded.clone()).collect())
    }

    #[test]
    fn a_map_that_is_changed_again_and_again_is_the_map_of_what_it_says() {
        let mut modules = [(3, "one"), (4, "two"), (2, "three"), (5, "four")];
        let (map, index) = joined(&modules);
        let (mut map, mut index) = (map.into_bytes(), index.unwrap());
        let changes = [
            (1, 6, "longer"),
            (2, 3, "x"),
            (1, 3, ""),
            (3, 2, "end"),
            (0, 9, "a"),
            (1, 2, "b"),
        ];
        for (number, lines, text) in changes {
            let more = i64::from(lines) - i64::from(modules[number].0);
            let id = ModuleId::from_usize(number);
            let splices = index.replace(id, module(lines), &format!("\"{text}\""), more);
            for splice in splices.unwrap() {
                splice.apply(&mut map);
            }
            modules[number] = (lines, text);
            let expected = joined(&modules).0;
            assert_eq!(String::from_utf8_lossy(&map), expected, "{modules:?}");
        }
    }
}
