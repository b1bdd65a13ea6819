//! Random programs show the same effects minified as they are.

use std::path::Path;
use std::process::Command;

use crate::process::{Outcome, run};

/// The seeds are always the same; `RANDOM_PROGRAMS=first..end` takes others.
#[test]
fn random_programs_behave_the_same_minified() {
    let range = std::env::var("RANDOM_PROGRAMS").unwrap_or_else(|_| "0..200".to_owned());
    let (first, end) = range.split_once("..").expect("RANDOM_PROGRAMS is first..end");
    let number = |text: &str| text.parse::<u32>().expect("seeds are numbers");
    let count = number(end) - number(first);
    let directory = tempfile::tempdir().expect("there is room for a few files");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle_cases/random_programs.mjs");
    let finished = run(Command::new("node")
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_esmx-build"))
        .arg(directory.path())
        .args([first, &count.to_string()]))
    .expect("Node runs");
    assert!(
        finished.outcome == Outcome::Succeeded,
        "{}{}",
        finished.stdout,
        finished.stderr
    );
}
