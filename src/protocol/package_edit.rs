//! Edits of a `package.json` that leave everything else as it is: key order, indentation, line ends, the final
//! line break. New text follows the form of its neighbours.

use jsonc_parser::ast::{Object, Value};
use std::ops::Range;

use super::json_source::{self, key_range, member, range_of};

/// A value to be written; objects keep their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A string.
    Text(String),
    /// `false`.
    False,
    /// A list of strings.
    List(Vec<String>),
    /// An object.
    Object(Vec<(String, Json)>),
}

/// Adds a member to the root object, behind the first of `after` that is there, or else at the end.
/// `None` when the text is no JSON object.
pub fn insert_member(source: &str, key: &str, value: &Json, after: &[&str]) -> Option<String> {
    edit(source, |root| {
        let position = after
            .iter()
            .find_map(|name| position_of(root, name))
            .or_else(|| root.properties.len().checked_sub(1));
        insertion(source, root, key, value, position)
    })
}

/// Gives a member of the object `map` a value: in its place, or among its sorted neighbours. Without the object
/// one is added.
pub fn set_in_map(source: &str, map: &str, key: &str, value: &str) -> Option<String> {
    let root = json_source::parse(source).ok()?;
    let object = member(root.as_object()?, map).map(|property| &property.value);
    match object {
        Some(Value::Object(entries)) => edit(source, |_| {
            if let Some(entry) = member(entries, key) {
                return Some((range_of(&entry.value), quoted(value)));
            }
            let next = entries
                .properties
                .iter()
                .position(|property| property.name.as_str() > key)
                .unwrap_or(entries.properties.len());
            let value = Json::Text(value.to_owned());
            insertion(source, entries, key, &value, next.checked_sub(1))
        }),
        Some(_) => None,
        None => edit(source, |root| {
            let entries = Json::Object(vec![(key.to_owned(), Json::Text(value.to_owned()))]);
            // Where npm writes it: before the other maps, or at the end.
            let next = ["devDependencies", "peerDependencies", "optionalDependencies"]
                .iter()
                .filter_map(|name| position_of(root, name))
                .min()
                .unwrap_or(root.properties.len());
            insertion(source, root, map, &entries, next.checked_sub(1))
        }),
    }
}

/// Replaces one range by a text.
fn edit(source: &str, change: impl FnOnce(&Object<'_>) -> Option<(Range<usize>, String)>) -> Option<String> {
    let root = json_source::parse(source).ok()?;
    let (range, text) = change(root.as_object()?)?;
    Some(format!(
        "{}{text}{}",
        &source[..range.start],
        &source[range.end..]
    ))
}

fn position_of(object: &Object<'_>, key: &str) -> Option<usize> {
    object
        .properties
        .iter()
        .position(|property| property.name.as_str() == key)
}

/// Behind the property at `position`, or before the first one.
fn insertion(
    source: &str,
    object: &Object<'_>,
    key: &str,
    value: &Json,
    position: Option<usize>,
) -> Option<(Range<usize>, String)> {
    let style = Style::of(source, object);
    let entry = format!("{}: {}", quoted(key), style.written(value));
    Some(match (position, object.properties.first()) {
        (Some(position), _) => {
            let end = range_of(&object.properties.get(position)?.value).end;
            (end..end, format!(",{}{entry}", style.separator()))
        }
        (None, Some(first)) => {
            let start = key_range(first).start;
            (start..start, format!("{entry},{}", style.separator()))
        }
        (None, None) => {
            let range = object.range.start..object.range.end;
            (range, format!("{{ {entry} }}"))
        }
    })
}

/// How the members of an object are laid out.
struct Style {
    /// Line break and indentation before each member; `None` when they stand on one line.
    line: Option<String>,
    /// One step of indentation.
    unit: String,
}

impl Style {
    fn of(source: &str, object: &Object<'_>) -> Self {
        let before_first = object
            .properties
            .first()
            .map(|first| &source[object.range.start + 1..key_range(first).start])
            .unwrap_or_default();
        let line = before_first.rfind('\n').map(|feed| {
            let start = if before_first[..feed].ends_with('\r') {
                feed - 1
            } else {
                feed
            };
            before_first[start..].to_owned()
        });
        // The root's members are indented by one step, whatever the nesting of `object`.
        let first_indented = source
            .lines()
            .find(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty());
        let unit = first_indented.map_or("  ", |line| &line[..line.len() - line.trim_start().len()]);
        Self {
            line,
            unit: unit.to_owned(),
        }
    }

    fn separator(&self) -> &str {
        self.line.as_deref().unwrap_or(" ")
    }

    fn written(&self, value: &Json) -> String {
        match &self.line {
            Some(line) => in_lines(value, line, &self.unit),
            None => on_one_line(value),
        }
    }
}

fn in_lines(value: &Json, line: &str, unit: &str) -> String {
    let inner = format!("{line}{unit}");
    let block = |open: char, close: char, items: Vec<String>| {
        if items.is_empty() {
            return format!("{open}{close}");
        }
        format!("{open}{inner}{}{line}{close}", items.join(&format!(",{inner}")))
    };
    match value {
        Json::Text(text) => quoted(text),
        Json::False => "false".to_owned(),
        Json::List(items) => block('[', ']', items.iter().map(|item| quoted(item)).collect()),
        Json::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), in_lines(value, &inner, unit)));
            block('{', '}', members.collect())
        }
    }
}

