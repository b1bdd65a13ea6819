//! `importmap resolve` in words.

use std::fmt::Write as _;

use crate::cli::report::View;
use crate::command::importmap::ResolveReport;
use crate::diagnostic::human::{Palette, printable};

/// What each specifier means, or the parsed map; and what a browser's console says.
pub(super) fn text(report: &ResolveReport, view: &View<'_>) -> (String, String) {
    let Palette { strong, quiet, .. } = *view.answer.palette();
    let mut answer = String::new();
    for (specifier, result) in &report.results {
        let name = printable(specifier);
        let meaning = match (result, report.reasons.get(specifier)) {
            (Some(url), _) => printable(url),
            (None, Some(reason)) => format!("{quiet}nothing:{quiet:#} {}", printable(reason)),
            (None, None) => continue,
        };
        let _ = writeln!(answer, "{strong}{name}{strong:#} → {meaning}");
    }
    if let (true, Some(parsed)) = (report.results.is_empty(), &report.parsed) {
        answer = serde_json::to_string_pretty(parsed).expect("a map has only string keys") + "\n";
    }
    let mut told = String::new();
    for warning in &report.warnings {
        let _ = writeln!(told, "note: {}.", printable(warning));
    }
    (answer, told)
}
