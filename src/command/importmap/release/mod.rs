//! `importmap release`, `rollback` and `history`: a directory that is served, and the maps it has had.
//!
//! ```text
//! site/importmap.json            the live map; replaced by one rename, after everything it needs is there
//! site/<module>/…                assets of all kept releases side by side
//! site/.releases/history.json    what was promoted when
//! site/.releases/maps/7.json     the map of release 7
//! site/.releases/objects/<hash>  files without a hash in their name, as each release had them
//! ```
//!
//! A release that is cut off at any point leaves the old map live and the old files in place: assets are only added,
//! the record is written before the map, and the map is the last thing that changes.

mod history;
mod retention;
mod store;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::ImportMapReport;
use super::check::{findings, no_map};
use super::deployment::Deployment;
use super::files::Files;
use crate::base::has_extension;
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use history::Record;
use store::{Incoming, Store};

pub use history::{Action, ReleasedModule};

/// What `importmap release` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseOptions {
    /// The directory with the new map and assets.
    pub new: PathBuf,
    /// The name of the map in it.
    pub map_name: String,
    /// The directory that is served.
    pub site: PathBuf,
    /// What happens with what `check` refuses.
    pub refusal: Refusal,
    /// Which old releases stay.
    pub retention: Retention,
}

/// What `importmap rollback` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackOptions {
    /// The directory that is served.
    pub site: PathBuf,
    /// The release to go back to; `None` is the one before the live one.
    pub release: Option<u64>,
    /// What happens with what `check` refuses.
    pub refusal: Refusal,
}

/// What happens with a map that `check` refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not released.
    Binding,
    /// It is released, and the history says so.
    Overruled,
}

/// Which old releases stay: whatever either of the two says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many of the last ones.
    pub releases: usize,
    /// Everything that was live in so many last days: a page may still be open.
    pub days: u64,
}

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

/// The records of a directory.
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
    /// The modules.
    pub modules: Vec<ReleasedModule>,
}

/// Promotes a new map with its assets.
pub(super) fn release(options: &ReleaseOptions) -> Result<ImportMapReport, CommandError> {
    if options.site.starts_with(&options.new) {
        return Err(unusable(
            format!(
                "{} lies in {}, so it would be released into itself.",
                options.site.display(),
                options.new.display()
            ),
            "Name a directory for the new map that holds nothing but the release.",
        ));
    }
    let store = Store::open(&options.site)?;
    let mut history = store.history()?;
    let incoming = Incoming::read(&options.new, &options.map_name)?;
    let mut report = ReleaseReport::default();

    let layers = vec![options.new.clone(), options.site.clone()];
    let deployment = match Deployment::load(&incoming.map, Files::of_layers(layers)) {
        Ok(deployment) => deployment,
        // Nobody can want a map that every browser ignores.
        Err(error) => {
            report.diagnostics.push(no_map(&options.map_name, &error));
            return Ok(ImportMapReport::Release(report));
        }
    };
    let refused = judge(&deployment, options.refusal, &mut report);
    let conflicts = store.conflicts(&incoming);
    let is_blocked = refused || !conflicts.is_empty();
    report.diagnostics.extend(conflicts);
    if is_blocked {
        return Ok(ImportMapReport::Release(report));
    }

    report.written = store.add(&incoming)?;
    let record = Record {
        number: history.next_number(),
        action: Action::Release,
        of: None,
        time: history::now(),
        forced: report.forced,
        map: store::hash(incoming.map.as_bytes()),
        modules: modules_of(&deployment),
        files: files_of(&store, &incoming, history.live(), &deployment)?,
        pruned: false,
    };
    report.number = Some(record.number);
    report.modules.clone_from(&record.modules);
    store.promote(&mut history, record, &incoming.map)?;
    report.removed = retention::prune(&store, &mut history, options.retention)?;
    Ok(ImportMapReport::Release(report))
}

