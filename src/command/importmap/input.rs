//! The document `importmap compose` reads, and what is wrong with one that nobody should trust: manifests come from
//! other people's servers.

use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use url::Url;

use crate::diagnostic::{Code, Diagnostic};
use crate::import_map::{ComposeInput, ComposedModule, file_directory_url, rewires_from_manifests};
use crate::protocol::{Manifest, PROTOCOL, Side};

/// The document as it is written.
#[derive(Debug, Deserialize)]
struct Document {
    #[serde(default)]
    root: Option<String>,
    env: Environment,
    manifests: Vec<Object<Manifest>>,
    #[serde(default)]
    rewire: Option<IndexMap<String, String>>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    dirs: Option<IndexMap<String, String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Environment {
    Client,
    Server,
}

/// A record that is written as an object: a derived reader takes an array as well.
#[derive(Debug)]
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// The document as a composition; elections are computed where the document has none.
pub(super) fn read(text: &str, label: &str) -> Result<ComposeInput, Vec<Diagnostic>> {
    let Object(document) = serde_json::from_str::<Object<Document>>(text).map_err(|error| {
        vec![Diagnostic::new(
            Code::ImportMap,
            label,
            format!("{label} does not say what to compose: {error}."),
            "Write `{\"root\": \"host\", \"env\": \"client\", \"manifests\": [ … ]}`: the host's name, `client` or \
             `server`, and the manifest.json of every module.",
        )]
    })?;
    let side = match document.env {
        Environment::Client => Side::Client,
        Environment::Server => Side::Server,
    };
    let mut objections = Vec::new();
    let directories = document.dirs.unwrap_or_default();
    let modules: Vec<ComposedModule> = document
        .manifests
        .into_iter()
        .map(|Object(manifest)| ComposedModule {
            name: manifest.name.clone(),
            // The directories are those of Node; in a browser every module is below the base.
            directory_url: match side {
                Side::Client => None,
                Side::Server => directories
                    .get(&manifest.name)
                    .map(|directory| directory_url(directory)),
            },
            manifest,
        })
        .collect();
    let root = document
        .root
        .or_else(|| modules.first().map(|module| module.name.clone()))
        .unwrap_or_default();
    objections.extend(objections_to_modules(&root, &modules));
    let rewires = match document.rewire {
        Some(rewires) => direct(&root, &rewires).unwrap_or_else(|objection| {
            objections.push(*objection);
            IndexMap::new()
        }),
        None => rewires_from_manifests(&root, &modules),
    };
    if objections.is_empty() {
        Ok(ComposeInput {
            root,
            side,
            modules,
            rewires,
            base: document.base.unwrap_or_default(),
        })
    } else {
        Err(objections)
    }
}

/// A directory is a URL; an absolute path is taken for what it names.
fn directory_url(directory: &str) -> String {
    if directory.starts_with('/') && !directory.starts_with("//") {
        file_directory_url(Path::new(directory))
    } else {
        directory.to_owned()
    }
}

/// Every loser → the last winner of its chain.
fn direct(
    root: &str,
    rewires: &IndexMap<String, String>,
) -> Result<IndexMap<String, String>, Box<Diagnostic>> {
    let mut result = IndexMap::new();
    for (loser, winner) in rewires {
        let mut winner = winner;
        let mut steps = 0;
        while let Some(next) = rewires.get(winner).filter(|next| *next != winner) {
            winner = next;
            steps += 1;
            if steps > rewires.len() {
                let objection = Diagnostic::new(
                    Code::ImportMap,
                    root,
                    format!("`rewire` leads from `{loser}` in a circle, so nobody wins."),
                    "Let every loser name the winner of its election; winners are no keys.",
                )
                .with_package(loser.clone());
                return Err(Box::new(objection));
            }
        }
        if winner != loser {
            result.insert(loser.clone(), winner.clone());
        }
    }
    Ok(result)
}

fn objections_to_modules(root: &str, modules: &[ComposedModule]) -> Vec<Diagnostic> {
    let mut objections = Vec::new();
    let mut names = IndexSet::new();
    let mut owners: IndexMap<&str, &str> = IndexMap::new();
    for module in modules {
        let name = module.name.as_str();
        if module.manifest.protocol > PROTOCOL {
            objections.push(newer_protocol(root, module));
        }
        if !is_path_inside(name) {
            objections.push(bad_path(name, "name", name));
        }
        if !names.insert(name) {
            objections.push(
                Diagnostic::new(
                    Code::ImportMap,
                    name,
                    format!(
                        "Two manifests say that they are `{name}`, so nobody knows which files are meant."
                    ),
                    "Give the manifest of each module once, all of one environment.",
                )
                .with_package(name),
            );
        }
        for export in module.manifest.exports.values() {
            let identifier = export.identifier.as_str();
            match owners.insert(identifier, name) {
                Some(owner) if owner != name => objections.push(
                    Diagnostic::new(
                        Code::ImportMap,
                        name,
                        format!("`{identifier}` is an export of `{owner}` and of `{name}`; it can mean only one file."),
                        format!("Build `{name}` again: its identifiers start with its own name."),
                    )
                    .with_package(identifier),
                ),
                _ => {}
            }
        }
        objections.extend(
            paths_of(&module.manifest)
                .filter(|(_, path)| !is_path_inside(path))
                .map(|(place, path)| bad_path(name, place, path)),
        );
        objections.extend(module.directory_url.as_deref().and_then(|directory| {
            let is_directory = Url::parse(directory).is_ok_and(|url| !url.cannot_be_a_base());
            (!is_directory).then(|| {
                Diagnostic::new(
                    Code::ImportMap,
                    name,
                    format!("`dirs` says that `{name}` is at `{directory}`, which is no URL of a directory."),
                    format!("Write the `file:` URL of the server directory of `{name}`."),
                )
                .with_found(directory)
            })
        }));
    }
    if !names.contains(root) {
        objections.push(Diagnostic::new(
            Code::NotBuilt,
            root,
            format!(
                "There is no manifest of the host `{root}` among the {} given.",
                modules.len()
            ),
            "Name as `root` the module that the page belongs to, and give its manifest first.",
        ));
    }
    objections
}

fn newer_protocol(root: &str, module: &ComposedModule) -> Diagnostic {
    let protocol = module.manifest.protocol;
    Diagnostic::new(
        Code::Protocol,
        root,
        format!(
            "`{}` was built for protocol {protocol} of the manifest; this program knows protocols up to {PROTOCOL}.",
            module.name
        ),
        "Compose with a newer esmx-build, or build the module with an older builder.",
    )
    .with_package(module.name.clone())
    .with_found(protocol.to_string())
    .with_required(format!("<= {PROTOCOL}"))
}

fn bad_path(module: &str, place: &str, path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        module,
        format!("`{path}`, in `{place}` of the manifest of `{module}`, leads out of the module's directory."),
        "Use the manifest that the build wrote; if it is that one, do not trust the module.",
    )
    .with_found(path)
    .with_required("a relative path below the module's directory")
}

