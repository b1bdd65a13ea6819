//! The new build of a module, as it lies on the disk.

use std::path::{Component, Path};

use indexmap::IndexMap;

use crate::base::{DiskFileSystem, has_extension};
use crate::command::CommandError;
use crate::command::importmap::deployment::Deployment;
use crate::command::importmap::surface::Surface;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{Manifest, PackageRecord};

/// The new build.
pub(super) struct Artifact {
    /// Of the side that the map is for.
    pub manifest: Manifest,
    /// Its `package.json`, where one lies beside.
    pub record: Option<PackageRecord>,
    /// Files by their path in the manifest.
    pub surfaces: IndexMap<String, Surface>,
}

impl Artifact {
    /// Reads the side that a deployment is of.
    pub fn read(given: &Path, deployment: &Deployment) -> Result<Self, CommandError> {
        let is_server = deployment.addresses().any(|(_, url)| url.scheme() == "file");
        let side = if is_server { "server" } else { "client" };
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
        let scripts = manifest
            .files
            .iter()
            .chain(manifest.exports.values().map(|export| &export.file));
        let mut surfaces = IndexMap::new();
        for file in scripts.filter(|file| has_extension(file, &["mjs", "js"])) {
            let plain = file.trim_start_matches("./");
            let leaves = Path::new(plain)
                .components()
                .any(|component| !matches!(component, Component::Normal(_)));
            if leaves || surfaces.contains_key(plain) {
                continue;
            }
            if let Ok(bytes) = std::fs::read(directory.join(plain))
                && let Ok(surface) = Surface::read(&String::from_utf8_lossy(&bytes))
            {
                surfaces.insert(plain.to_owned(), surface);
            }
        }
        let record = [directory.parent(), directory.parent().and_then(Path::parent)]
            .into_iter()
            .flatten()
            .find_map(|parent| PackageRecord::read(&DiskFileSystem, parent).ok());
        Ok(Self {
            manifest,
            record,
            surfaces,
        })
    }

    /// The names an export's file exports; `None` where they cannot be known.
    pub fn exports_of(&self, file: &str) -> Option<Vec<&str>> {
        let mut names = Vec::new();
        let mut waiting = vec![file.trim_start_matches("./").to_owned()];
        let mut seen: Vec<String> = Vec::new();
        while let Some(file) = waiting.pop() {
            if seen.contains(&file) {
                continue;
            }
            let surface = self.surfaces.get(&file)?;
            let is_first = seen.is_empty();
            let own = surface.exports.iter().map(String::as_str);
            names.extend(own.filter(|name| is_first || *name != "default"));
            for star in &surface.stars {
                waiting.push(beside(&file, star)?);
            }
            seen.push(file);
        }
        Some(names)
    }
}

/// The path a relative specifier means in a file; `None` for what leads elsewhere.
fn beside(file: &str, specifier: &str) -> Option<String> {
    if !specifier.starts_with('.') {
        return None;
    }
    let root = url::Url::parse("http://artifact.invalid/").ok()?;
    let url = root.join(file).ok()?.join(specifier).ok()?;
    Some(url.path().trim_start_matches('/').to_owned())
}

fn unusable(path: &Path, reason: &str) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(
        Code::NotBuilt,
        path.display().to_string(),
        format!("{} {reason}.", path.display()),
        "Name the `dist` directory of a module that esmx-build has built.",
    )))
}
