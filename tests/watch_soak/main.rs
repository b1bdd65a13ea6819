//! A watched bundle after thousands of edits is what a process makes of the same files that has never seen them before.
//!
//! A project of modules in many formats is edited at random: insides, imports, exports, files that come, go and move,
//! settings, mistakes. Each state is built by a session that remembers all states before it, and by one that knows nothing,
//! in another directory: outputs, bytes and findings must be the same.
//!
//!     WATCH_SOAK=0..200 WATCH_SOAK_STATES=300 cargo test --test watch_soak

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod project;
#[path = "../support/split_mix.rs"]
mod split_mix;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use esmx_build::cli::{self, Task};
use esmx_build::command::report::BundleReport;
use esmx_build::command::watch::{Changes, Session, Settings};
use esmx_build::command::{Bundling, Silence};
use project::Project;
use split_mix::SplitMix64;
use tempfile::TempDir;

/// What a run is made with, beside the sources.
const MANNERS: [&[&str]; 12] = [
    &["--mode=development", "--sourcemap", "--chunk-names=[name]"],
    &["--minify", "--sourcemap"],
    &[
        "--mode=development",
        "--sourcemap",
        "--chunk-group=parts=src/part*/**",
    ],
    &[
        "--mode=development",
        "--sourcemap=inline",
        "--entry-names=[name]-[hash]",
    ],
    &["--mode=development", "--platform=node", "--chunk-names=[name]"],
    &["--mode=development", "--target=es2017", "--sourcemap"],
    &["--minify", "--mode=development", "--platform=neutral"],
    &[
        "--mode=development",
        "--sourcemap=external",
        "--legal-comments=linked",
    ],
    &[
        "--mode=development",
        "--sourcemap",
        "--keep-names",
        "--jsx=preserve",
    ],
    &[
        "--mode=development",
        "--loader=.png=copy",
        "--min-chunk-size=4000",
    ],
    &[
        "--mode=development",
        "--loader=.png=dataurl",
        "--chunk-import-map",
        "--inject=src/injected.js",
    ],
    &[
        "--mode=development",
        "--tree-shaking=false",
        "--public-path=/static",
    ],
];

#[test]
fn every_state_of_a_watch_is_a_cold_build() {
    let range = std::env::var("WATCH_SOAK").unwrap_or_else(|_| "0..24".to_owned());
    let (first, end) = range.split_once("..").expect("WATCH_SOAK is first..end");
    let states = std::env::var("WATCH_SOAK_STATES").unwrap_or_else(|_| "12".to_owned());
    let states: usize = states.parse().expect("WATCH_SOAK_STATES is a number");
    for seed in first.parse::<u64>().unwrap()..end.parse().unwrap() {
        soak(seed, states);
    }
}

fn soak(seed: u64, states: usize) {
    let warm = TempDir::new().unwrap();
    let root = warm.path().canonicalize().unwrap();
    let number = usize::try_from(seed).unwrap();
    let mut manner = MANNERS[number % MANNERS.len()].to_vec();
    if number / MANNERS.len() % 2 == 1 {
        manner.push("--metafile=meta.json");
    }
    let manner = manner.as_slice();
    let mut project = Project::new(SplitMix64(seed));
    project.write_all(&root);
    let mut session = Bundling::new(options(&root, &project, manner));
    let mut failed = 0;
    for state in 0..states {
        let answer = build(&mut session, &root);
        let cold_directory = TempDir::new().unwrap();
        let cold_root = cold_directory.path().canonicalize().unwrap();
        project.write_all(&cold_root);
        let mut fresh = Bundling::new(options(&cold_root, &project, manner));
        let expected = build(&mut fresh, &cold_root);
        failed += usize::from(expected.files.is_none());
        compare(
            &answer,
            &expected,
            &format!("seed {seed}, state {state}: {}", project.last_edit),
        );
        let inputs = session.inputs();
        let touched = project.edit(&root);
        let paths = touched
            .iter()
            .map(|(path, happening)| (path.as_path(), *happening));
        let changes = Changes::of_paths(paths, &inputs, Path::exists);
        if changes.settings == Settings::Changed {
            session = Bundling::new(options(&root, &project, manner));
        } else {
            session.forget(&changes);
        }
    }
    assert!(
        failed * 2 < states,
        "seed {seed}: {failed} of {states} states are errors"
    );
}

/// What a build made.
struct Answer {
    /// Path and content; none where the sources have errors.
    files: Option<BTreeMap<String, String>>,
    findings: Vec<String>,
}

fn build(session: &mut Bundling, root: &Path) -> Answer {
    let report: BundleReport = session.build(&Silence).unwrap();
    let place = root.display().to_string();
    let findings = report.all_diagnostics();
    let findings = findings
        .iter()
        .map(|finding| format!("{finding:?}").replace(&place, ""));
    let outputs = report.outputs.iter();
    let paths = outputs.map(|output| root.join("dist").join(&output.path));
    let metafile = Some(root.join("meta.json")).filter(|path| path.is_file());
    let paths: Vec<PathBuf> = paths.chain(metafile).collect();
    let read = |path: PathBuf| {
        let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        (path.display().to_string().replace(&place, ""), content)
    };
    Answer {
        findings: findings.collect(),
        files: (!report.has_errors()).then(|| paths.into_iter().map(read).collect()),
    }
}

fn compare(answer: &Answer, expected: &Answer, place: &str) {
    assert_eq!(answer.findings, expected.findings, "{place}");
    let (Some(files), Some(expected)) = (&answer.files, &expected.files) else {
        assert_eq!(answer.files.is_some(), expected.files.is_some(), "{place}");
        return;
    };
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<String>>();
    assert_eq!(names(files), names(expected), "{place}");
    for (name, text) in expected {
        if files[name] != *text {
            let difference = similar::TextDiff::from_lines(text, &files[name]);
            let difference = difference.unified_diff().header("cold", "warm").to_string();
            panic!(
                "{place}\n{name}\n{}",
                difference.chars().take(6000).collect::<String>()
            );
        }
    }
}

fn options(root: &Path, project: &Project, manner: &[&str]) -> esmx_build::command::BundleOptions {
    std::env::set_current_dir(root).unwrap();
    let words = ["esmx-build", "bundle", "--out-dir=dist"];
    let entries = project.entries();
    let words = words
        .into_iter()
        .chain(entries.iter().map(String::as_str))
        .chain(manner.iter().copied());
    let invocation =
        cli::parse(words.map(OsString::from)).unwrap_or_else(|_| panic!("the arguments are fine"));
    match invocation.task {
        Ok(Task::Bundle(options)) => *options.unwrap_or_else(|error| panic!("{error:?}")),
        _ => panic!("this is a bundle"),
    }
}
