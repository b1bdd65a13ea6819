use std::fmt::Write as _;
use std::path::Path;

use super::super::load::DeclaredFormat;
use super::super::parse::parse_module;
use super::super::source_kind::SourceKind;
use super::super::transform::TransformOptions;

/// What is wrong with each line of a file.
fn judged(file: &str, name: &str) -> Vec<(String, Option<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/early-errors")
        .join(file);
    let text = std::fs::read_to_string(path).expect("the fixture exists");
    let judge = |line: &str| {
        let source = line.replace('⏎', "\n");
        let parsed = parse_module(
            Path::new(name),
            source.into(),
            SourceKind::JavaScript,
            DeclaredFormat::Open,
            &TransformOptions::default(),
        );
        let problem = parsed.err().map(|diagnostics| diagnostics[0].message.clone());
        (line.to_owned(), problem)
    };
    text.lines().map(judge).collect()
}

fn assert_refused(file: &str, name: &str) {
    let mut missed = String::new();
    for (line, problem) in judged(file, name) {
        if problem.is_none() {
            let _ = writeln!(missed, "{line}");
        }
    }
    assert!(missed.is_empty(), "these are accepted:\n{missed}");
}

fn assert_accepted(file: &str, name: &str) {
    let mut refused = String::new();
    for (line, problem) in judged(file, name) {
        if let Some(problem) = problem {
            let _ = writeln!(refused, "{line}    {problem}");
        }
    }
    assert!(refused.is_empty(), "these are refused:\n{refused}");
}

#[test]
fn what_the_standard_refuses_is_refused() {
    assert_refused("refused.txt", "/a.mjs");
}

#[test]
fn what_the_standard_accepts_is_accepted() {
    assert_accepted("accepted.txt", "/a.mjs");
}

#[test]
fn what_the_standard_refuses_in_scripts_is_refused() {
    assert_refused("refused-scripts.txt", "/a.cjs");
}

#[test]
fn what_the_standard_accepts_in_scripts_is_accepted() {
    assert_accepted("accepted-scripts.txt", "/a.cjs");
}
