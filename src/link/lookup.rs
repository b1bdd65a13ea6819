//! THE LOOKUP RULE (PROTOCOL §9): what an import means, asked for every request of every file, as written.
//!
//! The rules are tried in the protocol's order and carry its numbers. Rule 4 comes before 7, so that a
//! package that is provided under a module's own name cannot be hijacked by that module's exports. Everything
//! but rule 8 is a look into tables that `link` filled; rule 8 looks for a package once per name.

use dashmap::DashMap;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

use super::builtin::is_unprefixed_builtin;
use super::closure::{Closure, LayerIndex, ROOT};
use super::exports::{ExportSurface, Exported};
use super::mount::find_package;
use super::offer::{GroupIndex, Major};
use super::selection::Candidate;
use super::supplied::SuppliedClosure;
use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::protocol::{DependencyMap, DependencySpec, PackageRecord, Satisfaction, Side, split_package};

/// One import, as it stands in a file.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The specifier as written.
    pub specifier: &'a str,
    /// The side being built.
    pub side: Side,
    /// How it is imported.
    pub kind: RequestKind,
    /// The provided name whose own wrapper asks: it must get the real package, not itself.
    pub exempt: Option<&'a str>,
    /// The bundled package the asking file belongs to; `None` for the module's own files.
    pub issuer: Option<&'a IssuerPackage>,
}

/// How something is imported. A static import of an export that is disabled on a side is an error there; a
/// dynamic one is left alone, because code commonly guards it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// `import` and `export` with `from`.
    Static,
    /// `import()`.
    Dynamic,
    /// `require()` of a `CommonJS` file.
    Require,
}

/// What is known of a bundled package whose files ask for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerPackage {
    /// Its real name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its `dependencies`.
    pub dependencies: DependencyMap,
    /// Its `peerDependencies`.
    pub peer_dependencies: DependencyMap,
}

impl From<&PackageRecord> for IssuerPackage {
    fn from(record: &PackageRecord) -> Self {
        Self {
            name: record.name.clone(),
            version: record.version.clone(),
            dependencies: record.dependencies.clone(),
            peer_dependencies: record.peer_dependencies.clone(),
        }
    }
}

/// What a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wiring {
    /// A path: resolve it normally.
    Relative,
    /// A URL: leave it as it is.
    Url,
    /// A module of Node. On the client only `node:` specifiers come here, and the caller reports them.
    Builtin,
    /// A supplied package: external, under this specifier.
    Provided {
        /// As written, or an identifier where the asking package needs another major.
        specifier: String,
    },
    /// An export of a module, possibly of the asking one: external, under this specifier.
    LogicalExport {
        /// As written.
        specifier: String,
    },
    /// A file of the asking module, addressed by its name: resolve with extension probing; when nothing is
    /// there, the caller reports [`Code::NoExport`] with [`super::Linkage::no_export`].
    SelfAlias {
        /// The absolute path, possibly without extension.
        path: PathBuf,
    },
    /// Resolve through `node_modules` and bundle.
    OwnCopy,
    /// Kept outside on request of the user: external, under this specifier.
    External {
        /// As written, or what an alias puts in its place.
        specifier: String,
    },
    /// Resolve another specifier in its place.
    Alias {
        /// A path or a bare specifier.
        specifier: String,
    },
}

/// A module's tables for answering requests: the root's are written by `link` and read by `scan` from many
/// threads, another module's by an explanation.
#[derive(Debug)]
pub(super) struct Lookup {
    layer: LayerIndex,
    name: String,
    dir: PathBuf,
    real_dir: PathBuf,
    groups: FxHashMap<String, GroupIndex>,
    own_exports: ExportSurface,
    exports: FxHashMap<String, ExportSurface>,
    /// Package name → whether an unmounted declared module is installed under it (rule 8).
    unmounted_modules: DashMap<String, bool>,
}

impl Lookup {
    pub(super) fn of(
        supplied: &SuppliedClosure,
        layer: LayerIndex,
        wiring: &IndexMap<String, GroupIndex>,
    ) -> Self {
        let closure = &supplied.closure;
        let exports = closure
            .layers()
            .filter(|&other| other != layer && other != ROOT)
            // A cyclic closure reaches nowhere, and its root still imports from its modules.
            .filter(|other| layer == ROOT || supplied.reach(layer).contains(other))
            .map(|other| (closure.name(other), surface(closure, other)));
        Self {
            layer,
            name: closure.record(layer).name.clone(),
            dir: closure.record(layer).dir.clone(),
            real_dir: closure.real_dir(layer).to_path_buf(),
            groups: wiring
                .iter()
                .map(|(specifier, group)| (specifier.clone(), *group))
                .collect(),
            own_exports: surface(closure, layer),
            exports: exports.collect(),
            unmounted_modules: DashMap::new(),
        }
    }

