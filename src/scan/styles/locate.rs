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

/// The line and the column of a byte offset; the opposite of [`offset`].
pub fn line_and_column(source: &str, offset: usize) -> (u32, u32) {
    let bytes = source.as_bytes();
    let (mut line, mut start) = (0, 0);
    for at in 0..offset.min(bytes.len()) {
        let is_end = match bytes[at] {
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            byte => matches!(byte, b'\n' | b'\x0c'),
        };
        if is_end {
            (line, start) = (line + 1, at + 1);
        }
    }
    let before = source.get(start..offset).unwrap_or_default();
    let column = before.encode_utf16().count();
    (line, u32::try_from(column).unwrap_or(u32::MAX))
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
        let source = "a\u{e9}\r\n\r\u{fc} x\ny";
        for (at, _) in source
            .char_indices()
            .filter(|(at, _)| source.as_bytes()[*at] != b'\n')
        {
            let (line, column) = line_and_column(source, at);
            assert_eq!(offset(source, line, column), at, "{line}:{column}");
        }
    }

    #[test]
    fn texts_are_found_from_a_place_on() {
        assert_eq!(range_of("url(a) url(a)", 6, "a"), (11, 12));
        assert_eq!(range_of("url(\\61)", 0, "a"), (0, 1));
    }
}
