//! From manifests and elections to an import map: PROTOCOL §11.2 by the construction of §11.3, one prefix
//! scope per module and merged scopes inside it for legacy modules.

use std::collections::BTreeMap;

use url::Url;

use super::compose_input::{ComposeInput, ComposedModule};
use super::import_map::{ImportMap, ScopeTable};
use super::scope_tables::{Area, WiringTable, scope_tables};
use super::suppress::{SuppressedFiles, suppressed_files};
use crate::protocol::Side;

/// A composed map and what it leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// The map, base included.
    pub map: ImportMap,
    /// The files of losing copies, which preloads and file lists leave out as well.
    pub suppressed: SuppressedFiles,
}

/// The import map of one side.
pub fn compose(input: &ComposeInput) -> Composition {
    let suppressed = suppressed_files(input);
    let imports = identifier_table(input, &suppressed);
    let mut scopes = BTreeMap::new();
    for module in &input.modules {
        add_module_scopes(input, module, &imports, &suppressed, &mut scopes);
    }
    let integrity = match input.side {
        Side::Client => integrity_table(input, &suppressed),
        Side::Server => BTreeMap::new(),
    };
    Composition {
        map: ImportMap {
            imports,
            scopes,
            integrity,
        },
        suppressed,
    }
}

/// §11.2.1, .2 and .5: every identifier, the losers' pointing at the winner's file, and the index aliases.
fn identifier_table(input: &ComposeInput, suppressed: &SuppressedFiles) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for module in &input.modules {
        let space = module.url_space(&input.base);
        for export in module.manifest.exports.values() {
            if !suppressed.contains_file(&module.name, &export.file) {
                files.insert(export.identifier.as_str(), space.url_of(&export.file));
            }
        }
    }
    let identifiers: Vec<&str> = input
        .modules
        .iter()
        .flat_map(|module| module.manifest.exports.values())
        .map(|export| export.identifier.as_str())
        .filter(|identifier| is_mappable(identifier))
        .collect();

    let mut imports = BTreeMap::new();
    for identifier in &identifiers {
        let Some(url) = files.get(input.rewired(identifier)) else {
            continue;
        };
        // An alias must not hide an identifier, so identifiers are written over aliases and never under them.
        if let Some(alias) = identifier
            .strip_suffix("/index")
            .filter(|alias| is_mappable(alias))
        {
            imports.entry(alias.to_owned()).or_insert_with(|| url.clone());
        }
    }
    for identifier in identifiers {
        match files.get(input.rewired(identifier)) {
            Some(url) => imports.insert(identifier.to_owned(), url.clone()),
            None => imports.remove(identifier),
        };
    }
    imports
}

/// §11.2.3 to .5: what bare specifiers mean inside one module.
fn add_module_scopes(
    input: &ComposeInput,
    module: &ComposedModule,
    imports: &BTreeMap<String, String>,
    suppressed: &SuppressedFiles,
    scopes: &mut BTreeMap<String, ScopeTable>,
) {
    let space = module.url_space(&input.base);
    let mut outer_areas = BTreeMap::new();
    for (area, wiring) in scope_tables(&module.manifest) {
        if matches!(area, Area::File(file) if suppressed.contains_file(&module.name, file)) {
            continue;
        }
        let table = addresses(input, &wiring, imports, suppressed, &outer_areas);
        outer_areas.extend(table.clone());
        if !table.is_empty() {
            scopes.insert(space.url_of(area.path()), table);
        }
    }
}

/// One scope. A specifier wired to an identifier that nobody exports is left out, or written as a null entry
/// where it would otherwise be answered from further out: by an outer scope of the module, by an identifier
/// of the same text, or, being a URL, by itself.
fn addresses(
    input: &ComposeInput,
    wiring: &WiringTable<'_>,
    imports: &BTreeMap<String, String>,
    suppressed: &SuppressedFiles,
    outer_areas: &ScopeTable,
) -> ScopeTable {
    wiring
        .iter()
        .filter(|(specifier, _)| is_mappable(specifier))
        .filter_map(|(&specifier, target)| {
            let address = address(input, target, imports, suppressed);
            let needs_entry = address.is_some()
                || outer_areas.contains_key(specifier)
                || imports.contains_key(specifier)
                || Url::parse(specifier).is_ok();
            needs_entry.then(|| (specifier.to_owned(), address))
        })
        .collect()
}

/// The URL a scope value stands for, after elections.
fn address(
    input: &ComposeInput,
    target: &str,
    imports: &BTreeMap<String, String>,
    suppressed: &SuppressedFiles,
) -> Option<String> {
    if let Some(url) = imports.get(input.rewired(target)) {
        return Some(url.clone());
    }
    (Url::parse(target).is_ok() && !suppressed.contains_url(target)).then(|| target.to_owned())
}

/// §11.2.8: the hashes of all files, under the URLs that `imports` uses.
fn integrity_table(input: &ComposeInput, suppressed: &SuppressedFiles) -> BTreeMap<String, String> {
    let mut integrity = BTreeMap::new();
    for module in &input.modules {
        let space = module.url_space(&input.base);
        for (file, metadata) in &module.manifest.integrity {
            if !suppressed.contains_file(&module.name, file) {
                integrity.insert(space.url_of(file), metadata.clone());
            }
        }
    }
    integrity
}

/// A key that ends in a slash would map everything below it (§11.2.7 forbids that), and an import map has no
/// other way to answer `import "punycode/"`; the empty string cannot be a key.
fn is_mappable(specifier: &str) -> bool {
    !specifier.is_empty() && !specifier.ends_with('/')
}
