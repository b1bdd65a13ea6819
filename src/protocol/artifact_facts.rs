//! What linking takes from a manifest. Whether an artifact is built is a question of its file being there and
//! being JSON (PROTOCOL §4.1, C.10); a field of another shape, from an older, a newer or another builder, says
//! nothing, and the fields beside it still count. Composing, which needs every field, reads strictly.

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::manifest::{Manifest, ManifestProvide, PROTOCOL, first_protocol, no_version};

/// A manifest with every field that has the shape it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactFacts {
    /// Fields of another shape have their defaults; entries of another shape are left out.
    pub manifest: Manifest,
    /// The protocol as a text, when it is newer than this program knows.
    pub newer_protocol: Option<String>,
}

impl ArtifactFacts {
    /// Reads the bytes of a `manifest.json`.
    ///
    /// # Errors
    /// The JSON error when the bytes are not JSON, or not a JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let object: Map<String, Value> = serde_json::from_slice(bytes)?;
        let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
        // A protocol that is no number counts as absent.
        let protocol = object.get("protocol").and_then(Value::as_number);
        Ok(Self {
            manifest: Manifest {
                protocol: protocol.and_then(Number::as_u64).unwrap_or_else(first_protocol),
                name: text("name").unwrap_or_default(),
                version: text("version").unwrap_or_else(no_version),
                exports: entries(object.get("exports"), well_shaped),
                provides: entries(object.get("provides"), provide),
                uses: texts(object.get("uses")),
                scopes: entries(object.get("scopes"), |scope| {
                    scope
                        .is_object()
                        .then(|| entries(Some(scope), |target| target.as_str().map(str::to_owned)))
                }),
                files: texts(object.get("files")),
                chunks: entries(object.get("chunks"), well_shaped),
                integrity: entries(object.get("integrity"), well_shaped),
            },
            newer_protocol: protocol.filter(|number| is_newer(number)).map(written),
        })
    }
}

fn entries<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> IndexMap<String, T> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), read(value)?)))
        .collect()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn well_shaped<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// A record, or the bare version of older manifests.
fn provide(value: &Value) -> Option<ManifestProvide> {
    match value {
        Value::String(version) => Some(ManifestProvide {
            version: version.clone(),
            ..ManifestProvide::default()
        }),
        Value::Object(record) => {
            let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
            Some(ManifestProvide {
                version: text("version").unwrap_or_default(),
                package: text("package").filter(|package| !package.is_empty()),
                chunks: texts(record.get("chunks")),
            })
        }
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "protocol numbers are small")]
fn is_newer(protocol: &Number) -> bool {
    protocol.as_f64().is_some_and(|number| number > PROTOCOL as f64)
}

/// `3.0` and `3` are one number.
fn written(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> ArtifactFacts {
        ArtifactFacts::parse(text.as_bytes()).expect("a JSON object")
    }

    #[test]
    fn fields_of_another_shape_say_nothing_and_their_neighbours_count() {
        let read = facts(
            r#"{"protocol":"9","name":7,"exports":["ui"],"uses":["a",{}],"scopes":{"":{"vue":"a/vue","b":1},"x":0},
                "provides":{"vue":"3.4.21","axios":{"version":1,"package":"","chunks":null},"react":5}}"#,
        );
        let manifest = read.manifest;
        assert_eq!((manifest.protocol, read.newer_protocol), (1, None));
        assert_eq!(manifest.uses, ["a"]);
        assert_eq!(manifest.scopes.keys().collect::<Vec<_>>(), [""]);
        assert_eq!(manifest.scopes[""].keys().collect::<Vec<_>>(), ["vue"]);
        assert_eq!(manifest.provides["vue"].version, "3.4.21");
        assert_eq!(manifest.provides["axios"], ManifestProvide::default());
        assert!(!manifest.provides.contains_key("react"));
        assert!(manifest.exports.is_empty());
    }

    #[test]
    fn a_newer_protocol_is_told_as_a_number_is_written() {
        for (text, newer) in [
            ("3", Some("3")),
            ("3.0", Some("3")),
            ("2.5", Some("2.5")),
            ("2", None),
            ("-1", None),
        ] {
            let read = facts(&format!(
                "{{\"protocol\":{text},\"provides\":{{\"vue\":\"3.4.0\"}}}}"
            ));
            assert_eq!(read.newer_protocol.as_deref(), newer, "{text}");
            assert_eq!(read.manifest.provides["vue"].version, "3.4.0");
        }
    }

    #[test]
    fn what_is_no_json_object_is_no_manifest() {
        for text in ["", "{", "[]", "null", "{\"protocol\":2,}"] {
            assert!(ArtifactFacts::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
