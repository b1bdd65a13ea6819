//! The JSON Schema of the `esmx` field says what the reader of declarations does, and is what the npm package ships.
//!
//! A small evaluator of the keywords that the schema uses judges declarations; so does the reader. Both must agree on
//! every one. `UPDATE_SCHEMA=1` rewrites the shipped file.

use std::path::Path;

use esmx_build::cli::config_schema;
use esmx_build::protocol::{PackageRecord, declaration_schema};
use serde_json::{Map, Value, json};

#[test]
fn the_shipped_file_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/schema/esmx.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, declaration_schema()).expect("the file can be written");
    }
    let shipped = std::fs::read_to_string(&path).expect("the file is shipped");
    assert_eq!(
        shipped,
        declaration_schema(),
        "`esmx-build schema > {}`",
        path.display()
    );
}

#[test]
fn the_shipped_schema_of_options_is_what_files_are_read_by() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/schema/esmx.config.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, config_schema()).expect("the file can be written");
    }
    let shipped = std::fs::read_to_string(&path).expect("the file is shipped");
    assert_eq!(
        shipped,
        config_schema(),
        "`esmx-build schema config > {}`",
        path.display()
    );
}

#[test]
fn the_schema_has_the_facts_of_the_protocol() {
    let schema: Value = serde_json::from_str(&declaration_schema()).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["type"], "object");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(
        schema["properties"]["exports"]["propertyNames"]["pattern"],
        r"^\./.+"
    );
    for list in ["provides", "uses"] {
        let items = &schema["properties"][list]["items"];
        assert_eq!(
            (&items["type"], &items["minLength"]),
            (&json!("string"), &json!(1))
        );
    }
    let text = schema.to_string();
    for absent in ["uniqueItems", "\"required\"", "\"null\"", "\"default\""] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[test]
fn schema_and_reader_agree() {
    let schema: Value = serde_json::from_str(&declaration_schema()).expect("JSON");
    let mut accepted = 0;
    let declarations = declarations();
    for declaration in &declarations {
        let package = json!({ "name": "acme", "esmx": declaration });
        let record = PackageRecord::parse(Path::new("/acme"), package.to_string()).expect("an object");
        let is_sound = record.schema_diagnostics.is_empty();
        accepted += usize::from(is_sound);
        assert_eq!(
            accepts(&schema, &schema, declaration),
            is_sound,
            "{declaration}: {:?}",
            record.schema_diagnostics
        );
    }
    assert!(accepted > 20, "{accepted} of {} are sound", declarations.len());
    assert!(accepted < declarations.len() - 200);
}

/// Every value at every place, alone and in pairs.
fn declarations() -> Vec<Value> {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(""),
        json!("vue"),
        json!("./x"),
        json!("./"),
        json!("./\n"),
        json!("./é"),
        json!("../x"),
        json!("/x"),
        json!("./../x.ts"),
        json!([]),
        json!([""]),
        json!(["a", "a"]),
        json!(["a", 7]),
        json!(["a", "@b/c"]),
        json!({}),
        json!({ "client": "./x.ts" }),
        json!({ "client": false, "server": "./x.ts" }),
        json!({ "client": true }),
        json!({ "server": null }),
        json!({ "edge": "./x.ts" }),
        json!({ "client": "x.ts" }),
        json!({ "client": ["./x.ts"] }),
    ];
    let mut all: Vec<Value> = values.to_vec();
    let keys = ["entry", "exports", "provides", "uses", "lib", ""];
    for key in keys {
        all.extend(values.iter().map(|value| json!({ key: value })));
    }
    for name in ["./a", "a", ".", "./", "./*", "./a/b"] {
        all.extend(values.iter().map(|value| json!({ "exports": { name: value } })));
    }
    let whole = json!({ "entry": {}, "exports": { "./a": "./a.ts" }, "provides": ["vue"], "uses": ["base"] });
    for key in keys {
        all.extend(values.iter().map(|value| {
            let mut declaration = whole.clone();
            declaration[key] = value.clone();
            declaration
        }));
    }
    all.push(whole);
    all
}

fn accepts(root: &Value, schema: &Value, value: &Value) -> bool {
    let keywords = schema.as_object().expect("a schema that is an object");
    keywords
        .iter()
        .all(|(keyword, argument)| accepts_keyword(root, keywords, (keyword, argument), value))
}

fn accepts_keyword(
    root: &Value,
    siblings: &Map<String, Value>,
    keyword: (&str, &Value),
    value: &Value,
) -> bool {
    let (keyword, argument) = keyword;
    match keyword {
        "$schema" | "$defs" | "title" | "description" => true,
        "$ref" => {
            let pointer = argument.as_str().and_then(|text| text.strip_prefix('#'));
            let target = pointer
                .and_then(|pointer| root.pointer(pointer))
                .expect("a definition");
            accepts(root, target, value)
        }
        "type" => match argument.as_str().expect("one type") {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            other => panic!("the evaluator does not know the type {other}"),
        },
        "const" => argument == value,
        "anyOf" => argument
            .as_array()
            .expect("a list")
            .iter()
            .any(|schema| accepts(root, schema, value)),
        "pattern" => {
            assert_eq!(argument, r"^\./.+", "the evaluator knows this pattern only");
            value.as_str().is_none_or(|text| {
                let rest = text.strip_prefix("./").and_then(|rest| rest.chars().next());
                rest.is_some_and(|first| !matches!(first, '\n' | '\r' | '\u{2028}' | '\u{2029}'))
            })
        }
        "minLength" => {
            let least = argument.as_u64().expect("a number");
            value
                .as_str()
                .is_none_or(|text| text.chars().count() as u64 >= least)
        }
        "items" => value
            .as_array()
            .is_none_or(|items| items.iter().all(|item| accepts(root, argument, item))),
        "properties" => value.as_object().is_none_or(|object| {
            object.iter().all(|(key, value)| {
                let property = argument.get(key);
                property.is_none_or(|schema| accepts(root, schema, value))
            })
        }),
        "additionalProperties" => value.as_object().is_none_or(|object| {
            let known = siblings.get("properties");
            object
                .iter()
                .filter(|(key, _)| known.is_none_or(|known| known.get(key.as_str()).is_none()))
                .all(|(_, value)| *argument != json!(false) && accepts(root, argument, value))
        }),
        "propertyNames" => value
            .as_object()
            .is_none_or(|object| object.keys().all(|key| accepts(root, argument, &json!(key)))),
        other => panic!("the evaluator does not know {other}"),
    }
}
