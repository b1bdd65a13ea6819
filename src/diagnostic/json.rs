//! Diagnostics for tools (PROTOCOL §8.1, §13): one JSON object each, absent fields omitted.

use std::path::Path;

use serde::Serialize;

use super::{Diagnostic, Location, Severity};
use crate::base::relative_posix;

/// A diagnostic in the protocol's field order; serialise it as it is, a JSON map would sort the fields.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    code: &'static str,
    severity: &'static str,
    module: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'a str>,
    message: &'a str,
    fix: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Place<'a>>,
}

/// Where in the user's files.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    file: String,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_line: Option<&'a str>,
}

/// Longer lines are minified code: a hundred findings in one would make a document of gigabytes, and the
/// tool that reads it has the file.
const LONGEST_SOURCE_LINE: usize = 2000;

/// The record of one diagnostic; the file is told as seen from `directory`, with `/`.
pub fn record<'a>(diagnostic: &'a Diagnostic, directory: &Path) -> Record<'a> {
    Record {
        code: diagnostic.code.as_str(),
        severity: match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        module: &diagnostic.module,
        package: diagnostic.package.as_deref(),
        check: diagnostic.check,
        found: diagnostic.found.as_deref(),
        required: diagnostic.required.as_deref(),
        message: &diagnostic.message,
        fix: &diagnostic.fix,
        location: diagnostic
            .location
            .as_ref()
            .map(|location| place(location, directory)),
    }
}

fn place<'a>(location: &'a Location, directory: &Path) -> Place<'a> {
    Place {
        file: relative_posix(directory, &location.file),
        line: location.line,
        column: location.column,
        source_line: Some(location.source_line.as_str()).filter(|line| line.len() <= LONGEST_SOURCE_LINE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn text(diagnostic: &Diagnostic) -> String {
        serde_json::to_string(&record(diagnostic, Path::new("/work/shop"))).unwrap()
    }

    #[test]
    fn fields_come_in_the_order_of_the_protocol() {
        let diagnostic = Diagnostic::new(Code::Version, "acme-shop", "m", "f")
            .with_package("react")
            .with_check("intent")
            .with_found("18.3.1")
            .with_required("^19.0.0");
        assert_eq!(
            text(&diagnostic),
            r#"{"code":"E_VERSION","severity":"error","module":"acme-shop","package":"react","check":"intent","found":"18.3.1","required":"^19.0.0","message":"m","fix":"f"}"#
        );
    }

    #[test]
    fn absent_fields_are_omitted_and_the_place_is_told() {
        let location = Location::of_range(Path::new("/work/ui/a.ts"), "let x", 4, 5);
        let diagnostic = Diagnostic::new(Code::MultiMajor, "a", "m", "f").at(Some(location));
        assert_eq!(
            text(&diagnostic),
            r#"{"code":"W_MULTI_MAJOR","severity":"warning","module":"a","message":"m","fix":"f","location":{"file":"../ui/a.ts","line":1,"column":5,"sourceLine":"let x"}}"#
        );
    }

    #[test]
    fn minified_lines_are_left_out() {
        let location = Location::of_range(Path::new("/a.js"), &"x".repeat(5000), 0, 1);
        assert!(
            !text(&Diagnostic::new(Code::Syntax, "a", "m", "f").at(Some(location))).contains("sourceLine")
        );
    }
}