    pub(super) fn answer(
        &self,
        supplied: &SuppliedClosure,
        files: &dyn FileSystem,
        request: &Request<'_>,
    ) -> Result<Wiring, Box<Diagnostic>> {
        let specifier = request.specifier;
        // 1. A path.
        if is_path(specifier) {
            return Ok(Wiring::Relative);
        }
        // 3. A module of Node, before 2 because `node:` looks like a scheme.
        if specifier.starts_with("node:")
            || (request.side == Side::Server && is_unprefixed_builtin(specifier))
        {
            return Ok(Wiring::Builtin);
        }
        // 2. A URL.
        if has_scheme(specifier) {
            return Ok(Wiring::Url);
        }
        // 4. A supplied package, for the asking package in the major it needs.
        if request.exempt == Some(specifier) {
            return Ok(Wiring::OwnCopy);
        }
        let own_group = self.groups.get(specifier).copied();
        if let Some(group) = issuer_group(supplied, request, own_group) {
            return Ok(Wiring::Provided {
                specifier: supplied.winner(group).identifier(),
            });
        }
        if own_group.is_some() {
            return Ok(Wiring::Provided {
                specifier: specifier.to_owned(),
            });
        }
        let (package, subpath) = split_package(specifier);
        let rest = subpath.strip_prefix('/').unwrap_or(subpath);
        // 5 and 6. The module itself.
        if package == self.name {
            return match self.own_exports.find(rest, request.side) {
                Exported::No if !rest.is_empty() => Ok(Wiring::SelfAlias {
                    path: normalize(&self.dir.join(rest)),
                }),
                exported => self.export(&self.own_exports, exported, request),
            };
        }
        // 7. A module of the closure.
        if let Some(surface) = self.exports.get(package) {
            return self.export(surface, surface.find(rest, request.side), request);
        }
        // 8. A module that is installed, but not used.
        if self.is_unmounted_module(files, package) {
            return Err(Box::new(self.not_used(supplied, request, package)));
        }
        // 9. Anything else.
        Ok(Wiring::OwnCopy)
    }

    /// `E_NO_EXPORT` for a request to the module itself or to a mounted one.
    pub(super) fn no_export(&self, request: &Request<'_>) -> Diagnostic {
        let (package, _) = split_package(request.specifier);
        let surface = self.exports.get(package).unwrap_or(&self.own_exports);
        self.missing_export(surface, Exported::No, request)
    }

    fn export(
        &self,
        surface: &ExportSurface,
        exported: Exported,
        request: &Request<'_>,
    ) -> Result<Wiring, Box<Diagnostic>> {
        match (exported, request.kind) {
            (Exported::Yes, _) | (Exported::Disabled, RequestKind::Dynamic) => Ok(Wiring::LogicalExport {
                specifier: request.specifier.to_owned(),
            }),
            _ => Err(Box::new(self.missing_export(surface, exported, request))),
        }
    }

    fn is_unmounted_module(&self, files: &dyn FileSystem, package: &str) -> bool {
        if let Some(known) = self.unmounted_modules.get(package) {
            return *known;
        }
        let is_module = find_package(files, &self.real_dir, package)
            .and_then(|dir| PackageRecord::read(files, &dir).ok())
            .is_some_and(|record| record.declaration.is_some());
        self.unmounted_modules.insert(package.to_owned(), is_module);
        is_module
    }

    fn not_used(&self, supplied: &SuppliedClosure, request: &Request<'_>, package: &str) -> Diagnostic {
        let Self { name, layer, .. } = self;
        Diagnostic::new(
            Code::NotUsed,
            supplied.closure.name(*layer),
            format!(
                "{:?} is an import from the module {package}, but neither {name} nor a module it \
                 uses has {package} in esmx.uses.",
                request.specifier
            ),
            format!("Add {package:?} to esmx.uses in the package.json of {name}."),
        )
        .with_package(package)
    }

