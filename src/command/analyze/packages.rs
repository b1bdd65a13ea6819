//! Which package a source file belongs to.

use std::path::Path;

use indexmap::IndexMap;
use serde_json::Value;

/// A directory with a `package.json`, as paths of the metafile name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    /// The name in its `package.json`, else what its directory is called.
    pub name: String,
    pub version: Option<String>,
    /// As seen from the base; empty for what belongs to no package.
    pub dir: String,
    /// What it says about the versions of others.
    pub ranges: IndexMap<String, String>,
}

/// Code that is in no package.
const OWN_CODE: &str = "(no package)";

/// Finds packages, each once.
pub(super) struct Packages<'a> {
    base: &'a Path,
    known: IndexMap<String, Package>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(base: &'a Path) -> Self {
        Self {
            base,
            known: IndexMap::new(),
        }
    }

    /// The package of an input of the metafile.
    pub(super) fn of(&mut self, input: &str) -> &Package {
        let dir = self.dir_of(input);
        self.known
            .entry(dir.clone())
            .or_insert_with(|| read(self.base, dir))
    }

    /// Below `node_modules` the path says it. Elsewhere the nearest `package.json` with a name does: one that only says
    /// `"type": "module"` makes no package.
    fn dir_of(&self, input: &str) -> String {
        const INSTALLED: &str = "node_modules/";
        if let Some(start) = input.rfind(INSTALLED) {
            let start = start + INSTALLED.len();
            let segments = if input[start..].starts_with('@') { 2 } else { 1 };
            let length = input[start..].match_indices('/').nth(segments - 1);
            let end = length.map_or(input.len(), |(slash, _)| start + slash);
            return input[..end].to_owned();
        }
        let mut dir = input;
        while let Some((parent, _)) = dir.rsplit_once('/') {
            dir = parent;
            if dir.ends_with("..") {
                break;
            }
            if manifest(self.base, dir).is_some_and(|found| found["name"].is_string()) {
                return dir.to_owned();
            }
        }
        ".".to_owned()
    }
}

fn manifest(base: &Path, dir: &str) -> Option<Value> {
    let text = std::fs::read_to_string(base.join(dir).join("package.json")).ok()?;
    serde_json::from_str(&text).ok()
}

fn read(base: &Path, dir: String) -> Package {
    let manifest = manifest(base, &dir).unwrap_or_default();
    let text = |key: &str| manifest[key].as_str().filter(|text| !text.is_empty());
    let by_path = match dir.rsplit_once("node_modules/") {
        Some((_, name)) => name,
        None => OWN_CODE,
    };
    let mut ranges = IndexMap::new();
    for map in [
        "dependencies",
        "peerDependencies",
        "optionalDependencies",
        "devDependencies",
    ] {
        for (name, range) in manifest[map].as_object().into_iter().flatten() {
            if let Some(range) = range.as_str() {
                ranges.entry(name.clone()).or_insert_with(|| range.to_owned());
            }
        }
    }
    Package {
        name: text("name").unwrap_or(by_path).to_owned(),
        version: text("version").map(str::to_owned),
        ranges,
        dir,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_package_counts() {
        let directory = tempfile::TempDir::new().unwrap();
        let mut packages = Packages::new(directory.path());
        let dir = |packages: &mut Packages<'_>, path: &str| packages.of(path).dir.clone();
        assert_eq!(dir(&mut packages, "node_modules/a/b.js"), "node_modules/a");
        assert_eq!(
            dir(
                &mut packages,
                "node_modules/.pnpm/@s+a@1/node_modules/@s/a/x/b.js"
            ),
            "node_modules/.pnpm/@s+a@1/node_modules/@s/a"
        );
        assert_eq!(packages.of("node_modules/@s/a/x.js").name, "@s/a");
        assert_eq!(packages.of("src/main.js").name, OWN_CODE);
        assert_eq!(packages.of("../main.js").name, OWN_CODE);
    }
}
