//! What the protocol says about one package: its names, its declaration, the ranges it asks for, the manifest
//! of its build. Read from files, judged by nobody here; `link` brings several packages together.

mod artifact_facts;
pub mod behaviour;
pub mod build_config;
mod declaration;
mod declaration_schema;
mod dependency_spec;
mod json_source;
pub mod legacy;
pub mod manifest;
mod name;
pub mod npm_range;
pub mod package_edit;
mod package_record;
mod range_cache;
mod schema;

pub use artifact_facts::ArtifactFacts;
pub use declaration::{Declaration, SideFiles};
pub use declaration_schema::declaration_schema;
pub use dependency_spec::{DependencySpec, effective_name};
pub use manifest::{Manifest, ManifestChunk, ManifestExport, ManifestProvide, PROTOCOL};
pub use name::{ModuleName, Side, is_package_name, split_package, strip_source_extension};
pub use npm_range::{NpmRange, Satisfaction, parse_version, satisfies};
pub use package_record::{DependencyMap, PackageRecord, RecordError};
