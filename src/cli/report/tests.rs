use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::command::report::{FileKind, FileReport, ModuleReport, SideReport};
use crate::diagnostic::Code;
use crate::protocol::Side;

struct Workspace {
    _guard: TempDir,
    directory: PathBuf,
}

impl Workspace {
    fn new() -> Self {
        let guard = TempDir::new().unwrap();
        let directory = guard.path().join("apps");
        fs::create_dir(&directory).unwrap();
        Self {
            _guard: guard,
            directory,
        }
    }

    /// A module whose client side has `files` of so many zero bytes.
    fn module(&self, name: &str, files: &[(&str, usize, FileKind)]) -> ModuleReport {
        let directory = self.directory.join(name);
        let dist = directory.join("dist");
        let mut reports = Vec::new();
        for &(path, size, kind) in files {
            let file = dist.join("client").join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, vec![b'0'; size]).unwrap();
            reports.push(FileReport {
                path: path.to_owned(),
                bytes: size as u64,
                kind,
                entry: None,
            });
        }
        ModuleReport {
            name: name.to_owned(),
            directory,
            dist,
            application: Vec::new(),
            written: 0,
            sides: vec![SideReport {
                side: Side::Client,
                files: reports,
            }],
            diagnostics: Vec::new(),
            duration: Duration::from_millis(9),
            keeping: crate::cache::Keeping::default(),
        }
    }

    fn shown(&self, report: &BuildReport, look: Look) -> Shown {
        of_build(
            report,
            &View {
                directory: &self.directory,
                answer: look,
                talk: look,
            },
        )
    }
}

/// What so many zero bytes become; the compressor's business, not ours.
fn gzip(size: usize) -> u64 {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("a.mjs");
    fs::write(&file, vec![b'0'; size]).unwrap();
    size::gzip_size(&file).unwrap()
}

fn gzip_text(size: usize) -> String {
    size::size_text(gzip(size))
}

fn report(modules: Vec<ModuleReport>) -> BuildReport {
    BuildReport {
        notices: Vec::new(),
        modules,
        diagnostics: Vec::new(),
        duration: Duration::from_millis(31),
        keeping: crate::cache::Keeping::default(),
    }
}

fn two_modules(workspace: &Workspace) -> BuildReport {
    let shared = [
        ("chunks/counter.01234567.final.mjs", 20, FileKind::Chunk),
        ("vue.1a2b3c4d.final.mjs", 105_310, FileKind::Export),
        ("vue.1a2b3c4d.final.mjs.map", 500_000, FileKind::SourceMap),
        ("manifest.json", 900, FileKind::Record),
    ];
    let shop = [("logo.0a0b0c0d.final.png", 2_000, FileKind::Asset)];
    report(vec![
        workspace.module("shared", &shared),
        workspace.module("shop", &shop),
    ])
}

#[test]
fn plain_lines_stand_for_themselves() {
    let workspace = Workspace::new();
    let shown = workspace.shown(&two_modules(&workspace), Look::Plain);
    assert_eq!(
        shown.answer,
        format!(
            "shared/dist/client/vue.1a2b3c4d.final.mjs.map  500.00 kB\n\
             shared/dist/client/vue.1a2b3c4d.final.mjs  105.31 kB  gzip {}\n\
             shared/dist/client/chunks/counter.01234567.final.mjs  20 B  gzip {}\n\
             shop/dist/client/logo.0a0b0c0d.final.png  2.00 kB\n",
            gzip_text(105_310),
            gzip_text(20)
        )
    );
    assert_eq!(
        (shown.talk.as_str(), shown.end.as_str()),
        ("", "Built 2 modules in 31 ms.\n")
    );
    assert_eq!(shown.exit, Exit::Done);
}

#[test]
fn a_terminal_gets_one_table() {
    let workspace = Workspace::new();
    let shown = workspace.shown(&two_modules(&workspace), Look::Rich { columns: 80 });
    assert_eq!(
        anstream::adapter::strip_str(&shown.answer).to_string(),
        format!(
            "shared shared/dist                          size       gzip\n\
             \x20 client\n\
             \x20   vue.1a2b3c4d.final.mjs.map         500.00 kB\n\
             \x20   vue.1a2b3c4d.final.mjs             105.31 kB{:>11}\n\
             \x20   chunks/counter.01234567.final.mjs       20 B{:>11}\n\
             shop shop/dist\n\
             \x20 client\n\
             \x20   logo.0a0b0c0d.final.png              2.00 kB\n\n",
            gzip_text(105_310),
            gzip_text(20)
        )
    );
    assert!(
        anstream::adapter::strip_str(&shown.end)
            .to_string()
            .starts_with("✓ Built 2 modules")
    );
}

#[test]
fn narrow_terminals_keep_the_ends_of_paths() {
    let workspace = Workspace::new();
    let long = "a/very/long/directory/and/then/the/name.1a2b3c4d.final.mjs";
    let report = report(vec![workspace.module("shop", &[(long, 10, FileKind::Export)])]);
    let shown = workspace.shown(&report, Look::Rich { columns: 60 });
    let table = anstream::adapter::strip_str(&shown.answer).to_string();
    assert!(
        table.contains("\n    …then/the/name.1a2b3c4d.final.mjs       10 B"),
        "{table}"
    );
    assert!(table.lines().all(|line| line.chars().count() < 60), "{table}");
}

