//! Warnings, written down so that another checkout can tell them, too.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::portable;
use crate::base::normalize;
use crate::diagnostic::{Code, Diagnostic, Location};

/// Stands for the root; no text of a person has it.
const ROOT: &str = "\u{1}root\u{1}";

/// The checks that a diagnostic may name.
const CHECKS: [&str; 2] = ["intent", "substitution-safety"];

#[derive(Serialize, Deserialize)]
pub(super) struct KeptFinding {
    code: String,
    module: String,
    package: Option<String>,
    check: Option<String>,
    found: Option<String>,
    required: Option<String>,
    message: String,
    fix: String,
    location: Option<KeptLocation>,
}

#[derive(Serialize, Deserialize)]
struct KeptLocation {
    file: String,
    line: usize,
    column: usize,
    length: usize,
    source_line: String,
}

/// What is told in `root`.
pub(super) fn kept_findings(findings: &[Diagnostic], root: &Path) -> Vec<KeptFinding> {
    let root_text = root.to_string_lossy().into_owned();
    let text = |text: &str| text.replace(&root_text, ROOT);
    let optional = |part: &Option<String>| part.as_deref().map(text);
    findings
        .iter()
        .map(|finding| KeptFinding {
            code: finding.code.as_str().to_owned(),
            module: text(&finding.module),
            package: optional(&finding.package),
            check: finding.check.map(str::to_owned),
            found: optional(&finding.found),
            required: optional(&finding.required),
            message: text(&finding.message),
            fix: text(&finding.fix),
            location: finding.location.as_ref().map(|location| KeptLocation {
                file: portable(root, &location.file).to_string_lossy().into_owned(),
                line: location.line,
                column: location.column,
                length: location.length,
                source_line: location.source_line.clone(),
            }),
        })
        .collect()
}

/// What was told, where `root` is.
pub(super) fn found_findings(findings: Vec<KeptFinding>, root: &Path) -> Option<Vec<Diagnostic>> {
    let root_text = root.to_string_lossy().into_owned();
    let text = |text: String| text.replace(ROOT, &root_text);
    let found = |finding: KeptFinding| {
        let code = Code::ALL.iter().find(|code| code.as_str() == finding.code)?;
        let mut diagnostic = Diagnostic::new(
            *code,
            text(finding.module),
            text(finding.message),
            text(finding.fix),
        );
        diagnostic.package = finding.package.map(text);
        diagnostic.found = finding.found.map(text);
        diagnostic.required = finding.required.map(text);
        diagnostic.check = match finding.check {
            None => None,
            Some(check) => Some(CHECKS.into_iter().find(|known| *known == check)?),
        };
        let location = finding.location.map(|location| Location {
            file: normalize(&root.join(location.file)),
            line: location.line,
            column: location.column,
            length: location.length,
            source_line: location.source_line,
        });
        Some(diagnostic.at(location))
    };
    findings.into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn findings_move_with_their_root() {
        let finding = |root: &str| {
            Diagnostic::new(Code::TypeDrift, "a", format!("{root}/a.js says so"), "Ask b.")
                .with_package("b")
                .with_found("1")
                .with_required("2")
                .with_check("intent")
                .at(Some(Location {
                    file: PathBuf::from(format!("{root}/src/a.js")),
                    line: 1,
                    column: 2,
                    length: 3,
                    source_line: "let a".to_owned(),
                }))
        };
        let kept = kept_findings(&[finding("/one/place")], Path::new("/one/place"));
        let text = serde_json::to_string(&kept).unwrap();
        assert!(!text.contains("place"), "{text}");
        let found = found_findings(kept, Path::new("/other")).unwrap();
        assert_eq!(found, [finding("/other")]);
    }
}
