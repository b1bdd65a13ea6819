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

impl Manifest {
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

pub(super) fn first_protocol() -> u64 {
    1
}

pub(super) fn no_version() -> String {
    "0.0.0".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_manifests_read_with_defaults() {
        let manifest = Manifest::parse(br#"{"name":"a","exports":{},"provides":{"vue":"3.4.21"}}"#).unwrap();
        assert_eq!((manifest.protocol, manifest.version.as_str()), (1, "0.0.0"));
        assert_eq!(manifest.provides["vue"].version, "3.4.21");
        assert_eq!(manifest.provides["vue"].package, None);
    }
}
