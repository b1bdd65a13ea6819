//! The protocol's names: sides, module names, identifiers, and how a specifier splits into package and
//! subpath.

use std::borrow::Borrow;
use std::fmt;

/// The environment a build is for (PROTOCOL §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Browsers.
    Client,
    /// Node.
    Server,
}

impl Side {
    /// Both sides, client first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// `client` or `server`: the key of a fork and the name of the directory under `dist`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The `name` of a package that takes part in linking; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleName(String);

impl ModuleName {
    /// Takes any text but the empty one.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Borrow<str> for ModuleName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The npm package part and the rest of a bare specifier: `@a/b/c` → (`@a/b`, `/c`), `vue` → (`vue`,
/// nothing).
pub fn split_package(specifier: &str) -> (&str, &str) {
    let search_from = if specifier.starts_with('@') {
        match specifier.find('/') {
            Some(slash) => slash + 1,
            None => return (specifier, ""),
        }
    } else {
        0
    };
    match specifier[search_from..].find('/') {
        Some(slash) => specifier.split_at(search_from + slash),
        None => (specifier, ""),
    }
}

/// Whether a text can be the name of an npm package: one segment, or `@scope/segment`, of characters that
/// URLs need no escapes for. Upper case is allowed, as old packages have it.
pub fn is_package_name(name: &str) -> bool {
    let is_segment = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with(['.', '_'])
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    match name.strip_prefix('@') {
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, segment)| is_segment(scope) && is_segment(segment)),
        None => is_segment(name),
    }
}

/// A source path without its last extension, when that is one of PROTOCOL §14.3: the name other builders
/// derive from the path.
pub fn strip_source_extension(path: &str) -> &str {
    const EXTENSIONS: [&str; 12] = [
        "js", "mjs", "cjs", "jsx", "mjsx", "cjsx", "ts", "mts", "cts", "tsx", "mtsx", "ctsx",
    ];
    match path.rsplit_once('.') {
        Some((stem, extension))
            if EXTENSIONS
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known)) =>
        {
            stem
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_split_from_their_subpaths() {
        assert_eq!(split_package("vue"), ("vue", ""));
        assert_eq!(split_package("vue/jsx-runtime"), ("vue", "/jsx-runtime"));
        assert_eq!(
            split_package("@acme/kit/form/input"),
            ("@acme/kit", "/form/input")
        );
        assert_eq!(split_package("@acme"), ("@acme", ""));
    }

    #[test]
    fn names_that_would_break_urls_are_no_package_names() {
        assert!(is_package_name("vue2-app") && is_package_name("@acme/kit"));
        for name in ["", "../x", "a/b", "@a", "@a/b/c", "a b", "ü", ".hidden"] {
            assert!(!is_package_name(name), "{name}");
        }
    }

    #[test]
    fn only_source_extensions_are_stripped() {
        assert_eq!(strip_source_extension("src/main.client.ts"), "src/main.client");
        assert_eq!(strip_source_extension("src/a.d.TS"), "src/a.d");
        assert_eq!(strip_source_extension("src/a.vue"), "src/a.vue");
    }
}
