//! Deployed modules that nobody can ask for a range, because their `package.json` is not served or has none. Their
//! manifests say what they are wired to, and so with which version they run; an older one is a version that nobody has
//! asked for.

use super::GateReport;
use super::artifact::Artifact;
use super::versions::states_range;
use crate::command::importmap::deployment::Deployment;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{Manifest, PackageRecord, parse_version};

/// Warns of versions that go down, or of a module that goes to another major, where no range says whether they may.
pub(super) fn check(
    deployment: &Deployment,
    artifact: &Artifact,
    consumers: &[(&Manifest, Option<PackageRecord>)],
    report: &mut GateReport,
) {
    let new = &artifact.manifest;
    let Some(old) = deployment
        .manifests
        .values()
        .find(|manifest| manifest.name == new.name)
    else {
        return;
    };
    for (consumer, record) in consumers {
        let is_unknown = |package: &str| {
            record
                .as_ref()
                .is_none_or(|record| !states_range(record, package))
        };
        let reason = match record {
            Some(_) => "its package.json states no range for it",
            None => "it is deployed without its package.json",
        };
        let wired = consumer.scopes.get("").into_iter().flatten();
        for (specifier, target) in wired {
            let provided = target
                .strip_prefix(new.name.as_str())
                .and_then(|rest| rest.strip_prefix('/'));
            let versions = provided.and_then(|name| Some((old.provides.get(name)?, new.provides.get(name)?)));
            if let Some((old, new_provide)) = versions
                && is_downgrade(&old.version, &new_provide.version)
                && is_unknown(specifier)
            {
                let from = (specifier.as_str(), old.version.as_str());
                report
                    .diagnostics
                    .push(unknown(consumer, from, &new_provide.version, &new.name, reason));
            }
        }
        if consumer.uses.contains(&new.name)
            && (is_downgrade(&old.version, &new.version) || is_other_major(&old.version, &new.version))
            && is_unknown(&new.name)
        {
            let from = (new.name.as_str(), old.version.as_str());
            report
                .diagnostics
                .push(unknown(consumer, from, &new.version, &new.name, reason));
        }
    }
}

/// In one major; `0.0.0` stands for no version.
fn is_downgrade(old: &str, new: &str) -> bool {
    known(old, new).is_some_and(|(old, new)| old.major == new.major && new < old)
}

fn is_other_major(old: &str, new: &str) -> bool {
    known(old, new).is_some_and(|(old, new)| old.major != new.major)
}

fn known(old: &str, new: &str) -> Option<(semver::Version, semver::Version)> {
    const UNKNOWN: &str = "0.0.0";
    if [old, new].contains(&UNKNOWN) {
        return None;
    }
    Some((parse_version(old)?, parse_version(new)?))
}

fn unknown(
    consumer: &Manifest,
    (package, old): (&str, &str),
    new: &str,
    module: &str,
    reason: &str,
) -> Diagnostic {
    let consumer = &consumer.name;
    Diagnostic::new(
        Code::NoRange,
        consumer,
        format!(
            "`{consumer}` runs with {package} {old} of the deployed {module}, and the new build has {new}. Whether \
             `{consumer}` takes that cannot be known: {reason}."
        ),
        format!(
            "Serve the package.json of `{consumer}`, with a range for {package}, beside its manifest.json, or build \
             `{consumer}` against {new}."
        ),
    )
    .with_package(package)
    .with_found(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_down_is_told_apart_from_what_is_unknown() {
        assert!(is_downgrade("3.5.0", "3.4.9"));
        assert!(is_downgrade("3.5.0", "3.5.0-beta.1"));
        assert!(!is_downgrade("3.5.0", "3.5.0"));
        assert!(!is_downgrade("3.5.0", "2.9.0"));
        assert!(!is_downgrade("3.5.0", "0.0.0"));
        assert!(is_other_major("3.5.0", "2.9.0"));
        assert!(!is_other_major("0.0.0", "2.9.0"));
    }
}
