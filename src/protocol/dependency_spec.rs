//! What a value in `dependencies` says (PROTOCOL §5.2): which package it really is, and which versions are
//! accepted.

use super::range_cache::read_range;

/// The class of one dependency value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencySpec<'a> {
    /// `npm:<name>@<range>`: the key stands for another package.
    Alias {
        /// The package it stands for.
        real_name: &'a str,
        /// The range behind the name, when it is one that npm understands.
        range: Option<&'a str>,
    },
    /// A range of versions of the package the key names.
    Range(&'a str),
    /// `workspace:`, `file:`, `link:`, `portal:`: whatever lies there.
    Placeholder,
    /// A tag, a catalog, a URL: nothing that could be checked.
    Opaque,
}

const PLACEHOLDERS: [&str; 4] = ["workspace:", "file:", "link:", "portal:"];

impl<'a> DependencySpec<'a> {
    /// Classifies a dependency value.
    pub fn parse(value: &'a str) -> Self {
        if let Some(target) = value.strip_prefix("npm:") {
            // The `@` of a scoped name is at the start; the next one separates name and range.
            let name_starts = usize::from(target.starts_with('@'));
            let (real_name, range) = match target[name_starts..].find('@') {
                Some(at) => (&target[..name_starts + at], Some(&target[name_starts + at + 1..])),
                None => (target, None),
            };
            return if real_name.is_empty() {
                Self::Opaque
            } else {
                Self::Alias {
                    real_name,
                    range: range.filter(|range| read_range(range).is_some()),
                }
            };
        }
        if PLACEHOLDERS.iter().any(|prefix| value.starts_with(prefix)) {
            Self::Placeholder
        } else if read_range(value).is_some() {
            Self::Range(value)
        } else {
            Self::Opaque
        }
    }

    /// The range that versions can be checked against.
    pub fn checkable_range(self) -> Option<&'a str> {
        match self {
            Self::Alias { range, .. } => range,
            Self::Range(range) => Some(range),
            Self::Placeholder | Self::Opaque => None,
        }
    }

    /// The package an alias stands for.
    pub fn alias_target(self) -> Option<&'a str> {
        match self {
            Self::Alias { real_name, .. } => Some(real_name),
            _ => None,
        }
    }
}

/// The package that a dependency key stands for, given its value.
pub fn effective_name<'a>(key: &'a str, value: &'a str) -> &'a str {
    DependencySpec::parse(value).alias_target().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_table_has_its_class() {
        let alias = |real_name, range| DependencySpec::Alias { real_name, range };
        for (value, class) in [
            ("npm:@acme/kit@^1.0.0", alias("@acme/kit", Some("^1.0.0"))),
            ("npm:vue@^2.7.0", alias("vue", Some("^2.7.0"))),
            ("npm:vue@latest", alias("vue", None)),
            ("npm:vue", alias("vue", None)),
            ("npm:@acme/kit", alias("@acme/kit", None)),
            ("npm:vue@", alias("vue", Some(""))),
            ("npm:", DependencySpec::Opaque),
            ("workspace:^3.0.0", DependencySpec::Placeholder),
            ("file:../kit", DependencySpec::Placeholder),
            ("link:../kit", DependencySpec::Placeholder),
            ("portal:../kit", DependencySpec::Placeholder),
            ("", DependencySpec::Range("")),
            ("*", DependencySpec::Range("*")),
            ("x", DependencySpec::Range("x")),
            (">=1 <2 || 3", DependencySpec::Range(">=1 <2 || 3")),
            ("latest", DependencySpec::Opaque),
            ("catalog:", DependencySpec::Opaque),
            ("git+ssh://git@example.org/a.git", DependencySpec::Opaque),
            ("https://example.org/a.tgz", DependencySpec::Opaque),
            ("acme/kit", DependencySpec::Opaque),
            ("github:acme/kit", DependencySpec::Opaque),
        ] {
            assert_eq!(DependencySpec::parse(value), class, "{value}");
        }
    }
}
