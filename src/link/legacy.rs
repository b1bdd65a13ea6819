//! A root of the legacy kind (PROTOCOL §14): nothing is merged or elected, everything is wired by hand.
//!
//! What stays outside a legacy module's files are the keys of its scopes, the packages it exports itself, and
//! everything at or below the name of a linked module (§14.4); nobody checks whether those exist.

use indexmap::{IndexMap, IndexSet};
use std::path::{Path, PathBuf};

use super::behaviour::{BehaviourFacts, LegacyFacts};
use super::builtin::is_unprefixed_builtin;
use super::lookup::{Request, Wiring, has_scheme, is_path};
use super::mount::find_package;
use super::offer::InstalledPackage;
use crate::base::{FileSystem, normalize};
use crate::diagnostic::Location;
use crate::protocol::legacy::{ExportTarget, LegacyConfiguration, LegacyKind, ScopeTables};
use crate::protocol::{DependencySpec, PackageRecord, Side, split_package};

/// A legacy module that is linked as the root. Written by `link`; a build reads what to make and what stays
/// outside.
#[derive(Debug)]
pub struct LegacyModule {
    name: String,
    dir: PathBuf,
    configuration: LegacyConfiguration,
    location: Location,
    links: IndexMap<String, PathBuf>,
    sides: [LegacySide; 2],
}

/// What one side of a legacy module consists of.
#[derive(Debug)]
pub struct LegacySide {
    /// Export name → what it is made from.
    pub exports: IndexMap<String, LegacySource>,
    /// Exported package name → what is installed of it.
    pub provides: IndexMap<String, InstalledIdentity>,
    /// All scopes; the module scope is there even when it is empty.
    pub scopes: ScopeTables,
    externals: IndexSet<String>,
}

/// A source as the resolver is asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegacySource {
    /// A package.
    Package(String),
    /// A file of the module, possibly without extension.
    File(String),
}

/// What an exported package really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledIdentity {
    /// Real package name and subpath.
    pub identity: String,
    /// The installed version, where one could be found.
    pub version: Option<String>,
}

impl LegacyModule {
    pub(super) fn of(
        files: &dyn FileSystem,
        root: &PackageRecord,
        legacy: &LegacyFacts,
        facts: &BehaviourFacts,
    ) -> Self {
        let LegacyFacts {
            configuration,
            location,
            ..
        } = legacy;
        let links = facts
            .links
            .iter()
            .map(|(name, path)| (name.clone(), normalize(&root.dir.join(path))))
            .collect();
        let sides = Side::BOTH.map(|side| LegacySide::of(files, root, configuration, side));
        Self {
            name: root.name.clone(),
            dir: root.dir.clone(),
            configuration: configuration.clone(),
            location: location.clone(),
            links,
            sides,
        }
    }

    /// Whether it has framework entries.
    pub fn kind(&self) -> LegacyKind {
        self.configuration.kind
    }

    /// What one side consists of.
    pub fn on(&self, side: Side) -> &LegacySide {
        match side {
            Side::Client => &self.sides[0],
            Side::Server => &self.sides[1],
        }
    }

    /// Module name → artifact directory of every linked module but the module itself.
    pub fn links(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.links
            .iter()
            .filter(|(name, _)| **name != self.name)
            .map(|(name, path)| (name.as_str(), path.as_path()))
    }

    /// Where the module's own artifact lies: a module links itself, unless it says otherwise (§14.2).
    pub fn artifact_dir(&self) -> PathBuf {
        self.links
            .get(&self.name)
            .cloned()
            .unwrap_or_else(|| self.dir.join("dist"))
    }

    /// Where the configuration is written.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Where an export is written; none for a framework entry that nobody wrote.
    pub fn location_of_export(&self, name: &str) -> Option<Location> {
        self.configuration
            .exports
            .iter()
            .rev()
            .find(|export| export.value.name == name)
            .map(|export| export.location.clone())
    }

