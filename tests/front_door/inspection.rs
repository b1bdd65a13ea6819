//! What must be true of every refusal, whatever it is about.

use std::fs;
use std::path::Path;

use esmx_build::diagnostic::{Code, Severity};
use serde_json::Value;

use crate::program::Answer;

/// Codes that blame a place in a file of the user, always.
const LOCATED: &[Code] = &[
    Code::Schema,
    Code::TargetMissing,
    Code::NotLinked,
    Code::NotBuilt,
    Code::Protocol,
    Code::Cycle,
    Code::Version,
    Code::NotUsed,
    Code::NoExport,
    Code::Syntax,
    Code::Unresolved,
    Code::MissingExport,
    Code::NoLoader,
    Code::BuiltinOnClient,
    Code::ImportAssigned,
    Code::Tsconfig,
    Code::Config,
];

/// A refusal as text: one of the two exit codes, nothing on standard output, no sign of a crash.
pub fn assert_refused(answer: &Answer) {
    assert!(matches!(answer.exit, Some(1 | 2)), "{}", answer.text());
    assert_eq!(answer.stdout, "", "what is told goes to standard error");
    for crash in [
        "panicked",
        "bug of its own",
        "overflowed its stack",
        "RUST_BACKTRACE",
        "\u{1b}[",
    ] {
        assert!(!answer.stderr.contains(crash), "{crash} in\n{}", answer.text());
    }
}

/// A refusal as one JSON document. Places are told as seen from `directory`. Returns the codes.
pub fn assert_refused_in_json(answer: &Answer, directory: &Path) -> Vec<String> {
    assert!(matches!(answer.exit, Some(1 | 2)), "{}", answer.text());
    assert_eq!(answer.stderr, "", "`--json` says everything in the document");
    let document = answer.document();
    // `bundle` tells errors and warnings apart, as other bundlers do.
    let lists: Vec<&Vec<Value>> = ["diagnostics", "errors", "warnings"]
        .iter()
        .filter_map(|name| document[name].as_array())
        .collect();
    let diagnostics: Vec<&Value> = lists.into_iter().flatten().collect();
    assert!(!diagnostics.is_empty(), "{}", answer.text());
    let codes: Vec<Code> = diagnostics
        .iter()
        .map(|diagnostic| inspect(diagnostic, directory))
        .collect();
    assert!(
        codes.iter().any(|code| code.severity() == Severity::Error),
        "only an error is a reason to refuse: {codes:?}"
    );
    codes.into_iter().map(|code| code.to_string()).collect()
}

fn inspect(diagnostic: &Value, directory: &Path) -> Code {
    let text = |name: &str| diagnostic[name].as_str().unwrap_or_default();
    let code = Code::ALL
        .iter()
        .copied()
        .find(|code| code.as_str() == text("code"));
    let code = code.unwrap_or_else(|| panic!("no such code in the catalogue: {diagnostic}"));
    let severity = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    assert_eq!(text("severity"), severity, "{diagnostic}");
    for field in ["module", "message", "fix"] {
        assert!(!text(field).is_empty(), "`{field}` of {diagnostic}");
    }
    match diagnostic.get("location") {
        Some(location) => inspect_location(location, directory),
        // What is missing stands nowhere, and what is on the command line in no file.
        None if text("message").contains(" has no ") || text("message").starts_with("The entry ") => {}
        None => assert!(
            !LOCATED.contains(&code),
            "one place is to blame, and it is not told: {diagnostic}"
        ),
    }
    code
}

/// The place is in a file that exists, and the line shown is the line that stands there.
fn inspect_location(location: &Value, directory: &Path) {
    let file = directory.join(location["file"].as_str().expect("a location has a file"));
    let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{location}: {error}"));
    let text = String::from_utf8_lossy(&bytes);
    let number = |name: &str| {
        let number = location[name]
            .as_u64()
            .unwrap_or_else(|| panic!("`{name}` of {location}"));
        usize::try_from(number).expect("the number is small")
    };
    let (line, column) = (number("line"), number("column"));
    let there = text
        .split('\n')
        .nth(line - 1)
        .unwrap_or_else(|| panic!("no such line: {location}"));
    let there = there.trim_end_matches('\r').trim_start_matches('\u{feff}');
    if let Some(shown) = location["sourceLine"].as_str() {
        assert_eq!(shown.trim_start_matches('\u{feff}'), there, "{location}");
    }
    assert!(
        (1..=there.len() + 1).contains(&column),
        "the column lies in the line: {location}"
    );
}
