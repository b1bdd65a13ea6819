//! The documentation of a code: what it says, why, an example with the message as it is printed, and the fix.
//!
//! The pages are the Markdown files in `explain`. They are also test cases: comments in them hold what an example needs
//! besides what a reader wants to see, and `tests/front_door/explanations.rs` runs every example and every repair.

use super::Code;

/// The page of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    code: Code,
}

/// A piece of a page, for whoever lays it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A line that stands out; the level is 1 for the page's own title.
    Heading {
        /// How many `#` it has.
        level: usize,
        /// What it says.
        text: String,
    },
    /// Running text.
    Paragraph(String),
    /// An item of a list.
    Item(String),
    /// Lines to keep as they are.
    Code {
        /// The file they are of; nothing for what a terminal shows.
        file: Option<String>,
        /// The lines.
        lines: Vec<String>,
    },
}

impl Page {
    /// The page of a code; every code has one.
    pub fn of(code: Code) -> Self {
        Self { code }
    }

    /// The page as Markdown, without its comments.
    pub fn markdown(self) -> String {
        let mut text = String::new();
        let mut is_comment = false;
        for line in self.code.page().lines() {
            is_comment |= line.starts_with("<!--");
            // A comment leaves one of the empty lines around it.
            let is_second_empty = line.is_empty() && text.ends_with("\n\n");
            if !is_comment && !is_second_empty {
                text.push_str(line);
                text.push('\n');
            }
            is_comment &= !line.ends_with("-->");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// The page in pieces. The pages use a small part of Markdown: headings, paragraphs, lists, fences.
    pub fn blocks(self) -> Vec<Block> {
        let markdown = self.markdown();
        let mut lines = markdown.lines();
        let mut blocks = Vec::new();
        let mut is_continued = false;
        while let Some(line) = lines.next() {
            let was_continued = std::mem::replace(&mut is_continued, !line.is_empty());
            if let Some(fence) = line.strip_prefix("```") {
                is_continued = false;
                blocks.push(Block::Code {
                    file: fence.split_once(' ').map(|(_, file)| file.to_owned()),
                    lines: lines
                        .by_ref()
                        .take_while(|line| *line != "```")
                        .map(str::to_owned)
                        .collect(),
                });
            } else if let Some((marks, text)) = line
                .split_once("# ")
                .filter(|(marks, _)| marks.chars().all(|mark| mark == '#'))
            {
                blocks.push(Block::Heading {
                    level: marks.len() + 1,
                    text: text.to_owned(),
                });
            } else if let Some(item) = line.strip_prefix("- ") {
                blocks.push(Block::Item(item.to_owned()));
            } else if !line.is_empty() {
                match blocks.last_mut() {
                    Some(Block::Paragraph(text) | Block::Item(text)) if was_continued => {
                        text.push(' ');
                        text.push_str(line.trim_start());
                    }
                    _ => blocks.push(Block::Paragraph(line.to_owned())),
                }
            }
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_sections_in_order_and_no_comment() {
        for &code in Code::ALL {
            let headings: Vec<String> = Page::of(code)
                .blocks()
                .into_iter()
                .filter_map(|block| match block {
                    Block::Heading { text, .. } => Some(text),
                    _ => None,
                })
                .collect();
            assert_eq!(
                headings,
                [code.as_str(), "What", "Why", "Example", "Fix"],
                "{code}"
            );
            let markdown = Page::of(code).markdown();
            assert!(
                !markdown.contains("<!--") && !markdown.contains("\n\n\n"),
                "{code}"
            );
        }
    }

    #[test]
    fn every_section_says_something() {
        for &code in Code::ALL {
            let blocks = Page::of(code).blocks();
            for pair in blocks.windows(2) {
                if let [Block::Heading { level: 2, text }, next] = pair {
                    assert!(
                        !matches!(next, Block::Heading { .. }),
                        "{text} of {code} is empty"
                    );
                }
            }
        }
    }

    #[test]
    fn lines_of_a_paragraph_and_of_an_item_are_joined() {
        let blocks = Page::of(Code::Schema).blocks();
        assert!(matches!(&blocks[0], Block::Heading { level: 1, text } if text == "E_SCHEMA"));
        assert!(
            blocks
                .iter()
                .any(|block| matches!(block, Block::Item(text) if text.starts_with("`exports`") && text.contains("an object with")))
        );
    }
}
