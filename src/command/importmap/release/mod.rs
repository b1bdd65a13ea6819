//! `importmap release`, `rollback` and `history`: a site, in a directory or in an object store, and the maps it has had.
//!
//! ```text
//! site/importmap.json            the live map; replaced in one step, after everything it needs is there
//! site/<module>/…                assets of all kept releases side by side
//! site/.releases/history.json    what was promoted when
//! site/.releases/objects/<hash>  maps, and files without a hash in their name, as each release had them
//! ```
//!
//! A release that is cut off at any point leaves the old map live: what never changes is only added, the record is
//! written before anything that is served changes, and the map is the last thing that does. Whoever releases next gives
//! the live release its files back first.

mod bucket;
mod directory;
mod history;
mod http;
mod incoming;
mod layers;
mod layout;
mod options;
mod report;
mod retention;
mod storage;
mod store;
mod workers;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::ImportMapReport;
use super::check::{findings, no_map};
use super::deployment::Deployment;
use super::files::{Files, Layer};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use history::Record;
use incoming::Incoming;
use layers::{as_it_is, as_it_was};
use storage::Access;
use store::{Overtaken, State, Store};

pub use bucket::BucketAddress;
pub use history::{Action, ReleasedModule};
pub use options::{Refusal, ReleaseOptions, Retention, RollbackOptions};
pub use report::{HistoryEntry, HistoryReport, ReleaseReport};
pub use storage::Site;

/// Promotes a new map with its assets.
pub(super) fn release(options: &ReleaseOptions) -> Result<ImportMapReport, CommandError> {
    refuse_to_release_into_itself(options)?;
    let store = Store::open(&options.site, Access::Release)?;
    let mut state = store.begin()?;
    let incoming = Incoming::read(&options.new, &options.map_name)?;
    let mut report = ReleaseReport::default();
    if let Some(after) = options.after
        && state.live_number() != Some(after)
    {
        report.diagnostics.push(made_from_another(after, &state));
        return Ok(ImportMapReport::Release(report));
    }

    let layers = vec![Layer::Directory(options.new.clone()), as_it_is(&store.storage)];
    let deployment = match Deployment::load(&incoming.map, Files::of_layers(layers)) {
        Ok(deployment) => deployment,
        // Nobody can want a map that every browser ignores.
        Err(error) => {
            report.diagnostics.push(no_map(&options.map_name, &error));
            return Ok(ImportMapReport::Release(report));
        }
    };
    let refused = judge(&deployment, options.refusal, &mut report);
    let paths: Vec<&str> = incoming.files.keys().map(String::as_str).collect();
    let there = store.hashes(&paths)?;
    let conflicts = Store::conflicts(&incoming, &there);
    let is_blocked = refused || !conflicts.is_empty();
    report.diagnostics.extend(conflicts);
    if is_blocked {
        return Ok(ImportMapReport::Release(report));
    }

    report.written = store.add(&incoming, &there)?;
    let record = Record {
        number: state.history.next_number(),
        action: Action::Release,
        of: None,
        time: history::now(),
        forced: report.forced,
        map: content_hash(incoming.map.as_bytes()),
        replaces: None,
        unfinished: false,
        modules: modules_of(&deployment),
        files: files_of(&store, &incoming, state.live(), &deployment)?,
        pruned: false,
    };
    let change = |written: &mut Vec<String>| {
        written.extend(store.change(&incoming, &there)?);
        written.sort();
        Ok(())
    };
    put_in_place(&store, &mut state, record, &incoming.map, change, &mut report)?;
    if report.number.is_some() {
        report.removed = retention::prune(&store, &mut state, options.retention)?;
    }
    Ok(ImportMapReport::Release(report))
}

fn refuse_to_release_into_itself(options: &ReleaseOptions) -> Result<(), CommandError> {
    match &options.site {
        Site::Directory(site) if site.starts_with(&options.new) => Err(unusable(
            format!(
                "{} lies in {}, so it would be released into itself.",
                site.display(),
                options.new.display()
            ),
            "Name a directory for the new map that holds nothing but the release.",
        )),
        _ => Ok(()),
    }
}

