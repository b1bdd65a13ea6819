//! What the new build imports from others.

use super::GateReport;
use super::artifact::Artifact;
use super::candidate::Candidate;
use crate::command::importmap::check::{objection_to_file, objections_to_names, quoted, unresolved};
use crate::command::importmap::deployment::{Binding, Deployment, Import};
use crate::command::importmap::surface::RequestTarget;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::split_package;

/// What it imports must be deployed.
pub(super) fn check(
    deployment: &Deployment,
    candidate: &Candidate,
    artifact: &Artifact,
    report: &mut GateReport,
) {
    let name = artifact.manifest.name.as_str();
    let scope = artifact.manifest.scopes.get("");
    let own = candidate.deployment.modules.iter();
    for (url, importer) in own.filter(|(url, _)| candidate.is_own(url)) {
        let file = candidate.path_of(url);
        for import in &importer.imports {
            let target = scope.and_then(|scope| scope.get(&import.specifier));
            let identifier = target.unwrap_or(&import.specifier);
            let (module, below) = split_package(identifier);
            if module == name || import.specifier.starts_with(['.', '/']) {
                continue;
            }
            let Some(manifest) = deployment
                .manifests
                .values()
                .find(|manifest| manifest.name == module)
            else {
                if target.is_some() {
                    report.diagnostics.push(
                        Diagnostic::new(
                            Code::NotLinked,
                            name,
                            format!("{file} of the new build imports `{}` from `{module}`, which is not deployed.", import.specifier),
                            format!("Deploy `{module}` before `{name}`, or both in one release."),
                        )
                        .with_package(module),
                    );
                } else {
                    report
                        .diagnostics
                        .extend(objections_to_others(candidate, url, import));
                }
                continue;
            };
            let export = below.trim_start_matches('/');
            let aliased = format!("{export}/index");
            let exports = &manifest.exports;
            if !exports.contains_key(export) && !exports.contains_key(aliased.trim_start_matches('/')) {
                report.diagnostics.push(
                    Diagnostic::new(
                        Code::NoExport,
                        name,
                        format!("{file} of the new build imports `{identifier}`, and the deployed {module} has no export `{export}`."),
                        format!("Deploy the `{module}` that has it before `{name}`, or both in one release."),
                    )
                    .with_package(module)
                    .with_found(export),
                );
                continue;
            }
            report
                .diagnostics
                .extend(missing_names(deployment, name, file, identifier, &import.names));
        }
    }
}

/// An import that no manifest says anything about, by the map alone.
fn objections_to_others(candidate: &Candidate, url: &str, import: &Import) -> Vec<Diagnostic> {
    let deployment = &candidate.deployment;
    match &import.target {
        Err(reason) => unresolved(deployment, url, import, reason).into_iter().collect(),
        Ok(target) if !deployment.modules.contains_key(target.as_str()) => Vec::new(),
        Ok(target) => {
            let mut objections = objections_to_names(deployment, url, import, target.as_str());
            objections.extend(objection_to_file(deployment, target.as_str()));
            objections
        }
    }
}

fn missing_names(
    deployment: &Deployment,
    name: &str,
    file: &str,
    identifier: &str,
    names: &[String],
) -> Option<Diagnostic> {
    let url = deployment.map.imports.get(identifier)??;
    let is_missing = |wanted: &&str| {
        let binding = deployment.imported(RequestTarget::Script, url.as_str(), wanted);
        !matches!(binding, Binding::Found { .. } | Binding::Unknown)
    };
    let missing: Vec<&str> = names.iter().map(String::as_str).filter(is_missing).collect();
    if missing.is_empty() {
        return None;
    }
    Some(
        Diagnostic::new(
            Code::MissingExport,
            name,
            format!(
                "{file} of the new build imports {} from `{identifier}`, which the deployed {} does not export.",
                quoted(&missing),
                deployment.files.shown(url.as_str())
            ),
            "Deploy the version it was built against first, or both in one release.",
        )
        .with_package(split_package(identifier).0)
        .with_found(missing.join(", ")),
    )
}
