//! Sources that no person writes: whatever nests ten thousand deep, is megabytes long or no text at all ends in an
//! output or in a diagnostic with its place, soon, and a failed bundle leaves the output directory alone.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than any case needs, also on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

struct Answer {
    exit: Option<i32>,
    stderr: String,
}

/// `bundle` of files that are written into a directory of their own.
fn bundle(directory: &Path, arguments: &[&str]) -> Answer {
    let told = directory.join("stderr.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_esmx-build"))
        .arg("bundle")
        .args(arguments)
        .args(["--out-dir", "output"])
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&told).expect("a directory of the test"))
        .spawn()
        .expect("the program is built");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it was started") {
            break status;
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let stderr = String::from_utf8_lossy(&std::fs::read(told).expect("just written")).into_owned();
    Answer {
        exit: status.code(),
        stderr,
    }
}

/// An output, or a refusal that names a code and a place and has written nothing.
fn assert_survived(name: &str, directory: &Path, answer: &Answer) {
    let start: String = answer.stderr.chars().take(2000).collect();
    assert!(!answer.stderr.contains("panicked"), "{name}: {start}");
    match answer.exit {
        Some(0) => assert!(directory.join("output").is_dir(), "{name}: {start}"),
        Some(1) => {
            assert!(answer.stderr.contains("[E_"), "{name}: {start}");
            assert!(
                answer.stderr.contains(":1:") || answer.stderr.contains("main."),
                "{name}: {start}"
            );
            assert!(
                !directory.join("output").exists(),
                "{name} left an output: {start}"
            );
        }
        other => panic!("{name} ends with {other:?}: {start}"),
    }
}

fn survive(name: &str, file: &str, content: &[u8]) -> Vec<Option<i32>> {
    let modes: [&[&str]; 2] = [&["--no-minify"], &["--minify", "--sourcemap"]];
    let run = |mode: &&[&str]| {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join(file), content).expect("it is writable");
        let entry = if has_own_language(file) {
            let text = format!("import value from './{file}'; globalThis.value = value;");
            let text = if file.ends_with("css") {
                format!("import './{file}';")
            } else {
                text
            };
            std::fs::write(directory.path().join("main.js"), text).expect("it is writable");
            "main.js"
        } else {
            file
        };
        let mut arguments = vec![entry, "--jsx", "classic"];
        arguments.extend_from_slice(mode);
        let answer = bundle(directory.path(), &arguments);
        assert_survived(name, directory.path(), &answer);
        answer.exit
    };
    modes.iter().map(run).collect()
}

fn has_own_language(file: &str) -> bool {
    [".json", ".css"].iter().any(|end| file.ends_with(end))
}

