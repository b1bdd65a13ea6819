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
    pub fn iter(&self) -> impl Iterator<Item = Token> + '_ {
        Run::of(self).iter()
    }

    /// One list of those that stand among each other, in order.
    fn joined(mut parts: Vec<Self>) -> Self {
        match &*parts {
            [only] if only.list.is_sorted_by_key(place) => parts.swap_remove(0),
            _ => Self::of_all(in_order(parts.iter().flat_map(Self::iter).collect())),
        }
    }

    /// The places of the first and the last.
    fn range(&self) -> ((u32, u32), (u32, u32)) {
        let places = || self.list.iter().map(place);
        (
            places().min().unwrap_or_default(),
            places().max().unwrap_or_default(),
        )
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
pub(super) fn encode(mut parts: Vec<Tokens>) -> Vec<String> {
    parts.retain(|part| !part.list.is_empty());
    let parts: Vec<Tokens> = groups(parts).into_par_iter().map(Tokens::joined).collect();
    encode_blocks(&parts.iter().map(Run::of).collect::<Vec<_>>(), BLOCK)
}

/// Parts that stand among each other; each group is behind the one before.
fn groups(parts: Vec<Tokens>) -> Vec<Vec<Tokens>> {
    let ranges: Vec<_> = parts.par_iter().map(Tokens::range).collect();
    let mut first_behind: Vec<_> = ranges.iter().map(|(first, _)| *first).collect();
    for index in (1..first_behind.len()).rev() {
        first_behind[index - 1] = first_behind[index - 1].min(first_behind[index]);
    }
    let mut groups: Vec<Vec<Tokens>> = Vec::new();
    let mut last_before = None;
    for (index, part) in parts.into_iter().enumerate() {
        match groups.last_mut() {
            Some(group) if last_before > Some(first_behind[index]) => group.push(part),
            _ => groups.push(vec![part]),
        }
        last_before = last_before.max(Some(ranges[index].1));
    }
    groups
}

/// Tokens that follow each other.
struct Run<'a> {
    tokens: &'a [Token],
    of_source: Option<&'a (u32, Vec<u32>)>,
}

impl<'a> Run<'a> {
    fn of(tokens: &'a Tokens) -> Self {
        Self {
            tokens: &tokens.list,
            of_source: tokens.of_source.as_ref(),
        }
    }

    /// Each of them, saying where it comes from.
    fn iter(&self) -> impl DoubleEndedIterator<Item = Token> + use<'a> {
        let of_source = self.of_source;
        self.tokens.iter().map(move |token| match of_source {
            None => *token,
            Some((source, names)) => Token {
                source: *source,
                name: token.name.map(|name| names[name as usize]),
                ..*token
            },
        })
    }
}

/// The mappings of tokens that are in order, in blocks of at least so many.
fn encode_blocks(runs: &[Run<'_>], block: usize) -> Vec<String> {
    let mut starts = Vec::new();
    let mut length = block;
    for (index, run) in runs.iter().enumerate() {
        if length >= block {
            starts.push(index);
            length = 0;
        }
        length += run.tokens.len();
    }
    let blocks = starts.par_iter().enumerate().map(|(number, start)| {
        let end = starts.get(number + 1).copied().unwrap_or(runs.len());
        let before = || runs[..*start].iter().rev().flat_map(|run| run.iter().rev());
        let last_name = before().find_map(|token| token.name).unwrap_or(0);
        let block = &runs[*start..end];
        let bytes = 8 * block.iter().map(|run| run.tokens.len()).sum::<usize>();
        let mut encoder = Encoder::after(before().next(), last_name, bytes);
        for token in block.iter().flat_map(Run::iter) {
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
        let whole = encode(vec![Tokens::of_all(tokens.clone())]).concat();
        let mut turned = tokens.clone();
        turned.rotate_left(17);
        assert_eq!(
            encode(vec![Tokens::of_all(turned)]).concat(),
            whole,
            "sorted first"
        );
        for size in 1..tokens.len() {
            let runs = tokens.chunks(size).map(|tokens| Run {
                tokens,
                of_source: None,
            });
            let runs: Vec<Run<'_>> = runs.collect();
            for block in [1, 7, 100] {
                assert_eq!(encode_blocks(&runs, block).concat(), whole, "{size} in {block}");
            }
        }
    }

    #[test]
    fn tokens_of_sources_are_those_that_say_where_they_come_from() {
        let tokens = tokens();
        let whole = encode(vec![Tokens::of_all(tokens.clone())]).concat();
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
        assert_eq!(encode((0..3).map(of_source).collect()).concat(), whole);
    }
}
