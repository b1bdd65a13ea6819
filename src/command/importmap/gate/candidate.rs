//! The deployment as it would be with the new build in it: its files in the place of the deployed ones, and a map
//! that leads to them.

use indexmap::IndexMap;
use serde_json::{Map, Value};
use url::Url;

use super::artifact::Artifact;
use crate::base::has_extension;
use crate::command::importmap::deployment::{Deployment, file_url};
use crate::command::importmap::files::{Files, Place};
use crate::import_map::{ParseError, file_directory_url};
use crate::protocol::Manifest;

/// What would be live.
pub(super) struct Candidate {
    /// With the new build.
    pub deployment: Deployment,
    /// The URL of the module's directory.
    pub directory: String,
}

impl Candidate {
    /// Lays the new build over what is live.
    pub fn of(live: &Deployment, text: &str, place: &Place, artifact: &Artifact) -> Result<Self, ParseError> {
        let name = artifact.manifest.name.as_str();
        let deployed = live.manifests.iter().find(|(_, manifest)| manifest.name == name);
        let directory = match deployed {
            Some((directory, _)) => directory.clone(),
            None if live.is_for_node() => file_directory_url(&artifact.directory),
            None => live
                .files
                .base()
                .join(&format!("{name}/"))
                .map_or_else(|_| format!("{}{name}/", live.files.base()), String::from),
        };
        let exports = artifact.manifest.exports.values().map(|export| &export.file);
        let chunks = artifact.manifest.chunks.values().map(|chunk| &chunk.js);
        let modules = artifact
            .manifest
            .files
            .iter()
            .filter(|file| has_extension(file, &["mjs"]));
        let roots = exports
            .chain(chunks)
            .chain(modules)
            .filter(|file| is_inside(file))
            .filter_map(|file| Url::parse(&file_url(&directory, file)).ok());
        let roots = roots.collect();
        let text = map_with(
            live,
            text,
            &directory,
            deployed.map(|(_, manifest)| manifest),
            artifact,
        );
        let files = Files::at(place).with_build(&directory, &artifact.directory, &live.files);
        Ok(Self {
            deployment: Deployment::load_from(&text, files, roots)?,
            directory,
        })
    }

    /// Whether the new build has a file at a URL.
    pub fn is_own(&self, url: &str) -> bool {
        self.deployment.files.is_of_build(url)
    }

    /// The path of a file in the new build.
    pub fn path_of<'a>(&self, url: &'a str) -> &'a str {
        url.strip_prefix(self.directory.as_str()).unwrap_or(url)
    }
}

/// Whether a path of a manifest stays below the directory of the module, on every system and in every URL.
pub(super) fn is_inside(path: &str) -> bool {
    let path = path.strip_prefix("./").unwrap_or(path);
    let is_plain = |segment: &str| !matches!(segment, "" | "." | "..");
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    path.split('/').all(is_plain) && !has_drive && !path.contains(|c: char| c == '\\' || c.is_control())
}

/// The live map, in which everything that led to the module's files leads to the new ones. Exports that are gone still
/// lead to the old file: whoever needs them is told of.
fn map_with(
    live: &Deployment,
    text: &str,
    directory: &str,
    old: Option<&Manifest>,
    artifact: &Artifact,
) -> String {
    let Ok(Value::Object(mut map)) = serde_json::from_str::<Value>(text) else {
        return text.to_owned();
    };
    let new = &artifact.manifest;
    let base = live.files.base();
    let address = |written: &str| base.join(written).map(String::from).unwrap_or_default();
    let mut moved: IndexMap<String, String> = IndexMap::new();
    for (name, export) in old.into_iter().flat_map(|old| &old.exports) {
        if let Some(new) = new.exports.get(name).filter(|new| is_inside(&new.file)) {
            moved.insert(file_url(directory, &export.file), file_url(directory, &new.file));
        }
    }
    let move_entries = |table: &mut Map<String, Value>| {
        for value in table.values_mut() {
            if let Some(new) = value.as_str().and_then(|written| moved.get(&address(written))) {
                *value = Value::from(new.clone());
            }
        }
    };
    let mut imports = match map.remove("imports") {
        Some(Value::Object(imports)) => imports,
        _ => Map::new(),
    };
    move_entries(&mut imports);
    for export in new.exports.values().filter(|export| is_inside(&export.file)) {
        let url = Value::from(file_url(directory, &export.file));
        if let Some(short) = export.identifier.strip_suffix("/index") {
            imports.entry(short).or_insert_with(|| url.clone());
        }
        imports.insert(export.identifier.clone(), url);
    }
    let mut scopes = match map.remove("scopes") {
        Some(Value::Object(scopes)) => scopes,
        _ => Map::new(),
    };
    for table in scopes.values_mut().filter_map(Value::as_object_mut) {
        move_entries(table);
    }
    let wired = new.scopes.get("").into_iter().flatten();
    let wired: Vec<(String, Value)> = wired
        .filter_map(|(specifier, target)| {
            let url = match imports.get(target) {
                Some(url) => url.clone(),
                None => Value::from(String::from(Url::parse(target).ok()?)),
            };
            Some((specifier.clone(), url))
        })
        .collect();
    if !wired.is_empty() {
        let written = scopes.keys().find(|key| address(key) == directory).cloned();
        let scope = scopes
            .entry(written.unwrap_or_else(|| directory.to_owned()))
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(scope) = scope.as_object_mut() {
            scope.extend(wired);
        }
    }
    map.insert("imports".to_owned(), Value::Object(imports));
    map.insert("scopes".to_owned(), Value::Object(scopes));
    Value::Object(map).to_string()
}
