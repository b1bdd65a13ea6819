//! Random programs show the same effects minified as they are, random graphs of CommonJS modules the same bundled.

use std::path::Path;
use std::process::Command;

use crate::process::{Outcome, run};

/// The seeds are always the same; `RANDOM_PROGRAMS=first..end` takes others.
#[test]
fn random_programs_behave_the_same_minified() {
    check("random_programs.mjs", "RANDOM_PROGRAMS", "0..200");
}

/// The same with `RANDOM_COMMONJS`.
#[test]
fn random_graphs_of_commonjs_behave_as_their_sources() {
    check("random_commonjs.mjs", "RANDOM_COMMONJS", "0..60");
}

fn check(script: &str, variable: &str, default: &str) {
    let range = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
    let (first, end) = range.split_once("..").expect("the variable is first..end");
    let number = |text: &str| text.parse::<u32>().expect("seeds are numbers");
    let count = number(end) - number(first);
    let directory = tempfile::tempdir().expect("there is room for a few files");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle_cases");
    let finished = run(Command::new("node")
        .arg("--no-warnings")
        .arg(folder.join(script))
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
