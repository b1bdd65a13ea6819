//! A composed map over a shared one: what a host and what it uses say comes first, and the shared map answers the rest.
//!
//! ```text
//! composed  imports  host/src/entry.client → /host/…     scopes  /host/  { kit: … }
//! shared    imports  vue → /npm/vue.mjs, kit → /kit.mjs
//! page      imports  host/src/entry.client, vue, kit      scopes  /host/  { kit: … }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use url::Url;

use super::compose_input::DOCUMENT_ORIGIN;
use super::import_map::{ImportMap, ScopeTable};
use super::parse::parse_import_map_string;
use super::resolve::resolve_module_specifier;
use super::specifier_map::SpecifierMap;
use super::url_space::normalize_base;

/// A map that somebody else has written, with the entries as they are spelled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedEntries {
    imports: ScopeTable,
    scopes: BTreeMap<String, ScopeTable>,
    integrity: BTreeMap<String, String>,
}

/// An import that the shared map would answer in another way than the composed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedAnswer {
    /// What is imported.
    pub specifier: String,
    /// From where.
    pub referrer: String,
    /// What the composed map says.
    pub composed: String,
    /// What it would be instead.
    pub shared: String,
}

impl SharedEntries {
    /// Reads a text that is known to be an import map.
    pub fn read(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        let scopes = document["scopes"].as_object().into_iter().flatten();
        Self {
            imports: table(&document["imports"]),
            scopes: scopes
                .map(|(scope, value)| (scope.clone(), table(value)))
                .collect(),
            integrity: table(&document["integrity"])
                .into_iter()
                .filter_map(|(url, metadata)| Some((url, metadata?)))
                .collect(),
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.imports.is_empty() && self.scopes.is_empty()
    }

    /// An address or scope that is relative to the page, which lies elsewhere for every route.
    pub fn relative_url(&self) -> Option<&str> {
        let tables = self.scopes.values().chain([&self.imports]);
        let addresses = tables.flat_map(BTreeMap::values).flatten();
        let keys = self.scopes.keys().chain(self.integrity.keys());
        let mut urls = addresses.chain(keys).map(String::as_str);
        urls.find(|url| !url.starts_with('/') && Url::parse(url).is_err())
    }

    /// The composed map with what it does not say itself. `base` goes before addresses that begin with a slash, as it
    /// does in the composed map.
    pub fn under(&self, composed: &ImportMap, base: &str) -> ImportMap {
        let base = normalize_base(base);
        let based = |url: &String| {
            if url.starts_with('/') && !url.starts_with("//") {
                format!("{base}{url}")
            } else {
                url.clone()
            }
        };
        let mut whole = composed.clone();
        for (specifier, address) in &self.imports {
            // What nobody answers need not be said of a specifier without a scheme.
            if let Some(address) = address {
                let entry = whole.imports.entry(specifier.clone());
                entry.or_insert_with(|| based(address));
            }
        }
        for (scope, table) in &self.scopes {
            let whole = whole.scopes.entry(based(scope)).or_default();
            for (specifier, address) in table {
                let entry = whole.entry(specifier.clone());
                entry.or_insert_with(|| address.as_ref().map(based));
            }
        }
        for (url, metadata) in &self.integrity {
            let entry = whole.integrity.entry(based(url));
            entry.or_insert_with(|| metadata.clone());
        }
        whole
    }
}

fn table(value: &Value) -> ScopeTable {
    let entries = value.as_object().into_iter().flatten();
    entries
        .map(|(key, address)| (key.clone(), address.as_str().map(str::to_owned)))
        .collect()
}

/// Imports that the composed map answers and that have another answer in the whole: the shared map has a scope that is
/// closer to the importing file. Seen from the page, and from each scope inside of `directories`, those of the modules.
///
/// # Panics
/// Never: the page's URL is one.
pub fn changed_answers(
    composed: &ImportMap,
    whole: &ImportMap,
    directories: &[String],
) -> Vec<ChangedAnswer> {
    let page = Url::parse(DOCUMENT_ORIGIN).expect("the text is a URL");
    let parsed = |map: &ImportMap| parse_import_map_string(&map.to_compact_json(), &page).ok();
    let (Some(composed), Some(whole)) = (parsed(composed), parsed(whole)) else {
        return Vec::new();
    };
    let (composed, whole) = (composed.map, whole.map);
    let directories: Vec<Url> = directories
        .iter()
        .filter_map(|directory| page.join(directory).ok())
        .collect();
    let is_inside = |url: &Url| {
        let mut around = directories.iter();
        around.any(|directory| url.as_str().starts_with(directory.as_str()))
    };
    let scopes = whole.scopes.keys().filter_map(|scope| Url::parse(scope).ok());
    let referrers: BTreeSet<Url> = scopes.filter(is_inside).chain([page]).collect();
    let tables = composed.scopes.values().chain([&composed.imports]);
    let specifiers: BTreeSet<&str> = tables.flat_map(SpecifierMap::iter).map(|(key, _)| key).collect();
    let mut changed = Vec::new();
    for referrer in &referrers {
        for specifier in &specifiers {
            let before = resolve_module_specifier(&composed, specifier, referrer);
            let after = resolve_module_specifier(&whole, specifier, referrer);
            let Ok(before) = before else { continue };
            if after.as_ref() != Ok(&before) {
                changed.push(ChangedAnswer {
                    specifier: (*specifier).to_owned(),
                    referrer: shown(referrer.as_str()),
                    composed: shown(before.as_str()),
                    shared: after.map_or_else(|error| error.to_string(), |url| shown(url.as_str())),
                });
            }
        }
    }
    changed
}

fn shown(url: &str) -> String {
    url.strip_prefix(DOCUMENT_ORIGIN).unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> ImportMap {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_composed_map_comes_first() {
        let composed = map(
            r#"{"imports":{"host/a":"/docs/host/a.mjs"},"scopes":{"/docs/host/":{"kit":"/docs/kit/2.mjs"}}}"#,
        );
        let shared = SharedEntries::read(
            r#"{"imports":{"host/a":"/host/old.mjs","vue":"/npm/vue.mjs","cdn":"https://cdn.example/x.mjs","no":null},
                "scopes":{"/host/":{"kit":"/kit/1.mjs","own":null}},"integrity":{"/npm/vue.mjs":"sha384-x"}}"#,
        );
        let whole = shared.under(&composed, "/docs");
        assert_eq!(
            whole.to_compact_json(),
            concat!(
                r#"{"imports":{"cdn":"https://cdn.example/x.mjs","host/a":"/docs/host/a.mjs","vue":"/docs/npm/vue.mjs"},"#,
                r#""scopes":{"/docs/host/":{"kit":"/docs/kit/2.mjs","own":null}},"integrity":{"/docs/npm/vue.mjs":"sha384-x"}}"#
            )
        );
        assert!(changed_answers(&composed, &whole, &["/docs/host/".to_owned()]).is_empty());
    }

    #[test]
    fn a_closer_scope_is_told() {
        let composed = map(r#"{"scopes":{"/host/":{"kit":"/kit/2.mjs"}}}"#);
        let shared = SharedEntries::read(
            r#"{"scopes":{"/host/src/":{"kit":"/kit/1.mjs"},"/other/":{"kit":"/kit/3.mjs"}}}"#,
        );
        let whole = shared.under(&composed, "");
        let changed = changed_answers(&composed, &whole, &["/host/".to_owned()]);
        assert_eq!(
            changed,
            [ChangedAnswer {
                specifier: "kit".to_owned(),
                referrer: "/host/src/".to_owned(),
                composed: "/kit/2.mjs".to_owned(),
                shared: "/kit/1.mjs".to_owned(),
            }]
        );
    }

    #[test]
    fn addresses_relative_to_the_page_are_found() {
        let relative = |text: &str| SharedEntries::read(text).relative_url().map(str::to_owned);
        assert_eq!(
            relative(r#"{"imports":{"a":"/a.mjs","b":"https://x/b.mjs"}}"#),
            None
        );
        assert_eq!(
            relative(r#"{"imports":{"a":"./a.mjs"}}"#).as_deref(),
            Some("./a.mjs")
        );
        assert_eq!(relative(r#"{"scopes":{"../x/":{}}}"#).as_deref(), Some("../x/"));
    }
}
