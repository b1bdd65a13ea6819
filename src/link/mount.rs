//! Mounting one used module (PROTOCOL §4.1): find its package, read it, find its artifact.

use rustc_hash::FxHashMap;
use std::path::{Component, Path, PathBuf};

use super::behaviour::BehaviourFacts;
use crate::base::{FileSystem, find_package_dir, normalize, relative_posix};
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{ArtifactFacts, Manifest, PROTOCOL, PackageRecord, RecordError, Side};

/// A module of the closure other than the root.
#[derive(Debug, Clone)]
pub struct Mount {
    /// The name it is used by, which is its own.
    pub name: String,
    /// How it was found.
    pub way: Way,
    /// Its package directory: real for an installed module, as written for a linked one.
    pub root: PathBuf,
    /// The same directory with every symlink resolved: where its own packages are looked up from.
    pub real_root: PathBuf,
    /// Where its `client` and `server` directories are.
    pub artifact_dir: PathBuf,
    /// Whether a readable client manifest is there.
    pub is_built: bool,
    /// Its `package.json`.
    pub record: PackageRecord,
    /// The client manifest, when it could be read.
    pub client_manifest: Option<Manifest>,
    /// The server manifest of a legacy module, whose exports stand nowhere else.
    pub legacy_server_manifest: Option<Manifest>,
}

/// How a module is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In a `node_modules` directory.
    Installed,
    /// Through a link to its artifact.
    Linked,
}

/// The mounted modules, in the order they were mounted.
#[derive(Debug, Clone, Default)]
pub struct MountTable {
    mounts: Vec<Mount>,
    positions: FxHashMap<String, usize>,
}

impl MountTable {
    /// The mount of a module.
    pub fn get(&self, name: &str) -> Option<&Mount> {
        self.position(name).map(|position| &self.mounts[position])
    }

    /// All mounts, in mount order.
    pub fn iter(&self) -> std::slice::Iter<'_, Mount> {
        self.mounts.iter()
    }

    /// How many modules are mounted.
    pub fn len(&self) -> usize {
        self.mounts.len()
    }

    /// Whether the root uses nobody.
    pub fn is_empty(&self) -> bool {
        self.mounts.is_empty()
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    pub(super) fn at(&self, position: usize) -> &Mount {
        &self.mounts[position]
    }

    pub(super) fn push(&mut self, mount: Mount) -> usize {
        let position = self.mounts.len();
        self.positions.insert(mount.name.clone(), position);
        self.mounts.push(mount);
        position
    }
}

