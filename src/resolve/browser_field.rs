//! A `browser` field may give a file of its own for a package that is not installed, under the name of a path:
//!
//! ```json
//! { "browser": { "./fancy": "./plain.js" } }   // require('fancy')
//! ```
//!
//! Only a request that leads nowhere is looked at again, so that nothing here costs time.

use std::path::Path;

use crate::base::read_file;

/// `specifier` as the path that the `browser` field of the importer's package replaces.
pub(super) fn own_name(importer: &Path, specifier: &str) -> Option<String> {
    let (directory, package) = importer.ancestors().skip(1).find_map(|directory| {
        let text = read_file(&directory.join("package.json")).ok()?;
        Some((
            directory,
            serde_json::from_slice::<serde_json::Value>(&text).ok()?,
        ))
    })?;
    let replaced = package.get("browser")?.as_object()?;
    let path = format!("./{specifier}");
    let is_replaced = ["", ".js", ".json", "/index.js"]
        .iter()
        .any(|ending| replaced.contains_key(&format!("{path}{ending}")));
    is_replaced.then(|| directory.join(specifier).to_string_lossy().into_owned())
}
