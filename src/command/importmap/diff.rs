//! `importmap diff`: what a new map changes for whom, made for a review.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::check::{no_map, objections_to_imports};
use super::copies::known_copies;
use super::deployment::Deployment;
use super::files::{Files, Layer, Place};
use super::{ImportMapReport, TextSource};
use crate::command::CommandError;
use crate::diagnostic::Diagnostic;
use crate::import_map::resolve_module_specifier;
use crate::protocol::parse_version;

/// What `importmap diff` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffOptions {
    /// The map that is live, and where its files are.
    pub old: (TextSource, Place),
    /// The map that may follow.
    pub new: (TextSource, Place),
}

/// What changes.
#[derive(Debug, Default, Serialize)]
pub struct DiffReport {
    /// Packages that get another version, come, or go.
    pub packages: Vec<PackageChange>,
    /// Specifiers that lead to another file.
    pub resolutions: Vec<ResolutionChange>,
    /// Names that files behind a specifier export no longer, or newly.
    pub exports: Vec<ExportChange>,
    /// Files that come and go.
    pub files: FileChanges,
    /// What breaks: imports that worked and will not.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// One package.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PackageChange {
    /// Its name.
    pub package: String,
    /// What happens.
    pub change: Change,
    /// The version before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The version after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What happens to a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// A newer version of the same major.
    Up,
    /// An older version of the same major.
    Down,
    /// Another major instead.
    Major,
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
}

/// One specifier.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ResolutionChange {
    /// As it is imported.
    pub specifier: String,
    /// The scope that changes; absent where it is the same for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Before; `None` where nothing or a blocked entry was.
    pub from: Option<String>,
    /// After.
    pub to: Option<String>,
}

/// One file behind a specifier.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ExportChange {
    /// The specifier.
    pub specifier: String,
    /// Names that are new.
    pub added: Vec<String>,
    /// Names that are gone.
    pub removed: Vec<String>,
}

/// The files of both maps.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileChanges {
    /// Only with the new map.
    pub added: Vec<String>,
    /// Only with the old map.
    pub dropped: Vec<String>,
    /// With both, but with other bytes or another integrity.
    pub changed: Vec<String>,
}

impl DiffReport {
    /// Whether both maps mean the same.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
            && self.resolutions.is_empty()
            && self.exports.is_empty()
            && self.files == FileChanges::default()
    }
}

/// Loads both and compares.
pub(super) fn diff(options: &DiffOptions) -> Result<ImportMapReport, CommandError> {
    let mut report = DiffReport::default();
    let (old_map, old_place) = &options.old;
    let (new_map, new_place) = &options.new;
    let old = load(old_map, Files::at(old_place))?;
    let new = load(new_map, files_of_new(new_place, old_place))?;
    match (old, new) {
        (Ok(old), Ok(new)) => {
            report.packages = package_changes(&versions(&old), &versions(&new));
            report.resolutions = resolution_changes(&old, &new);
            report.exports = export_changes(&old, &new);
            report.files = file_changes(&old, &new);
            report.diagnostics = breaking(&old, &new);
        }
        (old, new) => report
            .diagnostics
            .extend([old.err(), new.err()].into_iter().flatten()),
    }
    Ok(ImportMapReport::Diff(report))
}

/// What is not beside the new map stays what it is, as when it is released.
fn files_of_new(new: &Place, old: &Place) -> Files {
    let Place::Directory(directory) = new else {
        return Files::at(new);
    };
    let below = match old {
        Place::Directory(old) => Layer::Directory(old.clone()),
        Place::Url(url) => {
            let (files, root) = (Files::at(old), url.clone());
            Layer::Read(Box::new(move |path| {
                let url = root
                    .join(&format!("/{path}"))
                    .map_err(|error| error.to_string())?;
                let fetched = files.fetch(&url).ok();
                Ok(fetched.map(|fetched| (fetched.bytes, Some(fetched.mime))))
            }))
        }
    };
    Files::of_layers(vec![Layer::Directory(directory.clone()), below])
}

fn load(map: &TextSource, files: Files) -> Result<Result<Deployment, Diagnostic>, CommandError> {
    let text = map.read()?;
    Ok(Deployment::load(&text, files).map_err(|error| no_map(&map.label(), &error)))
}

