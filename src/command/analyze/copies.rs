//! Packages that are there more than once, and why: the shortest chain of imports from an entry to each copy.

use std::collections::VecDeque;

use indexmap::IndexMap;
use serde::Serialize;

use super::metafile::Metafile;
use super::packages::Packages;
use crate::protocol::{Satisfaction, satisfies};

/// A package with several copies.
#[derive(Debug, Serialize)]
pub struct Duplicate {
    /// Its name.
    pub name: String,
    /// What all copies but the largest take.
    pub wasted: u64,
    /// Why there are several, one sentence.
    pub reason: String,
    /// The copies, largest first.
    pub copies: Vec<Copy>,
}

/// One directory of a package.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Copy {
    /// As its `package.json` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// As seen from where the bundler ran.
    pub dir: String,
    /// In all outputs together.
    pub bytes: u64,
    /// How it is reached.
    pub chain: Vec<Chain>,
    /// The package whose code asks for this copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// The versions that package allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
}

/// A step of a chain: a module, and how the one before asks for it.
#[derive(Debug, Serialize)]
pub struct Chain {
    /// The module.
    pub path: String,
    /// What is written in the import; the entry has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specifier: Option<String>,
}

/// All duplicates, the most wasteful first.
pub(super) fn duplicates(metafile: &Metafile, packages: &mut Packages<'_>) -> Vec<Duplicate> {
    let mut by_name: IndexMap<String, IndexMap<String, (u64, Vec<&str>)>> = IndexMap::new();
    for output in metafile.outputs.values() {
        for (path, contribution) in &output.inputs {
            if contribution.bytes_in_output == 0 {
                continue;
            }
            let package = packages.of(path);
            let copies = by_name.entry(package.name.clone()).or_default();
            let (bytes, inputs) = copies.entry(package.dir.clone()).or_default();
            *bytes += contribution.bytes_in_output;
            inputs.push(path);
        }
    }
    by_name.retain(|_, copies| copies.len() > 1);
    if by_name.is_empty() {
        return Vec::new();
    }
    let reached = Reached::from_entries(metafile);
    let mut duplicates: Vec<Duplicate> = by_name
        .into_iter()
        .map(|(name, copies)| {
            let mut copies: Vec<Copy> = copies
                .into_iter()
                .map(|(dir, (bytes, inputs))| copy(&name, dir, bytes, &reached.shortest(&inputs), packages))
                .collect();
            copies.sort_by(|left, right| {
                right
                    .bytes
                    .cmp(&left.bytes)
                    .then_with(|| left.dir.cmp(&right.dir))
            });
            Duplicate {
                wasted: copies.iter().skip(1).map(|copy| copy.bytes).sum(),
                reason: reason(&copies),
                copies,
                name,
            }
        })
        .collect();
    duplicates.sort_by(|left, right| {
        right
            .wasted
            .cmp(&left.wasted)
            .then_with(|| left.name.cmp(&right.name))
    });
    duplicates
}

fn copy(
    name: &str,
    dir: String,
    bytes: u64,
    chain: &[(&str, Option<&str>)],
    packages: &mut Packages<'_>,
) -> Copy {
    // The last module outside the copy is the one that brought it in.
    let importer = chain.iter().rev().find(|(path, _)| packages.of(path).dir != dir);
    let asked_by = importer.map(|(path, _)| packages.of(path).clone());
    Copy {
        version: packages
            .of(chain.last().map_or(dir.as_str(), |(path, _)| path))
            .version
            .clone(),
        bytes,
        chain: chain
            .iter()
            .map(|(path, specifier)| Chain {
                path: (*path).to_owned(),
                specifier: specifier.map(str::to_owned),
            })
            .collect(),
        range: asked_by
            .as_ref()
            .and_then(|package| package.ranges.get(name).cloned()),
        asked_by: asked_by.map(|package| package.name),
        dir,
    }
}

fn reason(copies: &[Copy]) -> String {
    let versions: Vec<&str> = copies.iter().filter_map(|copy| copy.version.as_deref()).collect();
    if versions.len() < copies.len() {
        return "It is in several directories.".to_owned();
    }
    if versions.iter().all(|version| *version == versions[0]) {
        return format!(
            "{} is installed in several directories: one would do.",
            versions[0]
        );
    }
    let ranges: Vec<&str> = copies.iter().filter_map(|copy| copy.range.as_deref()).collect();
    let suits_all = |version: &&&str| {
        ranges
            .iter()
            .all(|range| matches!(satisfies(version, range), Satisfaction::Satisfied))
    };
    match versions.iter().find(suits_all) {
        Some(version) if ranges.len() == copies.len() => {
            format!("Everyone who asks would take {version}: one copy would do.")
        }
        _ if ranges.len() == copies.len() => "No version that is here suits everyone who asks.".to_owned(),
        _ => "Different versions are installed.".to_owned(),
    }
}

/// How every input is first reached, nearest first.
struct Reached<'a> {
    /// Input → distance, and the step to it unless it is an entry.
    steps: IndexMap<&'a str, (usize, Option<Step<'a>>)>,
}

/// Who asks, and with what words.
type Step<'a> = (&'a str, &'a str);

impl<'a> Reached<'a> {
    fn from_entries(metafile: &'a Metafile) -> Self {
        let mut steps = IndexMap::new();
        let mut queue = VecDeque::new();
        for entry in metafile
            .outputs
            .values()
            .filter_map(|output| output.entry_point.as_deref())
        {
            if steps.insert(entry, (0, None)).is_none() {
                queue.push_back(entry);
            }
        }
        // What is loaded later is an entry of its own for esbuild; it is reached all the same.
        while let Some(path) = queue.pop_front() {
            let distance = steps[path].0 + 1;
            let imports = metafile.inputs.get(path).map_or(&[][..], |input| &input.imports);
            for import in imports.iter().filter(|import| !import.external) {
                if !metafile.inputs.contains_key(&import.path) || steps.contains_key(import.path.as_str()) {
                    continue;
                }
                let words = import.original.as_deref().unwrap_or(&import.path);
                steps.insert(&import.path, (distance, Some((path, words))));
                queue.push_back(&import.path);
            }
        }
        Self { steps }
    }

    /// The chain to the nearest of `inputs`, from the entry.
    fn shortest(&self, inputs: &[&'a str]) -> Vec<(&'a str, Option<&'a str>)> {
        let nearest = inputs
            .iter()
            .copied()
            .min_by_key(|path| (self.steps.get(path).map_or(usize::MAX, |step| step.0), *path));
        let mut chain = Vec::new();
        let mut next = nearest;
        while let Some(path) = next {
            let step = self.steps.get(path).and_then(|step| step.1);
            chain.push((path, step.map(|(_, words)| words)));
            next = step.map(|(importer, _)| importer);
        }
        chain.reverse();
        chain
    }
}
