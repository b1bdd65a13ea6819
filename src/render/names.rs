//! Names at chunk level: one for every symbol a chunk mentions, no two alike, none hiding a global that a
//! module of the chunk uses.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::runtime::{HELPER_GLOBALS, HELPER_NAMES};
use crate::base::{is_unbindable, short_name};
use crate::bind::{Binding, BoundGraph, SymbolId, SymbolOwner, wanted_name};
use crate::graph::ModuleId;

/// The chunk-level names of one chunk.
#[derive(Debug, Default)]
pub struct ChunkNames {
    names: FxHashMap<SymbolId, Atom>,
    taken: FxHashSet<Atom>,
}

/// In a chunk of many names, this many one-letter names are left to the locals of functions. A local name avoids every
/// name of its module, so where one module has hundreds of them, all its locals would take two letters: js-yaml
/// becomes 7 % smaller, rxjs and lodash-es, which are many small modules, grow by 0.1 % and compress better.
const LETTERS_FOR_LOCALS: usize = 16;

/// A chunk with fewer names leaves letters enough.
const FEW_NAMES: usize = 40;

/// How names are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// As in the source, with a suffix where two collide.
    Readable,
    /// Short, the most used first.
    Short,
}

impl ChunkNames {
    /// Names `symbols` (first mention first, repeats allowed) for a chunk of `modules`.
    ///
    /// `reserved` are names that only printing uses.
    pub fn assign(
        bound: &BoundGraph,
        modules: &[ModuleId],
        symbols: &[SymbolId],
        naming: Naming,
        reserved: impl IntoIterator<Item = Atom>,
    ) -> Self {
        let mut names = Self::default();
        names.taken.extend(reserved);
        names.taken.extend(
            HELPER_NAMES
                .iter()
                .chain(HELPER_GLOBALS)
                .map(|name| Atom::from(*name)),
        );
        for module in modules {
            let syntax = &bound.graph.modules[*module].syntax;
            names.taken.extend(syntax.global_names.iter().cloned());
            // Names that an `eval` can see keep their spelling, so chunk-level names must give way.
            if syntax.features.has_dynamic_scope {
                names.taken.extend(syntax.nested_names.iter().cloned());
            }
        }
        names.keep_names_of_evaluating_modules(bound, modules, symbols);
        match naming {
            Naming::Readable => {
                for symbol in symbols {
                    if !names.names.contains_key(symbol) {
                        let name = names.unique(&wanted_name(bound, *symbol));
                        names.names.insert(*symbol, name);
                    }
                }
            }
            Naming::Short => names.assign_short(bound, symbols),
        }
        names
    }

    /// What an `eval` may name is called as its module calls it: first the module's own bindings, then its imports.
    /// Where that fails, as two modules use one name, [`super::evaluated_code`] hands the values over.
    fn keep_names_of_evaluating_modules(
        &mut self,
        bound: &BoundGraph,
        modules: &[ModuleId],
        symbols: &[SymbolId],
    ) {
        let evaluating: Vec<ModuleId> = modules
            .iter()
            .copied()
            .filter(|module| bound.graph.modules[*module].syntax.features.has_dynamic_scope)
            .collect();
        if evaluating.is_empty() {
            return;
        }
        let mentioned: FxHashSet<SymbolId> = symbols.iter().copied().collect();
        for symbol in symbols {
            if let SymbolOwner::Local(module, _) = bound.symbols.owner(*symbol)
                && bound.graph.modules[*module].syntax.features.has_dynamic_scope
                && !self.names.contains_key(symbol)
            {
                let name = self.unique(&wanted_name(bound, *symbol));
                self.names.insert(*symbol, name);
            }
        }
        for module in evaluating {
            let syntax = &bound.graph.modules[module].syntax;
            for (local, symbol) in syntax.symbols.iter_enumerated() {
                if let Some(Binding::Symbol(imported)) = bound.imports[module].get(&local)
                    && mentioned.contains(imported)
                    && !self.names.contains_key(imported)
                {
                    let name = self.unique(&symbol.name);
                    self.names.insert(*imported, name);
                }
            }
        }
    }

    fn assign_short(&mut self, bound: &BoundGraph, symbols: &[SymbolId]) {
        let mut uses: FxHashMap<SymbolId, (u32, usize)> = FxHashMap::default();
        for (position, symbol) in symbols.iter().enumerate() {
            uses.entry(*symbol).or_insert((0, position)).0 += 1;
        }
        for (symbol, (count, _)) in &mut uses {
            if let SymbolOwner::Local(module, local) = bound.symbols.owner(*symbol) {
                *count += bound.graph.modules[*module].syntax.symbols[*local].reference_count;
            }
        }
        let mut ranked: Vec<(SymbolId, (u32, usize))> = uses.into_iter().collect();
        ranked.sort_unstable_by_key(|(_, (count, position))| (std::cmp::Reverse(*count), *position));
        let mut index = if ranked.len() > FEW_NAMES {
            LETTERS_FOR_LOCALS
        } else {
            0
        };
        for (symbol, _) in ranked {
            if self.names.contains_key(&symbol) {
                continue;
            }
            let name = loop {
                let name = short_name::nth_name(index);
                index += 1;
                if !short_name::is_reserved(&name) && self.taken.insert(name.as_str().into()) {
                    break Atom::from(name);
                }
            };
            self.names.insert(symbol, name);
        }
    }

    /// A name nothing else has, close to `wanted`.
    pub fn unique(&mut self, wanted: &Atom) -> Atom {
        let mut name = wanted.clone();
        let mut suffix = 1;
        while is_unbindable(&name) || !self.taken.insert(name.clone()) {
            name = format!("{wanted}${suffix}").into();
            suffix += 1;
        }
        name
    }

    /// Whether the chunk has this name for something.
    pub fn is_taken(&self, name: &Atom) -> bool {
        self.taken.contains(name)
    }

    /// The name of a symbol that the chunk mentions.
    pub fn of(&self, symbol: SymbolId) -> &Atom {
        self.names
            .get(&symbol)
            .expect("every symbol that a chunk mentions was named before rendering")
    }

    /// The name of a symbol, if the chunk mentions it.
    pub fn get(&self, symbol: SymbolId) -> Option<&Atom> {
        self.names.get(&symbol)
    }
}