/// Package → its versions by major; `None` is the major of versions that cannot be read.
type Versions = BTreeMap<String, BTreeMap<Option<u64>, String>>;

fn versions(deployment: &Deployment) -> Versions {
    let mut versions = Versions::new();
    for copy in known_copies(deployment).into_values() {
        if let Some(version) = copy.version {
            versions
                .entry(copy.package)
                .or_default()
                .insert(copy.major, version);
        }
    }
    versions
}

fn package_changes(old: &Versions, new: &Versions) -> Vec<PackageChange> {
    let packages: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let nothing = BTreeMap::new();
    let mut changes = Vec::new();
    for package in packages {
        let (before, after) = (
            old.get(package).unwrap_or(&nothing),
            new.get(package).unwrap_or(&nothing),
        );
        let mut gone: Vec<&String> = Vec::new();
        let mut come: Vec<&String> = Vec::new();
        let majors: BTreeSet<&Option<u64>> = before.keys().chain(after.keys()).collect();
        let mut change = |change, from: Option<&String>, to: Option<&String>| {
            changes.push(PackageChange {
                package: package.clone(),
                change,
                from: from.cloned(),
                to: to.cloned(),
            });
        };
        for major in majors {
            match (before.get(major), after.get(major)) {
                (Some(from), Some(to)) if from != to => change(direction(from, to), Some(from), Some(to)),
                (Some(from), None) => gone.push(from),
                (None, Some(to)) => come.push(to),
                _ => {}
            }
        }
        // A major that goes as another comes has been replaced by it.
        while let (Some(from), Some(to)) = (gone.first(), come.first()) {
            change(Change::Major, Some(from), Some(to));
            gone.remove(0);
            come.remove(0);
        }
        for from in gone {
            change(Change::Removed, Some(from), None);
        }
        for to in come {
            change(Change::Added, None, Some(to));
        }
    }
    changes
}

fn direction(from: &str, to: &str) -> Change {
    match (parse_version(from), parse_version(to)) {
        (Some(from), Some(to)) if from.cmp(&to) == Ordering::Greater => Change::Down,
        _ => Change::Up,
    }
}

