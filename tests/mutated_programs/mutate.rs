//! What can happen to a file. Each damage is a function of a number.

use super::split_mix::SplitMix64;

/// Does things to files by chance.
pub struct Mutator {
    chance: SplitMix64,
}

/// What is put where it does not belong.
const PIECES: [&[u8]; 34] = [
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b"`",
    b"'",
    b"\"",
    b"/*",
    b"//",
    b"${",
    b"=>",
    b"...",
    b"?.",
    b"await ",
    b"yield ",
    b"import ",
    b"export ",
    b"export default ",
    b"class ",
    b"delete ",
    b"static ",
    b"let ",
    b"null",
    b"1n",
    b"\\u{",
    b"#",
    b"@import ",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\0",
    "\u{2028}".as_bytes(),
];

impl Mutator {
    pub fn new(seed: usize) -> Self {
        Self {
            chance: SplitMix64(seed as u64),
        }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.chance.below(limit)
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// A file that one or two things happened to; `other` is one that pieces may come from.
    pub fn damaged(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut damaged = bytes.to_vec();
        for _ in 0..=self.below(2) {
            damaged = self.damaged_once(&damaged, other);
        }
        damaged
    }

    fn damaged_once(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut words = words(bytes);
        let (one, two) = (self.below(words.len()), self.below(words.len()));
        match self.below(10) {
            0 => {
                let mut flipped = bytes.to_vec();
                let at = self.below(flipped.len());
                if let Some(byte) = flipped.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
                return flipped;
            }
            1 => return bytes[..self.below(bytes.len() + 1)].to_vec(),
            2 => {
                let start = self.below(other.len() + 1);
                let end = (start + self.below(60)).min(other.len());
                words.insert(one, &other[start..end]);
            }
            3 => words.insert(one, PIECES[self.below(PIECES.len())]),
            4 | 5 if one < words.len() => {
                words.remove(one);
            }
            6 if one < words.len() => words.insert(one, words[one]),
            7 if one < words.len() => words.swap(one, two),
            _ if one < words.len() => words[one] = words[two],
            _ => {}
        }
        words.concat()
    }
}

/// Words, runs of white space, and everything else by the byte.
fn words(bytes: &[u8]) -> Vec<&[u8]> {
    let kind = |byte: u8| match byte {
        b' ' | b'\n' | b'\t' => 0,
        b'_' | b'$' => 1,
        _ if byte.is_ascii_alphanumeric() || byte >= 0x80 => 1,
        _ => 2,
    };
    bytes
        .chunk_by(|one, two| kind(*one) == kind(*two) && kind(*one) != 2)
        .collect()
}
