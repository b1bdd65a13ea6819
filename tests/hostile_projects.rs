//! Projects whose surroundings are damaged: fields of `package.json` with values of every wrong kind, names that are no
//! UTF-8, files that vanish while they are read, an output directory nobody may write to. A bundle ends soon, without
//! a panic, in an output or in a diagnostic that has written nothing.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than any case needs, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

fn write(directory: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().expect("it is below the directory")).expect("it is writable");
        std::fs::write(path, text).expect("it is writable");
    }
}

fn start(directory: &Path, arguments: &[&OsStr]) -> Child {
    let told = std::fs::File::create(directory.join("stderr.txt")).expect("a directory of the test");
    Command::new(env!("CARGO_BIN_EXE_esmx-build"))
        .arg("bundle")
        .args(arguments)
        .args(["--out-dir", "output"])
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(told)
        .spawn()
        .expect("the program is built")
}

/// How it ends, and what it says.
fn end(name: &str, directory: &Path, mut child: Child) -> (i32, String) {
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it was started") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{name} does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let told = std::fs::read(directory.join("stderr.txt")).expect("just written");
    let told = String::from_utf8_lossy(&told).into_owned();
    assert!(!told.contains("panicked"), "{name}: {told}");
    match status.code() {
        Some(0) => {}
        Some(1) => {
            assert!(told.contains("[E_"), "{name}: {told}");
            assert!(!directory.join("output/main.js").exists(), "{name}: {told}");
        }
        other => panic!("{name} ends with {other:?}: {told}"),
    }
    (status.code().unwrap_or_default(), told)
}

fn bundle(name: &str, directory: &Path, arguments: &[&str]) -> (i32, String) {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    end(name, directory, start(directory, &arguments))
}

const FIELDS: [&str; 14] = [
    "name",
    "version",
    "type",
    "main",
    "module",
    "browser",
    "exports",
    "imports",
    "sideEffects",
    "types",
    "dependencies",
    "peerDependencies",
    "esmx",
    "engines",
];

const VALUES: [&str; 11] = [
    "null",
    "false",
    "-1e99",
    "\"\"",
    "\"../../outside\\u0000.js\"",
    "[]",
    "[[null], {}]",
    "{}",
    "{ \"\": { \"\": 1 } }",
    "{ \".\": 5, \"import\": [], \"./*\": {} }",
    "{ \"./index.js\": [null], \"#a\": \"#a\" }",
];

#[test]
fn fields_of_every_wrong_kind_are_told_or_passed_over() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let files = [
        ("main.js", "import value from 'pkg'; console.log(value);"),
        ("node_modules/pkg/index.js", "module.exports = require('./part');"),
        ("node_modules/pkg/part.js", "module.exports = 1;"),
    ];
    let mut ends = [0, 0];
    for field in FIELDS {
        for value in VALUES {
            for package in ["package.json", "node_modules/pkg/package.json"] {
                let _ = std::fs::remove_dir_all(directory.join("output"));
                write(directory, &files);
                write(
                    directory,
                    &[("node_modules/pkg/package.json", "{ \"name\": \"pkg\" }")],
                );
                write(directory, &[("package.json", "{ \"name\": \"app\" }")]);
                write(directory, &[(package, &format!("{{ \"{field}\": {value} }}"))]);
                let platform = if field == "browser" { "browser" } else { "node" };
                let name = format!("{package} with {field}: {value}");
                let (exit, _) = bundle(&name, directory, &["main.js", "--platform", platform]);
                ends[usize::from(exit != 0)] += 1;
            }
        }
    }
    assert!(ends[0] > 200 && ends[1] > 5, "{ends:?}");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_names() {
    use std::os::unix::ffi::OsStrExt as _;
    let directory = tempfile::tempdir().expect("a directory");
    let odd = OsStr::from_bytes(b"caf\xe9");
    let inside = directory.path().join(odd);
    write(
        &inside,
        &[
            (
                "main.js",
                "import { a } from './a.js'; console.log(a, import.meta.glob('./*.js', { eager: true }));",
            ),
            ("a.js", "export const a = 1;"),
        ],
    );
    let entry = OsStr::from_bytes(b"\xff.js");
    std::fs::write(inside.join(entry), "export const b = 2;").expect("it is writable");
    for mode in ["--minify", "--sourcemap"] {
        let (exit, told) = bundle("a directory", &inside, &["main.js", mode]);
        assert_eq!(exit, 0, "{told}");
        // Node itself runs nothing in such a directory.
        let output = directory.path().join("main.mjs");
        std::fs::copy(inside.join("output/main.js"), &output).expect("it is writable");
        let shown = Command::new("node").arg(&output).output().expect("Node runs");
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.starts_with("1 "), "{shown}");
        // Arguments are text.
        let mut child = start(&inside, &[entry, OsStr::new(mode)]);
        let status = child.wait().expect("it was started");
        assert_eq!(status.code(), Some(2));
    }
}

