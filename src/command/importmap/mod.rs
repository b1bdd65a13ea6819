//! `esmx-build importmap …`: what a map means, whether it holds, what a new one changes, and putting it in place.
//! The commands work on maps and manifests alone: no `package.json`, no sources.

mod check;
mod compose;
mod copies;
mod cross_origin;
mod deployment;
mod diff;
mod files;
mod gate;
mod inject;
mod input;
mod pinned;
mod release;
mod resolve;
mod source;
mod surface;

use url::Url;

use super::CommandError;
use crate::diagnostic::{Diagnostic, Notice, has_errors};

pub use self::check::{CheckOptions, CheckReport, CheckedFile};
pub use self::diff::{Change, DiffOptions, DiffReport};
pub use self::files::Place;
pub use self::gate::{GateOptions, GateReport};
pub use self::inject::{InjectOptions, InjectReport};
pub use self::release::{
    Action, BucketAddress, HistoryEntry, HistoryReport, Refusal, ReleaseOptions, ReleaseReport,
    ReleasedModule, Retention, RollbackOptions, Site,
};
pub use self::resolve::{ParsedMap, ResolveReport};
pub use self::source::TextSource;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportMapTask {
    /// `importmap resolve`.
    Resolve(ResolveOptions),
    /// `importmap compose`.
    Compose(TextSource),
    /// `importmap check`.
    Check(CheckOptions),
    /// `importmap diff`.
    Diff(DiffOptions),
    /// `importmap gate`.
    Gate(GateOptions),
    /// `importmap inject`.
    Inject(InjectOptions),
    /// `importmap release`.
    Release(ReleaseOptions),
    /// `importmap rollback`.
    Rollback(RollbackOptions),
    /// `importmap history`.
    History(Site),
}

/// What is answered.
#[derive(Debug)]
pub enum ImportMapReport {
    /// Of `importmap resolve`.
    Resolve(Box<ResolveReport>),
    /// Of `importmap compose`.
    Compose(MapReport),
    /// Of `importmap check`.
    Check(CheckReport),
    /// Of `importmap diff`.
    Diff(DiffReport),
    /// Of `importmap gate`.
    Gate(GateReport),
    /// Of `importmap inject`.
    Inject(InjectReport),
    /// Of `importmap release`.
    Release(ReleaseReport),
    /// Of `importmap rollback`.
    Rollback(ReleaseReport),
    /// Of `importmap history`.
    History(HistoryReport),
}

/// What `importmap resolve` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveOptions {
    /// The map.
    pub map: TextSource,
    /// What is imported.
    pub specifiers: Vec<String>,
    /// The URL of the script that imports.
    pub referrer: Url,
    /// What the addresses and scopes of the map are relative to.
    pub base: Url,
}

/// A map, unless something is wrong.
#[derive(Debug, Default)]
pub struct MapReport {
    /// The text of the map.
    pub map: Option<String>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What is told on standard error only.
    pub notices: Vec<Notice>,
}

impl ImportMapReport {
    /// What is wrong.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Resolve(report) => &report.diagnostics,
            Self::Compose(report) => &report.diagnostics,
            Self::Check(report) => &report.diagnostics,
            Self::Diff(report) => &report.diagnostics,
            Self::Gate(report) => &report.diagnostics,
            Self::Inject(report) => &report.diagnostics,
            Self::Release(report) | Self::Rollback(report) => &report.diagnostics,
            Self::History(_) => &[],
        }
    }

    /// Whether the answer is that something is wrong.
    pub fn has_errors(&self) -> bool {
        // What was forced is done, whatever was found.
        let is_forced = matches!(self, Self::Release(report) | Self::Rollback(report) if report.forced);
        !is_forced && has_errors(self.diagnostics())
    }
}

/// Does what is asked.
///
/// # Errors
/// When a file that the command line names cannot be read.
pub fn importmap(task: &ImportMapTask) -> Result<ImportMapReport, CommandError> {
    match task {
        ImportMapTask::Resolve(options) => resolve::resolve(options)
            .map(Box::new)
            .map(ImportMapReport::Resolve),
        ImportMapTask::Check(options) => check::check(options).map(ImportMapReport::Check),
        ImportMapTask::Diff(options) => diff::diff(options),
        ImportMapTask::Gate(options) => gate::gate(options),
        ImportMapTask::Release(options) => release::release(options),
        ImportMapTask::Rollback(options) => release::rollback(options),
        ImportMapTask::History(site) => release::history(site),
        ImportMapTask::Inject(options) => inject::inject(options),
        ImportMapTask::Compose(input) => compose::compose(input).map(ImportMapReport::Compose),
    }
}
