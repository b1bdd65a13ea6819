//! What events of the file system mean for a build that has read certain files.
//!
//! Editors save in several steps (write a file beside, move it over), tools touch files without changing them, a
//! switch of branches moves thousands. So an event only says *where* to look: whether something is a change of
//! content, of what there is, or of what everything depends on is decided by what was read and what is there now.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustc_hash::FxHashSet;

use crate::base::has_extension;

/// What a build has read, and where it looks.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files whose content is in the output.
    pub sources: FxHashSet<PathBuf>,
    /// Files that decide how everything else is read: declarations, settings, lock files.
    pub settings: BTreeSet<PathBuf>,
    /// Directories below which sources are: what appears there may change what a request leads to.
    pub roots: Vec<PathBuf>,
    /// Directories that the build writes.
    pub outputs: Vec<PathBuf>,
}

/// What has to be looked at again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Sources that may say something else.
    pub sources: BTreeSet<PathBuf>,
    /// What requests lead to.
    pub layout: Layout,
    /// How much of what is remembered still holds.
    pub settings: Settings,
}

/// What an event says of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// It was written to.
    Written,
    /// It came, went or was moved.
    Moved,
}

/// Whether files came or went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// The same files are there.
    #[default]
    Same,
    /// Requests may lead elsewhere.
    Changed,
}

/// Whether what everything depends on is as it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Settings {
    /// Yes.
    #[default]
    Same,
    /// No: begin anew.
    Changed,
}

impl Changes {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Everything may be different: events were lost.
    pub fn everything() -> Self {
        Self {
            settings: Settings::Changed,
            ..Self::default()
        }
    }

    /// The inputs in `directories` that were written since a time.
    pub fn since(time: SystemTime, directories: &FxHashSet<PathBuf>, inputs: &Inputs) -> Self {
        // Times of files come from a clock that ticks slowly.
        let time = time - Duration::from_millis(20);
        let files = inputs.sources.iter().chain(&inputs.settings);
        let written = files.filter(|file| {
            let is_new = file.parent().is_some_and(|parent| directories.contains(parent));
            is_new
                && fs::metadata(file)
                    .and_then(|of| of.modified())
                    .is_ok_and(|modified| modified >= time)
        });
        let written = written.map(|file| (file.as_path(), Happening::Written));
        Self::of_paths(written, inputs, Path::exists)
    }

    /// What happened at `paths` means for a build that has read `inputs`. `exists` says what is there now.
    pub fn of_paths<'a>(
        paths: impl IntoIterator<Item = (&'a Path, Happening)>,
        inputs: &Inputs,
        exists: impl Fn(&Path) -> bool,
    ) -> Self {
        let mut changes = Self::default();
        let mut directories: Option<FxHashSet<&Path>> = None;
        for (path, happening) in paths {
            if inputs.ignores(path) {
                continue;
            }
            let is_there = exists(path);
            if inputs.settings.contains(path) || (is_settings_name(path) && inputs.is_below_root(path)) {
                changes.settings = Settings::Changed;
            } else if inputs.sources.contains(path) {
                changes.sources.insert(path.to_path_buf());
                if !is_there {
                    changes.layout = Layout::Changed;
                }
            } else if directories
                .get_or_insert_with(|| inputs.directories_of_sources())
                .contains(path)
            {
                // A directory that is gone, or that another one took the place of.
                let moved = inputs.sources.iter().filter(|source| source.starts_with(path));
                changes.sources.extend(moved.cloned());
                changes.layout = Layout::Changed;
            } else if is_there && happening == Happening::Moved && inputs.is_below_root(path) {
                changes.layout = Layout::Changed;
            }
        }
        changes
    }
}

impl Inputs {
    /// Whether nothing that happens at a path matters: outputs, version control, temporary files of editors.
    pub fn ignores(&self, path: &Path) -> bool {
        let is_source = self.sources.contains(path) || self.settings.contains(path);
        !is_source
            && (self.outputs.iter().any(|output| path.starts_with(output)) || self.has_ignored_part(path))
    }

