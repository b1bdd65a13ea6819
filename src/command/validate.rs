//! `esmx-build validate`: can everything be resolved (PROTOCOL §13)? Links and checks; parses no application
//! source and writes nothing.

use super::build::unusable;
use super::compose::election_report;
use super::report::{Configuration, MountReport, ValidateReport};
use super::{CommandError, ValidateOptions};
use crate::base::DiskFileSystem;
use crate::link::{BehaviourFacts, Linkage, link};

/// Judges the module in the options' root and everything it uses. Errors of the project are in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn validate(options: &ValidateOptions) -> Result<ValidateReport, CommandError> {
    let files = DiskFileSystem;
    let facts = BehaviourFacts::with_links(
        options
            .links
            .iter()
            .map(|(name, dir)| (name.as_str(), dir.to_str().unwrap_or_default())),
    );
    let linkage = link(&files, &options.root, &facts, options.owners)
        .map_err(|error| unusable(&options.root, &error))?;
    Ok(report(&linkage, options))
}

fn report(linkage: &Linkage, options: &ValidateOptions) -> ValidateReport {
    ValidateReport {
        name: linkage.root().label(),
        configuration: match linkage.root().declaration {
            Some(_) => Configuration::Declared,
            None => Configuration::Legacy,
        },
        diagnostics: linkage.diagnostics.clone(),
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
