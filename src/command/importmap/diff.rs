//! `importmap diff`: what a new map changes for whom, made for a review.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::Serialize;
use url::Url;

use super::check::{no_map, objections_to_imports};
use super::copies::known_copies;
use super::deployment::Deployment;
use super::files::{Files, Place};
use super::{ImportMapReport, TextSource};
use crate::command::CommandError;
use crate::diagnostic::Diagnostic;
use crate::import_map::SpecifierMap;
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
    let (old, new) = (load(&options.old)?, load(&options.new)?);
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

fn load((map, place): &(TextSource, Place)) -> Result<Result<Deployment, Diagnostic>, CommandError> {
    let text = map.read()?;
    Ok(Deployment::load(&text, Files::at(place)).map_err(|error| no_map(&map.label(), &error)))
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

/// Scope, empty for everybody, and specifier → URL as both sides write it.
fn resolutions(deployment: &Deployment) -> IndexMap<(String, String), Option<String>> {
    let own = |url: &str| deployment.files.local(url);
    let entries = |scope: String, table: &SpecifierMap| {
        let entry = |(specifier, url): (&str, Option<&Url>)| {
            ((scope.clone(), own(specifier)), url.map(|url| own(url.as_str())))
        };
        table.iter().map(entry).collect::<Vec<_>>()
    };
    let global = entries(String::new(), &deployment.map.imports);
    let scoped = deployment.map.scopes.iter();
    let scoped = scoped.flat_map(|(scope, table)| entries(own(scope), table));
    global.into_iter().chain(scoped.collect::<Vec<_>>()).collect()
}

fn resolution_changes(old: &Deployment, new: &Deployment) -> Vec<ResolutionChange> {
    let (old, new) = (resolutions(old), resolutions(new));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| ResolutionChange {
            specifier: key.1.clone(),
            scope: (!key.0.is_empty()).then(|| key.0.clone()),
            from: old.get(key).cloned().flatten(),
            to: new.get(key).cloned().flatten(),
        })
        .collect()
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

fn file_changes(old: &Deployment, new: &Deployment) -> FileChanges {
    let files = |deployment: &Deployment| -> BTreeSet<String> {
        let urls = deployment.modules.keys().chain(deployment.map.integrity.keys());
        urls.map(|url| deployment.files.local(url)).collect()
    };
    let (old, new) = (files(old), files(new));
    FileChanges {
        added: new.difference(&old).cloned().collect(),
        dropped: old.difference(&new).cloned().collect(),
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
