//! Structural validation of a declaration (PROTOCOL §2.2): every invalid piece is reported and dropped, its
//! valid siblings are kept. `{ "uses": ["acme-kit", 7] }` yields one `E_SCHEMA` and a module that uses
//! `acme-kit`.

use indexmap::{IndexMap, IndexSet};
use jsonc_parser::ast::{Array, Object, ObjectProp, Value};
use std::ops::Range;
use std::path::Path;

use super::declaration::{Declaration, SideFiles};
use super::json_source::{describe, key_range, members, range_of};
use super::name::{ModuleName, Side};
use crate::diagnostic::{Code, Diagnostic, Location, nearest};

/// The declaration in `value`, and a diagnostic for every piece that had to be dropped. `module` is what the
/// diagnostics call the owner.
pub(super) fn read_declaration(
    value: &Value<'_>,
    module: &str,
    file: &Path,
    source: &str,
) -> (Declaration, Vec<Diagnostic>) {
    let mut reader = SchemaReader {
        module,
        file,
        source,
        diagnostics: Vec::new(),
    };
    let declaration = reader.declaration(value);
    (declaration, reader.diagnostics)
}

struct SchemaReader<'a> {
    module: &'a str,
    file: &'a Path,
    source: &'a str,
    diagnostics: Vec<Diagnostic>,
}

const PATH_SHAPE: &str = "a path that starts with \"./\"";

