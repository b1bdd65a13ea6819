//! The JSON Schema of `esmx.config.json`, made from the list that the file is read by.

use serde_json::{Map, Value, json};

use super::bundle_config::SCHEMA;
use crate::protocol::build_config::Shape;

/// The schema as text: two-space JSON and a final line break.
///
/// # Panics
/// Never: all keys are strings.
pub fn config_schema() -> String {
    let mut properties = Map::new();
    properties.insert("$schema".to_owned(), json!({ "type": "string" }));
    for (name, shape) in SCHEMA {
        properties.insert((*name).to_owned(), schema_of(*shape));
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "esmx.config.json",
        "description": "Options of `esmx-build bundle` and `esmx-build build`; the field `esmxBuild` of package.json holds the same.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false
    });
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema has only string keys");
    text.push('\n');
    text
}

fn schema_of(shape: Shape) -> Value {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let table = |value: Value| json!({ "type": "object", "additionalProperties": value });
    match shape {
        Shape::Text => text,
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::FlagOrWord(words) => json!({ "anyOf": [{ "type": "boolean" }, { "enum": words }] }),
        Shape::FlagOrText => json!({ "type": ["boolean", "string"] }),
        Shape::Texts => json!({ "anyOf": [text, texts] }),
        Shape::Pairs => table(text),
        Shape::Values => json!({ "type": "object" }),
        Shape::TextsOrPairs => json!({ "anyOf": [texts, table(text)] }),
        Shape::Lists => table(json!({ "anyOf": [text, texts] })),
        Shape::TextOrNumber => json!({ "type": ["string", "number"] }),
    }
}
