//! Copies of a case in temporary folders: generated, built, composed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::{Outcome, run};
use super::program::Mode;

/// A copy of a case.
pub struct Workspace {
    directory: PathBuf,
    // Removes the copy when it is dropped.
    _temporary: Option<TempDir>,
}

impl Workspace {
    /// Copies the case to a folder below a temporary one and lets it generate its sources. `below` makes folders of
    /// different depth and length.
    pub fn copy(case: &Path, below: &str) -> Result<Self, String> {
        let temporary = TempDir::with_prefix("build-case-").map_err(|error| error.to_string())?;
        let directory = temporary.path().join(below);
        copy_directory(case, &directory).map_err(|error| format!("cannot copy the case: {error}"))?;
        let temporary = if std::env::var_os("KEEP_BUILD_CASES").is_some() {
            let _ = temporary.keep();
            eprintln!("{}", directory.display());
            None
        } else {
            Some(temporary)
        };
        let workspace = Self {
            directory,
            _temporary: temporary,
        };
        if workspace.directory.join("generate.mjs").exists() {
            let generated = run(Command::new("node")
                .arg("generate.mjs")
                .current_dir(&workspace.directory))?;
            if generated.outcome != Outcome::Succeeded {
                return Err(format!("generate.mjs fails\n{}", generated.stderr));
            }
        }
        Ok(workspace)
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Builds the module and what it uses, without any diagnostic, and returns every file of every `dist`.
    pub fn build(&self, mode: Mode, threads: &str) -> Result<BTreeMap<PathBuf, Vec<u8>>, String> {
        for dist in self.dist_directories() {
            std::fs::remove_dir_all(dist).map_err(|error| error.to_string())?;
        }
        self.esmx_build(&[
            "build",
            "--recursive",
            "--mode",
            mode.name(),
            "--threads",
            threads,
            "--json",
        ])?;
        let mut files = BTreeMap::new();
        for dist in self.dist_directories() {
            read_files(&dist, &self.directory, &mut files).map_err(|error| error.to_string())?;
        }
        Ok(files)
    }

    /// Writes the import maps.
    pub fn compose(&self) -> Result<(), String> {
        self.esmx_build(&["compose", "--json"])
    }

    fn esmx_build(&self, arguments: &[&str]) -> Result<(), String> {
        let finished = run(Command::new(env!("CARGO_BIN_EXE_esmx-build"))
            .args(arguments)
            .arg(&self.directory))?;
        let report: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap_or_default();
        let diagnostics = report["diagnostics"].as_array().map_or(&[][..], Vec::as_slice);
        let told: String = diagnostics.iter().map(one_line).collect();
        let expected = std::fs::read_to_string(self.directory.join("warnings")).unwrap_or_default();
        let is_silent = arguments.first() != Some(&"build");
        let expected = if is_silent { "" } else { &expected };
        if finished.outcome == Outcome::Succeeded && told == expected {
            return Ok(());
        }
        let mut message = format!("esmx-build {}: {:?}\n", arguments.join(" "), finished.outcome);
        for diagnostic in diagnostics {
            let _ = writeln!(message, "{diagnostic:#}");
        }
        Err(message + &finished.stderr)
    }

    /// The case's own, and those of the modules it uses, which lie one level below.
    fn dist_directories(&self) -> Vec<PathBuf> {
        let below = std::fs::read_dir(&self.directory)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        let mut found: Vec<PathBuf> = std::iter::once(self.directory.clone())
            .chain(below.filter(|path| path.join("package.json").exists()))
            .map(|path| path.join("dist"))
            .filter(|path| path.is_dir())
            .collect();
        found.sort();
        found
    }
}

fn copy_directory(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            link(&std::fs::read_link(entry.path())?, &target)?;
        } else if kind.is_dir() {
            copy_directory(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

#[cfg(windows)]
fn link(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(original, link)
}

fn read_files(directory: &Path, root: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            read_files(&path, root, files)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_owned();
            files.insert(name, std::fs::read(&path)?);
        }
    }
    Ok(())
}

/// `main.js:3 W_EVAL`
fn one_line(diagnostic: &serde_json::Value) -> String {
    let place = &diagnostic["location"];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let file = text(&place["file"]);
    let name = file.rsplit('/').next().unwrap_or_default();
    format!("{name}:{} {}\n", place["line"], text(&diagnostic["code"]))
}
