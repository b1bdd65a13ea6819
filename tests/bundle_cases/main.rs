//! Bundle cases: every folder in `fixtures/bundle` is a few files that `esmx-build bundle` makes into one or
//! more, and that must behave as they do by themselves.
//!
//! What a case shows and how it is compared is that of the build cases: modules call a global `log`, the entries
//! are imported one after the other, and what was logged plus what the entries export in the end is compared. The
//! sources run in Node as they are. The output runs in Node where it was put, readable and minified; each is made
//! twice, on one thread and on many and in two different folders: the bytes must be equal. A source map whose
//! sources are not there fails the case.
//!
//! The folder's name says the behaviour, its `README.md` says it in a sentence. It holds
//!
//! - `arguments`: the arguments of `bundle`, one per line, the entries among them; without it `main.js`.
//! - sources, and small handmade packages in `node_modules`.
//! - `expected`: what is to be printed, where Node can not run the sources or an option changes what they do.
//! - `warnings`: what is warned of, one `file:line message` per line; otherwise a warning fails the case.
//! - `outputs`: the names of the files that are written, one per line and sorted, where they matter.
//! - `again`: arguments, one per line, of a second `bundle` of what the first wrote; what that one writes is run.
//! - `absent`: texts that no file contains, one per line.
//!
//! `random_programs` makes programs of its own and minifies them, and graphs of CommonJS modules.
//!
//! To add a case, add a folder. `BUNDLE_CASES=word` runs only those whose name contains the word, and
//! `KEEP_BUILD_CASES=1` leaves the copies and says where they are.

#[path = "../build_cases/process.rs"]
mod process;
mod program;
mod random_programs;
#[path = "../build_cases/suite.rs"]
mod suite;
#[expect(dead_code, reason = "build cases also build and compose what is copied")]
#[path = "../build_cases/workspace.rs"]
mod workspace;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use process::{Outcome, run};
use workspace::Workspace;

const OUTPUT: &str = "output";

/// Where bundles are kept, beside the copy of the case.
const KEPT: &str = "../kept";

/// Where the stages of a build are told, beside the copy of the case.
const PROFILE: &str = "../profile.json";

#[test]
fn every_bundle_behaves_as_its_sources() {
    suite::check_all("bundle", "BUNDLE_CASES", |directory| {
        Case::read(directory).and_then(|case| case.check())
    });
}

/// A folder of `fixtures/bundle`.
struct Case {
    directory: PathBuf,
    arguments: Vec<String>,
}

/// What a bundle consists of.
struct Bundle {
    /// Entry name → file, in the order of the entries.
    entries: Vec<(String, String)>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Case {
    fn read(directory: &Path) -> Result<Self, String> {
        let readme = std::fs::read_to_string(directory.join("README.md")).unwrap_or_default();
        if readme.trim().lines().count() != 1 || !readme.trim().ends_with('.') {
            return Err("README.md says in one sentence what the case shows".to_owned());
        }
        let arguments = std::fs::read_to_string(directory.join("arguments")).unwrap_or("main.js".to_owned());
        Ok(Self {
            directory: directory.to_owned(),
            arguments: arguments.lines().map(str::to_owned).collect(),
        })
    }

    fn check(&self) -> Result<(), String> {
        let one = Workspace::copy(&self.directory, "one")?;
        let other = Workspace::copy(&self.directory, "deeper/than/the/other")?;
        let expected = match std::fs::read_to_string(self.directory.join("expected")) {
            Ok(text) => text,
            Err(_) => run_entries(one.directory(), &self.sources())?,
        };
        for minify in ["--no-minify", "--minify"] {
            let bundle = self.bundle(one.directory(), &[minify, "--threads", "1", "--cache-dir", KEPT])?;
            let again = self.bundle(
                other.directory(),
                &[minify, "--threads", "8", "--profile", PROFILE],
            )?;
            self.check_profile(minify, &other.directory().join(PROFILE))?;
            if bundle.files != again.files {
                return Err(format!(
                    "{minify}: the bytes differ between two folders, or between one thread and many"
                ));
            }
            let found = self.bundle(one.directory(), &[minify, "--cache-dir", KEPT])?;
            if bundle.files != found.files {
                return Err(format!(
                    "{minify}: the bytes differ when they are found in the cache"
                ));
            }
            self.check_names(&bundle)?;
            self.check_absence(&bundle)?;
            let files: Vec<(String, String)> = bundle
                .entries
                .iter()
                .map(|(name, file)| (name.clone(), format!("{OUTPUT}/{file}")))
                .collect();
            let files = self.bundled_again(one.directory(), minify, files)?;
            let actual = run_entries(one.directory(), &files)?;
            if actual != expected {
                return Err(format!("{minify}\n--- expected\n{expected}--- actual\n{actual}"));
            }
        }
        Ok(())
    }

    /// The entries as Node imports them: `name=file` and `file`.
    fn sources(&self) -> Vec<(String, String)> {
        let entries = self
            .arguments
            .iter()
            .take_while(|argument| !argument.starts_with('-'));
        entries
            .map(|entry| {
                let (name, file) = entry.split_once('=').unwrap_or((entry, entry));
                let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
                (stem.into_owned(), file.to_owned())
            })
            .collect()
    }

    fn bundle(&self, directory: &Path, more: &[&str]) -> Result<Bundle, String> {
        let output = directory.join(OUTPUT);
        if output.exists() {
            std::fs::remove_dir_all(&output).map_err(|error| error.to_string())?;
        }
        let has_names = self
            .arguments
            .iter()
            .any(|argument| argument.starts_with("--entry-names"));
        let names: &[&str] = if has_names {
            &[]
        } else {
            &[
                "--entry-names",
                "[name].mjs",
                "--chunk-names",
                "[name]-[hash].mjs",
            ]
        };
        let finished = run(Command::new(env!("CARGO_BIN_EXE_esmx-build"))
            .arg("bundle")
            .args(&self.arguments)
            .args(["--out-dir", OUTPUT, "--json"])
            .args(names)
            .args(more)
            .current_dir(directory))?;
        let report: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap_or_default();
        let warnings: Vec<String> = report["warnings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|warning| {
                let place = &warning["location"];
                let file = place["file"].as_str().unwrap_or_default();
                format!(
                    "{file}:{} {}\n",
                    place["line"],
                    warning["message"].as_str().unwrap_or_default()
                )
            })
            .collect();
        let warnings = warnings.concat();
        let expected = std::fs::read_to_string(self.directory.join("warnings")).unwrap_or_default();
        if finished.outcome != Outcome::Succeeded || warnings != expected {
            return Err(format!(
                "bundle: {:?}\n{report:#}\n{}",
                finished.outcome, finished.stderr
            ));
        }
        let mut bundle = Bundle {
            entries: Vec::new(),
            files: BTreeMap::new(),
        };
        for told in report["outputs"].as_array().into_iter().flatten() {
            let file = told["file"].as_str().unwrap_or_default().to_owned();
            let bytes = std::fs::read(output.join(&file)).map_err(|error| format!("{file}: {error}"))?;
            if bytes.len() as u64 != told["bytes"].as_u64().unwrap_or_default() {
                return Err(format!("{file} has another size than the report says"));
            }
            if let Some(entry) = told["entry"].as_str() {
                bundle.entries.push((entry.to_owned(), file.clone()));
            }
            check_sources(&output, &file, &bytes)?;
            bundle.files.insert(file, bytes);
        }
        Ok(bundle)
    }

