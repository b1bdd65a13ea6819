//! One build of a watch: a line for people, or one for another program:
//!
//! ```json
//! {"event":"built","written":2,"errors":0,"diagnostics":[],"durationMs":12.5}
//! ```

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::super::Exit;
use super::json::{milliseconds, records, shown_text};
use super::{Shown, View, closing, duration_text, findings};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::json::Record;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RebuildEvent<'a> {
    event: &'static str,
    /// How many files have other bytes than before.
    written: usize,
    diagnostics: Vec<Record<'a>>,
    duration_ms: f64,
}

fn exit(diagnostics: &[&Diagnostic]) -> Exit {
    if diagnostics.iter().any(|diagnostic| diagnostic.is_error()) {
        Exit::ProjectErrors
    } else {
        Exit::Done
    }
}

/// Findings, and what was written in which time.
pub(in crate::cli) fn of_rebuild(
    diagnostics: &[&Diagnostic],
    written: usize,
    duration: Duration,
    view: &View<'_>,
) -> Shown {
    let exit = exit(diagnostics);
    let time = duration_text(duration);
    let end = match (exit, written) {
        (Exit::Done, 0) => format!("Built again in {time}: nothing changed."),
        (Exit::Done, 1) => format!("Built again in {time}: 1 file changed."),
        (Exit::Done, count) => format!("Built again in {time}: {count} files changed."),
        _ => format!("Build failed after {time}. What was built before is as it was."),
    };
    Shown {
        answer: String::new(),
        talk: findings(diagnostics, view),
        end: closing(exit, &end, view),
        exit,
    }
}

/// One line.
pub(in crate::cli) fn json_of_rebuild(
    diagnostics: &[&Diagnostic],
    written: usize,
    duration: Duration,
    directory: &Path,
) -> Shown {
    let exit = exit(diagnostics);
    let event = RebuildEvent {
        event: if exit == Exit::Done { "built" } else { "failed" },
        written,
        diagnostics: records(diagnostics, directory),
        duration_ms: milliseconds(duration),
    };
    let answer = serde_json::to_string(&event).expect("an event has only string keys");
    shown_text(answer, exit)
}
