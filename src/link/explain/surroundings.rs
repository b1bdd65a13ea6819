//! The declared modules around a module: in the `node_modules` it can see, and in the workspace it belongs to.
//!
//! Only an explanation looks there. Linking never does: what takes part is what `uses` names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ProvidingModule;
use crate::base::FileSystem;
use crate::link::mount::find_package;
use crate::link::offer::InstalledPackage;
use crate::link::workspace::workspace_packages;
use crate::protocol::{DependencySpec, PackageRecord, split_package};

/// Name → record, the nearest of each name.
#[derive(Debug, Default)]
pub(super) struct ModulesAround {
    modules: BTreeMap<String, PackageRecord>,
}

impl ModulesAround {
    /// Looks around `dir`.
    pub(super) fn find(files: &dyn FileSystem, dir: &Path) -> Self {
        let mut around = Self::default();
        for ancestor in dir.ancestors() {
            for package in installed(files, &ancestor.join("node_modules")) {
                around.add(files, &package);
            }
            for package in workspace_packages(files, ancestor) {
                around.add(files, &package);
            }
        }
        around
    }

    /// Reading every package of a `node_modules` is quick, parsing them is not: few mention the declaration.
    fn add(&mut self, files: &dyn FileSystem, dir: &Path) {
        let Ok(bytes) = files.read(&dir.join("package.json")) else {
            return;
        };
        if memchr::memmem::find(&bytes, b"\"esmx\"").is_none() {
            return;
        }
        let real_dir = files.real_path(dir).unwrap_or_else(|_| dir.to_path_buf());
        if let Ok(record) = PackageRecord::read(files, &real_dir)
            && record.declaration.is_some()
            && !record.name.is_empty()
        {
            self.modules.entry(record.name.clone()).or_insert(record);
        }
    }

    /// Those that provide the real package `identity` and that `is_known` does not know.
    pub(super) fn providing(
        &self,
        files: &dyn FileSystem,
        identity: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Vec<ProvidingModule> {
        let unknown = self.modules.values().filter(|record| !is_known(&record.name));
        let providing = unknown.filter_map(|record| {
            let provided = &record.declaration.as_ref()?.provides;
            let found = provided
                .iter()
                .map(|name| (name, provided_package(files, record, name)))
                .find(|(_, (real, _))| real == identity);
            let (name, (_, version)) = found?;
            Some(ProvidingModule {
                name: record.name.clone(),
                dir: record.dir.clone(),
                provides: name.clone(),
                version,
            })
        });
        providing.collect()
    }
}

/// Identity and version of what a module outside the closure provides under a name.
fn provided_package(files: &dyn FileSystem, record: &PackageRecord, name: &str) -> (String, Option<String>) {
    let (package, subpath) = split_package(name);
    let installed = find_package(files, &record.dir, package)
        .map(|dir| InstalledPackage::read(files, &dir))
        .unwrap_or_default();
    let declared = || {
        let spec = record.selecting_spec(package);
        spec.and_then(DependencySpec::alias_target).unwrap_or(package)
    };
    let real = installed.name.as_deref().unwrap_or_else(declared);
    (format!("{real}{subpath}"), installed.version)
}

/// The packages of a `node_modules` directory, those of scopes included.
fn installed(files: &dyn FileSystem, node_modules: &Path) -> Vec<PathBuf> {
    let names = files.list(node_modules).unwrap_or_default();
    let visible = names.iter().filter(|name| !name.starts_with('.'));
    visible
        .flat_map(|name| {
            let path = node_modules.join(name);
            if !name.starts_with('@') {
                return vec![path];
            }
            let scoped = files.list(&path).unwrap_or_default();
            scoped.iter().map(|name| path.join(name)).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MemoryFileSystem;

    #[test]
    fn workspaces_of_every_package_manager_are_found() {
        let mut files = MemoryFileSystem::default();
        let module = |name: &str| format!("{{\"name\":\"{name}\",\"esmx\":{{\"provides\":[\"vue\"]}}}}");
        files.insert(
            "/w/package.json",
            r#"{"workspaces":{"packages":["./apps/*", "!apps/x"]}}"#,
        );
        files.insert(
            "/w/pnpm-workspace.yaml",
            "packages:\n  # all\n  - 'libs/**'\nother:\n  - no\n",
        );
        files.insert("/w/apps/shop/package.json", module("shop"));
        files.insert("/w/apps/plain/package.json", r#"{"name":"plain"}"#);
        files.insert("/w/libs/a/b/package.json", module("b"));
        files.insert("/w/no/package.json", module("no"));
        files.insert("/w/node_modules/@acme/ui/package.json", module("@acme/ui"));
        let around = ModulesAround::find(&files, Path::new("/w/apps/shop"));
        assert_eq!(
            around.modules.keys().collect::<Vec<_>>(),
            ["@acme/ui", "b", "shop"]
        );
        let providing = around.providing(&files, "vue", |name| name == "shop");
        let names: Vec<&str> = providing.iter().map(|module| module.name.as_str()).collect();
        assert_eq!(names, ["@acme/ui", "b"]);
    }
}
