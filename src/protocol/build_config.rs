//! Options in files: `esmx.config.json` beside the sources, and the field `esmxBuild` of `package.json`. Both
//! hold one object with the options of the command line in camel case:
//!
//! ```json
//! { "entries": { "main": "src/main.ts" }, "platform": "node", "external": ["react"],
//!   "define": { "__DEV__": false }, "sourcemap": "inline" }
//! ```
//!
//! What is no option, or no value of it, is reported where it stands. `esmx.config.json` wins over the field,
//! the command line over both.

use std::io::ErrorKind;
use std::path::Path;

use indexmap::IndexMap;
use jsonc_parser::ast::{Object, Value};

use super::json_source::{self, describe, key_range, member, members, range_of};
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic, Location, nearest};

/// The file's name.
pub const CONFIG_FILE: &str = "esmx.config.json";
/// The field of `package.json`.
pub const CONFIG_FIELD: &str = "esmxBuild";

/// What one option may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// `true`, `false`, or one of these words.
    FlagOrWord(&'static [&'static str]),
    /// A text, or `true`.
    FlagOrText,
    /// A text or a list of texts.
    Texts,
    /// An object of texts.
    Pairs,
    /// An object of any values, which count as JSON.
    Values,
    /// A list of texts or an object of texts.
    TextsOrPairs,
    /// An object of texts or lists of texts.
    Lists,
    /// A text or a number.
    TextOrNumber,
}

/// The value of one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigValue {
    /// A text or word.
    Text(String),
    /// A flag.
    Flag(bool),
    /// A list.
    Texts(Vec<String>),
    /// Name and text, in order.
    Pairs(Vec<(String, String)>),
}

