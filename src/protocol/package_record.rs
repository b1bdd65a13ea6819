//! What linking needs to know of one `package.json` (PROTOCOL §3). Read once per package; `link` brings the
//! records of a closure together.

use indexmap::IndexMap;
use jsonc_parser::ast::{Object, Value};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::declaration::Declaration;
use super::dependency_spec::DependencySpec;
use super::json_source::{self, key_range, member, members, range_of};
use super::schema::read_declaration;
use crate::base::FileSystem;
use crate::diagnostic::{Diagnostic, Location};

/// Dependency key → value, both as written.
pub type DependencyMap = IndexMap<String, String>;

/// A package as its `package.json` describes it. Ten fields, because the file has as many facts that matter.
#[derive(Debug, Clone)]
pub struct PackageRecord {
    /// The directory the file was read from.
    pub dir: PathBuf,
    /// `name`, or the empty text.
    pub name: String,
    /// `version`, or the empty text.
    pub version: String,
    /// Whether `private` is exactly `true`.
    pub is_private: bool,
    /// `dependencies`.
    pub dependencies: DependencyMap,
    /// `peerDependencies`.
    pub peer_dependencies: DependencyMap,
    /// `devDependencies`.
    pub dev_dependencies: DependencyMap,
    /// The valid parts of `esmx`; `None` makes the package a legacy module or a plain package.
    pub declaration: Option<Declaration>,
    /// What the schema has to say about `esmx`.
    pub schema_diagnostics: Vec<Diagnostic>,
    source: String,
}

/// Why a directory has no package record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file is missing or cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The `package.json`.
        path: PathBuf,
        /// The operating system's answer.
        reason: io::Error,
    },
    /// The file is not JSON.
    #[error("{}:{}:{} is not JSON: {reason}", path.display(), location.line, location.column)]
    NotJson {
        /// The `package.json`.
        path: PathBuf,
        /// What the parser says.
        reason: String,
        /// Where it says so.
        location: Box<Location>,
    },
    /// The file is JSON, but not an object.
    #[error("{} is not a JSON object", path.display())]
    NotAnObject {
        /// The `package.json`.
        path: PathBuf,
    },
}

impl RecordError {
    /// What is wrong with the file, without its path.
    pub fn reason(&self) -> String {
        match self {
            Self::Unreadable { reason, .. } => format!("cannot be read: {reason}"),
            Self::NotJson { reason, .. } => format!("is not JSON: {reason}"),
            Self::NotAnObject { .. } => "is not a JSON object".to_owned(),
        }
    }

    /// The place to show, when the file could be read.
    pub fn location(&self) -> Option<Location> {
        match self {
            Self::NotJson { location, .. } => Some((**location).clone()),
            Self::Unreadable { .. } | Self::NotAnObject { .. } => None,
        }
    }
}

