//! HTML standard, "Import map processing model": from the text of an import map to the form that
//! resolution reads. Steps carry the numbers of the standard's text. What the standard reports to the
//! console is collected as [`ParseWarning`]s.

use indexmap::IndexMap;
use thiserror::Error;
use url::Url;

use super::json::{self, JsonObject, JsonValue};
use super::resolve::resolve_url_like_module_specifier;
use super::specifier_map::{SpecifierMap, compare_code_units};
use super::url_text::parse_url;

/// The HTML standard's *import map* struct. [`parse_import_map_string`] writes it;
/// [`resolve_module_specifier`](super::resolve_module_specifier) reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NormalizedImportMap {
    /// The top-level table.
    pub imports: SpecifierMap,
    /// Serialized scope prefix and its table, by code units descending: more specific before less specific.
    pub scopes: IndexMap<String, SpecifierMap>,
    /// Serialized URL → integrity metadata.
    pub integrity: IndexMap<String, String>,
}

impl NormalizedImportMap {
    /// The scopes that apply to a referrer, in the order in which the standard's walk over all scopes meets
    /// them: of the prefixes of one text the longer is the greater.
    pub fn scopes_of<'a>(&'a self, serialized_url: &'a str) -> impl Iterator<Item = &'a SpecifierMap> {
        let slashes = serialized_url
            .rmatch_indices('/')
            .map(|(slash, _)| &serialized_url[..=slash]);
        let directories = slashes.filter(move |directory| *directory != serialized_url);
        std::iter::once(serialized_url)
            .chain(directories)
            .filter_map(|prefix| self.scopes.get(prefix))
    }

    /// "Resolve a module integrity metadata": the metadata for a URL, the empty string without one.
    pub fn integrity_of(&self, url: &Url) -> &str {
        self.integrity.get(url.as_str()).map_or("", String::as_str)
    }
}

/// A map and what was odd about its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The usable map.
    pub map: NormalizedImportMap,
    /// What was dropped or blocked, in the order of the text.
    pub warnings: Vec<ParseWarning>,
}

/// Why there is no map: the cases in which the standard throws.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseError {
    /// The text is not JSON.
    #[error("an import map has to be JSON: {0}")]
    NotJson(String),
    /// The top-level value is not an object.
    #[error("the top-level value of an import map has to be an object")]
    TopLevelNotAnObject,
    /// `imports`, `scopes` or `integrity` is not an object.
    #[error("`{0}` of an import map has to be an object")]
    MemberNotAnObject(&'static str),
    /// The value of a scope is not an object.
    #[error("the scope `{0}` of an import map has to be an object")]
    ScopeNotAnObject(String),
}

/// What the standard tells the console.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseWarning {
    /// A top-level key that the standard does not know.
    #[error("`{0}` is not a top-level key of an import map; known are `imports`, `scopes` and `integrity`")]
    UnknownTopLevelKey(String),
    /// A specifier key is the empty string.
    #[error("the empty string cannot be a specifier key")]
    EmptySpecifierKey,
    /// An address is not a string; the key is blocked.
    #[error("the address of `{0}` is not a string")]
    AddressNotAString(String),
    /// An address is not URL-like; the key is blocked.
    #[error("the address `{address}` of `{key}` is neither a URL nor starts with `/`, `./` or `../`")]
    AddressNotAUrl {
        /// The specifier key as written.
        key: String,
        /// The address as written.
        address: String,
    },
    /// The key ends in a slash and the address does not; the key is blocked.
    #[error("`{key}` ends in a slash, so its address `{address}` has to end in one too")]
    AddressWithoutSlash {
        /// The specifier key as written.
        key: String,
        /// The address as written.
        address: String,
    },
    /// A scope prefix cannot be parsed; the scope is dropped.
    #[error("the scope prefix `{0}` is not a URL")]
    ScopePrefixNotAUrl(String),
    /// A key of `integrity` is not URL-like; the entry is dropped.
    #[error("the integrity key `{0}` is neither a URL nor starts with `/`, `./` or `../`")]
    IntegrityKeyNotAUrl(String),
    /// A value of `integrity` is not a string; the entry is dropped.
    #[error("the integrity of `{0}` is not a string")]
    IntegrityNotAString(String),
}

/// "Parse an import map string".
///
/// # Errors
/// Where the standard throws: the text is not JSON, or an object is missing where one has to be.
pub fn parse_import_map_string(input: &str, base_url: &Url) -> Result<Parsed, ParseError> {
    let mut warnings = Vec::new();
    // 1. Parse the JSON.
    let parsed = json::read(input).map_err(|error| ParseError::NotJson(error.to_string()))?;
    // 2. It has to be an object.
    let JsonValue::Object(parsed) = parsed else {
        return Err(ParseError::TopLevelNotAnObject);
    };
    // 3. and 4. The sorted and normalized imports.
    let imports = match member(&parsed, "imports")? {
        Some(original) => sort_and_normalize_module_specifier_map(original, base_url, &mut warnings),
        None => SpecifierMap::default(),
    };
    // 5. and 6. The sorted and normalized scopes.
    let scopes = match member(&parsed, "scopes")? {
        Some(original) => sort_and_normalize_scopes(original, base_url, &mut warnings)?,
        None => IndexMap::new(),
    };
    // 7. and 8. The normalized integrity.
    let integrity = match member(&parsed, "integrity")? {
        Some(original) => normalize_module_integrity_map(original, base_url, &mut warnings),
        None => IndexMap::new(),
    };
    // 9. Other keys are reported.
    warnings.extend(
        parsed
            .keys()
            .filter(|key| !matches!(key.as_str(), "imports" | "scopes" | "integrity"))
            .map(|key| ParseWarning::UnknownTopLevelKey(key.clone())),
    );
    // 10. The import map.
    Ok(Parsed {
        map: NormalizedImportMap {
            imports,
            scopes,
            integrity,
        },
        warnings,
    })
}

