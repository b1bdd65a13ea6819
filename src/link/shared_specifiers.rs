//! What a shared import map answers for the code of one module, and what the user keeps outside besides. Whoever
//! bundles against a shared map invents no policy of his own: what the map resolves stays an import.

use std::collections::BTreeMap;

use super::plain::Pattern;

/// Specifiers that stay imports. Empty says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharedSpecifiers {
    /// Specifier → whether it has an address; the most specific table first.
    tables: Vec<BTreeMap<String, bool>>,
    patterns: Vec<Pattern>,
}

impl SharedSpecifiers {
    /// `tables` are those that apply to the module, the most specific first: specifier, or prefix that ends in `/`,
    /// and whether it has an address. `external` are names (`react` means `react/jsx-runtime` too) and patterns
    /// with `*`.
    pub fn new(tables: Vec<BTreeMap<String, bool>>, external: &[String]) -> Self {
        Self {
            tables,
            patterns: external.iter().map(|text| Pattern::new(text)).collect(),
        }
    }

    /// Whether a bare specifier is answered by somebody else.
    pub fn contains(&self, specifier: &str) -> bool {
        self.patterns
            .iter()
            .any(|pattern| pattern.matches_specifier(specifier))
            || self.tables.iter().find_map(|table| answer(table, specifier)) == Some(true)
    }
}

/// The exact entry, else that of the longest prefix; an entry without an address blocks what lies further out.
fn answer(table: &BTreeMap<String, bool>, specifier: &str) -> Option<bool> {
    let exact = table.get(specifier).copied();
    exact.or_else(|| {
        let slashes = specifier.rmatch_indices('/');
        let mut prefixes = slashes.map(|(at, _)| &specifier[..=at]);
        prefixes.find_map(|prefix| table.get(prefix).copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_entry_answers() {
        let table = |entries: &[(&str, bool)]| {
            entries
                .iter()
                .map(|(specifier, has_address)| ((*specifier).to_owned(), *has_address))
                .collect::<BTreeMap<_, _>>()
        };
        let shared = SharedSpecifiers::new(
            vec![
                table(&[("own", false), ("kit/old/", false)]),
                table(&[("own", true), ("vue", true), ("kit/", true)]),
            ],
            &["@acme/*".to_owned(), "react".to_owned()],
        );
        for specifier in ["vue", "kit/a", "kit/a/b", "@acme/x", "react", "react/jsx-runtime"] {
            assert!(shared.contains(specifier), "{specifier}");
        }
        for specifier in ["own", "vue/dist", "kit", "kit/old/a", "reactive", "@acme"] {
            assert!(!shared.contains(specifier), "{specifier}");
        }
        assert!(!SharedSpecifiers::default().contains("vue"));
    }
}
