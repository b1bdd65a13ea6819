//! Questions that are answered without a build: every file in `fixtures/front_door/answers` lays out a workspace
//! beside the good one and shows what `why` and `graph` say about it, word for word. The blocks are those of
//! [`markdown`]; commands run in `shop`.
//!
//! Also checked is that nothing is written, and that `--json` gives one document with the same exit code.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told; read the difference before keeping it.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::markdown::{self, Case};
use crate::program::Answer;
use crate::refusals::{first_difference, message_of};
use crate::transcript;
use crate::workspace::{Workspace, assert_same};

#[test]
fn every_question_is_answered() {
    let is_updating = std::env::var_os("UPDATE_FRONT_DOOR").is_some();
    let paths = case_files();
    assert!(!paths.is_empty(), "there are no cases");
    let failures: Vec<String> = paths
        .par_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(path).expect("a case is UTF-8");
            let failure = match std::panic::catch_unwind(|| check(&text)) {
                Ok(actual) if actual == text => return None,
                Ok(actual) if is_updating => {
                    fs::write(path, actual).expect("a case can be written");
                    return None;
                }
                Ok(actual) => first_difference(&text, &actual),
                Err(panic) => message_of(&*panic),
            };
            Some(format!("=== {}\n{failure}\n", path.display()))
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.concat());
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
        .any(|word| word.starts_with("--format") || *word == "--json")
    {
        return;
    }
    let in_json = workspace.run("shop", &[words, &["--json"]].concat());
    assert_eq!(in_json.exit, answer.exit, "{}", in_json.text());
    assert_eq!(in_json.stderr, "", "a document and nothing else");
    assert!(in_json.document().is_object(), "{}", in_json.text());
}

fn case_files() -> Vec<PathBuf> {
    let directory = markdown::fixtures().join("answers");
    let entries = fs::read_dir(&directory).expect("there are cases");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path: &PathBuf| path.extension() == Some("md".as_ref()))
        .collect();
    let only = std::env::var("FRONT_DOOR").unwrap_or_default();
    let name_of = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    paths.retain(|path| name_of(path).contains(&only));
    paths.sort();
    paths
}
