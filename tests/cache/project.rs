//! A project on the disk that is built with its cache and compared with one that is built without.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

/// A file, or where a link leads.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    File(Vec<u8>),
    Link(PathBuf),
}

impl std::fmt::Debug for Node {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(target) => write!(formatter, "-> {}", target.display()),
            Self::File(bytes) => {
                formatter.write_str(&String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]))
            }
        }
    }
}

pub type Tree = BTreeMap<PathBuf, Node>;

/// What a build left and said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub succeeded: bool,
    /// Standard output, then standard error, without times.
    pub said: String,
    /// Everything in directories called `dist`.
    pub files: Tree,
}

pub struct Project {
    #[expect(dead_code, reason = "the directory is removed with it")]
    holder: TempDir,
    pub root: PathBuf,
    /// What is built without a cache, in the same directory of another holder.
    cold: PathBuf,
    /// Below `root`, where the program runs.
    directory: &'static str,
}

impl Project {
    /// Writes files; a text `-> target` makes a link.
    pub fn new(directory: &'static str, files: &[(&str, &str)]) -> Self {
        let holder = TempDir::new().unwrap();
        let above = fs::canonicalize(holder.path()).unwrap();
        let root = above.join("warm/project");
        let project = Self {
            cold: above.join("cold/project"),
            holder,
            root,
            directory,
        };
        fs::create_dir_all(&project.root).unwrap();
        // What lies above belongs to nobody.
        fs::create_dir(above.join(".git")).unwrap();
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// The same sources in another directory, relative to the one that the project is in.
    pub fn moved(&self, directory: &str) -> Self {
        let root = self.root.parent().unwrap().join(directory);
        fs::create_dir_all(&root).unwrap();
        let root = fs::canonicalize(root).unwrap();
        put(&root, &self.sources());
        Self {
            holder: TempDir::new().unwrap(),
            cold: root.parent().unwrap().join("cold/project"),
            root,
            directory: self.directory,
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn cold_path(&self, path: &str) -> PathBuf {
        self.cold.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match text.strip_prefix("-> ") {
            Some(target) => {
                let _ = fs::remove_file(&path);
                link(Path::new(target), &path);
            }
            None => fs::write(path, text).unwrap(),
        }
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }

    pub fn command(&self, words: &[&str]) -> Command {
        command(&self.root.join(self.directory), words)
    }

    /// Builds with the cache.
    pub fn warm(&self, words: &[&str]) -> Outcome {
        outcome(self.command(words), &self.root)
    }

    /// Builds, and whether anything had to be made.
    pub fn warm_made(&self, words: &[&str]) -> (Outcome, usize) {
        let trace = self.root.parent().unwrap().join("trace.json");
        let mut command = self.command(words);
        command.arg("--profile").arg(&trace);
        let outcome = outcome(command, &self.root);
        (outcome, times(&trace, "scan") + times(&trace, "lay_out_again"))
    }

    /// Builds the same sources without a cache, where nothing was built.
    pub fn cold(&self, words: &[&str]) -> Outcome {
        self.cold_with(words, &[])
    }

    pub fn cold_with(&self, words: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let _ = fs::remove_dir_all(&self.cold);
        put(&self.cold, &self.sources());
        let mut command = command(&self.cold.join(self.directory), words);
        command.arg("--no-cache").envs(variables.iter().copied());
        outcome(command, &self.cold)
    }

    /// All files but what builds make.
    pub fn sources(&self) -> Tree {
        let mut tree = Tree::new();
        collect(&self.root, Path::new(""), &mut tree, &|path| {
            !path.ends_with("dist") && !path.ends_with(".cache")
        });
        tree
    }

    /// Makes the sources what they were. What is the same is not touched.
    pub fn put_back(&self, sources: &Tree) {
        let present = self.sources();
        for path in present
            .keys()
            .filter(|path| present.get(*path) != sources.get(*path))
        {
            fs::remove_file(self.root.join(path)).unwrap();
            let above = path
                .ancestors()
                .skip(1)
                .filter(|path| !path.as_os_str().is_empty());
            for directory in above {
                let _ = fs::remove_dir(self.root.join(directory));
            }
        }
        put(
            &self.root,
            &sources
                .iter()
                .filter(|(path, node)| present.get(*path) != Some(node))
                .map(|(path, node)| (path.clone(), node.clone()))
                .collect(),
        );
    }

    pub fn cache(&self) -> PathBuf {
        self.path("node_modules/.cache/esmx-build")
    }

    /// The files of the cache.
    pub fn cached(&self) -> Vec<PathBuf> {
        let files = tree(&self.cache()).into_keys();
        files.map(|path| self.cache().join(path)).collect()
    }

    /// Gives a file new bytes of the same number, and its old time.
    pub fn change_secretly(&self, path: &str, from: &str, to: &str) {
        assert_eq!(from.len(), to.len());
        let modified = modified(&self.path(path));
        self.replace(path, from, to);
        let file = fs::File::options().append(true).open(self.path(path)).unwrap();
        file.set_modified(modified).unwrap();
    }
}

/// How often something was done, according to a trace.
pub fn times(trace: &Path, what: &str) -> usize {
    let events: serde_json::Value = serde_json::from_slice(&fs::read(trace).unwrap()).unwrap();
    let begins = |event: &&serde_json::Value| event["ph"] == "B" && event["name"] == what;
    events.as_array().unwrap().iter().filter(begins).count()
}

/// Waits until what was written can be told from what is written from now on.
pub fn settle() {
    thread::sleep(Duration::from_millis(2_100));
}

pub fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

fn command(directory: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_esmx-build"));
    command
        .args(words)
        .current_dir(directory)
        .stdin(Stdio::null())
        .env_remove("PUBLIC_VALUE");
    command
}

/// Runs a command; `root` is where the directories called `dist` are.
pub fn outcome(mut command: Command, root: &Path) -> Outcome {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let mut files = Tree::new();
    collect(root, Path::new(""), &mut files, &|path| {
        !path.ends_with("node_modules") && !path.starts_with("other")
    });
    files.retain(|path, _| path.components().any(|part| part.as_os_str() == "dist"));
    Outcome {
        succeeded: output.status.success(),
        said: without_times(&String::from_utf8(said).unwrap()),
        files,
    }
}

/// The last line says how long it took. Lines about what is begun are in no order.
fn without_times(text: &str) -> String {
    let is_about_time = |line: &&str| {
        [" in ", " after "].iter().any(|word| {
            let time = line.rsplit_once(word).map(|(_, time)| time);
            time.is_some_and(|time| time.starts_with(|one: char| one.is_ascii_digit()) && time.contains('s'))
        })
    };
    let (begun, mut lines): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with("building "));
    lines.retain(|line| !is_about_time(line));
    let mut begun = begun;
    begun.sort_unstable();
    [begun, lines].concat().join("\n")
}

/// All files below a directory.
pub fn tree(directory: &Path) -> Tree {
    let mut tree = Tree::new();
    collect(directory, Path::new(""), &mut tree, &|_| true);
    tree
}

fn collect(root: &Path, below: &Path, tree: &mut Tree, is_wanted: &dyn Fn(&Path) -> bool) {
    for entry in fs::read_dir(root.join(below)).into_iter().flatten().flatten() {
        let path = below.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if !is_wanted(&path) {
            continue;
        }
        if kind.is_dir() {
            collect(root, &path, tree, is_wanted);
        } else if kind.is_symlink() {
            tree.insert(path, Node::Link(fs::read_link(entry.path()).unwrap()));
        } else {
            tree.insert(path, Node::File(fs::read(entry.path()).unwrap()));
        }
    }
}

fn put(root: &Path, tree: &Tree) {
    for (path, node) in tree {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match node {
            Node::File(bytes) => fs::write(path, bytes).unwrap(),
            Node::Link(target) => {
                let _ = fs::remove_file(&path);
                link(target, &path);
            }
        }
    }
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) {
    std::os::unix::fs::symlink(target, path).unwrap();
}

#[cfg(not(unix))]
fn link(target: &Path, path: &Path) {
    std::os::windows::fs::symlink_dir(target, path).unwrap();
}
