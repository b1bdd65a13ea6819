//! `esmx-build validate`: every file in `fixtures/front_door/validations` is a closure on disk and what the program
//! says about it, word for word. The blocks are those of [`markdown`]; commands run in `app`.
//!
//! Whatever the case, also checked is that
//!
//! - people get one answer on standard output, with the codes that `--json` tells, in the same order;
//! - the document has the protocol's keys, in the protocol's order, and no others;
//! - the annotations of a GitHub workflow and the SARIF log have the same codes, and the form their readers require;
//! - nothing is written.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told; read the difference before keeping it.

use serde_json::Value;

use crate::cases::check_every;
use crate::markdown::{self, Case};
use crate::program::{self, Answer};
use crate::reporters::assert_same_for_reporters;
use crate::transcript;
use crate::workspace::Workspace;

#[test]
fn every_validation_is_told() {
    check_every("validations", with_answers);
}

fn with_answers(text: &str) -> String {
    let case = Case::parse(text);
    assert!(!case.runs.is_empty(), "a case runs something");
    let workspace = Workspace::empty();
    workspace.lay_out(&case);
    let transcripts: Vec<String> = case
        .runs
        .iter()
        .map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let answer = workspace.run("app", &words);
            if !words.contains(&"--json") && !words.contains(&"--reporter") {
                assert_same_for_tools(&workspace, &words, &answer);
            }
            transcript::of(&answer, &workspace)
        })
        .collect();
    markdown::with_transcripts(text, &transcripts)
}

fn assert_same_for_tools(workspace: &Workspace, words: &[&str], answer: &Answer) {
    let in_json = workspace.run("app", &[words, &["--json"]].concat());
    assert_eq!(in_json.exit, answer.exit, "{}", in_json.text());
    assert!(
        answer.exit == Some(2) || in_json.stderr == answer.stderr,
        "{}",
        in_json.text()
    );
    let document = in_json.document();
    assert_is_envelope(&document, &in_json);
    let told: Vec<&str> = answer
        .stdout
        .lines()
        .chain(answer.stderr.lines())
        .filter_map(|line| line.strip_prefix('[')?.split_once(']'))
        .map(|(code, _)| code)
        .collect();
    let codes: Vec<&str> = document["diagnostics"]
        .as_array()
        .expect("a list of diagnostics")
        .iter()
        .filter_map(|diagnostic| diagnostic["code"].as_str())
        .collect();
    assert_eq!(codes, told, "the document says the same");
    assert_same_for_reporters(workspace, words, answer, &codes);
    assert!(
        answer.exit == Some(2) || !answer.stderr.contains('['),
        "no finding is on standard error: {}",
        answer.text()
    );
}

/// The keys of PROTOCOL §8.1 and §13, in their order.
fn assert_is_envelope(document: &Value, answer: &Answer) {
    let keys = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .unwrap_or_else(|| panic!("an object: {}", answer.text()))
            .keys()
            .cloned()
            .collect()
    };
    let mut expected = vec!["diagnostics", "supply", "mounts", "elections", "wiring"];
    if document["protocol"] == "legacy" {
        expected = vec!["protocol", "diagnostics"];
    }
    // Whether serde_json keeps the order when it reads is a feature that others decide on: look at the text.
    let places: Vec<_> = expected
        .iter()
        .map(|key| answer.stdout.find(&format!("\n  \"{key}\": ")))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{}",
        answer.text()
    );
    let mut present = keys(document);
    present.sort_unstable();
    expected.sort_unstable();
    assert_eq!(present, expected);
    let known = [
        "code", "severity", "module", "package", "check", "found", "required", "message", "fix", "location",
    ];
    for diagnostic in document["diagnostics"].as_array().expect("a list") {
        let keys = keys(diagnostic);
        assert!(keys.iter().all(|key| known.contains(&key.as_str())), "{keys:?}");
        for key in ["code", "severity", "module", "message", "fix"] {
            assert!(diagnostic[key].is_string(), "{key} in {diagnostic}");
        }
        assert!(
            diagnostic
                .as_object()
                .expect("an object")
                .values()
                .all(|value| !value.is_null())
        );
    }
}

#[test]
fn validating_writes_nothing() {
    let workspace = Workspace::of_sources();
    let before = workspace.outputs();
    workspace.run("shop", &["validate"]);
    workspace.run("shop", &["validate", "--json"]);
    crate::workspace::assert_same(&before, &workspace.outputs(), "validate only reads");
}

/// Colours only where a terminal, or the user, asks for them; they add nothing but escape codes.
#[test]
fn colours_can_be_forced_and_change_no_word() {
    let workspace = Workspace::of_sources();
    let plain = workspace.run("shop", &["validate"]);
    assert!(!plain.stdout.contains('\u{1b}'), "{}", plain.text());
    let mut command = program::command(&workspace.path("shop"), &["validate"]);
    command.env("CLICOLOR_FORCE", "1");
    let colored = program::finish(command);
    assert!(colored.stdout.contains('\u{1b}'), "{}", colored.text());
    assert_eq!(
        anstream::adapter::strip_str(&colored.stdout).to_string(),
        plain.stdout
    );
}

#[test]
fn a_built_workspace_is_valid() {
    let workspace = Workspace::built();
    let answer = workspace.run("shop", &["validate"]);
    answer.assert_exit(0);
    assert!(
        answer.stdout.starts_with("acme-shop is valid.\n"),
        "{}",
        answer.text()
    );
}
