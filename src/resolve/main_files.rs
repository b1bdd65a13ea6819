//! Files that the name of a package leads to in other ways than the resolver's.
//!
//! - Node completes `"main": "lib"` to `lib.js`, also where a `lib.mjs` stands beside it.
//! - `"main": "lib.d.ts"` tells only the compiler something.

use std::borrow::Cow;
use std::path::Path;

use super::is_declaration;
use crate::base::{FileSystem, has_extension};

/// What to ask for instead, within `package`, where its name led to `file`; what comes first is to be preferred.
pub(super) fn instead_of(
    files: &dyn FileSystem,
    file: &Path,
    package: &Path,
    main_fields: &[String],
) -> Vec<String> {
    let is_types = file.to_str().is_some_and(is_declaration);
    if !is_types && file.extension().is_none_or(|extension| extension != "mjs") {
        return Vec::new();
    }
    let fields = fields_of(files, package);
    if fields.get("exports").is_some() {
        return Vec::new();
    }
    let named = |field: &str| fields.get(field)?.as_str().map(|path| format!("./{path}"));
    let others = main_fields.iter().filter(|field| *field != "main");
    let mut others = others.filter_map(|field| named(field));
    if is_types {
        let code = others.filter(|path| !is_declaration(path));
        return code.chain(["./index.js".to_owned()]).collect();
    }
    let main = named("main").unwrap_or_else(|| "./".to_owned());
    // What other fields name is meant for bundlers.
    if others.next().is_some() || has_extension(&main, &["mjs"]) {
        return Vec::new();
    }
    let main = main.trim_end_matches('/');
    vec![
        format!("{main}.js"),
        format!("{main}/index.js"),
        "./index.js".to_owned(),
    ]
}

fn fields_of(files: &dyn FileSystem, package: &Path) -> serde_json::Value {
    files
        .read(&package.join("package.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default()
}

/// Whether a package says what its names lead to.
pub(super) fn has_exports(files: &dyn FileSystem, package: &Path) -> bool {
    fields_of(files, package).get("exports").is_some()
}

/// What `.` and `..` at the end name is a directory, also where a file has its name before an extension.
pub(super) fn of_directory(specifier: &str) -> Cow<'_, str> {
    let is_directory = specifier.starts_with('.') && matches!(specifier.rsplit('/').next(), Some("." | ".."));
    if is_directory {
        Cow::Owned(format!("{specifier}/"))
    } else {
        Cow::Borrowed(specifier)
    }
}

/// Whether it is the name of a package and nothing else: `a`, `@a/b`.
pub fn is_name_of_package(specifier: &str) -> bool {
    let depth = usize::from(specifier.starts_with('@'));
    !specifier.starts_with(['.', '/', '#']) && specifier.matches('/').count() == depth
}
