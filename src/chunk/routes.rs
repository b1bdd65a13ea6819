//! Which files a file may import without evaluating anything that its sources would not.
//!
//! ```js
//! // a.js, a file of its own       // b.js, too                     // c.js
//! import { c } from './b'          import './a'                     export const c = 1
//! log(() => c)                     export { c } from './c'
//! ```
//!
//! When `b` is loaded, `a` runs first and `c` after it. A file of `a` that imported the binding from the file of `c`, where
//! it is, would run `c` first. So the binding takes the way of the sources, through the file of `b`.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

use super::{ChunkGraph, ChunkId};
use crate::graph::{ModuleId, RequestSyntax, Target};

/// The ways between files that the sources have; empty while no module needs a file of its own.
#[derive(Default)]
pub struct Routes {
    /// Files that a file asks for, in the order of the sources.
    next: IndexVec<ChunkId, Vec<ChunkId>>,
    /// Files of modules that are apart.
    strict: FxHashSet<ChunkId>,
}

impl Routes {
    /// The ways of a layout in which some modules are `apart`.
    pub fn of(graph: &ChunkGraph, apart: &FixedBitSet) -> Self {
        if apart.is_clear() {
            return Self::default();
        }
        let strict = apart
            .ones()
            .filter_map(|module| graph.chunk_of.get(&ModuleId::from_usize(module)).copied())
            .collect();
        let next = graph.chunks.indices().map(|chunk| files_asked_for(graph, chunk));
        Self {
            next: next.collect(),
            strict,
        }
    }

    /// The files that `chunk` asks for, if it may import no others.
    pub fn asked_for(&self, chunk: ChunkId) -> Option<&[ChunkId]> {
        self.strict.contains(&chunk).then(|| &*self.next[chunk])
    }

    /// Notes the file through which an entry is reached.
    pub fn add_facade(&mut self, facade: ChunkId, group: ChunkId) {
        if self.strict.contains(&group) {
            self.strict.insert(facade);
            self.next.resize_with(facade.index() + 1, Vec::new);
            self.next[facade].push(group);
        }
    }

    /// The files on the way from one file to another, without the first; just the other where any way will do.
    pub fn between(&self, from: ChunkId, to: ChunkId) -> Vec<ChunkId> {
        if !self.strict.contains(&from) {
            return vec![to];
        }
        let mut came_from: FxHashMap<ChunkId, ChunkId> = FxHashMap::default();
        let mut pending = VecDeque::from([from]);
        while let Some(chunk) = pending.pop_front() {
            if chunk == to {
                break;
            }
            for next in self.next.get(chunk).into_iter().flatten() {
                if *next != from && !came_from.contains_key(next) {
                    came_from.insert(*next, chunk);
                    pending.push_back(*next);
                }
            }
        }
        let mut way = vec![to];
        let mut chunk = to;
        while let Some(before) = came_from.get(&chunk)
            && *before != from
        {
            way.push(*before);
            chunk = *before;
        }
        way.reverse();
        way
    }
}

/// Modules that are not part of the bundle are looked through.
fn files_asked_for(graph: &ChunkGraph, chunk: ChunkId) -> Vec<ChunkId> {
    let modules = &graph.bound.graph.modules;
    let mut found = Vec::new();
    let mut entered: FxHashSet<ModuleId> = graph.chunks[chunk].modules.iter().copied().collect();
    let mut pending: Vec<ModuleId> = graph.chunks[chunk].modules.iter().rev().copied().collect();
    while let Some(module) = pending.pop() {
        let node = &modules[module];
        let requests = node.syntax.records.iter().zip(&node.targets);
        let targets: Vec<ModuleId> = requests
            .filter_map(|(record, target)| match target {
                Target::Module(target) if record.syntax == RequestSyntax::Static => Some(*target),
                _ => None,
            })
            .collect();
        for target in targets.into_iter().rev() {
            match graph.chunk_of.get(&target) {
                Some(other) if *other == chunk => {}
                Some(other) => found.push(*other),
                None if entered.insert(target) => pending.push(target),
                None => {}
            }
        }
    }
    found.reverse();
    let mut seen = FxHashSet::default();
    found.retain(|other| seen.insert(*other));
    found
}