/// What the files say.
#[derive(Debug, Clone, Default)]
pub struct BuildConfig {
    values: IndexMap<String, (ConfigValue, Location)>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// The options that files may hold.
pub type ConfigSchema = [(&'static str, Shape)];

impl BuildConfig {
    /// Reads both places of a directory; `file` instead of `esmx.config.json`, if it is given. Files that are not
    /// there say nothing, except the given one.
    pub fn read(
        files: &dyn FileSystem,
        directory: &Path,
        file: Option<&Path>,
        schema: &ConfigSchema,
    ) -> Self {
        let mut config = Self::default();
        config.read_file(files, &directory.join("package.json"), schema, Place::Field);
        match file {
            Some(file) => config.read_file(files, file, schema, Place::GivenFile),
            None => config.read_file(files, &directory.join(CONFIG_FILE), schema, Place::WholeFile),
        }
        config
    }

    /// The value of an option and where it is written.
    pub fn get(&self, option: &str) -> Option<(&ConfigValue, &Location)> {
        self.values.get(option).map(|(value, location)| (value, location))
    }

    fn read_file(&mut self, files: &dyn FileSystem, path: &Path, schema: &ConfigSchema, place: Place) {
        let bytes = match files.read(path) {
            Ok(bytes) => bytes,
            Err(_) if place == Place::Field => return,
            Err(error) if error.kind() == ErrorKind::NotFound && place == Place::WholeFile => return,
            Err(error) => {
                let message = format!("{} cannot be read: {error}.", path.display());
                let fix = "Name a file that the user who builds can read.";
                self.diagnostics
                    .push(Diagnostic::new(Code::Config, "", message, fix));
                return;
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let source = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let value = match json_source::parse(source) {
            Ok(value) => value,
            // Whoever needs the package's own facts tells what is wrong with it.
            Err(_) if place == Place::Field => return,
            Err(error) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let message = format!("{name} is not JSON: {}.", error.reason);
                let location = Location::of_range(path, source, error.offset, error.offset + 1);
                let fix = "Correct the JSON at this place; comments and trailing commas are not part of it.";
                self.diagnostics
                    .push(Diagnostic::new(Code::Config, "", message, fix).at(Some(location)));
                return;
            }
        };
        let mut reader = Reader {
            file: path,
            source,
            prefix: match place {
                Place::Field => format!("{CONFIG_FIELD}."),
                Place::WholeFile | Place::GivenFile => String::new(),
            },
            diagnostics: Vec::new(),
        };
        let options = match (place, &value) {
            (Place::WholeFile | Place::GivenFile, value) => Some(value),
            (Place::Field, Value::Object(package)) => {
                member(package, CONFIG_FIELD).map(|property| &property.value)
            }
            (Place::Field, _) => None,
        };
        if let Some(options) = options {
            self.values.extend(reader.options(options, schema));
        }
        self.diagnostics.append(&mut reader.diagnostics);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A field of `package.json`.
    Field,
    /// The file is nothing but options.
    WholeFile,
    /// The same; it must be there.
    GivenFile,
}

struct Reader<'a> {
    file: &'a Path,
    source: &'a str,
    /// What stands before an option's name in messages.
    prefix: String,
    diagnostics: Vec<Diagnostic>,
}

type Read = IndexMap<String, (ConfigValue, Location)>;

impl Reader<'_> {
    fn options(&mut self, value: &Value<'_>, schema: &ConfigSchema) -> Read {
        let mut read = Read::new();
        let Value::Object(object) = value else {
            let what = self.prefix.trim_end_matches('.').to_owned();
            self.unexpected(
                value,
                if what.is_empty() { CONFIG_FILE } else { &what },
                "an object of options",
            );
            return read;
        };
        for (key, property) in members(object) {
            if key == "$schema" {
                continue;
            }
            let Some((name, shape)) = schema.iter().find(|(name, _)| *name == key) else {
                self.unknown(key, property, schema);
                continue;
            };
            let path = format!("{}{key}", self.prefix);
            if let Some(value) = self.value(&property.value, &path, *shape) {
                let range = range_of(&property.value);
                let location = Location::of_range(self.file, self.source, range.start, range.end);
                read.insert((*name).to_owned(), (value, location));
            }
        }
        read
    }

    fn value(&mut self, value: &Value<'_>, path: &str, shape: Shape) -> Option<ConfigValue> {
        let text = |value: &Value<'_>| match value {
            Value::StringLit(text) => Some(text.value.to_string()),
            _ => None,
        };
        let is_word = |words: &[&str]| text(value).filter(|text| words.contains(&text.as_str()));
        let found = match (shape, value) {
            (Shape::Text | Shape::FlagOrText | Shape::TextOrNumber, Value::StringLit(_)) => {
                text(value).map(ConfigValue::Text)
            }
            (Shape::Word(words) | Shape::FlagOrWord(words), Value::StringLit(_)) => {
                is_word(words).map(ConfigValue::Text)
            }
            (Shape::Flag | Shape::FlagOrWord(_) | Shape::FlagOrText, Value::BooleanLit(flag)) => {
                Some(ConfigValue::Flag(flag.value))
            }
            (Shape::Texts, Value::StringLit(_)) => text(value).map(|text| ConfigValue::Texts(vec![text])),
            (Shape::Texts | Shape::TextsOrPairs, Value::Array(array)) => {
                let texts: Option<Vec<String>> = array.elements.iter().map(text).collect();
                texts.map(ConfigValue::Texts)
            }
            (Shape::TextOrNumber, Value::NumberLit(number)) => {
                Some(ConfigValue::Text(number.value.to_owned()))
            }
            (Shape::Lists, Value::Object(object)) => return self.lists(object, path),
            (Shape::Pairs | Shape::TextsOrPairs, Value::Object(object)) => {
                return self.pairs(object, path, false);
            }
            (Shape::Values, Value::Object(object)) => return self.pairs(object, path, true),
            _ => None,
        };
        if found.is_none() {
            self.unexpected(value, path, &expectation(shape));
        }
        found
    }

    fn pairs(&mut self, object: &Object<'_>, path: &str, takes_any: bool) -> Option<ConfigValue> {
        let mut pairs = Vec::new();
        let mut is_sound = true;
        for (key, property) in members(object) {
            match &property.value {
                Value::StringLit(text) => pairs.push((key.to_owned(), text.value.to_string())),
                other if takes_any => {
                    let range = range_of(other);
                    pairs.push((key.to_owned(), self.source[range].to_owned()));
                }
                other => {
                    self.unexpected(other, &format!("{path}[{key:?}]"), "a text");
                    is_sound = false;
                }
            }
        }
        is_sound.then_some(ConfigValue::Pairs(pairs))
    }

    /// A name is repeated for each of its texts.
    fn lists(&mut self, object: &Object<'_>, path: &str) -> Option<ConfigValue> {
        let mut pairs = Vec::new();
        let mut is_sound = true;
        for (key, property) in members(object) {
            match self.value(&property.value, &format!("{path}[{key:?}]"), Shape::Texts) {
                Some(ConfigValue::Texts(texts)) => {
                    pairs.extend(texts.into_iter().map(|text| (key.to_owned(), text)));
                }
                _ => is_sound = false,
            }
        }
        is_sound.then_some(ConfigValue::Pairs(pairs))
    }

    fn unknown(&mut self, key: &str, property: &jsonc_parser::ast::ObjectProp<'_>, schema: &ConfigSchema) {
        let known = schema.iter().map(|(name, _)| *name);
        let fix = match nearest(key, known.clone()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Remove it; there are {}.", known.collect::<Vec<_>>().join(", ")),
        };
        let range = key_range(property);
        let location = Location::of_range(self.file, self.source, range.start, range.end);
        let message = format!("`{}{key}` is no option.", self.prefix);
        self.diagnostics
            .push(Diagnostic::new(Code::Config, "", message, fix).at(Some(location)));
    }

    fn unexpected(&mut self, value: &Value<'_>, path: &str, expected: &str) {
        let range = range_of(value);
        let location = Location::of_range(self.file, self.source, range.start, range.end);
        let found = describe(value);
        let message = format!("`{path}` is {expected}, not {found}.");
        let diagnostic = Diagnostic::new(
            Code::Config,
            "",
            message,
            format!("Write {expected}, or remove it."),
        )
        .with_found(found)
        .with_required(expected);
        self.diagnostics.push(diagnostic.at(Some(location)));
    }
}

fn expectation(shape: Shape) -> String {
    let one_of = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        quoted.join(" or ")
    };
    match shape {
        Shape::Text => "a text".to_owned(),
        Shape::Word(words) => one_of(words),
        Shape::Flag => "true or false".to_owned(),
        Shape::FlagOrWord(words) => format!("true, false or {}", one_of(words)),
        Shape::FlagOrText => "true, false or a text".to_owned(),
        Shape::Texts => "a text or a list of texts".to_owned(),
        Shape::Pairs => "an object of texts".to_owned(),
        Shape::Values => "an object of names and values".to_owned(),
        Shape::TextsOrPairs => "a list of texts or an object of texts".to_owned(),
        Shape::Lists => "an object of texts or lists of texts".to_owned(),
        Shape::TextOrNumber => "a text or a number".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MemoryFileSystem;

    const SCHEMA: &ConfigSchema = &[
        ("platform", Shape::Word(&["browser", "node"])),
        ("external", Shape::Texts),
        ("define", Shape::Values),
        ("sourcemap", Shape::FlagOrWord(&["inline"])),
        ("entries", Shape::TextsOrPairs),
    ];

    fn read(config: Option<&str>, package: Option<&str>) -> BuildConfig {
        let mut files = MemoryFileSystem::default();
        if let Some(text) = config {
            files.insert("/app/esmx.config.json", text);
        }
        if let Some(text) = package {
            files.insert("/app/package.json", text);
        }
        BuildConfig::read(&files, Path::new("/app"), None, SCHEMA)
    }

    fn value(config: &BuildConfig, option: &str) -> Option<ConfigValue> {
        config.get(option).map(|(value, _)| value.clone())
    }

    #[test]
    fn the_file_wins_over_the_field_option_by_option() {
        let config = read(
            Some(r#"{ "$schema": "x", "platform": "node", "define": { "A": false, "B": "b" } }"#),
            Some(r#"{ "esmxBuild": { "platform": "browser", "external": "react", "sourcemap": true } }"#),
        );
        assert_eq!(config.diagnostics, []);
        assert_eq!(
            value(&config, "platform"),
            Some(ConfigValue::Text("node".to_owned()))
        );
        assert_eq!(
            value(&config, "external"),
            Some(ConfigValue::Texts(vec!["react".to_owned()]))
        );
        assert_eq!(value(&config, "sourcemap"), Some(ConfigValue::Flag(true)));
        let pairs = [("A", "false"), ("B", "b")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(value(&config, "define"), Some(ConfigValue::Pairs(pairs.to_vec())));
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        let place = |config: Option<&str>, package: Option<&str>| {
            let config = read(config, package);
            assert_eq!(config.diagnostics.len(), 1, "{:?}", config.diagnostics);
            let diagnostic = config.diagnostics.into_iter().next().expect("there is one");
            let location = diagnostic.location.expect("it has a place");
            (location.line, location.column, diagnostic.message)
        };
        assert_eq!(
            place(Some("{\n  \"platfrom\": \"node\"\n}"), None),
            (2, 3, "`platfrom` is no option.".to_owned())
        );
        assert_eq!(
            place(None, Some("{ \"esmxBuild\": { \"platform\": \"deno\" } }")),
            (
                1,
                30,
                "`esmxBuild.platform` is \"browser\" or \"node\", not \"deno\".".to_owned()
            )
        );
        assert_eq!(place(Some("{ \"external\": [1] }"), None).0, 1);
        assert_eq!(
            place(Some("[]"), None).2,
            "`esmx.config.json` is an object of options, not an array."
        );
        assert_eq!(place(Some("{ \"entries\": { \"a\": 1 } }"), None).1, 21);
        assert_eq!(place(Some("{,}"), None).0, 1);
    }

    #[test]
    fn no_files_say_nothing() {
        assert!(read(None, None).diagnostics.is_empty());
        assert!(read(None, Some("{ broken")).diagnostics.is_empty());
    }
}
