//! Places in a style sheet as byte ranges.

/// The byte offset of a line and a column, both from 0, the column in UTF-16 units.
pub fn offset(source: &str, line: u32, column: u32) -> usize {
    let mut start = 0;
    let mut lines = 0;
    let bytes = source.as_bytes();
    while lines < line && start < bytes.len() {
        // CSS also ends lines with a form feed, and with a carriage return alone.
        start += match bytes[start] {
            b'\r' if bytes.get(start + 1) == Some(&b'\n') => {
                lines += 1;
                2
            }
            b'\n' | b'\r' | b'\x0c' => {
                lines += 1;
                1
            }
            _ => 1,
        };
    }
    let mut units = 0;
    for (index, character) in source[start..].char_indices() {
        if units >= column as usize {
            return start + index;
        }
        units += character.len_utf16();
    }
    source.len()
}

/// The range of `text` from `from` on; of one byte at `from` where the text is spelled differently.
pub fn range_of(source: &str, from: usize, text: &str) -> (usize, usize) {
    match source.get(from..).and_then(|rest| rest.find(text)) {
        Some(index) if !text.is_empty() => (from + index, from + index + text.len()),
        _ => (from, (from + 1).min(source.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_become_offsets() {
        assert_eq!(offset("a\nbc", 1, 1), 3);
        assert_eq!(offset("é\r\nü x", 1, 2), 7);
        assert_eq!(offset("a", 5, 5), 1);
    }

    #[test]
    fn texts_are_found_from_a_place_on() {
        assert_eq!(range_of("url(a) url(a)", 6, "a"), (11, 12));
        assert_eq!(range_of("url(\\61)", 0, "a"), (0, 1));
    }
}
