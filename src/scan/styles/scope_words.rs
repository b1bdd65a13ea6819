//! `:global` and `:local` without brackets, which hold for what follows in the same selector:
//!
//! ```css
//! .card :global .open :local .title {}        /* .card :global(.open) .title {} */
//! ```
//!
//! Interoperable CSS has them besides `:global(…)`, which is what the sheet is read with.

use super::text_parts::{is_word, skipped, width};

/// What follows is what it is.
pub const GLOBAL: &str = ":global";
/// What follows is the sheet's own.
pub const LOCAL: &str = ":local";

/// A piece of a selector, and what stands in its place.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// Offsets.
    pub start: usize,
    pub end: usize,
    pub text: &'static str,
}

/// Whether a sheet may have one of the words without brackets.
pub fn mentions_scopes(source: &str) -> bool {
    [GLOBAL, LOCAL].iter().any(|word| {
        let mut parts = source.split(word).skip(1);
        parts.any(|rest| !rest.starts_with('('))
    })
}

/// What puts brackets around what such words hold for, in the selectors before a block; in the order of the text.
pub fn brackets(selectors: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut is_open = false;
    // The end of what was last written, without the space behind it.
    let mut last = 0;
    // Whether a word held for what is around the brackets.
    let mut around: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < selectors.len() {
        if let Some(end) = skipped(selectors, at) {
            at = end;
            last = at;
            continue;
        }
        let rest = &selectors[at..];
        // Inside of what is global already, nothing can be said.
        let is_said = !around.contains(&true);
        if let Some(word) = word_at(rest).filter(|_| is_said) {
            if is_open {
                changes.push(insertion(last, ")"));
            }
            let behind = &rest[word.len()..];
            let space = behind.len() - behind.trim_start().len();
            is_open = word == GLOBAL;
            changes.push(Change {
                start: at,
                end: at + word.len() + space,
                text: if is_open { ":global(" } else { "" },
            });
            at += word.len() + space;
            last = at;
            continue;
        }
        let first = rest.chars().next().unwrap_or(' ');
        match first {
            '(' | '[' => around.push(std::mem::take(&mut is_open)),
            ')' | ']' => {
                if is_open {
                    changes.push(insertion(last, ")"));
                }
                is_open = around.pop().unwrap_or(false);
            }
            ',' if is_open => {
                changes.push(insertion(last, ")"));
                is_open = false;
            }
            _ => {}
        }
        at += width(selectors, at);
        if !first.is_whitespace() {
            last = at;
        }
    }
    if is_open {
        changes.push(insertion(last, ")"));
    }
    // A word that nothing follows means something else.
    let is_empty = |pair: &[Change]| pair[0].text == ":global(" && pair[1].start == pair[0].end;
    if changes.windows(2).any(is_empty) {
        return Vec::new();
    }
    changes
}

fn insertion(at: usize, text: &'static str) -> Change {
    Change {
        start: at,
        end: at,
        text,
    }
}

/// The word without brackets that a text starts with.
pub fn word_at(text: &str) -> Option<&'static str> {
    [GLOBAL, LOCAL].into_iter().find(|word| {
        text.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with('(') && !rest.starts_with(is_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bracketed(selectors: &str) -> String {
        let mut text = String::new();
        let mut at = 0;
        for change in brackets(selectors) {
            text.push_str(&selectors[at..change.start]);
            text.push_str(change.text);
            at = change.end;
        }
        text + &selectors[at..]
    }

    #[test]
    fn a_word_holds_to_the_end_of_its_selector() {
        for (written, meant) in [
            (":global .a", ":global(.a)"),
            (
                ":global .a .b > .c:not(.d, .e) ",
                ":global(.a .b > .c:not(.d, .e)) ",
            ),
            (".a :global .b, .c", ".a :global(.b), .c"),
            (":global .a :local .b .c", ":global(.a) .b .c"),
            (":local .a", ".a"),
            (
                ".a > :global\n.b /* :global .c */",
                ".a > :global(.b /* :global .c */)",
            ),
            (":global(.a) .b", ":global(.a) .b"),
            (".a:not(:global .b) .c", ".a:not(:global(.b)) .c"),
            (".a:is(:global .b, .c:local .d) .e", ".a:is(:global(.b), .c.d) .e"),
            (
                ":nth-child(2n of :global .a) .b",
                ":nth-child(2n of :global(.a)) .b",
            ),
            (":global .a:not(:local .b)", ":global(.a:not(:local .b))"),
            (":global", ":global"),
            (":globally .a", ":globally .a"),
        ] {
            assert_eq!(bracketed(written), meant, "{written}");
        }
    }
}
