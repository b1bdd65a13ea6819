//! `--import-map` and `--external` of `build` and `bundle`: a shared map is the contract, and what it resolves stays an
//! import; `compose` puts it into the page.

use std::collections::BTreeMap;
use std::path::Path;

use url::Url;

use super::CommandError;
use super::importmap::TextSource;
use crate::diagnostic::{Code, Diagnostic};
use crate::import_map::{
    NormalizedImportMap, ParseWarning, SharedEntries, SpecifierMap, parse_import_map_string,
};
use crate::link::SharedSpecifiers;

/// The page that a shared map is for, when nobody knows where it will be.
const PAGE: &str = "http://page.invalid/";

fn page_url() -> Url {
    Url::parse(PAGE).expect("the text is a URL")
}

/// A map, and patterns beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharedMap {
    map: NormalizedImportMap,
    entries: SharedEntries,
    external: Vec<String>,
}

impl SharedMap {
    /// Reads a map, if one is given. An entry that a browser would drop is an error: the package behind it would be
    /// bundled, and be there twice.
    ///
    /// # Errors
    /// When the file cannot be read, or is no faultless import map.
    pub fn read(file: Option<&Path>, external: Vec<String>) -> Result<Self, CommandError> {
        let Some(file) = file else {
            return Ok(Self {
                external,
                ..Self::default()
            });
        };
        let text = TextSource::File(file.to_path_buf()).read()?;
        let page = page_url();
        let unusable = |reason: String| {
            CommandError::Unusable(Box::new(Diagnostic::new(
                Code::ImportMap,
                file.display().to_string(),
                format!("{} cannot be a shared map: {reason}.", file.display()),
                "Correct the map; `esmx-build importmap check` finds what else is wrong with it.",
            )))
        };
        let parsed = parse_import_map_string(&text, &page).map_err(|error| unusable(error.to_string()))?;
        let is_dropped = |warning: &&ParseWarning| !matches!(warning, ParseWarning::AddressNotAString(_));
        match parsed.warnings.iter().find(is_dropped) {
            Some(warning) => Err(unusable(warning.to_string())),
            None => Ok(Self {
                map: parsed.map,
                entries: SharedEntries::read(&text),
                external,
            }),
        }
    }

    /// The map as it is spelled.
    pub fn entries(&self) -> &SharedEntries {
        &self.entries
    }

    /// What stays outside in a module of a declaration, which is served in a directory of its name.
    pub fn specifiers_of_module(&self, name: &str) -> SharedSpecifiers {
        let directory = format!("/{name}/");
        self.specifiers(|scope| scope.ends_with(&directory))
    }

    /// What stays outside in files below a URL or path, the public path of a bundle.
    pub fn specifiers_below(&self, public_path: &str) -> SharedSpecifiers {
        let page = page_url();
        let base = page.join(public_path).unwrap_or(page);
        self.specifiers(|scope| scope.ends_with('/') && base.as_str().starts_with(scope))
    }

    /// The scopes are in the order of the standard, the most specific first.
    fn specifiers(&self, applies: impl Fn(&str) -> bool) -> SharedSpecifiers {
        let scopes = self.map.scopes.iter();
        let scopes = scopes.filter(|(scope, _)| applies(scope)).map(|(_, table)| table);
        SharedSpecifiers::new(
            scopes.chain([&self.map.imports]).map(addresses).collect(),
            &self.external,
        )
    }
}

fn addresses(table: &SpecifierMap) -> BTreeMap<String, bool> {
    table
        .iter()
        .map(|(specifier, address)| (specifier.to_owned(), address.is_some()))
        .collect()
}
