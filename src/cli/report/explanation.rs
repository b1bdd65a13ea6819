//! The answer of `explain`: the page of a code, or the list of all codes. A pipe gets Markdown; a terminal gets it laid
//! out.

use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::{Shown, View};
use crate::cli::Exit;
use crate::cli::console::Look;
use crate::cli::{Schema, config_schema};
use crate::diagnostic::human::Palette;
use crate::diagnostic::{Block, Code, Page, Severity};
use crate::protocol::declaration_schema;

/// Lines longer than this tire the eye, however wide the terminal is.
const WIDEST: usize = 96;

/// The page of a code, or all codes with one sentence each.
pub(in crate::cli) fn of_explain(code: Option<Code>, view: &View<'_>) -> Shown {
    let palette = view.answer.palette();
    let answer = match (code, view.answer) {
        (None, _) => list(palette),
        (Some(code), Look::Plain) => Page::of(code).markdown(),
        (Some(code), Look::Rich { columns }) => Layout {
            columns: columns.clamp(40, WIDEST),
            palette,
        }
        .page(code),
    };
    done(answer)
}

/// The same for tools.
pub(in crate::cli) fn json_of_explain(code: Option<Code>) -> Shown {
    #[derive(Serialize)]
    struct Explanation {
        code: &'static str,
        severity: &'static str,
        summary: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        page: Option<String>,
    }
    let explanation = |code: Code, page: Option<String>| Explanation {
        code: code.as_str(),
        severity: match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        summary: code.summary(),
        page,
    };
    let text = if let Some(code) = code {
        serde_json::to_string_pretty(&explanation(code, Some(Page::of(code).markdown())))
    } else {
        let all: Vec<_> = Code::ALL.iter().map(|code| explanation(*code, None)).collect();
        serde_json::to_string_pretty(&all)
    };
    done(text.expect("an explanation has only string keys") + "\n")
}

/// A JSON Schema.
pub(in crate::cli) fn of_schema(schema: Schema) -> Shown {
    done(match schema {
        Schema::Declaration => declaration_schema(),
        Schema::Config => config_schema(),
    })
}

fn done(answer: String) -> Shown {
    Shown {
        answer,
        talk: String::new(),
        end: String::new(),
        exit: Exit::Done,
    }
}

fn list(palette: &Palette) -> String {
    let widest = Code::ALL
        .iter()
        .map(|code| code.as_str().len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for code in Code::ALL {
        let style = match code.severity() {
            Severity::Error => palette.error,
            Severity::Warning => palette.warning,
        };
        let blank = " ".repeat(widest - code.as_str().len());
        let _ = writeln!(text, "{style}{code}{style:#}{blank}  {}", code.summary());
    }
    text.push_str("\n`esmx-build explain CODE` says why, with an example and its repair.\n");
    text
}

/// Markdown for the eye: bold headings, code indented under the name of its file, text wrapped.
struct Layout<'a> {
    columns: usize,
    palette: &'a Palette,
}

impl Layout<'_> {
    fn page(&self, code: Code) -> String {
        let Palette { strong, quiet, .. } = *self.palette;
        let mut text = String::new();
        let mut was_item = false;
        for block in Page::of(code).blocks() {
            let is_item = matches!(block, Block::Item(_));
            let follows_its_like = was_item && is_item;
            if !text.is_empty() && !follows_its_like {
                text.push('\n');
            }
            was_item = is_item;
            match block {
                Block::Heading { level: 1, .. } => {
                    let style = match code.severity() {
                        Severity::Error => self.palette.error,
                        Severity::Warning => self.palette.warning,
                    };
                    let _ = writeln!(text, "{style}{code}{style:#}");
                }
                Block::Heading { text: heading, .. } => {
                    let _ = writeln!(text, "{strong}{heading}{strong:#}");
                }
                Block::Paragraph(paragraph) => text.push_str(&self.wrapped(&paragraph, "  ", "  ")),
                Block::Item(item) => text.push_str(&self.wrapped(&item, "  • ", "    ")),
                Block::Code { file, lines } => {
                    if let Some(file) = file {
                        let _ = writeln!(text, "  {quiet}{file}{quiet:#}");
                    }
                    for line in lines {
                        let _ = writeln!(text, "{}", format!("    {line}").trim_end());
                    }
                }
            }
        }
        text
    }

    /// Text in lines; `inline code` in the colour of things to copy.
    fn wrapped(&self, text: &str, first: &str, rest: &str) -> String {
        let accent = self.palette.accent;
        let mut result = String::new();
        let mut line = first.to_owned();
        let mut width = first.width();
        let mut is_code = false;
        let mut is_line_empty = true;
        for word in text.split(' ') {
            let shown = word.replace('`', "");
            if !is_line_empty && width + 1 + shown.width() > self.columns {
                result.push_str(&line);
                result.push('\n');
                rest.clone_into(&mut line);
                width = rest.width();
                is_line_empty = true;
            }
            if !is_line_empty {
                line.push(' ');
                width += 1;
            }
            // A style must not reach over a line's end, so every word has its own.
            for (index, part) in word.split('`').enumerate() {
                is_code ^= index > 0;
                if is_code && !part.is_empty() {
                    let _ = write!(line, "{accent}{part}{accent:#}");
                } else {
                    line.push_str(part);
                }
            }
            width += shown.width();
            is_line_empty = false;
        }
        result + &line + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laid_out_lines_fit_and_lose_no_word() {
        for columns in [40, 72, WIDEST] {
            let layout = Layout {
                columns,
                palette: &Palette::PLAIN,
            };
            for &code in Code::ALL {
                for block in Page::of(code).blocks() {
                    let (Block::Paragraph(text) | Block::Item(text)) = block else {
                        continue;
                    };
                    let laid_out = layout.wrapped(&text, "  ", "  ");
                    let is_fitting = |line: &str| line.width() <= columns || !line.trim().contains(' ');
                    assert!(laid_out.lines().all(is_fitting), "{laid_out}");
                    let words: Vec<&str> = laid_out.split_whitespace().collect();
                    assert_eq!(words.join(" "), text.replace('`', ""));
                }
            }
        }
    }

    #[test]
    fn colour_adds_only_escape_codes() {
        let page = |palette| Layout { columns: 80, palette }.page(Code::Schema);
        let colored = page(&Palette::COLORED);
        assert_ne!(colored, page(&Palette::PLAIN));
        assert_eq!(
            anstream::adapter::strip_str(&colored).to_string(),
            page(&Palette::PLAIN)
        );
    }
}
