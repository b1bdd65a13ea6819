//! Literate link cases: every Markdown file in `fixtures/link` describes a closure and what linking it
//! must yield.
//!
//! A case is prose with fenced blocks. The word after the fence says what a block is:
//!
//! - `json <path>` — a file. The directory of the first `package.json` is the root.
//! - `installed` — lines `<directory> <name>@<version>`: a third-party package with only these facts; a
//!   directory whose last part differs from the name is an npm alias.
//! - `built` — lines with package directories that get an empty client manifest under `dist`.
//! - `files` — lines with paths of empty files.
//! - `links` — lines `<module> = <artifact directory>`.
//! - `strict-owners` — an empty block that asks for one owner per package and major.
//! - `behaviour` — the protocol keys found in the behaviour file.
//! - `ts <path>` — a file; the behaviour file of the root is read.
//!
//! And what is expected, compared word for word with what linking yields:
//!
//! - `diagnostics` — `CODE check module -> package | found | required @ file:line:column`, in order;
//!   a case without the block expects none.
//! - `messages` — message and fix of every diagnostic.
//! - `wiring <module>…` — the whole table of these modules.
//! - `elections`, `supply`, `mounts`, `rewires`, `build-order` — the whole lists.
//! - `lookup` — lines `<side> <kind> <specifier> [from <package directory>] [for <provided name>]`,
//!   each followed by ` => <result>`.
//! - `exports <side>` — of a root of the legacy kind: what it exports, and from what.
//! - `scopes <side>` — of such a root: `<scope> | <specifier> => <target>`, the module scope being empty.
//! - `provides <side>` — of such a root: what is installed of the packages it exports.
//! - `notices` — what is told on standard error and is no diagnostic.
//! - `unreadable` — the error instead of a linkage.
//!
//! To add a case, add a file. `UPDATE_LINK_CASES=1` rewrites the expectations; read the difference
//! before keeping it.

mod case;
mod said;
mod world;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use esmx_build::base::MemoryFileSystem;
use esmx_build::diagnostic::Code;
use esmx_build::link::{BehaviourFacts, Owners, closure_in_build_order, link};

use case::Case;

#[test]
fn every_link_case_holds() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/link");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("fixtures/link exists")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| is_case(path))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", dir.display());
    let is_updating = std::env::var_os("UPDATE_LINK_CASES").is_some();
    let mut failures = String::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a readable case");
        let case = Case::parse(&text);
        let actual = case.with_actual_results();
        if actual == text {
            continue;
        }
        if is_updating {
            std::fs::write(&path, actual).expect("a writable case");
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(failures, "=== {name}\n{}", first_difference(&text, &actual));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

fn is_case(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md")
}

/// `README.md` says which case shows which row of the protocol's tables.
#[test]
fn the_table_of_rows_names_cases_that_exist() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/link");
    let table = std::fs::read_to_string(dir.join("README.md")).expect("a table");
    let named: BTreeSet<String> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|text| {
            Path::new(text)
                .extension()
                .is_some_and(|extension| extension == "md")
        })
        .map(str::to_owned)
        .collect();
    let missing: Vec<&String> = named.iter().filter(|name| !dir.join(name).is_file()).collect();
    assert!(named.len() > 40 && missing.is_empty(), "{missing:?}");
}

fn first_difference(expected: &str, actual: &str) -> String {
    let mut expected_lines = expected.lines();
    let mut actual_lines = actual.lines();
    let mut number = 0;
    loop {
        number += 1;
        match (expected_lines.next(), actual_lines.next()) {
            (None, None) => return "only the final line break differs".to_owned(),
            (left, right) if left == right => {}
            (left, right) => {
                let line = |text: Option<&str>| text.unwrap_or("(end of file)").to_owned();
                return format!(
                    "line {number}\n  expected: {}\n  actual:   {}",
                    line(left),
                    line(right)
                );
            }
        }
    }
}

/// Every code that linking and lookup can raise appears in a case, so that none is untested.
#[test]
fn every_protocol_code_has_a_case() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/link");
    let cases: String = std::fs::read_dir(&dir)
        .expect("fixtures/link exists")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| is_case(path))
        .map(|path| std::fs::read_to_string(path).expect("a readable case"))
        .collect();
    let protocol_codes = Code::ALL.iter().take_while(|code| **code != Code::Syntax);
    let missing: Vec<&str> = protocol_codes
        .map(|code| code.as_str())
        .filter(|code| !cases.contains(&format!("\n{code} ")) && !cases.contains(&format!("=> {code} ")))
        .collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

