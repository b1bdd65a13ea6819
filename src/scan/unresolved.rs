//! What to say when a request leads nowhere: who asked, why it failed, and the name that was probably meant.

use std::path::Path;

use super::ScanInput;
use super::request::requested_path;
use crate::base::find_package_dir;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::graph::{ImportRecord, ModuleSyntax};
use crate::protocol::split_package;
use crate::resolve::Unresolved;

/// A request and its place.
pub struct Asked<'a> {
    /// The file that asks.
    pub importer: &'a Path,
    /// What the file says.
    pub syntax: &'a ModuleSyntax,
    /// The request.
    pub record: &'a ImportRecord,
}

/// Nothing is there, or the way to it is broken.
pub fn unresolved(input: &ScanInput<'_>, asked: &Asked<'_>, error: &Unresolved) -> Diagnostic {
    let specifier = &*asked.record.specifier;
    let is_path = specifier.starts_with('.') || specifier.starts_with('/');
    let (package, subpath) = split_package(specifier);
    let installed = find_package_dir(input.files, asked.importer, package);
    let reason = match (&installed, error.is_not_found) {
        _ if is_path && error.is_not_found => "there is no such file".to_owned(),
        (Some(_), _) if !is_path && !subpath.is_empty() => {
            format!("`{package}` is installed, but offers no `.{subpath}`")
        }
        (None, true) => input.rule.missing_package(specifier).reason,
        _ => error.reason.clone(),
    };
    let message = format!("'{specifier}' cannot be resolved: {reason}.");
    let fix = match installed {
        _ if is_path => fix_of_path(asked),
        Some(dir) => fix_of_subpath(input, &dir, package, subpath),
        None => input.rule.missing_package(specifier).fix,
    };
    Diagnostic::new(Code::Unresolved, input.module_name, message, fix)
        .with_package(specifier)
        .at(Some(asked.location()))
}

/// A module that only Node has, asked for in the browser.
pub fn builtin_on_client(input: &ScanInput<'_>, asked: &Asked<'_>) -> Diagnostic {
    let specifier = &*asked.record.specifier;
    Diagnostic::new(
        Code::BuiltinOnClient,
        input.module_name,
        format!("'{specifier}' is part of Node; browsers do not have it."),
        input.rule.fix_of_builtin(specifier),
    )
    .with_package(specifier)
    .at(Some(asked.location()))
}

fn fix_of_path(asked: &Asked<'_>) -> String {
    let wanted = requested_path(asked.importer, asked.record);
    let directory = wanted.parent().unwrap_or(&wanted);
    let file_name = wanted
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    if wanted.is_dir() {
        return "It is a directory without an index file: name the file in it.".to_owned();
    }
    if wanted.is_symlink() && !wanted.exists() {
        return "It is a symbolic link that leads nowhere: repair the link, or name another file.".to_owned();
    }
    if wanted.exists() && !wanted.is_file() {
        return "It is a pipe or a device: name a file.".to_owned();
    }
    let Ok(listing) = std::fs::read_dir(directory) else {
        let shown = crate::base::relative_posix(asked.importer.parent().unwrap_or(directory), directory);
        return format!("There is no directory `{shown}`: correct the path, or create it.");
    };
    let mut names: Vec<String> = listing
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    let stems = names.iter().flat_map(|name| {
        let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
        [name.as_str(), stem]
    });
    match nearest(&file_name, stems) {
        Some(near) if near != file_name => {
            let specifier = &*asked.record.specifier;
            let prefix = &specifier[..specifier.len() - specifier.rsplit('/').next().map_or(0, str::len)];
            format!("Did you mean '{prefix}{near}'?")
        }
        _ => "Create the file, or correct the path.".to_owned(),
    }
}

/// The package is there; the path in it is not.
fn fix_of_subpath(input: &ScanInput<'_>, dir: &Path, package: &str, subpath: &str) -> String {
    let manifest: serde_json::Value = input
        .files
        .read(&dir.join("package.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let offered: Vec<String> = match manifest.get("exports") {
        Some(serde_json::Value::Object(exports)) if exports.keys().any(|key| key.starts_with('.')) => exports
            .keys()
            .map(|key| format!("{package}{}", key.trim_start_matches('.')))
            .collect(),
        Some(_) => vec![package.to_owned()],
        None => std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| format!("{package}/{}", entry.file_name().to_string_lossy()))
            .collect(),
    };
    let mut offered = offered;
    offered.sort_unstable();
    match nearest(&format!("{package}{subpath}"), offered.iter().map(String::as_str)) {
        Some(near) if near != format!("{package}{subpath}") => format!("Did you mean '{near}'?"),
        _ => format!(
            "Import a path that `{package}` offers, such as '{}'.",
            offered.first().map_or(package, |one| one)
        ),
    }
}
