//! Linking: from the declarations of a closure to what every import means.
//!
//! ```text
//! package.json ──closure──▶ mounts ──offer──▶ offers ──merge──▶ supplies ──election──▶ winners
//!                                                                  │                      │
//!                                                              selection ──▶ wiring ──▶ lookup
//! ```
//!
//! [`link`] runs the whole line once and checks every step. `command` calls it; `scan` asks
//! [`Linkage::lookup`] for every import; `emit` and `import_map` read the wiring, the mounts and the rewires.

mod behaviour;
mod build_order;
mod builtin;
mod check;
mod closure;
mod election;
mod explain;
mod exports;
mod findings;
mod legacy;
mod lookup;
mod merge;
mod mount;
mod offer;
mod plain;
mod rule;
mod selection;
mod shared_specifiers;
mod supplied;
mod trace;
mod wiring;
mod workspace;

use indexmap::IndexMap;
use std::path::Path;

use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::legacy::LegacyKind;
use crate::protocol::{PackageRecord, RecordError};
use closure::{Closure, ROOT};
use findings::Findings;
use lookup::Lookup;
use supplied::SuppliedClosure;

pub use behaviour::{BehaviourFacts, LegacyFacts, Owners};
pub use build_order::{BuildOrder, BuildUnit, Origin, closure_in_build_order, workspace_in_build_order};
pub use builtin::is_unprefixed_builtin;
pub use election::Election;
pub use explain::{
    Answer, BuiltFile, DeclaredDependency, Explanation, ExportAnswer, ExportSide, FileState, Form,
    HandWiring, InstalledCopy, Instance, NothingAnswer, OwnCopyAnswer, PackageAnswer, ProvidingModule,
    Question, Reason, Selection, UnknownModule, WhyNot,
};
pub use legacy::{InstalledIdentity, LegacyModule, LegacySide, LegacySource};
pub use lookup::{IssuerPackage, Request, RequestKind, Wiring};
pub use mount::{Mount, MountTable, Way};
pub use offer::{GroupKey, GroupKind, Major, Offer};
pub use plain::{Builtins, InstalledPackages, PlainLookup, PlainRules};
pub use rule::{LookupRule, MissingPackage};
pub use shared_specifiers::SharedSpecifiers;
pub use trace::{Defeat, ElectionTrace, Rule};

/// A linked closure. Written by [`link`] alone.
#[derive(Debug)]
pub struct Linkage {
    /// Everything found on the way, in the protocol's order. An error among them stops a build before it
    /// parses.
    pub diagnostics: Vec<Diagnostic>,
    /// One election per group; empty when the closure is cyclic.
    pub elections: Vec<Election>,
    supplied: SuppliedClosure,
    wiring: IndexMap<String, IndexMap<String, String>>,
    lookup: Lookup,
    legacy: Option<LegacyModule>,
    shared: SharedSpecifiers,
}

/// Links the module in `root_dir` and everything it uses.
///
/// # Errors
/// When the root's `package.json` cannot be read: then there is nothing to link, and the invocation
/// was wrong.
pub fn link(
    files: &dyn FileSystem,
    root_dir: &Path,
    facts: &BehaviourFacts,
    owners: Owners,
) -> Result<Linkage, RecordError> {
    let root = PackageRecord::read(files, root_dir)?;
    let mut findings = Findings::default();
    findings.extend(root.schema_diagnostics.iter().cloned());
    findings.extend(check::unusable_behaviour(&root, facts));
    findings.extend(check::protocol_facts_in_behaviour(&root, facts));
    findings.extend(check::missing_targets(files, &root));

    let legacy = facts
        .legacy
        .as_ref()
        .filter(|_| root.declaration.is_none())
        .map(|legacy| LegacyModule::of(files, &root, legacy, facts));
    let closure = match &legacy {
        Some(legacy) => Closure::of_legacy(files, root, legacy, &mut findings),
        None => Closure::walk(files, root, facts, &mut findings),
    };
    let supplied = SuppliedClosure::of(files, closure);
    let elections = election::elect(&supplied.offers, &supplied.supplies);
    findings.extend(check::contested_groups(
        &supplied.closure.root,
        &supplied.closure.mounts,
        &elections,
        owners,
    ));
    findings.extend(check::coexisting_majors(&supplied.closure.root, &elections));
    for layer in supplied.declared_layers().filter(|_| !supplied.is_cyclic()) {
        findings.extend(check::violated_ranges(&supplied, layer));
        findings.extend(check::undeclared_packages(&supplied, layer));
        findings.extend(check::drifting_types(files, &supplied, layer));
    }

    let mut wiring = IndexMap::new();
    for layer in supplied.declared_layers().filter(|_| !supplied.is_cyclic()) {
        let groups = wiring::wire(&supplied, layer);
        wiring.insert(
            supplied.closure.name(layer),
            wiring::identifiers(&supplied, &groups),
        );
    }
    let lookup = Lookup::of(&supplied, ROOT, &wiring::wire(&supplied, ROOT));
    Ok(Linkage {
        diagnostics: findings.into_list(),
        elections,
        supplied,
        wiring,
        lookup,
        legacy,
        shared: SharedSpecifiers::default(),
    })
}

