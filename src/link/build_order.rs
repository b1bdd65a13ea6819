//! The order of a workspace build: everything a module uses, dependencies first, the module itself last.

use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};

use super::behaviour::BehaviourFacts;
use super::closure::{Closure, ROOT};
use super::findings::Findings;
use super::mount::{Mount, Way, find_package};
use super::workspace::workspace_packages;
use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::behaviour::BehaviourFile;
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
    /// The modules, by their places in the order, that must be built before it.
    pub needs: Vec<usize>,
}

/// Whether a module's sources are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A package of the workspace: build it.
    Workspace,
    /// Installed from a registry, a fetched artifact, or without anything to build from: use it as it is.
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
    let mut ordering = Ordering::new(files, facts);
    ordering.enter(root, facts);
    Ok(ordering.finished())
}

/// All modules of the workspace whose root is `root_dir`, each with what it uses, if the root is no module itself.
pub fn workspace_in_build_order(
    files: &dyn FileSystem,
    root_dir: &Path,
    facts: &BehaviourFacts,
) -> Option<BuildOrder> {
    let root = PackageRecord::read(files, root_dir).ok()?;
    if root.declaration.is_some() || BehaviourFile::find(files, root_dir).is_some() {
        return None;
    }
    let mut ordering = Ordering::new(files, facts);
    for package in workspace_packages(files, root_dir) {
        let Ok(record) = PackageRecord::read(files, &package) else {
            continue;
        };
        if record.declaration.is_some() {
            let own = BehaviourFacts::of_dependency(files, &record, facts);
            ordering.enter(record, &own);
        }
    }
    (!ordering.modules.is_empty()).then(|| ordering.finished())
}

/// The way through a workspace in which declared modules use each other and legacy modules link each other.
struct Ordering<'a> {
    files: &'a dyn FileSystem,
    /// Those of the root, whose links hold for everybody.
    facts: &'a BehaviourFacts,
    findings: Findings,
    /// Real directories; legacy modules may link each other in circles, which harms nobody.
    entered: FxHashSet<PathBuf>,
    modules: Vec<BuildUnit>,
}

impl<'a> Ordering<'a> {
    fn new(files: &'a dyn FileSystem, facts: &'a BehaviourFacts) -> Self {
        Self {
            files,
            facts,
            findings: Findings::default(),
            entered: FxHashSet::default(),
            modules: Vec::new(),
        }
    }

    fn finished(self) -> BuildOrder {
        let mut diagnostics = self.findings.into_list();
        diagnostics
            .retain(|diagnostic| matches!(diagnostic.code, Code::Schema | Code::NotLinked | Code::Cycle));
        BuildOrder {
            modules: self.modules,
            diagnostics,
        }
    }

    /// Everything `root` needs, then `root`.
    fn enter(&mut self, root: PackageRecord, facts: &BehaviourFacts) {
        let real_dir = self
            .files
            .real_path(&root.dir)
            .unwrap_or_else(|_| root.dir.clone());
        if !self.entered.insert(real_dir.clone()) {
            return;
        }
        self.findings.extend(root.schema_diagnostics.iter().cloned());
        if root.declaration.is_none() {
            self.enter_links(&root, facts);
            self.modules.push(BuildUnit {
                dir: real_dir,
                record: root,
                origin: Origin::Workspace,
                needs: (0..self.modules.len()).collect(),
            });
            return;
        }
        let closure = Closure::walk(self.files, root, facts, &mut self.findings);
        for &layer in &closure.finished {
            let mut unit = BuildUnit {
                dir: closure.real_dir(layer).to_path_buf(),
                record: closure.record(layer).clone(),
                origin: match closure.mount_of(layer) {
                    None => Origin::Workspace,
                    Some(mount) => origin(self.files, mount),
                },
                needs: self.places_of(closure.uses[layer].iter().map(|used| closure.real_dir(*used))),
            };
            if layer != ROOT && !self.entered.insert(unit.dir.clone()) {
                continue;
            }
            if unit.record.declaration.is_none() && unit.origin == Origin::Workspace {
                let own = BehaviourFacts::of_dependency(self.files, &unit.record, self.facts);
                self.enter_links(&unit.record, &own);
                // What a legacy module links may link in circles: whatever stands before it is built before it.
                unit.needs = (0..self.modules.len()).collect();
            }
            self.modules.push(unit);
        }
    }

    /// The places of the modules in `dirs` that were entered so far: all of them, where nothing is circular.
    fn places_of<'d>(&self, dirs: impl Iterator<Item = &'d Path>) -> Vec<usize> {
        dirs.filter_map(|dir| self.modules.iter().position(|unit| unit.dir == dir))
            .collect()
    }

    /// What a legacy module links and is built from sources here, in the order of its list.
    fn enter_links(&mut self, legacy: &PackageRecord, facts: &BehaviourFacts) {
        for path in facts.links.values() {
            let artifact_dir = normalize(&legacy.dir.join(path));
            // Only `<module>/dist` is what a build of the module would write.
            if artifact_dir.file_name().is_none_or(|name| name != "dist") {
                continue;
            }
            let Some(record) = artifact_dir
                .parent()
                .and_then(|dir| PackageRecord::read(self.files, dir).ok())
            else {
                continue;
            };
            if is_installed(&record.dir) || !has_sources(self.files, &record) {
                continue;
            }
            let own = BehaviourFacts::of_dependency(self.files, &record, self.facts);
            self.enter(record, &own);
        }
    }
}

/// A package manager links workspace packages into `node_modules`; their real directories are outside. A link
/// may lead to a module of the workspace or to files fetched from elsewhere: only the first has something to
/// build from.
fn origin(files: &dyn FileSystem, mount: &Mount) -> Origin {
    match mount.way {
        _ if is_installed(&mount.real_root) => Origin::Artifact,
        Way::Installed if mount.record.declaration.is_some() => Origin::Workspace,
        _ if has_sources(files, &mount.record) => Origin::Workspace,
        _ => Origin::Artifact,
    }
}

fn is_installed(dir: &Path) -> bool {
    dir.components().any(|part| part.as_os_str() == "node_modules")
}

/// Whether there is something to build from: for a legacy module, the behaviour file that configures it.
fn has_sources(files: &dyn FileSystem, record: &PackageRecord) -> bool {
    let Some(declaration) = &record.declaration else {
        return BehaviourFile::find(files, &record.dir).is_some();
    };
    let mut sources = declaration
        .entry
        .iter()
        .chain(declaration.exports.values())
        .flat_map(|sources| Side::BOTH.into_iter().filter_map(|side| sources.on(side)));
    let mut packages = declaration.provides.iter().map(|name| split_package(name).0);
    let real_dir = files
        .real_path(&record.dir)
        .unwrap_or_else(|_| record.dir.clone());
    sources.any(|source| files.is_file(&normalize(&record.dir.join(source))))
        || packages.any(|package| find_package(files, &real_dir, package).is_some())
}
