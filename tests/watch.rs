//! `--watch` from the front door: a process that hears of changes, and whose output is at the end what a process
//! that knows nothing makes of the same sources.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A watch that is running.
struct Watch {
    process: Child,
    input: Option<ChildStdin>,
    events: Receiver<Value>,
}

impl Watch {
    fn start(directory: &Path, words: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_esmx-build"))
            .args(words)
            .args(["--watch", "--json"])
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, events) = channel();
        thread::spawn(move || {
            for line in output.lines() {
                let event = serde_json::from_str(&line.unwrap()).expect("an event is one line of JSON");
                if sender.send(event).is_err() {
                    break;
                }
            }
        });
        let watch = Self {
            input: process.stdin.take(),
            process,
            events,
        };
        assert_eq!(watch.next()["event"], "built");
        watch
    }

    fn next(&self) -> Value {
        self.events
            .recv_timeout(PATIENCE)
            .expect("the change was noticed")
    }

    /// Waits for a build with a certain end; those before it saw a part of what was done.
    fn until(&self, event: &str) -> Value {
        loop {
            let next = self.next();
            if next["event"] == event {
                return next;
            }
        }
    }

    /// Waits until the output is what it should be.
    fn until_output(&self, file: &Path, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if fs::read_to_string(file).is_ok_and(|output| output.contains(text)) {
                return;
            }
            let _ = self.events.recv_timeout(Duration::from_millis(100));
        }
        panic!("{} never said {text}", file.display());
    }

    fn stop(mut self) -> ExitStatus {
        drop(self.input.take());
        self.process.wait().unwrap()
    }
}

