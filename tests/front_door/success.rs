//! What goes well: what is written, what is printed, and how the program is told what to do.

use serde_json::Value;

use crate::program::{self, Answer};
use crate::workspace::{Workspace, assert_same, has_extension};

const CLIENT_ENTRY: &str = "shop/dist/client/src/entry.client.";

#[test]
fn plain_lines_say_what_was_written() {
    let workspace = Workspace::built();
    let answer = workspace.run("shop", &[]);
    answer.assert_exit(0);
    let lines: Vec<&str> = answer.stdout.lines().collect();
    let (last, files) = lines.split_last().expect("something was written");
    assert!(
        last.starts_with("Built acme-shop in ") && last.ends_with('.'),
        "{}",
        answer.text()
    );
    let outputs = workspace.outputs();
    let is_of_shop = |path: &&String| path.starts_with("shop/dist/") && has_extension(path, "mjs");
    let written = outputs.keys().filter(is_of_shop).count();
    assert_eq!(
        files.len(),
        written,
        "every file of both sides has its line: {}",
        answer.text()
    );
    for line in files {
        let (path, sizes) = line.split_once("  ").expect("a path, then sizes");
        assert!(outputs.contains_key(&format!("shop/{path}")), "{line}");
        assert!(sizes.contains(" B  gzip "), "{line}");
    }
    assert_eq!(
        answer.stderr, "building acme-shop\n",
        "what is going on is told aside"
    );
}

#[test]
fn both_sides_are_written_with_their_manifests() {
    let workspace = Workspace::built();
    let outputs = workspace.outputs();
    for path in ["client/manifest.json", "server/manifest.json", "package.json"] {
        assert!(outputs.contains_key(&format!("shop/dist/{path}")), "{path}");
    }
    assert!(
        outputs
            .keys()
            .any(|path| path.starts_with(CLIENT_ENTRY) && path.ends_with(".final.mjs"))
    );
    let manifest: Value = serde_json::from_str(&workspace.read("shop/dist/client/manifest.json")).unwrap();
    assert_eq!(
        (&manifest["protocol"], &manifest["name"]),
        (&2.into(), &"acme-shop".into())
    );
    workspace.assert_no_leftovers();
}

#[test]
fn build_is_the_default_command_and_the_current_directory_the_default_module() {
    let expected = Workspace::built();
    let ways: [(&str, &[&str]); 5] = [
        ("shop", &["-r"]),
        ("shop", &["build", "-r"]),
        ("shop", &["build", "--recursive", "."]),
        (".", &["shop", "-r"]),
        ("base/src", &["build", "-r", "../../shop"]),
    ];
    for (directory, arguments) in ways {
        let workspace = Workspace::of_sources();
        workspace.run(directory, arguments).assert_exit(0);
        let why = format!("esmx-build {arguments:?} in {directory}");
        assert_same(&expected.outputs(), &workspace.outputs(), &why);
    }
}

#[test]
fn a_module_alone_is_built_alone() {
    let workspace = Workspace::built();
    workspace.append(
        "base/src/ui.ts",
        "export const link = (label: string): string => `<${label}>`;\n",
    );
    let base = |workspace: &Workspace| {
        let mut outputs = workspace.outputs();
        outputs.retain(|path, _| path.starts_with("base/"));
        outputs
    };
    let before = base(&workspace);
    workspace.run("shop", &[]).assert_exit(0);
    assert_same(&before, &base(&workspace), "without `-r` nobody else is built");
    workspace.run("shop", &["-r"]).assert_exit(0);
    assert_ne!(before, base(&workspace), "with `-r` a used module is built too");
}

#[test]
fn recursive_builds_tell_every_module_dependencies_first() {
    let workspace = Workspace::of_sources();
    let answer = workspace.run("shop", &["-r"]);
    answer.assert_exit(0);
    assert_eq!(answer.stderr, "building acme-base\nbuilding acme-shop\n");
    let first_of_shop = answer.stdout.find("\ndist/").expect("files of the shop");
    let last_of_base = answer.stdout.rfind("../base/dist/").expect("files of the base");
    assert!(last_of_base < first_of_shop, "{}", answer.text());
    assert!(
        answer.stdout.contains("\nBuilt 2 modules in "),
        "{}",
        answer.text()
    );
}

