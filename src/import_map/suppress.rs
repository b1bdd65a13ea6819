//! PROTOCOL §11.2.6: the files that exist only because of a losing copy, and must appear nowhere.

use std::collections::BTreeSet;

use super::compose_input::{ComposeInput, ComposedModule};
use super::url_space::plain_path;

/// The files of losing copies. `compose` and `preload` leave them out; a command that deploys may skip them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuppressedFiles {
    files: BTreeSet<(String, String)>,
    urls: BTreeSet<String>,
}

impl SuppressedFiles {
    /// Whether a module's file, relative to its environment directory, belongs to a losing copy.
    pub fn contains_file(&self, module: &str, file: &str) -> bool {
        self.files
            .contains(&(module.to_owned(), plain_path(file).to_owned()))
    }

    /// Whether a URL, spelled as the map spells it, is that of such a file.
    pub fn contains_url(&self, url: &str) -> bool {
        self.urls.contains(url)
    }

    /// Module name and file, in the order of both.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(module, file)| (module.as_str(), file.as_str()))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether every copy won.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// For every losing offer: its export chunk and the files its record in `provides` lists.
pub fn suppressed_files(input: &ComposeInput) -> SuppressedFiles {
    let mut suppressed = SuppressedFiles::default();
    for module in &input.modules {
        let space = module.url_space(&input.base);
        for file in losing_files(input, module) {
            suppressed
                .files
                .insert((module.name.clone(), plain_path(file).to_owned()));
            suppressed.urls.insert(space.url_of(file));
        }
    }
    suppressed
}

fn losing_files<'a>(input: &'a ComposeInput, module: &'a ComposedModule) -> impl Iterator<Item = &'a str> {
    let has_lost = |identifier: &str| input.rewired(identifier) != identifier;
    let exports = module
        .manifest
        .exports
        .values()
        .filter(move |export| has_lost(&export.identifier))
        .map(|export| export.file.as_str());
    let copies = module
        .manifest
        .provides
        .iter()
        .filter(move |(public_name, _)| has_lost(&module.offer_identifier(public_name)))
        .flat_map(|(_, provide)| provide.chunks.iter().map(String::as_str));
    exports.chain(copies)
}
