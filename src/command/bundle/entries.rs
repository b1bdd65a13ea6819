//! What entries are called: by their file, and where two files are called alike by their path.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::options::{BundleEntry, BundleOptions};
use crate::base::{normalize, relative_posix};
use crate::graph::EntryKind;
use crate::protocol::strip_source_extension;
use crate::resolve::{RequestKind, Resolver};
use crate::scan::EntryRequest;

/// The entries with their names, in the order given.
pub fn entry_requests(options: &BundleOptions, resolver: &Resolver) -> Vec<EntryRequest> {
    let found: Vec<Found> = options
        .entries
        .iter()
        .map(|entry| Found::of(entry, &options.root, resolver))
        .collect();
    let base = options
        .base_dir
        .clone()
        .unwrap_or_else(|| common_directory(&found, &options.root));
    let shows_directory = options.names.entries.has_directory();
    let mut stems: FxHashMap<String, usize> = FxHashMap::default();
    for one in &found {
        *stems.entry(one.stem().to_lowercase()).or_default() += 1;
    }
    let mut taken: FxHashMap<String, usize> = FxHashMap::default();
    found
        .into_iter()
        .map(|one| {
            let is_contested = stems[&one.stem().to_lowercase()] > 1;
            let name = match &one.entry.name {
                Some(name) => name.clone(),
                None if shows_directory || is_contested => one.path_from(&base),
                None => one.stem(),
            };
            let uses = taken.entry(name.to_lowercase()).or_default();
            *uses += 1;
            EntryRequest {
                name: if *uses == 1 { name } else { format!("{name}{uses}") },
                specifier: one.specifier,
                kind: EntryKind::Plain,
            }
        })
        .collect()
}

/// An entry and what its specifier turned out to be.
struct Found<'a> {
    entry: &'a BundleEntry,
    specifier: String,
    /// Absolute, if it is a path.
    path: Option<PathBuf>,
}

impl<'a> Found<'a> {
    /// `src/a.ts` is a path when there is such a file, and otherwise a package.
    fn of(entry: &'a BundleEntry, root: &Path, resolver: &Resolver) -> Self {
        let written = &*entry.specifier;
        let is_path = Path::new(written).is_absolute() || matches!(written, "." | "..") || {
            written.starts_with("./") || written.starts_with("../")
        };
        let as_path = if is_path {
            written.to_owned()
        } else {
            format!("./{written}")
        };
        let importer = root.join("package.json");
        let leads_to_file = |specifier: &str| {
            resolver
                .resolve(&importer, specifier, RequestKind::Import)
                .is_ok()
        };
        let looks_like_package = || !written.contains('.') || written.starts_with('@');
        if is_path || leads_to_file(&as_path) || (!looks_like_package() && !leads_to_file(written)) {
            Self {
                entry,
                path: Some(normalize(&root.join(&as_path))),
                specifier: as_path,
            }
        } else {
            Self {
                entry,
                specifier: written.to_owned(),
                path: None,
            }
        }
    }

    fn stem(&self) -> String {
        let text = self.path.as_ref().map_or_else(
            || self.specifier.clone(),
            |path| path.to_string_lossy().replace('\\', "/"),
        );
        let base = text.rsplit('/').find(|part| !part.is_empty()).unwrap_or("main");
        clean(without_extension(base))
    }

    /// `pages/home` of `src/pages/home.ts` seen from `src`.
    fn path_from(&self, base: &Path) -> String {
        let Some(path) = &self.path else {
            return self.stem();
        };
        let relative = relative_posix(base, path);
        let relative = without_extension(&relative);
        // Nothing is written outside the output directory.
        clean(&relative.replace("../", "_.._/"))
    }
}

fn without_extension(path: &str) -> &str {
    let shorter = strip_source_extension(path);
    let shorter = [".json", ".css"]
        .iter()
        .find_map(|ending| shorter.strip_suffix(ending))
        .unwrap_or(shorter);
    if shorter.is_empty() || shorter.ends_with('/') {
        path
    } else {
        shorter
    }
}

/// Without what no file system or URL likes.
fn clean(name: &str) -> String {
    let cleaned: String = name
        .chars()
        .map(|one| {
            if one.is_control() || "\\:*?\"<>|".contains(one) {
                '_'
            } else {
                one
            }
        })
        .collect();
    let is_usable = cleaned
        .split('/')
        .all(|segment| !segment.is_empty() && segment != "." && segment != "..");
    if is_usable { cleaned } else { "main".to_owned() }
}

/// The deepest directory above all entries that are paths.
fn common_directory(found: &[Found<'_>], root: &Path) -> PathBuf {
    let mut directories = found.iter().filter_map(|one| one.path.as_ref()?.parent());
    let Some(first) = directories.next() else {
        return root.to_path_buf();
    };
    directories.fold(first.to_path_buf(), |common, directory| {
        let shared = common
            .components()
            .zip(directory.components())
            .take_while(|(left, right)| left == right);
        shared.map(|(left, _)| left).collect()
    })
}
