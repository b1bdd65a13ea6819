//! Where requests for files lead: `url()` and `@import` of style sheets, `new URL('./file', import.meta.url)`.
//! They name files, not modules: no lookup rule applies, and no extension is added.

use std::path::Path;

use super::file_use::{FileUse, split_specifier};
use super::request::{external, requested_path, used};
use super::styles;
use super::unresolved::Asked;
use super::{FoundTarget, ScanInput};
use crate::base::relative_posix;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::graph::{RequestSyntax, Resource};
use crate::resolve::{RequestKind, Resolved, ResolvedFile, percent_decoded};

/// The file that a request names.
///
/// # Errors
/// A style sheet that names no file; code may compute with URLs that name nothing.
pub fn find_target(
    input: &ScanInput<'_>,
    file: &ResolvedFile,
    asked: &Asked<'_>,
) -> Result<FoundTarget, Box<Diagnostic>> {
    let record = asked.record;
    let (specifier, wish) = split_specifier(&record.specifier);
    let is_of_style = matches!(asked.syntax.resource, Some(Resource::Style(_)));
    let wish = match (record.syntax, wish) {
        (RequestSyntax::Asset, Some(FileUse::Inline)) => Some(FileUse::Inline),
        // What a sheet names by its URL is nothing that it needs other sheets for.
        (RequestSyntax::Asset, Some(FileUse::Url)) if !is_of_style => Some(FileUse::Url),
        (RequestSyntax::Asset, _) => Some(input.syntaxes.delivered_use(Path::new(specifier))),
        (_, wish) => wish,
    };
    if is_of_style
        && record.syntax != RequestSyntax::Static
        && let Some(url) = input
            .rule
            .url_outside(&requested_path(&file.path, record), specifier)
    {
        return Ok(external(&url, record));
    }
    let candidates = if is_of_style {
        styles::candidates(specifier)
    } else {
        vec![specifier.to_owned()]
    };
    let found = candidates
        .iter()
        .find_map(|candidate| find_file(input, file, candidate));
    match found {
        Some(found) => Ok(FoundTarget::File(Box::new(used(found, wish)))),
        None if is_of_style => Err(Box::new(missing(input, asked, specifier))),
        None => Ok(FoundTarget::Missing),
    }
}

fn find_file(input: &ScanInput<'_>, importer: &ResolvedFile, specifier: &str) -> Option<ResolvedFile> {
    let is_there = |specifier: &str| {
        let directory = importer.path.parent().unwrap_or(&importer.path);
        input
            .files
            .is_file(&crate::base::normalize(&directory.join(specifier)))
    };
    if specifier.starts_with('.')
        && !is_there(specifier)
        && !percent_decoded(specifier).is_some_and(|decoded| is_there(&decoded))
    {
        return None;
    }
    let resolved = input
        .resolver
        .resolve(&importer.path, specifier, RequestKind::Import);
    match resolved {
        Ok(Resolved::File(found)) => Some(found),
        Ok(Resolved::Ignored) | Err(_) => None,
    }
}

fn missing(input: &ScanInput<'_>, asked: &Asked<'_>, specifier: &str) -> Diagnostic {
    let what = match asked.record.syntax {
        RequestSyntax::Style => "The imported style sheet",
        RequestSyntax::Static => "The style sheet of `composes`",
        _ => "The file of `url()`",
    };
    let wanted = requested_path(asked.importer, asked.record);
    let fix = near_file(asked, &wanted).map_or_else(
        || {
            "Correct the path, or start it with `/` if the file is served from elsewhere and no part of the build."
                .to_owned()
        },
        |near| format!("Did you mean \"{near}\"?"),
    );
    Diagnostic::new(
        Code::Unresolved,
        input.module_name,
        format!("{what} does not exist: \"{specifier}\"."),
        fix,
    )
    .with_found(specifier)
    .at(Some(asked.location()))
}

/// A file beside the one that is missing, as it would be written.
fn near_file(asked: &Asked<'_>, wanted: &std::path::Path) -> Option<String> {
    let directory = wanted.parent()?;
    let name = wanted.file_name()?.to_string_lossy().into_owned();
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .ok()?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names.retain(|name| directory.join(name) != asked.importer);
    let near = nearest(&name, names.iter().map(String::as_str))?;
    let importer_dir = asked.importer.parent()?;
    let relative = relative_posix(importer_dir, &directory.join(near));
    Some(if relative.starts_with("../") {
        relative
    } else {
        format!("./{relative}")
    })
}
