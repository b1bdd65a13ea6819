//! What is answered.

use serde::Serialize;

use super::history::{Action, ReleasedModule};
use crate::diagnostic::Diagnostic;

/// What was done.
#[derive(Debug, Default, Serialize)]
pub struct ReleaseReport {
    /// The number of the record; absent when nothing was promoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The release that is live again, after a rollback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored: Option<u64>,
    /// Whether errors were overruled.
    pub forced: bool,
    /// The modules of the live release.
    pub modules: Vec<ReleasedModule>,
    /// Files that were written.
    pub written: Vec<String>,
    /// Files that only releases needed which nobody keeps.
    pub removed: Vec<String>,
    /// What is wrong with the map.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// The records of a site.
#[derive(Debug, Serialize)]
pub struct HistoryReport {
    /// The number of the live record, if the live map is one of them.
    pub live: Option<u64>,
    /// Newest first.
    pub releases: Vec<HistoryEntry>,
}

/// One record.
#[derive(Debug, Serialize)]
pub struct HistoryEntry {
    /// Its number.
    pub number: u64,
    /// What was done.
    pub action: Action,
    /// The release that a rollback went back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// When, in UTC.
    pub time: String,
    /// Whether errors were overruled.
    pub forced: bool,
    /// Whether its files are kept, so that one can go back to it.
    pub kept: bool,
    /// Whether it was cut off before it was live.
    pub unfinished: bool,
    /// The modules.
    pub modules: Vec<ReleasedModule>,
}
