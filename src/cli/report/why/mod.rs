//! The answer of `why` for people: one line that says what the specifier means, then a paragraph for each
//! decision, the deciding place below its sentence.
//!
//! ```text
//! acme-app: vue → acme-vue-base/vue (vue 3.5.2)
//!
//!   Which major
//!     "vue": "^3.4.0" in dependencies chooses vue 3: 3.5.2 satisfies it.
//!       package.json:4:29
//! ```

mod document;
mod other_answers;
mod package;

use std::fmt::Write as _;
use std::path::Path;

use super::{Shown, View, findings, notices, shown_directory};
use crate::base::relative_posix;
use crate::cli::Exit;
use crate::command::{BundledFile, WhyReport};
use crate::diagnostic::human::{Palette, printable};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::link::{Answer, BuiltFile, Explanation, FileState};

pub(in crate::cli) use self::document::json_of_why;

/// The whole text.
pub(in crate::cli) fn of_why(report: &WhyReport, view: &View<'_>) -> Shown {
    let explanation = &report.explanation;
    let mut paper = Paper {
        text: String::new(),
        palette: view.answer.palette(),
        directory: view.directory,
    };
    paper.answer(explanation);
    paper.bundled(&report.bundled);
    if !explanation.is_declared && !matches!(explanation.answer, Answer::ByHand(_)) {
        let module = printable(&explanation.module);
        paper.heading("Legacy");
        paper.say(&format!(
            "{module} has no esmx declaration: what it was built with says what it gets, and nothing is elected for it."
        ));
    }
    Shown {
        answer: paper.text,
        talk: notices(&report.notices, view.directory, view.talk.palette())
            + &findings(&untold(explanation), view),
        end: String::new(),
        exit: exit_of(report),
    }
}

/// 0 when the specifier means something.
fn exit_of(report: &WhyReport) -> Exit {
    if report.is_answered() {
        Exit::Done
    } else {
        Exit::ProjectErrors
    }
}

/// The diagnostics that say more than the answer does: losers, other majors and missing builds are told there.
fn untold(explanation: &Explanation) -> Vec<&Diagnostic> {
    let told = [Code::MultiCandidate, Code::MultiMajor, Code::NotBuilt];
    let refusal = match &explanation.answer {
        Answer::Refused(diagnostic) => Some(&**diagnostic),
        _ => None,
    };
    let others = explanation.diagnostics.iter();
    refusal
        .into_iter()
        .chain(others.filter(|diagnostic| !told.contains(&diagnostic.code)))
        .collect()
}

/// Text that grows from top to bottom.
struct Paper<'a> {
    text: String,
    palette: &'static Palette,
    /// Where the user is.
    directory: &'a Path,
}

impl Paper<'_> {
    fn answer(&mut self, explanation: &Explanation) {
        let specifier = explanation.specifier.as_str();
        match &explanation.answer {
            Answer::Package(package) => self.package(explanation, package),
            Answer::Export(export) => self.export(explanation, export),
            Answer::OwnCopy(copy) => self.own_copy(explanation, copy),
            Answer::Builtin { client, is_prefixed } => {
                self.builtin(explanation, client.as_ref(), *is_prefixed);
            }
            Answer::OwnFile(path) => {
                let path = shown_directory(self.directory, path);
                self.title(explanation, "a file of the module itself");
                self.heading("Why");
                self.say(&format!(
                    "{} is the module's own name, and no export is called like the rest; so it is a path: {path}, \
                     with the usual extensions tried.",
                    printable(&explanation.module)
                ));
            }
            Answer::Relative => {
                self.title(explanation, "a path");
                self.heading("Why");
                self.say("A path is resolved from the file that imports it, and bundled.");
            }
            Answer::Url => {
                self.title(explanation, "a URL");
                self.heading("Why");
                self.say("A URL stays as it is written, in the output too.");
            }
            Answer::ByHand(sides) => self.by_hand(explanation, sides),
            Answer::Refused(_) => self.title(explanation, "an error"),
            Answer::Nothing(nothing) => self.nothing(explanation, nothing),
            Answer::Cyclic => {
                self.title(explanation, "not decided");
                self.heading("Why");
                self.say(&format!(
                    "Modules use each other in a circle, so there is no order to merge in, and nobody is supplied with {}.",
                    printable(specifier)
                ));
            }
        }
    }

    /// `acme-shop: vue → …`
    fn title(&mut self, explanation: &Explanation, meaning: &str) {
        let strong = self.palette.strong;
        let (module, specifier) = (printable(&explanation.module), printable(&explanation.specifier));
        let _ = writeln!(self.text, "{module}: {strong}{specifier}{strong:#} → {meaning}");
    }

    fn heading(&mut self, text: &str) {
        let strong = self.palette.strong;
        let _ = writeln!(self.text, "\n  {strong}{text}{strong:#}");
    }

    fn say(&mut self, text: &str) {
        let _ = writeln!(self.text, "    {text}");
    }

    /// Where what was just said is written.
    fn place(&mut self, location: Option<&Location>) {
        let Some(location) = location else { return };
        let accent = self.palette.accent;
        let file = printable(&relative_posix(self.directory, &location.file));
        let (line, column) = (location.line, location.column);
        let _ = writeln!(self.text, "      {accent}{file}:{line}:{column}{accent:#}");
    }

    /// Lines whose columns stand below each other.
    fn table(&mut self, rows: &[Vec<String>]) {
        use unicode_width::UnicodeWidthStr as _;
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count)
            .map(|column| {
                rows.iter()
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.width())
                    .max()
            })
            .map(Option::unwrap_or_default)
            .collect();
        for row in rows {
            let mut line = String::from("    ");
            for (cell, width) in row.iter().zip(&widths) {
                let padding = width.saturating_sub(cell.width()) + 2;
                let _ = write!(line, "{cell}{:padding$}", "");
            }
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }

    fn bundled(&mut self, bundled: &[BundledFile]) {
        if bundled.is_empty() {
            return;
        }
        self.heading("Bundled from");
        let text = |bundled: &BundledFile| match &bundled.file {
            Ok(Some(path)) => shown_directory(self.directory, path),
            Ok(None) => "nothing: its package replaces it by an empty module".to_owned(),
            Err(reason) => format!("nothing, an import is an error: {}", printable(reason)),
        };
        let rows: Vec<Vec<String>> = bundled
            .iter()
            .map(|bundled| vec![bundled.side.to_string(), text(bundled)])
            .collect();
        self.table(&rows);
    }

    fn files(&mut self, files: &[BuiltFile]) {
        self.heading("Loaded from");
        let rows: Vec<Vec<String>> = files
            .iter()
            .map(|file| vec![file.side.to_string(), self.file_text(&file.state)])
            .collect();
        self.table(&rows);
    }

    fn file_text(&self, state: &FileState) -> String {
        match state {
            FileState::Built(path) => shown_directory(self.directory, path),
            FileState::Missing(path) => format!(
                "{}, which the manifest names, but which is not there",
                shown_directory(self.directory, path)
            ),
            FileState::NotInManifest => "not in the manifest: built before this was declared".to_owned(),
            FileState::NotBuilt => "not built".to_owned(),
        }
    }
}
