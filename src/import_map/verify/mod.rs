//! The proof of a composed map: every identifier and every wired specifier is resolved again with the
//! standard's algorithm, from referrers all over each module, and compared with what PROTOCOL §11.2 asks for.
//! [`requirements`] reads that off the manifests without any table of `compose`, so that it can disagree.

mod imports;
mod report;
mod requirements;
mod tables;

use url::Url;

use crate::diagnostic::Diagnostic;
use crate::import_map::compose_input::ComposeInput;
use crate::import_map::import_map::ImportMap;
use crate::import_map::parse::{NormalizedImportMap, ParseWarning, parse_import_map_string};
use report::Report;
use requirements::Requirements;

/// What the checks look at.
struct Proof<'a> {
    input: &'a ComposeInput,
    requirements: Requirements<'a>,
    map: &'a NormalizedImportMap,
    /// A referrer outside every module.
    document: Url,
}

/// Everything in which the map differs from what the manifests and elections require. The map is read
/// from its own text, as a browser reads it.
pub fn verify(input: &ComposeInput, map: &ImportMap) -> Vec<Diagnostic> {
    let document = input.document_url();
    let parsed = match parse_import_map_string(&map.to_compact_json(), &document) {
        Ok(parsed) => parsed,
        Err(error) => return vec![report::unreadable(input, &error)],
    };
    let requirements = match Requirements::of(input, &document) {
        Ok(requirements) => requirements,
        Err(directory) => return vec![report::unaddressable(input, &directory)],
    };
    let mut report = Report::default();
    for warning in &parsed.warnings {
        // A null entry is how the composer keeps an import from being answered further out.
        if !matches!(warning, ParseWarning::AddressNotAString(_)) {
            report.add_warning(input, warning);
        }
    }
    let proof = Proof {
        input,
        requirements,
        map: &parsed.map,
        document,
    };
    imports::check(&proof, &mut report);
    tables::check(&proof, &mut report);
    report.into_diagnostics()
}
