//! Bad input: every file in `fixtures/front_door/refusals` breaks the good workspace in one way, and holds what
//! the user is told, word for word. The blocks are those of [`markdown`]; commands run in `shop`.
//!
//! Whatever the case, also checked is that
//!
//! - the exit code is 1 or 2, and nothing is on standard output;
//! - `--json` gives one document with the same codes, each with a fix, and with a place that exists where one is
//!   to blame;
//! - every `dist` is byte for byte what it was, and nothing is left beside it;
//! - once the case is taken back, the workspace builds again, to the same bytes.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told; read the difference before keeping it.

use crate::cases::check_every;
use crate::inspection::{assert_refused, assert_refused_in_json};
use crate::markdown::{self, Case};
use crate::program::Answer;
use crate::transcript;
use crate::workspace::{Workspace, assert_same};

#[test]
fn every_refusal_is_told_and_changes_nothing() {
    check_every("refusals", check);
}

/// Runs a case; returns its text with what was really told.
fn check(text: &str) -> String {
    let case = Case::parse(text);
    assert!(!case.runs.is_empty(), "a case runs something");
    let good = markdown::good_workspace();
    let workspace = Workspace::built();
    let built = workspace.outputs();
    workspace.lay_out(&case);
    let before = workspace.outputs();
    let transcripts: Vec<String> = case
        .runs
        .iter()
        .map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let answer = workspace.run("shop", &words);
            assert_refused(&answer);
            assert_same_in_json(&workspace, &words, &answer);
            assert_same(&before, &workspace.outputs(), "a refused build changes nothing");
            transcript::of(&answer, &workspace)
        })
        .collect();
    workspace.repair(&case, &good);
    workspace.build();
    assert_same(
        &built,
        &workspace.outputs(),
        "repaired, it builds what it built before",
    );
    markdown::with_transcripts(text, &transcripts)
}

fn assert_same_in_json(workspace: &Workspace, words: &[&str], answer: &Answer) {
    let in_json = workspace.run("shop", &[words, &["--json"]].concat());
    assert_eq!(in_json.exit, answer.exit, "{}", in_json.text());
    let codes = assert_refused_in_json(&in_json, &workspace.path("shop"));
    let told: Vec<&str> = answer
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once(']'))
        .map(|(code, _)| code)
        .collect();
    assert_eq!(codes, told, "the document says the same");
}
