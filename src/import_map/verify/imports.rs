//! Rules 1 to 5 and 7 of PROTOCOL §11.2: what imports give, from inside and outside every module.

use indexmap::IndexSet;
use url::Url;

use super::Proof;
use super::report::{Place, Report};
use super::requirements::{Expected, is_same_file};
use crate::import_map::compose_input::{ComposeInput, ComposedModule};
use crate::import_map::resolve::{ResolveError, resolve_module_specifier};
use crate::import_map::url_space::plain_path;

/// Files that no manifest lists, such as workers or what a later build adds: a scope holds for them as well.
const UNLISTED: [&str; 2] = ["not-listed.mjs", "not-listed/not-listed.mjs"];

pub(super) fn check(proof: &Proof<'_>, report: &mut Report) {
    for specifier in proof.requirements.global_specifiers() {
        if let Some(expected) = proof.requirements.of_global(specifier) {
            let module = owner_of(proof.input, specifier);
            compare(
                proof,
                &Place {
                    module,
                    specifier,
                    referrer: &proof.document,
                },
                &expected,
                report,
            );
        }
    }
    for module in &proof.input.modules {
        check_module(proof, module, report);
    }
}

fn check_module(proof: &Proof<'_>, module: &ComposedModule, report: &mut Report) {
    let scopes = module.manifest.scopes.values();
    let wired: IndexSet<&str> = scopes
        .flat_map(|table| table.keys())
        .map(String::as_str)
        .collect();
    for path in referrer_paths(proof, module) {
        let referrer = referrer(proof, module, &path);
        for specifier in &wired {
            check_import(proof, module, (&path, &referrer), specifier, report);
        }
    }

    let [unlisted, _] = UNLISTED;
    let referrer = proof.requirements.file_url(module, unlisted);
    for specifier in proof.requirements.global_specifiers() {
        check_import(proof, module, (unlisted, &referrer), specifier, report);
    }
    check_subpaths(proof, module, &wired, report);
    check_neighbour(proof, module, &wired, report);
}

/// Rules 1 to 5 for one import of one file, which has a path in its module and a URL.
fn check_import(
    proof: &Proof<'_>,
    module: &ComposedModule,
    (path, referrer): (&str, &Url),
    specifier: &str,
    report: &mut Report,
) {
    if let Some(expected) = proof.requirements.of_import(module, path, specifier) {
        compare(
            proof,
            &Place {
                module: &module.name,
                specifier,
                referrer,
            },
            &expected,
            report,
        );
    }
}

/// Rule 7: a wired package answers for itself, not for the paths below it.
fn check_subpaths(proof: &Proof<'_>, module: &ComposedModule, wired: &IndexSet<&str>, report: &mut Report) {
    let [unlisted, _] = UNLISTED;
    let referrer = proof.requirements.file_url(module, unlisted);
    for specifier in wired.iter().filter(|specifier| is_bare(specifier)) {
        let below = format!("{specifier}/not/listed.js");
        if proof.requirements.of_global(&below).is_none() {
            let place = Place {
                module: &module.name,
                specifier: &below,
                referrer: &referrer,
            };
            compare(proof, &place, &Expected::Unresolvable, report);
        }
    }
}

/// Ownership is by path segment: a directory whose name only starts with the module's gets what a stranger
/// gets.
fn check_neighbour(proof: &Proof<'_>, module: &ComposedModule, wired: &IndexSet<&str>, report: &mut Report) {
    let directory = proof.requirements.directory(module).as_str();
    let beside = format!("{}-beside/", directory.trim_end_matches('/'));
    let is_owned = |other| beside.starts_with(proof.requirements.directory(other).as_str());
    if proof.input.modules.iter().any(is_owned) {
        return;
    }
    let Ok(referrer) = Url::parse(&format!("{beside}file.mjs")) else {
        return;
    };
    for specifier in wired.iter().filter(|specifier| is_bare(specifier)) {
        let stranger = resolve_module_specifier(proof.map, specifier, &proof.document);
        let neighbour = resolve_module_specifier(proof.map, specifier, &referrer);
        if stranger != neighbour {
            let place = Place {
                module: &module.name,
                specifier,
                referrer: &referrer,
            };
            report.add(&place, &as_text(&stranger), &as_text(&neighbour));
        }
    }
}

fn compare(proof: &Proof<'_>, place: &Place<'_>, expected: &Expected<'_>, report: &mut Report) {
    let actual = resolve_module_specifier(proof.map, place.specifier, place.referrer);
    if !expected.is_met_by(actual.as_ref()) {
        report.add(place, expected.as_str(), &as_text(&actual));
    }
}

/// Referrers that show every scope of the module: its exports and chunks, and files that nobody lists, at the
/// top and in the directory of every scope.
fn referrer_paths(proof: &Proof<'_>, module: &ComposedModule) -> IndexSet<String> {
    let manifest = &module.manifest;
    let exports = manifest.exports.values().map(|export| &export.file);
    let chunks = manifest.chunks.values().map(|chunk| &chunk.js);
    let emitted = exports
        .chain(chunks)
        .filter(|file| !proof.requirements.is_losing_file(module, file))
        .map(|file| plain_path(file).to_owned());
    let directories = manifest
        .scopes
        .keys()
        .filter(|name| name.is_empty() || name.ends_with('/'));
    let unlisted = directories
        .map(|name| plain_path(name))
        .chain([""])
        .flat_map(|directory| UNLISTED.map(|file| format!("{directory}{file}")));
    emitted.chain(unlisted).collect()
}

/// The URL a file of a module is a referrer under. For an export that is the URL it was loaded from, to the
/// letter: an exact-file scope matches no other spelling of it.
fn referrer(proof: &Proof<'_>, module: &ComposedModule, path: &str) -> Url {
    let file = proof.requirements.file_url(module, path);
    let exports = module.manifest.exports.values();
    let loaded = exports
        .filter(|export| plain_path(&export.file) == path)
        .filter_map(|export| resolve_module_specifier(proof.map, &export.identifier, &proof.document).ok())
        .find(|url| is_same_file(url, &file));
    loaded.unwrap_or(file)
}

/// The module that an identifier names, for the report.
fn owner_of<'a>(input: &'a ComposeInput, identifier: &str) -> &'a str {
    let owns = |module: &&ComposedModule| {
        let rest = identifier.strip_prefix(module.name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    input
        .modules
        .iter()
        .find(owns)
        .map_or(&input.root, |module| &module.name)
}

fn is_bare(specifier: &str) -> bool {
    !specifier.starts_with(['/', '.']) && Url::parse(specifier).is_err()
}

fn as_text(result: &Result<Url, ResolveError>) -> String {
    match result {
        Ok(url) => url.to_string(),
        Err(error) => format!("no URL ({error})"),
    }
}
