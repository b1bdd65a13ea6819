//! `--help` teaches, and a command line that makes no sense is told why.

use crate::program::{self, Answer};
use crate::workspace::Workspace;

fn answer(arguments: &[&str]) -> Answer {
    program::run(Workspace::empty().root(), arguments)
}

#[test]
fn help_shows_examples_and_exit_codes() {
    for arguments in [&["--help"][..], &["help"]] {
        let help = answer(arguments);
        help.assert_exit(0);
        assert_eq!(help.stderr, "");
        for text in [
            "Usage:",
            "Examples:",
            "esmx-build apps/host -r",
            "compose --html",
            "Exit codes:",
            "\n  0  ",
            "\n  1  ",
            "\n  2  ",
            "untouched",
            "https://",
        ] {
            assert!(help.stdout.contains(text), "{text} in\n{}", help.stdout);
        }
    }
}

#[test]
fn every_command_explains_itself() {
    for command in ["build", "compose", "graph", "migrate", "validate", "why"] {
        let help = answer(&[command, "--help"]);
        help.assert_exit(0);
        assert!(
            help.stdout.contains("Examples:\n  esmx-build "),
            "{}",
            help.stdout
        );
        assert!(help.stdout.contains("--link <NAME=DIR>"), "{}", help.stdout);
        assert_eq!(answer(&["help", command]).stdout, help.stdout);
    }
}

#[test]
fn every_word_of_importmap_explains_itself() {
    for word in [
        "resolve", "compose", "check", "diff", "gate", "inject", "release", "rollback", "history",
    ] {
        let help = answer(&["importmap", word, "--help"]);
        help.assert_exit(0);
        let examples = "Examples:\n  esmx-build importmap ";
        assert!(help.stdout.contains(examples), "{}", help.stdout);
        assert!(help.stdout.contains("--json"), "{}", help.stdout);
        assert!(answer(&["importmap", "--help"]).stdout.contains(word));
    }
}

#[test]
fn bundle_explains_itself() {
    let help = answer(&["bundle", "--help"]);
    help.assert_exit(0);
    for text in [
        "Examples:\n  esmx-build bundle ",
        "--platform",
        "esmx.config.json",
        "esmxBuild",
        "node:    ",
    ] {
        assert!(help.stdout.contains(text), "{text} in\n{}", help.stdout);
    }
    assert_eq!(answer(&["help", "bundle"]).stdout, help.stdout);
    let widest = help.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|width| width <= 100), "{widest:?}");
}

#[test]
fn short_help_is_short_and_names_the_long_one() {
    let help = answer(&["-h"]);
    help.assert_exit(0);
    assert!(help.stdout.lines().count() < 50, "{}", help.stdout);
    assert!(help.stdout.contains("`esmx-build --help`"), "{}", help.stdout);
}

#[test]
fn help_fits_a_narrow_terminal_log() {
    let widest = answer(&["--help"])
        .stdout
        .lines()
        .map(|line| line.chars().count())
        .max();
    assert!(widest.is_some_and(|width| width <= 100), "{widest:?}");
}

#[test]
fn the_version_is_one_line() {
    let version = answer(&["--version"]);
    version.assert_exit(0);
    assert_eq!(
        version.stdout,
        format!("esmx-build {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn senseless_command_lines_are_usage_errors() {
    let cases: [(&[&str], &str); 9] = [
        (&["--recursiv"], "'--recursive'"),
        (&["--mode", "prod"], "production"),
        (&["--threads", "0"], "'0'"),
        (&["--threads", "many"], "'many'"),
        (&["--link", "base"], "=`"),
        (&["a", "b"], "'b'"),
        (&["compose", "--base", "docs"], "docs"),
        (&["compose", "--recursive"], "--recursive"),
        (&["build", "--html"], "--html"),
    ];
    for (arguments, told) in cases {
        let refusal = answer(arguments);
        refusal.assert_exit(2);
        assert_eq!(refusal.stdout, "", "{arguments:?}");
        assert!(refusal.stderr.contains(told), "{arguments:?}: {}", refusal.stderr);
        assert!(
            refusal.stderr.contains("--help"),
            "{arguments:?}: {}",
            refusal.stderr
        );
    }
}
