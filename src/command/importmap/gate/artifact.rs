//! The new build of a module, as it lies on the disk.

use std::path::{Path, PathBuf};

use crate::base::DiskFileSystem;
use crate::command::CommandError;
use crate::command::importmap::deployment::Deployment;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{Manifest, PackageRecord};

/// The new build.
pub(super) struct Artifact {
    /// Of the side that the map is for.
    pub manifest: Manifest,
    /// Its `package.json`, where one lies beside.
    pub record: Option<PackageRecord>,
    /// Where its files are.
    pub directory: PathBuf,
}

impl Artifact {
    /// Reads the side that a deployment is of.
    pub fn read(given: &Path, deployment: &Deployment) -> Result<Self, CommandError> {
        let side = if deployment.is_for_node() {
            "server"
        } else {
            "client"
        };
        let places = [
            given.to_path_buf(),
            given.join(side),
            given.join("dist").join(side),
        ];
        let Some(directory) = places.iter().find(|place| place.join("manifest.json").is_file()) else {
            return Err(unusable(
                given,
                "has no manifest.json, and no client or server directory with one",
            ));
        };
        let bytes = std::fs::read(directory.join("manifest.json"))
            .map_err(|error| unusable(given, &format!("cannot be read: {error}")))?;
        let manifest = Manifest::parse(&bytes)
            .map_err(|error| unusable(given, &format!("has a manifest that cannot be read: {error}")))?;
        let record = [directory.parent(), directory.parent().and_then(Path::parent)]
            .into_iter()
            .flatten()
            .find_map(|parent| PackageRecord::read(&DiskFileSystem, parent).ok());
        Ok(Self {
            manifest,
            record,
            directory: directory.clone(),
        })
    }
}

fn unusable(path: &Path, reason: &str) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(
        Code::NotBuilt,
        path.display().to_string(),
        format!("{} {reason}.", path.display()),
        "Name the `dist` directory of a module that esmx-build has built.",
    )))
}
