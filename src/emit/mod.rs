//! From rendered chunks to the files of `dist`.

mod bundle;
mod package_json;
mod side;
pub mod write;

pub use bundle::{BundleFile, BundleRole, bundle_files};
pub use package_json::dist_package_json;
pub use side::{EmittedFile, EmittedSide, Integrity, ManifestFacts, ProvidedVersion, emit_side};