/// Scope, empty for everybody, and specifier of each entry, as both sides write them.
fn entries(deployment: &Deployment) -> BTreeSet<(String, String)> {
    let own = |url: &str| deployment.files.local(url);
    let tables = deployment.map.scopes.iter();
    let tables = tables.map(|(scope, table)| (own(scope), table));
    std::iter::once((String::new(), &deployment.map.imports))
        .chain(tables)
        .flat_map(|(scope, table)| {
            let specifiers = table.iter().map(|(specifier, _)| own(specifier));
            specifiers
                .map(|specifier| (scope.clone(), specifier))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What a specifier leads to for files in a scope, whether the scope has an entry for it or another one answers.
fn leads_to(deployment: &Deployment, scope: &str, specifier: &str) -> Option<String> {
    let base = deployment.files.base();
    let referrer = if scope.is_empty() {
        base
    } else {
        base.join(scope).ok()?
    };
    let url = resolve_module_specifier(&deployment.map, specifier, &referrer).ok()?;
    Some(deployment.files.local(url.as_str()))
}

fn resolution_changes(old: &Deployment, new: &Deployment) -> Vec<ResolutionChange> {
    let entries = entries(old).into_iter().chain(entries(new));
    let entries: BTreeSet<(String, String)> = entries.collect();
    let changes = entries.into_iter().map(|(scope, specifier)| ResolutionChange {
        from: leads_to(old, &scope, &specifier),
        to: leads_to(new, &scope, &specifier),
        scope: (!scope.is_empty()).then_some(scope),
        specifier,
    });
    changes.filter(|change| change.from != change.to).collect()
}

fn export_changes(old: &Deployment, new: &Deployment) -> Vec<ExportChange> {
    let exports = |deployment: &Deployment| -> BTreeMap<String, BTreeSet<String>> {
        let global = deployment.map.imports.iter();
        global
            .filter_map(|(specifier, url)| {
                let names = deployment.exports_of(url?.as_str())?;
                Some((specifier.to_owned(), names.into_iter().collect()))
            })
            .collect()
    };
    let (old, new) = (exports(old), exports(new));
    old.iter()
        .filter_map(|(specifier, before)| {
            let after = new.get(specifier)?;
            let change = ExportChange {
                specifier: specifier.clone(),
                added: after.difference(before).cloned().collect(),
                removed: before.difference(after).cloned().collect(),
            };
            (before != after).then_some(change)
        })
        .collect()
}

/// Path → URL of everything that a map leads to.
fn files(deployment: &Deployment) -> BTreeMap<String, &str> {
    let urls = deployment.modules.keys().chain(deployment.map.integrity.keys());
    urls.map(|url| (deployment.files.local(url), url.as_str()))
        .collect()
}

fn file_changes(old: &Deployment, new: &Deployment) -> FileChanges {
    let (before, after) = (files(old), files(new));
    let is_changed = |old_url: &str, new_url: &str| {
        let bytes = |deployment: &Deployment, url: &str| {
            let module = deployment.modules.get(url)?;
            Some(module.file.as_ref().ok()?.bytes.clone())
        };
        let (old_bytes, new_bytes) = (bytes(old, old_url), bytes(new, new_url));
        let has_other_bytes = old_bytes.is_some() && new_bytes.is_some() && old_bytes != new_bytes;
        has_other_bytes || old.map.integrity.get(old_url) != new.map.integrity.get(new_url)
    };
    let both = before
        .iter()
        .filter_map(|(file, url)| Some((file, *url, *after.get(file)?)));
    let changed = both.filter(|(_, old, new)| is_changed(old, new));
    FileChanges {
        changed: changed.map(|(file, _, _)| file.clone()).collect(),
        added: after
            .keys()
            .filter(|file| !before.contains_key(*file))
            .cloned()
            .collect(),
        dropped: before
            .keys()
            .filter(|file| !after.contains_key(*file))
            .cloned()
            .collect(),
    }
}

/// Imports that fail with the new map and did not with the old one.
fn breaking(old: &Deployment, new: &Deployment) -> Vec<Diagnostic> {
    let failing = |deployment: &Deployment| -> Vec<Diagnostic> {
        let urls = deployment.modules.keys();
        urls.flat_map(|url| objections_to_imports(deployment, url))
            .collect()
    };
    let before: Vec<_> = failing(old)
        .into_iter()
        .map(|finding| (finding.code, finding.module, finding.package, finding.found))
        .collect();
    failing(new)
        .into_iter()
        .filter(|finding| {
            let Diagnostic {
                code,
                module,
                package,
                found,
                ..
            } = finding.clone();
            !before.contains(&(code, module, package, found))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(packages: &[(&str, &[&str])]) -> Versions {
        let of = |versions: &[&str]| {
            versions
                .iter()
                .map(|version| {
                    (
                        parse_version(version).map(|version| version.major),
                        (*version).to_owned(),
                    )
                })
                .collect()
        };
        packages
            .iter()
            .map(|(name, list)| ((*name).to_owned(), of(list)))
            .collect()
    }

    #[test]
    fn versions_go_up_and_down_within_a_major() {
        let old = versions(&[
            ("a", &["1.0.0"]),
            ("b", &["2.1.0"]),
            ("c", &["3.0.0"]),
            ("d", &["1.0.0", "2.0.0"]),
            ("e", &["1.0.0"]),
        ]);
        let new = versions(&[
            ("a", &["1.1.0"]),
            ("b", &["2.0.9"]),
            ("c", &["4.0.0"]),
            ("d", &["2.0.0"]),
            ("f", &["1.0.0"]),
        ]);
        let changes: Vec<_> = package_changes(&old, &new)
            .into_iter()
            .map(|change| (change.package, change.change))
            .collect();
        let expected = [
            ("a", Change::Up),
            ("b", Change::Down),
            ("c", Change::Major),
            ("d", Change::Removed),
            ("e", Change::Removed),
            ("f", Change::Added),
        ];
        assert_eq!(
            changes,
            expected.map(|(package, change)| (package.to_owned(), change))
        );
    }
}
