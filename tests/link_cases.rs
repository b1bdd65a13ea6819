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

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use esmx_build::base::{FileSystem as _, MemoryFileSystem};
use esmx_build::diagnostic::{Code, Diagnostic, Notice};
use esmx_build::link::{
    BehaviourFacts, IssuerPackage, LegacySide, LegacySource, Linkage, Major, Origin, Owners, Request,
    RequestKind, Wiring, closure_in_build_order, link,
};
use esmx_build::protocol::{PackageRecord, Side};

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

/// A case file, cut into prose and blocks.
struct Case<'a> {
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Prose(&'a str),
    Block { fence: &'a str, body: Vec<&'a str> },
}

impl<'a> Case<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            match line.strip_prefix("```") {
                Some(fence) => {
                    let body = lines.by_ref().take_while(|line| *line != "```").collect();
                    parts.push(Part::Block { fence, body });
                }
                None => parts.push(Part::Prose(line)),
            }
        }
        Self { parts }
    }

    fn blocks(&self) -> impl Iterator<Item = (&'a str, &[&'a str])> {
        self.parts.iter().filter_map(|part| match part {
            Part::Block { fence, body } => Some((*fence, body.as_slice())),
            Part::Prose(_) => None,
        })
    }

    fn lines_of(&self, kind: &str) -> impl Iterator<Item = &'a str> {
        self.blocks()
            .filter(move |(fence, _)| *fence == kind)
            .flat_map(|(_, body)| body.to_vec())
    }

    /// The case as text, every expectation replaced by what linking yields.
    fn with_actual_results(&self) -> String {
        let world = World::of(self);
        let linked = link(&world.files, &world.root, &world.facts, world.owners);
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Prose(line) => text.push_str(line),
                Part::Block { fence, body } => {
                    let (kind, arguments) = fence.split_once(' ').unwrap_or((fence, ""));
                    let lines = match &linked {
                        Ok(linkage) => world.expectation(linkage, kind, arguments, body),
                        Err(error) if kind == "unreadable" => {
                            Some(vec![World::without_root(&error.to_string())])
                        }
                        Err(_) => None,
                    };
                    let lines = lines.unwrap_or_else(|| body.iter().map(ToString::to_string).collect());
                    let _ = write!(text, "```{fence}");
                    for line in lines {
                        let _ = write!(text, "\n{line}");
                    }
                    text.push_str("\n```");
                }
            }
            text.push('\n');
        }
        if let Ok(linkage) = &linked
            && !linkage.diagnostics.is_empty()
            && !self.blocks().any(|(fence, _)| fence == "diagnostics")
        {
            let lines: Vec<String> = linkage.diagnostics.iter().map(World::diagnostic).collect();
            let _ = writeln!(text, "\n```diagnostics\n{}\n```", lines.join("\n"));
        }
        text
    }
}

fn legacy_side<'a>(linkage: &'a Linkage, side: &str) -> &'a LegacySide {
    let legacy = linkage.legacy().expect("a root of the legacy kind");
    legacy.on(if side == "client" {
        Side::Client
    } else {
        Side::Server
    })
}

fn legacy_exports(linkage: &Linkage, side: &str) -> Vec<String> {
    let source = |source: &LegacySource| match source {
        LegacySource::Package(specifier) => format!("package {specifier}"),
        LegacySource::File(path) => format!("file {path}"),
    };
    let exports = &legacy_side(linkage, side).exports;
    exports
        .iter()
        .map(|(name, from)| format!("{name} => {}", source(from)))
        .collect()
}

fn legacy_scopes(linkage: &Linkage, side: &str) -> Vec<String> {
    let scopes = &legacy_side(linkage, side).scopes;
    scopes
        .iter()
        .flat_map(|(scope, table)| {
            table.iter().map(move |(specifier, target)| {
                format!("{scope} | {specifier} => {target}")
                    .trim_start()
                    .to_owned()
            })
        })
        .collect()
}

fn legacy_provides(linkage: &Linkage, side: &str) -> Vec<String> {
    let provides = &legacy_side(linkage, side).provides;
    provides
        .iter()
        .map(|(name, installed)| {
            let version = installed.version.as_deref().unwrap_or("unresolved");
            format!("{name} => {}@{version}", installed.identity)
        })
        .collect()
}

/// The files and facts a case describes.
struct World {
    files: MemoryFileSystem,
    root: PathBuf,
    facts: BehaviourFacts,
    owners: Owners,
}

impl World {
    const BASE: &'static str = "/w";

