//! From SWC's byte positions to the lines and UTF-16 columns of source maps.

use std::ops::Range;

use swc_core::atoms::Atom;
use swc_core::common::BytePos;

/// One token of the text that comes from the source. All numbers count from zero, columns in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Line of the printed text.
    pub generated_line: u32,
    /// Column of the printed text.
    pub generated_column: u32,
    /// Line of the source.
    pub source_line: u32,
    /// Column of the source.
    pub source_column: u32,
    /// The identifier in the source, where the text says another one.
    pub name: Option<Atom>,
}

/// Where the lines of a source start, and how its bytes relate to UTF-16 units.
#[derive(Debug, Default)]
pub struct SourceLines {
    /// Byte offset of every line but the first.
    starts: Vec<u32>,
    /// After each character beyond ASCII: its end, and how many more bytes than UTF-16 units the text has up to
    /// there. Makes a column a matter of two binary searches even in a file of one long line.
    excess: Vec<(u32, u32)>,
    length: u32,
}

impl SourceLines {
    /// Reads the whole text once.
    pub fn new(source: &str) -> Self {
        let bytes = source.as_bytes();
        let mut lines = Self {
            length: offset_from(bytes.len()),
            ..Self::default()
        };
        for index in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[index] == b'\n' || bytes.get(index + 1) != Some(&b'\n') {
                lines.starts.push(offset_from(index + 1));
            }
        }
        if !source.is_ascii() {
            lines.note_wide_characters(bytes);
        }
        lines
    }

    fn note_wide_characters(&mut self, bytes: &[u8]) {
        let mut excess = 0;
        for (index, byte) in bytes.iter().enumerate() {
            // The first byte of a character says how many follow: 2 bytes are 1 unit, 3 are 1, 4 are 2.
            match byte {
                0xC0..=0xDF => self.excess.push((offset_from(index + 2), add(&mut excess, 1))),
                0xE0..=0xEF => self.excess.push((offset_from(index + 3), add(&mut excess, 2))),
                0xF0..=0xFF => self.excess.push((offset_from(index + 4), add(&mut excess, 2))),
                _ => {}
            }
        }
    }

    /// The line of a position; the last one for positions outside the text.
    pub fn line_of(&self, position: BytePos) -> usize {
        self.line_at(position.0.saturating_sub(1), 0)
    }

    /// The line of a byte offset. Right away when it is `guess`: most tokens are on the line of the one before.
    fn line_at(&self, offset: u32, guess: usize) -> usize {
        let is_after_start = guess == 0 || self.starts.get(guess - 1).is_some_and(|start| *start <= offset);
        let is_before_next = self.starts.get(guess).is_none_or(|next| offset < *next);
        if is_after_start && is_before_next {
            return guess;
        }
        self.starts.partition_point(|start| *start <= offset)
    }

    fn column_at(&self, offset: u32, line: usize) -> u32 {
        let start = if line == 0 { 0 } else { self.starts[line - 1] };
        (offset - start) - (self.excess_before(offset) - self.excess_before(start))
    }

    fn excess_before(&self, offset: u32) -> u32 {
        match self.excess.partition_point(|(end, _)| *end <= offset) {
            0 => 0,
            count => self.excess[count - 1].1,
        }
    }

    /// The byte offset of a position, when it is one of this text.
    fn offset(&self, position: BytePos) -> Option<u32> {
        let offset = position.0.checked_sub(1)?;
        (offset <= self.length).then_some(offset)
    }
}

fn add(total: &mut u32, count: u32) -> u32 {
    *total += count;
    *total
}

fn offset_from(number: usize) -> u32 {
    u32::try_from(number).expect("SWC's positions are 32 bits wide, so a source is shorter than 4 GiB")
}

/// A source whose positions start behind those of other sources.
#[derive(Debug, Clone, Copy)]
pub struct SourcePart<'a> {
    /// What was added to its positions.
    pub base: u32,
    /// Its lines.
    pub lines: &'a SourceLines,
    /// Its text.
    pub source: &'a str,
}

