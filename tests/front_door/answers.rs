//! Questions that are answered without a build: every file in `fixtures/front_door/answers` lays out a workspace
//! beside the good one and shows what `why` and `graph` say about it, word for word. The blocks are those of
//! [`markdown`]; commands run in `shop`.
//!
//! Also checked is that nothing is written, and that `--json` gives one document with the same exit code.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told; read the difference before keeping it.

use crate::cases::check_every;
use crate::markdown::{self, Case};
use crate::program::Answer;
use crate::transcript;
use crate::workspace::{Workspace, assert_same};

#[test]
fn every_question_is_answered() {
    check_every("answers", check);
}

/// Runs a case; returns its text with what was really told.
fn check(text: &str) -> String {
    let case = Case::parse(text);
    assert!(!case.runs.is_empty(), "a case runs something");
    let workspace = Workspace::of_sources();
    workspace.lay_out(&case);
    let before = workspace.outputs();
    let transcripts: Vec<String> = case
        .runs
        .iter()
        .map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let answer = workspace.run("shop", &words);
            assert_same_in_json(&workspace, &words, &answer);
            transcript::of(&answer, &workspace)
        })
        .collect();
    assert_same(&before, &workspace.outputs(), "a question changes nothing");
    markdown::with_transcripts(text, &transcripts)
}

fn assert_same_in_json(workspace: &Workspace, words: &[&str], answer: &Answer) {
    if words
        .iter()
        .any(|word| word.starts_with("--format") || ["--json", "--markdown"].contains(word))
    {
        return;
    }
    let in_json = workspace.run("shop", &[words, &["--json"]].concat());
    assert_eq!(in_json.exit, answer.exit, "{}", in_json.text());
    assert_eq!(in_json.stderr, "", "a document and nothing else");
    assert!(in_json.document().is_object(), "{}", in_json.text());
}
