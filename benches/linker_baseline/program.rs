//! A program: a directory with a `package.json`, whose `description` says what it shows and whose
//! `esmx.exports` are its entries. To add a program, add a directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

use anyhow::Context as _;
use indexmap::IndexMap;
use serde::Deserialize;
use tempfile::TempDir;

use crate::process;

const INSTALL_LIMIT: Duration = Duration::from_mins(2);

pub struct Program {
    pub name: String,
    pub description: String,
    directory: PathBuf,
    packages: Packages,
}

/// The npm packages that a program uses.
enum Packages {
    None,
    Installed,
    /// With what the installation said. A machine without a network measures the other programs.
    Missing(String),
}

#[derive(Deserialize)]
struct PackageJson {
    #[serde(default)]
    description: String,
    esmx: Declaration,
}

#[derive(Deserialize)]
struct Declaration {
    exports: IndexMap<String, Source>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Both(String),
    PerSide { server: String },
}

/// Reads every program in `directory`, by name, and installs the packages that are missing.
pub fn read_programs(directory: &Path) -> anyhow::Result<Vec<Program>> {
    let mut directories: Vec<PathBuf> = fs::read_dir(directory)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<io::Result<_>>()
        })
        .with_context(|| format!("cannot read the directory {}", directory.display()))?;
    directories.retain(|path| path.join("package.json").is_file());
    directories.sort();
    directories.into_iter().map(Program::read).collect()
}

/// The entries of the program in `directory`: name, which is the export key without `./`, and file.
pub fn read_entries(directory: &Path) -> anyhow::Result<IndexMap<String, PathBuf>> {
    let exports = read_package_json(directory)?.esmx.exports;
    Ok(exports
        .into_iter()
        .map(|(key, source)| {
            let (Source::Both(file) | Source::PerSide { server: file }) = source;
            (without_dot(&key).to_owned(), directory.join(without_dot(&file)))
        })
        .collect())
}

impl Program {
    fn read(directory: PathBuf) -> anyhow::Result<Self> {
        let name = directory
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let description = read_package_json(&directory)?.description;
        let packages = install(&directory)?;
        Ok(Self {
            name,
            description,
            directory,
            packages,
        })
    }

    /// Why the program cannot be run here, if so.
    pub fn obstacle(&self) -> Option<&str> {
        match &self.packages {
            Packages::Missing(reason) => Some(reason),
            Packages::None | Packages::Installed => None,
        }
    }

    /// A copy to build in; its packages stay where they are and are linked to.
    pub fn copy(&self) -> anyhow::Result<TempDir> {
        let copy = tempfile::tempdir().context("cannot create a temporary directory")?;
        copy_files(&self.directory, copy.path())
            .with_context(|| format!("cannot copy {}", self.directory.display()))?;
        if let Packages::Installed = self.packages {
            link_directory(
                &self.directory.join("node_modules"),
                &copy.path().join("node_modules"),
            )
            .with_context(|| format!("cannot link to the packages of {}", self.name))?;
        }
        Ok(copy)
    }
}

fn read_package_json(directory: &Path) -> anyhow::Result<PackageJson> {
    let path = directory.join("package.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} does not describe a program", path.display()))
}

fn without_dot(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn install(directory: &Path) -> anyhow::Result<Packages> {
    if !directory.join("package-lock.json").is_file() {
        return Ok(Packages::None);
    }
    if directory.join("node_modules").is_dir() {
        return Ok(Packages::Installed);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(directory);
    let finished = process::run(&mut command, INSTALL_LIMIT)?;
    if finished.is_success() {
        return Ok(Packages::Installed);
    }
    let reason = finished
        .stderr
        .lines()
        .next()
        .unwrap_or("npm ci took too long")
        .to_owned();
    Ok(Packages::Missing(reason))
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(entry.path(), target)?;
        } else if entry.file_name() != "node_modules" {
            copy_files(&entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link_directory(original: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

#[cfg(windows)]
fn link_directory(original: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(original, link)
}
