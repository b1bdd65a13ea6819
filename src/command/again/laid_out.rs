//! Which code is in which file, and what is to be said of it: made anew, or taken over from the last build where only the
//! inside of modules changed.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::bind::{Binding, BoundGraph, in_place_of};
use crate::chunk::ChunkGraph;
use crate::command::suspicious::suspicious_code_in;
use crate::command::unlowered::unlowered_syntax_in;
use crate::diagnostic::Diagnostic;
use crate::graph::{ModuleId, ModuleSyntax};
use crate::render::Target;
use crate::resolve::Platform;
use crate::scan::{Rescanned, ScanInput, ScanMemory};

/// Files before their text.
pub struct LaidOut {
    /// The files.
    pub chunks: ChunkGraph,
    /// What is to be said of the options.
    pub idle: Vec<Diagnostic>,
    findings: IndexVec<ModuleId, Findings>,
    /// The modules whose inside alone is different from the last build's; none where anything may be.
    pub changed: Option<Vec<ModuleId>>,
}

/// What is to be said of a module.
#[derive(Clone, Default)]
struct Findings {
    newer: Vec<Diagnostic>,
    suspicious: Vec<Diagnostic>,
}

/// The modules of which there was nothing to be said, by the address of what they say, with the statements that were
/// part of the bundle.
#[derive(Default)]
pub struct Blameless {
    modules: FxHashMap<usize, (Arc<ModuleSyntax>, FixedBitSet)>,
}

impl Blameless {
    /// Whether there is nothing to be said of a module again. What it reads of others may be missing now.
    fn has(&self, bound: &BoundGraph, id: ModuleId) -> bool {
        let syntax = &bound.graph.modules[id].syntax;
        let is_missing = |binding: &Binding| *binding == Binding::Undefined;
        self.modules
            .get(&Arc::as_ptr(syntax).addr())
            .is_some_and(|(_, included)| *included == bound.included_statements[id])
            && !bound.members[id].values().any(is_missing)
    }
}

impl LaidOut {
    /// Looks at every module.
    #[tracing::instrument(name = "findings", skip_all)]
    pub fn new(
        chunks: ChunkGraph,
        idle: Vec<Diagnostic>,
        target: Option<&Target>,
        platform: Platform,
        blameless: &Blameless,
    ) -> Self {
        let modules: Vec<ModuleId> = chunks.bound.graph.modules.indices().collect();
        let findings = modules.into_par_iter().map(|id| {
            if blameless.has(&chunks.bound, id) {
                Findings::default()
            } else {
                Findings::of(&chunks, id, target, platform)
            }
        });
        let findings: Vec<Findings> = findings.collect();
        Self {
            chunks,
            idle,
            findings: findings.into(),
            changed: None,
        }
    }

    /// Takes over what changed modules say, if files are laid out as they were.
    pub fn take_over(
        &mut self,
        input: &ScanInput<'_>,
        memory: &ScanMemory,
        paths: &[PathBuf],
        target: Option<&Target>,
    ) -> Option<()> {
        let platform = input.platform;
        let rescanned = memory.rescan(input, paths)?;
        let ids = self.ids_of(&rescanned)?;
        let mut said = Vec::with_capacity(ids.len());
        for (id, module) in ids.iter().zip(&rescanned) {
            let syntax = in_place_of(&self.chunks.bound, *id, &module.before, &module.after)?;
            said.push((*id, syntax));
        }
        for (id, syntax) in said {
            self.chunks.bound.graph.modules[id].syntax = syntax;
            self.findings[id] = Findings::of(&self.chunks, id, target, platform);
        }
        self.changed = Some(ids);
        Some(())
    }

    /// The modules of which there is nothing to be said.
    pub fn blameless(&self) -> Blameless {
        let bound = &self.chunks.bound;
        let modules = self.findings.iter_enumerated();
        let modules =
            modules.filter(|(_, findings)| findings.newer.is_empty() && findings.suspicious.is_empty());
        let modules = modules.map(|(id, _)| {
            let syntax = &bound.graph.modules[id].syntax;
            let included = bound.included_statements[id].clone();
            (Arc::as_ptr(syntax).addr(), (Arc::clone(syntax), included))
        });
        Blameless {
            modules: modules.collect(),
        }
    }

    /// The numbers of modules.
    fn ids_of(&self, rescanned: &[Rescanned]) -> Option<Vec<ModuleId>> {
        let wanted: FxHashMap<&OsStr, usize> = rescanned
            .iter()
            .enumerate()
            .map(|(index, module)| (module.path.as_os_str(), index))
            .collect();
        let mut ids = vec![None; rescanned.len()];
        for (id, module) in self.chunks.bound.graph.modules.iter_enumerated() {
            if let Some(index) = wanted.get(module.path.as_os_str()) {
                ids[*index] = Some(id);
            }
        }
        ids.into_iter().collect()
    }

    /// All that is to be said of modules, by kind.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        let newer = self.findings.iter().flat_map(|findings| &findings.newer);
        let suspicious = self.findings.iter().flat_map(|findings| &findings.suspicious);
        newer.chain(suspicious)
    }

    /// What is to be said of syntax that the target does not know.
    pub fn newer(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().flat_map(|findings| &findings.newer)
    }
}

impl Findings {
    fn of(chunks: &ChunkGraph, id: ModuleId, target: Option<&Target>, platform: Platform) -> Self {
        Self {
            newer: target
                .map(|target| unlowered_syntax_in(&chunks.bound, id, target))
                .unwrap_or_default(),
            suspicious: suspicious_code_in(&chunks.bound, id, platform),
        }
    }
}
