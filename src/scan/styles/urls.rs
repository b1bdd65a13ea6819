//! The URLs of a style sheet: which of them name files of the build, and what they are replaced by.

use std::convert::Infallible;

use lightningcss::values::url::Url;
use lightningcss::visit_types;
use lightningcss::visitor::{VisitTypes, Visitor};
use oxc_index::IndexVec;

use super::super::file_use::split_specifier;
use super::locate::{offset, range_of};
use crate::graph::{ImportRecord, RecordId, RequestSyntax, url_placeholder};

/// Replaces every URL that names a file by a placeholder, and notes the request.
pub struct UrlCollector<'a> {
    /// The text of the style sheet.
    pub source: &'a str,
    /// The requests of the module.
    pub records: &'a mut IndexVec<RecordId, ImportRecord>,
}

impl<'i> Visitor<'i> for UrlCollector<'_> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        // An image in an image set is only reached by those who ask for resolutions.
        visit_types!(URLS | IMAGES | RESOLUTIONS)
    }

    fn visit_url(&mut self, url: &mut Url<'i>) -> Result<(), Self::Error> {
        if is_left_alone(&url.url) {
            return Ok(());
        }
        let (specifier, rest) = split_url(&url.url);
        let start = offset(
            self.source,
            url.loc.line.saturating_sub(1),
            url.loc.column.saturating_sub(1),
        );
        let record = self.records.push(ImportRecord {
            specifier: specifier.into(),
            syntax: RequestSyntax::Asset,
            wanted_type: None,
            other_attributes: Vec::new(),
            may_fail: false,
            file_name: None,
            span: range_of(self.source, start, specifier),
            asked: None,
            is_required: false,
        });
        url.url = format!("{}{rest}", url_placeholder(record)).into();
        Ok(())
    }
}

/// `fonts/a.eot?#iefix` names the file `fonts/a.eot`; `a.svg?inline` asks for something.
pub fn split_url(url: &str) -> (&str, &str) {
    if split_specifier(url).1.is_some() {
        return (url, "");
    }
    let end = url.find(['?', '#']).unwrap_or(url.len());
    url.split_at(end)
}

/// Whether a URL names no file of the build: it has a scheme, starts at a root, or is a fragment.
pub fn is_left_alone(url: &str) -> bool {
    let has_scheme = url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || matches!(one, '+' | '-' | '.'))
    });
    url.is_empty() || has_scheme || url.starts_with(['/', '#', '?'])
}

/// What a specifier in a style sheet may mean, best first: a URL relative to the sheet, as browsers read it; then
/// a path in a package, which `~` says explicitly.
pub fn candidates(specifier: &str) -> Vec<String> {
    if let Some(package) = specifier.strip_prefix('~') {
        return vec![package.trim_start_matches('/').to_owned()];
    }
    if specifier.starts_with('.') || specifier.starts_with('/') {
        return vec![specifier.to_owned()];
    }
    vec![format!("./{specifier}"), specifier.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_requests() {
        for url in ["", "#a", "/a.png", "//x/a", "data:,", "https://x/a", "?a"] {
            assert!(is_left_alone(url), "{url}");
        }
        for url in ["a.png", "./a.png", "../a", "~pkg/a", "1:2"] {
            assert!(!is_left_alone(url), "{url}");
        }
    }

    #[test]
    fn fragments_stay_behind_the_file() {
        assert_eq!(split_url("a.eot?#iefix"), ("a.eot", "?#iefix"));
        assert_eq!(split_url("a.svg#b"), ("a.svg", "#b"));
        assert_eq!(split_url("a.svg?inline"), ("a.svg?inline", ""));
    }

    #[test]
    fn a_bare_url_is_relative_first() {
        assert_eq!(candidates("a.png"), ["./a.png", "a.png"]);
        assert_eq!(candidates("~pkg/a.png"), ["pkg/a.png"]);
        assert_eq!(candidates("../a.png"), ["../a.png"]);
    }
}