impl SchemaReader<'_> {
    fn declaration(&mut self, value: &Value<'_>) -> Declaration {
        let mut declaration = Declaration::default();
        let Some(object) = self.object(value, "esmx", "the declaration, an object") else {
            return declaration;
        };
        for (key, property) in members(object) {
            let value = &property.value;
            match key {
                "entry" => declaration.entry = self.entry(value),
                "exports" => declaration.exports = self.exports(value),
                "provides" => declaration.provides = self.provides(value),
                "uses" => declaration.uses = self.uses(value),
                _ => self.unknown_key(property, &format!("esmx{}", segment(key)), KNOWN_KEYS),
            }
        }
        declaration
    }

    fn entry(&mut self, value: &Value<'_>) -> Option<SideFiles> {
        let object = self.object(value, "esmx.entry", "an object with `client` and `server`")?;
        let mut entry = SideFiles::default();
        for (key, property) in members(object) {
            let json_path = format!("esmx.entry{}", segment(key));
            match side_named(key) {
                Some(side) => {
                    if let Some(file) = self.side_value(&property.value, &json_path) {
                        *entry.on_mut(side) = file;
                    }
                }
                None => self.unknown_key(property, &json_path, KNOWN_SIDES),
            }
        }
        Some(entry)
    }

    fn exports(&mut self, value: &Value<'_>) -> IndexMap<String, SideFiles> {
        let mut exports = IndexMap::new();
        let Some(object) = self.object(value, "esmx.exports", "an object of `\"./name\": \"./source\"`")
        else {
            return exports;
        };
        for (key, property) in members(object) {
            let json_path = format!("esmx.exports{}", segment(key));
            if !is_path(key) {
                self.report(
                    key_range(property),
                    format!(
                        "{json_path}: {key:?} cannot name an export, because an export name starts with \"./\" and \
                         has something behind it."
                    ),
                    format!("Rename the key {key:?} to {:?}, or remove it.", suggested_path(key)),
                );
                continue;
            }
            if let Some(files) = self.export_value(&property.value, &json_path) {
                exports.insert(key["./".len()..].to_owned(), files);
            }
        }
        exports
    }

    fn export_value(&mut self, value: &Value<'_>, json_path: &str) -> Option<SideFiles> {
        match value {
            Value::StringLit(text) if is_path(&text.value) => Some(SideFiles::both(&text.value)),
            Value::Object(fork) => self.fork(fork, json_path),
            _ => {
                let fix = if matches!(value, Value::BooleanLit(_)) {
                    format!(
                        "Remove {json_path}, or disable one side of it: {{ \"client\": \
                             \"./…\", \"server\": false }}."
                    )
                } else {
                    format!("Set {json_path} to {}, or remove it.", example_for(value))
                };
                self.unexpected(
                    value,
                    json_path,
                    "a path that starts with \"./\", or an object with `client` and `server`",
                    fix,
                );
                None
            }
        }
    }

    /// One bad side drops the whole export: half a fork would silently disable the other side.
    fn fork(&mut self, fork: &Object<'_>, json_path: &str) -> Option<SideFiles> {
        let mut files = SideFiles::default();
        let mut is_sound = true;
        for (key, property) in members(fork) {
            let side_path = format!("{json_path}{}", segment(key));
            let Some(side) = side_named(key) else {
                self.unknown_key(property, &side_path, KNOWN_SIDES);
                is_sound = false;
                continue;
            };
            match self.side_value(&property.value, &side_path) {
                Some(file) => *files.on_mut(side) = file,
                None => is_sound = false,
            }
        }
        is_sound.then_some(files)
    }

    /// `Some(None)` is a side disabled with `false`.
    #[expect(
        clippy::option_option,
        reason = "the outer level is validity, the inner one the disabled side"
    )]
    fn side_value(&mut self, value: &Value<'_>, json_path: &str) -> Option<Option<String>> {
        match value {
            Value::StringLit(text) if is_path(&text.value) => Some(Some(text.value.to_string())),
            Value::BooleanLit(boolean) if !boolean.value => Some(None),
            _ => {
                let fix = format!(
                    "Set {json_path} to {}, or to false to disable that side.",
                    example_for(value)
                );
                self.unexpected(value, json_path, "a path that starts with \"./\", or false", fix);
                None
            }
        }
    }

    fn provides(&mut self, value: &Value<'_>) -> Vec<String> {
        let names = self.names(value, "esmx.provides", "a package name");
        names.into_iter().collect::<IndexSet<_>>().into_iter().collect()
    }

    fn uses(&mut self, value: &Value<'_>) -> Vec<ModuleName> {
        let names = self.names(value, "esmx.uses", "a module name");
        names.iter().filter_map(|name| ModuleName::new(name)).collect()
    }

    fn names(&mut self, value: &Value<'_>, json_path: &str, what: &str) -> Vec<String> {
        let Some(array) = self.array(value, json_path, what) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for (index, item) in array.elements.iter().enumerate() {
            match item {
                Value::StringLit(text) if !text.value.is_empty() => names.push(text.value.to_string()),
                _ => {
                    let item_path = format!("{json_path}[{index}]");
                    let fix = format!("Replace {item_path} by {what} in quotes, or remove it.");
                    self.unexpected(
                        item,
                        &item_path,
                        &format!("{what}, a string that is not empty"),
                        fix,
                    );
                }
            }
        }
        names
    }

    fn object<'ast, 'source>(
        &mut self,
        value: &'ast Value<'source>,
        json_path: &str,
        shape: &str,
    ) -> Option<&'ast Object<'source>> {
        let object = value.as_object();
        if object.is_none() {
            self.unexpected(
                value,
                json_path,
                shape,
                format!("Make {json_path} an object, for example {{}}, or remove it."),
            );
        }
        object
    }

    fn array<'ast, 'source>(
        &mut self,
        value: &'ast Value<'source>,
        json_path: &str,
        what: &str,
    ) -> Option<&'ast Array<'source>> {
        let array = value.as_array();
        if array.is_none() {
            let fix = match value.as_string_lit() {
                Some(text) => format!("Write {json_path} as a list: [{:?}].", text.value),
                None => format!("Make {json_path} an array of strings, or remove it."),
            };
            self.unexpected(
                value,
                json_path,
                &format!("an array whose items are each {what}"),
                fix,
            );
        }
        array
    }

    fn unexpected(&mut self, value: &Value<'_>, json_path: &str, shape: &str, fix: String) {
        let message = format!("{json_path} is {}, but must be {shape}.", describe(value));
        self.report(range_of(value), message, fix);
    }

    fn unknown_key(&mut self, property: &ObjectProp<'_>, json_path: &str, known: &[&str]) {
        let key = property.name.as_str();
        let listed = known
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let fix = match nearest(key, known.iter().copied()) {
            Some(name) => format!("Rename {json_path} to `{name}`, or remove it."),
            None => format!("Remove {json_path}."),
        };
        self.report(
            key_range(property),
            format!("{json_path} is not part of a declaration; only {listed} may stand here."),
            fix,
        );
    }

    fn report(&mut self, range: Range<usize>, message: String, fix: String) {
        let location = Location::of_range(self.file, self.source, range.start, range.end);
        self.diagnostics
            .push(Diagnostic::new(Code::Schema, self.module, message, fix).at(Some(location)));
    }
}

const KNOWN_KEYS: &[&str] = &["entry", "exports", "provides", "uses"];
const KNOWN_SIDES: &[&str] = &["client", "server"];

fn side_named(key: &str) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| side.as_str() == key)
}

/// `^\./.+` of the protocol's table, where `.` is any character but a line terminator.
fn is_path(text: &str) -> bool {
    text.strip_prefix("./")
        .and_then(|rest| rest.chars().next())
        .is_some_and(|first| !matches!(first, '\n' | '\r' | '\u{2028}' | '\u{2029}'))
}

fn suggested_path(text: &str) -> String {
    let name = text.trim_start_matches(['.', '/']);
    format!("./{}", if name.is_empty() { "index" } else { name })
}

/// What a wrong value probably wanted to be.
fn example_for(value: &Value<'_>) -> String {
    match value.as_string_lit() {
        Some(text) if !text.value.contains(':') => format!("{:?}", suggested_path(&text.value)),
        _ => PATH_SHAPE.to_owned(),
    }
}

/// A key as the continuation of a JSON path: `.client` or `["./a/b"]`.
fn segment(key: &str) -> String {
    let is_plain = !key.is_empty()
        && key
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_');
    if is_plain {
        format!(".{key}")
    } else {
        format!("[{key:?}]")
    }
}