/// Steps 4, 6 and 8 share this: the member, if it exists, has to be an object.
fn member<'a>(parsed: &'a JsonObject, key: &'static str) -> Result<Option<&'a JsonObject>, ParseError> {
    match parsed.get(key) {
        None => Ok(None),
        Some(JsonValue::Object(object)) => Ok(Some(object)),
        Some(_) => Err(ParseError::MemberNotAnObject(key)),
    }
}

/// "Sort and normalize a module specifier map".
fn sort_and_normalize_module_specifier_map(
    original_map: &JsonObject,
    base_url: &Url,
    warnings: &mut Vec<ParseWarning>,
) -> SpecifierMap {
    // 1. An empty map.
    let mut normalized = IndexMap::new();
    // 2. For each entry:
    for (specifier_key, value) in original_map {
        // 2.1. Normalize the key. 2.2. Skip it on null.
        let Some(key) = normalize_specifier_key(specifier_key, base_url, warnings) else {
            continue;
        };
        // 2.3. to 2.6. Find the address, or warn and block the key. 2.7. Set it.
        normalized.insert(key, address_of(specifier_key, value, base_url, warnings));
    }
    // 3. Sort in descending order.
    SpecifierMap::from_normalized(normalized)
}

/// Steps 2.3 to 2.6 of "sort and normalize a module specifier map": the address, or null with a warning.
fn address_of(
    specifier_key: &str,
    value: &JsonValue,
    base_url: &Url,
    warnings: &mut Vec<ParseWarning>,
) -> Option<Url> {
    // 2.3. A value that is not a string blocks the key.
    let JsonValue::Text(address) = value else {
        warnings.push(ParseWarning::AddressNotAString(specifier_key.to_owned()));
        return None;
    };
    // 2.4. Resolve it as a URL-like specifier. 2.5. Null blocks the key.
    let Some(address_url) = resolve_url_like_module_specifier(address, base_url) else {
        warnings.push(ParseWarning::AddressNotAUrl {
            key: specifier_key.to_owned(),
            address: address.clone(),
        });
        return None;
    };
    // 2.6. A key with a final slash needs an address with one.
    if specifier_key.ends_with('/') && !address_url.as_str().ends_with('/') {
        warnings.push(ParseWarning::AddressWithoutSlash {
            key: specifier_key.to_owned(),
            address: address.clone(),
        });
        return None;
    }
    Some(address_url)
}

/// "Sort and normalize scopes".
fn sort_and_normalize_scopes(
    original_map: &JsonObject,
    base_url: &Url,
    warnings: &mut Vec<ParseWarning>,
) -> Result<IndexMap<String, SpecifierMap>, ParseError> {
    // 1. An empty map.
    let mut normalized = IndexMap::new();
    // 2. For each entry:
    for (scope_prefix, potential_specifier_map) in original_map {
        // 2.1. It has to be an object.
        let JsonValue::Object(specifier_map) = potential_specifier_map else {
            return Err(ParseError::ScopeNotAnObject(scope_prefix.clone()));
        };
        // 2.2. Parse the prefix (any URL, not only a URL-like specifier). 2.3. Failure drops the scope.
        let Ok(scope_prefix_url) = parse_url(scope_prefix, Some(base_url)) else {
            warnings.push(ParseWarning::ScopePrefixNotAUrl(scope_prefix.clone()));
            continue;
        };
        // 2.4. Serialize it. 2.5. Set it.
        normalized.insert(
            String::from(scope_prefix_url),
            sort_and_normalize_module_specifier_map(specifier_map, base_url, warnings),
        );
    }
    // 3. Sort in descending order.
    normalized.sort_by(|left, _, right, _| compare_code_units(right, left));
    Ok(normalized)
}

/// "Normalize a module integrity map".
fn normalize_module_integrity_map(
    original_map: &JsonObject,
    base_url: &Url,
    warnings: &mut Vec<ParseWarning>,
) -> IndexMap<String, String> {
    // 1. An empty map.
    let mut normalized = IndexMap::new();
    // 2. For each entry:
    for (key, value) in original_map {
        // 2.1. Resolve the key as a URL-like specifier. 2.2. Null drops the entry.
        let Some(resolved_url) = resolve_url_like_module_specifier(key, base_url) else {
            warnings.push(ParseWarning::IntegrityKeyNotAUrl(key.clone()));
            continue;
        };
        // 2.3. A value that is not a string drops the entry.
        let JsonValue::Text(metadata) = value else {
            warnings.push(ParseWarning::IntegrityNotAString(key.clone()));
            continue;
        };
        // 2.4. Set it.
        normalized.insert(String::from(resolved_url), metadata.clone());
    }
    // 3. Return it.
    normalized
}

/// "Normalize a specifier key".
fn normalize_specifier_key(
    specifier_key: &str,
    base_url: &Url,
    warnings: &mut Vec<ParseWarning>,
) -> Option<String> {
    // 1. The empty string is reported and dropped.
    if specifier_key.is_empty() {
        warnings.push(ParseWarning::EmptySpecifierKey);
        return None;
    }
    // 2. Resolve it as a URL-like specifier. 3. Its serialization, if it is one. 4. Otherwise the key itself.
    match resolve_url_like_module_specifier(specifier_key, base_url) {
        Some(url) => Some(String::from(url)),
        None => Some(specifier_key.to_owned()),
    }
}
