//! Findings as annotations of a GitHub workflow: one workflow command per line, which GitHub shows beside the source
//! line of a pull request.
//!
//! ```text
//! ::error title=E_VERSION acme-shop → react,file=package.json,line=4,col=30,endLine=4,endColumn=39::acme-shop …
//! ```

use std::fmt::Write as _;
use std::path::Path;

use crate::base::relative_posix;
use crate::diagnostic::human::{self, Palette};
use crate::diagnostic::{Diagnostic, Severity};

/// The annotations and the count line. Files are told as seen from `base`, the root of the checkout.
pub(super) fn annotations(diagnostics: &[&Diagnostic], base: &Path) -> String {
    let mut text: String = diagnostics
        .iter()
        .map(|diagnostic| annotation(diagnostic, base))
        .collect();
    if !diagnostics.is_empty() {
        let count = human::count_line(diagnostics.iter().copied(), &Palette::PLAIN);
        let _ = writeln!(text, "{count}");
    }
    text
}

fn annotation(diagnostic: &Diagnostic, base: &Path) -> String {
    let command = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let title = match &diagnostic.package {
        Some(package) => format!("{} {} → {package}", diagnostic.code, diagnostic.module),
        None => format!("{} {}", diagnostic.code, diagnostic.module),
    };
    let mut properties = format!("title={}", property(&title));
    if let Some(place) = &diagnostic.location {
        let file = property(&relative_posix(base, &place.file));
        let (line, column) = (place.line, place.column);
        let end = column + place.length;
        let _ = write!(
            properties,
            ",file={file},line={line},col={column},endLine={line},endColumn={end}"
        );
    }
    format!("::{command} {properties}::{}\n", value(&message(diagnostic)))
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    if diagnostic.found.is_some() || diagnostic.required.is_some() {
        let part = |side: &Option<String>| side.clone().unwrap_or_else(|| "—".to_owned());
        let _ = write!(
            message,
            "\nfound: {} / required: {}",
            part(&diagnostic.found),
            part(&diagnostic.required)
        );
    }
    let _ = write!(message, "\nfix: {}", diagnostic.fix);
    message
}

/// A command ends with its line, so line breaks are escaped, and with them the sign of escapes.
fn value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In a property a colon would end the properties and a comma the property.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Location};

    #[test]
    fn a_finding_is_one_line_whatever_it_says() {
        let location = Location::of_range(Path::new("/w/apps/a,b/package.json"), "{ \"é\": 1 }", 2, 6);
        let diagnostic = Diagnostic::new(Code::Version, "shop", "100% wrong:\r\nsee", "Edit, then: build.")
            .with_package("@acme/ui")
            .with_found("1.0.0")
            .at(Some(location));
        assert_eq!(
            annotations(&[&diagnostic], Path::new("/w")),
            "::error title=E_VERSION shop → @acme/ui,file=apps/a%2Cb/package.json,line=1,col=3,endLine=1,endColumn=6::\
             100%25 wrong:%0D%0Asee%0Afound: 1.0.0 / required: —%0Afix: Edit, then: build.\n\
             1 error(s), 0 warning(s).\n"
        );
    }

    #[test]
    fn a_finding_without_a_place_has_only_a_title() {
        let diagnostic = Diagnostic::new(Code::MultiMajor, "shop", "Two.", "Nothing.");
        assert_eq!(
            annotation(&diagnostic, Path::new("/w")),
            "::warning title=W_MULTI_MAJOR shop::Two.%0Afix: Nothing.\n"
        );
        assert_eq!(annotations(&[], Path::new("/w")), "");
    }
}
