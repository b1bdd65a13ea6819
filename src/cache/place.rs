//! Where the cache is.

use std::path::{Path, PathBuf};

use super::remote::RemoteSettings;

/// Which cache a build uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheSettings {
    /// Where it is.
    pub place: CachePlace,
    /// How many bytes it may hold.
    pub limit: u64,
    /// The server that several machines share.
    pub remote: Option<RemoteSettings>,
}

/// Where the cache is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CachePlace {
    /// There is none.
    Nowhere,
    /// `node_modules/.cache/esmx-build` of the package or of its workspace.
    Project,
    /// This directory.
    Directory(PathBuf),
}

/// What marks the root of a workspace, or of a package that is in none.
const ROOT_FILES: [&str; 6] = [
    "pnpm-workspace.yaml",
    "pnpm-lock.yaml",
    "package-lock.json",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
];

impl CacheSettings {
    /// One gigabyte.
    pub const DEFAULT_LIMIT: u64 = 1_000_000_000;

    /// No cache.
    pub fn none() -> Self {
        Self {
            place: CachePlace::Nowhere,
            limit: Self::DEFAULT_LIMIT,
            remote: None,
        }
    }

    /// The directory of the cache of what is in `root`.
    pub(super) fn directory(&self, root: &Path) -> Option<PathBuf> {
        match &self.place {
            CachePlace::Nowhere => None,
            CachePlace::Project => Some(
                project(root)?
                    .join("node_modules")
                    .join(".cache")
                    .join("esmx-build"),
            ),
            CachePlace::Directory(directory) => Some(directory.clone()),
        }
    }
}

/// The root of the workspace around `root`, or else its package. Files that belong to no package have no place for a
/// cache. What is above a repository is somebody else's.
fn project(root: &Path) -> Option<&Path> {
    let mut package = None;
    for directory in root.ancestors() {
        if ROOT_FILES.iter().any(|name| directory.join(name).is_file()) {
            return Some(directory);
        }
        if directory.join("package.json").is_file() {
            if says_workspaces(directory) {
                return Some(directory);
            }
            package = package.or(Some(directory));
        }
        if directory.join(".git").exists() {
            break;
        }
    }
    package
}

fn says_workspaces(directory: &Path) -> bool {
    let text = std::fs::read(directory.join("package.json")).unwrap_or_default();
    let fields: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    fields.get("workspaces").is_some()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn project_of(files: &[&str], root: &str) -> Option<String> {
        let directory = tempfile::TempDir::new().unwrap();
        for file in files {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        fs::create_dir_all(directory.path().join(root)).unwrap();
        let found = project(&directory.path().join(root))?.to_path_buf();
        let found = found
            .strip_prefix(directory.path())
            .expect("it lies above nothing of ours");
        Some(found.to_string_lossy().into_owned())
    }

    #[test]
    fn all_modules_of_a_workspace_share_one() {
        let workspace = [
            "r/.git",
            "r/pnpm-workspace.yaml",
            "r/package.json",
            "r/packages/a/package.json",
        ];
        assert_eq!(project_of(&workspace, "r/packages/a/src").as_deref(), Some("r"));
        let repository = ["r/.git", "r/app/package.json", "r/package.json"];
        assert_eq!(project_of(&repository, "r/app").as_deref(), Some("r/app"));
        let above = ["package-lock.json", "r/.git", "r/package.json"];
        assert_eq!(project_of(&above, "r").as_deref(), Some("r"));
        assert_eq!(project_of(&["package.json", "r/.git"], "r"), None);
    }
}
