//! A supplied package: how its group was chosen, who won it, which file that is.

use std::path::{Path, PathBuf};

use super::instances::Instance;
use super::{Asker, Reason};
use crate::base::FileSystem;
use crate::diagnostic::Location;
use crate::link::closure::LayerIndex;
use crate::link::offer::{GroupIndex, GroupKey, Offer};
use crate::link::trace::{ElectionTrace, trace};
use crate::protocol::{Manifest, Side, split_package};

/// Why a specifier is wired to a supplied package.
#[derive(Debug, Clone)]
pub struct PackageAnswer {
    /// How it was asked for.
    pub form: Form,
    /// How the group was chosen; `None` when an identifier names it.
    pub selection: Option<Selection>,
    /// The chosen group.
    pub election: ElectionTrace,
    /// The other groups of the same real package.
    pub other_groups: Vec<ElectionTrace>,
    /// What the asking module gets when it is built alone, where that is another copy of the group.
    pub alone: Option<Offer>,
    /// The winner's file on each side.
    pub files: Vec<BuiltFile>,
    /// What every module of the closure gets for the package.
    pub instances: Vec<Instance>,
}

/// The two ways to name a supplied package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `vue`.
    Bare,
    /// `shared/vue`: an offer, which may have lost.
    Identifier(Offer),
}

/// The choice of a group (PROTOCOL §7.2 and §7.3).
#[derive(Debug, Clone)]
pub struct Selection {
    /// Why this one.
    pub reason: Reason,
    /// The groups that came into question, in order of preference, with the version that the module's own supply
    /// has.
    pub candidates: Vec<(GroupKey, Option<String>)>,
    /// The dependency that chose, or that says nothing about a version.
    pub dependency: Option<DeclaredDependency>,
    /// Where the module provides it, when [`Reason::OwnOffer`].
    pub provides: Option<Location>,
}

/// An entry of a dependency map.
#[derive(Debug, Clone)]
pub struct DeclaredDependency {
    /// `dependencies`, `peerDependencies` or `devDependencies`.
    pub map: &'static str,
    /// The key.
    pub key: String,
    /// The value as written.
    pub value: String,
    /// Where it is written.
    pub location: Option<Location>,
}

/// The file of an export on one side.
#[derive(Debug, Clone)]
pub struct BuiltFile {
    /// Which side.
    pub side: Side,
    /// What the manifest says.
    pub state: FileState,
}

/// What is known of a built file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// The manifest names it, and it is there.
    Built(PathBuf),
    /// The manifest names it, but it is not there.
    Missing(PathBuf),
    /// The manifest does not have the export: it was built before the export was declared.
    NotInManifest,
    /// There is no readable manifest.
    NotBuilt,
}

impl Asker<'_> {
    pub(super) fn package(&self, group: GroupIndex, form: Form) -> PackageAnswer {
        let Self { supplied, layer, .. } = *self;
        let election = trace(supplied, group);
        let others = self.groups_of(&election.winner.identity);
        let own = supplied.supplies[layer].whole.get(&group);
        let alone = own
            .map(|offer| &supplied.offers.offers[*offer])
            .filter(|offer| **offer != election.winner)
            .cloned();
        let provider = supplied
            .closure
            .layer_named(&election.winner.provider)
            .expect("a winner's provider is in the closure");
        PackageAnswer {
            selection: matches!(form, Form::Bare).then(|| self.selection()),
            form,
            other_groups: others
                .into_iter()
                .filter(|other| *other != group)
                .map(|other| trace(supplied, other))
                .collect(),
            alone,
            files: self.built_files(provider, &election.winner.name),
            instances: self.instances(group),
            election,
        }
    }

    /// The groups whose copies are of one real package, islands included; highest major first.
    pub(super) fn groups_of(&self, identity: &str) -> Vec<GroupIndex> {
        let offers = &self.supplied.offers;
        let mut groups: Vec<GroupIndex> = offers
            .placements
            .iter_enumerated()
            .filter(|(offer, _)| offers.offers[*offer].identity == identity)
            .map(|(_, placement)| placement.group)
            .collect();
        groups.sort_by_key(|&group| {
            let key = &offers.groups[group];
            (std::cmp::Reverse(key.major), key.kind, group)
        });
        groups.dedup();
        groups
    }

    fn selection(&self) -> Selection {
        let selector = self.supplied.selector(self.layer);
        let record = self.supplied.closure.record(self.layer);
        let (_, reason) = selector
            .decide(self.specifier)
            .expect("a wired specifier is decided");
        let (package, _) = split_package(self.specifier);
        let candidates = selector.candidates(self.specifier, record.selecting_spec(package));
        Selection {
            reason,
            candidates: candidates
                .into_iter()
                .map(|candidate| {
                    (
                        self.supplied.offers.groups[candidate.group].clone(),
                        candidate.version.map(str::to_owned),
                    )
                })
                .collect(),
            dependency: self.dependency(package),
            provides: (reason == Reason::OwnOffer)
                .then(|| record.location_of_item(&["esmx", "provides"], self.specifier))
                .flatten(),
        }
    }

    /// The entry that counts for a key: `dependencies` before `peerDependencies` before `devDependencies`.
    pub(super) fn dependency(&self, key: &str) -> Option<DeclaredDependency> {
        let record = self.supplied.closure.record(self.layer);
        let maps = [
            ("dependencies", &record.dependencies),
            ("peerDependencies", &record.peer_dependencies),
            ("devDependencies", &record.dev_dependencies),
        ];
        let (map, value) = maps
            .into_iter()
            .find_map(|(name, map)| Some((name, map.get(key)?)))?;
        Some(DeclaredDependency {
            map,
            key: key.to_owned(),
            value: value.clone(),
            location: record.location_of_dependency(key),
        })
    }

    /// What the manifests of a layer say about one of its exports.
    pub(super) fn built_files(&self, layer: LayerIndex, export: &str) -> Vec<BuiltFile> {
        let closure = &self.supplied.closure;
        let artifact = closure.mount_of(layer).map_or_else(
            || closure.root_real_dir.join("dist"),
            |mount| mount.artifact_dir.clone(),
        );
        let built = Side::BOTH.into_iter().map(|side| BuiltFile {
            side,
            state: file_state(self.files, &artifact.join(side.as_str()), export),
        });
        built.collect()
    }
}

fn file_state(files: &dyn FileSystem, directory: &Path, export: &str) -> FileState {
    let manifest = files
        .read(&directory.join("manifest.json"))
        .ok()
        .and_then(|bytes| Manifest::parse(&bytes).ok());
    let Some(manifest) = manifest else {
        return FileState::NotBuilt;
    };
    let Some(entry) = manifest.exports.get(export) else {
        return FileState::NotInManifest;
    };
    let path = directory.join(&entry.file);
    if files.is_file(&path) {
        FileState::Built(path)
    } else {
        FileState::Missing(path)
    }
}
