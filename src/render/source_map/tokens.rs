//! Tokens of many sources, encoded by all threads.

use rayon::prelude::*;

use super::joined::{Encoder, Token};

/// At least so many tokens are encoded by one thread.
const BLOCK: usize = 1 << 15;

/// Tokens of the generated text.
pub(super) struct Tokens {
    pub list: Vec<Token>,
    /// The source that all of them come from, and what their names mean; none where they say it themselves.
    pub of_source: Option<(u32, Vec<u32>)>,
}

impl Tokens {
    /// Those that say themselves where they come from.
    pub fn of_all(list: Vec<Token>) -> Self {
        Self {
            list,
            of_source: None,
        }
    }

    /// Each of them, saying where it comes from.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.list.iter().map(|token| match &self.of_source {
            None => *token,
            Some((source, names)) => Token {
                source: *source,
                name: token.name.map(|name| names[name as usize]),
                ..*token
            },
        })
    }

    fn is_in_order(&self) -> bool {
        self.list.is_sorted_by_key(place)
    }
}

fn place(token: &Token) -> (u32, u32) {
    (token.line, token.column)
}

/// Sorted, each once: code of one module can stand inside that of another.
pub(super) fn in_order(mut tokens: Vec<Token>) -> Vec<Token> {
    if !tokens.is_sorted_by_key(place) {
        tokens.par_sort_by_key(place);
    }
    tokens.dedup();
    tokens
}

/// The mappings of all, in blocks that follow each other.
pub(super) fn encode(parts: &[&Tokens]) -> Vec<String> {
    let filled: Vec<&Tokens> = parts
        .iter()
        .copied()
        .filter(|part| !part.list.is_empty())
        .collect();
    let follows = |pair: &[&Tokens]| {
        let places = [pair[0].list.last(), pair[1].list.first()].map(|token| token.map(place));
        places[0] <= places[1]
    };
    if filled.par_iter().all(|part| part.is_in_order()) && filled.windows(2).all(follows) {
        return encode_blocks(&filled, BLOCK);
    }
    let all = in_order(filled.iter().flat_map(|part| part.iter()).collect());
    let parts: Vec<Tokens> = all
        .chunks(BLOCK)
        .map(|tokens| Tokens::of_all(tokens.to_vec()))
        .collect();
    encode_blocks(&parts.iter().collect::<Vec<_>>(), BLOCK)
}

/// The mappings of tokens that are in order, in blocks of at least so many.
fn encode_blocks(parts: &[&Tokens], block: usize) -> Vec<String> {
    let mut starts = Vec::new();
    let mut length = block;
    for (index, part) in parts.iter().enumerate() {
        if length >= block {
            starts.push(index);
            length = 0;
        }
        length += part.list.len();
    }
    let blocks = starts.par_iter().enumerate().map(|(number, start)| {
        let end = starts.get(number + 1).copied().unwrap_or(parts.len());
        let before = || parts[..*start].iter().rev().flat_map(|part| part.iter().rev());
        let last_name = before().find_map(|token| token.name).unwrap_or(0);
        let block = &parts[*start..end];
        let bytes = 8 * block.iter().map(|part| part.list.len()).sum::<usize>();
        let mut encoder = Encoder::after(before().next(), last_name, bytes);
        for token in block.iter().flat_map(|part| part.iter()) {
            if encoder.last != Some(token) {
                encoder.token(&token);
            }
        }
        encoder.text
    });
    blocks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Vec<Token> {
        (0..60_u32)
            .flat_map(|index| {
                let token = Token {
                    line: index / 7,
                    column: index % 7 * 40,
                    source: index / 20,
                    source_line: 1000 - index,
                    source_column: index * 31 % 17,
                    name: (index % 4 == 1).then_some(index % 5),
                };
                // Some twice.
                std::iter::repeat_n(token, if index % 10 == 3 { 2 } else { 1 })
            })
            .collect()
    }

    #[test]
    fn a_text_is_the_same_in_blocks() {
        let tokens = tokens();
        let whole = encode(&[&Tokens::of_all(tokens.clone())]).concat();
        let mut turned = tokens.clone();
        turned.rotate_left(17);
        assert_eq!(encode(&[&Tokens::of_all(turned)]).concat(), whole, "sorted first");
        for size in 1..tokens.len() {
            let parts: Vec<Tokens> = tokens
                .chunks(size)
                .map(|chunk| Tokens::of_all(chunk.to_vec()))
                .collect();
            let parts: Vec<&Tokens> = parts.iter().collect();
            for block in [1, 7, 100] {
                assert_eq!(encode_blocks(&parts, block).concat(), whole, "{size} in {block}");
            }
        }
    }

    #[test]
    fn tokens_of_sources_are_those_that_say_where_they_come_from() {
        let tokens = tokens();
        let whole = encode(&[&Tokens::of_all(tokens.clone())]).concat();
        // The names of each source are counted on their own.
        let of_source = |source: u32| {
            let own = tokens.iter().filter(|token| token.source == source);
            let list = own.map(|token| Token {
                source: 0,
                name: token.name.map(|name| 4 - name),
                ..*token
            });
            Tokens {
                list: list.collect(),
                of_source: Some((source, vec![4, 3, 2, 1, 0])),
            }
        };
        let parts: Vec<Tokens> = (0..3).map(of_source).collect();
        assert_eq!(encode(&parts.iter().collect::<Vec<_>>()).concat(), whole);
    }
}
