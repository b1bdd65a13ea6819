//! Packages that another one works without, as its `package.json` says:
//!
//! ```json
//! { "peerDependenciesMeta": { "ws": { "optional": true } } }
//! ```
//!
//! A `require('ws')` or `import('ws')` of that package fails when it runs, where `ws` is not installed: what the code
//! does then is its own affair, and not always seen at the call, as in `attempt(() => require('ws'))`.

use super::ScanInput;
use crate::graph::{ImportRecord, RequestSyntax};
use crate::protocol::split_package;
use crate::resolve::ResolvedFile;

/// Whether the package of `file` can do without what `record` asks for. An `import` statement needs it.
pub(super) fn may_be_missing(input: &ScanInput<'_>, file: &ResolvedFile, record: &ImportRecord) -> bool {
    let is_call = matches!(
        record.syntax,
        RequestSyntax::Require | RequestSyntax::RequireInTry | RequestSyntax::Dynamic
    );
    if !is_call || record.specifier.starts_with(['.', '/', '#']) {
        return false;
    }
    let Some(directory) = &file.package_dir else {
        return false;
    };
    let manifest: serde_json::Value = input
        .files
        .read(&directory.join("package.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let (package, _) = split_package(&record.specifier);
    manifest["peerDependenciesMeta"][package]["optional"] == true
}
