//! The import map as it is written: three tables of text. `compose` writes it; `verify`, `preload`, `page`
//! and the commands read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What one scope says: specifier → URL, or `None` (JSON `null`) where the specifier is blocked.
pub type ScopeTable = BTreeMap<String, Option<String>>;

/// An import map before normalisation: URLs are written as the composer spells them, base included.
///
/// The tables are ordered by key, so the same entries give the same bytes in whatever order modules were
/// composed, and a difference between two maps is a difference between their entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportMap {
    /// Specifier → URL for every referrer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub imports: BTreeMap<String, String>,
    /// Scope prefix (ends in `/`) or exact referrer URL → its table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scopes: BTreeMap<String, ScopeTable>,
    /// URL → integrity metadata.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub integrity: BTreeMap<String, String>,
}

impl ImportMap {
    /// The text of a file: two-space JSON and a final line break; empty tables are left out.
    ///
    /// # Panics
    /// Never: JSON can hold every table of texts.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("an import map has only string keys");
        text.push('\n');
        text
    }

    /// The shortest text, for a document or a script.
    ///
    /// # Panics
    /// Never: JSON can hold every table of texts.
    pub fn to_compact_json(&self) -> String {
        serde_json::to_string(self).expect("an import map has only string keys")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_tables_are_left_out() {
        assert_eq!(ImportMap::default().to_json(), "{}\n");
        let mut map = ImportMap::default();
        map.imports.insert("b".to_owned(), "/b.mjs".to_owned());
        map.imports.insert("a".to_owned(), "/a.mjs".to_owned());
        assert_eq!(
            map.to_json(),
            "{\n  \"imports\": {\n    \"a\": \"/a.mjs\",\n    \"b\": \"/b.mjs\"\n  }\n}\n"
        );
    }

    #[test]
    fn a_blocked_specifier_is_null() {
        let mut map = ImportMap::default();
        map.scopes
            .entry("/m/".to_owned())
            .or_default()
            .insert("vue".to_owned(), None);
        assert_eq!(map.to_compact_json(), r#"{"scopes":{"/m/":{"vue":null}}}"#);
    }
}