/// Goes back to a release that is kept.
pub(super) fn rollback(options: &RollbackOptions) -> Result<ImportMapReport, CommandError> {
    let store = Store::open(&options.site)?;
    let mut history = store.history()?;
    let mut report = ReleaseReport::default();
    let target = match history.target_of_rollback(options.release) {
        Ok(target) => target.clone(),
        Err(reason) => {
            report.diagnostics.push(Diagnostic::new(
                Code::Release,
                "history",
                reason,
                "Choose one of the kept releases that `esmx-build importmap history` lists.",
            ));
            return Ok(ImportMapReport::Rollback(report));
        }
    };
    let map = store.map_of(target.number)?;
    report.written = store.restore(&target)?;
    let deployment = match Deployment::load(&map, Files::of_layers(vec![options.site.clone()])) {
        Ok(deployment) => deployment,
        Err(error) => {
            report
                .diagnostics
                .push(no_map(&format!("release {}", target.number), &error));
            return Ok(ImportMapReport::Rollback(report));
        }
    };
    if judge(&deployment, options.refusal, &mut report) {
        if let Some(live) = history.live() {
            store.restore(live)?;
        }
        report.written.clear();
        return Ok(ImportMapReport::Rollback(report));
    }
    let record = Record {
        number: history.next_number(),
        action: Action::Rollback,
        of: Some(target.origin()),
        time: history::now(),
        forced: report.forced,
        ..target
    };
    report.number = Some(record.number);
    report.restored = record.of;
    report.modules.clone_from(&record.modules);
    store.promote(&mut history, record, &map)?;
    Ok(ImportMapReport::Rollback(report))
}

/// The records of a directory.
pub(super) fn history(site: &std::path::Path) -> Result<ImportMapReport, CommandError> {
    let store = Store::look(site);
    let history = store.history()?;
    let live = store.live_record(&history);
    let entries = history.records.iter().rev().map(|record| HistoryEntry {
        number: record.number,
        action: record.action,
        of: record.of,
        time: record.time.clone(),
        forced: record.forced,
        kept: !record.pruned,
        modules: record.modules.clone(),
    });
    Ok(ImportMapReport::History(HistoryReport {
        live,
        releases: entries.collect(),
    }))
}

/// Whether the map is refused; what is wrong stays in the report either way.
fn judge(deployment: &Deployment, refusal: Refusal, report: &mut ReleaseReport) -> bool {
    let found = findings(deployment);
    let has_errors = has_errors(&found);
    report.diagnostics.extend(found);
    report.forced = has_errors && refusal == Refusal::Overruled;
    has_errors && refusal == Refusal::Binding
}

fn modules_of(deployment: &Deployment) -> Vec<ReleasedModule> {
    let manifests = deployment.manifests.values();
    let mut modules: Vec<_> = manifests
        .map(|manifest| ReleasedModule {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
        })
        .collect();
    modules.sort();
    modules
}

/// Everything the release needs: what it brought, what the map reaches, and what the release before had of modules
/// that this one does not bring. Pages also load files that no import names, so nothing is left out on a guess.
fn files_of(
    store: &Store,
    incoming: &Incoming,
    before: Option<&Record>,
    deployment: &Deployment,
) -> Result<BTreeMap<String, String>, CommandError> {
    let mut files = BTreeMap::new();
    let brought: Vec<&str> = incoming
        .files
        .keys()
        .filter_map(|path| path.strip_suffix("manifest.json"))
        .filter(|directory| directory.ends_with('/'))
        .collect();
    if let Some(before) = before {
        let kept = before.files.iter();
        files.extend(
            kept.filter(|(path, _)| !brought.iter().any(|directory| path.starts_with(directory)))
                .map(|(path, hash)| (path.clone(), hash.clone())),
        );
    }
    files.extend(
        incoming
            .files
            .iter()
            .map(|(path, file)| (path.clone(), file.hash.clone())),
    );
    let reached = deployment.modules.keys().chain(deployment.map.integrity.keys());
    for url in reached {
        let local = deployment.files.local(url);
        let Some(path) = local.strip_prefix('/') else {
            continue;
        };
        let path = percent_encoding::percent_decode_str(path)
            .decode_utf8_lossy()
            .into_owned();
        if !files.contains_key(&path)
            && let Some(hash) = store.hash_of(&path)?
        {
            files.insert(path, hash);
        }
    }
    Ok(files)
}

/// A name that holds a hash of the content never means other bytes (PROTOCOL §10.1).
fn is_immutable(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit('.').next().unwrap_or_default();
    let stem = name.strip_suffix(extension).unwrap_or(name);
    stem.ends_with(".final.") && !extension.is_empty() && !has_extension(name, &["json"])
}

/// Something is wrong with the directory itself.
fn unusable(message: String, fix: &str) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(Code::Release, "release", message, fix)))
}
