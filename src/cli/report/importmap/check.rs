//! `importmap check` and `gate` in words.

use crate::command::importmap::{CheckReport, GateReport};
use crate::diagnostic::human::printable;

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

/// What was compared; findings follow.
pub(super) fn gate_text(report: &GateReport) -> (String, String) {
    let consumers = match report.consumers.as_slice() {
        [] => "No deployed module imports from it.".to_owned(),
        consumers => format!("Imported by {}.", printable(&consumers.join(", "))),
    };
    let module = printable(&report.module);
    let version = printable(&report.version);
    let text = if report.ok {
        format!("{module} {version} fits what is deployed. {consumers}\n")
    } else {
        String::new()
    };
    (text, String::new())
}
