//! Majors and ranges: what the new build and the deployed modules ask of each other.

use std::path::Path;

use super::GateReport;
use super::artifact::Artifact;
use super::unknown_ranges;
use crate::command::importmap::deployment::Deployment;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{DependencySpec, PackageRecord, Satisfaction, parse_version, satisfies};

/// What the module provides to others must stay in its major.
pub(super) fn check_majors(deployment: &Deployment, artifact: &Artifact, report: &mut GateReport) {
    let name = artifact.manifest.name.as_str();
    let Some(deployed) = deployment
        .manifests
        .values()
        .find(|manifest| manifest.name == name)
    else {
        return;
    };
    for (package, provide) in &deployed.provides {
        let identifier = format!("{name}/{package}");
        let consumers: Vec<&str> = deployment
            .manifests
            .values()
            .filter(|manifest| manifest.name != name)
            .filter(|manifest| {
                manifest
                    .scopes
                    .values()
                    .any(|scope| scope.values().any(|target| *target == identifier))
            })
            .map(|manifest| manifest.name.as_str())
            .collect();
        if consumers.is_empty() {
            continue;
        }
        let new = artifact.manifest.provides.get(package);
        let major = |version: &str| parse_version(version).map(|version| version.major);
        let (found, message) = match new {
            None => (
                "nothing".to_owned(),
                format!("the new build of {name} provides {package} no longer"),
            ),
            Some(new) if major(&new.version) != major(&provide.version) => (
                new.version.clone(),
                format!("the new build of {name} provides {package} {}", new.version),
            ),
            Some(_) => continue,
        };
        for consumer in consumers {
            report.diagnostics.push(
                Diagnostic::new(
                    Code::Version,
                    consumer,
                    format!("`{consumer}` was built against {package} {} of {name}, and {message}.", provide.version),
                    format!(
                        "Provide the other major under a second name beside the first, or deploy `{consumer}` built \
                         against it at the same time."
                    ),
                )
                .with_check("substitution-safety")
                .with_package(package.clone())
                .with_found(found.clone())
                .with_required(format!("built against {} (same major)", provide.version)),
            );
        }
    }
}

/// The ranges of the new build against what is deployed, and those of the deployed modules, where they are served
/// with their `package.json`, against the new build.
pub(super) fn check_ranges(deployment: &Deployment, artifact: &Artifact, report: &mut GateReport) {
    let name = artifact.manifest.name.as_str();
    if let Some(record) = &artifact.record {
        for (package, range) in ranges_of(record) {
            let wired = artifact
                .manifest
                .scopes
                .get("")
                .and_then(|scope| scope.get(package));
            let provider = wired.and_then(|target| provided(deployment, target, name));
            let version = match provider {
                Some(version) => Some(version),
                None => module_version(deployment, package),
            };
            if let Some(version) = version {
                report
                    .diagnostics
                    .extend(outside(name, package, range, &version, "is deployed"));
            }
        }
    }
    let mut silent = Vec::new();
    for (directory, manifest) in &deployment.manifests {
        if manifest.name == name {
            continue;
        }
        let record = deployed_record(deployment, directory);
        silent.push((manifest, record.clone()));
        let Some(record) = record else { continue };
        for (package, range) in ranges_of(&record) {
            let wired = manifest.scopes.get("").and_then(|scope| scope.get(package));
            let own = wired.and_then(|target| target.strip_prefix(name)?.strip_prefix('/'));
            let version = match own.and_then(|own| artifact.manifest.provides.get(own)) {
                Some(provide) => &provide.version,
                None if package == name => &artifact.manifest.version,
                None => continue,
            };
            let what = format!("comes with the new build of {name}");
            report
                .diagnostics
                .extend(outside(&manifest.name, package, range, version, &what));
        }
    }
    unknown_ranges::check(deployment, artifact, &silent, report);
}

/// The version of a provided package, by its identifier.
fn provided(deployment: &Deployment, identifier: &str, except: &str) -> Option<String> {
    let manifests = deployment.manifests.values();
    manifests
        .filter(|manifest| manifest.name != except)
        .find_map(|manifest| {
            let package = identifier
                .strip_prefix(manifest.name.as_str())?
                .strip_prefix('/')?;
            Some(manifest.provides.get(package)?.version.clone())
        })
}

fn module_version(deployment: &Deployment, module: &str) -> Option<String> {
    let manifests = deployment.manifests.values();
    manifests
        .filter(|manifest| manifest.name == module)
        .map(|manifest| manifest.version.clone())
        .next()
}

fn deployed_record(deployment: &Deployment, directory: &str) -> Option<PackageRecord> {
    let url = url::Url::parse(directory).ok()?.join("package.json").ok()?;
    let file = deployment.files.fetch(&url).ok()?;
    PackageRecord::parse(Path::new(url.path()), String::from_utf8(file.bytes).ok()?).ok()
}

/// Whether a `package.json` says which versions of a package will do.
pub(super) fn states_range(record: &PackageRecord, package: &str) -> bool {
    ranges_of(record)
        .any(|(name, range)| name == package && DependencySpec::parse(range).checkable_range().is_some())
}

fn ranges_of(record: &PackageRecord) -> impl Iterator<Item = (&str, &str)> {
    record
        .dependencies
        .iter()
        .chain(&record.peer_dependencies)
        .map(|(package, range)| (package.as_str(), range.as_str()))
}

fn outside(module: &str, package: &str, range: &str, version: &str, what: &str) -> Option<Diagnostic> {
    let written = DependencySpec::parse(range);
    let range = written.checkable_range()?;
    (satisfies(version, range) == Satisfaction::Violated).then(|| {
        Diagnostic::new(
            Code::Version,
            module,
            format!("`{module}` asks for {package} {range}, and {version} {what}."),
            format!("Deploy a version of {package} that {range} allows, or widen the range after testing."),
        )
        .with_check("intent")
        .with_package(package)
        .with_found(version)
        .with_required(range.to_string())
    })
}
