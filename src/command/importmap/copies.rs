//! The single-instance proof: no package is there twice in one major version, neither under two URLs nor inside a
//! file of somebody else.
//!
//! Manifests say which files are copies of which package, and so do the URLs of package servers. Where neither
//! speaks, code does: a file that contains most of what a mapped package consists of has a copy of it.

use indexmap::IndexMap;

use super::deployment::{Deployment, file_url};
use super::pinned::PackageUrl;
use super::surface::Fingerprint;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{parse_version, split_package};

/// Code that is shorter is not known again with certainty.
const SHORTEST: usize = 20;

/// How much of a package makes a copy.
const ENOUGH_PERCENT: usize = 50;

/// A file that is known to be a copy of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copy {
    /// The package, with the subpath.
    pub package: String,
    /// Where the version is whole.
    pub major: Option<u64>,
    /// As it is written.
    pub version: Option<String>,
    /// What all files of one copy share: a module's directory, or a package's place on a server.
    place: String,
}

/// Everything that is there twice.
pub(super) fn findings(deployment: &Deployment) -> Vec<Diagnostic> {
    let known = known_copies(deployment);
    let mut findings = Vec::new();
    let mut told: Vec<(String, String)> = Vec::new();

    let mut groups: IndexMap<(String, u64), Vec<(&str, &Copy)>> = IndexMap::new();
    for (url, copy) in &known {
        if let Some(major) = copy.major {
            groups
                .entry((copy.package.clone(), major))
                .or_default()
                .push((url, copy));
        }
    }
    for ((package, major), files) in &groups {
        let (first_url, first) = files[0];
        for (url, copy) in files.iter().filter(|(_, copy)| copy.place != first.place) {
            told.push((first_url.to_owned(), (*url).to_owned()));
            let versions = [first, copy].map(|copy| copy.version.clone().unwrap_or_default());
            findings.push(second_copy(
                deployment,
                package,
                &format!(
                    "{package} {major} runs twice: {} is {}, {} is {}",
                    deployment.files.shown(first_url),
                    versions[0],
                    deployment.files.shown(url),
                    versions[1]
                ),
                first_url,
                url,
            ));
        }
    }
    findings.extend(copies_by_code(deployment, &known, &told));
    findings
}

/// URL → the package that the file is a copy of, as manifests and URLs say.
pub(super) fn known_copies(deployment: &Deployment) -> IndexMap<String, Copy> {
    let mut known = IndexMap::new();
    for (directory, manifest) in &deployment.manifests {
        for (name, provide) in &manifest.provides {
            let Some(export) = manifest.exports.get(name) else {
                continue;
            };
            let url = file_url(directory, &export.file);
            if !deployment.modules.contains_key(&url) {
                continue;
            }
            known.insert(
                url,
                Copy {
                    package: provide.package.clone().unwrap_or_else(|| name.clone()),
                    major: parse_version(&provide.version)
                        .filter(|_| provide.version != "0.0.0")
                        .map(|version| version.major),
                    version: Some(provide.version.clone()),
                    place: directory.clone(),
                },
            );
        }
    }
    for url in deployment.modules.keys() {
        let package = url::Url::parse(url).ok().and_then(|url| PackageUrl::of(&url));
        if let Some(package) = package
            && !known.contains_key(url)
        {
            known.insert(
                url.clone(),
                Copy {
                    major: package.major(),
                    package: package.name,
                    version: package.version,
                    place: package.place,
                },
            );
        }
    }
    known
}

/// Files that contain the code of a package that has a file of its own.
fn copies_by_code(
    deployment: &Deployment,
    known: &IndexMap<String, Copy>,
    told: &[(String, String)],
) -> Vec<Diagnostic> {
    let mut packages: IndexMap<&str, String> = known
        .iter()
        .map(|(url, copy)| (url.as_str(), copy.package.clone()))
        .collect();
    for (specifier, url) in deployment.addresses() {
        let is_module = deployment
            .owner_of(url.as_str())
            .is_some_and(|(_, manifest)| split_package(specifier).0 == manifest.name);
        let is_bare = !specifier.contains(':');
        if is_bare && !is_module && deployment.owner_of(url.as_str()).is_none() {
            packages
                .entry(url.as_str())
                .or_insert_with(|| specifier.to_owned());
        }
    }
    let mut findings = Vec::new();
    let mut paired: Vec<[&str; 2]> = Vec::new();
    for (&url, package) in &packages {
        let Some(code) = code_of(deployment, url).filter(|code| code.len() >= SHORTEST) else {
            continue;
        };
        for other in deployment.modules.keys().filter(|other| *other != url) {
            if paired.contains(&[other.as_str(), url])
                || told
                    .iter()
                    .any(|(left, right)| (left == url && right == other) || (left == other && right == url))
                || is_other_part(
                    package,
                    known.get(url),
                    packages.get(other.as_str()),
                    known.get(other),
                )
            {
                continue;
            }
            let Some(other_code) = code_of(deployment, other) else {
                continue;
            };
            let percent = code.percent_in(other_code);
            if percent < ENOUGH_PERCENT {
                continue;
            }
            paired.push([url, other]);
            findings.push(second_copy(
                deployment,
                package,
                &format!(
                    "{package} runs twice: {percent} % of the code of {} stands in {} as well",
                    deployment.files.shown(url),
                    deployment.files.shown(other)
                ),
                url,
                other,
            ));
        }
    }
    findings
}

/// Whether two files with common code are no two copies: parts of one package at one place, or majors of which each
/// is known.
fn is_other_part(
    package: &str,
    copy: Option<&Copy>,
    other_package: Option<&String>,
    other_copy: Option<&Copy>,
) -> bool {
    let is_same_package =
        other_package.is_some_and(|other| split_package(other).0 == split_package(package).0);
    match (copy, other_copy) {
        (Some(copy), Some(other)) if is_same_package => {
            copy.place == other.place || (copy.major.is_some() && other.major.is_some())
        }
        (None, None) => is_same_package && other_package.is_some_and(|other| other != package),
        _ => false,
    }
}

fn code_of<'a>(deployment: &'a Deployment, url: &str) -> Option<&'a Fingerprint> {
    let module = deployment.modules.get(url)?;
    module.surface.as_ref().ok().map(|surface| &surface.fingerprint)
}

fn second_copy(deployment: &Deployment, package: &str, what: &str, first: &str, second: &str) -> Diagnostic {
    let chain = |url: &str| deployment.chain_to(url).join(" → ");
    Diagnostic::new(
        Code::SecondCopy,
        deployment.module_of(second),
        format!(
            "{what}. Both are reached: {} and {}. Each has its own state, so what one part of the page stores the other does not see.",
            chain(first),
            chain(second)
        ),
        format!(
            "Let both importers get one file: map `{package}` to it for everybody, and build the module with the \
             second copy again so that it imports {package} instead of bundling it."
        ),
    )
    .with_package(package)
    .with_found(deployment.files.shown(second))
    .with_required(deployment.files.shown(first))
}
