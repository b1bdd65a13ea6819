//! `esmx-build explain` and `schema`: the pages in `src/diagnostic/explain` are true.
//!
//! Every page is a case. Its files are laid out, its command runs in `app`, and what is printed under the page's code is
//! what the page shows; nothing else is found. Then the files of the section “Fix” replace theirs, and the same command
//! finds nothing at all. What a reader does not need to see stands in comments:
//!
//! - `built <directory>`: an empty client manifest below its `dist`;
//! - `installed <directory> <name>@<version>`: a package of others;
//! - `file <path>`: an empty file;
//! - `json <path> <text>`: a file of one line.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is printed; read the difference before keeping it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use esmx_build::diagnostic::{Code, Severity};

use crate::program::Answer;
use crate::workspace::Workspace;

#[test]
fn every_page_is_true() {
    let is_updating = std::env::var_os("UPDATE_FRONT_DOOR").is_some();
    let mut failures = String::new();
    for code in Code::ALL {
        let path = directory().join(format!("{code}.md"));
        let text = fs::read_to_string(&path).expect("every code has a page");
        let page = Page::parse(&text);
        let workspace = Workspace::empty();
        page.example.lay_out(&workspace);
        let answer = page.run(&workspace);
        let printed = paragraphs(&answer, &workspace);
        assert!(!printed.is_empty(), "{code} is not found: {}", answer.text());
        for paragraph in &printed {
            assert!(
                paragraph.starts_with(&format!("[{code}] ")),
                "{code}: {}",
                answer.text()
            );
        }
        let is_failing = code.severity() == Severity::Error;
        assert_eq!(answer.exit == Some(0), !is_failing, "{code}: {}", answer.text());

        page.fix.lay_out(&workspace);
        let repaired = page.run(&workspace);
        let left = paragraphs(&repaired, &workspace);
        assert!(
            left.is_empty(),
            "repaired, {code} still finds {}",
            repaired.text()
        );
        repaired.assert_exit(0);

        let actual = text.replace(&page.shown(), &page.showing(&printed));
        if actual != text && is_updating {
            fs::write(&path, actual).expect("a page can be written");
        } else if actual != text {
            let _ = writeln!(failures, "=== {code} prints\n{}", printed.join("\n\n"));
        }
    }
    assert!(
        failures.is_empty(),
        "these pages show something else:\n{failures}"
    );
}

/// Programs in TypeScript are told of every code, too.
#[test]
fn every_code_is_in_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/types/diagnostic.d.ts");
    let types = fs::read_to_string(path).expect("the types are shipped");
    let declared: Vec<&str> = types
        .lines()
        .filter_map(|line| line.trim().strip_prefix("| '")?.split('\'').next())
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(declared, codes, "the type `Code`");
}

#[test]
fn no_page_is_about_nothing() {
    for entry in fs::read_dir(directory()).expect("there are pages") {
        let path = entry.expect("a directory entry").path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        assert!(
            Code::ALL.iter().any(|code| code.as_str() == name),
            "{name} is no code"
        );
    }
}

#[test]
fn a_page_is_printed_as_markdown_and_laid_out_on_a_terminal() {
    let workspace = Workspace::empty();
    let plain = workspace.run("", &["explain", "E_VERSION"]);
    plain.assert_exit(0);
    assert!(
        plain.stdout.starts_with("# E_VERSION\n\n## What\n\n"),
        "{}",
        plain.text()
    );
    assert!(
        plain.stdout.contains("\n## Fix\n") && !plain.stdout.contains("<!--"),
        "{}",
        plain.text()
    );
    assert_eq!(workspace.run("", &["explain", "e_version"]).stdout, plain.stdout);
    let mut command = crate::program::command(workspace.root(), &["explain", "E_VERSION"]);
    command.env("CLICOLOR_FORCE", "1");
    let rich = crate::program::finish(command);
    assert!(rich.stdout.starts_with("\u{1b}["), "{}", rich.text());
    assert!(
        !rich.stdout.contains("```") && !rich.stdout.contains("## "),
        "{}",
        rich.text()
    );
    let document = workspace.run("", &["explain", "E_VERSION", "--json"]).document();
    assert_eq!(document["page"], plain.stdout);
}

