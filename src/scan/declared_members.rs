//! `static declare a: number`: TypeScript takes `declare` behind other modifiers of a member, the parser only in front of
//! them.

use swc_core::common::Spanned as _;
use swc_core::ecma::parser::error::Error;

const DECLARE: &str = "declare";

/// What may stand in front of it.
const MODIFIERS: &[&str] = &["abstract", "private", "protected", "public", "readonly", "static"];

/// The text with each `declare` at which the parser failed in front of the modifiers before it: what is around keeps its
/// place.
pub(super) fn declare_first(source: &str, errors: &[Error]) -> Option<String> {
    let mut changed: Option<String> = None;
    for error in errors {
        let at = error.span().lo.0 as usize - 1;
        let Some(modifiers) = source.get(..at).and_then(modifiers_before_declare) else {
            continue;
        };
        let text = changed.get_or_insert_with(|| source.to_owned());
        let others = modifiers.text[..modifiers.text.len() - DECLARE.len()].trim_end();
        let space = &modifiers.text[others.len()..modifiers.text.len() - DECLARE.len()];
        let end = modifiers.start + modifiers.text.len();
        text.replace_range(modifiers.start..end, &format!("{DECLARE}{space}{others}"));
    }
    changed
}

/// A piece of a text.
struct Piece<'a> {
    start: usize,
    text: &'a str,
}

/// The modifiers that a text ends with, of which the last is `declare`.
fn modifiers_before_declare(text: &str) -> Option<Piece<'_>> {
    let text = text.trim_end_matches([' ', '\t']);
    let before = text.strip_suffix(DECLARE)?;
    let mut start = before.len();
    loop {
        // A line break would end a field with the name of the modifier.
        let rest = before[..start].trim_end_matches([' ', '\t']);
        let word = MODIFIERS.iter().find(|word| {
            let front = rest.strip_suffix(**word);
            rest.len() < start && front.is_some_and(|front| !front.ends_with(is_part_of_name))
        });
        match word {
            Some(word) => start = rest.len() - word.len(),
            None if start < before.len() => {
                return Some(Piece {
                    start,
                    text: &text[start..],
                });
            }
            None => return None,
        }
    }
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '#' | '.')
}

#[cfg(test)]
mod tests {
    use super::modifiers_before_declare;

    #[test]
    fn modifiers_end_where_others_begin() {
        for (text, modifiers) in [
            ("{ static declare ", Some("static declare")),
            (
                "{ a; private static  readonly declare ",
                Some("private static  readonly declare"),
            ),
            ("{ declare ", None),
            ("{ static\ndeclare ", None),
            ("{ astatic declare ", None),
            ("{ staticdeclare ", None),
        ] {
            let found = modifiers_before_declare(text).map(|piece| piece.text);
            assert_eq!(found, modifiers, "{text}");
        }
    }
}
