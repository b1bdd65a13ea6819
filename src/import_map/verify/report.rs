//! Differences as diagnostics.

use std::collections::BTreeSet;

use url::Url;

use crate::diagnostic::{Code, Diagnostic};
use crate::import_map::compose_input::ComposeInput;
use crate::import_map::parse::{ParseError, ParseWarning};

/// Where a difference shows.
pub(super) struct Place<'a> {
    /// The module at fault.
    pub(super) module: &'a str,
    /// The specifier, or the key of a table.
    pub(super) specifier: &'a str,
    /// Who imports it.
    pub(super) referrer: &'a Url,
}

/// The differences so far.
#[derive(Default)]
pub(super) struct Report {
    /// Module, specifier, required, found: many files of a module share one mistake, which is told once.
    told: BTreeSet<[String; 4]>,
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub(super) fn add(&mut self, place: &Place<'_>, required: &str, found: &str) {
        let Place {
            module,
            specifier,
            referrer,
        } = *place;
        if !self
            .told
            .insert([module, specifier, required, found].map(str::to_owned))
        {
            return;
        }
        let message = format!(
            "The composed import map does not do what the manifests ask for: `{specifier}`, seen from \
             {referrer}, has to give {required} and gives {found}."
        );
        let fix = format!(
            "Build `{module}` again, so that its manifest matches its files, and compose again; a hand-edited \
             import map has to be composed anew."
        );
        self.diagnostics.push(
            Diagnostic::new(Code::ImportMap, module, message, fix)
                .with_package(specifier)
                .with_found(found)
                .with_required(required),
        );
    }

    pub(super) fn add_warning(&mut self, input: &ComposeInput, warning: &ParseWarning) {
        let message = format!("A browser would drop an entry of the composed import map: {warning}.");
        let fix = "Correct the name, the base or the manifest that the entry comes from, and compose again.";
        self.diagnostics
            .push(Diagnostic::new(Code::ImportMap, &input.root, message, fix));
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}

/// The map's own text cannot be read.
pub(super) fn unreadable(input: &ComposeInput, error: &ParseError) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        &input.root,
        format!("The composed import map cannot be read: {error}."),
        "Compose again from manifests that are unchanged since their build.",
    )
}

/// A module's directory has no URL.
pub(super) fn unaddressable(input: &ComposeInput, directory: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        &input.root,
        format!("Files cannot be addressed below `{directory}`, which is no URL."),
        "Give a base that is a path such as `/shop` or a URL such as `https://cdn.example/shop`.",
    )
    .with_found(directory)
}
