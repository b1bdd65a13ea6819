//! What becomes a file that others import.

use crate::graph::EntryKind;
use crate::link::{LegacySide, LegacySource, Linkage};
use crate::protocol::Side;
use crate::scan::EntryRequest;

/// What becomes a file that others import (PROTOCOL §10.2).
pub(super) fn entry_requests(linkage: &Linkage, side: Side) -> Vec<EntryRequest> {
    if let Some(legacy) = linkage.legacy() {
        return legacy_entries(legacy.on(side));
    }
    let Some(declaration) = &linkage.root().declaration else {
        return Vec::new();
    };
    let mut entries = Vec::new();
    let mut add = |name: String, specifier: &str, kind| {
        entries.push(EntryRequest {
            name,
            specifier: specifier.to_owned(),
            kind,
        });
    };
    if let Some(path) = declaration.entry.as_ref().and_then(|entry| entry.on(side)) {
        add(framework_entry(side), path, EntryKind::Export);
    }
    for (name, files) in &declaration.exports {
        if let Some(path) = files.on(side) {
            add(name.clone(), path, EntryKind::Export);
        }
    }
    for package in &declaration.provides {
        add(package.clone(), package, EntryKind::Provided);
    }
    entries
}

/// What a legacy module exports, under the names that its list yields (PROTOCOL §14.2).
fn legacy_entries(side: &LegacySide) -> Vec<EntryRequest> {
    let entry = |(name, source): (&String, &LegacySource)| {
        let (specifier, kind) = match source {
            LegacySource::Package(specifier) => (specifier, EntryKind::Provided),
            LegacySource::File(path) => (path, EntryKind::Export),
        };
        EntryRequest {
            name: name.clone(),
            specifier: specifier.clone(),
            kind,
        }
    };
    side.exports.iter().map(entry).collect()
}

/// The fixed export name of a framework entry.
pub(super) fn framework_entry(side: Side) -> String {
    format!("src/entry.{side}")
}
