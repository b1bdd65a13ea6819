//! One case, and everything that must hold for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::program::{Mode, Run, run_built, run_sources};
use super::workspace::Workspace;

const SIDES: [&str; 2] = ["server", "client"];

/// A folder of `fixtures/build`.
pub struct Case {
    directory: PathBuf,
    /// Its sources, which no build ever touches.
    sources: Workspace,
    exports: Vec<serde_json::Value>,
    depends_on_mode: bool,
}

impl Case {
    pub fn read(directory: &Path) -> Result<Self, String> {
        let readme = std::fs::read_to_string(directory.join("README.md")).unwrap_or_default();
        if readme.trim().lines().count() != 1 || !readme.trim().ends_with('.') {
            return Err("README.md says in one sentence what the case shows".to_owned());
        }
        let sources = Workspace::copy(directory, "sources")?;
        let package = std::fs::read_to_string(sources.directory().join("package.json"));
        let package: serde_json::Value = package
            .map_err(|error| error.to_string())
            .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()))
            .map_err(|error| format!("package.json: {error}"))?;
        let exports = package["esmx"]["exports"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, value)| value.clone());
        let exports: Vec<serde_json::Value> = exports.collect();
        if exports.is_empty() {
            return Err("package.json: `esmx.exports` is missing".to_owned());
        }
        let depends_on_mode = mentions_node_env(sources.directory());
        Ok(Self {
            directory: directory.to_owned(),
            sources,
            exports,
            depends_on_mode,
        })
    }

    pub fn check(&self) -> Result<(), String> {
        let mut oracle = Oracle {
            case: self,
            known: BTreeMap::new(),
        };
        // Kept until all of them have run.
        let mut workspaces = Vec::new();
        let mut runs = Vec::new();
        for mode in Mode::ALL {
            let workspace = self.built(mode)?;
            for side in SIDES.into_iter().filter(|side| self.has_exports(side)) {
                for order in self.orders() {
                    runs.push(Run {
                        directory: workspace.directory().to_owned(),
                        mode,
                        side,
                        order,
                    });
                }
            }
            workspaces.push(workspace);
        }
        let shown = run_built(&runs)?;
        for (run, actual) in runs.iter().zip(shown.texts) {
            let expected = oracle.expected(run)?;
            if actual != expected {
                let difference = first_difference(&expected, &actual, &shown.errors);
                return Err(format!(
                    "{} {}, {}: {difference}",
                    run.mode.name(),
                    run.side,
                    run.order
                ));
            }
        }
        Ok(())
    }

    /// A built and composed copy, after its bytes were compared with those of another one.
    fn built(&self, mode: Mode) -> Result<Workspace, String> {
        let one = Workspace::copy(&self.directory, "one")?;
        let other = Workspace::copy(&self.directory, "deeper/than/the/other")?;
        let built = one.build(mode, "1")?;
        if let Some(file) = first_different_file(&built, &one.build(mode, "1")?) {
            return Err(format!(
                "{}: {} differs when it is found in the cache",
                mode.name(),
                file.display()
            ));
        }
        if let Some(file) = first_different_file(&built, &other.build(mode, "8")?) {
            return Err(format!(
                "{}: {} differs between two folders, or between one thread and many",
                mode.name(),
                file.display()
            ));
        }
        one.compose()?;
        Ok(one)
    }

    fn has_exports(&self, side: &str) -> bool {
        self.exports
            .iter()
            .any(|source| source.is_string() || source[side].is_string())
    }

    /// Orders in which the exports are imported. A written expectation is for the declared one.
    fn orders(&self) -> &'static [&'static str] {
        let is_written = SIDES.iter().any(|side| self.written_expectation(side).is_some());
        if self.exports.len() == 1 || is_written {
            &["declared"]
        } else {
            &["declared", "reversed"]
        }
    }

    fn written_expectation(&self, side: &str) -> Option<String> {
        [format!("expected.{side}"), "expected".to_owned()]
            .iter()
            .find_map(|name| std::fs::read_to_string(self.directory.join(name)).ok())
    }
}

/// What a case must show, computed once for all runs that can not differ.
struct Oracle<'a> {
    case: &'a Case,
    known: BTreeMap<(Option<Mode>, Option<&'static str>, &'static str), String>,
}

impl Oracle<'_> {
    fn expected(&mut self, run: &Run) -> Result<String, String> {
        if let Some(text) = self.case.written_expectation(run.side) {
            return Ok(text);
        }
        let depends_on_side = self.case.exports.iter().any(serde_json::Value::is_object);
        let key = (
            self.case.depends_on_mode.then_some(run.mode),
            depends_on_side.then_some(run.side),
            run.order,
        );
        if let Some(text) = self.known.get(&key) {
            return Ok(text.clone());
        }
        let directory = self.case.sources.directory().to_owned();
        let shown = run_sources(&Run {
            directory,
            ..run.clone()
        })?;
        self.known.insert(key, shown.clone());
        Ok(shown)
    }
}

fn mentions_node_env(directory: &Path) -> bool {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            mentions_node_env(&path)
        } else {
            std::fs::read_to_string(path).is_ok_and(|text| text.contains("NODE_ENV"))
        }
    })
}

fn first_different_file<'a>(
    one: &'a BTreeMap<PathBuf, Vec<u8>>,
    other: &'a BTreeMap<PathBuf, Vec<u8>>,
) -> Option<&'a PathBuf> {
    one.keys()
        .chain(other.keys())
        .find(|name| one.get(*name) != other.get(*name))
}

fn first_difference(expected: &str, actual: &str, errors: &str) -> String {
    let equal = expected
        .lines()
        .zip(actual.lines())
        .take_while(|(expected, actual)| expected == actual)
        .count();
    let line = |text: &str| -> String {
        text.lines()
            .nth(equal)
            .unwrap_or("(nothing)")
            .chars()
            .take(400)
            .collect()
    };
    let mut difference = format!(
        "line {}\n  expected: {}\n  actual:   {}",
        equal + 1,
        line(expected),
        line(actual)
    );
    for error in errors.lines().take(12) {
        let _ = write!(difference, "\n    {error}");
    }
    difference
}
