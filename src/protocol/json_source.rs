//! JSON that remembers where it was written, so that a diagnostic can point at a key or a value.
//!
//! `serde_json` decides what is JSON (it accepts what `JSON.parse` accepts); the parser with ranges only
//! describes a text that has passed. As in JavaScript, the last of several equal keys counts.

use indexmap::IndexMap;
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;
use std::ops::Range;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonError {
    pub reason: String,
    /// Byte offset.
    pub offset: usize,
}

/// Parses strict JSON.
pub(super) fn parse(source: &str) -> Result<Value<'_>, JsonError> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(source) {
        let offset = offset_of(source, error.line(), error.column());
        // The place is told by the offset; the words repeat it at their end.
        let words = error.to_string();
        let reason = words.split(" at line ").next().unwrap_or(&words).to_owned();
        return Err(JsonError { reason, offset });
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    // What fails only here is nested hundreds of levels deep or holds half of a surrogate pair.
    match parse_to_ast(source, &CollectOptions::default(), &strict) {
        Ok(parsed) => parsed.value.ok_or_else(|| JsonError {
            reason: "the file is empty".to_owned(),
            offset: 0,
        }),
        Err(error) => Err(JsonError {
            reason: error.kind().to_string(),
            offset: error.range().start,
        }),
    }
}

/// The members of an object as `JSON.parse` would keep them: the place of the first, the value of the last.
pub(super) fn members<'ast, 'source>(
    object: &'ast Object<'source>,
) -> IndexMap<&'ast str, &'ast ObjectProp<'source>> {
    object
        .properties
        .iter()
        .map(|property| (property.name.as_str(), property))
        .collect()
}

/// The value of a member.
pub(super) fn member<'ast, 'source>(
    object: &'ast Object<'source>,
    key: &str,
) -> Option<&'ast ObjectProp<'source>> {
    object
        .properties
        .iter()
        .rev()
        .find(|property| property.name.as_str() == key)
}

/// The byte range of a value, quotes included.
pub(super) fn range_of(value: &Value<'_>) -> Range<usize> {
    let range = value.range();
    range.start..range.end
}

/// The byte range of a member's key, quotes included.
pub(super) fn key_range(property: &ObjectProp<'_>) -> Range<usize> {
    let range = property.name.range();
    range.start..range.end
}

/// A value in few words, for "found …".
pub(super) fn describe(value: &Value<'_>) -> String {
    match value {
        Value::StringLit(text) => serde_json::to_string(text.value.as_ref()).unwrap_or_default(),
        Value::NumberLit(number) => number.value.to_owned(),
        Value::BooleanLit(boolean) => boolean.value.to_string(),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::NullKeyword(_) => "null".to_owned(),
    }
}

/// `serde_json` counts lines and byte columns from one; column 0 is the end of the line before.
fn offset_of(source: &str, line: usize, column: usize) -> usize {
    let line_start: usize = source
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (line_start + column.saturating_sub(1)).min(source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_parse_refuses_is_refused() {
        for text in [
            "",
            "{",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1,}",
            "[1 2]",
            "// c\n{}",
            "\u{feff}{}",
            "{} {}",
            "0x1",
            "+1",
            "NaN",
            "\"\\v\"",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn hostile_nesting_is_an_error_and_not_a_crash() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(parse(&text).is_err());
        assert!(parse(&"{\"a\":".repeat(100_000)).is_err());
        assert!(parse("\"\\ud800\"").is_err());
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let value = parse(r#"{"a":1,"b":2,"a":3}"#).expect("JSON");
        let members = members(value.as_object().expect("an object"));
        assert_eq!(members.keys().copied().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(describe(&members["a"].value), "3");
    }
}
