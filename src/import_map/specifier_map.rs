//! A normalised table of specifiers in the order in which the standard walks it.

use indexmap::IndexMap;
use url::Url;

/// The HTML standard's *module specifier map*: specifier key → URL, or null where it is blocked, sorted by
/// code units in descending order.
///
/// The standard walks the whole map for every import. Descending order puts a key before every proper
/// prefix of it, so "the exact key, else the matching keys that end in a slash, longest first" finds the same
/// entry without the walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpecifierMap {
    entries: IndexMap<String, Option<Url>>,
    slash_keys: Vec<usize>,
}

impl SpecifierMap {
    /// Sorts the entries as "sort and normalize a module specifier map", step 3.
    pub(super) fn from_normalized(mut entries: IndexMap<String, Option<Url>>) -> Self {
        entries.sort_by(|left, _, right, _| compare_code_units(right, left));
        let slash_keys = entries
            .keys()
            .enumerate()
            .filter(|(_, key)| key.ends_with('/'))
            .map(|(index, _)| index)
            .collect();
        Self { entries, slash_keys }
    }

    /// The entries, greatest key first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&Url>)> {
        self.entries
            .iter()
            .map(|(key, address)| (key.as_str(), address.as_ref()))
    }

    /// The entry with exactly this key; the inner `None` is a null entry.
    pub fn get(&self, key: &str) -> Option<Option<&Url>> {
        self.entries.get(key).map(Option::as_ref)
    }

    /// The first entry whose key ends in a slash and is a code unit prefix of `specifier`.
    pub fn longest_prefix_of(&self, specifier: &str) -> Option<(&str, Option<&Url>)> {
        self.slash_keys
            .iter()
            .filter_map(|&index| self.entries.get_index(index))
            .find(|(key, _)| specifier.starts_with(key.as_str()))
            .map(|(key, address)| (key.as_str(), address.as_ref()))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Infra, "code unit less than": UTF-16 order, which differs from Rust's byte order where a character beyond
/// U+FFFF meets one between U+E000 and U+FFFF.
pub(super) fn compare_code_units(left: &str, right: &str) -> std::cmp::Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> SpecifierMap {
        SpecifierMap::from_normalized(names.iter().map(|name| ((*name).to_owned(), None)).collect())
    }

    #[test]
    fn keys_are_sorted_by_code_units_descending() {
        let map = keys(&["a", "a/b/", "\u{ff5e}", "a/", "\u{1f600}"]);
        let sorted: Vec<_> = map.iter().map(|(key, _)| key).collect();
        assert_eq!(sorted, ["\u{ff5e}", "\u{1f600}", "a/b/", "a/", "a"]);
    }

    #[test]
    fn the_longest_slash_key_is_found_first() {
        let map = keys(&["a/", "a/b/", "a/b"]);
        assert_eq!(map.longest_prefix_of("a/b/c").map(|(key, _)| key), Some("a/b/"));
        assert_eq!(map.longest_prefix_of("a/c").map(|(key, _)| key), Some("a/"));
        assert_eq!(map.longest_prefix_of("ab"), None);
    }
}
