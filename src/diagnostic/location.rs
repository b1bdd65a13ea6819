//! A place in one of the user's files.

use std::path::{Path, PathBuf};

/// A position in a source file, with the text needed to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Absolute path of the file.
    pub file: PathBuf,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, counted in Unicode scalar values.
    pub column: usize,
    /// How many characters to underline, at least 1, never beyond the line.
    pub length: usize,
    /// The whole source line, without its line break.
    pub source_line: String,
}

impl Location {
    /// The place of the byte range `start..end` of `source`. Offsets beyond the text or inside a
    /// character are moved back to the nearest character boundary.
    pub fn of_range(file: &Path, source: &str, start: usize, end: usize) -> Self {
        let start = floor_boundary(source, start);
        let end = floor_boundary(source, end.max(start));
        let line_start = source[..start].rfind('\n').map_or(0, |index| index + 1);
        let line_end = source[start..]
            .find('\n')
            .map_or(source.len(), |index| start + index);
        let length = source[start..end.min(line_end).max(start)].chars().count().max(1);
        Self {
            file: file.to_path_buf(),
            line: source[..start].matches('\n').count() + 1,
            column: source[line_start..start].chars().count() + 1,
            length,
            source_line: source[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let location = Location::of_range(Path::new("/a.js"), "é\r\nlet ü = x\n", 13, 14);
        assert_eq!((location.line, location.column, location.length), (2, 9, 1));
        assert_eq!(location.source_line, "let ü = x");
    }

    #[test]
    fn offsets_out_of_the_text_do_not_panic() {
        let location = Location::of_range(Path::new("/a.js"), "ab", 90, 95);
        assert_eq!((location.line, location.column), (1, 3));
    }
}