#[test]
fn without_a_code_all_are_listed() {
    let workspace = Workspace::empty();
    let list = workspace.run("", &["explain"]);
    list.assert_exit(0);
    let document = workspace.run("", &["explain", "--json"]).document();
    let codes = document.as_array().expect("a list");
    assert_eq!(codes.len(), Code::ALL.len());
    for (code, listed) in Code::ALL.iter().zip(codes) {
        assert_eq!(listed["code"], code.as_str());
        let line = format!("{:width$}  {}\n", code.as_str(), code.summary(), width = 22);
        assert!(list.stdout.contains(line.trim_start()), "{line}{}", list.text());
    }
}

#[test]
fn a_mistyped_code_is_answered_with_the_nearest() {
    let refusal = Workspace::empty().run("", &["explain", "E_VERSON"]);
    refusal.assert_exit(2);
    assert_eq!(refusal.stdout, "");
    assert!(refusal.stderr.contains("'E_VERSION'"), "{}", refusal.text());
}

#[test]
fn the_schema_is_printed_as_it_is_shipped() {
    let answer = Workspace::empty().run("", &["schema"]);
    answer.assert_exit(0);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/schema/esmx.schema.json");
    assert_eq!(
        answer.stdout,
        fs::read_to_string(shipped).expect("the schema is shipped")
    );
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/explain")
}

/// The findings as printed, one paragraph each, without the place of the test.
fn paragraphs(answer: &Answer, workspace: &Workspace) -> Vec<String> {
    let text = format!("{}\n{}", answer.stdout, answer.stderr);
    let text = text.replace(&*workspace.root().to_string_lossy(), "/work");
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if line.starts_with("[E_") || line.starts_with("[W_") {
            paragraphs.push(line.to_owned());
            is_inside = true;
        } else if line.is_empty() {
            is_inside = false;
        } else if let Some(paragraph) = paragraphs.last_mut().filter(|_| is_inside) {
            paragraph.push('\n');
            paragraph.push_str(line);
        }
    }
    paragraphs
}

#[derive(Default)]
struct Page {
    example: Files,
    fix: Files,
    command: String,
    shown: Vec<String>,
}

#[derive(Default)]
struct Files {
    files: Vec<(String, String)>,
}

impl Page {
    fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut is_fix = false;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            is_fix |= line == "## Fix";
            let files = if is_fix { &mut page.fix } else { &mut page.example };
            if let Some(fence) = line.strip_prefix("```") {
                let body: Vec<String> = lines
                    .by_ref()
                    .take_while(|line| *line != "```")
                    .map(str::to_owned)
                    .collect();
                if let Some((_, path)) = fence.split_once(' ') {
                    files.add(path, &(body.join("\n") + "\n"));
                } else {
                    assert_eq!(fence, "console", "what is a block of `{fence}`?");
                    page.command.clone_from(&body[0]);
                    page.shown = body[1..].to_vec();
                }
            } else if line == "<!--" {
                for line in lines.by_ref().take_while(|line| *line != "-->") {
                    files.set_up(line);
                }
            }
        }
        page
    }

    fn run(&self, workspace: &Workspace) -> Answer {
        let words = self.command.strip_prefix("$ esmx-build ").expect("a command");
        workspace.run("app", &words.split(' ').collect::<Vec<_>>())
    }

    /// The console block as the page has it.
    fn shown(&self) -> String {
        let mut block = format!("```console\n{}\n", self.command);
        for line in &self.shown {
            block.push_str(line);
            block.push('\n');
        }
        block + "```\n"
    }

    /// The console block as it should be.
    fn showing(&self, printed: &[String]) -> String {
        format!("```console\n{}\n{}\n```\n", self.command, printed.join("\n\n"))
    }
}

impl Files {
    fn add(&mut self, path: &str, text: &str) {
        self.files.push((path.to_owned(), text.to_owned()));
    }

    fn set_up(&mut self, line: &str) {
        let (kind, rest) = line.split_once(' ').expect("a kind and more");
        match kind {
            "built" => self.add(&format!("{rest}/dist/client/manifest.json"), r#"{"protocol":2}"#),
            "installed" => {
                let (directory, package) = rest.split_once(' ').expect("<directory> <name>@<version>");
                let (name, version) = package.rsplit_once('@').expect("<name>@<version>");
                let record = serde_json::json!({ "name": name, "version": version });
                self.add(&format!("{directory}/package.json"), &record.to_string());
            }
            "file" => self.add(rest, ""),
            "json" => {
                let (path, text) = rest.split_once(' ').expect("<path> <text>");
                self.add(path, text);
            }
            _ => panic!("what is `{line}`?"),
        }
    }

    fn lay_out(&self, workspace: &Workspace) {
        for (path, text) in &self.files {
            workspace.write(path, text);
        }
    }
}
