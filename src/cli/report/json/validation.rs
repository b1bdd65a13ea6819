//! The document of `validate`, exactly as PROTOCOL §13 shows it.

use std::path::Path;

use indexmap::IndexMap;
use serde::Serialize;

use super::super::{Exit, Shown};
use super::{MajorDocument, records, shown};
use crate::base::to_posix;
use crate::command::CommandError;
use crate::command::report::{Configuration, ElectionReport, ValidateReport};
use crate::diagnostic::json::Record;

#[derive(Serialize)]
struct ValidateDocument<'a> {
    diagnostics: Vec<Record<'a>>,
    supply: IndexMap<&'a str, SupplyDocument<'a>>,
    mounts: IndexMap<&'a str, MountDocument<'a>>,
    elections: Vec<OutcomeDocument<'a>>,
    wiring: IndexMap<&'a str, &'a IndexMap<String, String>>,
}

#[derive(Serialize)]
struct SupplyDocument<'a> {
    groups: Vec<GroupDocument<'a>>,
}

#[derive(Serialize)]
struct GroupDocument<'a> {
    major: MajorDocument,
    provider: &'a str,
    name: &'a str,
    /// `null` when it could not be found.
    version: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MountDocument<'a> {
    name: &'a str,
    root: String,
    artifact_dir: String,
    built: bool,
}

#[derive(Serialize)]
struct OutcomeDocument<'a> {
    package: &'a str,
    major: MajorDocument,
    winner: &'a str,
    losers: &'a [String],
}

/// A package without a declaration has nothing to validate.
#[derive(Serialize)]
struct LegacyDocument<'a> {
    protocol: &'static str,
    diagnostics: Vec<Record<'a>>,
}

/// The document of a validation.
pub(in crate::cli) fn json_of_validate(report: &ValidateReport, directory: &Path) -> Shown {
    let findings: Vec<_> = report.diagnostics.iter().collect();
    let diagnostics = records(&findings, directory);
    let exit = if report.has_failed() {
        Exit::ProjectErrors
    } else {
        Exit::Done
    };
    if report.configuration == Configuration::Legacy {
        let document = LegacyDocument {
            protocol: "legacy",
            diagnostics,
        };
        return shown(&document, exit);
    }
    let document = ValidateDocument {
        diagnostics,
        supply: report
            .supply
            .iter()
            .map(|(package, groups)| {
                let groups = groups.iter().map(group).collect();
                (package.as_str(), SupplyDocument { groups })
            })
            .collect(),
        mounts: report
            .mounts
            .iter()
            .map(|mount| {
                let document = MountDocument {
                    name: &mount.name,
                    root: to_posix(&mount.root),
                    artifact_dir: to_posix(&mount.artifact_dir),
                    built: mount.is_built,
                };
                (mount.name.as_str(), document)
            })
            .collect(),
        elections: report
            .elections
            .iter()
            .map(|election| OutcomeDocument {
                package: &election.package,
                major: MajorDocument::of(election.major),
                winner: &election.winner,
                losers: &election.losers,
            })
            .collect(),
        wiring: report
            .wiring
            .iter()
            .map(|(module, table)| (module.as_str(), table))
            .collect(),
    };
    shown(&document, exit).with_notices(&report.notices, directory)
}

/// The same document, empty but for why nothing was tried.
pub(in crate::cli) fn json_of_refused_validate(error: &CommandError, directory: &Path) -> Shown {
    let CommandError::Unusable(diagnostic) = error;
    let document = ValidateDocument {
        diagnostics: records(&[diagnostic], directory),
        supply: IndexMap::new(),
        mounts: IndexMap::new(),
        elections: Vec::new(),
        wiring: IndexMap::new(),
    };
    shown(&document, Exit::Usage)
}

fn group(group: &ElectionReport) -> GroupDocument<'_> {
    GroupDocument {
        major: MajorDocument::of(group.major),
        provider: &group.winner,
        name: &group.name,
        version: group.version.as_deref(),
    }
}
