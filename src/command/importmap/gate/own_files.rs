//! The new build by itself: the files its manifest names, and what they import of each other.

use indexmap::IndexSet;

use super::GateReport;
use super::artifact::Artifact;
use super::candidate::{Candidate, is_inside};
use crate::command::importmap::check::{attributed, objection_to_file, objections_to_names};
use crate::command::importmap::deployment::{file_url, is_intact, names_a_hash};
use crate::diagnostic::{Code, Diagnostic};

/// Everything that is wrong with it wherever it is deployed.
pub(super) fn check(candidate: &Candidate, artifact: &Artifact, report: &mut GateReport) {
    report.diagnostics.extend(objections_to_manifest(artifact));
    let deployment = &candidate.deployment;
    for (url, module) in &deployment.modules {
        if !candidate.is_own(url) {
            continue;
        }
        report.diagnostics.extend(objection_to_file(deployment, url));
        for import in &module.imports {
            let Ok(target) = &import.target else { continue };
            let target = target.as_str();
            if candidate.is_own(target) {
                report
                    .diagnostics
                    .extend(objections_to_names(deployment, url, import, target));
            } else if target.starts_with(&candidate.directory) {
                report.diagnostics.push(absent(
                    artifact,
                    candidate.path_of(target),
                    &format!("{} imports", candidate.path_of(url)),
                ));
            }
        }
    }
    let others = attributed::findings(deployment, |importer, target| {
        // What the build lacks is told above.
        let is_told = target.starts_with(&candidate.directory) && !candidate.is_own(target);
        candidate.is_own(importer) && !is_told
    });
    report.diagnostics.extend(others);
}

fn objections_to_manifest(artifact: &Artifact) -> Vec<Diagnostic> {
    let manifest = &artifact.manifest;
    let exports = manifest.exports.values().map(|export| &export.file);
    let chunks = manifest.chunks.values().flat_map(|chunk| {
        let others = chunk.css.iter().chain(&chunk.resources);
        std::iter::once(&chunk.js).chain(others)
    });
    let provided = manifest.provides.values().flat_map(|provide| &provide.chunks);
    let named: IndexSet<&str> = exports
        .chain(&manifest.files)
        .chain(chunks)
        .chain(provided)
        .chain(manifest.integrity.keys())
        .map(|file| file.strip_prefix("./").unwrap_or(file))
        .collect();
    let mut objections = Vec::new();
    for file in named {
        if !is_inside(file) {
            objections.push(
                Diagnostic::new(
                    Code::ImportMap,
                    &manifest.name,
                    format!("The manifest of the new build names `{file}`, which leads out of the module's directory."),
                    "Use the manifest that the build wrote; if it is that one, do not trust the module.",
                )
                .with_found(file)
                .with_required("a relative path below the module's directory"),
            );
        } else if !artifact.directory.join(file).is_file() {
            objections.push(absent(artifact, file, "Its manifest names"));
        }
    }
    for (file, metadata) in manifest.integrity.iter().filter(|(file, _)| is_inside(file)) {
        let Ok(bytes) = std::fs::read(artifact.directory.join(file)) else {
            continue;
        };
        if names_a_hash(metadata) && is_intact(&bytes, metadata) {
            continue;
        }
        objections.push(
            Diagnostic::new(
                Code::DeployedFile,
                &manifest.name,
                format!("{file} of the new build is not the file that the integrity in its manifest names; a browser would refuse it."),
                "Build again, and let nothing rewrite the files afterwards.",
            )
            .with_found(crate::base::integrity_sha384(&bytes))
            .with_required(metadata.clone()),
        );
    }
    objections
}

fn absent(artifact: &Artifact, file: &str, who: &str) -> Diagnostic {
    let name = &artifact.manifest.name;
    Diagnostic::new(
        Code::DeployedFile,
        name,
        format!("{who} `{file}`, and the new build of {name} has no such file."),
        "Deploy everything that the build wrote; build again if the file is not among it.",
    )
    .with_found(file)
}

/// The URL of the new file of an export, unless its path cannot be trusted.
pub(super) fn url_of_export(candidate: &Candidate, file: &str) -> Option<String> {
    is_inside(file).then(|| file_url(&candidate.directory, file))
}