    /// The files that are run: those of the bundle, or of a bundle of them.
    fn bundled_again(
        &self,
        directory: &Path,
        minify: &str,
        files: Vec<(String, String)>,
    ) -> Result<Vec<(String, String)>, String> {
        let Ok(arguments) = std::fs::read_to_string(self.directory.join("again")) else {
            return Ok(files);
        };
        let finished = run(Command::new(env!("CARGO_BIN_EXE_esmx-build"))
            .arg("bundle")
            .args(files.iter().map(|(name, file)| format!("{name}={file}")))
            .args(arguments.lines())
            .args(["--out-dir", "output-again", "--entry-names", "[name].mjs", minify])
            .current_dir(directory))?;
        if finished.outcome != Outcome::Succeeded {
            return Err(format!(
                "bundle again: {:?}\n{}",
                finished.outcome, finished.stderr
            ));
        }
        let again = files.into_iter().map(|(name, _)| {
            let file = format!("output-again/{name}.mjs");
            (name, file)
        });
        Ok(again.collect())
    }

    /// The compressor takes all units, unless `uncompressed` says why not. What it fails at stays as it is, which changes nothing
    /// but the size.
    fn check_profile(&self, minify: &str, profile: &Path) -> Result<(), String> {
        let stages = std::fs::read_to_string(profile).map_err(|error| error.to_string())?;
        if !stages.contains("render_chunk") {
            return Err("the profile does not tell of rendering".to_owned());
        }
        let is_expected = minify == "--minify" && self.directory.join("uncompressed").exists();
        match stages.contains("take_failed_units_apart") {
            true if !is_expected => Err("the compressor fails at a unit".to_owned()),
            false if is_expected => Err("the compressor does not fail: `uncompressed` can go".to_owned()),
            _ => Ok(()),
        }
    }

    fn check_absence(&self, bundle: &Bundle) -> Result<(), String> {
        let texts = std::fs::read_to_string(self.directory.join("absent")).unwrap_or_default();
        for (file, bytes) in &bundle.files {
            let code = String::from_utf8_lossy(bytes);
            if let Some(text) = texts.lines().find(|text| code.contains(text)) {
                return Err(format!("{file} contains `{text}`:\n{code}"));
            }
        }
        Ok(())
    }

    fn check_names(&self, bundle: &Bundle) -> Result<(), String> {
        let Ok(expected) = std::fs::read_to_string(self.directory.join("outputs")) else {
            return Ok(());
        };
        let actual: Vec<String> = bundle.files.keys().map(|file| format!("{file}\n")).collect();
        let actual = actual.concat();
        if actual == expected {
            Ok(())
        } else {
            Err(format!(
                "--- expected outputs\n{expected}--- actual outputs\n{actual}"
            ))
        }
    }
}

/// A source map names files that are there.
fn check_sources(output: &Path, file: &str, bytes: &[u8]) -> Result<(), String> {
    if Path::new(file).extension() != Some("map".as_ref()) {
        return Ok(());
    }
    let map: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| format!("{file} is no source map: {error}"))?;
    let directory = output.join(file);
    let directory = directory.parent().unwrap_or(output);
    for source in map["sources"].as_array().into_iter().flatten() {
        let path = directory.join(source.as_str().unwrap_or_default());
        if !path.is_file() {
            return Err(format!("{file} names {source}, which is not there"));
        }
    }
    Ok(())
}

/// What importing the files one after the other shows.
fn run_entries(directory: &Path, entries: &[(String, String)]) -> Result<String, String> {
    let entries = serde_json::to_string(entries).expect("texts have a JSON form");
    let mut command = Command::new("node");
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle_cases/run_entries.mjs"))
        .arg(directory)
        .arg(entries)
        .env("NODE_NO_WARNINGS", "1")
        .env_remove("NODE_ENV");
    let finished = run(&mut command)?;
    match finished.outcome {
        Outcome::Succeeded => Ok(finished.stdout),
        outcome => Err(format!("{command:?}: {outcome:?}\n{}", finished.stderr)),
    }
}
