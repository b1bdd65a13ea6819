//! What the composer is told (PROTOCOL §11.1). The commands write it; `compose`, `verify` and `preload` read it.

use indexmap::IndexMap;
use url::Url;

use crate::protocol::Side;
use crate::protocol::manifest::Manifest;

use super::url_space::{UrlSpace, normalize_base};

/// One composition: the manifests of one side, and who won.
#[derive(Debug, Clone)]
pub struct ComposeInput {
    /// Name of the module that hosts the composition.
    pub root: String,
    /// The side all manifests are of.
    pub side: Side,
    /// The root first, then the mounted modules in mount order.
    pub modules: Vec<ComposedModule>,
    /// The rewire table: identifier of a losing offer → identifier of the winner. Winners are no keys.
    pub rewires: IndexMap<String, String>,
    /// What client URLs start with; empty by default.
    pub base: String,
}

/// One module of a composition.
#[derive(Debug, Clone)]
pub struct ComposedModule {
    /// The mount name, which replaces the name in the manifest.
    pub name: String,
    /// The manifest of the composition's side.
    pub manifest: Manifest,
    /// URL of the directory that holds the files: on the server the `file:` URL of the real path, see
    /// [`file_directory_url`](super::file_directory_url). `None` means served at `<base>/<name>/`.
    pub directory_url: Option<String>,
}

impl ComposedModule {
    /// Where the module's files are addressed.
    pub fn url_space(&self, base: &str) -> UrlSpace {
        match &self.directory_url {
            Some(directory_url) => UrlSpace::new(directory_url.as_str()),
            None => UrlSpace::served(base, &self.name),
        }
    }

    /// The identifier of one of the module's offers.
    pub(super) fn offer_identifier(&self, public_name: &str) -> String {
        format!("{}/{public_name}", self.name)
    }
}

/// Where the page of a composition is, since nobody knows where it will be.
pub(super) const DOCUMENT_ORIGIN: &str = "http://document.invalid";

impl ComposeInput {
    /// The URL of one emitted file, as the map spells it.
    pub fn file_url(&self, module: &ComposedModule, file: &str) -> String {
        module.url_space(&self.base).url_of(file)
    }

    /// A module by mount name.
    pub fn module(&self, name: &str) -> Option<&ComposedModule> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// The identifier after elections. Rewiring is one step: a winner is never a key of the table.
    pub(super) fn rewired<'a>(&'a self, identifier: &'a str) -> &'a str {
        self.rewires.get(identifier).map_or(identifier, String::as_str)
    }

    /// A URL that stands for the document (or the process) the map is made for: relative addresses and scope
    /// keys are parsed against it, and it is a referrer outside every module.
    pub(super) fn document_url(&self) -> Url {
        let document = match self.side {
            Side::Client => Url::parse(DOCUMENT_ORIGIN).expect("the text is a URL"),
            Side::Server => Url::parse("file:///").expect("the text is a URL"),
        };
        // Under an absolute base the page may be anywhere; beside the files it is a referrer like any other.
        document
            .join(&format!("{}/", normalize_base(&self.base)))
            .unwrap_or(document)
    }
}
