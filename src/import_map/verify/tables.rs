//! Rules 6 to 8 of PROTOCOL §11.2: what may stand in a map at all.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::Proof;
use super::report::{Place, Report};
use super::requirements::decoded;
use crate::import_map::resolve::resolve_module_specifier;
use crate::import_map::specifier_map::SpecifierMap;
use crate::protocol::Side;

pub(super) fn check(proof: &Proof<'_>, report: &mut Report) {
    check_suppression(proof, report);
    check_integrity(proof, report);
    check_integrity_of_exports(proof, report);
    check_keys(proof, report);
}

/// Rule 6: no file of a losing copy is an address, a scope or an integrity key.
fn check_suppression(proof: &Proof<'_>, report: &mut Report) {
    let map = proof.map;
    let tables = map.scopes.values().chain([&map.imports]);
    let addresses = tables
        .flat_map(SpecifierMap::iter)
        .filter_map(|(_, address)| address.cloned());
    let keys = map
        .scopes
        .keys()
        .chain(map.integrity.keys())
        .filter_map(|key| Url::parse(key).ok());
    let mentioned: BTreeSet<String> = addresses.chain(keys).map(|url| decoded(&url)).collect();
    for (module, file, url) in proof.requirements.losing_files() {
        if mentioned.contains(&decoded(&url)) {
            let place = Place {
                module,
                specifier: file,
                referrer: &proof.document,
            };
            report.add(&place, "no mention of this file of a losing copy", url.as_str());
        }
    }
}

/// Rule 8: the hash of every file that is served, and of no other.
fn check_integrity(proof: &Proof<'_>, report: &mut Report) {
    const NONE: &str = "no integrity";
    let integrity = proof.map.integrity.iter();
    let mut found: BTreeMap<String, &str> = integrity
        .filter_map(|(key, metadata)| Some((decoded(&Url::parse(key).ok()?), metadata.as_str())))
        .collect();
    for module in &proof.input.modules {
        for (file, metadata) in &module.manifest.integrity {
            let is_served =
                proof.input.side == Side::Client && !proof.requirements.is_losing_file(module, file);
            let required = if is_served { metadata } else { NONE };
            let url = proof.requirements.file_url(module, file);
            let actual = found.remove(&decoded(&url)).unwrap_or(NONE);
            if actual != required {
                let place = Place {
                    module: &module.name,
                    specifier: file,
                    referrer: &url,
                };
                report.add(&place, required, actual);
            }
        }
    }
    for (url, metadata) in found {
        let place = Place {
            module: &proof.input.root,
            specifier: &url,
            referrer: &proof.document,
        };
        report.add(&place, NONE, metadata);
    }
}

/// Rule 8 again, to the letter of the URL: a browser looks the metadata up under the address it loads.
fn check_integrity_of_exports(proof: &Proof<'_>, report: &mut Report) {
    if proof.input.side == Side::Server {
        return;
    }
    for module in &proof.input.modules {
        let manifest = &module.manifest;
        for export in manifest.exports.values() {
            let Some(metadata) = manifest.integrity.get(&export.file) else {
                continue;
            };
            let Ok(url) = resolve_module_specifier(proof.map, &export.identifier, &proof.document) else {
                continue;
            };
            let actual = proof.map.integrity_of(&url);
            if proof.input.rewired(&export.identifier) == export.identifier && actual != metadata {
                let place = Place {
                    module: &module.name,
                    specifier: &export.identifier,
                    referrer: &url,
                };
                report.add(&place, metadata, actual);
            }
        }
    }
}

/// Rule 7: nothing is mapped for everybody but identifiers and aliases, nothing by prefix, and no scope reaches
/// beyond a module.
fn check_keys(proof: &Proof<'_>, report: &mut Report) {
    let global = proof.requirements.global_specifiers();
    let root = proof.input.root.as_str();
    let strangers = proof.map.imports.iter().filter(|(key, _)| !global.contains(key));
    let scoped = proof.map.scopes.values().flat_map(SpecifierMap::iter);
    for (key, address) in strangers.chain(scoped.filter(|(key, _)| key.ends_with('/'))) {
        let place = Place {
            module: root,
            specifier: key,
            referrer: &proof.document,
        };
        report.add(&place, "no entry", address.map_or("null", Url::as_str));
    }
    for prefix in proof.map.scopes.keys() {
        let is_owned = proof
            .input
            .modules
            .iter()
            .any(|module| prefix.starts_with(proof.requirements.directory(module).as_str()));
        if !is_owned {
            let place = Place {
                module: root,
                specifier: prefix,
                referrer: &proof.document,
            };
            report.add(&place, "no scope", "a scope");
        }
    }
}