impl PackageRecord {
    /// Reads `dir/package.json`.
    ///
    /// # Errors
    /// When the file is missing, unreadable, not JSON, or not a JSON object.
    pub fn read(files: &dyn FileSystem, dir: &Path) -> Result<Self, RecordError> {
        let path = dir.join("package.json");
        let unreadable = |reason| RecordError::Unreadable {
            path: path.clone(),
            reason,
        };
        let bytes = files.read(&path).map_err(unreadable)?;
        let source = String::from_utf8(bytes)
            .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))?;
        // Some editors write a byte order mark; npm ignores it.
        let source = source
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(source);
        Self::parse(dir, source)
    }

    /// The record of a `package.json` whose text is at hand.
    ///
    /// # Errors
    /// When the text is not JSON, or not a JSON object.
    pub fn parse(dir: &Path, source: String) -> Result<Self, RecordError> {
        let path = dir.join("package.json");
        let value = json_source::parse(&source).map_err(|error| RecordError::NotJson {
            location: Box::new(Location::of_range(&path, &source, error.offset, error.offset)),
            path: path.clone(),
            reason: error.reason,
        })?;
        let Some(object) = value.as_object() else {
            return Err(RecordError::NotAnObject { path });
        };
        let name = string_member(object, "name");
        let (declaration, schema_diagnostics) = match member(object, "esmx") {
            None => (None, Vec::new()),
            Some(property) => {
                let owner = if name.is_empty() {
                    dir.to_string_lossy()
                } else {
                    name.as_str().into()
                };
                let (declaration, diagnostics) = read_declaration(&property.value, &owner, &path, &source);
                (Some(declaration), diagnostics)
            }
        };
        Ok(Self {
            dir: dir.to_path_buf(),
            version: string_member(object, "version"),
            is_private: member(object, "private")
                .and_then(|property| property.value.as_boolean_lit())
                .is_some_and(|boolean| boolean.value),
            dependencies: dependency_map(object, "dependencies"),
            peer_dependencies: dependency_map(object, "peerDependencies"),
            dev_dependencies: dependency_map(object, "devDependencies"),
            declaration,
            schema_diagnostics,
            name,
            source,
        })
    }

    /// The path of the `package.json`.
    pub fn path(&self) -> PathBuf {
        self.dir.join("package.json")
    }

    /// What diagnostics call the package: its name, or its directory.
    pub fn label(&self) -> String {
        if self.name.is_empty() {
            self.dir.to_string_lossy().into_owned()
        } else {
            self.name.clone()
        }
    }

    /// The value that binds a consumer: `dependencies` before `peerDependencies`.
    pub fn runtime_value(&self, key: &str) -> Option<&str> {
        self.dependencies
            .get(key)
            .or_else(|| self.peer_dependencies.get(key))
            .map(String::as_str)
    }

    /// [`Self::runtime_value`], classified.
    pub fn runtime_spec(&self, key: &str) -> Option<DependencySpec<'_>> {
        self.runtime_value(key).map(DependencySpec::parse)
    }

    /// The value that selects a group: the runtime value, and without one the value in `devDependencies`.
    pub fn selecting_spec(&self, key: &str) -> Option<DependencySpec<'_>> {
        self.runtime_spec(key).or_else(|| {
            self.dev_dependencies
                .get(key)
                .map(|value| DependencySpec::parse(value))
        })
    }

    /// Every key of the three dependency maps with its value, `dependencies` first; a key may come twice.
    pub fn all_dependencies(&self) -> impl Iterator<Item = (&str, &str)> {
        [
            &self.dependencies,
            &self.peer_dependencies,
            &self.dev_dependencies,
        ]
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The key of every dependency, `dependencies` first; a key may come twice.
    pub fn dependency_names(&self) -> impl Iterator<Item = &str> {
        self.all_dependencies().map(|(key, _)| key)
    }

    /// Where the value at a path of keys is written.
    pub fn location_of_value(&self, keys: &[&str]) -> Option<Location> {
        self.locate(|root| Some(range_of(descend(root, keys)?)))
    }

    /// Where the last key of a path is written.
    pub fn location_of_key(&self, keys: &[&str]) -> Option<Location> {
        let (last, parents) = keys.split_last()?;
        self.locate(|root| Some(key_range(member(descend(root, parents)?.as_object()?, last)?)))
    }

    /// Where the array at a path of keys lists `item`: the last time, because the last one counts.
    pub fn location_of_item(&self, keys: &[&str], item: &str) -> Option<Location> {
        self.locate(|root| {
            let elements = &descend(root, keys)?.as_array()?.elements;
            let found = elements
                .iter()
                .rev()
                .find(|element| element.as_string_lit().is_some_and(|text| text.value == item))?;
            Some(range_of(found))
        })
    }

    /// Where a dependency is declared, in the map that counts for it.
    pub fn location_of_dependency(&self, key: &str) -> Option<Location> {
        let maps = [
            ("dependencies", &self.dependencies),
            ("peerDependencies", &self.peer_dependencies),
            ("devDependencies", &self.dev_dependencies),
        ];
        let (map, _) = maps.into_iter().find(|(_, map)| map.contains_key(key))?;
        self.location_of_value(&[map, key])
    }

    /// The place to show when something is missing: the package's name, or where the file begins.
    pub fn location_of_package(&self) -> Option<Location> {
        self.location_of_value(&["name"]).or_else(|| {
            self.locate(|root| {
                let start = range_of(root).start;
                Some(start..start + 1)
            })
        })
    }

    /// Parses again rather than keep a range for every key: places are asked for only when something is
    /// wrong.
    fn locate(&self, place: impl FnOnce(&Value<'_>) -> Option<Range<usize>>) -> Option<Location> {
        let root = json_source::parse(&self.source).ok()?;
        let range = place(&root)?;
        Some(Location::of_range(
            &self.path(),
            &self.source,
            range.start,
            range.end,
        ))
    }
}

fn descend<'ast, 'source>(root: &'ast Value<'source>, keys: &[&str]) -> Option<&'ast Value<'source>> {
    keys.iter()
        .try_fold(root, |value, key| Some(&member(value.as_object()?, key)?.value))
}

fn string_member(object: &Object<'_>, key: &str) -> String {
    member(object, key)
        .and_then(|property| property.value.as_string_lit())
        .map(|text| text.value.to_string())
        .unwrap_or_default()
}

fn dependency_map(object: &Object<'_>, key: &str) -> DependencyMap {
    let Some(map) = member(object, key).and_then(|property| property.value.as_object()) else {
        return DependencyMap::new();
    };
    members(map)
        .into_iter()
        .filter_map(|(key, property)| {
            Some((key.to_owned(), property.value.as_string_lit()?.value.to_string()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{
  "name": "acme-app", "version": "1.0.0", "private": true,
  "dependencies": { "vue": "^3.5.0", "odd": 7 }, "peerDependencies": [],
  "esmx": { "uses": ["a", "b", "a"], "provides": ["vue"], "exports": { "./x": { "client": "./x.ts", "server": false } } }
}"#;

    fn parse(source: &str) -> Result<PackageRecord, RecordError> {
        PackageRecord::parse(Path::new("/app"), source.to_owned())
    }

    #[test]
    fn facts_are_read_and_places_are_found() {
        let record = parse(GOOD).expect("a record");
        assert!(record.is_private);
        assert_eq!(record.dependencies.len(), 1);
        assert!(record.peer_dependencies.is_empty());
        let place = |location: Option<Location>| location.map(|place| (place.line, place.column));
        assert_eq!(place(record.location_of_dependency("vue")), Some((3, 28)));
        assert_eq!(
            place(record.location_of_item(&["esmx", "uses"], "a")),
            Some((4, 32))
        );
        assert_eq!(place(record.location_of_key(&["esmx", "exports"])), Some((4, 59)));
        assert_eq!(place(record.location_of_value(&["esmx", "nothing"])), None);
    }

    #[test]
    fn no_text_makes_reading_panic() {
        let replacements = ["", "\"", "{", "]", "null", "\\", "\u{fffd}", "\\ud800", "1e999"];
        for (position, character) in GOOD.char_indices() {
            for replacement in replacements {
                let rest = &GOOD[position + character.len_utf8()..];
                if let Ok(record) = parse(&format!("{}{replacement}{rest}", &GOOD[..position])) {
                    assert!(
                        record
                            .schema_diagnostics
                            .iter()
                            .all(|diagnostic| diagnostic.location.is_some())
                    );
                }
            }
            assert!(parse(&GOOD[..position]).is_err());
        }
    }

    #[test]
    fn what_is_no_object_is_no_record() {
        for source in ["[]", "null", "\"acme\"", "1"] {
            assert!(
                matches!(parse(source), Err(RecordError::NotAnObject { .. })),
                "{source}"
            );
        }
    }
}
