//! From the literal `modules` of a behaviour file to a [`LegacyConfiguration`]. As with declarations, an
//! invalid piece is reported and dropped, and its valid siblings are kept.

use indexmap::IndexMap;

use super::{
    ExportForm, ExportTarget, LegacyConfiguration, LegacyExport, LegacyKind, Placed, SideTexts, TextForm,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::Side;
use crate::protocol::behaviour::{BehaviourFile, Literal, LiteralValue, Property};

/// Reads the configuration and says what is wrong with it. The diagnostics' `module` is left for the caller.
pub fn read_configuration(file: &BehaviourFile, modules: &Literal) -> (LegacyConfiguration, Vec<Diagnostic>) {
    let mut reader = Reader {
        file,
        diagnostics: Vec::new(),
    };
    let configuration = reader.configuration(modules);
    (configuration, reader.diagnostics)
}

struct Reader<'a> {
    file: &'a BehaviourFile,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn configuration(&mut self, modules: &Literal) -> LegacyConfiguration {
        let mut configuration = LegacyConfiguration::default();
        let Some(members) = self.members(modules, "modules") else {
            return configuration;
        };
        for (key, property) in members {
            let value = &property.value;
            if value.value == LiteralValue::Undefined {
                continue;
            }
            match key {
                "lib" => match value.value {
                    LiteralValue::Boolean(true) => configuration.kind = LegacyKind::Library,
                    LiteralValue::Boolean(false) => {}
                    _ => self.refuse(value, "modules.lib", "`true` or `false`"),
                },
                "links" => configuration.links = self.links(value),
                "imports" => configuration.imports = self.imports(value),
                "scopes" => configuration.scopes = self.scopes(value),
                "exports" => configuration.exports = self.exports(value),
                _ => {}
            }
        }
        configuration
    }

    /// The properties of an object, of equal keys the last one.
    fn members<'b>(&mut self, literal: &'b Literal, path: &str) -> Option<IndexMap<&'b str, &'b Property>> {
        if !matches!(literal.value, LiteralValue::Object(_)) {
            self.refuse(literal, path, "an object");
            return None;
        }
        Some(
            literal
                .properties()
                .iter()
                .map(|property| (property.key.as_str(), property))
                .collect(),
        )
    }

    fn links(&mut self, literal: &Literal) -> IndexMap<String, Placed<String>> {
        let mut links = IndexMap::new();
        for (name, property) in self.members(literal, "modules.links").unwrap_or_default() {
            match property.value.as_text() {
                Some(path) if !path.is_empty() => {
                    links.insert(name.to_owned(), self.placed(property, path.to_owned()));
                }
                _ => self.refuse(
                    &property.value,
                    &format!("modules.links[{name:?}]"),
                    "the path of an artifact directory, such as '../shared/dist'",
                ),
            }
        }
        links
    }

    fn imports(&mut self, literal: &Literal) -> IndexMap<String, Placed<SideTexts>> {
        let mut imports = IndexMap::new();
        for (specifier, property) in self.members(literal, "modules.imports").unwrap_or_default() {
            let path = format!("modules.imports[{specifier:?}]");
            if let Some(texts) = self.side_texts(&property.value, &path) {
                imports.insert(specifier.to_owned(), self.placed(property, texts));
            }
        }
        imports
    }

    fn scopes(&mut self, literal: &Literal) -> IndexMap<String, Placed<IndexMap<String, SideTexts>>> {
        let mut scopes = IndexMap::new();
        for (name, property) in self.members(literal, "modules.scopes").unwrap_or_default() {
            let path = format!("modules.scopes[{name:?}]");
            let Some(members) = self.members(&property.value, &path) else {
                continue;
            };
            let mut table = IndexMap::new();
            for (specifier, entry) in members {
                if let Some(texts) = self.side_texts(&entry.value, &format!("{path}[{specifier:?}]")) {
                    table.insert(specifier.to_owned(), texts);
                }
            }
            scopes.insert(name.to_owned(), self.placed(property, table));
        }
        scopes
    }

    /// `"shared/vue"`, or `{ client: "…", server: "…" }` with either side absent.
    fn side_texts(&mut self, literal: &Literal, path: &str) -> Option<SideTexts> {
        let expected = "an identifier such as 'shared/vue', a URL, or { client, server } with such texts";
        match &literal.value {
            LiteralValue::Text(text) if !text.is_empty() => Some(SideTexts {
                client: Some(text.clone()),
                server: Some(text.clone()),
                form: TextForm::Common,
            }),
            LiteralValue::Object(_) => {
                let mut texts = SideTexts {
                    form: TextForm::Forked,
                    ..SideTexts::default()
                };
                for (side, property) in self.members(literal, path)? {
                    let place = match side {
                        "client" => &mut texts.client,
                        "server" => &mut texts.server,
                        _ => {
                            self.refuse_side(property, path);
                            return None;
                        }
                    };
                    match &property.value.value {
                        LiteralValue::Text(text) if !text.is_empty() => *place = Some(text.clone()),
                        LiteralValue::Undefined => {}
                        _ => {
                            self.refuse(
                                &property.value,
                                &format!("{path}.{side}"),
                                "an identifier or a URL",
                            );
                            return None;
                        }
                    }
                }
                Some(texts)
            }
            _ => {
                self.refuse(literal, path, expected);
                None
            }
        }
    }

    fn exports(&mut self, literal: &Literal) -> Vec<Placed<LegacyExport>> {
        let LiteralValue::Array(items) = &literal.value else {
            self.refuse(
                literal,
                "modules.exports",
                "an array of strings and objects, such as ['pkg:vue', 'root:src/routes.ts']",
            );
            return Vec::new();
        };
        let mut exports = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("modules.exports[{index}]");
            match &item.value {
                LiteralValue::Text(text) if names_something(text) => exports.push(Placed {
                    value: LegacyExport::item(text),
                    location: self.file.location(&item.range),
                }),
                LiteralValue::Object(_) => {
                    for (name, property) in self.members(item, &path).unwrap_or_default() {
                        if let Some(export) = self.named_export(name, property, &path) {
                            exports.push(self.placed(property, export));
                        }
                    }
                }
                _ => self.refuse(
                    item,
                    &path,
                    "'pkg:<package>', 'root:<path>', a path, or an object of names",
                ),
            }
        }
        exports
    }

    fn named_export(&mut self, name: &str, property: &Property, path: &str) -> Option<LegacyExport> {
        let path = format!("{path}[{name:?}]");
        let expected = "'pkg:<package>', 'root:<path>', a path, or { client, server }";
        if name.is_empty() {
            self.refuse(&property.value, &path, "an export with a name");
            return None;
        }
        match &property.value.value {
            LiteralValue::Text(text) if names_something(text) => Some(LegacyExport::common(
                name,
                ExportForm::Named,
                ExportTarget::parse(text),
            )),
            LiteralValue::Object(_) => self.fork(name, property, &path),
            _ => {
                self.refuse(&property.value, &path, expected);
                None
            }
        }
    }

    /// `false` disables a side; what is `true`, empty or absent is the file that the name names.
    fn fork(&mut self, name: &str, property: &Property, path: &str) -> Option<LegacyExport> {
        let members = self.members(&property.value, path)?;
        if let Some(unknown) = members
            .iter()
            .find_map(|(key, entry)| (!matches!(*key, "client" | "server")).then_some(entry))
        {
            self.refuse_side(unknown, path);
            return None;
        }
        let mut implied = Vec::new();
        let mut target_of = |side: Side, reader: &mut Self| -> Option<Option<ExportTarget>> {
            let value = members.get(side.as_str()).map(|entry| &entry.value);
            match value.map(|literal| &literal.value) {
                Some(LiteralValue::Boolean(false)) => Some(None),
                None | Some(LiteralValue::Boolean(true) | LiteralValue::Undefined) => {
                    implied.push(side);
                    Some(Some(ExportTarget::File(name.to_owned())))
                }
                Some(LiteralValue::Text(text)) if text.is_empty() => {
                    implied.push(side);
                    Some(Some(ExportTarget::File(name.to_owned())))
                }
                Some(LiteralValue::Text(text)) if names_something(text) => {
                    Some(Some(ExportTarget::parse(text)))
                }
                Some(_) => {
                    let place = value?;
                    reader.refuse(
                        place,
                        &format!("{path}.{side}"),
                        "'pkg:<package>', 'root:<path>', a path, or `false` to disable the side",
                    );
                    None
                }
            }
        };
        let client = target_of(Side::Client, self);
        let server = target_of(Side::Server, self);
        Some(LegacyExport {
            name: name.to_owned(),
            client: client?,
            server: server?,
            form: ExportForm::Fork { implied },
        })
    }

    fn placed<Value>(&self, property: &Property, value: Value) -> Placed<Value> {
        Placed {
            value,
            location: self.file.location(&property.range),
        }
    }

    fn refuse_side(&mut self, property: &Property, path: &str) {
        let location = self.file.location(&property.key_range);
        let message = format!(
            "{path} in {} has the side {:?}; there are only client and server.",
            self.file.name(),
            property.key
        );
        let fix = format!("Rename {:?} to client or server, or remove it.", property.key);
        self.diagnostics
            .push(Diagnostic::new(Code::Schema, "", message, fix).at(Some(location)));
    }

    fn refuse(&mut self, found: &Literal, path: &str, expected: &str) {
        let location = self.file.location(&found.range);
        let message = format!(
            "{path} in {} is {}, where {expected} is expected.",
            self.file.name(),
            found.describe()
        );
        let fix = format!("Write {expected}, or remove it.");
        self.diagnostics
            .push(Diagnostic::new(Code::Schema, "", message, fix).at(Some(location)));
    }
}

