//! PROTOCOL §11: composing import maps, by example.

#[path = "../import_map_support/mod.rs"]
mod import_map_support;

mod election;
mod elections_from_manifests;
mod example;
mod legacy_scopes;
mod requirements;
mod verify;

use serde_json::{Value, json};

/// An `exports` entry.
fn export(identifier: &str, file: &str) -> Value {
    json!({ "file": file, "identifier": identifier })
}