fn put(directory: &Path, path: &str, text: &str) {
    let path = directory.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn project(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (path, text) in files {
        put(directory.path(), path, text);
    }
    directory
}

/// Every file below a directory.
fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().display().to_string();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn cold(directory: &Path, words: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_esmx-build"));
    let command = command.args(words).args(["--json", "--no-cache"]);
    let output = command.current_dir(directory).output();
    output.unwrap().status.success()
}

const MAIN: (&str, &str) = ("src/main.js", "import { a } from './a.js'; console.log(a);");

#[test]
fn a_saved_file_is_built_and_the_end_of_input_is_the_end() {
    let project = project(&[MAIN, ("src/a.js", "export const a = 'first';")]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.js"]);
    let output = project.path().join("dist/main.js");
    put(project.path(), "src/a.js", "export const a = 'second';");
    let event = watch.until("built");
    assert_eq!(event["written"], 1);
    watch.until_output(&output, "second");
    assert!(watch.stop().success());
}

#[test]
fn editors_save_by_moving_a_file_over_another() {
    let project = project(&[MAIN, ("src/a.js", "export const a = 'first';")]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.js"]);
    put(project.path(), "src/a.js.tmp", "export const a = 'moved';");
    fs::rename(
        project.path().join("src/a.js.tmp"),
        project.path().join("src/a.js"),
    )
    .unwrap();
    watch.until_output(&project.path().join("dist/main.js"), "moved");
    fs::rename(project.path().join("src/a.js"), project.path().join("src/a.js~")).unwrap();
    put(project.path(), "src/a.js", "export const a = 'again';");
    watch.until_output(&project.path().join("dist/main.js"), "again");
}

#[test]
fn errors_are_told_and_repaired() {
    let project = project(&[MAIN, ("src/a.js", "export const a = 'first';")]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.js"]);
    put(project.path(), "src/a.js", "export const a = ;");
    let event = watch.until("failed");
    assert_eq!(event["diagnostics"][0]["code"], "E_SYNTAX");
    let kept = fs::read_to_string(project.path().join("dist/main.js")).unwrap();
    assert!(kept.contains("first"));
    put(
        project.path(),
        "src/a.js",
        "import { b } from './new/b.js'; export const a = b;",
    );
    loop {
        let event = watch.until("failed");
        if event["diagnostics"][0]["code"] == "E_UNRESOLVED" {
            break;
        }
    }
    put(project.path(), "src/new/b.js", "export const b = 'repaired';");
    watch.until_output(&project.path().join("dist/main.js"), "repaired");
}

#[test]
fn directories_go_and_come_back() {
    let project = project(&[
        ("src/main.js", "import { a } from './part/a.js'; console.log(a);"),
        ("src/part/a.js", "export const a = 'first';"),
    ]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.js"]);
    fs::rename(
        project.path().join("src/part"),
        project.path().join("src/elsewhere"),
    )
    .unwrap();
    watch.until("failed");
    put(project.path(), "src/part/a.js", "export const a = 'back';");
    watch.until_output(&project.path().join("dist/main.js"), "back");
    put(project.path(), "src/part/a.js", "export const a = 'still heard';");
    watch.until_output(&project.path().join("dist/main.js"), "still heard");
}

#[test]
fn files_that_a_glob_finds_come_and_go() {
    let project = project(&[
        (
            "src/main.js",
            "console.log(Object.keys(import.meta.glob('./pages/*.js')));",
        ),
        ("src/pages/one.js", "export {};"),
    ]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.js"]);
    put(project.path(), "src/pages/two.js", "export {};");
    watch.until_output(&project.path().join("dist/main.js"), "./pages/two.js");
}

#[test]
fn settings_count_at_once() {
    let project = project(&[
        (
            "src/main.ts",
            "import { a } from '@/a'; console.log(a, __KIND__);",
        ),
        ("src/a.ts", "export const a = 'plain';"),
        ("lib/a.ts", "export const a = 'library';"),
        (
            "tsconfig.json",
            r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#,
        ),
        (
            "esmx.config.json",
            r#"{ "define": { "__KIND__": "'first kind'" } }"#,
        ),
    ]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.ts"]);
    let output = project.path().join("dist/main.js");
    put(
        project.path(),
        "tsconfig.json",
        r#"{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }"#,
    );
    watch.until_output(&output, "library");
    put(
        project.path(),
        "esmx.config.json",
        r#"{ "define": { "__KIND__": "'second kind'" } }"#,
    );
    watch.until_output(&output, "second kind");
}

#[test]
fn a_thousand_files_at_once_are_one_change() {
    let imports: Vec<String> = (0..1000)
        .map(|number| format!("import './{number}.js';"))
        .collect();
    let imports = imports.join("\n");
    let project = project(&[("src/main.js", imports.as_str())]);
    let switch = |branch: &str| {
        for number in 0..1000 {
            put(
                project.path(),
                &format!("src/{number}.js"),
                &format!("console.log(\"{branch}\", {number});"),
            );
        }
    };
    switch("old");
    let watch = Watch::start(project.path(), &["bundle", "src/main.js"]);
    switch("new");
    watch.until_output(&project.path().join("dist/main.js"), "\"new\", 999");
    let output = fs::read_to_string(project.path().join("dist/main.js")).unwrap();
    assert_eq!(output.matches("new").count(), 1000);
    assert_eq!(output.matches("old").count(), 0);
}

#[test]
fn looking_again_and_again_is_enough() {
    let project = project(&[MAIN, ("src/a.js", "export const a = 'first';")]);
    let watch = Watch::start(project.path(), &["bundle", "src/main.js", "--poll=50"]);
    put(
        project.path(),
        "src/a.js",
        "export const a = 'polled and longer';",
    );
    watch.until_output(&project.path().join("dist/main.js"), "polled");
}

/// A workspace of a host that uses a library, which provides nothing at first.
fn workspace() -> TempDir {
    project(&[
        (
            "host/package.json",
            r#"{ "name": "host", "version": "1.0.0", "type": "module", "dependencies": { "library": "*" },
                 "esmx": { "exports": { "./main": "./src/main.ts" }, "uses": ["library"] } }"#,
        ),
        (
            "host/src/main.ts",
            "import { greet } from 'library/greet'; import tool from 'tool'; console.log(greet, tool);",
        ),
        (
            "host/node_modules/tool/package.json",
            r#"{ "name": "tool", "version": "1.0.0", "type": "module", "exports": "./index.js" }"#,
        ),
        (
            "host/node_modules/tool/index.js",
            "export default 'the tool of the host';",
        ),
        (
            "library/package.json",
            r#"{ "name": "library", "version": "1.0.0", "type": "module",
                 "esmx": { "exports": { "./greet": "./src/greet.ts" } } }"#,
        ),
        ("library/src/greet.ts", "export const greet: string = 'hello';"),
        (
            "library/node_modules/tool/package.json",
            r#"{ "name": "tool", "version": "1.2.0", "type": "module", "exports": "./index.js" }"#,
        ),
        (
            "library/node_modules/tool/index.js",
            "export default 'the tool of the library';",
        ),
    ])
}

#[cfg(unix)]
#[test]
fn a_declaration_relinks_those_who_use_the_module() {
    let project = workspace();
    let root = project.path();
    std::os::unix::fs::symlink("../../library", root.join("host/node_modules/library")).unwrap();
    let words = ["build", "host", "-r", "--mode", "development"];
    let watch = Watch::start(root, &words);
    let host = root.join("host/dist/client/main.mjs");
    let own_copy = fs::read_to_string(&host).unwrap();
    assert!(own_copy.contains("the tool of the host"), "{own_copy}");
    put(
        root,
        "library/src/greet.ts",
        "export const greet: string = 'good day';",
    );
    watch.until_output(&root.join("library/dist/client/greet.mjs"), "good day");
    put(
        root,
        "library/package.json",
        r#"{ "name": "library", "version": "1.0.0", "type": "module",
             "esmx": { "exports": { "./greet": "./src/greet.ts" }, "provides": ["tool"] } }"#,
    );
    watch.until_output(&root.join("library/dist/client/manifest.json"), "\"tool\"");
    watch.until_output(&host, "from \"tool\"");
    let linked = fs::read_to_string(&host).unwrap();
    assert!(!linked.contains("the tool of the host"), "{linked}");
    assert!(watch.stop().success());
    let watched = [tree(&root.join("host/dist")), tree(&root.join("library/dist"))];
    for module in ["host", "library"] {
        fs::remove_dir_all(root.join(module).join("dist")).unwrap();
    }
    assert!(cold(root, &words));
    assert_eq!(
        watched,
        [tree(&root.join("host/dist")), tree(&root.join("library/dist"))]
    );
}

/// A sequence of numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A module that may import one of those behind it, in one of the ways there are.
fn module(number: u64, count: u64, numbers: &mut Numbers) -> String {
    let imports = if number + 1 == count || numbers.below(3) == 0 {
        String::new()
    } else {
        let target = number + 1 + numbers.below(count - number - 1);
        match numbers.below(4) {
            0 => format!("import {{ value as v{target} }} from './m{target}.js'; console.log(v{target});\n"),
            1 => format!("import * as n{target} from './m{target}.js'; console.log(n{target});\n"),
            2 => format!("import('./m{target}.js').then((m) => console.log(m.value));\n"),
            _ => format!("export * from './m{target}.js';\n"),
        }
    };
    format!("{imports}export const value = {};\n", numbers.below(1000))
}

#[test]
fn any_sequence_of_edits_ends_where_a_cold_build_begins() {
    const COUNT: u64 = 12;
    for seed in 1..=6 {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let project = TempDir::new().unwrap();
        let root = project.path();
        for number in 0..COUNT {
            put(
                root,
                &format!("src/m{number}.js"),
                &module(number, COUNT, &mut numbers),
            );
        }
        let words: &[&str] = match seed % 3 {
            0 => &[
                "bundle",
                "src/m0.js",
                "src/m1.js",
                "--sourcemap",
                "--chunk-names",
                "[name]",
            ],
            1 => &["bundle", "src/m0.js", "--chunk-names", "[name]"],
            _ => &[
                "bundle",
                "src/m0.js",
                "src/m1.js",
                "--minify",
                "--chunk-names",
                "[name]",
            ],
        };
        let watch = Watch::start(root, words);
        for round in 0..8 {
            for _ in 0..=numbers.below(2) {
                let number = numbers.below(COUNT);
                put(
                    root,
                    &format!("src/m{number}.js"),
                    &module(number, COUNT, &mut numbers),
                );
            }
            // The last word: whoever has built this has seen all before it.
            put(
                root,
                "src/m0.js",
                &format!(
                    "{}console.log('round {round}');\n",
                    module(0, COUNT, &mut numbers)
                ),
            );
            watch.until_output(&root.join("dist/m0.js"), &format!("round {round}"));
        }
        assert!(watch.stop().success());
        let watched = tree(&root.join("dist"));
        fs::remove_dir_all(root.join("dist")).unwrap();
        assert!(cold(root, words));
        for (name, bytes) in tree(&root.join("dist")) {
            let same = watched.get(&name) == Some(&bytes);
            assert!(
                same,
                "seed {seed}: {name} is\n{}",
                String::from_utf8_lossy(&watched[&name])
            );
        }
    }
}

/// Edits that leave what statements declare and use as it is, one after the other.
const INSIDES: [(&str, &str, &str); 7] = [
    ("src/main.js", "call(1)", "call(1, 'one')"),
    ("src/main.js", "call(1, 'one')", "call(2)"),
    ("src/call.js", "extra +", "extra + '!' +"),
    ("src/call.js", "'quiet'", "'loud'"),
    ("src/main.js", "call(2)", "call(3, ['three'])"),
    (
        "src/ticks.js",
        "plain() {}",
        "get plain() { return console.log('read') }",
    ),
    ("src/main.js", "call(3, ['three'])", "call(4)"),
];

#[test]
fn what_the_inside_of_statements_decides_is_decided_again() {
    for words in [
        &["bundle", "src/main.js"][..],
        &["bundle", "src/main.js", "--minify"],
    ] {
        let project = project(&[
            (
                "src/main.js",
                "import { call } from './call.js';\nimport { Scale } from './scale.js';\nconsole.log(call(1));\nconsole.log(Scale());\n",
            ),
            (
                "src/call.js",
                "const say = (text, tone) => (tone === 'loud' ? text.toUpperCase() : text);\n\
                 export function call(value, extra) {\n  return say(extra ? extra + value : value, 'quiet');\n}\n",
            ),
            (
                "src/ticks.js",
                "export const Ticks = { formatters: { plain() {} } };\n",
            ),
            (
                "src/scale.js",
                "import { Ticks } from './ticks.js';\nclass Idle { static format = Ticks.formatters.plain }\nexport function Scale() {\n  return [];\n}\n",
            ),
        ]);
        let root = project.path();
        let watch = Watch::start(root, words);
        for (path, from, to) in INSIDES {
            let text = fs::read_to_string(root.join(path)).unwrap();
            assert!(text.contains(from), "{from}");
            put(root, path, &text.replace(from, to));
            watch.until("built");
            let watched = tree(&root.join("dist"));
            assert!(cold(root, words));
            assert_eq!(watched, tree(&root.join("dist")), "{to}");
        }
        assert!(watch.stop().success());
    }
}
