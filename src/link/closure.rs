//! The closure of `uses` (PROTOCOL §4): walk depth-first from the root, mount every module once, check its version,
//! notice cycles.
//!
//! `app` uses `[left, right]` and both use `base`. Mount order is `left, base, right` (as met); finishing order is
//! `base, left, right, app` (dependencies first). Merging needs the second, people expect the first.

use oxc_index::IndexVec;
use std::path::{Path, PathBuf};

use super::behaviour::BehaviourFacts;
use super::findings::Findings;
use super::mount::{Consumer, Mount, MountTable, mount};
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{Declaration, PackageRecord, Satisfaction, satisfies};

oxc_index::define_index_type! {
    /// A module of the closure: 0 is the root, `n` the mount at position `n - 1`.
    pub struct LayerIndex = u32;
}

/// The root's place among the layers.
pub(super) const ROOT: LayerIndex = LayerIndex::from_usize_unchecked(0);

/// The root and everything it uses.
#[derive(Debug)]
pub(super) struct Closure {
    pub root: PackageRecord,
    pub root_real_dir: PathBuf,
    pub mounts: MountTable,
    /// What each layer uses, in its own order; entries that could not be mounted are left out.
    pub uses: IndexVec<LayerIndex, Vec<LayerIndex>>,
    /// Every layer behind everything it uses; the root is last.
    pub finished: Vec<LayerIndex>,
    pub shape: Shape,
}

/// Whether a merge order exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Acyclic,
    Cyclic,
}

static NOTHING_DECLARED: Declaration =
    Declaration { entry: None, exports: indexmap::IndexMap::with_hasher_placeholder(), provides: Vec::new(), uses: Vec::new() };
