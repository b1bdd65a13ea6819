//! `importmap gate`: a new build of one module against everything that is deployed around it, before it is deployed.
//!
//! The deployed importers must find the exports they import, in the majors and ranges they ask for; the new build
//! must find its own imports in what is deployed.

mod artifact;
mod candidate;
mod importers;
mod own_files;
mod own_imports;
mod unknown_ranges;
mod versions;

use std::path::PathBuf;

use serde::Serialize;

use super::check::no_map;
use super::deployment::Deployment;
use super::files::{Files, Place};
use super::{ImportMapReport, TextSource};
use crate::command::CommandError;
use crate::diagnostic::{Diagnostic, has_errors};
use artifact::Artifact;
use candidate::Candidate;

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
    let refused = |error| {
        Ok(ImportMapReport::Gate(GateReport {
            diagnostics: vec![no_map(&options.map.label(), &error)],
            ..GateReport::default()
        }))
    };
    let deployment = match Deployment::load(&text, Files::at(&options.place)) {
        Ok(deployment) => deployment,
        Err(error) => return refused(error),
    };
    let artifact = Artifact::read(&options.artifact, &deployment)?;
    let candidate = match Candidate::of(&deployment, &text, &options.place, &artifact) {
        Ok(candidate) => candidate,
        Err(error) => return refused(error),
    };
    let mut report = GateReport {
        module: artifact.manifest.name.clone(),
        version: artifact.manifest.version.clone(),
        ..GateReport::default()
    };
    own_files::check(&candidate, &artifact, &mut report);
    importers::check(&deployment, &candidate, &artifact, &mut report);
    versions::check_majors(&deployment, &artifact, &mut report);
    versions::check_ranges(&deployment, &artifact, &mut report);
    own_imports::check(&deployment, &candidate, &artifact, &mut report);
    report.ok = !has_errors(&report.diagnostics);
    Ok(ImportMapReport::Gate(report))
}