/// Every text of a manifest that becomes a part of a URL.
fn paths_of(manifest: &Manifest) -> impl Iterator<Item = (&'static str, &str)> {
    let exports = manifest
        .exports
        .values()
        .map(|export| ("exports", export.file.as_str()));
    let provides = manifest
        .provides
        .values()
        .flat_map(|provide| provide.chunks.iter().map(|file| ("provides", file.as_str())));
    let files = manifest.files.iter().map(|file| ("files", file.as_str()));
    let chunks = manifest.chunks.values().flat_map(|chunk| {
        let others = chunk.css.iter().chain(&chunk.resources);
        std::iter::once(&chunk.js)
            .chain(others)
            .map(|file| ("chunks", file.as_str()))
    });
    let integrity = manifest.integrity.keys().map(|file| ("integrity", file.as_str()));
    let scopes = manifest
        .scopes
        .keys()
        .filter(|name| !name.is_empty() && *name != "./")
        .map(|name| ("scopes", name.trim_end_matches('/')));
    exports
        .chain(provides)
        .chain(files)
        .chain(chunks)
        .chain(integrity)
        .chain(scopes)
}

/// Whether a path stays below the directory it is relative to, on every system and in every URL.
fn is_path_inside(path: &str) -> bool {
    let path = path.strip_prefix("./").unwrap_or(path);
    let is_plain = |segment: &str| !matches!(segment, "" | "." | "..");
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    path.split('/').all(is_plain) && !has_drive && !path.contains(|c: char| c == '\\' || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for path in [
            "a.mjs",
            "./a.mjs",
            "@esmx/router.mjs",
            "chunks/a b.mjs",
            "..a/b",
            "%2e%2e/a",
        ] {
            assert!(is_path_inside(path), "{path}");
        }
        for path in [
            "",
            ".",
            "..",
            "../a",
            "a/../../b",
            "/a",
            "a//b",
            "./",
            "a\\..\\b",
            "C:/a",
            "a\0",
            "a/..",
            "a\n",
        ] {
            assert!(!is_path_inside(path), "{path}");
        }
    }

    #[test]
    fn chains_lead_to_the_last_winner() {
        let table = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(loser, winner)| ((*loser).to_owned(), (*winner).to_owned()))
                .collect::<IndexMap<_, _>>()
        };
        let rewires = table(&[("a/x", "b/x"), ("b/x", "c/x"), ("d/x", "d/x")]);
        assert_eq!(
            direct("a", &rewires),
            Ok(table(&[("a/x", "c/x"), ("b/x", "c/x")]))
        );
        assert!(direct("a", &table(&[("a/x", "b/x"), ("b/x", "a/x")])).is_err());
    }
}
