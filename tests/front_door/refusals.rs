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

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::inspection::{assert_refused, assert_refused_in_json};
use crate::markdown::{self, Case};
use crate::program::Answer;
use crate::transcript;
use crate::workspace::{Workspace, assert_same};

#[test]
fn every_refusal_is_told_and_changes_nothing() {
    let is_updating = std::env::var_os("UPDATE_FRONT_DOOR").is_some();
    let paths = case_files();
    assert!(!paths.is_empty(), "there are no cases");
    let failures = Mutex::new(Vec::new());
    paths.par_iter().for_each(|path| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(path).expect("a case is UTF-8");
        // A failed assertion names what is wrong; catching it lets the other cases speak too.
        let outcome = std::panic::catch_unwind(|| check(&text));
        let failure = match outcome {
            Ok(actual) if actual == text => return,
            Ok(actual) if is_updating => return fs::write(path, actual).expect("a case can be written"),
            Ok(actual) => first_difference(&text, &actual),
            Err(panic) => message_of(&*panic),
        };
        failures
            .lock()
            .expect("nothing panics while it is locked")
            .push(format!("=== {name}\n{failure}\n"));
    });
    let mut failures = failures.into_inner().expect("nothing panics while it is locked");
    failures.sort();
    assert!(failures.is_empty(), "\n{}", failures.concat());
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

fn case_files() -> Vec<PathBuf> {
    let directory = markdown::fixtures().join("refusals");
    let entries = fs::read_dir(&directory).expect("there are cases");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a directory entry").path())
        .collect();
    paths.retain(|path| path.extension() == Some("md".as_ref()));
    let only = std::env::var("FRONT_DOOR").unwrap_or_default();
    paths.retain(|path: &PathBuf| name_of(path).contains(&only));
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub fn message_of(panic: &(dyn Any + Send)) -> String {
    let formatted = panic.downcast_ref::<String>().cloned();
    formatted
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "it panicked".to_owned())
}

pub fn first_difference(expected: &str, actual: &str) -> String {
    let lines = expected.lines().zip(actual.lines()).enumerate();
    match lines
        .into_iter()
        .find(|(_, (expected, actual))| expected != actual)
    {
        Some((index, (expected, actual))) => format!("line {}\n- {expected}\n+ {actual}", index + 1),
        None => format!("one is longer than the other:\n{actual}"),
    }
}
