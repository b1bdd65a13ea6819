//! `importmap release`, `rollback` and `history` in words.

use std::fmt::Write as _;

use crate::cli::report::plural;
use crate::command::importmap::{Action, HistoryReport, ReleaseReport, ReleasedModule};
use crate::diagnostic::human::printable;

/// What is live; or that nothing changed, and how to insist.
pub(super) fn text(report: &ReleaseReport) -> (String, String) {
    let Some(number) = report.number else {
        let told = "Nothing was released; the live map is as it was.\n\n";
        return (String::new(), told.to_owned());
    };
    let modules = modules(&report.modules);
    let mut text = match report.restored {
        Some(restored) => format!("Release {restored} is live again, as number {number}{modules}.\n"),
        None => format!("Release {number} is live{modules}.\n"),
    };
    let _ = writeln!(text, "{} written.", plural(report.written.len(), "file", "files"));
    if !report.removed.is_empty() {
        let removed = plural(report.removed.len(), "file", "files");
        let _ = writeln!(text, "{removed} of old releases removed.");
    }
    if report.forced {
        text.push_str("It was forced in spite of the errors below; the history says so.\n\n");
    }
    (text, String::new())
}

/// One line for each record, newest first.
pub(super) fn history_text(report: &HistoryReport) -> (String, String) {
    if report.releases.is_empty() {
        return ("Nothing has been released here.\n".to_owned(), String::new());
    }
    let mut text = String::new();
    for entry in &report.releases {
        let what = match (entry.action, entry.of) {
            (Action::Rollback, Some(of)) => format!("rollback to {of}"),
            _ => "release".to_owned(),
        };
        let marks = [
            (report.live == Some(entry.number), ", live"),
            (entry.forced, ", forced"),
            (entry.unfinished, ", cut off before it was live"),
            (!entry.kept, ", files not kept"),
        ];
        let marks: String = marks
            .iter()
            .filter_map(|(holds, mark)| holds.then_some(*mark))
            .collect();
        let modules = modules(&entry.modules);
        let _ = writeln!(text, "{}  {}  {what}{marks}{modules}", entry.number, entry.time);
    }
    (text, String::new())
}

fn modules(modules: &[ReleasedModule]) -> String {
    if modules.is_empty() {
        return String::new();
    }
    let list: Vec<String> = modules
        .iter()
        .map(|module| format!("{} {}", module.name, module.version))
        .collect();
    format!(": {}", printable(&list.join(", ")))
}
