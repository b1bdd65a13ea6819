//! Numbers modules depth-first from the entries, so that ids do not depend on which task finished first.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::Arc;

use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::one_copy::OneCopy;
use super::{EntryRequest, FoundTarget, ScannedFile, ScannedFiles};
use crate::graph::{
    EntryPoint, External, ExternalId, Module, ModuleGraph, ModuleId, ModuleOrigin, RecordId, Target,
};
use crate::resolve::{Platform, ResolvedFile, Resolver};

/// The graph of everything scanned.
pub fn renumber(
    scanned: &ScannedFiles,
    entries: Vec<(&EntryRequest, ResolvedFile)>,
    resolver: &Resolver,
    platform: Platform,
) -> ModuleGraph {
    let entry_paths: Vec<&OsStr> = entries.iter().map(|(_, file)| file.path.as_os_str()).collect();
    let one_copy = OneCopy::of(scanned, &entry_paths, resolver);
    let order = depth_first(scanned, &entries, &one_copy);
    let ids: FxHashMap<&OsStr, ModuleId> = order
        .iter()
        .enumerate()
        .map(|(index, file)| (file.file.path.as_os_str(), ModuleId::from_usize(index)))
        .collect();
    let ignored = ids.iter().find(|(path, _)| is_ignored(path)).map(|(_, id)| *id);
    let mut externals: IndexVec<ExternalId, External> = IndexVec::new();
    let mut external_ids: FxHashMap<&External, ExternalId> = FxHashMap::default();
    for target in order.iter().flat_map(|file| one_copy.targets_of(file)) {
        if let FoundTarget::External(external) = target {
            external_ids
                .entry(external)
                .or_insert_with(|| externals.push(external.clone()));
        }
    }
    let target_of = |target: &FoundTarget| match target {
        FoundTarget::File(file) => Target::Module(ids[file.path.as_os_str()]),
        FoundTarget::Ignored => ignored.map_or(Target::Ignored, Target::Module),
        FoundTarget::Missing => Target::Missing,
        FoundTarget::External(external) => Target::External(external_ids[external]),
    };
    let modules: Vec<Module> = order
        .par_iter()
        .map(|scanned| module(scanned, one_copy.targets_of(scanned).map(target_of).collect()))
        .collect();
    let entries = entries
        .into_iter()
        .map(|(request, file)| EntryPoint {
            name: request.name.clone(),
            module: ids[file.path.as_os_str()],
            kind: request.kind.clone(),
            interface: None,
        })
        .collect();
    ModuleGraph {
        modules: modules.into(),
        externals,
        entries,
        is_for_browsers: platform == Platform::Browser,
    }
}

fn module(scanned: &ScannedFile, targets: IndexVec<RecordId, Target>) -> Module {
    let file = &scanned.file;
    let is_installed = file
        .path
        .components()
        .any(|part| part.as_os_str() == "node_modules");
    let origin = match &file.package_name {
        Some(name) if is_installed => ModuleOrigin::Package {
            name: name.as_str().into(),
        },
        _ => ModuleOrigin::Own,
    };
    Module {
        stable_path: scanned.stable_path.clone(),
        syntax: Arc::clone(&scanned.syntax),
        targets,
        may_have_side_effects: file.may_have_side_effects,
        is_node_module_syntax: file.is_module_type,
        origin,
        sheet_file: None,
        exports_object: None,
        shows_exports_object: false,
        runs_for_its_names: false,
        path: file.path.clone(),
    }
}

/// The file that stands for all that are ignored.
fn is_ignored(path: &OsStr) -> bool {
    Path::new(path)
        .file_name()
        .is_some_and(|name| name == super::request::IGNORED_FILE)
}

/// Files in the order of first visit.
fn depth_first<'a>(
    scanned: &'a ScannedFiles,
    entries: &[(&EntryRequest, ResolvedFile)],
    one_copy: &OneCopy<'a>,
) -> Vec<&'a ScannedFile> {
    let ignored: Option<&OsStr> = scanned
        .keys()
        .map(OsString::as_os_str)
        .find(|path| is_ignored(path));
    let mut order = Vec::with_capacity(scanned.len());
    let mut entered: rustc_hash::FxHashSet<&OsStr> = rustc_hash::FxHashSet::default();
    for (_, entry) in entries {
        let mut pending: Vec<&OsStr> = vec![entry.path.as_os_str()];
        while let Some(path) = pending.pop() {
            let Some(file) = scanned.get(path) else { continue };
            if !entered.insert(path) {
                continue;
            }
            order.push(&**file);
            pending.extend(one_copy.targets_of(file).rev().filter_map(|target| match target {
                FoundTarget::File(file) => Some(file.path.as_os_str()),
                FoundTarget::Ignored => ignored,
                FoundTarget::External(_) | FoundTarget::Missing => None,
            }));
        }
    }
    order
}
