//! Joins small shared files with others, so that a page makes fewer requests.
//!
//! ```text
//! {a, b} format.js 900 bytes      {a, c} parse.js 700 bytes      → one file of 1600 bytes, which a, b and c load
//! ```
//!
//! Loading more than what is needed must not be noticed: a file whose evaluation can be observed is only loaded by those
//! who need it. Nor may files start to import each other in a circle. Among what is allowed, the pair is joined that
//! makes entries load the fewest bytes in vain, and nobody loads as many as the limit in vain.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};

use super::ChunkId;
use super::order::is_observable;
use crate::bind::BoundGraph;
use crate::graph::{EntryKind, ModuleId, RequestSyntax, Resource, StatementId, Target};

/// Which files may be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merging {
    /// None.
    Nothing,
    /// Those whose evaluation nobody can observe.
    Unobservable,
    /// Those, and one of them with one that can be observed.
    Allowed,
}

/// A set of modules that is to be a file.
struct Part {
    needed_by: FixedBitSet,
    bytes: usize,
    can_be_observed: bool,
    /// The files it imports.
    imports: FxHashSet<ChunkId>,
    /// Has become part of this one.
    joined: Option<ChunkId>,
}

/// What is known of the layout before anything is joined.
pub(super) struct Layout<'a> {
    pub bound: &'a BoundGraph,
    /// The modules of every file.
    pub files: &'a IndexVec<ChunkId, Vec<ModuleId>>,
    pub file_of: &'a FxHashMap<ModuleId, ChunkId>,
    pub dependencies: &'a FxHashMap<ModuleId, Vec<ModuleId>>,
    pub needed_by: &'a IndexVec<ModuleId, FixedBitSet>,
    /// Files that stay as they are.
    pub fixed: &'a FixedBitSet,
}

/// Which file each file becomes part of; itself where nothing changes.
pub(super) fn merge_small_files(
    layout: &Layout<'_>,
    least_bytes: usize,
    merging: Merging,
) -> IndexVec<ChunkId, ChunkId> {
    let mut parts: IndexVec<ChunkId, Part> =
        layout.files.iter().map(|modules| layout.part(modules)).collect();
    let mut small: Vec<ChunkId> = layout
        .files
        .indices()
        .filter(|file| layout.may_change(*file) && parts[*file].bytes < least_bytes)
        .collect();
    small.sort_by_key(|file| (parts[*file].bytes, *file));
    for file in small {
        // What was joined with something may have become large enough.
        if parts[file].joined.is_some() || parts[file].bytes >= least_bytes {
            continue;
        }
        let mut candidates: Vec<(usize, ChunkId)> = layout
            .files
            .indices()
            .filter(|other| {
                *other != file
                    && layout.may_change(*other)
                    && parts[*other].joined.is_none()
                    && may_join(&parts[file], &parts[*other], merging)
            })
            .filter_map(|other| cost(&parts[file], &parts[other], least_bytes).map(|cost| (cost, other)))
            .collect();
        candidates.sort_unstable();
        let found = candidates
            .into_iter()
            .map(|(_, other)| other)
            .find(|other| !closes_circle(&parts, file, *other));
        if let Some(other) = found {
            join(&mut parts, file, other);
        }
    }
    layout
        .files
        .indices()
        .map(|mut file| {
            while let Some(other) = parts[file].joined {
                file = other;
            }
            file
        })
        .collect()
}

impl Layout<'_> {
    fn may_change(&self, file: ChunkId) -> bool {
        !self.fixed.contains(file.index())
            && self.files[file].first().is_some_and(|module| {
                // Dropped when another copy is elected: see `interface`.
                !self.needed_by[*module]
                    .ones()
                    .any(|entry| self.bound.entries[entry].kind == EntryKind::Provided)
            })
    }

    fn part(&self, modules: &[ModuleId]) -> Part {
        let file = modules.first().map(|module| self.file_of[module]);
        let mut needed_by = FixedBitSet::with_capacity(self.bound.entries.len());
        for module in modules {
            needed_by.union_with(&self.needed_by[*module]);
        }
        Part {
            needed_by,
            bytes: modules.iter().map(|module| bytes_of(self.bound, *module)).sum(),
            can_be_observed: modules.iter().any(|module| loading_shows(self.bound, *module)),
            imports: modules
                .iter()
                .filter_map(|module| self.dependencies.get(module))
                .flatten()
                .map(|dependency| self.file_of[dependency])
                .filter(|other| Some(*other) != file)
                .collect(),
            joined: None,
        }
    }
}