impl Linkage {
    /// The module that was linked.
    pub fn root(&self) -> &PackageRecord {
        &self.supplied.closure.root
    }

    /// The root's directory with every symlink resolved.
    pub fn root_real_dir(&self) -> &Path {
        &self.supplied.closure.root_real_dir
    }

    /// The modules of the closure besides the root.
    pub fn mounts(&self) -> &MountTable {
        &self.supplied.closure.mounts
    }

    /// The root's supply: identity → its groups, highest major first and `unknown` last.
    pub fn supply(&self) -> IndexMap<&str, Vec<&Election>> {
        let mut supply: IndexMap<&str, Vec<&Election>> = IndexMap::new();
        for election in &self.elections {
            supply.entry(&election.group.identity).or_default().push(election);
        }
        for groups in supply.values_mut() {
            groups.sort_by_key(|election| std::cmp::Reverse(election.group.major));
        }
        supply
    }

    /// Module → its wiring table, for every declared module, the root first and then in mount order.
    pub fn wiring(&self) -> &IndexMap<String, IndexMap<String, String>> {
        &self.wiring
    }

    /// Bare specifier → identifier of the winner, for one module of the closure; `None` for a module without
    /// a declaration.
    pub fn wiring_of(&self, module: &str) -> Option<&IndexMap<String, String>> {
        self.wiring.get(module)
    }

    /// Identifier of every losing offer → identifier of the offer that takes its place (PROTOCOL §11.1).
    pub fn rewires(&self) -> IndexMap<String, String> {
        self.elections
            .iter()
            .flat_map(|election| {
                election
                    .losers()
                    .map(|loser| (loser.identifier(), election.winner.identifier()))
            })
            .collect()
    }

    /// Every election with the reasons for its outcome, in the order of [`Self::elections`].
    pub fn traces(&self) -> Vec<ElectionTrace> {
        trace::trace_all(&self.supplied)
    }

    /// Which modules a module uses, in its own order, as far as they could be mounted.
    pub fn uses_of(&self, module: &str) -> Vec<&str> {
        let closure = &self.supplied.closure;
        let used = closure.layer_named(module).map(|layer| &closure.uses[layer]);
        used.into_iter()
            .flatten()
            .map(|&layer| {
                closure
                    .mount_of(layer)
                    .map_or(self.root().name.as_str(), |mount| &mount.name)
            })
            .collect()
    }

    /// Whether modules use each other in a circle, so that nothing is supplied.
    pub fn is_cyclic(&self) -> bool {
        self.supplied.is_cyclic()
    }

    /// What a request of the root's code means.
    ///
    /// # Errors
    /// `E_NOT_USED` or `E_NO_EXPORT`, without the place of the import, which only the caller knows.
    pub fn lookup(&self, files: &dyn FileSystem, request: &Request<'_>) -> Result<Wiring, Box<Diagnostic>> {
        let answer = match &self.legacy {
            Some(legacy) => Ok(legacy.answer(files, request)),
            None => self.lookup.answer(&self.supplied, files, request),
        };
        // What would be bundled, or is an export of a module that nobody uses here, may be answered by a shared map.
        let is_open = match &answer {
            Ok(wiring) => *wiring == Wiring::OwnCopy && request.exempt != Some(request.specifier),
            Err(diagnostic) => diagnostic.code == Code::NotUsed,
        };
        if is_open && self.shared.contains(request.specifier) {
            return Ok(Wiring::External {
                specifier: request.specifier.to_owned(),
            });
        }
        answer
    }

    /// The same linkage, where a shared import map answers what no declaration does.
    #[must_use]
    pub fn sharing(self, shared: SharedSpecifiers) -> Self {
        Self { shared, ..self }
    }

    /// The root, when it is a module of the legacy kind; `None` for a declared one.
    pub fn legacy(&self) -> Option<&LegacyModule> {
        self.legacy.as_ref()
    }

    /// Whether the root is something that can be started, not a library (PROTOCOL §10.1).
    pub fn is_application(&self) -> bool {
        match (&self.root().declaration, &self.legacy) {
            (Some(declaration), _) => declaration.entry.is_some(),
            (None, Some(legacy)) => legacy.kind() == LegacyKind::Application,
            (None, None) => false,
        }
    }

    /// Where the root's own artifact is composed from.
    pub fn root_artifact_dir(&self) -> std::path::PathBuf {
        self.legacy
            .as_ref()
            .map_or_else(|| self.root_real_dir().join("dist"), LegacyModule::artifact_dir)
    }

    /// The `E_NO_EXPORT` of a [`Wiring::SelfAlias`] that leads nowhere.
    pub fn no_export(&self, request: &Request<'_>) -> Diagnostic {
        self.lookup.no_export(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linkage_answers_many_threads() {
        fn assert_shareable<T: Send + Sync>() {}
        assert_shareable::<Linkage>();
    }
}
