//! `dist/package.json`: the module's own, with `exports` that lead npm consumers to the built files
//! (PROTOCOL §10.1).

use std::collections::BTreeMap;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use crate::protocol::{Manifest, Side};

/// Declaration files by export and side, as `exports` names them: `./types/src/ui.d.ts`.
pub type TypeFiles = BTreeMap<(String, Side), String>;

/// The text of `dist/package.json`. `source` is the module's `package.json`; the field `exports` is replaced,
/// all others are kept in their order.
///
/// # Errors
/// The JSON error when `source` is not an object.
pub fn dist_package_json(
    source: &str,
    manifests: &[(Side, &Manifest)],
    types: &TypeFiles,
) -> Result<String, serde_json::Error> {
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
        let code = [Side::Server, Side::Client].map(|side| file(side, name));
        let types = [Side::Server, Side::Client].map(|side| types.get(&(name.clone(), side)).cloned());
        if let Some(value) = conditions(code, types) {
            exports.insert(key, value);
        }
    }
    fields.insert("exports".to_owned(), Value::Object(exports));
    let mut text = serde_json::to_string_pretty(&fields)?;
    text.push('\n');
    Ok(text)
}

/// What one export is under which condition, for `[server, client]`. Conditions are tried in order, and `default` always
/// matches; TypeScript knows `types`, and `browser` only where it is told to.
fn conditions(code: [Option<String>; 2], types: [Option<String>; 2]) -> Option<Value> {
    let object = |pairs: Vec<(&str, Option<Value>)>| {
        let pairs = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    let text = |text: Option<String>| text.map(Value::String);
    let [server_types, client_types] = types;
    Some(match code {
        [Some(server), Some(client)] if server_types == client_types => object(vec![
            ("types", text(server_types)),
            ("browser", Some(Value::String(client))),
            ("default", Some(Value::String(server))),
        ]),
        [Some(server), Some(client)] => {
            let browser = match client_types.clone() {
                Some(types) => object(vec![
                    ("types", Some(Value::String(types))),
                    ("default", Some(Value::String(client))),
                ]),
                None => Value::String(client),
            };
            object(vec![
                ("browser", Some(browser)),
                ("types", text(server_types.or(client_types))),
                ("default", Some(Value::String(server))),
            ])
        }
        [Some(only), None] | [None, Some(only)] => match server_types.or(client_types) {
            Some(types) => object(vec![
                ("types", Some(Value::String(types))),
                ("default", Some(Value::String(only))),
            ]),
            None => Value::String(only),
        },
        [None, None] => return None,
    })
}