#[test]
fn json_is_one_document_and_nothing_else() {
    let workspace = Workspace::of_sources();
    let answer = workspace.run("shop", &["-r", "--json"]);
    answer.assert_exit(0);
    assert_eq!(answer.stderr, "");
    let document = answer.document();
    assert_eq!(document["diagnostics"], serde_json::json!([]));
    let modules = document["modules"].as_array().expect("a list of modules");
    let names: Vec<_> = modules.iter().map(|module| &module["name"]).collect();
    assert_eq!(names, ["acme-base", "acme-shop"]);
    for module in modules {
        assert_files_are_there(module);
    }
}

/// What the document says about files is what the disk says, manifest included.
fn assert_files_are_there(module: &Value) {
    let dist = std::path::Path::new(module["dist"].as_str().expect("a path"));
    for side in ["client", "server"] {
        let files = module["sides"][side]["files"]
            .as_array()
            .expect("a list of files");
        assert!(
            files.iter().any(|file| file["file"] == "manifest.json"),
            "{module}"
        );
        for file in files {
            let path = dist.join(side).join(file["file"].as_str().expect("a path"));
            let size = std::fs::metadata(&path).map(|metadata| metadata.len()).ok();
            assert_eq!(size, file["bytes"].as_u64(), "{file}");
        }
    }
}

#[test]
fn development_files_have_plain_names() {
    let workspace = Workspace::of_sources();
    workspace
        .run("shop", &["-r", "--mode", "development"])
        .assert_exit(0);
    let outputs = workspace.outputs();
    let text = |path: &str| String::from_utf8(outputs[path].clone()).unwrap();
    assert!(text("shop/dist/client/widget.mjs").contains("function widget"));
    let hashed = outputs.keys().find(|path| path.contains(".final."));
    assert_eq!(hashed, None, "only content hashes make a file immutable");
    workspace.build();
    let leftover = workspace
        .outputs()
        .into_keys()
        .find(|path| path.ends_with("client/widget.mjs"));
    assert_eq!(leftover, None, "what is not built any more is removed");
}

#[test]
fn a_link_replaces_what_is_installed() {
    let workspace = Workspace::built();
    std::fs::rename(workspace.path("base"), workspace.path("elsewhere")).unwrap();
    workspace.run("shop", &[]).assert_exit(1);
    workspace
        .run("shop", &["--link", "acme-base=../elsewhere/dist"])
        .assert_exit(0);
}

