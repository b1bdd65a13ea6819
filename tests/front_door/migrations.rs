//! `esmx-build migrate`: every file in `fixtures/front_door/migrations` is a legacy workspace, and what the program
//! says and writes about it, word for word. The blocks are those of [`markdown`]; commands run in `app`, and a block
//! `<language> <path> after` holds what a file is in the end.
//!
//! Whatever the case, also checked is that
//!
//! - without `--write`, and where something stands in the way, no file changes;
//! - `--json` gives one document with the same exit code, the same number of obstacles, and nothing beside it;
//! - what was written is declared, needs no second migration, and lost nothing but what was in the diff.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told and the files in the end; read the difference before keeping it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::cases::check_every;
use crate::markdown::{self, Case};
use crate::program::Answer;
use crate::transcript;
use crate::workspace::Workspace;

#[test]
fn every_migration_is_told_and_proven() {
    check_every("migrations", with_answers);
}

fn with_answers(text: &str) -> String {
    let mut case = Case::parse(text);
    let (after, before) = case
        .files
        .into_iter()
        .partition::<Vec<_>, _>(|(path, _)| path.ends_with(" after"));
    case.files = before;
    assert!(!case.runs.is_empty(), "a case runs something");
    let workspace = Workspace::empty();
    workspace.lay_out(&case);
    let mut transcripts = Vec::new();
    for words in &case.runs {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let files = files_of(workspace.root());
        let module = words.get(1).filter(|word| !word.starts_with('-')).copied();
        let module = workspace.path("app").join(module.unwrap_or("."));
        let shown: Vec<&str> = words.iter().filter(|word| **word != "--write").copied().collect();
        let in_json = workspace.run("app", &[&shown[..], &["--json"]].concat());
        assert_eq!(
            files,
            files_of(workspace.root()),
            "showing an edit writes nothing: {words:?}"
        );
        let answer = workspace.run("app", &words);
        assert_same_for_tools(&in_json, &answer);
        let now = files_of(workspace.root());
        if words.contains(&"--write")
            && answer.exit == Some(0)
            && !answer.stdout.contains("nothing to migrate")
        {
            assert_ne!(files, now, "something was written: {words:?}");
            let manifest = fs::read_to_string(module.join("package.json")).expect("a package.json");
            assert!(manifest.contains("\"esmx\""), "{manifest}");
            let again = workspace.run("app", &words);
            assert_eq!(again.exit, Some(0), "{}", again.text());
            assert!(again.text().contains("nothing to migrate"), "{}", again.text());
            assert_eq!(
                now,
                files_of(workspace.root()),
                "a second migration changes nothing"
            );
        } else {
            assert_eq!(files, now, "nothing was written: {words:?}");
        }
        transcripts.push(transcript::of(&answer, &workspace));
    }
    let mut told = markdown::with_transcripts(text, &transcripts);
    for (path, expected) in after {
        let file = workspace.path(path.trim_end_matches(" after"));
        let actual = fs::read_to_string(&file).expect("the file is still there");
        let block = |text: &str| format!(" {path}\n{text}```");
        assert!(told.contains(&block(&expected)), "{path}");
        let line_end = if actual.ends_with('\n') { "" } else { "\n" };
        told = told.replace(&block(&expected), &block(&format!("{actual}{line_end}")));
    }
    told
}

fn assert_same_for_tools(in_json: &Answer, answer: &Answer) {
    assert_eq!(in_json.exit, answer.exit, "{}", in_json.text());
    assert_eq!(in_json.stderr, "");
    let document = in_json.document();
    if answer.exit == Some(2) {
        return;
    }
    let obstacles = document["obstacles"]
        .as_array()
        .expect("a list of obstacles")
        .len();
    let told = answer
        .stderr
        .lines()
        .filter(|line| line.starts_with("obstacle: "))
        .count();
    assert_eq!(obstacles, told, "{}", answer.text());
    let keys: Vec<&str> = document
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "diagnostics",
            "dir",
            "durationMs",
            "files",
            "migration",
            "name",
            "notices",
            "obstacles"
        ]
    );
}

/// Every file that is no symbolic link.
fn files_of(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let entry = entry.expect("an entry");
        let path = entry.path();
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            files.extend(files_of(&path));
        } else if kind.is_file() {
            files.insert(
                path.to_string_lossy().into_owned(),
                fs::read(&path).expect("a file"),
            );
        }
    }
    files
}