/// Which part a position belongs to, for questions that mostly have the same answer as the one before.
pub fn part_of(starts: impl Fn(usize) -> Option<u32>, count: usize, position: u32, guess: usize) -> usize {
    let is_behind = |part: usize| starts(part).is_some_and(|start| start < position);
    if is_behind(guess) && !is_behind(guess + 1) {
        return guess;
    }
    let (mut low, mut high) = (0, count);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if is_behind(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Turns source positions and byte offsets of the text into mappings, dropping those that say nothing new. The result
/// has the mappings of each of `parts`.
pub fn map_positions(recorded: &[(BytePos, u32)], parts: &[SourcePart<'_>], code: &str) -> Vec<Vec<Mapping>> {
    let mut cursor = Cursor::new(code);
    let mut line = 0;
    let mut part = 0;
    let mut last_part = 0;
    let mut mappings: Vec<Vec<Mapping>> = parts.iter().map(|_| Vec::new()).collect();
    for (position, code_offset) in recorded {
        let guess = part;
        part = part_of(
            |index| Some(parts.get(index)?.base),
            parts.len(),
            position.0,
            guess,
        );
        let source = &parts[part];
        if part != guess {
            line = 0;
        }
        let Some(offset) = position
            .0
            .checked_sub(source.base)
            .and_then(|position| source.lines.offset(BytePos(position)))
        else {
            continue;
        };
        let code_offset = *code_offset as usize;
        if code_offset >= code.len() {
            break;
        }
        cursor.advance_to(code_offset);
        line = source.lines.line_at(offset, line);
        let mapping = Mapping {
            generated_line: cursor.line,
            generated_column: cursor.column,
            source_line: offset_from(line),
            source_column: source.lines.column_at(offset, line),
            name: renamed_identifier(source.source, offset as usize, code, code_offset),
        };
        if let Some(last) = mappings[last_part].last_mut()
            && last.generated_line == mapping.generated_line
        {
            if last.generated_column == mapping.generated_column {
                // The end of one token and the start of the next: the start is what a debugger asks for.
                mappings[last_part].pop();
                mappings[part].push(mapping);
                last_part = part;
                continue;
            }
            let same_place =
                (last.source_line, last.source_column) == (mapping.source_line, mapping.source_column);
            if part == last_part && same_place && last.name == mapping.name {
                continue;
            }
        }
        mappings[part].push(mapping);
        last_part = part;
    }
    mappings
}

/// How many bytes of a text of `length` bytes come from each of `count` parts, which start at `starts`.
pub fn bytes_of_parts(recorded: &[(BytePos, u32)], starts: &[u32], length: usize) -> Vec<usize> {
    let mut bytes = vec![0; starts.len()];
    let mut part = 0;
    let mut from = 0;
    for (BytePos(position), offset) in recorded {
        if *position == 0 {
            continue;
        }
        let to = (*offset as usize).min(length);
        let next = part_of(|index| starts.get(index).copied(), starts.len(), *position, part);
        if next != part {
            bytes[part] += to - from;
            from = to;
            part = next;
        }
    }
    if let Some(last) = bytes.get_mut(part) {
        *last += length - from;
    }
    bytes
}

/// Counts the lines and columns of a text up to offsets that only grow.
struct Cursor<'a> {
    code: &'a [u8],
    /// Where every byte is one unit and no line ends: small code mostly is one long line.
    even: Range<usize>,
    /// Up to where such a stretch was looked for.
    seen: usize,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    fn new(code: &'a str) -> Self {
        Self {
            code: code.as_bytes(),
            even: 0..0,
            seen: 0,
            offset: 0,
            line: 0,
            column: 0,
        }
    }

    fn advance_to(&mut self, offset: usize) {
        if offset > self.seen {
            self.look_ahead(offset);
        }
        if offset <= self.even.end {
            self.column += offset_from(offset - self.offset);
            self.offset = offset;
            return;
        }
        for index in self.offset..offset {
            match self.code[index] {
                b'\n' => self.start_line(),
                b'\r' if self.code.get(index + 1) != Some(&b'\n') => self.start_line(),
                // Bytes that continue a character are not units; a character of four bytes is two.
                0x80..=0xBF => {}
                0xF0..=0xFF => self.column += 2,
                _ => self.column += 1,
            }
        }
        self.offset = offset;
    }

    /// Looks for an even stretch that has the offset in it.
    fn look_ahead(&mut self, offset: usize) {
        const STRETCH: usize = 1 << 10;
        let end = self.code.len().min(offset + STRETCH);
        let stretch = &self.code[self.offset..end];
        self.seen = end;
        let is_even = stretch.is_ascii() && memchr::memchr2(b'\n', b'\r', stretch).is_none();
        self.even = if is_even { self.offset..end } else { 0..0 };
    }

    fn start_line(&mut self) {
        self.line += 1;
        self.column = 0;
    }
}

/// The identifier at `offset` of the source when the text has another one at its place.
fn renamed_identifier(source: &str, offset: usize, code: &str, code_offset: usize) -> Option<Atom> {
    let printed = identifier_at(code, code_offset)?;
    let original = identifier_at(source, offset)?;
    (original != printed && !is_word_of_the_language(original) && !is_word_of_the_language(printed))
        .then(|| Atom::from(original))
}

/// The identifier that starts exactly at `offset`.
fn identifier_at(text: &str, offset: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let first = *bytes.get(offset)?;
    let is_start = IDENTIFIERS[usize::from(first)]
        && !first.is_ascii_digit()
        && (offset == 0 || !IDENTIFIERS[usize::from(bytes[offset - 1])])
        && text.is_char_boundary(offset);
    if !is_start {
        return None;
    }
    let rest = &bytes[offset..];
    let end = rest.iter().position(|byte| !IDENTIFIERS[usize::from(*byte)]);
    Some(&text[offset..offset + end.unwrap_or(rest.len())])
}

/// Which bytes identifiers are made of.
static IDENTIFIERS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        table[byte] = is_identifier_byte(byte.to_le_bytes()[0]);
        byte += 1;
    }
    table
};

const fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Compression replaces statements by others, so a keyword may map to a name and the reverse.
fn is_word_of_the_language(word: &str) -> bool {
    matches!(
        word,
        "async"
            | "await"
            | "break"
            | "case"
            | "catch"
            | "class"
            | "const"
            | "continue"
            | "debugger"
            | "default"
            | "delete"
            | "do"
            | "else"
            | "export"
            | "extends"
            | "false"
            | "finally"
            | "for"
            | "function"
            | "if"
            | "import"
            | "in"
            | "instanceof"
            | "let"
            | "new"
            | "null"
            | "return"
            | "static"
            | "super"
            | "switch"
            | "this"
            | "throw"
            | "true"
            | "try"
            | "typeof"
            | "undefined"
            | "var"
            | "void"
            | "while"
            | "with"
            | "yield"
    )
}
