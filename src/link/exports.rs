//! What can be imported from a module by name (PROTOCOL §9.1): its logical exports, its provided packages,
//! its framework entries; for a legacy module what its manifests list.

use indexmap::IndexMap;

use crate::protocol::{Declaration, Manifest, Side, SideFiles};

/// The importable names of one module.
#[derive(Debug, Clone, Default)]
pub(super) struct ExportSurface {
    names: IndexMap<String, Sides>,
    /// Logical name → source files, to tell people the name of the file they asked for.
    sources: IndexMap<String, SideFiles>,
}

/// On which sides a name exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sides {
    Only(Side),
    Both,
    Neither,
}

/// The answer to "does this module export that name here?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exported {
    /// It does on this side.
    Yes,
    /// The name exists, but not on this side.
    Disabled,
    /// There is no such name.
    No,
}

impl Sides {
    fn of(sources: &SideFiles) -> Self {
        match (&sources.client, &sources.server) {
            (Some(_), Some(_)) => Self::Both,
            (Some(_), None) => Self::Only(Side::Client),
            (None, Some(_)) => Self::Only(Side::Server),
            (None, None) => Self::Neither,
        }
    }

    fn with(self, side: Side) -> Self {
        match self {
            Self::Neither => Self::Only(side),
            Self::Only(other) if other == side => self,
            _ => Self::Both,
        }
    }

    fn contains(self, side: Side) -> bool {
        self == Self::Both || self == Self::Only(side)
    }
}

impl ExportSurface {
    /// The surface of a declared module.
    pub(super) fn of_declaration(declaration: &Declaration) -> Self {
        let mut names = IndexMap::new();
        for (name, sources) in &declaration.exports {
            names.insert(name.clone(), Sides::of(sources));
        }
        for name in &declaration.provides {
            names.insert(name.clone(), Sides::Both);
        }
        for side in Side::BOTH {
            if declaration
                .entry
                .as_ref()
                .is_some_and(|entry| entry.on(side).is_some())
            {
                names.insert(format!("src/entry.{side}"), Sides::Only(side));
            }
        }
        Self {
            names,
            sources: declaration.exports.clone(),
        }
    }

    /// The surface of a legacy module.
    pub(super) fn of_manifests(client: Option<&Manifest>, server: Option<&Manifest>) -> Self {
        let mut names: IndexMap<String, Sides> = IndexMap::new();
        for (side, manifest) in [(Side::Client, client), (Side::Server, server)] {
            for name in manifest.iter().flat_map(|manifest| manifest.exports.keys()) {
                let sides = names.entry(name.clone()).or_insert(Sides::Neither);
                *sides = sides.with(side);
            }
        }
        Self {
            names,
            sources: IndexMap::new(),
        }
    }

    /// Asks for what stands behind the module's name: `""` for the bare name. `ui` also finds `ui/index`, and
    /// the bare name finds `index`.
    pub(super) fn find(&self, rest: &str, side: Side) -> Exported {
        let sides = if rest.is_empty() {
            self.names.get("index")
        } else {
            self.names
                .get(rest)
                .or_else(|| self.names.get(&format!("{rest}/index")))
        };
        match sides {
            Some(sides) if sides.contains(side) => Exported::Yes,
            Some(_) => Exported::Disabled,
            None => Exported::No,
        }
    }

    /// Whether the name exists, on whatever side, without an alias.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Whether a name exists on a side, without an alias.
    pub(super) fn is_on(&self, name: &str, side: Side) -> bool {
        self.names.get(name).is_some_and(|sides| sides.contains(side))
    }

    /// The names importable on a side, as listed in diagnostics.
    pub(super) fn names_on(&self, side: Side) -> impl Iterator<Item = &str> {
        self.names
            .iter()
            .filter(move |(_, sides)| sides.contains(side))
            .map(|(name, _)| name.as_str())
    }

    /// The logical name of the export whose source file is `rest`, with or without extension.
    pub(super) fn name_of_source(&self, rest: &str) -> Option<&str> {
        let is_source = |file: &str| {
            let file = file.trim_start_matches("./");
            file == rest
                || file
                    .strip_prefix(rest)
                    .is_some_and(|tail| tail.starts_with('.') && !tail.contains('/'))
        };
        self.sources.iter().find_map(|(name, sources)| {
            Side::BOTH
                .iter()
                .filter_map(|side| sources.on(*side))
                .any(is_source)
                .then_some(name.as_str())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surface() -> ExportSurface {
        let mut declaration = Declaration {
            provides: vec!["vue".to_owned()],
            ..Declaration::default()
        };
        declaration.entry = Some(SideFiles {
            client: Some("./src/main.ts".to_owned()),
            server: None,
        });
        declaration
            .exports
            .insert("cart".to_owned(), SideFiles::both("./src/cart-widget.ts"));
        declaration
            .exports
            .insert("ui/index".to_owned(), SideFiles::both("./src/ui.ts"));
        let client_only = SideFiles {
            client: Some("./src/map.ts".to_owned()),
            server: None,
        };
        declaration.exports.insert("map".to_owned(), client_only);
        ExportSurface::of_declaration(&declaration)
    }

    #[test]
    fn exports_provided_packages_entries_and_index_aliases_are_found() {
        for (rest, client, server) in [
            ("cart", Exported::Yes, Exported::Yes),
            ("vue", Exported::Yes, Exported::Yes),
            ("ui", Exported::Yes, Exported::Yes),
            ("ui/index", Exported::Yes, Exported::Yes),
            ("map", Exported::Yes, Exported::Disabled),
            ("src/entry.client", Exported::Yes, Exported::Disabled),
            ("src/entry.server", Exported::No, Exported::No),
            ("src/cart-widget", Exported::No, Exported::No),
            ("", Exported::No, Exported::No),
        ] {
            assert_eq!(surface().find(rest, Side::Client), client, "{rest}");
            assert_eq!(surface().find(rest, Side::Server), server, "{rest}");
        }
    }

    #[test]
    fn a_source_path_leads_to_its_logical_name() {
        assert_eq!(surface().name_of_source("src/cart-widget"), Some("cart"));
        assert_eq!(surface().name_of_source("src/cart-widget.ts"), Some("cart"));
        assert_eq!(surface().name_of_source("src/cart"), None);
    }
}