#[test]
fn long_lists_are_summed_up() {
    let workspace = Workspace::new();
    let names: Vec<String> = (10..40).map(|index| format!("chunks/{index}.mjs")).collect();
    let files: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), 2_000, FileKind::Chunk))
        .collect();
    let shown = workspace.shown(&report(vec![workspace.module("shop", &files)]), Look::Plain);
    assert_eq!(shown.answer.lines().count(), 21);
    assert_eq!(
        shown.answer.lines().last(),
        Some("shop/dist/client: 10 more files  20.00 kB")
    );
    let shown = workspace.shown(&report(vec![workspace.module("shop", &files[..21])]), Look::Plain);
    assert_eq!(
        shown.answer.lines().count(),
        21,
        "one more file is listed rather than summed up"
    );
}

#[test]
fn errors_are_told_and_decide_the_exit() {
    let workspace = Workspace::new();
    let mut report = two_modules(&workspace);
    report.modules[1].sides.clear();
    let problem = Diagnostic::new(Code::Unresolved, "shop", "Nothing.", "Install it.");
    report.modules[1].diagnostics = vec![problem.clone(), problem];
    let shown = workspace.shown(&report, Look::Plain);
    assert_eq!(
        shown.talk,
        "[E_UNRESOLVED] shop\n  Nothing.\n  fix: Install it.\n\n1 error(s), 0 warning(s).\n"
    );
    assert_eq!(
        shown.end,
        "Build failed after 31 ms. What failed keeps its last good dist.\n"
    );
    assert_eq!(shown.exit, Exit::ProjectErrors);
}

#[test]
fn floods_of_findings_are_cut_but_counted() {
    let workspace = Workspace::new();
    let mut report = report(Vec::new());
    for index in 0..80 {
        let message = format!("File {index} does not exist.");
        report.diagnostics.push(Diagnostic::new(
            Code::TargetMissing,
            "shop",
            message,
            "Create it.",
        ));
    }
    let shown = workspace.shown(&report, Look::Plain);
    assert!(
        shown
            .talk
            .ends_with("\n\n… 30 more; `--json` tells all.\n\n80 error(s), 0 warning(s).\n")
    );
}

fn composition(workspace: &Workspace) -> ComposeReport {
    let election = |package: &str, major, version: Option<&str>, losers: &[&str]| ElectionReport {
        package: package.to_owned(),
        major,
        winner: "shared".to_owned(),
        name: package.to_owned(),
        version: version.map(str::to_owned),
        losers: losers.iter().map(|&loser| loser.to_owned()).collect(),
    };
    ComposeReport {
        notices: Vec::new(),
        name: "host".to_owned(),
        directory: workspace.directory.join("host"),
        dist: workspace.directory.join("host/dist"),
        modules: vec!["host".to_owned(), "shared".to_owned()],
        elections: vec![
            election("vue", Some(3), Some("3.5.13"), &["old-base"]),
            election("vue", Some(2), Some("2.7.16"), &[]),
            election("lodash", None, None, &[]),
        ],
        files: vec![FileReport {
            path: "client/index.html".to_owned(),
            bytes: 812,
            kind: FileKind::Document,
            entry: None,
        }],
        diagnostics: Vec::new(),
        duration: Duration::from_millis(2500),
    }
}

#[test]
fn a_composition_tells_which_copies_run() {
    let workspace = Workspace::new();
    let view = View {
        directory: &workspace.directory,
        answer: Look::Plain,
        talk: Look::Plain,
    };
    let shown = of_compose(&composition(&workspace), &view);
    assert_eq!(
        shown.answer,
        "vue → shared@3.5.13 (major 3) instead of old-base\nvue → shared@2.7.16 (major 2)\n\
         lodash → shared@unresolved\n\nhost/dist/client/index.html  812 B\n"
    );
    assert_eq!(shown.end, "Composed host with 1 other module in 2.50 s.\n");
}

#[test]
fn a_build_is_one_document() {
    let workspace = Workspace::new();
    let shown = json_of_build(&two_modules(&workspace), &workspace.directory);
    let document: serde_json::Value = serde_json::from_str(&shown.answer).unwrap();
    assert_eq!(
        document["modules"][0]["sides"]["client"]["files"][1],
        serde_json::json!({ "file": "vue.1a2b3c4d.final.mjs", "kind": "export", "bytes": 105_310, "gzip": gzip(105_310) })
    );
    assert_eq!(document["modules"][1]["name"], "shop");
    assert_eq!(
        (&document["durationMs"], &document["diagnostics"]),
        (&31.0.into(), &serde_json::json!([]))
    );
    assert_eq!((shown.talk.as_str(), shown.end.as_str()), ("", ""));
}

#[test]
fn a_composition_is_one_document() {
    let workspace = Workspace::new();
    let shown = json_of_compose(&composition(&workspace), &workspace.directory);
    let document: serde_json::Value = serde_json::from_str(&shown.answer).unwrap();
    assert_eq!(
        document["elections"][0]["losers"],
        serde_json::json!(["old-base"])
    );
    assert_eq!(document["elections"][2]["major"], "unknown");
    assert_eq!(document["elections"][2]["version"], serde_json::Value::Null);
    assert_eq!(document["files"][0]["file"], "client/index.html");
}

#[test]
fn a_refusal_is_a_document_of_the_same_shape() {
    let problem = Diagnostic::new(Code::Io, "/work", "No package.json.", "Go elsewhere.");
    let shown = json_of_refusal(&problem, Path::new("/"));
    let document: serde_json::Value = serde_json::from_str(&shown.answer).unwrap();
    assert_eq!(document["modules"], serde_json::json!([]));
    assert_eq!(document["diagnostics"][0]["code"], "E_IO");
    assert_eq!(shown.exit, Exit::Usage);
}