    /// Only what lies below a root is judged: a root may itself be in a hidden directory.
    fn has_ignored_part(&self, path: &Path) -> bool {
        let relative = self.roots.iter().find_map(|root| path.strip_prefix(root).ok());
        relative.unwrap_or(path).components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            is_ignored_directory(&name) || is_temporary(&name)
        })
    }

    fn is_below_root(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }

    /// Every directory that has a source somewhere below it.
    fn directories_of_sources(&self) -> FxHashSet<&Path> {
        let mut directories = FxHashSet::default();
        for source in &self.sources {
            for directory in source.ancestors().skip(1) {
                if !directories.insert(directory) {
                    break;
                }
            }
        }
        directories
    }
}

/// Directories that hold no sources of the project. What is installed changes with the lock file.
pub fn is_ignored_directory(name: &str) -> bool {
    matches!(name, "node_modules" | ".git" | ".hg" | ".svn" | ".jj")
}

/// What editors put beside the files that they save.
fn is_temporary(name: &str) -> bool {
    let is_hidden = name.starts_with('.') && !name.starts_with(".env");
    let is_unfinished = has_extension(name, &["tmp"]);
    is_hidden || is_unfinished || name.ends_with('~') || name == "4913" || name.starts_with('#')
}

/// What decides about a whole project and is not below a root, or has a name that says nothing: the lock files of
/// package managers, of the project or of the workspace that it is in.
pub fn settings_files(root: &Path) -> BTreeSet<PathBuf> {
    const LOCK_FILES: [&str; 7] = [
        "package-lock.json",
        "node_modules/.package-lock.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "bun.lockb",
        ".pnp.cjs",
    ];
    let above = root
        .ancestors()
        .flat_map(|directory| LOCK_FILES.map(|name| directory.join(name)));
    above.filter(|path| path.is_file()).collect()
}

/// Files that decide about others wherever they appear.
fn is_settings_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    name == "package.json"
        || name.starts_with(".env")
        || (is_json
            && (name.starts_with("tsconfig")
                || name.starts_with("jsconfig")
                || name.starts_with("esmx.config")))
        || name.starts_with("entry.node.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        Inputs {
            sources: ["/app/src/main.ts", "/app/src/part/a.ts", "/app/src/part/b.ts"]
                .map(PathBuf::from)
                .into_iter()
                .collect(),
            settings: [PathBuf::from("/app/pnpm-lock.yaml")].into(),
            roots: vec![PathBuf::from("/app")],
            outputs: vec![PathBuf::from("/app/dist")],
        }
    }

    fn changes(paths: &[&str], present: bool) -> Changes {
        let paths = paths.iter().map(|path| (Path::new(path), Happening::Moved));
        Changes::of_paths(paths, &inputs(), |_| present)
    }

    #[test]
    fn a_saved_source_is_read_again() {
        let changes = changes(
            &["/app/src/main.ts", "/app/src/.main.ts.swp", "/app/src/4913"],
            true,
        );
        assert_eq!(
            changes.sources,
            BTreeSet::from([PathBuf::from("/app/src/main.ts")])
        );
        assert_eq!(changes.layout, Layout::Same);
    }

    #[test]
    fn a_removed_source_changes_what_requests_lead_to() {
        let changes = changes(&["/app/src/main.ts"], false);
        assert_eq!((changes.sources.len(), changes.layout), (1, Layout::Changed));
    }

    #[test]
    fn a_moved_directory_takes_its_sources_along() {
        assert_eq!(changes(&["/app/src/part"], false).sources.len(), 2);
    }

    #[test]
    fn a_new_file_may_be_what_a_request_leads_to() {
        assert_eq!(changes(&["/app/src/new.ts"], true).layout, Layout::Changed);
        assert!(changes(&["/app/src/gone-already.ts"], false).is_empty());
    }

    #[test]
    fn files_that_nobody_reads_may_be_written() {
        let paths = [(Path::new("/app/log.txt"), Happening::Written)];
        assert!(Changes::of_paths(paths, &inputs(), |_| true).is_empty());
    }

    #[test]
    fn declarations_settings_and_lock_files_begin_anew() {
        for path in [
            "/app/package.json",
            "/app/tsconfig.base.json",
            "/app/.env.local",
            "/app/pnpm-lock.yaml",
        ] {
            assert_eq!(changes(&[path], true).settings, Settings::Changed, "{path}");
        }
    }

    #[test]
    fn outputs_version_control_and_other_places_are_nothing() {
        let paths = [
            "/app/dist/client/main.mjs",
            "/app/.git/index",
            "/app/node_modules/vue/index.js",
            "/elsewhere/a.ts",
        ];
        assert!(changes(&paths, true).is_empty());
    }
}
