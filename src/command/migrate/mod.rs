//! `esmx-build migrate`: from the legacy configuration to the declaration (PROTOCOL §14.5).
//!
//! ```text
//! entry.node.ts ──plan──▶ esmx, dependencies ──edit──▶ texts ──prove──▶ diff, or files
//!                   └──▶ obstacles                          └──▶ differences
//! ```
//!
//! The edited texts are linked before anything is written. While there is an obstacle or a difference, nothing is.

mod plan;
mod proof;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use similar::TextDiff;

use self::plan::{Plan, plan};
use self::proof::{Differences, compare};
use super::build::unusable;
use super::report::{FileEdit, MigrateReport, Migration};
use super::{CommandError, EditMode, MigrateOptions};
use crate::base::{DiskFileSystem, FileSystem, OverlayFileSystem, relative_posix};
use crate::diagnostic::{Code, Diagnostic};
use crate::link::{BehaviourFacts, LegacyFacts, Linkage, Owners, link};
use crate::protocol::behaviour::{BehaviourFile, ModulesField, without_properties};
use crate::protocol::package_edit::{insert_member, set_in_map};
use crate::protocol::{PackageRecord, RecordError};

/// Migrates the module in the options' root. What stands in the way is in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn migrate(options: &MigrateOptions) -> Result<MigrateReport, CommandError> {
    let started = Instant::now();
    let files = DiskFileSystem;
    let record =
        PackageRecord::read(&files, &options.root).map_err(|error| unusable(&options.root, &error))?;
    let mut report = MigrateReport {
        name: record.label(),
        directory: options.root.clone(),
        ..MigrateReport::default()
    };
    if record.declaration.is_some() {
        report.migration = Migration::Unneeded;
    } else {
        migrate_legacy(options, &files, &record, &mut report)
            .map_err(|error| unusable(&options.root, &error))?;
    }
    report.duration = started.elapsed();
    Ok(report)
}

fn migrate_legacy(
    options: &MigrateOptions,
    files: &dyn FileSystem,
    record: &PackageRecord,
    report: &mut MigrateReport,
) -> Result<(), RecordError> {
    let facts = facts(files, options);
    let linkage = link(files, &options.root, &facts, Owners::Elected)?;
    let configured = facts.legacy.as_ref().zip(linkage.legacy());
    let (Some((LegacyFacts { configuration, .. }, legacy)), Ok(Some(file))) =
        (configured, BehaviourFile::read(files, &options.root))
    else {
        report.diagnostics = linkage.diagnostics;
        if report.diagnostics.is_empty() {
            report.diagnostics.push(nothing_to_migrate(record));
        }
        return Ok(());
    };
    // What is wrong with the configuration has to be put right first.
    report.diagnostics = linkage
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code == Code::Schema)
        .cloned()
        .collect();
    if !report.diagnostics.is_empty() {
        return Ok(());
    }
    let plan = plan(files, record, configuration);
    let before = Texts::read(files, record, &file)?;
    let prove = |aliases: &[&plan::Alias]| -> Result<(Texts, Differences), RecordError> {
        let after = before.edited(&plan, aliases, &file);
        let overlay = OverlayFileSystem::new(files, after.clone().into_files());
        let facts = self::facts(&overlay, options);
        let migrated: Linkage = link(&overlay, &options.root, &facts, Owners::Elected)?;
        let differences = compare(files, legacy, &migrated, &facts, &plan.aliases);
        Ok((after, differences))
    };
    // Only what is not wired alike by itself needs an alias.
    let (mut after, mut differences) = prove(&[])?;
    let needed: Vec<_> = plan
        .aliases
        .iter()
        .filter(|alias| alias.value.is_some() && differences.wiring.contains_key(&alias.specifier))
        .collect();
    if !needed.is_empty() {
        (after, differences) = prove(&needed)?;
    }
    report.edits = before.diffs(&after, &options.root);
    report.notices = plan.notices;
    report.obstacles = plan.obstacles;
    // A difference in what has been told to be an obstacle says nothing new.
    let has_differences = !differences.are_none();
    differences
        .wiring
        .retain(|specifier, _| !plan.unexpressed.contains(specifier));
    for obstacle in differences.obstacles() {
        let is_told = report
            .obstacles
            .iter()
            .any(|told| told.location.is_some() && told.location == obstacle.location);
        if !is_told {
            report.obstacles.push(obstacle.clone());
        }
    }
    report.diagnostics.clone_from(&differences.diagnostics);
    if has_differences || !report.obstacles.is_empty() {
        return Ok(());
    }
    report.migration = match options.mode {
        EditMode::Shown => Migration::Possible,
        EditMode::Written => match before.replace_by(&after) {
            Ok(()) => Migration::Done,
            Err(problem) => {
                report.diagnostics.push(*problem);
                Migration::Refused
            }
        },
    };
    Ok(())
}

