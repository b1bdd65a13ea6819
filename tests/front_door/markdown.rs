//! Cases in Markdown: prose with fenced blocks. The words after the fence say what a block is:
//!
//! - `<language> <path>` — a file, written after everything else is as in the good workspace.
//! - `links` — lines `<path> -> <target>`: symbolic links.
//! - `removed` — lines with paths of files or directories to remove.
//! - `console` — a line `$ esmx-build …`, what that prints, and the exit code.

use std::fs;
use std::path::{Path, PathBuf};

/// What a case lays out, and what it runs.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Case {
    pub files: Vec<(String, String)>,
    pub links: Vec<(String, String)>,
    pub removed: Vec<String>,
    /// The words after `esmx-build`.
    pub runs: Vec<Vec<String>>,
}

/// A piece of a case file.
enum Part<'a> {
    Prose(&'a str),
    Block { fence: &'a str, body: Vec<&'a str> },
}

const COMMAND: &str = "$ esmx-build";

impl Case {
    pub fn parse(text: &str) -> Self {
        let mut case = Self::default();
        for part in parts(text) {
            let Part::Block { fence, body } = part else {
                continue;
            };
            match fence.split_once(' ') {
                Some((_, path)) => {
                    let text = if body.is_empty() {
                        String::new()
                    } else {
                        body.join("\n") + "\n"
                    };
                    case.files.push((path.to_owned(), text));
                }
                None if fence == "links" => case.links.extend(body.iter().map(|line| {
                    let (path, target) = line.split_once(" -> ").expect("<path> -> <target>");
                    (path.to_owned(), target.to_owned())
                })),
                None if fence == "removed" => case.removed.extend(body.iter().map(ToString::to_string)),
                None if fence == "console" => case.runs.push(words(&body)),
                None => panic!("what is a block of `{fence}`?"),
            }
        }
        case
    }
}

/// The text of a case, the bodies of its console blocks replaced by what the runs printed.
pub fn with_transcripts(text: &str, transcripts: &[String]) -> String {
    let mut transcripts = transcripts.iter();
    let mut result = String::new();
    for part in parts(text) {
        match part {
            Part::Prose(line) => result.push_str(line),
            Part::Block {
                fence: "console",
                body,
            } => {
                let transcript = transcripts.next().expect("a transcript of every run");
                result.extend(["```console\n", body[0], "\n", transcript, "```"]);
            }
            Part::Block { fence, body } => {
                result.extend(["```", fence, "\n"]);
                result.extend(body.iter().flat_map(|line| [line, "\n"]));
                result.push_str("```");
            }
        }
        result.push('\n');
    }
    result
}

fn words(body: &[&str]) -> Vec<String> {
    let command = body.first().and_then(|line| line.strip_prefix(COMMAND));
    let command = command.unwrap_or_else(|| panic!("a console block starts with `{COMMAND}`"));
    command.split_whitespace().map(str::to_owned).collect()
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        parts.push(match line.strip_prefix("```") {
            Some(fence) => Part::Block {
                fence,
                body: lines.by_ref().take_while(|line| *line != "```").collect(),
            },
            None => Part::Prose(line),
        });
    }
    parts
}

/// The workspace every case departs from.
pub fn good_workspace() -> Case {
    let path = fixtures().join("workspace.md");
    Case::parse(&fs::read_to_string(path).expect("the good workspace can be read"))
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/front_door")
}
