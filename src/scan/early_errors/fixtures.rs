use std::fmt::Write as _;
use std::path::Path;

use super::super::load::DeclaredFormat;
use super::super::parse::{SourceKind, parse_module};
use super::super::transform::TransformOptions;

/// What is wrong with each line of a file, taken as an ES module.
fn judged(file: &str) -> Vec<(String, Option<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/early-errors")
        .join(file);
    let text = std::fs::read_to_string(path).expect("the fixture exists");
    let judge = |line: &str| {
        let source = line.replace('⏎', "\n");
        let parsed = parse_module(
            Path::new("/a.mjs"),
            source.into(),
            SourceKind::JavaScript,
            DeclaredFormat::EsModule,
            &TransformOptions::default(),
        );
        let problem = parsed.err().map(|diagnostics| diagnostics[0].message.clone());
        (line.to_owned(), problem)
    };
    text.lines().map(judge).collect()
}

#[test]
fn what_the_standard_refuses_is_refused() {
    let mut missed = String::new();
    for (line, problem) in judged("refused.txt") {
        if problem.is_none() {
            let _ = writeln!(missed, "{line}");
        }
    }
    assert!(missed.is_empty(), "these are accepted:\n{missed}");
}

#[test]
fn what_the_standard_accepts_is_accepted() {
    let mut refused = String::new();
    for (line, problem) in judged("accepted.txt") {
        if let Some(problem) = problem {
            let _ = writeln!(refused, "{line}    {problem}");
        }
    }
    assert!(refused.is_empty(), "these are refused:\n{refused}");
}
