//! HTML standard, "Module specifier resolution", "The resolution algorithm": what a browser, or Node through
//! our loader, does with `import "…"`. Steps carry the numbers of the standard's text.

use thiserror::Error;
use url::Url;

use super::parse::NormalizedImportMap;
use super::specifier_map::SpecifierMap;
use super::url_text::parse_url;

/// Why an import fails: the cases in which the standard throws a `TypeError`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResolveError {
    /// An entry of the map is null.
    #[error("`{key}` is blocked by a null entry")]
    BlockedByNull {
        /// The key of the null entry.
        key: String,
    },
    /// What follows a matching prefix is no URL relative to the prefix's address.
    #[error("what follows `{key}` in `{specifier}` cannot be parsed as a URL below its address")]
    NotAUrlBelowPrefix {
        /// The normalised specifier.
        specifier: String,
        /// The key that matched.
        key: String,
    },
    /// What follows a matching prefix climbs above the prefix's address.
    #[error("`{specifier}` climbs above the address of its prefix `{key}`")]
    Backtracking {
        /// The normalised specifier.
        specifier: String,
        /// The key that matched.
        key: String,
    },
    /// A bare specifier that nothing maps.
    #[error("`{specifier}` is a bare specifier that no entry maps")]
    NotMapped {
        /// The specifier as written.
        specifier: String,
    },
}

/// "Resolve a module specifier", for a referrer whose URL is `base_url` (steps 1 to 5 find that URL and the
/// map in the browser's own state and are the caller's; so is the resolved module set of step 13.1).
///
/// # Errors
/// Where the standard throws a `TypeError`.
pub fn resolve_module_specifier(
    import_map: &NormalizedImportMap,
    specifier: &str,
    base_url: &Url,
) -> Result<Url, ResolveError> {
    // 6. Serialize the base URL.
    let serialized_base_url = base_url.as_str();
    // 7. Resolve a URL-like module specifier.
    let as_url = resolve_url_like_module_specifier(specifier, base_url);
    // 8. The normalized specifier is the serialized URL, or else the specifier itself.
    let normalized_specifier = as_url.as_ref().map_or(specifier, Url::as_str);
    // 9. Nothing is found yet.
    let mut result = None;
    // 10. For each scope, most specific first; 10.1. if it is the referrer, or a prefix of it that ends in a
    //     slash:
    for scope_imports in import_map.scopes_of(serialized_base_url) {
        // 10.1.1. Resolve an imports match in it. 10.1.2. A match ends the walk.
        result = resolve_imports_match(normalized_specifier, as_url.as_ref(), scope_imports)?;
        if result.is_some() {
            break;
        }
    }
    // 11. Otherwise resolve an imports match in the top-level table.
    if result.is_none() {
        result = resolve_imports_match(normalized_specifier, as_url.as_ref(), &import_map.imports)?;
    }
    // 12. Otherwise the specifier's own URL. 13. Return it. 14. Or throw: it was bare and not mapped.
    result.or(as_url).ok_or_else(|| ResolveError::NotMapped {
        specifier: specifier.to_owned(),
    })
}

/// "Resolve an imports match". `Ok(None)` is the standard's null.
fn resolve_imports_match(
    normalized_specifier: &str,
    as_url: Option<&Url>,
    specifier_map: &SpecifierMap,
) -> Result<Option<Url>, ResolveError> {
    // 1. For each entry (see `SpecifierMap` for why this order is the walk of the standard):
    // 1.1. If the key is the normalized specifier:
    if let Some(resolution_result) = specifier_map.get(normalized_specifier) {
        // 1.1.1. A null entry blocks it. 1.1.2. and 1.1.3. Otherwise this is the result.
        return match resolution_result {
            None => Err(ResolveError::BlockedByNull {
                key: normalized_specifier.to_owned(),
            }),
            Some(address) => Ok(Some(address.clone())),
        };
    }
    // 1.2. If the key ends in a slash, is a code unit prefix of the normalized specifier, and the specifier
    //      is bare or a special URL (`https:`, `file:`, …; never `data:`, `node:`, `blob:`):
    if as_url.is_none_or(Url::is_special)
        && let Some((specifier_key, resolution_result)) =
            specifier_map.longest_prefix_of(normalized_specifier)
    {
        // 1.2.1. A null entry blocks it. 1.2.2. Otherwise the address is a URL.
        let Some(address) = resolution_result else {
            return Err(ResolveError::BlockedByNull {
                key: specifier_key.to_owned(),
            });
        };
        // 1.2.3. The part after the prefix. 1.2.4. The address ends in a slash, as parsing made sure.
        let after_prefix = &normalized_specifier[specifier_key.len()..];
        // 1.2.5. Parse it relative to the address. 1.2.6. Failure throws. 1.2.7. It is a URL.
        let Ok(url) = parse_url(after_prefix, Some(address)) else {
            return Err(ResolveError::NotAUrlBelowPrefix {
                specifier: normalized_specifier.to_owned(),
                key: specifier_key.to_owned(),
            });
        };
        // 1.2.8. It may not leave the address's directory.
        if !url.as_str().starts_with(address.as_str()) {
            return Err(ResolveError::Backtracking {
                specifier: normalized_specifier.to_owned(),
                key: specifier_key.to_owned(),
            });
        }
        // 1.2.9. Return it.
        return Ok(Some(url));
    }
    // 2. Nothing matches.
    Ok(None)
}

/// "Resolve a URL-like module specifier".
pub(super) fn resolve_url_like_module_specifier(specifier: &str, base_url: &Url) -> Option<Url> {
    // 1. If it starts with `/`, `./` or `../`: 1.1. parse it with the base; 1.2. null on failure; 1.3. return it.
    if specifier.starts_with('/') || specifier.starts_with("./") || specifier.starts_with("../") {
        return parse_url(specifier, Some(base_url)).ok();
    }
    // 2. Parse it without a base. 3. Null on failure. 4. Return it.
    parse_url(specifier, None).ok()
}
