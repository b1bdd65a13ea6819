//! `manifest.json`, the record a build leaves for composers (PROTOCOL §10.3). `emit` writes it; `link` and
//! `import_map` read it, ours and other builders' alike.

use indexmap::IndexMap;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The newest protocol this program writes and reads.
pub const PROTOCOL: u64 = 2;

/// What one environment directory of a built module contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Protocol of the artifact; manifests without the field are protocol 1.
    #[serde(default = "first_protocol")]
    pub protocol: u64,
    /// Module name as built; a reader replaces it by the mount name.
    #[serde(default)]
    pub name: String,
    /// `package.json` version at build time.
    #[serde(default = "no_version")]
    pub version: String,
    /// Export name → the file that serves it.
    #[serde(default)]
    pub exports: IndexMap<String, ManifestExport>,
    /// Provided package → the copy inside this artifact.
    #[serde(default)]
    pub provides: IndexMap<String, ManifestProvide>,
    /// Transcription of `esmx.uses`.
    #[serde(default)]
    pub uses: Vec<String>,
    /// Scope name → (specifier → identifier or URL).
    #[serde(default)]
    pub scopes: IndexMap<String, IndexMap<String, String>>,
    /// Every emitted file, relative to the environment directory.
    #[serde(default)]
    pub files: Vec<String>,
    /// Chunk key → the files that belong to it.
    #[serde(default)]
    pub chunks: IndexMap<String, ManifestChunk>,
    /// Relative file → `sha384-…` over its final bytes; production only.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub integrity: IndexMap<String, String>,
}

/// One entry of `exports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestExport {
    /// Equals its key.
    #[serde(default)]
    pub name: String,
    /// True for provided packages.
    #[serde(default)]
    pub pkg: bool,
    /// Path relative to the environment directory.
    pub file: String,
    /// `<module name>/<export name>`.
    pub identifier: String,
}

/// One entry of `provides`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ManifestProvide {
    /// Installed version at build time, `0.0.0` if it could not be resolved.
    pub version: String,
    /// Real package name and subpath; absent in older manifests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// Files that exist only because of this copy, its export chunk first.
    pub chunks: Vec<String>,
}

/// One entry of `chunks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestChunk {
    /// Equals its key.
    #[serde(default)]
    pub name: String,
    /// The JavaScript file.
    pub js: String,
    /// Stylesheets reachable through static imports, in cascade order.
    #[serde(default)]
    pub css: Vec<String>,
    /// Other emitted assets of the chunk.
    #[serde(default)]
    pub resources: Vec<String>,
}

impl<'de> Deserialize<'de> for ManifestProvide {
    /// Accepts the record and the bare version string of older manifests.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Record {
            #[serde(default)]
            version: String,
            #[serde(default)]
            package: Option<String>,
            #[serde(default)]
            chunks: Vec<String>,
        }
        match Value::deserialize(deserializer)? {
            Value::String(version) => Ok(Self {
                version,
                ..Self::default()
            }),
            other => {
                let record: Record = serde_json::from_value(other).map_err(D::Error::custom)?;
                Ok(Self {
                    version: record.version,
                    package: record.package,
                    chunks: record.chunks,
                })
            }
        }
    }
}

/// Why the bytes of a `manifest.json` are of no use.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The artifact was built for a protocol this program does not know; holds the number as written.
    #[error("the manifest has protocol {0}, and this program reads protocols up to {PROTOCOL}")]
    NewerProtocol(String),
    /// The bytes are not JSON, or not of a manifest's shape.
    #[error(transparent)]
    Invalid(#[from] serde_json::Error),
}

impl Manifest {
    /// Reads a manifest that may come from a newer builder: its protocol is judged before its shape, because
    /// a newer protocol may have another shape. A `protocol` that is no number counts as absent.
    ///
    /// # Errors
    /// When the protocol is newer than [`PROTOCOL`], or the bytes are not a manifest.
    pub fn parse_known(bytes: &[u8]) -> Result<Self, ManifestError> {
        let mut value: Value = serde_json::from_slice(bytes)?;
        if let Some(object) = value.as_object_mut() {
            match object.get("protocol") {
                Some(Value::Number(number)) if number.as_f64().is_some_and(is_newer) => {
                    return Err(ManifestError::NewerProtocol(number.to_string()));
                }
                Some(Value::Number(number)) if number.is_u64() => {}
                _ => {
                    object.remove("protocol");
                }
            }
        }
        if !value.is_object() {
            return Ok(Self::parse(bytes)?);
        }
        Ok(serde_json::from_value(value)?)
    }

    /// Reads a manifest of any protocol; fields that older builders omit get their defaults.
    ///
    /// # Errors
    /// The JSON error when the bytes are not a manifest.
    pub fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        // A derived reader also takes an array for a record, and every field has a default.
        let _: IndexMap<String, Value> = serde_json::from_slice(bytes)?;
        serde_json::from_slice(bytes)
    }

    /// The text that is written: two-space JSON and a final line break.
    ///
    /// # Panics
    /// Never: all keys are strings.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a manifest has only string keys");
        text.push('\n');
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "protocol numbers are small")]
fn is_newer(protocol: f64) -> bool {
    protocol > PROTOCOL as f64
}

fn first_protocol() -> u64 {
    1
}

fn no_version() -> String {
    "0.0.0".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_protocol_is_told_before_its_shape_is_judged() {
        let newer = Manifest::parse_known(br#"{"protocol":3,"exports":[1]}"#);
        assert!(matches!(newer, Err(ManifestError::NewerProtocol(found)) if found == "3"));
        assert!(matches!(
            Manifest::parse_known(b"{"),
            Err(ManifestError::Invalid(_))
        ));
        assert_eq!(Manifest::parse_known(br#"{"protocol":"9"}"#).unwrap().protocol, 1);
    }

    #[test]
    fn older_manifests_read_with_defaults() {
        let manifest = Manifest::parse(br#"{"name":"a","exports":{},"provides":{"vue":"3.4.21"}}"#).unwrap();
        assert_eq!((manifest.protocol, manifest.version.as_str()), (1, "0.0.0"));
        assert_eq!(manifest.provides["vue"].version, "3.4.21");
        assert_eq!(manifest.provides["vue"].package, None);
    }
}
