//! The JSON Schema (draft 2020-12) of the `esmx` field, generated from [`Declaration`]: for editors, and for whoever
//! writes declarations with a program. The reader in `schema` stays the judge; a test holds the two together.
//!
//! The types here are what a declaration may contain before it is read: [`super::SideFiles`], for example, is written as
//! one path when both sides have the same file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::declaration::{Declaration, SideFiles};

/// What a path and the key of an export look like (PROTOCOL §2.1).
pub(super) const PATH_PATTERN: &str = r"^\./.+";

/// The schema as text: two-space JSON and a final line break.
///
/// # Panics
/// Never: all keys are strings.
pub fn declaration_schema() -> String {
    let schema = schemars::schema_for!(Declaration);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema has only string keys");
    text.push('\n');
    text
}

/// Every key of a declaration may be left out.
pub(super) fn without_required(schema: &mut Schema) {
    schema.remove("required");
}

/// `exports` as written.
pub(super) type WrittenExports = BTreeMap<String, ExportSource>;

/// A path from the directory of the package.json to a source file, with its extension.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the type is only described, never made")]
pub(super) struct SourcePath(#[schemars(regex(pattern = PATH_PATTERN))] String);

/// The source file of one side, or false when there is none.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the type is only described, never made")]
pub(super) enum SideSource {
    Path(SourcePath),
    Disabled(False),
}

/// One source file for both sides, or one per side.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the type is only described, never made")]
pub(super) enum ExportSource {
    Both(SourcePath),
    Fork(SideFiles),
}

/// A name; not empty.
#[derive(JsonSchema)]
#[schemars(inline)]
#[expect(dead_code, reason = "the type is only described, never made")]
pub(super) struct Name(#[schemars(length(min = 1))] String);

/// The value `false`, and no other.
pub(super) struct False;

impl JsonSchema for False {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "False".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": false })
    }
}