/// A pnpm-like layout on disk: every package is a link into a store, and resolution starts from real
/// directories.
#[cfg(unix)]
#[test]
fn links_of_package_managers_are_followed_to_real_directories() {
    use esmx_build::base::DiskFileSystem;
    use std::fs;
    use std::os::unix::fs::symlink;

    let temporary = tempfile::tempdir().expect("a temporary directory");
    let base = temporary.path().canonicalize().expect("a real path");
    let write = |path: &str, text: &str| {
        let path = base.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    };
    write(
        "app/package.json",
        r#"{"name":"app","dependencies":{"vue":"^3.0.0"},"esmx":{"uses":["shop","broken"]}}"#,
    );
    write(
        "packages/shop/package.json",
        r#"{"name":"shop","peerDependencies":{"vue":"3"},"esmx":{"uses":["base"]}}"#,
    );
    write("packages/shop/dist/client/manifest.json", "{}");
    write(
        "store/base/package.json",
        r#"{"name":"base","dependencies":{"vue":"3"},"esmx":{"provides":["vue"]}}"#,
    );
    write("store/base/dist/client/manifest.json", "{}");
    write("store/vue/package.json", r#"{"name":"vue","version":"3.5.13"}"#);
    for (link, target) in [
        ("app/node_modules/shop", "packages/shop"),
        ("app/node_modules/broken", "nowhere"),
        ("packages/shop/node_modules/base", "store/base"),
        ("store/node_modules/vue", "store/vue"),
        ("app-by-another-name", "app"),
    ] {
        let link = base.join(link);
        fs::create_dir_all(link.parent().expect("a parent")).expect("a directory");
        symlink(base.join(target), link).expect("a link");
    }
    for root in ["app", "app-by-another-name"] {
        let facts = BehaviourFacts::default();
        let linkage =
            link(&DiskFileSystem, &base.join(root), &facts, Owners::Elected).expect("a readable root");
        let codes: Vec<&str> = linkage
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.as_str())
            .collect();
        assert_eq!(codes, ["E_NOT_LINKED"], "only the broken link is missing");
        assert_eq!(
            linkage.mounts().get("base").expect("mounted").root,
            base.join("store/base")
        );
        assert_eq!(linkage.wiring_of("app").expect("declared")["vue"], "base/vue");
        let order =
            closure_in_build_order(&DiskFileSystem, &base.join(root), &facts).expect("a readable root");
        let names: Vec<&str> = order
            .modules
            .iter()
            .map(|unit| unit.record.name.as_str())
            .collect();
        assert_eq!(names, ["base", "shop", "app"]);
    }
}

/// A long chain of uses must not exhaust the stack, and a wide closure must not take noticeable time.
#[test]
fn closures_may_be_deep_and_wide() {
    let mut files = MemoryFileSystem::default();
    let depth = 3000;
    for number in 0..depth {
        let uses = if number + 1 < depth {
            format!("\"m{}\"", number + 1)
        } else {
            String::new()
        };
        let record = format!(r#"{{"name":"m{number}","esmx":{{"provides":["p{number}"],"uses":[{uses}]}}}}"#);
        files.insert(format!("/w/node_modules/m{number}/package.json"), record);
    }
    let order = closure_in_build_order(
        &files,
        Path::new("/w/node_modules/m0"),
        &BehaviourFacts::default(),
    );
    assert_eq!(order.expect("a readable root").modules.len(), depth);

    let mut files = MemoryFileSystem::default();
    let width = 200;
    for number in 0..width {
        let uses: Vec<String> = (number + 1..width)
            .step_by(7)
            .map(|used| format!("\"m{used}\""))
            .collect();
        let provides: Vec<String> = (0..10)
            .map(|package| format!("\"p{}\"", (number * 3 + package) % 100))
            .collect();
        let record = format!(
            r#"{{"name":"m{number}","esmx":{{"provides":[{}],"uses":[{}]}}}}"#,
            provides.join(","),
            uses.join(",")
        );
        files.insert(format!("/w/node_modules/m{number}/package.json"), record);
    }
    let start = std::time::Instant::now();
    let facts = BehaviourFacts::default();
    let linkage =
        link(&files, Path::new("/w/node_modules/m0"), &facts, Owners::Elected).expect("a readable root");
    assert!(!linkage.elections.is_empty());
    assert!(
        start.elapsed().as_secs() < 10,
        "linking took {:?}",
        start.elapsed()
    );
}