    fn of(case: &Case<'_>) -> Self {
        let mut files = MemoryFileSystem::default();
        let at = |path: &str| Path::new(Self::BASE).join(path);
        let mut root = None;
        for (fence, body) in case.blocks() {
            if let Some(path) = fence.strip_prefix("ts ") {
                files.insert(at(path), body.join("\n") + "\n");
            }
            if let Some(path) = fence.strip_prefix("json ") {
                files.insert(at(path), body.join("\n"));
                if path.ends_with("package.json") && root.is_none() {
                    root = at(path).parent().map(Path::to_path_buf);
                }
            }
        }
        for line in case.lines_of("installed") {
            let (dir, package) = line.split_once(' ').expect("<directory> <name>@<version>");
            let (name, version) = package.rsplit_once('@').expect("<name>@<version>");
            let record = serde_json::json!({ "name": name, "version": version });
            files.insert(at(dir).join("package.json"), record.to_string());
        }
        for dir in case.lines_of("built") {
            files.insert(at(dir).join("dist/client/manifest.json"), r#"{"protocol":2}"#);
        }
        for path in case.lines_of("files") {
            files.insert(at(path), "");
        }
        let links = case
            .lines_of("links")
            .map(|line| line.split_once(" = ").expect("<module> = <directory>"));
        let root = root.expect("a case has a package.json");
        let mut facts = BehaviourFacts::read(&files, &root).overlaid(links);
        facts.protocol_keys.extend(
            case.lines_of("behaviour")
                .flat_map(str::split_whitespace)
                .map(str::to_owned),
        );
        let owners = if case.blocks().any(|(fence, _)| fence == "strict-owners") {
            Owners::Strict
        } else {
            Owners::Elected
        };
        Self {
            files,
            root,
            facts,
            owners,
        }
    }

    /// What linking yields for one kind of block; `None` for blocks that describe the input.
    fn expectation(
        &self,
        linkage: &Linkage,
        kind: &str,
        arguments: &str,
        body: &[&str],
    ) -> Option<Vec<String>> {
        Some(match kind {
            "diagnostics" => linkage.diagnostics.iter().map(Self::diagnostic).collect(),
            "messages" => linkage.diagnostics.iter().flat_map(Self::words).collect(),
            "wiring" => arguments
                .split_whitespace()
                .flat_map(|module| wiring(linkage, module))
                .collect(),
            "elections" => elections(linkage),
            "supply" => supply(linkage),
            "mounts" => Self::mounts(linkage),
            "rewires" => linkage
                .rewires()
                .iter()
                .map(|(loser, winner)| format!("{loser} => {winner}"))
                .collect(),
            "build-order" => self.build_order(),
            "exports" => legacy_exports(linkage, arguments),
            "scopes" => legacy_scopes(linkage, arguments),
            "provides" => legacy_provides(linkage, arguments),
            "notices" => self.facts.notices.iter().flat_map(Self::notice).collect(),
            // Lines with `#` are the words of the diagnostic above them.
            "lookup" => body
                .iter()
                .filter(|line| !line.starts_with('#'))
                .map(|line| self.lookup(linkage, line))
                .collect(),
            "unreadable" => vec!["(it is readable)".to_owned()],
            _ => return None,
        })
    }

    fn notice(notice: &Notice) -> Vec<String> {
        let place = notice.location.as_ref().map_or_else(String::new, |place| {
            let file = Self::without_root(&place.file.to_string_lossy());
            format!(" @ {file}:{}:{}", place.line, place.column)
        });
        vec![
            format!("{}{place}", notice.message),
            format!("    fix: {}", notice.fix),
        ]
    }

    fn diagnostic(diagnostic: &Diagnostic) -> String {
        let mut line = diagnostic.code.to_string();
        if diagnostic.severity() != diagnostic.code.severity() {
            line.push_str(" (error)");
        }
        if let Some(check) = diagnostic.check {
            let _ = write!(line, " {check}");
        }
        let _ = write!(line, " {}", Self::without_root(&diagnostic.module));
        if let Some(package) = &diagnostic.package {
            let _ = write!(line, " -> {package}");
        }
        if diagnostic.found.is_some() || diagnostic.required.is_some() {
            let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let _ = write!(
                line,
                " | {} | {}",
                part(&diagnostic.found),
                part(&diagnostic.required)
            );
        }
        if let Some(place) = &diagnostic.location {
            let _ = write!(
                line,
                " @ {}:{}:{}",
                Self::without_root(&place.file.to_string_lossy()),
                place.line,
                place.column
            );
        }
        line
    }

    fn words(diagnostic: &Diagnostic) -> [String; 2] {
        [
            format!("{}: {}", diagnostic.code, Self::without_root(&diagnostic.message)),
            format!("    fix: {}", Self::without_root(&diagnostic.fix)),
        ]
    }

    fn mounts(linkage: &Linkage) -> Vec<String> {
        linkage
            .mounts()
            .iter()
            .map(|mount| {
                let built = if mount.is_built { "built" } else { "not built" };
                let artifact = Self::without_root(&mount.artifact_dir.to_string_lossy());
                format!(
                    "{} at {}: {artifact} ({built})",
                    mount.name,
                    Self::without_root(&mount.root.to_string_lossy())
                )
            })
            .collect()
    }

    fn build_order(&self) -> Vec<String> {
        let order = closure_in_build_order(&self.files, &self.root, &self.facts).expect("a readable root");
        let units = order.modules.iter().map(|unit| {
            let origin = match unit.origin {
                Origin::Workspace => "workspace",
                Origin::Artifact => "artifact",
            };
            format!(
                "{} at {} ({origin})",
                unit.record.name,
                Self::without_root(&unit.dir.to_string_lossy())
            )
        });
        units
            .chain(order.diagnostics.iter().map(Self::diagnostic))
            .collect()
    }

    fn lookup(&self, linkage: &Linkage, line: &str) -> String {
        let question = line.split(" => ").next().unwrap_or_default().trim_end();
        let words: Vec<&str> = question.split_whitespace().collect();
        let option = |name: &str| {
            words
                .iter()
                .position(|word| *word == name)
                .map(|position| words[position + 1])
        };
        let issuer = option("from").map(|dir| {
            let dir = Path::new(Self::BASE).join(dir);
            assert!(self.files.is_dir(&dir), "{} is no directory", dir.display());
            IssuerPackage::from(&PackageRecord::read(&self.files, &dir).expect("the asking package"))
        });
        let request = Request {
            specifier: words[2],
            side: if words[0] == "client" {
                Side::Client
            } else {
                Side::Server
            },
            kind: match words[1] {
                "dynamic" => RequestKind::Dynamic,
                "require" => RequestKind::Require,
                _ => RequestKind::Static,
            },
            exempt: option("for"),
            issuer: issuer.as_ref(),
        };
        let answer = match linkage.lookup(&self.files, &request) {
            Ok(Wiring::Provided { specifier }) => format!("provided {specifier}"),
            Ok(Wiring::LogicalExport { specifier }) => format!("export {specifier}"),
            Ok(Wiring::SelfAlias { path }) => {
                format!("own file {}", Self::without_root(&path.to_string_lossy()))
            }
            Ok(Wiring::Relative) => "path".to_owned(),
            Ok(Wiring::Url) => "url".to_owned(),
            Ok(Wiring::Builtin) => "builtin".to_owned(),
            Ok(Wiring::OwnCopy) => "own copy".to_owned(),
            Ok(Wiring::External { specifier }) => format!("external {specifier}"),
            Ok(Wiring::Alias { specifier }) => format!("alias {specifier}"),
            Err(diagnostic) => {
                let [message, fix] = Self::words(&diagnostic);
                format!(
                    "{}\n#   {message}\n#   {}",
                    Self::diagnostic(&diagnostic),
                    fix.trim_start()
                )
            }
        };
        format!("{question} => {answer}")
    }

    fn without_root(text: &str) -> String {
        text.replace(&format!("{}/", Self::BASE), "")
    }
}

fn wiring(linkage: &Linkage, module: &str) -> Vec<String> {
    match linkage.wiring_of(module) {
        Some(table) => table
            .iter()
            .map(|(specifier, identifier)| format!("{module}: {specifier} => {identifier}"))
            .collect(),
        None => vec![format!("{module}: no table")],
    }
}

fn elections(linkage: &Linkage) -> Vec<String> {
    linkage
        .elections
        .iter()
        .map(|election| {
            let losers: Vec<String> = election
                .losers()
                .map(esmx_build::link::Offer::identifier)
                .collect();
            let before = if losers.is_empty() {
                String::new()
            } else {
                format!(" before {}", losers.join(", "))
            };
            format!("{}: {}{before}", election.group, election.winner.identifier())
        })
        .collect()
}

fn supply(linkage: &Linkage) -> Vec<String> {
    linkage
        .supply()
        .iter()
        .map(|(identity, groups)| {
            let groups: Vec<String> = groups
                .iter()
                .map(|election| {
                    let version = election.winner.version.as_deref().unwrap_or("unresolved");
                    let major = match election.group.major {
                        Major::Number(major) => major.to_string(),
                        Major::Unknown => "unknown".to_owned(),
                    };
                    format!("{major} {}@{version}", election.winner.identifier())
                })
                .collect();
            format!("{identity}: {}", groups.join(", "))
        })
        .collect()
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
