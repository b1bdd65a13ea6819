//! Which specifiers mean what in which part of a module (PROTOCOL §11.2.3, §11.2.4), before identifiers
//! become URLs.
//!
//! A module built from a declaration has one table, the `""` scope, for everything below its directory.
//! Legacy modules have scopes inside it:
//!
//! ```text
//! ""            { vue: shared/vue,  router: shared/router }     /m/
//! "admin/"      { vue: shared/vue2 }                            /m/admin/…
//! "admin/page"  { store: other/store }                          /m/admin/page.1a2b3c4d.final.mjs
//! ```
//!
//! Every inner table here already holds what it inherits, so that an import never has to fall through from
//! one prefix scope to the next (browsers have had defects there): `admin/page` also says `vue: shared/vue2`
//! and `router: shared/router`.

use indexmap::IndexMap;

use crate::protocol::manifest::Manifest;

use super::url_space::plain_path;

/// Specifier → identifier or URL.
pub(super) type WiringTable<'a> = IndexMap<&'a str, &'a str>;

/// A part of a module's URL space, relative to its directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Area<'a> {
    /// Everything below a directory; the empty path is the whole module.
    Below(&'a str),
    /// One file.
    File(&'a str),
}

impl<'a> Area<'a> {
    /// Where a scope name of a manifest applies. A name that is neither a directory nor an export has no
    /// place.
    fn of_scope(manifest: &'a Manifest, scope_name: &'a str) -> Option<Self> {
        if scope_name.is_empty() || scope_name.ends_with('/') {
            return Some(Self::Below(plain_path(scope_name)));
        }
        manifest
            .exports
            .get(scope_name)
            .map(|export| Self::File(plain_path(&export.file)))
    }

    /// The path of the area.
    pub(super) fn path(&self) -> &'a str {
        match self {
            Self::Below(path) | Self::File(path) => path,
        }
    }

    fn contains(&self, other: &Self) -> bool {
        match self {
            Self::Below(directory) => other.path().starts_with(directory),
            Self::File(_) => self == other,
        }
    }

    /// Orders areas that contain a common one from the outermost to the innermost.
    fn depth(&self) -> (usize, usize) {
        match self {
            Self::Below(path) => (0, path.len()),
            Self::File(path) => (1, path.len()),
        }
    }
}

/// The complete table of every area that has one, outer areas before inner ones.
pub(super) fn scope_tables(manifest: &Manifest) -> Vec<(Area<'_>, WiringTable<'_>)> {
    let mut scopes: Vec<_> = manifest
        .scopes
        .iter()
        .filter_map(|(name, table)| Some((Area::of_scope(manifest, name)?, name, table)))
        .collect();
    // `./` is the same place as the module scope, and inside it.
    scopes.sort_by_key(|(area, name, _)| (area.depth(), !name.is_empty()));

    let mut merged: IndexMap<&str, (Area<'_>, WiringTable<'_>)> = IndexMap::new();
    for (area, ..) in &scopes {
        if merged.contains_key(area.path()) {
            continue;
        }
        let table = scopes
            .iter()
            .filter(|(outer, ..)| outer.contains(area))
            .flat_map(|(.., table)| table.iter())
            .map(|(specifier, target)| (specifier.as_str(), target.as_str()))
            .collect();
        merged.insert(area.path(), (area.clone(), table));
    }
    merged.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_tables_hold_what_they_inherit() {
        let manifest = Manifest::parse(
            br#"{
                "name": "m",
                "exports": {
                    "admin/page": { "file": "admin/page.1a.final.mjs", "identifier": "m/admin/page" },
                    "admin": { "file": "admin.2b.final.mjs", "identifier": "m/admin" }
                },
                "scopes": {
                    "admin/page": { "store": "other/store" },
                    "admin": { "vue": "own/vue" },
                    "": { "vue": "shared/vue", "router": "shared/router" },
                    "./admin/": { "vue": "shared/vue2" },
                    "nowhere": { "vue": "x/vue" }
                }
            }"#,
        )
        .unwrap();
        let tables = scope_tables(&manifest);
        let areas: Vec<_> = tables.iter().map(|(area, _)| area.path()).collect();
        assert_eq!(
            areas,
            ["", "admin/", "admin.2b.final.mjs", "admin/page.1a.final.mjs"]
        );
        assert_eq!(tables[0].1["vue"], "shared/vue");
        assert_eq!(
            (tables[1].1["vue"], tables[1].1["router"]),
            ("shared/vue2", "shared/router")
        );
        // `admin` is a file beside the directory `admin/`, not inside it.
        assert_eq!(
            (tables[2].1["vue"], tables[2].1["router"]),
            ("own/vue", "shared/router")
        );
        assert_eq!(
            (tables[3].1["vue"], tables[3].1["store"]),
            ("shared/vue2", "other/store")
        );
    }
}
