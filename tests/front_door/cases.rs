//! Runs the literate cases of one folder: each is a Markdown file whose transcripts are compared with what the
//! program really says. `FRONT_DOOR=word` runs only those whose name contains the word, `UPDATE_FRONT_DOOR=1`
//! rewrites the transcripts.

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::markdown;

/// Checks every case of `fixtures/front_door/<folder>`: `actual` gives the text of a case with what was really told.
///
/// # Panics
/// When a case says something else, with all that do, and when there is no case.
pub fn check_every(folder: &str, actual: impl Fn(&str) -> String + Sync + std::panic::RefUnwindSafe) {
    let is_updating = std::env::var_os("UPDATE_FRONT_DOOR").is_some();
    let paths = case_files(folder);
    assert!(!paths.is_empty(), "there are no cases");
    let failures: Vec<String> = paths
        .par_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(path).expect("a case is UTF-8");
            // A failed assertion names what is wrong; catching it lets the other cases speak too.
            let failure = match std::panic::catch_unwind(|| actual(&text)) {
                Ok(actual) if actual == text => return None,
                Ok(actual) if is_updating => {
                    fs::write(path, actual).expect("a case can be written");
                    return None;
                }
                Ok(actual) => first_difference(&text, &actual),
                Err(panic) => message_of(&*panic),
            };
            Some(format!("=== {}\n{failure}\n", name_of(path)))
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.concat());
}

fn case_files(folder: &str) -> Vec<PathBuf> {
    let only = std::env::var("FRONT_DOOR").unwrap_or_default();
    let mut paths: Vec<PathBuf> = fs::read_dir(markdown::fixtures().join(folder))
        .expect("the folder has cases")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension() == Some("md".as_ref()) && name_of(path).contains(&only))
        .collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let formatted = panic.downcast_ref::<String>().cloned();
    formatted
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "it panicked".to_owned())
}

fn first_difference(expected: &str, actual: &str) -> String {
    let lines = expected.lines().zip(actual.lines()).enumerate();
    match lines
        .into_iter()
        .find(|(_, (expected, actual))| expected != actual)
    {
        Some((index, (expected, actual))) => format!("line {}\n- {expected}\n+ {actual}", index + 1),
        None => format!("one is longer than the other:\n{actual}"),
    }
}
