//! Answers as one JSON document on standard output:
//!
//! ```json
//! { "modules": [ { "name": "acme-shop", "dir": "/work/shop", "dist": "/work/shop/dist",
//!                  "sides": { "client": { "files": [ { "file": "widget.4f1c09ab.final.mjs", "kind": "export",
//!                                                      "bytes": 1200, "gzip": 600 } ] } },
//!                  "durationMs": 20 } ],
//!   "diagnostics": [],
//!   "durationMs": 31 }
//! ```
//!
//! The documents of a refused invocation and of a failed build have the same shape, so that a tool reads
//! `diagnostics` whatever happened.

mod validation;

use std::path::Path;
use std::time::Duration;

use indexmap::IndexMap;
use rayon::prelude::*;
use serde::Serialize;

use super::super::Exit;
use super::Shown;
use super::size::gzip_size;
use crate::base::to_posix;
use crate::command::report::{BuildReport, ComposeReport, FileKind, FileReport, ModuleReport};
use crate::diagnostic::human::Palette;
use crate::diagnostic::json::{Record, record};
use crate::diagnostic::{Diagnostic, Notice};

pub(in crate::cli) use self::validation::{json_of_refused_validate, json_of_validate};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildDocument<'a> {
    modules: Vec<ModuleDocument<'a>>,
    diagnostics: Vec<Record<'a>>,
    duration_ms: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModuleDocument<'a> {
    name: &'a str,
    dir: String,
    dist: String,
    sides: IndexMap<&'static str, SideDocument<'a>>,
    duration_ms: f64,
}

#[derive(Serialize)]
struct SideDocument<'a> {
    files: Vec<FileDocument<'a>>,
}

#[derive(Serialize)]
struct FileDocument<'a> {
    file: &'a str,
    kind: &'static str,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    gzip: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ComposeDocument<'a> {
    name: &'a str,
    dir: String,
    dist: String,
    modules: &'a [String],
    files: Vec<FileDocument<'a>>,
    elections: Vec<ElectionDocument<'a>>,
    diagnostics: Vec<Record<'a>>,
    duration_ms: f64,
}

#[derive(Serialize)]
struct ElectionDocument<'a> {
    package: &'a str,
    major: MajorDocument,
    winner: &'a str,
    name: &'a str,
    version: Option<&'a str>,
    losers: &'a [String],
}

/// A number, or the word of PROTOCOL §5.3.
#[derive(Serialize)]
#[serde(untagged)]
enum MajorDocument {
    Known(u64),
    Unknown(&'static str),
}

impl MajorDocument {
    fn of(major: Option<u64>) -> Self {
        major.map_or(Self::Unknown("unknown"), Self::Known)
    }
}

/// The document of a build.
pub(in crate::cli) fn json_of_build(report: &BuildReport, directory: &Path) -> Shown {
    let document = BuildDocument {
        modules: report.modules.iter().map(module).collect(),
        diagnostics: records(&report.all_diagnostics(), directory),
        duration_ms: milliseconds(report.duration),
    };
    shown(
        &document,
        if report.has_errors() {
            Exit::ProjectErrors
        } else {
            Exit::Done
        },
    )
    .with_notices(&report.notices, directory)
}

/// The document of a composition.
pub(in crate::cli) fn json_of_compose(report: &ComposeReport, directory: &Path) -> Shown {
    let elections = report.elections.iter().map(|election| ElectionDocument {
        package: &election.package,
        major: MajorDocument::of(election.major),
        winner: &election.winner,
        name: &election.name,
        version: election.version.as_deref(),
        losers: &election.losers,
    });
    let document = ComposeDocument {
        name: &report.name,
        dir: to_posix(&report.directory),
        dist: to_posix(&report.dist),
        modules: &report.modules,
        files: files(&report.files, &report.dist),
        elections: elections.collect(),
        diagnostics: records(&report.all_diagnostics(), directory),
        duration_ms: milliseconds(report.duration),
    };
    shown(
        &document,
        if report.has_errors() {
            Exit::ProjectErrors
        } else {
            Exit::Done
        },
    )
    .with_notices(&report.notices, directory)
}

/// The document of an invocation that makes no sense.
pub(in crate::cli) fn json_of_refusal(diagnostic: &Diagnostic, directory: &Path) -> Shown {
    let diagnostics = records(&[diagnostic], directory);
    shown(
        &BuildDocument {
            modules: Vec::new(),
            diagnostics,
            duration_ms: 0.0,
        },
        Exit::Usage,
    )
}

fn module(module: &ModuleReport) -> ModuleDocument<'_> {
    let sides = module.sides.iter().map(|side| {
        let name = side.side.as_str();
        (
            name,
            SideDocument {
                files: files(&side.files, &module.dist.join(name)),
            },
        )
    });
    ModuleDocument {
        name: &module.name,
        dir: to_posix(&module.directory),
        dist: to_posix(&module.dist),
        sides: sides.collect(),
        duration_ms: milliseconds(module.duration),
    }
}

fn files<'a>(files: &'a [FileReport], directory: &Path) -> Vec<FileDocument<'a>> {
    let document = |file: &'a FileReport| FileDocument {
        file: &file.path,
        kind: kind(file.kind),
        bytes: file.bytes,
        gzip: gzip_size(&directory.join(&file.path)),
    };
    files.par_iter().map(document).collect()
}

fn kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Export => "export",
        FileKind::Chunk => "chunk",
        FileKind::Stylesheet => "stylesheet",
        FileKind::Asset => "asset",
        FileKind::SourceMap => "sourceMap",
        FileKind::Document => "document",
        FileKind::Record => "record",
    }
}

pub(super) fn records<'a>(diagnostics: &[&'a Diagnostic], directory: &Path) -> Vec<Record<'a>> {
    diagnostics
        .iter()
        .map(|diagnostic| record(diagnostic, directory))
        .collect()
}

impl Shown {
    /// Standard error stays free for what no document lists.
    fn with_notices(self, notices: &[Notice], directory: &Path) -> Self {
        Self {
            talk: super::notices(notices, directory, &Palette::PLAIN),
            ..self
        }
    }
}

/// Whole microseconds are enough.
pub(super) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

pub(super) fn shown(document: &impl Serialize, exit: Exit) -> Shown {
    let answer = serde_json::to_string_pretty(document).expect("a document has only string keys");
    shown_text(answer, exit)
}

/// The text of a document, and nothing else.
pub(super) fn shown_text(mut answer: String, exit: Exit) -> Shown {
    answer.push('\n');
    Shown {
        answer,
        talk: String::new(),
        end: String::new(),
        exit,
    }
}
