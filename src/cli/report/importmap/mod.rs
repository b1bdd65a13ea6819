//! The answers of `importmap …`, for people and as documents.

mod check;
mod diff;
mod release;
mod resolve;

use serde::Serialize;

use super::json::{records, shown};
use super::{Shown, View, findings, notices};
use crate::base::relative_posix;
use crate::cli::Exit;
use crate::command::importmap::{ImportMapReport, InjectReport, MapReport};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::human::printable;
use crate::diagnostic::json::Record;

/// An answer with its findings.
#[derive(Serialize)]
struct Document<'a, Answer> {
    #[serde(flatten)]
    answer: &'a Answer,
    diagnostics: Vec<Record<'a>>,
}

/// Nothing but findings.
#[derive(Serialize)]
struct Findings<'a> {
    diagnostics: Vec<Record<'a>>,
}

/// The answer in words.
pub(in crate::cli) fn of_importmap(report: &ImportMapReport, view: &View<'_>) -> Shown {
    let exit = exit(report);
    let (answer, told) = match report {
        ImportMapReport::Resolve(report) => resolve::text(report, view),
        ImportMapReport::Compose(report) => map_text(report, view),
        ImportMapReport::Check(report) => check::text(report),
        ImportMapReport::Diff(report) => diff::text(report, view),
        ImportMapReport::Gate(report) => check::gate_text(report),
        ImportMapReport::Inject(report) => page_text(report, view),
        ImportMapReport::Release(report) | ImportMapReport::Rollback(report) => release::text(report),
        ImportMapReport::History(report) => release::history_text(report),
    };
    let diagnostics: Vec<&Diagnostic> = report.diagnostics().iter().collect();
    Shown {
        answer,
        talk: told + &findings(&diagnostics, view),
        end: String::new(),
        exit,
    }
}

/// The answer as a document.
pub(in crate::cli) fn json_of_importmap(report: &ImportMapReport, view: &View<'_>) -> Shown {
    let exit = exit(report);
    let diagnostics: Vec<&Diagnostic> = report.diagnostics().iter().collect();
    let diagnostics = records(&diagnostics, view.directory);
    match report {
        ImportMapReport::Resolve(answer) => shown(&Document { answer, diagnostics }, exit),
        ImportMapReport::Check(answer) => shown(&Document { answer, diagnostics }, exit),
        ImportMapReport::Diff(answer) => shown(&Document { answer, diagnostics }, exit),
        ImportMapReport::Gate(answer) => shown(&Document { answer, diagnostics }, exit),
        ImportMapReport::Release(answer) | ImportMapReport::Rollback(answer) => {
            shown(&Document { answer, diagnostics }, exit)
        }
        ImportMapReport::History(answer) => shown(&Document { answer, diagnostics }, exit),
        ImportMapReport::Inject(answer) => shown(&Document { answer, diagnostics }, exit),
        // The map is a document already.
        ImportMapReport::Compose(MapReport { map: Some(map), .. }) => Shown {
            answer: map.clone(),
            talk: String::new(),
            end: String::new(),
            exit,
        },
        ImportMapReport::Compose(_) => shown(&Findings { diagnostics }, exit),
    }
}

/// The page, or where it is.
fn page_text(report: &InjectReport, view: &View<'_>) -> (String, String) {
    let answer = match (&report.html, &report.file) {
        (Some(_), Some(file)) => {
            let file = printable(&relative_posix(view.directory, file));
            let csp = report.csp.as_deref().unwrap_or_default();
            format!("Wrote {file}. In a content security policy the map is {csp}.\n")
        }
        (Some(html), None) => html.clone(),
        (None, _) => String::new(),
    };
    (answer, String::new())
}

fn map_text(report: &MapReport, view: &View<'_>) -> (String, String) {
    let told = notices(&report.notices, view.directory, view.talk.palette());
    (report.map.clone().unwrap_or_default(), told)
}

fn exit(report: &ImportMapReport) -> Exit {
    if report.has_errors() {
        Exit::ProjectErrors
    } else {
        Exit::Done
    }
}
