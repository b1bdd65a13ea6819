//! The closure that a case describes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use esmx_build::base::{FileSystem as _, MemoryFileSystem};
use esmx_build::diagnostic::{Diagnostic, Notice};
use esmx_build::link::{
    BehaviourFacts, IssuerPackage, Linkage, Origin, Owners, Request, RequestKind, Wiring,
    closure_in_build_order,
};
use esmx_build::protocol::{PackageRecord, Side};

use super::case::Case;
use super::said::{elections, legacy_exports, legacy_provides, legacy_scopes, supply, wiring};

/// The files and facts a case describes.
pub struct World {
    pub files: MemoryFileSystem,
    pub root: PathBuf,
    pub facts: BehaviourFacts,
    pub owners: Owners,
}

impl World {
    const BASE: &'static str = "/w";

    pub fn of(case: &Case<'_>) -> Self {
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
    pub fn expectation(
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

    pub fn diagnostic(diagnostic: &Diagnostic) -> String {
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

    pub fn without_root(text: &str) -> String {
        text.replace(&format!("{}/", Self::BASE), "")
    }
}
