//! The one question that `scan` asks about every import, whoever answers: the protocol's lookup rule of a
//! linked module, or plain bundling.

use std::path::Path;

use super::lookup::{Request, Wiring};
use super::{LegacyModule, Linkage};
use crate::base::FileSystem;
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::protocol::split_package;

/// What to say when no package of a name is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPackage {
    /// Why nothing was found.
    pub reason: String,
    /// The edit that resolves it.
    pub fix: String,
}

/// Says what imports mean.
pub trait LookupRule: Sync {
    /// What a request means.
    ///
    /// # Errors
    /// When the request breaks a rule; the place of the import is for the caller to add.
    fn lookup(&self, files: &dyn FileSystem, request: &Request<'_>) -> Result<Wiring, Box<Diagnostic>>;

    /// The diagnostic of a [`Wiring::SelfAlias`] that leads nowhere.
    fn no_export(&self, request: &Request<'_>) -> Diagnostic;

    /// For a file that stays outside although it was asked for by its path: the specifier that leads to it,
    /// relative to the output directory.
    fn file_outside(&self, _file: &Path, _specifier: &str) -> Option<String> {
        None
    }

    /// The same for what a style sheet names by a URL: the URL that stays.
    fn url_outside(&self, _file: &Path, _url: &str) -> Option<String> {
        None
    }

    /// Whether `specifier` stays outside only as the name of an installed package.
    fn stays_if_installed(&self, _specifier: &str) -> bool {
        false
    }

    /// What to say when the package of `specifier` is not installed.
    fn missing_package(&self, specifier: &str) -> MissingPackage;

    /// The edit that resolves asking for a module of Node where there is none.
    fn fix_of_builtin(&self, specifier: &str) -> String;

    /// The behaviour file that speaks instead of a declaration.
    fn legacy(&self) -> Option<&LegacyModule> {
        None
    }

    /// Where the entry `specifier` was asked for.
    fn location_of_provided(&self, _specifier: &str) -> Option<Location> {
        None
    }
}

impl LookupRule for Linkage {
    fn lookup(&self, files: &dyn FileSystem, request: &Request<'_>) -> Result<Wiring, Box<Diagnostic>> {
        Self::lookup(self, files, request)
    }

    fn no_export(&self, request: &Request<'_>) -> Diagnostic {
        Self::no_export(self, request)
    }

    fn missing_package(&self, specifier: &str) -> MissingPackage {
        let (package, _) = split_package(specifier);
        let wired = self.wiring_of(&self.root().name);
        let known: Vec<&str> = self
            .root()
            .dependency_names()
            .chain(wired.into_iter().flatten().map(|(name, _)| name.as_str()))
            .collect();
        let fix = if known.contains(&package) {
            format!("`{package}` is declared but not installed: run your package manager's install.")
        } else {
            match nearest(package, known) {
                Some(near) => format!("Did you mean '{near}'? Otherwise install `{package}`."),
                None => format!(
                    "Install `{package}` as a dependency, or add a module that provides it to `esmx.uses`."
                ),
            }
        };
        MissingPackage {
            reason: "no such package is installed, and no used module provides it".to_owned(),
            fix,
        }
    }

    fn fix_of_builtin(&self, _: &str) -> String {
        "Move the import to code that only the server entry reaches, or split the export into a client and a server file."
            .to_owned()
    }

    fn legacy(&self) -> Option<&LegacyModule> {
        Self::legacy(self)
    }

    fn location_of_provided(&self, specifier: &str) -> Option<Location> {
        self.root().location_of_item(&["esmx", "provides"], specifier)
    }
}
