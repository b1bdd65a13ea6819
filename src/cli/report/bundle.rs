//! The answer of `bundle`:
//!
//! ```json
//! { "outputs": [ { "file": "main.js", "entry": "main", "kind": "entry", "bytes": 120 },
//!                { "file": "shared-1a2b3c4d.js", "kind": "chunk", "bytes": 80 } ],
//!   "warnings": [],
//!   "errors": [],
//!   "durationMs": 12.5 }
//! ```
//!
//! Paths are relative to the output directory. A refused invocation is answered by the same document.

use std::path::Path;

use serde::Serialize;

use super::super::Exit;
use super::json::{milliseconds, records, shown};
use super::{Shown, View, closing, duration_text, files, findings};
use crate::command::report::{BundleReport, FileKind, FileReport};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::human::printable;
use crate::diagnostic::json::Record;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BundleDocument<'a> {
    outputs: Vec<OutputDocument<'a>>,
    warnings: Vec<Record<'a>>,
    errors: Vec<Record<'a>>,
    duration_ms: f64,
}

#[derive(Serialize)]
struct OutputDocument<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a str>,
    kind: &'static str,
    bytes: u64,
}

fn output(file: &FileReport) -> OutputDocument<'_> {
    OutputDocument {
        file: &file.path,
        entry: file.entry.as_deref(),
        kind: match file.kind {
            FileKind::Export => "entry",
            FileKind::Chunk => "chunk",
            FileKind::Stylesheet => "stylesheet",
            FileKind::Asset => "asset",
            FileKind::SourceMap => "sourceMap",
            FileKind::Document | FileKind::Record => "document",
        },
        bytes: file.bytes,
    }
}

fn document<'a>(
    outputs: &'a [FileReport],
    diagnostics: &[&'a Diagnostic],
    directory: &Path,
    duration_ms: f64,
) -> BundleDocument<'a> {
    let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) = diagnostics
        .iter()
        .copied()
        .partition(|diagnostic| diagnostic.is_error());
    BundleDocument {
        outputs: outputs.iter().map(output).collect(),
        warnings: records(&warnings, directory),
        errors: records(&errors, directory),
        duration_ms,
    }
}

/// The document of a bundle.
pub(in crate::cli) fn json_of_bundle(report: &BundleReport, directory: &Path) -> Shown {
    let diagnostics = report.all_diagnostics();
    let duration = milliseconds(report.duration);
    shown(
        &document(&report.outputs, &diagnostics, directory, duration),
        exit(report),
    )
}

/// The document of an invocation that makes no sense.
pub(in crate::cli) fn json_of_refused_bundle(diagnostic: &Diagnostic, directory: &Path) -> Shown {
    shown(&document(&[], &[diagnostic], directory, 0.0), Exit::Usage)
}

/// Files, findings, total time.
pub(in crate::cli) fn of_bundle(report: &BundleReport, view: &View<'_>) -> Shown {
    let time = duration_text(report.duration);
    let exit = exit(report);
    let end = match exit {
        Exit::Done => format!("Bundled {} in {time}.", printable(&report.name)),
        _ => format!("Bundling failed after {time}. Nothing was written."),
    };
    Shown {
        answer: files::listing(&[files::section_of_bundle(report)], view.directory, view.answer),
        talk: findings(&report.all_diagnostics(), view),
        end: closing(exit, &end, view),
        exit,
    }
}

fn exit(report: &BundleReport) -> Exit {
    if report.has_errors() {
        Exit::ProjectErrors
    } else {
        Exit::Done
    }
}
