//! The proof of a composed map: every identifier and every wired specifier is resolved again with the
//! standard's algorithm, from referrers all over each module, and compared with what PROTOCOL §11.2 asks for.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexSet;
use percent_encoding::percent_decode_str;
use url::Url;

use super::compose_input::{ComposeInput, ComposedModule};
use super::expectation::{Expected, Requirements};
use super::import_map::ImportMap;
use super::parse::{NormalizedImportMap, parse_import_map_string};
use super::resolve::{ResolveError, resolve_module_specifier};
use super::url_space::plain_path;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::name::Side;

/// Everything in which the map differs from what the manifests and elections require. The map is read
/// from its own text, as a browser reads it.
pub fn verify(input: &ComposeInput, map: &ImportMap) -> Vec<Diagnostic> {
    let document = input.document_url();
    let parsed = match parse_import_map_string(&map.to_compact_json(), &document) {
        Ok(parsed) => parsed,
        Err(error) => return vec![unreadable(input, &error.to_string())],
    };
    let mut verification = Verification {
        input,
        requirements: Requirements::of(input),
        map: &parsed.map,
        directories: directories(input, &document),
        document,
        told: BTreeSet::new(),
        diagnostics: Vec::new(),
    };
    verification.check_identifiers();
    for module in &input.modules {
        verification.check_module(module);
    }
    verification.check_suppression();
    verification.check_integrity();
    verification.check_keys();
    verification.diagnostics
}

/// Files that no manifest lists, such as workers or what a later build adds: a scope holds for them as well.
const UNKNOWN_FILES: [&str; 2] = ["not-emitted.mjs", "not-emitted/not-emitted.mjs"];