    fn missing_export(
        &self,
        surface: &ExportSurface,
        exported: Exported,
        request: &Request<'_>,
    ) -> Diagnostic {
        let Request { specifier, side, .. } = request;
        let (package, subpath) = split_package(specifier);
        let wanted = subpath
            .strip_prefix('/')
            .filter(|rest| !rest.is_empty())
            .unwrap_or(".");
        let available: Vec<&str> = surface.names_on(*side).collect();
        let (message, fix) = match exported {
            Exported::Disabled => (
                format!(
                    "{package} has an export {wanted:?}, but it is disabled on the {side} \
                         side, and {specifier:?} is imported statically there."
                ),
                format!(
                    "Import {specifier:?} with import() where only the other side runs, or \
                         give ./{wanted} a {side} file in esmx.exports of {package}."
                ),
            ),
            _ if wanted == "." => (
                format!("{package} itself cannot be imported, because it has no export ./index."),
                match available.first() {
                    Some(first) => format!(
                        "Import one of its exports, for example \"{package}/{first}\", or \
                             add \"./index\" to esmx.exports of {package}."
                    ),
                    None => format!("Add \"./index\" to esmx.exports of {package}."),
                },
            ),
            _ => (
                format!(
                    "{package} has no export {wanted:?}{}.",
                    if available.is_empty() {
                        "; it exports nothing on this side"
                    } else {
                        ""
                    }
                ),
                match surface
                    .name_of_source(wanted)
                    .or_else(|| nearest(wanted, available.iter().copied()))
                {
                    Some(name) => format!(
                        "Import \"{package}/{name}\", or add \"./{wanted}\" to esmx.exports of {package}."
                    ),
                    None => format!(
                        "Add \"./{wanted}\" to esmx.exports of {package}, or import one of its exports."
                    ),
                },
            ),
        };
        let label = if self.name.is_empty() {
            self.dir.to_string_lossy().into_owned()
        } else {
            self.name.clone()
        };
        Diagnostic::new(Code::NoExport, label, message, fix)
            .with_package(package)
            .with_found(wanted)
            .with_required(available.join(", "))
    }
}

/// What can be imported from a layer by name.
pub(super) fn surface(closure: &Closure, layer: LayerIndex) -> ExportSurface {
    match (closure.declaration(layer), closure.mount_of(layer)) {
        (Some(declaration), _) => ExportSurface::of_declaration(declaration),
        (None, Some(mount)) => ExportSurface::of_manifests(
            mount.client_manifest.as_ref(),
            mount.legacy_server_manifest.as_ref(),
        ),
        (None, None) => ExportSurface::default(),
    }
}

/// The group a bundled package asks for, where it is another than the module's own (§9, issuer-aware major).
///
/// `vuex3` inside a Vue 3 application declares `vue ^2` and gets Vue 2. A package that is content with the
/// module's own major (`>=2` in a Vue 2 application) keeps it, whatever else is supplied; and a range that
/// nothing satisfies moves nobody. A package that asks for itself (`react/jsx-runtime` of React 18 requiring
/// `react`) means its own major.
fn issuer_group(
    supplied: &SuppliedClosure,
    request: &Request<'_>,
    own_group: Option<GroupIndex>,
) -> Option<GroupIndex> {
    let issuer = request.issuer?;
    let (package, _) = split_package(request.specifier);
    let selector = supplied.selector(ROOT);
    if package == issuer.name {
        let major = Major::of(Some(&issuer.version));
        let same_major = |candidate: &Candidate<'_>| supplied.offers.groups[candidate.group].major == major;
        let candidates = selector.candidates(request.specifier, None);
        return candidates
            .iter()
            .find(|one| same_major(one))
            .map(|one| one.group)
            .filter(|group| Some(*group) != own_group);
    }
    let value = issuer
        .dependencies
        .get(package)
        .or_else(|| issuer.peer_dependencies.get(package))?;
    let spec = DependencySpec::parse(value);
    if spec.alias_target().is_none() && spec.checkable_range().is_none() {
        return None;
    }
    let candidates = selector.candidates(request.specifier, Some(spec));
    let fits = |candidate: &&Candidate<'_>| {
        spec.checkable_range()
            .is_none_or(|range| candidate.fits(range) == Satisfaction::Satisfied)
    };
    if candidates
        .iter()
        .filter(fits)
        .any(|candidate| Some(candidate.group) == own_group)
    {
        return None;
    }
    candidates.iter().find(fits).map(|candidate| candidate.group)
}

pub(super) fn is_path(specifier: &str) -> bool {
    matches!(specifier, "." | "..")
        || specifier.starts_with("./")
        || specifier.starts_with("../")
        || specifier.starts_with('/')
        || Path::new(specifier).is_absolute()
}

/// `scheme:` as RFC 3986 §3.1 spells it.
pub(super) fn has_scheme(specifier: &str) -> bool {
    specifier.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|part| part.is_ascii_alphanumeric() || matches!(part, '+' | '-' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_recognised() {
        for url in [
            "https://example.org/a.js",
            "data:text/javascript,1",
            "blob:x",
            "a+b-c.1:x",
        ] {
            assert!(has_scheme(url), "{url}");
        }
        for bare in ["vue", "@acme/kit", "a/b:c", ":x", "1a:x", "#internal"] {
            assert!(!has_scheme(bare), "{bare}");
        }
    }
}
