//! Findings as a SARIF 2.1.0 log, the format that code-scanning services and editors read.
//!
//! Section numbers are those of the OASIS standard. Files are relative to `%SRCROOT%`, the root of the checkout, which
//! the reader knows and the log does not name: the same project gives the same log on every machine.

use std::path::Path;

use indexmap::IndexSet;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use crate::base::relative_posix;
use crate::cli::Exit;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};

/// The whole log, §3.13.
#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

/// §3.14
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

/// §3.18
#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

/// §3.19
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

/// §3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    help: Text<'static>,
    default_configuration: Configuration,
}

/// §3.50
#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// §3.20
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    exit_code: u8,
}

/// A result, §3.27.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: [Place<'a>; 1],
    properties: Properties<'a>,
}

/// A message or a multiformat message, §3.11 and §3.12.
#[derive(Serialize)]
struct Text<'a> {
    text: std::borrow::Cow<'a, str>,
}

/// §3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation<'a>>,
    logical_locations: [LogicalLocation<'a>; 1],
}

/// §3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation,
    region: Region<'a>,
}

/// §3.4
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

/// §3.30; the end column is the one behind the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    snippet: Text<'a>,
}

/// §3.33: the module, which is no file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    name: &'a str,
    kind: &'static str,
}

/// What the protocol's record says besides (PROTOCOL §8.1); a property bag, §3.8.
#[derive(Serialize)]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'a str>,
    fix: &'a str,
}

/// Everything but what a relative URI may contain as it is; a colon in the first segment would make a scheme of it.
const IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The log of one run. Files are told as seen from `base`, the root of the checkout.
pub(super) fn log(diagnostics: &[&Diagnostic], base: &Path, exit: Exit) -> String {
    let codes: IndexSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: codes.iter().copied().map(rule).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: exit != Exit::Usage,
                exit_code: exit.code(),
            }],
            column_kind: "unicodeCodePoints",
            results: diagnostics
                .iter()
                .map(|diagnostic| finding(diagnostic, &codes, base))
                .collect(),
        }],
    };
    let mut text = serde_json::to_string_pretty(&log).expect("a log has only string keys");
    text.push('\n');
    text
}

fn rule(code: Code) -> Rule {
    Rule {
        id: code.as_str(),
        short_description: Text {
            text: code.summary().into(),
        },
        help: Text {
            text: format!("`esmx-build explain {code}` says why, with an example and its repair.").into(),
        },
        default_configuration: Configuration {
            level: level(code.severity()),
        },
    }
}

fn finding<'a>(diagnostic: &'a Diagnostic, codes: &IndexSet<Code>, base: &Path) -> Finding<'a> {
    Finding {
        rule_id: diagnostic.code.as_str(),
        rule_index: codes
            .get_index_of(&diagnostic.code)
            .expect("every code of a diagnostic has a rule"),
        level: level(diagnostic.severity()),
        message: Text {
            text: format!("{}\nFix: {}", diagnostic.message, diagnostic.fix).into(),
        },
        locations: [Place {
            physical_location: diagnostic.location.as_ref().map(|place| physical(place, base)),
            logical_locations: [LogicalLocation {
                name: &diagnostic.module,
                kind: "module",
            }],
        }],
        properties: Properties {
            package: diagnostic.package.as_deref(),
            check: diagnostic.check,
            found: diagnostic.found.as_deref(),
            required: diagnostic.required.as_deref(),
            fix: &diagnostic.fix,
        },
    }
}

fn physical<'a>(place: &'a Location, base: &Path) -> PhysicalLocation<'a> {
    let file = relative_posix(base, &place.file);
    PhysicalLocation {
        artifact_location: ArtifactLocation {
            uri: utf8_percent_encode(&file, IN_PATHS).to_string(),
            uri_base_id: "%SRCROOT%",
        },
        region: Region {
            start_line: place.line,
            start_column: place.column,
            end_line: place.line,
            end_column: place.column + place.length,
            snippet: Text {
                text: blamed(place).into(),
            },
        },
    }
}

/// A snippet is the text of the region, no more.
fn blamed(place: &Location) -> String {
    place
        .source_line
        .chars()
        .skip(place.column.saturating_sub(1))
        .take(place.length)
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn document(diagnostics: &[&Diagnostic]) -> Value {
        let text = log(diagnostics, Path::new("/w"), Exit::ProjectErrors);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_place_is_a_relative_uri_and_a_region() {
        let location = Location::of_range(Path::new("/w/a b/100%.ts"), "let ü = x;", 5, 6);
        let diagnostic = Diagnostic::new(Code::Syntax, "shop", "m", "f").at(Some(location));
        let run = &document(&[&diagnostic])["runs"][0];
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/100%25.ts");
        assert_eq!(place["region"]["startColumn"], 5);
        assert_eq!(place["region"]["endColumn"], 6);
        assert_eq!(place["region"]["snippet"]["text"], "ü");
    }

    #[test]
    fn results_refer_to_their_rules() {
        let warning = Diagnostic::new(Code::MultiCandidate, "shop", "m", "f").raised_to_error();
        let other = Diagnostic::new(Code::Cycle, "shop", "m", "f");
        let run = &document(&[&other, &warning, &other])["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(2));
        assert_eq!(run["results"][1]["ruleIndex"], 1);
        assert_eq!(run["results"][1]["level"], "error");
        assert_eq!(
            run["tool"]["driver"]["rules"][1]["defaultConfiguration"]["level"],
            "warning"
        );
    }
}
