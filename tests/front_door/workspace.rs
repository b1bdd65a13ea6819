//! A workspace of two small modules in a temporary directory, and what is in its `dist` directories.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::markdown;
use crate::program::{self, Answer};

/// Directories and files below a directory that goes away with it.
pub struct Workspace {
    _guard: TempDir,
    root: PathBuf,
}

/// Path below the workspace → bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

impl Workspace {
    pub fn empty() -> Self {
        Self::empty_in("")
    }

    /// An empty one below the temporary directory, where `place` says.
    pub fn empty_in(place: &str) -> Self {
        let guard = TempDir::new().expect("a temporary directory");
        let root = guard.path().join(place);
        fs::create_dir_all(&root).expect("directories can be made");
        let root = fs::canonicalize(root).expect("it has just been made");
        Self { _guard: guard, root }
    }

    /// `fixtures/front_door/workspace.md`, not built yet.
    pub fn of_sources() -> Self {
        let workspace = Self::empty();
        workspace.lay_out(&markdown::good_workspace());
        workspace
    }

    /// The same with everything built.
    pub fn built() -> Self {
        let workspace = Self::of_sources();
        workspace.build();
        workspace
    }

    /// Builds everything, which must succeed.
    pub fn build(&self) {
        self.run("shop", &["--recursive"]).assert_exit(0);
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Starts the program in a directory of the workspace.
    pub fn run(&self, directory: &str, arguments: &[&str]) -> Answer {
        program::run(&self.path(directory), arguments)
    }

    pub fn lay_out(&self, case: &markdown::Case) {
        for path in &case.removed {
            self.remove(path);
        }
        for (path, text) in &case.files {
            self.write(path, text);
        }
        for (path, target) in &case.links {
            self.link(path, target);
        }
    }

    /// Takes back what `lay_out(case)` did: `good` says how it was.
    pub fn repair(&self, case: &markdown::Case, good: &markdown::Case) {
        let files = case.files.iter().map(|(path, _)| path);
        let links = case.links.iter().map(|(path, _)| path);
        for path in files.chain(links) {
            self.remove(path);
        }
        self.lay_out(good);
    }

    /// Writes a file, whatever stands there.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        if self.path(path).is_dir() {
            self.remove(path);
        }
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file has a directory")).expect("directories can be made");
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    pub fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
    }

    pub fn append(&self, path: &str, text: &str) {
        let before = self.read(path);
        self.write(path, before + text);
    }

    /// Replaces `old`, which must be there once.
    pub fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {path}");
        self.write(path, text.replacen(old, new, 1));
    }

    /// A file, a link or a whole directory; nothing if there is none.
    pub fn remove(&self, path: &str) {
        let path = self.path(path);
        let Ok(metadata) = path.symlink_metadata() else {
            return;
        };
        let removed = if metadata.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.unwrap_or_else(|error| panic!("cannot remove {}: {error}", path.display()));
    }

    pub fn link(&self, path: &str, target: &str) {
        self.remove(path);
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a link has a directory")).expect("directories can be made");
        #[cfg(unix)]
        std::os::unix::fs::symlink(target, &path).expect("a link can be made");
        #[cfg(windows)]
        std::os::windows::fs::symlink_dir(target, &path).expect("a link can be made");
    }

    /// Every file in every `dist`, and whatever a build may have left behind beside it.
    pub fn outputs(&self) -> Files {
        let mut files = Files::new();
        collect(&self.root, &self.root, &mut files);
        files.retain(|path, _| {
            path.split('/')
                .any(|part| part == "dist" || part.starts_with(".esmx"))
        });
        files
    }

    /// Fails when something of a build that did not succeed is still there.
    pub fn assert_no_leftovers(&self) {
        let outputs = self.outputs();
        let leftover = outputs
            .keys()
            .find(|path| path.split('/').any(|part| part.starts_with('.')));
        assert_eq!(leftover, None, "a build leaves nothing behind");
    }
}

/// The files below `directory`. Links are not followed: everything is reached once by its own path.
fn collect(root: &Path, directory: &Path, files: &mut Files) {
    for entry in fs::read_dir(directory).expect("a directory of the test can be read") {
        let entry = entry.expect("an entry of a directory");
        let path = entry.path();
        let kind = entry.file_type().expect("the kind of an entry");
        let name = path
            .strip_prefix(root)
            .expect("below the root")
            .to_string_lossy()
            .replace('\\', "/");
        if kind.is_dir() {
            // An empty directory is something too.
            files.insert(format!("{name}/"), Vec::new());
            collect(root, &path, files);
        } else if kind.is_file() {
            files.insert(name, fs::read(&path).expect("a file of the test can be read"));
        }
    }
}

/// Whether the path of an output ends in `.extension`.
pub fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension() == Some(extension.as_ref())
}

/// Fails with the names of the files that differ.
pub fn assert_same(before: &Files, after: &Files, why: &str) {
    let names = before.keys().chain(after.keys());
    let different: Vec<&String> = names
        .filter(|name| before.get(*name) != after.get(*name))
        .collect();
    assert!(different.is_empty(), "{why}: {different:?}");
}
