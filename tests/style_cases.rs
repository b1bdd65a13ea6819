//! Style cases: every folder in `fixtures/styles` is a small module with style sheets, and `expected.txt` holds
//! what the client gets of them: every style sheet, and which ones each chunk needs in which order.
//!
//! Whatever the case, also checked is that two folders, and one thread and many, give the same bytes; that the
//! server has no style sheet; that every file a style sheet or the manifest names exists; and that the manifest
//! lists the integrity of style sheets.
//!
//! `UPDATE_STYLE_CASES=1` rewrites what is expected; read the difference before keeping it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const MODES: [&str; 2] = ["development", "production"];

#[test]
fn every_style_sheet_is_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/styles");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&root)
        .expect("fixtures/styles exists")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "there are no cases");
    let mut report = String::new();
    for case in cases {
        let actual = shown(&case);
        let path = case.join("expected.txt");
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if actual == expected {
            continue;
        }
        if std::env::var_os("UPDATE_STYLE_CASES").is_some() {
            std::fs::write(&path, actual).expect("a case can be written");
        } else {
            let _ = writeln!(
                report,
                "=== {}\n{}",
                case.display(),
                difference(&expected, &actual)
            );
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Both modes of a case as text.
fn shown(case: &Path) -> String {
    let readme = std::fs::read_to_string(case.join("README.md")).unwrap_or_default();
    assert_eq!(
        readme.trim().lines().count(),
        1,
        "{}: README.md says in one sentence what the case shows",
        case.display()
    );
    MODES.into_iter().fold(String::new(), |mut text, mode| {
        let one = build(case, "one", mode, "1");
        let other = build(case, "deeper/than/the/other", mode, "8");
        assert_eq!(
            one.keys().collect::<Vec<_>>(),
            other.keys().collect::<Vec<_>>(),
            "{}: the files do not depend on folder and threads",
            case.display()
        );
        for (path, bytes) in &one {
            assert!(
                other[path] == *bytes,
                "{}: {path} depends on folder or threads",
                case.display()
            );
        }
        let _ = write!(
            text,
            "{mode}\n{}\n\n{}",
            "=".repeat(mode.len()),
            described(case, &one)
        );
        text
    })
}

fn described(case: &Path, files: &BTreeMap<String, Vec<u8>>) -> String {
    let name = case.display();
    let manifest: serde_json::Value =
        serde_json::from_slice(&files["client/manifest.json"]).expect("a manifest is JSON");
    let mut text = String::new();
    let exists = |path: &str| files.contains_key(&format!("client/{path}"));
    let mut listed = Vec::new();
    for (key, chunk) in manifest["chunks"].as_object().into_iter().flatten() {
        for (label, field) in [("css", "css"), ("resources", "resources")] {
            let paths: Vec<&str> = chunk[field]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|path| path.as_str())
                .collect();
            assert!(
                paths.iter().all(|path| exists(path)),
                "{name}: {key} lists files that do not exist: {paths:?}"
            );
            if !paths.is_empty() {
                let _ = writeln!(text, "{key} {label}: {}", paths.join(" "));
            }
            listed.extend(paths.iter().map(|path| (*path).to_owned()));
        }
    }
    for (path, bytes) in files.iter().filter(|(path, _)| is_style(path)) {
        let path = path
            .strip_prefix("client/")
            .unwrap_or_else(|| panic!("{name}: a server has no style sheets: {path}"));
        let code = String::from_utf8(bytes.clone()).expect("a style sheet is UTF-8");
        assert!(
            listed.iter().any(|listed| listed == path),
            "{name}: no chunk lists {path}"
        );
        if path.contains(".final.") {
            assert!(
                manifest["integrity"][path].is_string(),
                "{name}: {path} has no integrity"
            );
        }
        for url in local_urls(&code) {
            let target = normal(&Path::new(path).parent().unwrap_or(Path::new("")).join(&url));
            assert!(
                exists(&target),
                "{name}: {path} names {url}, which does not exist"
            );
        }
        let _ = write!(text, "\n--- {path}\n{code}");
    }
    text.push('\n');
    text
}

fn is_style(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "css")
}

/// What stands in `url()`, where it names a file of the build.
fn local_urls(code: &str) -> Vec<String> {
    code.match_indices("url(")
        .map(|(start, _)| {
            let rest = &code[start + "url(".len()..];
            let inner = rest[..rest.find(')').unwrap_or(rest.len())].trim_matches('"');
            let end = inner.find(['#', '?']).unwrap_or(inner.len());
            percent_encoding::percent_decode_str(&inner[..end])
                .decode_utf8_lossy()
                .into_owned()
        })
        .filter(|url| url.starts_with('.'))
        .collect()
}

fn normal(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part.as_os_str().to_string_lossy().as_ref() {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name.to_owned()),
        }
    }
    parts.join("/")
}

/// Builds a copy of a case; every file of `dist`.
fn build(case: &Path, below: &str, mode: &str, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let directory = temporary.path().join(below);
    copy(case, &directory);
    let output = Command::new(env!("CARGO_BIN_EXE_esmx-build"))
        .args(["build", "--mode", mode, "--threads", threads, "--sourcemap"])
        .current_dir(&directory)
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{told}", case.display());
    assert!(!told.contains("W_"), "{}: a warning\n{told}", case.display());
    let mut files = BTreeMap::new();
    read(&directory.join("dist"), &directory.join("dist"), &mut files);
    files
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("a case can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

fn read(root: &Path, directory: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(directory).expect("dist can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let relative = path.strip_prefix(root).expect("the file is below");
            let name = relative.to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read(&path).expect("a file can be read"));
        }
    }
}

fn difference(expected: &str, actual: &str) -> String {
    let equal = expected
        .lines()
        .zip(actual.lines())
        .take_while(|(left, right)| left == right)
        .count();
    let line = |text: &str| text.lines().nth(equal).unwrap_or("(nothing)").to_owned();
    format!(
        "line {}\n  expected: {}\n  actual:   {}",
        equal + 1,
        line(expected),
        line(actual)
    )
}
