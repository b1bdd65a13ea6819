//! A JSON file as an ES module: the value is its default export, and so are, by their names, the values of its
//! properties. Binding takes the whole or the parts, whichever the importers ask for:
//!
//! ```text
//! { "version": 1, "x-y": [] }         export default { "version": 1, "x-y": [] };
//!                                     const version = 1, value_1 = [];
//!                                     export { version as "version", value_1 as "x-y" };
//! ```

use std::fmt::Write as _;
use std::path::Path;

use indexmap::IndexMap;
use rustc_hash::FxHashSet;
use serde::de::IgnoredAny;

use super::load::{DeclaredFormat, load_script};
use super::source_kind::SourceKind;
use super::transform::TransformOptions;
use crate::base::{is_identifier_name, is_unbindable};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::ModuleSyntax;

/// The syntax of a JSON file.
///
/// # Errors
/// A diagnostic where the text is not JSON.
pub fn load_json(path: &Path, source: &str) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    serde_json::from_str::<IgnoredAny>(source).map_err(|quick| {
        // Asked for the value, the parser says more exactly what is wrong.
        let error = serde_json::from_str::<serde_json::Value>(source)
            .err()
            .unwrap_or(quick);
        vec![json_error(path, source, &error)]
    })?;
    let script = module_text(source.trim());
    let options = TransformOptions::default();
    let mut syntax = load_script(
        path,
        script.into(),
        SourceKind::JavaScript,
        DeclaredFormat::EsModule,
        &options,
    )?;
    syntax.features.is_json = true;
    Ok(syntax)
}

fn module_text(source: &str) -> String {
    // In a literal, `__proto__` would set the prototype instead of a property.
    let has_prototypes = has_prototype_key(source);
    let literal = |json: &str| {
        if has_prototypes && has_prototype_key(json) {
            let quoted = serde_json::Value::from(without_space(json));
            format!("/* @__PURE__ */ JSON.parse({quoted})")
        } else {
            format!("({json})")
        }
    };
    let mut text = String::new();
    let _ = writeln!(text, "export default {};", literal(source));
    let mut taken: FxHashSet<String> = FxHashSet::default();
    for (index, (key, value)) in properties(source).into_iter().enumerate() {
        if key == "default" {
            continue;
        }
        let is_name = is_identifier_name(&key) && !is_reserved(&key) && taken.insert(key.clone());
        let name = if is_name {
            key.clone()
        } else {
            format!("value_{index}")
        };
        let exported = serde_json::Value::from(key);
        let _ = writeln!(
            text,
            "const {name} = {}; export {{ {name} as {exported} }};",
            literal(value)
        );
    }
    text
}

/// The properties of the object that a valid JSON text is, with the texts of their values. Of several with one key the
/// last counts.
fn properties(source: &str) -> IndexMap<String, &str> {
    let mut found = IndexMap::new();
    let Some(inner) = source.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return found;
    };
    for property in parts(inner, b',') {
        let mut halves = parts(property, b':').into_iter();
        if let (Some(key), Some(value)) = (halves.next(), halves.next())
            && let Ok(key) = serde_json::from_str::<String>(key)
        {
            found.insert(key, value);
        }
    }
    found
}

/// Splits at separators outside strings and brackets.
fn parts(text: &str, separator: u8) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut depth, mut index) = (0, 0_usize, 0);
    while index < bytes.len() {
        match bytes[index] {
            b'"' => {
                index += 1;
                while bytes.get(index).is_some_and(|byte| *byte != b'"') {
                    index += if bytes[index] == b'\\' { 2 } else { 1 };
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            byte if byte == separator && depth == 0 => {
                found.push(text[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
        index += 1;
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        found.push(last);
    }
    found
}

/// The strings of a valid JSON text, with their quotes: where each starts and ends.
fn strings(source: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = source.as_bytes();
    let mut index = 0;
    std::iter::from_fn(move || {
        let start = index + memchr::memchr(b'"', bytes.get(index..)?)?;
        index = start + 1;
        while bytes.get(index).is_some_and(|byte| *byte != b'"') {
            index += if bytes[index] == b'\\' { 2 } else { 1 };
        }
        index += 1;
        Some((start, index))
    })
}

/// Whether an object of a valid JSON text has a property of this name, however it is spelled.
fn has_prototype_key(source: &str) -> bool {
    let may_be = source.contains("__proto__") || source.contains("\\u005");
    may_be
        && strings(source).any(|(start, end)| {
            source[end..].trim_start().starts_with(':')
                && serde_json::from_str::<String>(&source[start..end]).is_ok_and(|key| key == "__proto__")
        })
}

/// A valid JSON text without the space between its parts.
fn without_space(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    let close = |text: &mut String, between: &str| text.extend(between.split_ascii_whitespace());
    for (start, end) in strings(source) {
        close(&mut text, &source[copied..start]);
        text.push_str(&source[start..end]);
        copied = end;
    }
    close(&mut text, &source[copied..]);
    text
}

/// Names that a constant of the module cannot have, and those of generated constants.
fn is_reserved(name: &str) -> bool {
    is_unbindable(name) || name == "JSON" || name.starts_with("value_")
}

fn json_error(path: &Path, source: &str, error: &serde_json::Error) -> Diagnostic {
    let line_start: usize = source
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let offset = line_start + error.column().saturating_sub(1);
    Diagnostic::new(
        Code::Syntax,
        "",
        format!(
            "This is not valid JSON: {}.",
            error.to_string().split(" at line ").next().unwrap_or_default()
        ),
        "Correct the JSON; comments and trailing commas are not part of it.",
    )
    .at(Some(Location::of_range(path, source, offset, offset + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_sets_a_prototype() {
        for (source, has_key) in [
            (r#"["__proto__", "a\"b"]"#, false),
            (r#"{ "a": "__proto__" }"#, false),
            (r#"{ "a": [{ "__proto__" : 1 }] }"#, true),
            (r#"{ "\u005f_proto__": 1 }"#, true),
            (r#"{ "\\": "\u005f", "b": 1 }"#, false),
        ] {
            assert_eq!(has_prototype_key(source), has_key, "{source}");
        }
    }

    #[test]
    fn parts_without_such_a_key_are_literals() {
        let text = module_text(r#"{ "a": [1], "JSON": 2, "b": { "__proto__": 3 } }"#);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                r#"const a = ([1]); export { a as "a" };"#,
                r#"const value_1 = (2); export { value_1 as "JSON" };"#,
                r#"const b = /* @__PURE__ */ JSON.parse("{\"__proto__\":3}"); export { b as "b" };"#,
            ]
        );
    }

    #[test]
    fn space_goes_between_parts_only() {
        let source = " { \"a b\" : [ 1 , -2e3,\n\ttrue ], \"c\\\" d\": null } ";
        assert_eq!(without_space(source), r#"{"a b":[1,-2e3,true],"c\" d":null}"#);
    }
}
