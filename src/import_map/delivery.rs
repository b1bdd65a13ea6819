//! The client map as a file of its own (PROTOCOL §11.4): cached for ever, shared by all pages, and put under
//! the page's base when it runs.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::import_map::ImportMap;

/// A file to write below the host's client directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFile {
    /// `importmap/<12 hex of sha256>.final.mjs`
    pub file: String,
    /// A classic script.
    pub content: String,
}

/// The script that injects `map`, which was composed with an empty base: the script puts its own `data-base`
/// in front of values, scope keys and integrity keys alike. Absolute URLs stay.
///
/// It is to be loaded as `<script src="…" data-base="…"></script>`, without `type="module"`: a module script
/// would run after the document has started to load modules, too late for an import map.
pub fn script_file(map: &ImportMap) -> ScriptFile {
    let content = INJECT.replace("IMPORT_MAP", &map.to_compact_json());
    let hash = Sha256::digest(&content)
        .iter()
        .take(6)
        .fold(String::new(), |mut hash, byte| {
            write!(hash, "{byte:02x}").expect("writing into a string does not fail");
            hash
        });
    ScriptFile {
        file: format!("importmap/{hash}.final.mjs"),
        content,
    }
}

const INJECT: &str = r#"(() => {
  const script = document.currentScript;
  const base = (script.dataset.base ?? "").replace(/\/+$/, "");
  const rebase = (url) => (url?.startsWith("/") ? base + url : url);
  const mapKeys = (table, value) =>
    Object.fromEntries(Object.entries(table ?? {}).map(([key, entry]) => [rebase(key), value(entry)]));
  const mapValues = (table) =>
    Object.fromEntries(Object.entries(table ?? {}).map(([key, url]) => [key, rebase(url)]));
  const map = IMPORT_MAP;
  const element = document.createElement("script");
  element.type = "importmap";
  element.nonce = script.nonce;
  element.textContent = JSON.stringify({
    imports: mapValues(map.imports),
    scopes: mapKeys(map.scopes, mapValues),
    integrity: mapKeys(map.integrity, (metadata) => metadata),
  });
  script.after(element);
})();
"#;
