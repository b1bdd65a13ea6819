//! The part of a source line around the place to blame.

use unicode_width::UnicodeWidthChar;

use super::is_harmless;
use crate::diagnostic::Location;

/// The part of a source line that is shown, measured in terminal cells.
pub(super) struct Excerpt {
    /// What is shown; `…` stands for what was cut.
    pub text: String,
    /// Cells before the underlined part.
    pub before: usize,
    /// Cells to underline, at least one.
    pub underlined: usize,
}

/// One source character as it is shown.
struct Cell {
    character: char,
    width: usize,
}

impl Excerpt {
    /// No wider than this, whatever the terminal: a line is context, and minified sources have lines of
    /// millions of characters.
    const WIDTH: usize = 96;
    /// A tab takes this many cells; its true stop depends on what was cut away.
    const TAB: usize = 4;

    /// The line around the place to blame. Works on at most a few hundred characters however long the line is.
    pub(super) fn around(location: &Location) -> Self {
        let column = location.column.saturating_sub(1);
        let skipped = column.saturating_sub(Self::WIDTH);
        let mut rest = location.source_line.chars().skip(skipped);
        let cells: Vec<Cell> = rest.by_ref().take(3 * Self::WIDTH).map(Cell::of).collect();
        let blamed = (column - skipped).min(cells.len());
        let blamed_end = (blamed + location.length.max(1)).min(cells.len());

        let start = if skipped == 0 && width_of(&cells[..blamed_end]) <= Self::WIDTH {
            0
        } else {
            start_of_window(&cells[..blamed], Self::WIDTH / 3)
        };
        let end = end_of_window(&cells, start, Self::WIDTH);
        let (is_cut_left, is_cut_right) = (skipped + start > 0, end < cells.len() || rest.next().is_some());

        let mut text = String::new();
        if is_cut_left {
            text.push('…');
        }
        for cell in &cells[start..end] {
            match cell.character {
                '\t' => text.push_str(&" ".repeat(Self::TAB)),
                character => text.push(character),
            }
        }
        if is_cut_right {
            text.push('…');
        }
        Self {
            text,
            before: usize::from(is_cut_left) + width_of(&cells[start..blamed]),
            underlined: width_of(&cells[blamed..blamed_end.min(end).max(blamed)]).max(1),
        }
    }
}

impl Cell {
    fn of(character: char) -> Self {
        match character {
            '\t' => Self {
                character,
                width: Excerpt::TAB,
            },
            character if is_harmless(character) => Self {
                character,
                width: character.width().unwrap_or(0),
            },
            _ => Self {
                character: '\u{fffd}',
                width: 1,
            },
        }
    }
}

fn width_of(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

/// Where a window begins that keeps at most `lead` cells before the blamed place, the end of `before`.
fn start_of_window(before: &[Cell], lead: usize) -> usize {
    let mut width = 0;
    for (index, cell) in before.iter().enumerate().rev() {
        width += cell.width;
        if width > lead {
            return index + 1;
        }
    }
    0
}

/// The end of the longest run from `start` that fits into `room` cells.
fn end_of_window(cells: &[Cell], start: usize, room: usize) -> usize {
    let mut width = 0;
    for (index, cell) in cells.iter().enumerate().skip(start) {
        width += cell.width;
        if width > room {
            return index;
        }
    }
    cells.len()
}
