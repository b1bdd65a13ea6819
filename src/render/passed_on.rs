//! Files without code of their own, which only pass on what others export:
//!
//! ```js
//! export { value as name } from "./shared.js";     // not: import { value } from …; export { value as name };
//! ```

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::interface::EntryTail;
use super::names::ChunkNames;
use super::text::module_export_name;
use crate::bind::{SymbolOwner, Wrapping};
use crate::chunk::references::{is_file_namespace, namespace_symbol, referenced_symbols};
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::ExternalId;

/// What the file of an entry exports, and whether it is such a file.
pub(super) struct PassedOn<'a> {
    /// Names, and what they are called in the file.
    exports: &'a [(Atom, Atom)],
    /// Modules outside the bundle, all of whose names it passes on.
    stars: &'a [ExternalId],
    /// Names of modules outside the bundle of which no code in the file uses anything.
    outside: Vec<PassedName<'a>>,
    has_code: bool,
}

/// A name of a module outside the bundle that an entry only passes on.
pub(super) struct PassedName<'a> {
    /// Where it comes from.
    pub external: ExternalId,
    /// What it is called there.
    name: Atom,
    /// What the entry calls it.
    exported: &'a Atom,
    /// What it would be called in the file.
    local: &'a Atom,
}

impl PassedName<'_> {
    /// How it stands in the braces of an export.
    pub fn item(&self) -> String {
        passing_item(&self.name, self.exported)
    }
}

impl<'a> PassedOn<'a> {
    /// For a chunk with this at its end.
    pub fn of(graph: &ChunkGraph, id: ChunkId, tail: &'a EntryTail) -> Self {
        let EntryTail {
            statements,
            exports,
            stars,
        } = tail;
        let (bound, chunk) = (&graph.bound, &graph.chunks[id]);
        let has_code = !statements.is_empty()
            || !chunk.namespaces.is_empty()
            || chunk.entry.is_none()
            || chunk.steps.len() > chunk.modules.len()
            || chunk.modules.iter().any(|module| {
                let has_namespace =
                    namespace_symbol(bound, *module).is_some() && !is_file_namespace(bound, *module);
                has_namespace
                    || bound.wrapping[*module] != Wrapping::Hoisted
                    || !bound.included_statements[*module].is_clear()
            });
        Self {
            exports,
            stars,
            outside: names_from_outside(graph, id, exports),
            has_code,
        }
    }

    /// Names of modules outside the bundle that the entry only passes on.
    pub fn outside(&self) -> &[PassedName<'a>] {
        &self.outside
    }

    /// Whether the file needs no name of its own for what comes from outside.
    pub fn is_outside(&self, local: &Atom) -> bool {
        self.outside.iter().any(|passed| passed.local == local)
    }

    /// Modules outside the bundle, all of whose names the entry passes on.
    pub fn stars(&self) -> &[ExternalId] {
        self.stars
    }

    /// What the entry exports.
    pub fn exports(&self) -> &[(Atom, Atom)] {
        self.exports
    }

    /// The clause for what a chunk takes from another, if it passes all of it on.
    pub fn clause(
        &self,
        graph: &ChunkGraph,
        (id, other): (ChunkId, ChunkId),
        names: &ChunkNames,
    ) -> Option<Vec<String>> {
        if self.has_code {
            return None;
        }
        let symbols = &graph.chunks[id].imports[&other];
        let mut items = Vec::new();
        for symbol in symbols {
            let taken = &graph.chunks[other].exports[symbol];
            let local = names.of(*symbol);
            let before = items.len();
            for (name, _) in self.exports.iter().filter(|(_, own)| own == local) {
                items.push(passing_item(taken, name));
            }
            if items.len() == before {
                return None;
            }
        }
        (!items.is_empty()).then_some(items)
    }

    /// Whether an export is one of another chunk that is passed on.
    pub fn has(&self, graph: &ChunkGraph, id: ChunkId, names: &ChunkNames, local: &Atom) -> bool {
        let imports = &graph.chunks[id].imports;
        self.is_outside(local)
            || imports.iter().any(|(other, symbols)| {
                symbols.iter().any(|symbol| names.of(*symbol) == local)
                    && !graph.is_codeless(*other)
                    && self.clause(graph, (id, *other), names).is_some()
            })
    }
}

fn passing_item(taken: &Atom, name: &Atom) -> String {
    if name == taken {
        module_export_name(name)
    } else {
        format!("{} as {}", module_export_name(taken), module_export_name(name))
    }
}

fn names_from_outside<'a>(
    graph: &ChunkGraph,
    id: ChunkId,
    exports: &'a [(Atom, Atom)],
) -> Vec<PassedName<'a>> {
    let (bound, chunk) = (&graph.bound, &graph.chunks[id]);
    let entry = chunk.entry.map(|entry| bound.entries[entry].module);
    let known = entry.and_then(|module| bound.exports.get(&module));
    let (Some(known), false) = (known, bound.graph.externals.is_empty()) else {
        return Vec::new();
    };
    let mut candidates: Vec<PassedName<'a>> = exports
        .iter()
        .filter_map(|(exported, local)| {
            let (_, binding) = known.bindings.iter().find(|(name, _)| name == exported)?;
            let symbol = binding.symbol()?;
            let SymbolOwner::ExternalName(external, name) = bound.symbols.owner(symbol) else {
                return None;
            };
            Some(PassedName {
                external: *external,
                name: name.clone(),
                exported,
                local,
            })
        })
        .collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    // What is imported from there anyway takes one statement with the others.
    let used: FxHashSet<ExternalId> = chunk
        .modules
        .iter()
        .flat_map(|module| referenced_symbols(bound, *module))
        .filter_map(|symbol| match bound.symbols.owner(symbol) {
            SymbolOwner::ExternalName(external, _) | SymbolOwner::ExternalNamespace(external) => {
                Some(*external)
            }
            _ => None,
        })
        .collect();
    candidates.retain(|passed| !used.contains(&passed.external));
    candidates
}