impl<'a> IntoIterator for &'a MountTable {
    type Item = &'a Mount;
    type IntoIter = std::slice::Iter<'a, Mount>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Who asks for a module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consumer<'a> {
    pub record: &'a PackageRecord,
    pub real_dir: &'a Path,
}

/// Finds and reads the module `name` for a consumer. The diagnostics beside a mount do not prevent it.
pub(super) fn mount(
    files: &dyn FileSystem,
    name: &str,
    consumer: Consumer<'_>,
    root_dir: &Path,
    facts: &BehaviourFacts,
) -> Result<(Mount, Vec<Diagnostic>), Box<Diagnostic>> {
    let place = Place {
        name,
        consumer,
        root_dir,
    };
    let (way, package_dir, artifacts) = if let Some(link) = facts.links.get(name) {
        let artifact = normalize(&root_dir.join(link));
        let package_dir = artifact.parent().unwrap_or(&artifact).to_path_buf();
        (Way::Linked, package_dir, vec![artifact])
    } else {
        let found =
            find_module(files, consumer.real_dir, name).ok_or_else(|| Box::new(place.not_installed()))?;
        // A pack installed from a registry may have its artifact at the package root.
        (Way::Installed, found.clone(), vec![found.join("dist"), found])
    };
    let record = PackageRecord::read(files, &package_dir)
        .map_err(|error| Box::new(place.unreadable(&package_dir, &error, way)))?;
    if record.name != name {
        return Err(Box::new(place.misnamed(&record, way)));
    }
    let artifact_dir = artifacts
        .iter()
        .find(|artifact| files.is_file(&client_manifest_path(artifact)))
        .unwrap_or(&artifacts[0])
        .clone();
    let mut diagnostics = record.schema_diagnostics.clone();
    let artifact = Artifact::read(files, &artifact_dir);
    diagnostics.extend(place.judge(&artifact, &record, &artifact_dir));
    let legacy_server_manifest = match (&record.declaration, &artifact) {
        (None, Artifact::Built(_)) => {
            let facts = read_facts(files, &artifact_dir.join("server/manifest.json"));
            facts.ok().map(|facts| facts.manifest)
        }
        _ => None,
    };
    let mount = Mount {
        name: name.to_owned(),
        way,
        real_root: files
            .real_path(&package_dir)
            .unwrap_or_else(|_| package_dir.clone()),
        root: package_dir,
        artifact_dir,
        is_built: matches!(artifact, Artifact::Built(_)),
        record,
        client_manifest: artifact.into_manifest().map(|manifest| Manifest {
            name: name.to_owned(),
            ..manifest
        }),
        legacy_server_manifest,
    };
    Ok((mount, diagnostics))
}

/// Mounts what a legacy host links (PROTOCOL §14.2). Nothing of it is known but its artifact, so neither a
/// `package.json` nor a build is asked for here: composing reads the manifests and says which are missing.
pub(super) fn mount_legacy_link(
    files: &dyn FileSystem,
    name: &str,
    artifact_dir: &Path,
    host: &PackageRecord,
) -> (Mount, Option<Diagnostic>) {
    let package_dir = artifact_dir.parent().unwrap_or(artifact_dir).to_path_buf();
    let mut record = PackageRecord::read(files, &package_dir).unwrap_or_else(|_| {
        PackageRecord::parse(&package_dir, "{}".to_owned()).expect("an empty object is a package.json")
    });
    name.clone_into(&mut record.name);
    let artifact = Artifact::read(files, artifact_dir);
    let place = Place {
        name,
        consumer: Consumer {
            record: host,
            real_dir: &host.dir,
        },
        root_dir: &host.dir,
    };
    let diagnostic = match &artifact {
        Artifact::Built(_) => place.judge(&artifact, &record, artifact_dir),
        Artifact::Broken { .. } | Artifact::Absent => None,
    };
    let mount = Mount {
        name: name.to_owned(),
        way: Way::Linked,
        real_root: files
            .real_path(&package_dir)
            .unwrap_or_else(|_| package_dir.clone()),
        root: package_dir,
        artifact_dir: artifact_dir.to_path_buf(),
        is_built: matches!(artifact, Artifact::Built(_)),
        record,
        client_manifest: artifact.into_manifest(),
        legacy_server_manifest: None,
    };
    (mount, diagnostic)
}

/// The real directory of a module as Node would find it from `dir`.
fn find_module(files: &dyn FileSystem, dir: &Path, name: &str) -> Option<PathBuf> {
    let found = find_package(files, dir, name)?;
    Some(files.real_path(&found).unwrap_or(found))
}

/// [`find_package_dir`] for names that come from users: a name such as `../secret` is nobody's package.
pub(super) fn find_package(files: &dyn FileSystem, dir: &Path, name: &str) -> Option<PathBuf> {
    let is_plain = !name.contains('\\')
        && Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    if is_plain {
        find_package_dir(files, dir, name)
    } else {
        None
    }
}

fn client_manifest_path(artifact_dir: &Path) -> PathBuf {
    artifact_dir.join(Side::Client.as_str()).join("manifest.json")
}

/// What lies in an artifact directory.
enum Artifact {
    Built(Box<ArtifactFacts>),
    Broken { path: PathBuf, reason: String },
    Absent,
}

impl Artifact {
    /// Only the client manifest decides.
    fn read(files: &dyn FileSystem, artifact_dir: &Path) -> Self {
        let path = client_manifest_path(artifact_dir);
        if !files.is_file(&path) {
            return Self::Absent;
        }
        match read_facts(files, &path) {
            Ok(facts) => Self::Built(Box::new(facts)),
            Err(error) => Self::Broken {
                path,
                reason: error.to_string(),
            },
        }
    }