/// Goes back to a release that is kept.
pub(super) fn rollback(options: &RollbackOptions) -> Result<ImportMapReport, CommandError> {
    let store = Store::open(&options.site, Access::Release)?;
    let mut state = store.begin()?;
    let mut report = ReleaseReport::default();
    let target = match state.history.target_of_rollback(state.live(), options.release) {
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
    let map = store.map_of(&target)?;
    let paths: Vec<&str> = target.files.keys().map(String::as_str).collect();
    let there = store.hashes(&paths)?;
    if let Some(path) = store.first_lost(&target, &there)? {
        return Err(store::lost(path, target.number));
    }
    let layers = vec![
        as_it_was(&store.storage, &target, &there),
        as_it_is(&store.storage),
    ];
    let deployment = match Deployment::load(&map, Files::of_layers(layers)) {
        Ok(deployment) => deployment,
        Err(error) => {
            report
                .diagnostics
                .push(no_map(&format!("release {}", target.number), &error));
            return Ok(ImportMapReport::Rollback(report));
        }
    };
    if judge(&deployment, options.refusal, &mut report) {
        return Ok(ImportMapReport::Rollback(report));
    }
    let record = Record {
        number: state.history.next_number(),
        action: Action::Rollback,
        of: Some(target.origin()),
        time: history::now(),
        forced: report.forced,
        replaces: None,
        unfinished: false,
        modules: modules_of(&deployment),
        pruned: false,
        ..target.clone()
    };
    let restored = record.of;
    let change = |written: &mut Vec<String>| {
        *written = store.restore(&target, &there)?;
        Ok(())
    };
    put_in_place(&store, &mut state, record, &map, change, &mut report)?;
    report.restored = report.number.and(restored);
    Ok(ImportMapReport::Rollback(report))
}

/// The last three steps: the record, the files that change, the map. Of two who try at once one gets this far.
fn put_in_place(
    store: &Store,
    state: &mut State,
    record: Record,
    map: &str,
    change: impl FnOnce(&mut Vec<String>) -> Result<(), CommandError>,
    report: &mut ReleaseReport,
) -> Result<(), CommandError> {
    let (number, modules) = (record.number, record.modules.clone());
    let promoted = match store.claim(state, record, map)? {
        Err(Overtaken) => Err(Overtaken),
        Ok(()) => match change(&mut report.written).and_then(|()| store.promote(state, map)) {
            Ok(promoted) => promoted,
            Err(error) => {
                // As far as it can be done; otherwise whoever releases next does it.
                let _ = store.look().and_then(|mut now| store.take_back(&mut now, number));
                return Err(error);
            }
        },
    };
    if let Err(Overtaken) = promoted {
        report.written.clear();
        report.diagnostics.push(overtaken());
        return Ok(());
    }
    report.number = Some(number);
    report.modules = modules;
    Ok(())
}

/// The records of a site.
pub(super) fn history(site: &Site) -> Result<ImportMapReport, CommandError> {
    let state = Store::open(site, Access::Look)?.look()?;
    let live = state.live_number();
    let is_last_unfinished = state.is_last_unfinished();
    let records = state.history.records.iter().rev().enumerate();
    let entries = records.map(|(place, record)| HistoryEntry {
        number: record.number,
        action: record.action,
        of: record.of,
        time: record.time.clone(),
        forced: record.forced,
        kept: !record.pruned,
        unfinished: record.unfinished || (place == 0 && is_last_unfinished),
        modules: record.modules.clone(),
    });
    Ok(ImportMapReport::History(HistoryReport {
        live,
        releases: entries.collect(),
    }))
}

fn overtaken() -> Diagnostic {
    Diagnostic::new(
        Code::Release,
        "release",
        "Somebody else has changed what is live meanwhile, so this map does not know of it.",
        "Make the map again from the one that is live, and release that.",
    )
}

fn made_from_another(after: u64, state: &State) -> Diagnostic {
    let live = state
        .live_number()
        .map_or_else(|| "none of the history".to_owned(), |live| live.to_string());
    Diagnostic::new(
        Code::Release,
        "release",
        format!("The live release is not {after}, so this map may not know what has changed since."),
        "Make the map again from the one that is live, and release that.",
    )
    .with_found(live)
    .with_required(after.to_string())
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
            && let Some(hash) = store.storage.hash_of(&path)?
        {
            files.insert(path, hash);
        }
    }
    Ok(files)
}

/// SHA-256, in hexadecimal.
fn content_hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Something is wrong with the site itself.
fn unusable(message: String, fix: &str) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(Code::Release, "release", message, fix)))
}