struct Verification<'a> {
    input: &'a ComposeInput,
    requirements: Requirements<'a>,
    map: &'a NormalizedImportMap,
    document: Url,
    directories: HashMap<&'a str, Url>,
    /// Module, specifier, expected, actual: many files of a module share one mistake, which is told once.
    told: BTreeSet<[String; 4]>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Verification<'a> {
    /// Rules 1, 2 and 5 for referrers outside every module.
    fn check_identifiers(&mut self) {
        let document = self.document.clone();
        for specifier in self.requirements.global_specifiers() {
            if let Some(expected) = self.requirements.of_global(specifier) {
                let owner = self.owner_of(specifier).to_owned();
                self.check(&owner, specifier, &document, &expected);
            }
        }
    }

    /// Rules 1 to 5 for referrers inside one module, and rules 3 and 7 for what lies next to them.
    fn check_module(&mut self, module: &'a ComposedModule) {
        let Some(directory) = self.directory_of(module) else {
            return;
        };
        let wired: IndexSet<&str> = module
            .manifest
            .scopes
            .values()
            .flat_map(|table| table.keys())
            .map(String::as_str)
            .collect();
        for path in self.referrer_paths(module) {
            let Some(referrer) = self.referrer(module, &directory, &path) else {
                continue;
            };
            for specifier in &wired {
                if let Some(expected) = self.requirements.of_import(module, &path, specifier) {
                    self.check(&module.name, specifier, &referrer, &expected);
                }
            }
        }

        let inside = file_url(&directory, "not-emitted.mjs").unwrap_or_else(|| directory.clone());
        for specifier in self.requirements.global_specifiers() {
            if let Some(expected) = self.requirements.of_import(module, "not-emitted.mjs", specifier) {
                self.check(&module.name, specifier, &inside, &expected);
            }
        }
        self.check_subpaths(module, &wired, &inside);
        self.check_neighbour(module, &wired, &directory);
    }

    /// Rule 7: a wired package answers for itself, not for the paths below it.
    fn check_subpaths(&mut self, module: &'a ComposedModule, wired: &IndexSet<&str>, referrer: &Url) {
        for specifier in wired.iter().filter(|specifier| Url::parse(specifier).is_err()) {
            let below = format!("{specifier}/not/listed.js");
            if !specifier.starts_with(['/', '.']) && self.requirements.of_global(&below).is_none() {
                self.check(&module.name, &below, referrer, &Expected::Unresolvable);
            }
        }
    }

    /// Ownership is by path segment: what only starts with the module's name gets what a stranger gets.
    fn check_neighbour(&mut self, module: &'a ComposedModule, wired: &IndexSet<&str>, directory: &Url) {
        let beside = format!("{}-beside/", directory.as_str().trim_end_matches('/'));
        let is_module = self.input.modules.iter().any(|other| {
            self.directory_of(other)
                .is_some_and(|other_directory| beside.starts_with(other_directory.as_str()))
        });
        let Ok(referrer) = Url::parse(&format!("{beside}file.mjs")) else {
            return;
        };
        if is_module {
            return;
        }
        for specifier in wired {
            let stranger = resolve_module_specifier(self.map, specifier, &self.document);
            let neighbour = resolve_module_specifier(self.map, specifier, &referrer);
            let are_relative = specifier.starts_with('.');
            if stranger != neighbour && !are_relative {
                let expected = as_text(&stranger);
                self.tell(&module.name, specifier, &referrer, expected, as_text(&neighbour));
            }
        }
    }

    /// Rule 6: no file of a losing copy is an address, a scope or an integrity key.
    fn check_suppression(&mut self) {
        let losing: Vec<_> = self
            .requirements
            .losing_files()
            .filter_map(|(module, file)| Some((module, file, file_url(&self.directory_of(module)?, file)?)))
            .map(|(module, file, url)| (module, file, decoded(&url)))
            .collect();
        let scopes = self.map.scopes.iter();
        let addresses = scopes
            .clone()
            .flat_map(|(_, table)| table.iter())
            .chain(self.map.imports.iter());
        let mentioned: BTreeSet<String> = addresses
            .filter_map(|(_, address)| address.cloned())
            .chain(scopes.filter_map(|(prefix, _)| Url::parse(prefix).ok()))
            .chain(self.map.integrity.keys().filter_map(|key| Url::parse(key).ok()))
            .map(|url| decoded(&url))
            .collect();
        for (module, file, url) in losing {
            if mentioned.contains(&url) {
                self.tell(
                    &module.name,
                    file,
                    &self.document.clone(),
                    "no mention of this file".into(),
                    url,
                );
            }
        }
    }

    /// Rule 8: the hash of every file that is served, and of no other.
    fn check_integrity(&mut self) {
        let mut found: BTreeSet<(String, &str)> = BTreeSet::new();
        for (key, metadata) in &self.map.integrity {
            if let Ok(url) = Url::parse(key) {
                found.insert((decoded(&url), metadata));
            }
        }
        for module in &self.input.modules {
            let Some(directory) = self.directory_of(module) else {
                continue;
            };
            for (file, metadata) in &module.manifest.integrity {
                let Some(url) = file_url(&directory, file) else {
                    continue;
                };
                let is_known = found.remove(&(decoded(&url), metadata.as_str()));
                let is_needed =
                    self.input.side == Side::Client && !self.requirements.is_losing_file(module, file);
                if is_needed && !is_known {
                    self.tell(
                        &module.name,
                        file,
                        &url,
                        metadata.clone(),
                        "no integrity".to_owned(),
                    );
                } else if !is_needed && is_known {
                    self.tell(
                        &module.name,
                        file,
                        &url,
                        "no integrity".to_owned(),
                        metadata.clone(),
                    );
                }
            }
        }
        for (url, metadata) in found {
            let root = self.input.root.clone();
            self.tell(
                &root,
                &url,
                &self.document.clone(),
                "no integrity".to_owned(),
                metadata.to_owned(),
            );
        }
    }

    /// Rule 7: nothing is mapped for everybody but identifiers and aliases, nothing by prefix, and no scope
    /// reaches beyond a module.
    fn check_keys(&mut self) {
        let global = self.requirements.global_specifiers();
        let document = self.document.clone();
        let root = self.input.root.clone();
        let strangers = self.map.imports.iter().filter(|(key, _)| !global.contains(key));
        let wired = self.map.scopes.iter().flat_map(|(_, table)| table.iter());
        for (key, address) in strangers.chain(wired.filter(|(key, _)| key.ends_with('/'))) {
            let actual = address.map_or_else(|| "null".to_owned(), Url::to_string);
            self.tell(&root, key, &document, "no entry".to_owned(), actual);
        }
        let directories: Vec<_> = self
            .input
            .modules
            .iter()
            .filter_map(|module| self.directory_of(module))
            .collect();
        for prefix in self.map.scopes.keys() {
            if !directories
                .iter()
                .any(|directory| prefix.starts_with(directory.as_str()))
            {
                self.tell(
                    &root,
                    prefix,
                    &document,
                    "no scope".to_owned(),
                    "a scope".to_owned(),
                );
            }
        }
    }

    fn check(&mut self, module: &str, specifier: &str, referrer: &Url, expected: &Expected<'_>) {
        let actual = resolve_module_specifier(self.map, specifier, referrer);
        let (is_met, required) = match expected {
            Expected::Unresolvable => (actual.is_err(), "no URL".to_owned()),
            Expected::Url(url) => (actual.as_ref() == Ok(url), url.to_string()),
            Expected::File(owner, file) => {
                let required = self
                    .directory_of(owner)
                    .and_then(|directory| file_url(&directory, file));
                let is_met = match (&actual, &required) {
                    (Ok(actual), Some(required)) => is_same_file(actual, required),
                    _ => false,
                };
                (
                    is_met,
                    required.map_or_else(|| format!("{}/{file}", owner.name), String::from),
                )
            }
        };
        if !is_met {
            self.tell(module, specifier, referrer, required, as_text(&actual));
        }
    }

    fn tell(&mut self, module: &str, specifier: &str, referrer: &Url, required: String, found: String) {
        let fact = [
            module.to_owned(),
            specifier.to_owned(),
            required.clone(),
            found.clone(),
        ];
        if !self.told.insert(fact) {
            return;
        }
        let message = format!(
            "The composed import map does not do what the manifests ask for: `{specifier}`, seen from \
             {referrer}, has to give {required} and gives {found}."
        );
        let fix = format!(
            "Build `{module}` again, so that its manifest matches its files, and compose again; a hand-edited \
             import map has to be composed anew."
        );
        self.diagnostics.push(
            Diagnostic::new(Code::ImportMap, module, message, fix)
                .with_package(specifier)
                .with_found(found)
                .with_required(required),
        );
    }

    /// The module that exports a specifier, for the report.
    fn owner_of(&self, specifier: &str) -> &'a str {
        let owns = |module: &&ComposedModule| {
            specifier
                .strip_prefix(module.name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.input
            .modules
            .iter()
            .find(owns)
            .map_or(&self.input.root, |module| &module.name)
    }

    /// The module's directory as a URL.
    fn directory_of(&self, module: &ComposedModule) -> Option<Url> {
        self.directories.get(module.name.as_str()).cloned()
    }

    /// The URL a file of a module is a referrer under. For an export that is the URL it was loaded from, to the
    /// letter: an exact-file scope matches no other spelling of it.
    fn referrer(&self, module: &ComposedModule, directory: &Url, path: &str) -> Option<Url> {
        let file = file_url(directory, path)?;
        let exports = module.manifest.exports.values();
        let loaded = exports
            .filter(|export| plain_path(&export.file) == path)
            .filter_map(|export| resolve_module_specifier(self.map, &export.identifier, &self.document).ok())
            .find(|url| is_same_file(url, &file));
        Some(loaded.unwrap_or(file))
    }

    /// Referrers that must show every scope of the module: its exports and chunks, and files that no table
    /// knows, beside them and below every directory scope.
    fn referrer_paths(&self, module: &ComposedModule) -> IndexSet<String> {
        let manifest = &module.manifest;
        let emitted = manifest
            .exports
            .values()
            .map(|export| export.file.as_str())
            .chain(manifest.chunks.values().map(|chunk| chunk.js.as_str()))
            .filter(|file| !self.requirements.is_losing_file(module, file))
            .map(|file| plain_path(file).to_owned());
        let unknown = manifest
            .scopes
            .keys()
            .filter(|name| name.ends_with('/'))
            .flat_map(|name| UNKNOWN_FILES.map(|file| format!("{}{file}", plain_path(name))));
        emitted
            .chain(unknown)
            .chain(UNKNOWN_FILES.map(str::to_owned))
            .collect()
    }
}

