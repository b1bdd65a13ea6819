//! What the manifest of a side says beyond what its chunks know.

use indexmap::IndexMap;

use super::entries::framework_entry;
use crate::command::Mode;
use crate::emit::{Integrity, ManifestFacts, ProvidedVersion};
use crate::link::{LegacySide, Linkage};
use crate::protocol::{PackageRecord, Side, strip_source_extension};

pub(super) fn manifest_facts(linkage: &Linkage, side: Side, mode: Mode) -> ManifestFacts<'_> {
    let record = linkage.root();
    if let Some(legacy) = linkage.legacy() {
        return legacy_manifest_facts(record, legacy.on(side), mode);
    }
    let declaration = record.declaration.as_ref();
    let provides = linkage
        .elections
        .iter()
        .flat_map(|election| &election.candidates)
        .filter(|offer| offer.provider == record.name)
        .map(|offer| {
            let version = offer.version.clone().unwrap_or_else(|| "0.0.0".to_owned());
            (
                offer.name.clone(),
                ProvidedVersion {
                    version,
                    identity: offer.identity.clone(),
                },
            )
        })
        .collect();
    // Other builders derive a framework entry's name and key from its path: both forms work with both.
    let mut export_aliases = IndexMap::new();
    let mut chunk_aliases = IndexMap::new();
    let path = declaration.and_then(|declaration| declaration.entry.as_ref()?.on(side));
    if let Some(path) = path.and_then(|path| path.strip_prefix("./")) {
        let fixed = framework_entry(side);
        if strip_source_extension(path) != fixed {
            export_aliases.insert(strip_source_extension(path).to_owned(), fixed.clone());
        }
        // Rendering starts at the key of the default path, its extension included.
        if path != format!("{fixed}.ts") {
            chunk_aliases.insert(format!("{}@{fixed}.ts", record.name), fixed);
        }
    }
    ManifestFacts {
        name: &record.name,
        version: &record.version,
        uses: declaration
            .map(|one| one.uses.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        wiring: own_wiring(linkage),
        inner_scopes: IndexMap::new(),
        provides,
        export_aliases,
        chunk_aliases,
        integrity: integrity(mode),
    }
}

fn integrity(mode: Mode) -> Integrity {
    match mode {
        Mode::Production => Integrity::Listed,
        Mode::Development => Integrity::Omitted,
    }
}

/// All scopes, `provides` from the exported packages, and nobody used (PROTOCOL §14.4).
fn legacy_manifest_facts<'a>(record: &'a PackageRecord, side: &LegacySide, mode: Mode) -> ManifestFacts<'a> {
    let mut scopes = side.scopes.clone();
    let provides = side.provides.iter().map(|(name, installed)| {
        let version = installed.version.clone().unwrap_or_else(|| "0.0.0".to_owned());
        let identity = installed.identity.clone();
        (name.clone(), ProvidedVersion { version, identity })
    });
    ManifestFacts {
        name: &record.name,
        version: &record.version,
        uses: Vec::new(),
        wiring: scopes.shift_remove("").unwrap_or_default(),
        inner_scopes: scopes,
        provides: provides.collect(),
        export_aliases: IndexMap::new(),
        chunk_aliases: IndexMap::new(),
        integrity: integrity(mode),
    }
}

/// The complete wiring table, with the module's own offers pointing at itself (PROTOCOL §10.3).
fn own_wiring(linkage: &Linkage) -> IndexMap<String, String> {
    linkage
        .wiring_of(&linkage.root().name)
        .cloned()
        .unwrap_or_default()
}
