//! What is deployed and imports from the module, itself or through a file that hands its names on.

use super::GateReport;
use super::artifact::Artifact;
use super::candidate::Candidate;
use super::own_files::url_of_export;
use crate::command::importmap::check::quoted;
use crate::command::importmap::deployment::{Binding, DeployedModule, Deployment, Import, file_url};
use crate::diagnostic::{Code, Diagnostic, nearest};

/// Every deployed import of the module must find its names in the new build.
pub(super) fn check(live: &Deployment, candidate: &Candidate, artifact: &Artifact, report: &mut GateReport) {
    let name = artifact.manifest.name.as_str();
    for (url, module) in &live.modules {
        let importer = live.module_of(url);
        if importer == name {
            continue;
        }
        report.diagnostics.extend(unreadable(live, artifact, url, module));
        for (index, import) in module.imports.iter().enumerate() {
            let Ok(target) = &import.target else { continue };
            let Some(export) = export_of(live, name, target.as_str(), &import.specifier) else {
                let new = candidate.deployment.modules.get(url.as_str());
                let new = new.and_then(|module| module.imports.get(index));
                let lost = new.and_then(|new| lost_behind(live, candidate, import, new));
                report.diagnostics.extend(lost.map(|lost| {
                    let hands_on = format!(
                        "which hands {} on, and the new build of {name} has it no longer",
                        quoted(&lost)
                    );
                    missing(live, artifact, (url, &importer), import, &lost, &hands_on)
                }));
                continue;
            };
            if !report.consumers.contains(&importer) {
                report.consumers.push(importer.clone());
            }
            let Some(new) = artifact.manifest.exports.get(&export) else {
                report
                    .diagnostics
                    .push(no_export(live, artifact, (url, &importer), import, &export));
                continue;
            };
            let Some(new_url) = url_of_export(candidate, &new.file) else {
                continue;
            };
            let lost: Vec<&str> = import
                .names
                .iter()
                .map(String::as_str)
                .filter(|wanted| is_lost(&candidate.deployment.imported(import.kind, &new_url, wanted)))
                .collect();
            if !lost.is_empty() {
                let exports = format!("which {} of the new build of {name} exports no longer", new.file);
                report
                    .diagnostics
                    .push(missing(live, artifact, (url, &importer), import, &lost, &exports));
            }
        }
    }
}

fn is_lost(binding: &Binding) -> bool {
    !matches!(binding, Binding::Found { .. } | Binding::Unknown)
}

/// Names that an import gets from what is live and would not get with the new build.
fn lost_behind<'a>(
    live: &Deployment,
    candidate: &Candidate,
    old: &'a Import,
    new: &Import,
) -> Option<Vec<&'a str>> {
    let (Ok(old_target), Ok(new_target)) = (&old.target, &new.target) else {
        return None;
    };
    let names = old.names.iter().map(String::as_str);
    let lost: Vec<&str> = names
        .filter(|name| {
            !is_lost(&live.imported(old.kind, old_target.as_str(), name))
                && is_lost(&candidate.deployment.imported(new.kind, new_target.as_str(), name))
        })
        .collect();
    (!lost.is_empty()).then_some(lost)
}

/// A file that cannot be read may import anything of a module that its own module knows.
fn unreadable(
    live: &Deployment,
    artifact: &Artifact,
    url: &str,
    module: &DeployedModule,
) -> Option<Diagnostic> {
    let reason = module.surface.as_ref().err()?;
    let name = artifact.manifest.name.as_str();
    if let Some((_, manifest)) = live.owner_of(url) {
        let mut targets = manifest.scopes.values().flat_map(|scope| scope.values());
        let is_of_module = |target: &String| {
            target
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if !manifest.uses.iter().any(|used| used == name) && !targets.any(is_of_module) {
            return None;
        }
    }
    let shown = live.files.shown(url);
    Some(
        Diagnostic::new(
            Code::DeployedFile,
            live.module_of(url),
            format!("What {shown} imports of {name} cannot be known, because the deployed file is no ES module: {reason}."),
            "Deploy the importer as it was built, and ask again.",
        )
        .with_found(shown),
    )
}

fn no_export(
    live: &Deployment,
    artifact: &Artifact,
    (url, importer): (&str, &str),
    import: &Import,
    export: &str,
) -> Diagnostic {
    let name = artifact.manifest.name.as_str();
    let available = artifact.manifest.exports.keys().map(String::as_str);
    let near = nearest(export, available).map_or_else(String::new, |near| format!(" It has `{near}`."));
    Diagnostic::new(
        Code::NoExport,
        importer,
        format!(
            "{} imports `{}`, and the new build of {name} has no export `{export}`.{near}",
            live.files.shown(url),
            import.specifier
        ),
        format!("Keep the export until `{importer}` is deployed without the import."),
    )
    .with_package(name)
    .with_found(export)
}

fn missing(
    live: &Deployment,
    artifact: &Artifact,
    (url, importer): (&str, &str),
    import: &Import,
    lost: &[&str],
    what: &str,
) -> Diagnostic {
    Diagnostic::new(
        Code::MissingExport,
        importer,
        format!(
            "{} imports {} from `{}`, {what}.",
            live.files.shown(url),
            quoted(lost),
            import.specifier
        ),
        format!("Keep the names until `{importer}` is deployed without the import."),
    )
    .with_package(artifact.manifest.name.clone())
    .with_found(lost.join(", "))
}

/// The export of the module that a deployed URL or specifier means.
fn export_of(live: &Deployment, module: &str, target: &str, specifier: &str) -> Option<String> {
    if let Some((directory, manifest)) = live.owner_of(target)
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
