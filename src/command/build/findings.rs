//! What can be wrong with a module before anything of it is read.

use std::path::Path;

use super::entries::framework_entry;
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{PackageRecord, RecordError, Side, is_package_name};

pub(super) fn not_declared(record: &PackageRecord) -> Diagnostic {
    Diagnostic::new(
        Code::Schema,
        record.label(),
        "This package has no `esmx` field, so it is not a module that can be built.",
        "Add `\"esmx\": { \"exports\": { \"./name\": \"./src/file.ts\" } }` to its package.json.",
    )
    .at(record.location_of_package())
}

/// Exports, provided packages and framework entries share one name space: `<module>/<name>`.
pub(super) fn contested_names(record: &PackageRecord) -> Vec<Diagnostic> {
    let Some(declaration) = &record.declaration else {
        return Vec::new();
    };
    let contested = |name: &String| {
        let (rival, fix) = if declaration.provides.contains(name) {
            (
                "provided",
                format!("Rename the export, or remove {name:?} from esmx.provides."),
            )
        } else if declaration.entry.is_some() && Side::BOTH.iter().any(|side| framework_entry(*side) == *name)
        {
            (
                "a framework entry",
                "Rename the export: this name belongs to esmx.entry.".to_owned(),
            )
        } else {
            return None;
        };
        let message = format!(
            "`{name}` is exported and {rival}; both would be `{}/{name}`.",
            record.name
        );
        let location = record.location_of_key(&["esmx", "exports", &format!("./{name}")]);
        Some(Diagnostic::new(Code::Schema, &record.name, message, fix).at(location))
    };
    declaration.exports.keys().filter_map(contested).collect()
}

/// A module is imported and served by its name, so it needs one that fits into specifiers and URLs.
pub(super) fn unusable_name(record: &PackageRecord) -> Option<Diagnostic> {
    if record.name.is_empty() {
        return Some(
            Diagnostic::new(
                Code::Schema,
                record.label(),
                "package.json has no `name`, and a module is imported by its name.",
                "Add `\"name\": \"…\"` to package.json.",
            )
            .at(record.location_of_package()),
        );
    }
    (!is_package_name(&record.name)).then(|| {
        Diagnostic::new(
            Code::Schema,
            &record.name,
            format!(
                "The name `{}` cannot name a module: it becomes part of URLs and import specifiers, so it must be an npm package name.",
                record.name
            ),
            "Write a name such as `shop` or `@acme/shop`.",
        )
        .at(record.location_of_value(&["name"]))
    })
}

pub(super) fn unreadable_package(dir: &Path, error: &RecordError) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        dir.display().to_string(),
        format!("{error}."),
        "Create or correct the package.json of this directory.",
    )
    .at(error.location())
}

pub(in crate::command) fn unusable(dir: &Path, error: &RecordError) -> CommandError {
    CommandError::Unusable(Box::new(unreadable_package(dir, error)))
}
