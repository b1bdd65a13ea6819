//! What the map's `integrity` says of its files.

use crate::base::integrity_sha384;
use crate::command::importmap::deployment::{Deployment, is_intact, names_a_hash};
use crate::diagnostic::{Code, Diagnostic};

/// Hashes of other bytes, and what is no hash.
pub(super) fn findings(deployment: &Deployment) -> Vec<Diagnostic> {
    let table = deployment.map.integrity.iter();
    table
        .filter_map(|(url, metadata)| {
            let parsed = url::Url::parse(url).ok()?;
            let shown = deployment.files.shown(url);
            if !names_a_hash(metadata) {
                return Some(without_hash(deployment, url, metadata));
            }
            let (message, found) = match deployment.files.fetch(&parsed) {
                Ok(file) if is_intact(&file.bytes, metadata) => return None,
                Ok(file) => (
                    format!("{shown} is not the file that the map's integrity names; a browser would refuse it."),
                    integrity_sha384(&file.bytes),
                ),
                // Told already where the file is imported.
                Err(_) if deployment.modules.contains_key(url) => return None,
                Err(reason) => (
                    format!("The map names a hash of {shown}, which does not arrive: {reason}."),
                    "no file".to_owned(),
                ),
            };
            Some(
                Diagnostic::new(
                    Code::DeployedFile,
                    deployment.module_of(url),
                    message,
                    "Deploy the bytes that were built, and nothing that rewrites them on the way; or compose the map \
                     again.",
                )
                .with_found(found)
                .with_required(metadata.clone()),
            )
        })
        .collect()
}

/// A browser that finds no hash in the text loads whatever comes.
fn without_hash(deployment: &Deployment, url: &str, metadata: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        deployment.module_of(url),
        format!(
            "`{metadata}`, the integrity of {}, has no hash that a browser knows: it would run any bytes.",
            deployment.files.shown(url)
        ),
        "Write `sha384-` and the Base64 of the file's hash, as the manifest has it; or take the entry out.",
    )
    .with_found(metadata)
    .with_required("sha256, sha384 or sha512")
}
