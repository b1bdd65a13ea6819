//! `importmap check` in words.

use crate::command::importmap::CheckReport;

/// What was looked at; findings follow.
pub(super) fn text(report: &CheckReport) -> (String, String) {
    let count = report.files.len();
    let files = if count == 1 { "file" } else { "files" };
    let hashed = report.files.iter().filter(|file| file.integrity).count();
    let text = if report.ok {
        format!(
            "The map holds: {count} {files} can be imported and arrive, {hashed} of them with integrity.\n"
        )
    } else {
        String::new()
    };
    (text, String::new())
}