#[test]
fn warnings_do_not_stop_a_build() {
    let workspace = Workspace::of_sources();
    workspace.replace("shop/package.json", r#", "tiny-store": "^4.0.0""#, "");
    let answer = workspace.run("shop", &["-r"]);
    answer.assert_exit(0);
    assert!(
        answer.stderr.contains("[W_NO_RANGE] acme-shop → tiny-store\n"),
        "{}",
        answer.text()
    );
    assert!(
        answer.stderr.contains("\n0 error(s), 1 warning(s).\n"),
        "{}",
        answer.text()
    );
    assert!(answer.stdout.contains("Built 2 modules in "), "{}", answer.text());
    let diagnostics = &workspace.run("shop", &["--json"]).document()["diagnostics"];
    assert_eq!(diagnostics[0]["severity"], "warning");
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let workspace = Workspace::built();
    let with = |variables: &[(&str, &str)]| -> Answer {
        let mut command = program::command(&workspace.path("shop"), &[]);
        command.envs(variables.iter().copied());
        program::finish(command)
    };
    let has_colour = |answer: &Answer| answer.text().contains("\u{1b}[");
    assert!(!has_colour(&with(&[])), "a pipe is no terminal");
    let forced = with(&[("CLICOLOR_FORCE", "1")]);
    assert!(has_colour(&forced), "{}", forced.text());
    assert!(!has_colour(&with(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")])));
    let json = program::finish({
        let mut command = program::command(&workspace.path("shop"), &["--json"]);
        command.env("CLICOLOR_FORCE", "1");
        command
    });
    assert!(!has_colour(&json), "a document is for programs");
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_gets_progress_and_one_table() {
    if !program::has_tool("script") {
        eprintln!("skipped: there is no `script` to lend us a terminal");
        return;
    }
    let workspace = Workspace::built();
    let on_terminal = |variables: &[(&str, &str)]| {
        let mut command = program::plain("script", &workspace.path("shop"));
        let line = format!("stty cols 100; '{}'", program::binary().display());
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command
            .env("TERM", "xterm-256color")
            .envs(variables.iter().copied());
        program::finish(command)
    };
    let answer = on_terminal(&[]);
    answer.assert_exit(0);
    assert!(
        answer.stdout.contains("acme-shop · "),
        "progress is told: {}",
        answer.text()
    );
    let table = &answer.stdout[answer.stdout.rfind("\u{1b}[2K").expect("progress is wiped away")..];
    for text in [
        "acme-shop",
        "client",
        "server",
        "size",
        "gzip",
        "Built acme-shop in ",
    ] {
        assert!(
            plain(table).contains(text),
            "{text} in
{}",
            plain(table)
        );
    }
    let table_rows = plain(&answer.stdout).matches("entry.client").count();
    assert_eq!(table_rows, 1, "one table: {}", answer.text());
    let plain_answer = on_terminal(&[("NO_COLOR", "1")]);
    assert!(
        !plain_answer.stdout.contains('\u{1b}'),
        "NO_COLOR: {}",
        plain_answer.text()
    );
    assert!(
        plain_answer.stdout.contains("building acme-shop"),
        "{}",
        plain_answer.text()
    );
}

/// The text without escape codes.
#[cfg(target_os = "linux")]
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn composing_writes_maps_and_a_page() {
    let workspace = Workspace::built();
    let answer = workspace.run("shop", &["compose", "--html"]);
    answer.assert_exit(0);
    assert!(
        answer.stdout.contains("tiny-store → acme-base@4.5.6\n"),
        "{}",
        answer.text()
    );
    assert!(
        answer
            .stdout
            .contains("\nComposed acme-shop with 1 other module in "),
        "{}",
        answer.text()
    );
    for path in [
        "client/importmap.json",
        "server/importmap.json",
        "client/index.html",
    ] {
        assert!(workspace.path("shop/dist").join(path).is_file(), "{path}");
    }
    let map: Value = serde_json::from_str(&workspace.read("shop/dist/client/importmap.json")).unwrap();
    let store = map["scopes"]["/acme-shop/"]["tiny-store"].as_str();
    assert!(
        store.is_some_and(|url| url.starts_with("/acme-base/tiny-store.")),
        "{map}"
    );
    let again = workspace.outputs();
    workspace.run("shop", &["compose", "--html"]).assert_exit(0);
    assert_same(
        &again,
        &workspace.outputs(),
        "composing twice gives the same bytes",
    );
}

#[test]
fn a_build_keeps_what_stands_beside_it() {
    let workspace = Workspace::built();
    workspace.write("shop/notes.txt", "mine");
    workspace.write("shop/dist/notes.txt", "mine");
    workspace.append("shop/src/format.ts", "console.log('changed');\n");
    workspace.build();
    assert_eq!(workspace.read("shop/notes.txt"), "mine");
    assert_eq!(
        workspace.read("shop/dist/notes.txt"),
        "mine",
        "only the files of the last build are ours to remove"
    );
}

#[test]
#[cfg(unix)]
fn who_stops_reading_has_read_enough() {
    let workspace = Workspace::built();
    let mut command = program::plain("sh", &workspace.path("shop"));
    command.args(["-c", "{ \"$1\" --json; echo $? >&2; } | head -c 1", "sh"]);
    command.arg(program::binary());
    assert_eq!(program::finish(command).stderr, "0\n");
}
