//! `importmap gate`: a new build of one module against everything that is deployed around it, before it is deployed.
//!
//! The deployed importers must find the exports they import, in the majors and ranges they ask for; the new build
//! must find its own imports in what is deployed.

mod artifact;
mod unknown_ranges;
mod versions;

use std::path::PathBuf;

use serde::Serialize;

use super::check::{no_map, quoted};
use super::deployment::{Deployment, file_url};
use super::files::{Files, Place};
use super::{ImportMapReport, TextSource};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic, has_errors, nearest};
use crate::protocol::split_package;
use artifact::Artifact;

/// What `importmap gate` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateOptions {
    /// The `dist` of the new build, or its `client` or `server` directory.
    pub artifact: PathBuf,
    /// The map that is live.
    pub map: TextSource,
    /// Where its files are.
    pub place: Place,
}

/// What was compared.
#[derive(Debug, Default, Serialize)]
pub struct GateReport {
    /// The module of the new build.
    pub module: String,
    /// Its version.
    pub version: String,
    /// Whether it may be deployed.
    pub ok: bool,
    /// The deployed modules that import from it.
    pub consumers: Vec<String>,
    /// What stands in the way.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads both and compares.
pub(super) fn gate(options: &GateOptions) -> Result<ImportMapReport, CommandError> {
    let text = options.map.read()?;
    let deployment = match Deployment::load(&text, Files::at(&options.place)) {
        Ok(deployment) => deployment,
        Err(error) => {
            return Ok(ImportMapReport::Gate(GateReport {
                diagnostics: vec![no_map(&options.map.label(), &error)],
                ..GateReport::default()
            }));
        }
    };
    let artifact = Artifact::read(&options.artifact, &deployment)?;
    let mut report = GateReport {
        module: artifact.manifest.name.clone(),
        version: artifact.manifest.version.clone(),
        ..GateReport::default()
    };
    check_importers(&deployment, &artifact, &mut report);
    versions::check_majors(&deployment, &artifact, &mut report);
    versions::check_ranges(&deployment, &artifact, &mut report);
    check_own_imports(&deployment, &artifact, &mut report);
    report.ok = !has_errors(&report.diagnostics);
    Ok(ImportMapReport::Gate(report))
}

/// Every deployed import of the module must find its names in the new build.
fn check_importers(deployment: &Deployment, artifact: &Artifact, report: &mut GateReport) {
    let name = artifact.manifest.name.as_str();
    for (url, module) in &deployment.modules {
        let importer = deployment.module_of(url);
        if importer == name {
            continue;
        }
        for import in &module.imports {
            let Ok(target) = &import.target else { continue };
            let Some(export) = export_of(deployment, name, target.as_str(), &import.specifier) else {
                continue;
            };
            if !report.consumers.contains(&importer) {
                report.consumers.push(importer.clone());
            }
            let Some(new) = artifact.manifest.exports.get(&export) else {
                let available = artifact.manifest.exports.keys().map(String::as_str);
                let near =
                    nearest(&export, available).map_or_else(String::new, |near| format!(" It has `{near}`."));
                report.diagnostics.push(
                    Diagnostic::new(
                        Code::NoExport,
                        importer.clone(),
                        format!(
                            "{} imports `{}`, and the new build of {name} has no export `{export}`.{near}",
                            deployment.files.shown(url),
                            import.specifier
                        ),
                        format!("Keep the export until `{importer}` is deployed without the import."),
                    )
                    .with_package(name)
                    .with_found(export),
                );
                continue;
            };
            let Some(names) = artifact.exports_of(&new.file) else {
                continue;
            };
            let missing: Vec<&str> = import
                .names
                .iter()
                .map(String::as_str)
                .filter(|wanted| !names.contains(wanted))
                .collect();
            if !missing.is_empty() {
                report.diagnostics.push(
                    Diagnostic::new(
                        Code::MissingExport,
                        importer.clone(),
                        format!(
                            "{} imports {} from `{}`, which {} of the new build of {name} exports no longer.",
                            deployment.files.shown(url),
                            quoted(&missing),
                            import.specifier,
                            new.file
                        ),
                        format!("Keep the names until `{importer}` is deployed without the import."),
                    )
                    .with_package(name)
                    .with_found(missing.join(", ")),
                );
            }
        }
    }
}

/// The export of the module that a deployed URL or specifier means.
fn export_of(deployment: &Deployment, module: &str, target: &str, specifier: &str) -> Option<String> {
    if let Some((directory, manifest)) = deployment.owner_of(target)
        && manifest.name == module
    {
        let exports = manifest.exports.iter();
        return exports
            .filter(|(_, export)| file_url(directory, &export.file) == target)
            .map(|(name, _)| name.clone())
            .next();
    }
    let below = specifier.strip_prefix(module)?.strip_prefix('/')?;
    Some(below.to_owned())
}

/// What the new build imports from others must be deployed.
fn check_own_imports(deployment: &Deployment, artifact: &Artifact, report: &mut GateReport) {
    let name = artifact.manifest.name.as_str();
    let scope = artifact.manifest.scopes.get("");
    for (file, surface) in &artifact.surfaces {
        for import in &surface.imports {
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

fn missing_names(
    deployment: &Deployment,
    name: &str,
    file: &str,
    identifier: &str,
    names: &[String],
) -> Option<Diagnostic> {
    let url = deployment.map.imports.get(identifier)??;
    let exports = deployment.exports_of(url.as_str())?;
    let missing: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|wanted| !exports.contains(*wanted))
        .collect();
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
