//! `importmap resolve`: the HTML standard's algorithm on any map.

use indexmap::IndexMap;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::ResolveOptions;
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};
use crate::import_map::{
    NormalizedImportMap, SpecifierMap, parse_import_map_string, resolve_module_specifier,
};

/// What a map is after parsing, and what specifiers mean under it.
#[derive(Debug, Default, Serialize)]
pub struct ResolveReport {
    /// Why there is no map at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The map, sorted and normalised.
    pub parsed: Option<ParsedMap>,
    /// Specifier → URL, or `None` where the standard throws.
    pub results: IndexMap<String, Option<String>>,
    /// Specifier → why the standard throws.
    pub reasons: IndexMap<String, String>,
    /// What a browser tells its console about the map.
    pub warnings: Vec<String>,
    /// The error as a finding.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// The standard's *import map* struct, its tables in the standard's order: by code units, descending.
#[derive(Debug, Serialize)]
pub struct ParsedMap {
    /// Specifier → URL, or `None` where the address is no good.
    pub imports: Table,
    /// Scope prefix → its table.
    pub scopes: IndexMap<String, Table>,
    /// URL → integrity metadata; absent when the text has no such member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<IndexMap<String, String>>,
}

/// A table of specifiers.
type Table = IndexMap<String, Option<String>>;

/// Parses the map and resolves every specifier.
pub(super) fn resolve(options: &ResolveOptions) -> Result<ResolveReport, CommandError> {
    let text = options.map.read()?;
    let parsed = match parse_import_map_string(&text, &options.base) {
        Ok(parsed) => parsed,
        Err(error) => return Ok(no_map(options, &error.to_string())),
    };
    let mut report = ResolveReport {
        parsed: Some(ParsedMap::of(&parsed.map, &text)),
        warnings: parsed.warnings.iter().map(ToString::to_string).collect(),
        ..ResolveReport::default()
    };
    for specifier in &options.specifiers {
        let resolved = resolve_module_specifier(&parsed.map, specifier, &options.referrer);
        if let Err(error) = &resolved {
            report.reasons.insert(specifier.clone(), error.to_string());
        }
        report
            .results
            .insert(specifier.clone(), resolved.ok().map(String::from));
    }
    Ok(report)
}

fn no_map(options: &ResolveOptions, error: &str) -> ResolveReport {
    let label = options.map.label();
    ResolveReport {
        error: Some(error.to_owned()),
        results: options
            .specifiers
            .iter()
            .map(|specifier| (specifier.clone(), None))
            .collect(),
        diagnostics: vec![Diagnostic::new(
            Code::ImportMap,
            label.clone(),
            format!("{label} is no import map: {error}. A browser would ignore all of it."),
            "Write an object with the members `imports`, `scopes` and `integrity`, each an object, all optional.",
        )],
        ..ResolveReport::default()
    }
}

impl ParsedMap {
    fn of(map: &NormalizedImportMap, text: &str) -> Self {
        let scopes = map.scopes.iter();
        Self {
            imports: table(&map.imports),
            scopes: scopes
                .map(|(prefix, scope)| (prefix.clone(), table(scope)))
                .collect(),
            integrity: has_integrity(text).then(|| map.integrity.clone()),
        }
    }
}

fn table(map: &SpecifierMap) -> Table {
    map.iter()
        .map(|(key, address)| (key.to_owned(), address.map(ToString::to_string)))
        .collect()
}

/// A map that says nothing of integrity is told as it is written, without an empty table.
fn has_integrity(text: &str) -> bool {
    serde_json::from_str::<IndexMap<String, IgnoredAny>>(text)
        .is_ok_and(|members| members.contains_key("integrity"))
}