/// Extension, text before, what is repeated, what is inside, what is repeated behind.
const FORMS: &[(&str, &str, &str, &str, &str)] = &[
    ("js", "export const a = ", "(", "1", ")"),
    ("js", "export const a = ", "[", "1", "]"),
    ("js", "export const a = ", "{a:", "1", "}"),
    ("js", "export const a = ", "f(", "1", ")"),
    ("js", "export const a = ", "f[", "1", "]"),
    ("js", "export const a = () => ", "", "f", "()"),
    ("js", "export const a = () => ", "", "f", ".a"),
    ("js", "export const a = () => ", "", "f", ".a(1)"),
    ("js", "export const a = () => ", "", "f", "?.a"),
    ("js", "export const a = () => ", "", "f", "?.(1)"),
    ("js", "export const a = () => ", "", "f", "``"),
    ("js", "export const a = () => ", "", "f", " + f"),
    ("js", "export const a = ", "", "1", " + 1"),
    ("js", "export const a = () => ", "f + (", "f", ")"),
    ("js", "export const a = () => ", "f ** ", "f", ""),
    ("js", "export const a = () => ", "", "f", " && f"),
    ("js", "export const a = () => ", "f && (", "f", ")"),
    ("js", "export const a = () => ", "", "f", " ?? f"),
    ("js", "export const a = () => ", "", "f", " in f"),
    ("js", "export const a = () => ", "f ? 1 : ", "2", ""),
    ("js", "export const a = () => ", "f ? ", "2", " : 1"),
    ("js", "export const a = () => ", "(", "f", " ? 1 : 2)"),
    ("js", "export const a = ", "() => ", "1", ""),
    ("js", "export const a = ", "() => { return ", "1", "}"),
    ("js", "export const a = ", "function () { return ", "1", "}"),
    ("js", "export const a = ", "(function () { return ", "1", "})()"),
    ("js", "", "function f() {", "g()", "}"),
    ("js", "", "{", "f()", "}"),
    ("js", "", "if (f()) f(); else ", "f()", ""),
    ("js", "", "if (f()) {} else ", "f()", ""),
    ("js", "", "if (f()) ", "f()", ""),
    ("js", "", "if (f()) { f(); ", "f()", "}"),
    ("js", "", "for (; f();) ", "f()", ""),
    ("js", "", "while (f())\n", "f()", ""),
    ("js", "", "do ", "f();", "while (f());"),
    ("js", "", "try {", "f()", "} catch {}"),
    ("js", "", "switch (f()) { default: ", "f()", "}"),
    ("js", "export const a = ", "`${", "1", "}`"),
    ("js", "export const a = () => ", "new ", "f", ""),
    ("js", "export const a = () => ", "new f(", "1", ")"),
    ("js", "export const a = () => ", "!", "f", ""),
    ("js", "export const a = () => ", "- ", "f", ""),
    ("js", "export const a = () => ", "typeof ", "f", ""),
    ("js", "export const a = () => ", "void ", "f()", ""),
    ("js", "export const a = () => ", "delete ", "f.a", ""),
    ("js", "export const a = async () => ", "await ", "f", ""),
    ("js", "export const a = ", "await ", "f", ""),
    ("js", "export const a = function* () { ", "yield ", "f } ", ""),
    ("js", "export const a = () => (f()", "", "", ", f())"),
    ("js", "export const a = () => ", "(f(), ", "f()", ")"),
    ("js", "let f; export const a = () => ", "f = ", "1", ""),
    ("js", "const f = {}; export const a = ", "f.a = ", "1", ""),
    ("js", "export const ", "{a:", "b", "}"),
    ("js", "export const a = ", "(a = ", "1", ") => a"),
    ("js", "export const a = ", "class { a = ", "1", "}"),
    ("js", "export const a = ", "class { m() { return ", "1", "}}"),
    ("js", "export const a = ", "class { [", "1", "]() {} }"),
    ("js", "export const a = () => ", "class extends ", "f", "{}"),
    ("js", "export const a = ", "{ get a() { return ", "1", "}}"),
    ("js", "export const a = () => ", "[...", "f", "]"),
    ("js", "export const a = /", "(", "", ")"),
    ("jsx", "export const a = ", "<a>", "1", "</a>"),
    ("jsx", "export const a = ", "<a b={", "1", "}/>"),
    ("ts", "export type A = ", "[", "1", "]"),
    ("ts", "export type A = ", "B<", "1", ">"),
    ("ts", "export type A = ", "", "string", "[]"),
    ("ts", "export type A = ", "B extends C ? 1 : ", "2", ""),
    ("ts", "export const a = ", "", "1", " as any"),
    ("ts", "export const a = ", "", "1", "!"),
    ("ts", "export const a = ", "<any>", "1", ""),
    ("ts", "export ", "namespace A { export ", "const a = 1", "}"),
    ("cjs", "module.exports = ", "[", "1", "]"),
    ("cjs", "module.exports = f", "", "", ", exports.a = 1"),
    ("json", "", "[", "1", "]"),
    ("json", "", "{\"a\":", "1", "}"),
    ("css", "", ".a {", "color: red", "}"),
    ("css", "", "@media all {", "a { color: red }", "}"),
    ("css", "", ":is(", "a", ") { color: red }"),
];

