//! Short names: the n-th identifier in an order that compresses well.
//!
//! The letters are ordered by how often they occur in JavaScript text, so that a name adds little to what a
//! compressor must encode. The order is fixed, not counted per chunk: a change in one file then never renames
//! everything in the others.

/// What an identifier may start with, most frequent first.
const FIRST: &[u8; 54] = b"etnrisouaflchpdvmgybwESxTNCkLAOM_DPHBjFIqRUzWXV$JKQGYZ";
/// What may follow.
const REST: &[u8; 64] = b"etnrisouaflchpdvmgybwESxTNCkLAOM_DPHBjFIqRUzWXV$JKQGYZ0516372984";

/// The `index`-th short name, reserved words included: `e`, `t`, …, `Z`, `ee`, `te`, ….
pub fn nth_name(index: usize) -> String {
    let mut name = String::with_capacity(3);
    name.push(char::from(FIRST[index % FIRST.len()]));
    let mut rest = index / FIRST.len();
    while rest > 0 {
        rest -= 1;
        name.push(char::from(REST[rest % REST.len()]));
        rest /= REST.len();
    }
    name
}

/// Words of at most three letters that cannot be a binding in a module; longer ones are never reached before
/// them, and [`is_reserved`] knows all up to six letters.
const RESERVED: &[&str] = &[
    "do", "if", "in", "for", "let", "new", "try", "var", "case", "else", "enum", "eval", "null", "this",
    "true", "void", "with", "await", "break", "catch", "class", "const", "false", "super", "throw", "while",
    "yield", "delete", "export", "import", "public", "return", "static", "switch", "typeof",
];

/// Whether a short name is a word that modules may not bind.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_distinct_identifiers_that_grow() {
        let names: Vec<_> = (0..54 * 64 * 3).map(nth_name).collect();
        let distinct: HashSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert_eq!(
            (names[0].as_str(), names[53].as_str(), names[54].as_str()),
            ("e", "Z", "ee")
        );
        assert!(names.iter().all(|name| !name.as_bytes()[0].is_ascii_digit()));
        assert!(names.windows(2).all(|pair| pair[0].len() <= pair[1].len()));
    }
}
