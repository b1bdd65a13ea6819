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
mod texts;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use esmx_build::cli::{self, Task};
use esmx_build::command::watch::{Changes, Inputs, Session, Settings};
use esmx_build::command::{Bundling, Silence, Workshop};
use esmx_build::diagnostic::Diagnostic;
use project::{Kind, Project};
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

/// The same of declared modules.
const MANNERS_OF_MODULES: [&[&str]; 4] = [
    &["-r", "--mode=development", "--sourcemap"],
    &["-r", "--mode=production", "--sourcemap"],
    &["--mode=development", "-r", "--no-minify"],
    &["-r", "--mode=production", "--no-minify", "--chunk-import-map"],
];

#[test]
fn every_state_of_a_watch_is_a_cold_build() {
    let range = std::env::var("WATCH_SOAK").unwrap_or_else(|_| "0..12".to_owned());
    let (first, end) = range.split_once("..").expect("WATCH_SOAK is first..end");
    let states = std::env::var("WATCH_SOAK_STATES").unwrap_or_else(|_| "12".to_owned());
    let states: usize = states.parse().expect("WATCH_SOAK_STATES is a number");
    for seed in first.parse::<u64>().unwrap()..end.parse().unwrap() {
        soak(Kind::Plain, seed, states);
        if seed.is_multiple_of(3) {
            soak(Kind::Declared, seed, states);
        }
    }
}

fn soak(kind: Kind, seed: u64, states: usize) {
    let (_warm, root) = directory();
    let number = usize::try_from(seed).unwrap();
    let mut manner = MANNERS[number % MANNERS.len()].to_vec();
    if number % 5 == 4 {
        manner.push("--metafile=meta.json");
    }
    if kind == Kind::Declared {
        manner = MANNERS_OF_MODULES[number / 3 % MANNERS_OF_MODULES.len()].to_vec();
    }
    let manner = manner.as_slice();
    let mut project = Project::new(kind, SplitMix64(seed));
    project.write_all(&root);
    let mut session = start(kind, &root, manner);
    let mut failed = 0;
    for state in 0..states {
        let answer = build(&mut session, &root);
        let (_cold, cold_root) = directory();
        project.write_all(&cold_root);
        let mut fresh = start(kind, &cold_root, manner);
        let expected = build(&mut fresh, &cold_root);
        failed += usize::from(expected.files.is_none());
        compare(
            &answer,
            &expected,
            &format!("{kind:?}, seed {seed}, state {state}: {}", project.last_edit),
        );
        let inputs = session.inputs();
        let touched = project.edit(&root);
        let paths = touched
            .iter()
            .map(|(path, happening)| (path.as_path(), *happening));
        let changes = Changes::of_paths(paths, &inputs, Path::exists);
        if changes.settings == Settings::Changed {
            session = start(kind, &root, manner);
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

/// A directory in one of its own, so that there is room beside it.
fn directory() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let root = directory.path().canonicalize().unwrap().join("root");
    fs::create_dir(&root).unwrap();
    (directory, root)
}

/// What is watched.
enum Watched {
    Bundle(Box<Bundling>),
    Modules(Box<Workshop>),
}

impl Watched {
    fn inputs(&self) -> Inputs {
        match self {
            Self::Bundle(session) => session.inputs(),
            Self::Modules(session) => session.inputs(),
        }
    }

    fn forget(&mut self, changes: &Changes) {
        match self {
            Self::Bundle(session) => session.forget(changes),
            Self::Modules(session) => session.forget(changes),
        }
    }
}

fn build(session: &mut Watched, root: &Path) -> Answer {
    let place = root.parent().unwrap().display().to_string();
    let shown = |findings: Vec<&Diagnostic>| -> Vec<String> {
        let findings = findings.iter().map(|finding| format!("{finding:?}"));
        findings.map(|finding| finding.replace(&place, "")).collect()
    };
    let (findings, has_errors, paths): (_, _, Vec<PathBuf>) = match session {
        Watched::Bundle(session) => {
            let report = session.build(&Silence).unwrap();
            let outputs = report.outputs.iter();
            let paths = outputs.map(|output| root.join("dist").join(&output.path));
            let metafile = Some(root.join("meta.json")).filter(|path| path.is_file());
            let paths = paths.chain(metafile).collect();
            (shown(report.all_diagnostics()), report.has_errors(), paths)
        }
        Watched::Modules(session) => {
            let report = session.build(&Silence).unwrap();
            let mut paths = Vec::new();
            files_below(&root.join("dist"), &mut paths);
            files_below(&root.parent().unwrap().join("base/dist"), &mut paths);
            (shown(report.all_diagnostics()), report.has_errors(), paths)
        }
    };
    let read = |path: PathBuf| {
        let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        (path.display().to_string().replace(&place, ""), content)
    };
    Answer {
        findings,
        files: (!has_errors).then(|| paths.into_iter().map(read).collect()),
    }
}

fn files_below(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, paths);
        } else {
            paths.push(path);
        }
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

fn start(kind: Kind, root: &Path, manner: &[&str]) -> Watched {
    std::env::set_current_dir(root).unwrap();
    let words: Vec<&str> = match kind {
        Kind::Plain => {
            let words = ["esmx-build", "bundle", "--out-dir=dist"].into_iter();
            words.chain(Project::ENTRIES).collect()
        }
        Kind::Declared => vec!["esmx-build", "build"],
    };
    let words = words.into_iter().chain(manner.iter().copied());
    let invocation =
        cli::parse(words.map(OsString::from)).unwrap_or_else(|_| panic!("the arguments are fine"));
    match invocation.task {
        Ok(Task::Bundle(options)) => {
            let options = options.unwrap_or_else(|error| panic!("{error:?}"));
            Watched::Bundle(Box::new(Bundling::new(*options)))
        }
        Ok(Task::Build(options)) => Watched::Modules(Box::new(Workshop::new(*options))),
        _ => panic!("this is a build"),
    }
}