    /// What a request of the module's code means. The order is that of §9; what is wired by hand comes first,
    /// because somebody wrote it.
    pub(super) fn answer(&self, files: &dyn FileSystem, request: &Request<'_>) -> Wiring {
        let specifier = request.specifier;
        let side = self.on(request.side);
        if is_path(specifier) {
            return Wiring::Relative;
        }
        if request.exempt == Some(specifier) {
            return Wiring::OwnCopy;
        }
        if side.externals.contains(specifier) {
            return Wiring::Provided {
                specifier: specifier.to_owned(),
            };
        }
        if specifier.starts_with("node:")
            || (request.side == Side::Server && is_unprefixed_builtin(specifier))
        {
            return Wiring::Builtin;
        }
        if has_scheme(specifier) {
            return Wiring::Url;
        }
        let external = Wiring::LogicalExport {
            specifier: specifier.to_owned(),
        };
        let (package, subpath) = split_package(specifier);
        if package == self.name {
            let rest = subpath.strip_prefix('/').unwrap_or(subpath);
            let path = normalize(&self.dir.join(rest));
            let is_own_file = !rest.is_empty() && !side.exports_name(rest) && is_source(files, &path);
            return if is_own_file {
                Wiring::SelfAlias { path }
            } else {
                external
            };
        }
        if self.links.contains_key(package) {
            return external;
        }
        Wiring::OwnCopy
    }
}

impl LegacySide {
    fn of(
        files: &dyn FileSystem,
        root: &PackageRecord,
        configuration: &LegacyConfiguration,
        side: Side,
    ) -> Self {
        let mut exports = IndexMap::new();
        let mut provides = IndexMap::new();
        for (name, target) in configuration.exports_on(side) {
            let source = match target {
                ExportTarget::Package(specifier) => {
                    provides.insert(name.clone(), installed_identity(files, root, &specifier));
                    LegacySource::Package(specifier)
                }
                ExportTarget::File(path) => LegacySource::File(as_specifier(files, &root.dir, path)),
            };
            exports.insert(name, source);
        }
        let scopes = configuration.scopes_on(&root.name, side);
        let externals = scopes.values().flat_map(IndexMap::keys).cloned().collect();
        Self {
            exports,
            provides,
            scopes,
            externals,
        }
    }

    /// `ui` also finds `ui/index`.
    fn exports_name(&self, name: &str) -> bool {
        self.exports.contains_key(name) || self.exports.contains_key(&format!("{name}/index"))
    }
}

/// `src/a` without `./` means the module's file, when there is one.
fn as_specifier(files: &dyn FileSystem, dir: &Path, path: String) -> String {
    if is_path(&path) || !is_source(files, &normalize(&dir.join(&path))) {
        path
    } else {
        format!("./{path}")
    }
}

/// Whether an import of the path finds a file: as it stands, with an extension, or as a directory's index.
fn is_source(files: &dyn FileSystem, path: &Path) -> bool {
    const EXTENSIONS: [&str; 9] = ["mjs", "js", "mts", "ts", "jsx", "tsx", "cjs", "cts", "json"];
    let text = path.to_string_lossy();
    let with_extension = |stem: &str| {
        EXTENSIONS
            .iter()
            .any(|extension| files.is_file(Path::new(&format!("{stem}.{extension}"))))
    };
    files.is_file(path) || with_extension(&text) || with_extension(&format!("{text}/index"))
}

fn installed_identity(files: &dyn FileSystem, root: &PackageRecord, specifier: &str) -> InstalledIdentity {
    let (package, subpath) = split_package(specifier);
    let real_dir = files.real_path(&root.dir).unwrap_or_else(|_| root.dir.clone());
    let installed = find_package(files, &real_dir, package)
        .map(|dir| InstalledPackage::read(files, &dir))
        .unwrap_or_default();
    let declared = || {
        root.all_dependencies()
            .find(|(key, _)| *key == package)
            .and_then(|(_, value)| DependencySpec::parse(value).alias_target())
            .unwrap_or(package)
            .to_owned()
    };
    let real_name = installed.name.unwrap_or_else(declared);
    InstalledIdentity {
        identity: format!("{real_name}{subpath}"),
        version: installed.version,
    }
}