fn on_one_line(value: &Json) -> String {
    match value {
        Json::Text(text) => quoted(text),
        Json::False => "false".to_owned(),
        Json::List(items) => {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), on_one_line(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses() -> Json {
        Json::Object(vec![(
            "uses".to_owned(),
            Json::List(vec!["a".to_owned(), "b".to_owned()]),
        )])
    }

    #[test]
    fn a_member_follows_the_form_of_its_neighbours() {
        let insert = |source: &str| insert_member(source, "esmx", &uses(), &["version", "name"]).unwrap();
        assert_eq!(
            insert("{\n\t\"name\": \"x\",\n\t\"version\": \"1\",\n\t\"z\": []\n}\n"),
            "{\n\t\"name\": \"x\",\n\t\"version\": \"1\",\n\t\"esmx\": {\n\t\t\"uses\": [\n\t\t\t\"a\",\n\t\t\t\"b\"\n\t\t]\n\t},\n\t\"z\": []\n}\n"
        );
        assert_eq!(
            insert("{\r\n    \"name\": \"x\"\r\n}"),
            "{\r\n    \"name\": \"x\",\r\n    \"esmx\": {\r\n        \"uses\": [\r\n            \"a\",\r\n            \"b\"\r\n        ]\r\n    }\r\n}"
        );
        assert_eq!(
            insert("{ \"version\": \"1\", \"a\": 1 }"),
            "{ \"version\": \"1\", \"esmx\": { \"uses\": [\"a\", \"b\"] }, \"a\": 1 }"
        );
        assert_eq!(insert("{}\n"), "{ \"esmx\": { \"uses\": [\"a\", \"b\"] } }\n");
        assert_eq!(insert_member("[]", "esmx", &uses(), &[]), None);
    }

    #[test]
    fn a_dependency_is_replaced_or_sorted_in() {
        let set = |source: &str, key: &str| set_in_map(source, "dependencies", key, "9").unwrap();
        let source = "{\n  \"dependencies\": {\n    \"b\": \"1\",\n    \"d\": \"2\"\n  }\n}\n";
        assert_eq!(set(source, "b"), source.replace("\"1\"", "\"9\""));
        assert_eq!(
            set(source, "c"),
            source.replace("\"1\",", "\"1\",\n    \"c\": \"9\",")
        );
        assert_eq!(
            set(source, "a"),
            source.replace("\"b\"", "\"a\": \"9\",\n    \"b\"")
        );
        assert_eq!(
            set(source, "e"),
            source.replace("\"2\"", "\"2\",\n    \"e\": \"9\"")
        );
        assert_eq!(
            set("{\n  \"name\": \"x\"\n}\n", "vue"),
            "{\n  \"name\": \"x\",\n  \"dependencies\": {\n    \"vue\": \"9\"\n  }\n}\n"
        );
        assert_eq!(
            set("{ \"name\": \"x\", \"devDependencies\": {} }", "vue"),
            "{ \"name\": \"x\", \"dependencies\": { \"vue\": \"9\" }, \"devDependencies\": {} }"
        );
        assert_eq!(
            set("{ \"dependencies\": {} }", "vue"),
            "{ \"dependencies\": { \"vue\": \"9\" } }"
        );
        assert_eq!(
            set_in_map("{ \"dependencies\": 1 }", "dependencies", "a", "1"),
            None
        );
    }
}