fn facts(files: &dyn FileSystem, options: &MigrateOptions) -> BehaviourFacts {
    BehaviourFacts::read(files, &options.root).overlaid(
        options
            .links
            .iter()
            .map(|(name, dir)| (name.as_str(), dir.to_str().unwrap_or_default())),
    )
}

/// The two files of a migration.
#[derive(Debug, Clone)]
struct Texts {
    package_path: PathBuf,
    package: String,
    behaviour_path: PathBuf,
    behaviour: String,
    /// Byte order marks, which are kept.
    marks: [&'static str; 2],
}

impl Texts {
    fn read(
        files: &dyn FileSystem,
        record: &PackageRecord,
        file: &BehaviourFile,
    ) -> Result<Self, RecordError> {
        let package_path = record.path();
        let read = |path: &Path| {
            files
                .read(path)
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .map_err(|reason| RecordError::Unreadable {
                    path: path.to_path_buf(),
                    reason,
                })
        };
        let (package, package_mark) = split_mark(read(&package_path)?);
        let (behaviour, behaviour_mark) = split_mark(read(&file.path)?);
        Ok(Self {
            package_path,
            package,
            behaviour_path: file.path.clone(),
            behaviour,
            marks: [package_mark, behaviour_mark],
        })
    }

    fn edited(&self, plan: &Plan, aliases: &[&plan::Alias], file: &BehaviourFile) -> Self {
        let mut package = insert_member(&self.package, "esmx", &plan.declaration, &["version", "name"])
            .expect("the file was read as a package.json");
        for alias in aliases {
            let edited = alias
                .value
                .as_deref()
                .and_then(|value| set_in_map(&package, "dependencies", &alias.key, value));
            package = edited.unwrap_or(package);
        }
        let behaviour = match &file.modules {
            ModulesField::Written(modules) => {
                without_properties(&self.behaviour, modules, &["lib", "imports", "exports", "scopes"])
            }
            _ => self.behaviour.clone(),
        };
        Self {
            package,
            behaviour,
            ..self.clone()
        }
    }

    fn into_files(self) -> [(PathBuf, String); 2] {
        [
            (self.package_path, self.package),
            (self.behaviour_path, self.behaviour),
        ]
    }

    fn diffs(&self, after: &Self, root: &Path) -> Vec<FileEdit> {
        [
            (&self.package_path, &self.package, &after.package),
            (&self.behaviour_path, &self.behaviour, &after.behaviour),
        ]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(path, before, after)| {
            let name = relative_posix(root, path);
            FileEdit {
                path: path.clone(),
                diff: TextDiff::from_lines(before.as_str(), after.as_str())
                    .unified_diff()
                    .header(&format!("a/{name}"), &format!("b/{name}"))
                    .to_string(),
            }
        })
        .collect()
    }

    /// Writes both files, or leaves both as they were.
    fn replace_by(&self, after: &Self) -> Result<(), Box<Diagnostic>> {
        let [package_mark, behaviour_mark] = self.marks;
        let write = |path: &Path, mark: &str, text: &str| {
            fs::write(path, format!("{mark}{text}")).map_err(|error| {
                Box::new(Diagnostic::new(
                    Code::Io,
                    path.display().to_string(),
                    format!(
                        "{} cannot be written: {error}. Nothing was changed.",
                        path.display()
                    ),
                    "Make the file writable and migrate again.",
                ))
            })
        };
        write(&self.behaviour_path, behaviour_mark, &after.behaviour).inspect_err(|_| {
            let _ = write(&self.behaviour_path, behaviour_mark, &self.behaviour);
        })?;
        write(&self.package_path, package_mark, &after.package).inspect_err(|_| {
            let _ = write(&self.package_path, package_mark, &self.package);
            let _ = write(&self.behaviour_path, behaviour_mark, &self.behaviour);
        })
    }
}

fn split_mark(text: String) -> (String, &'static str) {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest.to_owned(), "\u{feff}"),
        None => (text, ""),
    }
}

fn nothing_to_migrate(record: &PackageRecord) -> Diagnostic {
    Diagnostic::new(
        Code::Schema,
        record.label(),
        "This package has no entry.node file, so there is no legacy configuration to migrate.",
        "Write `\"esmx\": { … }` into its package.json if it is to be a module.",
    )
}
