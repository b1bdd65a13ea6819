//! Import maps: the value and its text ([`ImportMap`]), the HTML standard's own algorithm
//! ([`NormalizedImportMap`], [`resolve_module_specifier`]), and the protocol's use of it (PROTOCOL §11):
//!
//! ```text
//! manifests --elect--> rewires --compose--> ImportMap --verify--> diagnostics
//!                                               └--preload--> Page --write--> HTML
//! ```
//!
//! Everything here is a function of values: no file, clock or environment is looked at.

mod compose;
mod compose_input;
mod delivery;
mod elect;
#[expect(
    clippy::module_inception,
    reason = "the file is named after the type it defines"
)]
mod import_map;
mod inject;
mod json;
mod page;
mod parse;
mod preload;
mod resolve;
mod scope_tables;
mod share;
mod specifier_map;
mod suppress;
mod url_space;
mod url_text;
mod verify;

pub use compose::{Composition, compose};
pub use compose_input::{ComposeInput, ComposedModule};
pub use delivery::{ScriptFile, script_file};
pub use elect::rewires_from_manifests;
pub use import_map::{ImportMap, ScopeTable};
pub use inject::{InjectError, inject, injected_text};
pub use page::{ImportMapDelivery, Page};
pub use parse::{NormalizedImportMap, ParseError, ParseWarning, Parsed, parse_import_map_string};
pub use preload::{LinkedFile, Preload, StaticImports, UnresolvedImport, collect_preloads};
pub use resolve::{ResolveError, resolve_module_specifier};
pub use share::{ChangedAnswer, SharedEntries, changed_answers};
pub use specifier_map::SpecifierMap;
pub use suppress::{SuppressedFiles, suppressed_files};
pub use url_space::{UrlSpace, file_directory_url};
pub use verify::verify;