/// Whether anybody can see that the module's file was loaded.
pub fn loading_shows(bound: &BoundGraph, module: ModuleId) -> bool {
    let node = &bound.graph.modules[module];
    let asks_outside = || {
        let mut requests = node.syntax.records.iter().zip(&node.targets);
        requests.any(|(record, target)| {
            matches!(target, Target::External(_))
                && matches!(record.syntax, RequestSyntax::Static | RequestSyntax::Require)
        })
    };
    is_observable(bound, module) || matches!(node.syntax.resource, Some(Resource::Style(_))) || asks_outside()
}

/// The length of what is kept of the source; nothing is printed yet.
fn bytes_of(bound: &BoundGraph, module: ModuleId) -> usize {
    let syntax = &bound.graph.modules[module].syntax;
    let lengths = bound.included_statements[module]
        .ones()
        .map(|index| syntax.forms[StatementId::from_usize(index)].length as usize);
    let written: usize = lengths.sum();
    // What was made from a file that is no script has no positions.
    if written == 0 && bound.included_statements[module].count_ones(..) > 0 {
        syntax.source.len()
    } else {
        written
    }
}

fn may_join(one: &Part, other: &Part, merging: Merging) -> bool {
    let is_noticed =
        |loaded: &Part, with: &Part| loaded.can_be_observed && !with.needed_by.is_subset(&loaded.needed_by);
    match merging {
        Merging::Nothing => false,
        Merging::Unobservable => !one.can_be_observed && !other.can_be_observed,
        Merging::Allowed => !is_noticed(one, other) && !is_noticed(other, one),
    }
}

/// How many bytes entries would load in vain; none if one of them would load as many as `limit`.
fn cost(one: &Part, other: &Part, limit: usize) -> Option<usize> {
    let only_one = one.needed_by.difference(&other.needed_by).count();
    let only_other = other.needed_by.difference(&one.needed_by).count();
    let is_too_much = (only_one > 0 && other.bytes >= limit) || (only_other > 0 && one.bytes >= limit);
    (!is_too_much).then(|| only_one * other.bytes + only_other * one.bytes)
}

/// Whether one leads to the other through a third file.
fn closes_circle(parts: &IndexVec<ChunkId, Part>, one: ChunkId, other: ChunkId) -> bool {
    let leads = |from: ChunkId, to: ChunkId| {
        let mut seen = FxHashSet::default();
        let mut pending: Vec<ChunkId> = parts[from]
            .imports
            .iter()
            .copied()
            .filter(|next| *next != to)
            .collect();
        while let Some(next) = pending.pop() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                pending.extend(&parts[next].imports);
            }
        }
        false
    };
    leads(one, other) || leads(other, one)
}

fn join(parts: &mut IndexVec<ChunkId, Part>, from: ChunkId, into: ChunkId) {
    let bytes = parts[from].bytes;
    let can_be_observed = parts[from].can_be_observed;
    let imports = std::mem::take(&mut parts[from].imports);
    let needed_by = std::mem::take(&mut parts[from].needed_by);
    parts[from].joined = Some(into);
    let target = &mut parts[into];
    target.bytes += bytes;
    target.can_be_observed |= can_be_observed;
    target.imports.extend(imports);
    target.needed_by.union_with(&needed_by);
    for (file, part) in parts.iter_mut_enumerated() {
        if part.imports.remove(&from) {
            part.imports.insert(into);
        }
        if file == into {
            part.imports.remove(&into);
        }
    }
}
