//! `:global` and `:local` around rules, which hold for the selectors of all of them:
//!
//! ```css
//! :global { .page .title {} }                 /* :global(.page) :global(.title) {} */
//! .card :global { .open {} }                  /* .card { :global(.open) {} } */
//! ```

use super::scope_words::{Change, GLOBAL, LOCAL, brackets, word_at};
use super::text_parts::{is_word, skipped, width};

/// Whether names are those of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameScope {
    /// Names are made unique.
    #[default]
    Local,
    /// Names are what they are.
    Global,
}

/// What the selectors before a block say of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopedBlock {
    /// Whose names those inside are.
    pub inside: NameScope,
    /// Whether there is anything but the word, so that the block is a rule.
    pub kind: BlockKind,
}

/// What stands before a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Selectors, or a rule with a name.
    Rule,
    /// A word alone: what is inside stands where the block does.
    Word,
}

/// What changes in the text before a block, and what it says of the block.
pub fn read_block(selectors: &str, outside: NameScope) -> (Vec<Change>, ScopedBlock) {
    let rule = |inside| ScopedBlock {
        inside,
        kind: BlockKind::Rule,
    };
    if selectors.trim_start().starts_with('@') {
        return (Vec::new(), rule(outside));
    }
    let written = selectors.trim_end();
    let last = [(GLOBAL, NameScope::Global), (LOCAL, NameScope::Local)]
        .into_iter()
        .find(|(word, _)| {
            let before = written.strip_suffix(word);
            before.is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
        });
    let Some((word, inside)) = last else {
        return (scoped(selectors, outside), rule(outside));
    };
    let before = &written[..written.len() - word.len()];
    let mut changes = scoped(before, outside);
    changes.push(Change {
        start: before.len(),
        end: written.len(),
        text: "",
    });
    let kind = if before.trim().is_empty() {
        BlockKind::Word
    } else {
        BlockKind::Rule
    };
    (changes, ScopedBlock { inside, kind })
}

fn scoped(selectors: &str, scope: NameScope) -> Vec<Change> {
    match scope {
        NameScope::Local => brackets(selectors),
        NameScope::Global => names_in_brackets(selectors),
    }
}

/// What puts brackets around each name that nothing makes local.
fn names_in_brackets(selectors: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut is_global = true;
    let mut at = 0;
    while at < selectors.len() {
        let rest = &selectors[at..];
        let in_brackets = [GLOBAL, LOCAL]
            .iter()
            .any(|word| rest.strip_prefix(word).is_some_and(|rest| rest.starts_with('(')));
        if let Some(end) = skipped(selectors, at) {
            at = end;
        } else if in_brackets || rest.starts_with('[') {
            at = end_of_brackets(selectors, at);
        } else if let Some(word) = word_at(rest) {
            let behind = &rest[word.len()..];
            let end = at + rest.len() - behind.trim_start().len();
            changes.push(Change {
                start: at,
                end,
                text: "",
            });
            is_global = word == GLOBAL;
            at = end;
        } else if rest.starts_with(['.', '#'])
            && rest[1..].starts_with(|first| is_word(first) || first == '\\')
        {
            let end = end_of_name(selectors, at + 1);
            if is_global {
                for (at, text) in [(at, ":global("), (end, ")")] {
                    changes.push(Change {
                        start: at,
                        end: at,
                        text,
                    });
                }
            }
            at = end;
        } else {
            is_global |= rest.starts_with(',');
            at += width(selectors, at);
        }
    }
    changes
}

fn end_of_name(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(next) = text[at..].chars().next() {
        if next == '\\' {
            at += 1;
        } else if !is_word(next) {
            break;
        }
        at += width(text, at.min(text.len()));
        at = at.min(text.len());
    }
    at
}

/// Behind the brackets that open here or behind a word.
fn end_of_brackets(text: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < text.len() {
        if let Some(end) = skipped(text, at) {
            at = end;
            continue;
        }
        let here = text.as_bytes()[at];
        at += width(text, at);
        match here {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth <= 1 => return at,
            b')' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(selectors: &str, outside: NameScope) -> (String, ScopedBlock) {
        let (changes, block) = read_block(selectors, outside);
        let mut text = String::new();
        let mut at = 0;
        for change in changes {
            text.push_str(&selectors[at..change.start]);
            text.push_str(change.text);
            at = change.end;
        }
        (text + &selectors[at..], block)
    }

    #[test]
    fn a_word_at_the_end_holds_for_the_block() {
        for (selectors, written, inside, kind) in [
            (":global ", " ", NameScope::Global, BlockKind::Word),
            (":local", "", NameScope::Local, BlockKind::Word),
            (".a :global ", ".a  ", NameScope::Global, BlockKind::Rule),
            (".a ", ".a ", NameScope::Local, BlockKind::Rule),
            (
                "@media print ",
                "@media print ",
                NameScope::Local,
                BlockKind::Rule,
            ),
        ] {
            let block = ScopedBlock { inside, kind };
            assert_eq!(
                read(selectors, NameScope::Local),
                (written.to_owned(), block),
                "{selectors}"
            );
        }
    }

    #[test]
    fn inside_of_what_is_global_names_are_global() {
        for (selectors, written) in [
            (".a > div.b\\:c:hover", ":global(.a) > div:global(.b\\:c):hover"),
            (
                "&:not(.a, #b)[x=\".c\"]",
                "&:not(:global(.a), :global(#b))[x=\".c\"]",
            ),
            (".a :local(.b) .c", ":global(.a) :local(.b) :global(.c)"),
            (".a :local .b, .c", ":global(.a) .b, :global(.c)"),
        ] {
            assert_eq!(read(selectors, NameScope::Global).0, written);
        }
    }
}
