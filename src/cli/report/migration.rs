//! The answer of `migrate`: the edit as a unified diff on standard output, everything else on standard error.

use std::path::Path;

use serde::Serialize;

use super::json::{records, shown};
use super::{Shown, View, closing, findings, labelled_notices, notices};
use crate::base::to_posix;
use crate::cli::Exit;
use crate::command::report::{MigrateReport, Migration};
use crate::diagnostic::human::printable;
use crate::diagnostic::json::Record;
use crate::diagnostic::{Diagnostic, Notice};

/// The diff, what stands in the way, how it ended.
pub(in crate::cli) fn of_migrate(report: &MigrateReport, view: &View<'_>) -> Shown {
    let exit = exit(report);
    let name = printable(&report.name);
    let end = match report.migration {
        Migration::Unneeded => format!("{name} has a declaration; there is nothing to migrate."),
        Migration::Possible => {
            "Exports and wiring stay the same. Nothing is written yet: `esmx-build migrate --write` makes the edit."
                .to_owned()
        }
        Migration::Done => format!("Migrated {name}. Exports and wiring are the same as before."),
        Migration::Refused => match report.obstacles.len() {
            0 => format!("{name} is not migrated. Nothing was written."),
            1 => format!("{name} is not migrated, because of the obstacle above. Nothing was written."),
            count => format!("{name} is not migrated, because of the {count} obstacles above. Nothing was written."),
        },
    };
    let palette = view.talk.palette();
    let diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    Shown {
        answer: report.edits.iter().map(|edit| edit.diff.as_str()).collect(),
        talk: notices(&report.notices, view.directory, palette)
            + &labelled_notices("obstacle", &report.obstacles, view.directory, palette)
            + &findings(&diagnostics, view),
        // The diff alone is the answer: `esmx-build migrate | git apply` has to work.
        end: match exit {
            Exit::Done if report.migration == Migration::Possible => String::new(),
            _ => closing(exit, &end, view),
        },
        exit,
    }
    .with_hint(report, &end, view)
}

impl Shown {
    fn with_hint(mut self, report: &MigrateReport, end: &str, view: &View<'_>) -> Self {
        if report.migration == Migration::Possible {
            self.talk += &closing(Exit::Done, end, view);
        }
        self
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MigrateDocument<'a> {
    name: &'a str,
    dir: String,
    migration: &'static str,
    files: Vec<EditDocument<'a>>,
    obstacles: Vec<NoticeDocument<'a>>,
    notices: Vec<NoticeDocument<'a>>,
    diagnostics: Vec<Record<'a>>,
    duration_ms: f64,
}

#[derive(Serialize)]
struct EditDocument<'a> {
    file: String,
    diff: &'a str,
}

#[derive(Serialize)]
struct NoticeDocument<'a> {
    message: &'a str,
    fix: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<PlaceDocument>,
}

#[derive(Serialize)]
struct PlaceDocument {
    file: String,
    line: usize,
    column: usize,
}

/// The document of a migration.
pub(in crate::cli) fn json_of_migrate(report: &MigrateReport, directory: &Path) -> Shown {
    let diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    let document = MigrateDocument {
        name: &report.name,
        dir: to_posix(&report.directory),
        migration: match report.migration {
            Migration::Refused => "refused",
            Migration::Unneeded => "unneeded",
            Migration::Possible => "possible",
            Migration::Done => "done",
        },
        files: report
            .edits
            .iter()
            .map(|edit| EditDocument {
                file: to_posix(&edit.path),
                diff: &edit.diff,
            })
            .collect(),
        obstacles: report.obstacles.iter().map(notice).collect(),
        notices: report.notices.iter().map(notice).collect(),
        diagnostics: records(&diagnostics, directory),
        duration_ms: (report.duration.as_secs_f64() * 1e6).round() / 1e3,
    };
    shown(&document, exit(report))
}

fn notice(notice: &Notice) -> NoticeDocument<'_> {
    NoticeDocument {
        message: &notice.message,
        fix: &notice.fix,
        location: notice.location.as_ref().map(|place| PlaceDocument {
            file: to_posix(&place.file),
            line: place.line,
            column: place.column,
        }),
    }
}

fn exit(report: &MigrateReport) -> Exit {
    match report.migration {
        Migration::Refused => Exit::ProjectErrors,
        Migration::Unneeded | Migration::Possible | Migration::Done => Exit::Done,
    }
}
