//! A `browser` field may give a file of its own for a package that is not installed, under the name of a path:
//!
//! ```json
//! { "browser": { "./fancy": "./plain.js" } }   // require('fancy')
//! ```
//!
//! Only a request that leads nowhere is looked at again, so that nothing here costs time.

use std::path::Path;

use crate::base::FileSystem;

/// Whether a package or a directory implied the file for `specifier`.
pub(super) fn is_implied(file: &Path, specifier: &str) -> bool {
    let is_index = |path: &Path| path.file_stem().is_some_and(|stem| stem == "index");
    is_index(file) && !is_index(Path::new(specifier))
}

/// A file that a package or a directory implied, under the name that the `browser` field of its package replaces:
/// `{ "browser": { "./index": "./browser.js" } }` replaces the `index.js` of a package that names no main file.
pub(super) fn implied_name(files: &dyn FileSystem, file: &Path, package: &Path) -> Option<String> {
    let text = files.read(&package.join("package.json")).ok()?;
    let fields = serde_json::from_slice::<serde_json::Value>(&text).ok()?;
    let name = file.with_extension("");
    let key = format!("./{}", crate::base::to_posix(name.strip_prefix(package).ok()?));
    let is_replaced = fields.get("browser")?.as_object()?.contains_key(&key);
    is_replaced.then(|| name.to_string_lossy().into_owned())
}

/// `specifier` as the path that the `browser` field of the importer's package replaces.
pub(super) fn own_name(files: &dyn FileSystem, importer: &Path, specifier: &str) -> Option<String> {
    let (directory, package) = importer.ancestors().skip(1).find_map(|directory| {
        let text = files.read(&directory.join("package.json")).ok()?;
        Some((
            directory,
            serde_json::from_slice::<serde_json::Value>(&text).ok()?,
        ))
    })?;
    let replaced = package.get("browser")?.as_object()?;
    // Beside the importer it is nearer.
    let beside = importer.parent()?.join(specifier);
    [beside, directory.join(specifier)].into_iter().find_map(|path| {
        let key = format!("./{}", crate::base::to_posix(path.strip_prefix(directory).ok()?));
        let is_replaced = ["", ".js", ".json", "/index.js"]
            .iter()
            .any(|ending| replaced.contains_key(&format!("{key}{ending}")));
        is_replaced.then(|| path.to_string_lossy().into_owned())
    })
}

/// The file that the `browser` field of an installed package gives for an `index` that is not there.
pub(super) fn instead_of_index(files: &dyn FileSystem, importer: &Path, specifier: &str) -> Option<String> {
    let (package, text) = importer.ancestors().skip(1).find_map(|directory| {
        let package = directory.join("node_modules").join(specifier);
        let text = files.read(&package.join("package.json")).ok()?;
        Some((package, text))
    })?;
    let fields = serde_json::from_slice::<serde_json::Value>(&text).ok()?;
    if fields.get("main").is_some() || fields.get("exports").is_some() {
        return None;
    }
    let file = fields.get("browser")?.as_object()?.get("./index")?.as_str()?;
    Some(package.join(file).to_string_lossy().into_owned())
}
