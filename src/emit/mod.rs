//! From rendered chunks to the files of `dist`.

mod assets;
mod bundle;
mod package_json;
mod side;
pub mod write;

pub use assets::{asset_files, delivered_at, style_files};
pub use bundle::{BundleFile, BundleRole, bundle_files, chunk_import_map};
pub use package_json::{TypeFiles, dist_package_json};
pub use side::{EmittedFile, EmittedSide, Integrity, ManifestFacts, ProvidedVersion, emit_side};
