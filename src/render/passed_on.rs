//! Files without code of their own, which only pass on what others export:
//!
//! ```js
//! export { value as name } from "./shared.js";     // not: import { value } from …; export { value as name };
//! ```

use swc_core::atoms::Atom;

use super::interface::EntryTail;
use super::names::ChunkNames;
use super::text::module_export_name;
use crate::bind::Wrapping;
use crate::chunk::references::{is_file_namespace, namespace_symbol};
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::ExternalId;

/// What the file of an entry exports, and whether it is such a file.
pub(super) struct PassedOn<'a> {
    /// Names, and what they are called in the file.
    exports: &'a [(Atom, Atom)],
    /// Modules outside the bundle, all of whose names it passes on.
    stars: &'a [ExternalId],
    has_code: bool,
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
            has_code,
        }
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
                items.push(if name == taken {
                    module_export_name(name)
                } else {
                    format!("{} as {}", module_export_name(taken), module_export_name(name))
                });
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
        imports.iter().any(|(other, symbols)| {
            symbols.iter().any(|symbol| names.of(*symbol) == local)
                && !graph.is_codeless(*other)
                && self.clause(graph, (id, *other), names).is_some()
        })
    }
}