#[test]
fn another_case_is_another_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    write(
        directory,
        &[
            ("main.js", "import { a } from './Part.js'; console.log(a);"),
            ("part.js", "export const a = 1;"),
        ],
    );
    // Some file systems know no difference.
    if !directory.join("PART.js").exists() {
        let (exit, told) = bundle("another case", directory, &["main.js"]);
        assert_eq!(exit, 1);
        assert!(
            told.contains("main.js:1:19") && told.contains("./part.js"),
            "{told}"
        );
    }
}

#[test]
fn files_may_vanish_while_they_are_read() {
    for wait in [0, 5, 20, 60, 120] {
        let directory = tempfile::tempdir().expect("a directory");
        let directory = directory.path();
        let mut main = String::from("console.log(1);");
        for index in 0..150 {
            let _ = write!(main, "import './m/{index}.js';");
            let text = format!("console.log({index});\n//# sourceMappingURL={index}.map\n");
            write(directory, &[(&format!("m/{index}.js"), &text)]);
            write(directory, &[(&format!("m/{index}.map"), "{}")]);
        }
        write(directory, &[("main.js", &main)]);
        let child = start(directory, &["main.js", "--sourcemap"].map(OsStr::new));
        std::thread::sleep(Duration::from_millis(wait));
        std::fs::remove_dir_all(directory.join("m")).expect("it is writable");
        end("vanishing", directory, child);
    }
}

#[test]
fn twelve_megabytes_are_bundled() {
    const COUNT: usize = 50_000;
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let filler = "x".repeat(200);
    let mut source = String::new();
    for index in 0..COUNT {
        let _ = writeln!(
            source,
            "export const text{index} = () => [{index}, \"{filler}\"];"
        );
    }
    assert!(source.len() > 12_000_000);
    let main = format!(
        "import {{ text{0} }} from './large.js'; console.log(text{0}()[0]);",
        COUNT - 1
    );
    write(directory, &[("large.js", &source), ("main.js", &main)]);
    let (exit, told) = bundle("twelve megabytes", directory, &["main.js"]);
    assert_eq!(exit, 0, "{told}");
    let text = std::fs::read_to_string(directory.join("output/main.js")).expect("just written");
    assert!(
        text.len() < 1_000 && text.contains("49999"),
        "{} bytes",
        text.len()
    );
}

#[cfg(unix)]
#[test]
fn an_output_directory_nobody_may_write_to_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    write(
        directory,
        &[("main.js", "console.log(1);"), ("output/old.txt", "old")],
    );
    let output = directory.join("output");
    let allow = |mode| {
        std::fs::set_permissions(&output, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    allow(0o555);
    // Nothing is forbidden to the superuser.
    if std::fs::write(output.join("try"), "").is_err() {
        let (exit, told) = bundle("read-only", directory, &["main.js"]);
        assert_eq!(exit, 1);
        assert!(told.contains("output"), "{told}");
    }
    allow(0o755);
}