/// Where each module's files are, by module name (§10.4, §11.5).
fn directories<'a>(input: &'a ComposeInput, document: &Url) -> HashMap<&'a str, Url> {
    let modules = input.modules.iter();
    modules
        .filter_map(|module| {
            let directory = document.join(module.url_space(&input.base).directory()).ok()?;
            Some((module.name.as_str(), directory))
        })
        .collect()
}

/// A file below a directory; the `url` crate escapes the path, not the code that composed the map.
fn file_url(directory: &Url, file: &str) -> Option<Url> {
    let mut url = directory.clone();
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(plain_path(file).split('/'));
    Some(url)
}

/// Whether two URLs name one file, however their paths are escaped. A path that was not escaped enough has
/// become a query or a fragment.
fn is_same_file(actual: &Url, required: &Url) -> bool {
    actual == required
        || (actual.query().is_none() && actual.fragment().is_none() && decoded(actual) == decoded(required))
}

fn decoded(url: &Url) -> String {
    percent_decode_str(url.as_str()).decode_utf8_lossy().into_owned()
}

fn as_text(result: &Result<Url, ResolveError>) -> String {
    match result {
        Ok(url) => url.to_string(),
        Err(error) => format!("no URL ({error})"),
    }
}

fn unreadable(input: &ComposeInput, reason: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        &input.root,
        format!("The composed import map cannot be read: {reason}."),
        "Compose again; if it stays, one of the manifests holds text that is no JSON string.",
    )
}