/// `pkg:` and `root:` alone name nothing.
fn names_something(text: &str) -> bool {
    !matches!(text, "" | "pkg:" | "root:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::behaviour::ModulesField;

    const GOOD: &str = "export default { modules: { lib: true, links: { a: 'b', 'c/d': `e` }, imports: { x: 'a/x', y: { client: 'a/y', server: undefined } }, scopes: { 's/': { z: 'a/z' } }, exports: ['pkg:x', 'root:y.ts', 'z', { n: 'pkg:m', o: { client: true, server: false } }] } };";

    /// Whatever is read, is read without a panic, and each side's tables can be made of it.
    #[test]
    fn no_text_makes_reading_panic() {
        let replacements = [
            "",
            "'",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "0",
            "...a",
            "undefined",
            "pkg:",
            "\u{0}",
            "(",
        ];
        let mut read = 0;
        for (position, character) in GOOD.char_indices() {
            for replacement in replacements {
                let rest = &GOOD[position + character.len_utf8()..];
                let text = format!("{}{replacement}{rest}", &GOOD[..position]);
                let Ok(file) = BehaviourFile::parse("/m/entry.node.ts".into(), text) else {
                    continue;
                };
                let ModulesField::Written(modules) = &file.modules else {
                    continue;
                };
                let (configuration, diagnostics) = read_configuration(&file, modules);
                assert!(diagnostics.iter().all(|diagnostic| diagnostic.location.is_some()));
                for side in Side::BOTH {
                    let exports = configuration.exports_on(side);
                    let scopes = configuration.scopes_on("m", side);
                    assert!(scopes.contains_key("") && exports.len() <= 8);
                }
                read += 1;
            }
        }
        assert!(read > 1000, "most of them are still configurations: {read}");
    }
}
