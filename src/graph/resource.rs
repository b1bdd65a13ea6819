//! What a source file gives beside code: a file that is delivered, or a style sheet.

use std::sync::Arc;

use super::ids::{ModuleId, RecordId};
use crate::diagnostic::Diagnostic;

/// What a module gives beside its statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A file that is delivered as it is.
    File(DeliveredFile),
    /// A style sheet.
    Style(StyleSheet),
    /// The file that is made of the style sheet of a request and of all that it imports.
    SheetFile(RecordId),
}

/// A file that is delivered as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredFile {
    /// Content.
    pub bytes: Arc<[u8]>,
    /// Hash of the content, as file names carry it.
    pub hash: String,
    /// The content as a `data:` URL, where the file is never delivered but written out where it is used.
    pub data_url: Option<String>,
}

/// A style sheet with all it imports as a delivered file. The render stage makes it when all files are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredSheet {
    /// The file.
    pub file: DeliveredFile,
    /// The delivered files that it names.
    pub named: Vec<ModuleId>,
}

/// A style sheet, printed rule by rule; what it imports and the URLs it names are requests of its module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyleSheet {
    /// In the order of the source.
    pub parts: Vec<StylePart>,
    /// Every cascade layer that its own rules name, in order of first appearance.
    pub layers: Vec<String>,
    /// What is no CSS, so that a browser ignores it, as warnings.
    pub ignored: Vec<Diagnostic>,
}

/// A stretch of a style sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StylePart {
    /// `@layer a, b;` before or between imports: the names.
    Layers(Vec<String>),
    /// An `@import`.
    Import(StyleImport),
    /// All other rules.
    Rules(StyleText),
}

/// `@import "target" layer(…) supports(…) media`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyleImport {
    /// What is imported.
    pub target: StyleTarget,
    /// Under which conditions.
    pub conditions: StyleConditions,
}

/// What an `@import` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StyleTarget {
    /// A file that is part of the build.
    Request(RecordId),
    /// A URL that the browser loads.
    Remote(String),
}

/// The conditions of an `@import`, as CSS text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StyleConditions {
    /// `layer(name)`, or `layer` without a name.
    pub layer: Option<Option<String>>,
    /// What stands in `supports(…)`.
    pub supports: Option<String>,
    /// The media queries.
    pub media: Option<String>,
}

/// Printed rules. URLs that are requests stand as [`url_placeholder`]s.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyleText {
    /// The text, without a line break at its end.
    pub code: String,
    /// Where it comes from, in the order of the text.
    pub positions: Vec<StylePosition>,
}

/// A place in the printed text and the place in the source it comes from; lines and columns from 0, in UTF-16
/// units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StylePosition {
    /// Line and column of the printed text.
    pub printed: (u32, u32),
    /// Line and column of the source.
    pub source: (u32, u32),
}

/// How every placeholder begins.
pub const URL_PLACEHOLDER_START: &str = "esmx-url:";

/// Stands for the URL of a request until files have names.
pub fn url_placeholder(record: RecordId) -> String {
    format!("{URL_PLACEHOLDER_START}{}.", record.raw())
}

impl StyleText {
    /// The text with every placeholder replaced by what `url` says for its request.
    ///
    /// Positions behind a replacement on its line move with it.
    #[must_use]
    pub fn with_urls(&self, mut url: impl FnMut(RecordId) -> String) -> Self {
        let mut output = Self {
            code: String::with_capacity(self.code.len()),
            positions: self.positions.clone(),
        };
        let mut copied = 0;
        while let Some(found) = self.code[copied..].find(URL_PLACEHOLDER_START) {
            let start = copied + found;
            output.code.push_str(&self.code[copied..start]);
            let digits = start + URL_PLACEHOLDER_START.len();
            let length = self.code[digits..].find('.');
            let record = length.and_then(|length| self.code[digits..digits + length].parse::<u32>().ok());
            let (Some(length), Some(record)) = (length, record) else {
                // The source says so itself.
                output.code.push_str(URL_PLACEHOLDER_START);
                copied = digits;
                continue;
            };
            let end = digits + length + 1;
            let replacement = url(RecordId::from_raw(record));
            output.move_positions(end - start, &replacement);
            output.code.push_str(&replacement);
            copied = end;
        }
        output.code.push_str(&self.code[copied..]);
        output
    }

    /// Numbers requests `shift` higher.
    pub fn move_placeholders(&mut self, shift: usize) {
        *self = self.with_urls(|record| url_placeholder(RecordId::from_usize(record.index() + shift)));
    }

    /// Notes that `removed` bytes of ASCII after the end of the code become `replacement`.
    fn move_positions(&mut self, removed: usize, replacement: &str) {
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let removed = u32::try_from(removed).unwrap_or(u32::MAX);
        let line = u32::try_from(self.code.matches('\n').count()).unwrap_or(u32::MAX);
        let last_line = self.code.rsplit('\n').next().unwrap_or_default();
        let column = units(last_line);
        let added = units(replacement);
        for position in &mut self.positions {
            if position.printed.0 == line && position.printed.1 > column {
                position.printed.1 = (position.printed.1 + added).saturating_sub(removed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_and_positions_move() {
        let text = StyleText {
            code: format!(
                "a\nurl({}) b url({}#x)",
                url_placeholder(RecordId::from_raw(1)),
                url_placeholder(RecordId::from_raw(20))
            ),
            positions: vec![
                StylePosition {
                    printed: (1, 4),
                    source: (0, 0),
                },
                StylePosition {
                    printed: (1, 17),
                    source: (0, 9),
                },
            ],
        };
        let replaced = text.with_urls(|record| format!("f{}", record.raw()));
        assert_eq!(replaced.code, "a\nurl(f1) b url(f20#x)");
        assert_eq!(replaced.positions[0].printed, (1, 4));
        assert_eq!(replaced.positions[1].printed, (1, 8));
    }
}
