//! What is wrong with a style sheet, where.

use std::path::Path;

use lightningcss::error::{Error, ParserError};

use super::super::nesting::DEEPEST;
use super::locate::{line_and_column, offset, range_of};
use super::unreadable::{is_left_out, is_unknown_selector, item_of};
use super::values::{Edit, place_in_source};
use crate::diagnostic::{Code, Diagnostic, Location};

/// A sheet in its file, for diagnostics.
pub struct Place<'a> {
    pub path: &'a Path,
    pub source: &'a str,
    pub edits: &'a [Edit],
}

impl Place<'_> {
    pub fn nested_too_deep(&self, start: usize) -> Diagnostic {
        Diagnostic::new(
            Code::Syntax,
            "",
            format!("Rules and brackets are nested more than {DEEPEST} levels deep here."),
            "Write the inner rules outside of the others.",
        )
        .at(Some(Location::of_range(self.path, self.source, start, start + 1)))
    }

    /// What the parser could not read in `text`, as warnings.
    pub fn ignored(
        &self,
        text: &str,
        found: &[Error<ParserError<'_>>],
    ) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if let Some(value) = found
            .iter()
            .find(|error| error.kind == ParserError::DeprecatedCssModulesValueRule)
        {
            return Err(vec![self.parse_error(value)]);
        }
        let of_interest = found
            .iter()
            .filter(|error| is_left_out(&error.kind) || is_unknown_selector(&error.kind));
        let ignored = of_interest.map(|error| {
            let reason = error.kind.to_string();
            let who = if is_unknown_selector(&error.kind) {
                "Some browsers"
            } else {
                "Browsers"
            };
            let message = format!("{who} ignore this: {}.", reason.trim_end_matches('.'));
            let item = item_of(text, error);
            let at = match &item {
                Some(item) => Some(line_and_column(text, item.start)),
                None => error
                    .loc
                    .as_ref()
                    .map(|at| (at.line, at.column.saturating_sub(1))),
            };
            let length = item.map_or(1, |item| text[item].trim_end().len());
            self.diagnostic(Code::Css, message, "Correct the CSS, or remove it.", at, length)
        });
        Ok(ignored.collect())
    }

    pub fn parse_error(&self, error: &Error<ParserError<'_>>) -> Diagnostic {
        let message = error.kind.to_string();
        self.error(&message, error.loc.as_ref().map(|at| (at.line, at.column)))
    }

    pub fn error(&self, message: &str, at: Option<(u32, u32)>) -> Diagnostic {
        let fix = if message.contains("@value") {
            "Call the sheet `*.module.css`, or write a custom property: `:root { --primary: red }` and `var(--primary)`."
        } else {
            "Correct the CSS; a browser would ignore what it cannot read."
        };
        let message = format!("This is not valid CSS: {}.", message.trim_end_matches('.'));
        let at = at.map(|(line, column)| (line, column.saturating_sub(1)));
        self.diagnostic(Code::Syntax, message, fix, at, 1)
    }

    /// `at`: line and column from 0; `length` in bytes.
    fn diagnostic(
        &self,
        code: Code,
        message: String,
        fix: &str,
        at: Option<(u32, u32)>,
        length: usize,
    ) -> Diagnostic {
        let (line, column) = place_in_source(self.edits, at.unwrap_or_default());
        let start = offset(self.source, line, column);
        let end = (start + length).min(self.source.len());
        Diagnostic::new(code, "", message, fix).at(Some(Location::of_range(
            self.path,
            self.source,
            start,
            end,
        )))
    }

    pub fn composes_itself(&self, name: &str) -> Diagnostic {
        let start = self.source.find(&format!(".{name}")).unwrap_or(0);
        let (start, end) = range_of(self.source, start, name);
        Diagnostic::new(
            Code::Syntax,
            "",
            format!("`.{name}` composes itself."),
            "Remove one `composes` of the circle.",
        )
        .at(Some(Location::of_range(self.path, self.source, start, end)))
    }
}
