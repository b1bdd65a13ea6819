//! Packages that another one works without, as its `package.json` says:
//!
//! ```json
//! { "peerDependenciesMeta": { "ws": { "optional": true } }, "optionalDependencies": { "fsevents": "2" } }
//! ```
//!
//! A `require('ws')` or `import('ws')` of that package fails when it runs, where `ws` is not installed: what the code
//! does then is its own affair, and not always seen at the call, as in `attempt(() => require('ws'))`. An `import` statement
//! stays in the file, which fails when it is loaded: the package may load that file only where somebody wants it.

use super::FoundTarget;
use super::ScanInput;
use crate::graph::{External, ImportRecord, RequestSyntax};
use crate::protocol::split_package;
use crate::resolve::ResolvedFile;

/// Whether the package of `file` can do without what `record` asks for.
pub(super) fn may_be_missing(input: &ScanInput<'_>, file: &ResolvedFile, record: &ImportRecord) -> bool {
    let runs = matches!(
        record.syntax,
        RequestSyntax::Static | RequestSyntax::Require | RequestSyntax::RequireInTry | RequestSyntax::Dynamic
    );
    if !runs || record.specifier.starts_with(['.', '/', '#']) {
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
        || manifest["optionalDependencies"][package].is_string()
}

/// What stands in the output for what is missing.
pub(super) fn stand_in(record: &ImportRecord) -> FoundTarget {
    if record.syntax != RequestSyntax::Static || record.is_required {
        return FoundTarget::Missing;
    }
    FoundTarget::External(External {
        specifier: record.specifier.clone(),
        is_builtin: false,
        is_missing: true,
        wanted_type: record.wanted_type.clone(),
        other_attributes: record.other_attributes.clone(),
    })
}
