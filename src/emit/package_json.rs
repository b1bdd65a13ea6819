//! `dist/package.json`: the module's own, with `exports` that lead npm consumers to the built files
//! (PROTOCOL §10.1).

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use crate::protocol::{Manifest, Side};

/// The text of `dist/package.json`. `source` is the module's `package.json`; the field `exports` is replaced,
/// all others are kept in their order.
///
/// # Errors
/// The JSON error when `source` is not an object.
pub fn dist_package_json(source: &str, manifests: &[(Side, &Manifest)]) -> Result<String, serde_json::Error> {
    let mut fields: IndexMap<String, Value> = serde_json::from_str(source.trim_start_matches('\u{feff}'))?;
    let names: IndexSet<&String> = manifests
        .iter()
        .flat_map(|(_, manifest)| manifest.exports.keys())
        .collect();
    let file = |side: Side, name: &String| {
        let (_, manifest) = manifests.iter().find(|(one, _)| *one == side)?;
        manifest
            .exports
            .get(name)
            .map(|export| format!("./{side}/{}", export.file))
    };
    let mut exports = serde_json::Map::new();
    for name in names {
        let key = if name == "index" {
            ".".to_owned()
        } else {
            format!("./{name}")
        };
        let value = match (file(Side::Server, name), file(Side::Client, name)) {
            (Some(server), Some(client)) => {
                // Conditions are tried in order, and `default` always matches.
                IndexMap::from([("browser", client), ("default", server)])
            }
            (Some(only), None) | (None, Some(only)) => {
                exports.insert(key, Value::String(only));
                continue;
            }
            (None, None) => continue,
        };
        exports.insert(
            key,
            value
                .into_iter()
                .map(|(name, file)| (name.to_owned(), Value::String(file)))
                .collect(),
        );
    }
    fields.insert("exports".to_owned(), Value::Object(exports));
    let mut text = serde_json::to_string_pretty(&fields)?;
    text.push('\n');
    Ok(text)
}