#[test]
fn ten_thousand_levels_of_anything_end_well() {
    for (extension, before, open, core, close) in FORMS {
        let name = format!("{before}{open}{core}{close} in {extension}");
        // What stands behind the last level is no level.
        let (close, behind) = match close.split_once(" {") {
            Some((close, _)) if *extension == "css" => (close, " { color: red }"),
            _ => (*close, ""),
        };
        let text = format!(
            "{before}{}{core}{}{behind}",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        survive(&name, &format!("main.{extension}"), text.as_bytes());
    }
}

/// Deeper than what any program nests, and no deeper than what works.
#[test]
fn what_engines_can_read_is_bundled() {
    for (open, core, close, depth) in [
        ("[", "1", "]", 1900),
        ("(", "1", ")", 1500),
        ("{a:", "1", "}", 700),
        ("() => ", "1", "", 1000),
        ("f ? 1 : ", "2", "", 2400),
        ("", "f", " + f", 20_000),
        ("", "f", ".a()", 5_000),
    ] {
        let text = format!(
            "const f = globalThis.f; export const a = () => ({}{core}{});",
            open.repeat(depth),
            close.repeat(depth)
        );
        let exits = survive(open, "main.js", text.as_bytes());
        assert_eq!(exits, [Some(0), Some(0)], "{open}{close}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(100_000)
    .collect();
    let binary = [&b"\x7fELF\x02\x01"[..], &vec![0; 100_000]].concat();
    for (name, content) in [
        ("noise", noise),
        ("a program", binary),
        ("latin", b"f('\xe9')".to_vec()),
    ] {
        for file in ["main.js", "main.ts", "main.json", "main.css"] {
            let exits = survive(name, file, &content);
            assert!(
                !exits.contains(&Some(0)) || file == "main.css",
                "{name} as {file}"
            );
        }
    }
}

#[test]
fn long_files_are_files() {
    let mut list = String::new();
    for index in 0..20_000 {
        let _ = writeln!(
            list,
            "import {{ a as a{index} }} from './main.js?{}';",
            index % 10
        );
    }
    let texts = [
        format!("export const a = '{}';", "x".repeat(3_000_000)),
        format!("export const a = 1; /*{}*/", "a*".repeat(1_000_000)),
        format!("{}export const a = 1;", "\n".repeat(500_000)),
        format!("export const a = 1; {}", "f(1);".repeat(5_000)),
        format!("{list}export const a = 1;"),
    ];
    for text in texts {
        let exits = survive(&text[..40], "main.js", text.as_bytes());
        assert_eq!(exits, [Some(0), Some(0)], "{}", &text[..40]);
    }
}

#[test]
fn ten_thousand_modules_in_a_cycle_are_bundled() {
    const COUNT: usize = 10_000;
    let directory = tempfile::tempdir().expect("a directory");
    for index in 0..COUNT {
        let next = (index + 1) % COUNT;
        let text = format!(
            "import {{ last as next }} from './m{next}.js';\nexport function last(left) {{ return left > 0 ? next(left - 1) : {index}; }}\n"
        );
        std::fs::write(directory.path().join(format!("m{index}.js")), text).expect("it is writable");
    }
    let main = "import { last } from './m0.js'; console.log(last(1234));";
    std::fs::write(directory.path().join("main.js"), main).expect("it is writable");
    for mode in ["--no-minify", "--minify"] {
        let answer = bundle(directory.path(), &["main.js", mode]);
        assert_eq!(answer.exit, Some(0), "{}", answer.stderr);
        let shown = Command::new("node")
            .arg(directory.path().join("output/main.js"))
            .output();
        assert_eq!(shown.expect("Node runs").stdout, b"1234\n");
    }
}
