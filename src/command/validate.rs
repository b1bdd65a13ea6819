//! `esmx-build validate`: can everything be resolved (PROTOCOL §13)? Links and checks; parses no application
//! source and writes nothing.

use super::build::unusable;
use super::compose::election_report;
use super::report::{Configuration, MountReport, ValidateReport};
use super::{CommandError, ValidateOptions, root_facts};
use crate::base::DiskFileSystem;
use crate::link::{Linkage, link};

/// Judges the module in the options' root and everything it uses. Errors of the project are in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn validate(options: &ValidateOptions) -> Result<ValidateReport, CommandError> {
    let files = DiskFileSystem;
    let facts = root_facts(&files, &options.root, &options.links);
    let linkage = link(&files, &options.root, &facts, options.owners)
        .map_err(|error| unusable(&options.root, &error))?;
    Ok(match linkage.root().declaration {
        Some(_) => ValidateReport {
            notices: facts.notices,
            ..report(&linkage, options)
        },
        // Whatever its configuration says is judged when it is built.
        None => ValidateReport::of_legacy(linkage.root().label()),
    })
}

fn report(linkage: &Linkage, options: &ValidateOptions) -> ValidateReport {
    ValidateReport {
        name: linkage.root().label(),
        configuration: Configuration::Declared,
        diagnostics: linkage.diagnostics.clone(),
        notices: Vec::new(),
        warnings: options.warnings,
        supply: linkage
            .supply()
            .into_iter()
            .map(|(identity, groups)| {
                let groups = groups.into_iter().map(election_report).collect();
                (identity.to_owned(), groups)
            })
            .collect(),
        mounts: linkage
            .mounts()
            .iter()
            .map(|mount| MountReport {
                name: mount.name.clone(),
                root: mount.root.clone(),
                artifact_dir: mount.artifact_dir.clone(),
                is_built: mount.is_built,
            })
            .collect(),
        elections: linkage.elections.iter().map(election_report).collect(),
        wiring: linkage.wiring().clone(),
    }
}