    fn into_manifest(self) -> Option<Manifest> {
        match self {
            Self::Built(facts) => Some(facts.manifest),
            Self::Broken { .. } | Self::Absent => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum ManifestReadError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

fn read_facts(files: &dyn FileSystem, path: &Path) -> Result<ArtifactFacts, ManifestReadError> {
    Ok(ArtifactFacts::parse(&files.read(path)?)?)
}

/// One `uses` entry: what its diagnostics have in common.
struct Place<'a> {
    name: &'a str,
    consumer: Consumer<'a>,
    root_dir: &'a Path,
}

impl Place<'_> {
    fn diagnostic(&self, code: Code, message: String, fix: String) -> Diagnostic {
        let location = self
            .consumer
            .record
            .location_of_item(&["esmx", "uses"], self.name);
        Diagnostic::new(code, self.consumer.record.label(), message, fix)
            .with_package(self.name)
            .at(location)
    }

    fn not_linked(&self, message: String, fix: String) -> Diagnostic {
        self.diagnostic(Code::NotLinked, message, fix)
    }

    fn not_installed(&self) -> Diagnostic {
        let Self {
            name,
            consumer,
            root_dir,
        } = self;
        let from = match relative_posix(root_dir, consumer.real_dir) {
            dir if dir.is_empty() => "the root".to_owned(),
            dir => dir,
        };
        let is_declared = consumer.record.all_dependencies().any(|(key, _)| key == *name);
        let fix = if is_declared {
            format!(
                "Install the dependencies of {}, or link {name} to an artifact directory with modules.links.",
                consumer.record.label()
            )
        } else {
            format!(
                "Add {name} to the dependencies of {} and install them, or remove it from esmx.uses.",
                consumer.record.label()
            )
        };
        self.not_linked(
            format!(
                "{} uses {name}, but no node_modules directory from {from} upwards holds it and \
                 no link names it.",
                consumer.record.label()
            ),
            fix,
        )
    }

    fn unreadable(&self, package_dir: &Path, error: &RecordError, way: Way) -> Diagnostic {
        let name = self.name;
        let path = relative_posix(self.root_dir, &package_dir.join("package.json"));
        let fix = match way {
            Way::Linked => format!(
                "Point modules.links[{name:?}] at the artifact directory of {name}; its \
                     package.json must lie in the directory above."
            ),
            Way::Installed => format!("Repair {path}, or install {name} again."),
        };
        let diagnostic = self.not_linked(
            format!("{name} cannot be used, because {path} {}.", error.reason()),
            fix,
        );
        let location = error.location().or(diagnostic.location.clone());
        diagnostic.at(location)
    }

    /// Identifiers inside an artifact carry the name it was built with, so another name would reach nothing.
    fn misnamed(&self, record: &PackageRecord, way: Way) -> Diagnostic {
        let name = self.name;
        let path = relative_posix(self.root_dir, &record.path());
        let actual = record.name.as_str();
        if actual.is_empty() {
            return self.not_linked(
                format!(
                    "{path} has no name, but it is used as {name}; the files a module is built \
                     into address each other by its name."
                ),
                format!("Add \"name\": {name:?} to {path}."),
            );
        }
        let fix = match way {
            Way::Linked => format!(
                "Point modules.links[{name:?}] at the artifact of {name}, or use {actual:?} \
                     in esmx.uses and link that name."
            ),
            Way::Installed => format!("Use {actual:?} in esmx.uses, and depend on it under that name."),
        };
        self.not_linked(
            format!(
                "{path} calls its package {actual}, but it is used as {name}; the files a module \
                 is built into address each other by its own name."
            ),
            fix,
        )
        .with_found(actual)
    }

    fn judge(&self, artifact: &Artifact, record: &PackageRecord, artifact_dir: &Path) -> Option<Diagnostic> {
        let name = self.name;
        match artifact {
            Artifact::Built(facts) => facts.newer_protocol.as_ref().map(|found| {
                self.diagnostic(
                    Code::Protocol,
                    format!(
                        "{name} was built for protocol {found}, and this program knows protocols \
                         up to {PROTOCOL}."
                    ),
                    format!(
                        "Update esmx-build here, or depend on a release of {name} that was built \
                         for protocol {PROTOCOL}."
                    ),
                )
                .with_found(found.clone())
                .with_required(format!("<= {PROTOCOL}"))
            }),
            Artifact::Broken { path, reason } => Some(self.diagnostic(
                Code::NotBuilt,
                format!(
                    "{} is not a readable manifest ({reason}), so {name} counts as not built.",
                    relative_posix(self.root_dir, path)
                ),
                format!("Build {name} again, or link it to another artifact with modules.links[{name:?}]."),
            )),
            Artifact::Absent if record.declaration.is_none() => Some(self.diagnostic(
                Code::NotBuilt,
                format!(
                    "{name} has neither an `esmx` declaration nor a built artifact: it looks \
                     like a plain package, and those are imported, not used."
                ),
                format!(
                    "Remove {name} from esmx.uses of {}.",
                    self.consumer.record.label()
                ),
            )),
            Artifact::Absent => Some(self.diagnostic(
                Code::NotBuilt,
                format!(
                    "{name} is not built: {} does not exist.",
                    relative_posix(self.root_dir, &client_manifest_path(artifact_dir))
                ),
                format!(
                    "Build {name} first (`esmx-build build -r` builds everything a module uses), \
                     or link it to a built artifact with modules.links[{name:?}]."
                ),
            )),
        }
    }
}
