//! The order of a workspace build: everything a module uses, dependencies first, the module itself last.

use std::path::{Path, PathBuf};

use super::behaviour::BehaviourFacts;
use super::closure::Closure;
use super::findings::Findings;
use super::mount::{Mount, Way, find_package};
use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{PackageRecord, RecordError, Side, split_package};

/// What `build -r` has to go through.
#[derive(Debug)]
pub struct BuildOrder {
    /// Every module of the closure behind all modules it uses; the root is last.
    pub modules: Vec<BuildUnit>,
    /// What stands in the way of an order: `E_SCHEMA`, `E_NOT_LINKED`, `E_CYCLE`. Unbuilt modules are what a
    /// build is for, and versions are judged when each module is linked.
    pub diagnostics: Vec<Diagnostic>,
}

/// One module of a workspace build.
#[derive(Debug, Clone)]
pub struct BuildUnit {
    /// Its package directory, symlinks resolved.
    pub dir: PathBuf,
    /// Its `package.json`.
    pub record: PackageRecord,
    /// Where it comes from.
    pub origin: Origin,
}

/// Whether a module's sources are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A package of the workspace: build it.
    Workspace,
    /// Installed from a registry, a fetched artifact, or without a declaration: use it as it is.
    Artifact,
}

/// The closure of `root_dir` in build order.
///
/// # Errors
/// When the root's `package.json` cannot be read.
pub fn closure_in_build_order(
    files: &dyn FileSystem,
    root_dir: &Path,
    facts: &BehaviourFacts,
) -> Result<BuildOrder, RecordError> {
    let root = PackageRecord::read(files, root_dir)?;
    let mut findings = Findings::default();
    findings.extend(root.schema_diagnostics.iter().cloned());
    let closure = Closure::walk(files, root, facts, &mut findings);
    let modules = closure
        .finished
        .iter()
        .map(|&layer| BuildUnit {
            dir: closure.real_dir(layer).to_path_buf(),
            record: closure.record(layer).clone(),
            origin: match closure.mount_of(layer) {
                None => Origin::Workspace,
                Some(mount) => origin(files, mount),
            },
        })
        .collect();
    let mut diagnostics = findings.into_list();
    diagnostics.retain(|diagnostic| matches!(diagnostic.code, Code::Schema | Code::NotLinked | Code::Cycle));
    Ok(BuildOrder { modules, diagnostics })
}

/// A package manager links workspace packages into `node_modules`; their real directories are outside. A link
/// may lead to a module of the workspace or to files fetched from elsewhere: only the first has something to
/// build from.
fn origin(files: &dyn FileSystem, mount: &Mount) -> Origin {
    let Some(declaration) = &mount.record.declaration else {
        return Origin::Artifact;
    };
    let is_installed = mount
        .real_root
        .components()
        .any(|part| part.as_os_str() == "node_modules");
    let has_sources = || {
        let mut sources = declaration
            .entry
            .iter()
            .chain(declaration.exports.values())
            .flat_map(|sources| Side::BOTH.into_iter().filter_map(|side| sources.on(side)));
        let mut packages = declaration.provides.iter().map(|name| split_package(name).0);
        sources.any(|source| files.is_file(&normalize(&mount.root.join(source))))
            || packages.any(|package| find_package(files, &mount.real_root, package).is_some())
    };
    match mount.way {
        _ if is_installed => Origin::Artifact,
        Way::Linked if !has_sources() => Origin::Artifact,
        _ => Origin::Workspace,
    }
}
