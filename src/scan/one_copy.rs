//! Packages that lead `import` to one file and `require()` to another, by their fields `module` and `main`, and that are
//! asked for in both ways:
//!
//! ```js
//! import { GraphQLSchema } from 'graphql'       // "module": "index.mjs"
//! const { GraphQLSchema } = require('graphql')  // "main": "index.js", in a package that was compiled
//! ```
//!
//! Two copies of a package have two states and two classes of one name. Node knows nothing of `module` and has one copy, so all
//! get the file of `main` then. Where a package says by `exports` that there are two, there are two, as in Node.

use std::ffi::OsStr;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::{FoundTarget, ScannedFile, ScannedFiles};
use crate::graph::{RecordId, RequestSyntax};
use crate::resolve::{Resolver, is_name_of_package};

/// The files that requests get in place of those they lead to.
#[derive(Default)]
pub struct OneCopy<'a> {
    replaced: FxHashMap<&'a OsStr, &'a FoundTarget>,
}

/// Where the names of packages lead, by their directories; nothing where one leads to several files.
type Ways<'a> = FxHashMap<&'a OsStr, Option<&'a FoundTarget>>;

impl<'a> OneCopy<'a> {
    /// Finds the packages. What is an entry itself stays.
    pub fn of(scanned: &'a ScannedFiles, entries: &[&OsStr], resolver: &Resolver) -> Self {
        let mut required = Ways::default();
        add_ways(&mut required, scanned, Way::Required, |_| true);
        let mut imported = Ways::default();
        if !required.is_empty() {
            add_ways(&mut imported, scanned, Way::Imported, |package| {
                required.contains_key(package)
            });
        }
        let mut replaced = FxHashMap::default();
        for (package, imported) in imported {
            if let (Some(imported), Some(Some(required))) = (imported, required.get(package))
                && path_of(imported) != path_of(required)
                && !entries.contains(&path_of(imported))
                && resolver.chooses_main_file_of(Path::new(package))
            {
                replaced.insert(path_of(imported), *required);
            }
        }
        Self { replaced }
    }

    /// Where the requests of a file lead.
    pub fn targets_of(&self, file: &'a ScannedFile) -> impl DoubleEndedIterator<Item = &'a FoundTarget> {
        let requests = file.targets.iter().enumerate();
        requests.map(|(index, target)| self.target_of(file, index, target))
    }

    fn target_of(&self, file: &ScannedFile, index: usize, target: &'a FoundTarget) -> &'a FoundTarget {
        if self.replaced.is_empty() {
            return target;
        }
        match (
            self.replaced.get(path_of(target)),
            file.syntax.records.get(RecordId::from_usize(index)),
        ) {
            (Some(other), Some(record)) if is_name_of_package(&record.specifier) => other,
            _ => target,
        }
    }
}

/// How the name of a package is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Imported,
    Required,
}

/// Adds where requests of one kind lead that name one of the `wanted` packages.
fn add_ways<'a>(
    ways: &mut Ways<'a>,
    scanned: &'a ScannedFiles,
    wanted_way: Way,
    wanted: impl Fn(&OsStr) -> bool,
) {
    for file in scanned.values() {
        for (record, target) in file.syntax.records.iter().zip(&file.targets) {
            let way = match record.syntax {
                RequestSyntax::Static | RequestSyntax::Dynamic => Way::Imported,
                RequestSyntax::Require | RequestSyntax::RequireInTry => Way::Required,
                _ => continue,
            };
            if way != wanted_way || !is_name_of_package(&record.specifier) {
                continue;
            }
            let FoundTarget::File(found) = target else {
                continue;
            };
            let package = found.package_dir.as_deref().map(Path::as_os_str);
            let Some(package) = package.filter(|package| wanted(package)) else {
                continue;
            };
            let known = ways.entry(package).or_insert(Some(target));
            if known.is_some_and(|known| path_of(known) != path_of(target)) {
                *known = None;
            }
        }
    }
}

fn path_of(target: &FoundTarget) -> &OsStr {
    match target {
        FoundTarget::File(file) => file.path.as_os_str(),
        FoundTarget::External(_) | FoundTarget::Ignored | FoundTarget::Missing => OsStr::new(""),
    }
}
