//! Names at chunk level: one for every symbol a chunk mentions, no two alike, none hiding a global that a
//! module of the chunk uses.

use fixedbitset::FixedBitSet;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::elements::symbols_of_elements;
use super::runtime::{HELPER_GLOBALS, HELPER_NAMES};
use crate::base::is_unbindable;
use crate::bind::{Binding, BoundGraph, SymbolId, SymbolOwner, wanted_name};
use crate::graph::ModuleId;
use crate::scan::kept_elements::{capitalized, is_tag};

/// The chunk-level names of one chunk.
#[derive(Debug, Clone, Default)]
pub struct ChunkNames {
    names: FxHashMap<SymbolId, Atom>,
    taken: FxHashSet<Atom>,
    /// The first suffix of a name that was not tried: in a large chunk thousands of modules have one name in common.
    next_suffixes: FxHashMap<Atom, usize>,
    /// Everything that was named here.
    given: Vec<Atom>,
    /// Those that an `eval` may name.
    kept: Vec<Atom>,
    are_provisional: bool,
}

/// How names are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// As in the source, with a suffix where two collide.
    Readable,
    /// As in the source, until the code is compressed and short names are found.
    Provisional,
}

impl ChunkNames {
    /// Names `symbols` (first mention first, repeats allowed) for a chunk of `modules`.
    ///
    /// `reserved` are names that only printing uses.
    #[tracing::instrument(name = "assign_names", skip_all)]
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
        }
        names.keep_names_of_evaluating_modules(bound, modules, symbols);
        names.are_provisional = naming == Naming::Provisional;
        let of_elements = symbols_of_elements(bound, modules);
        let mut seen = FixedBitSet::with_capacity(bound.symbols.len());
        let unnamed = |symbol: &SymbolId| !seen.put(symbol.index()) && !names.names.contains_key(symbol);
        let unnamed: Vec<SymbolId> = symbols.iter().copied().filter(unnamed).collect();
        // Names are scattered over all modules: several threads fetch them before one finds out which are alike.
        let wanted = unnamed.par_iter().with_min_len(256).map(|symbol| {
            let wanted = wanted_name(bound, *symbol);
            if of_elements.contains(symbol) && is_tag(&wanted) {
                capitalized(&wanted).into()
            } else {
                wanted
            }
        });
        let wanted: Vec<Atom> = wanted.collect();
        names.names.reserve(unnamed.len());
        names.taken.reserve(unnamed.len());
        names.given.reserve(unnamed.len());
        for (symbol, wanted) in unnamed.into_iter().zip(&wanted) {
            let name = names.unique(wanted);
            names.names.insert(symbol, name);
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
        let nested_names = |module: ModuleId| &bound.graph.modules[module].syntax.nested_names;
        for symbol in symbols {
            if let SymbolOwner::Local(module, _) = bound.symbols.owner(*symbol)
                && bound.graph.modules[*module].syntax.features.has_dynamic_scope
                && !self.names.contains_key(symbol)
            {
                let wanted = wanted_name(bound, *symbol);
                // A module's own inner names hide its outer ones as they do in the source; those of an importer must not.
                let is_hidden_elsewhere = evaluating.iter().any(|other| {
                    other != module
                        && nested_names(*other).contains(&wanted)
                        && bound.imports[*other]
                            .values()
                            .any(|binding| matches!(binding, Binding::Symbol(imported) if imported == symbol))
                });
                if is_hidden_elsewhere {
                    self.taken.insert(wanted.clone());
                }
                let name = self.unique(&wanted);
                self.kept.push(name.clone());
                self.names.insert(*symbol, name);
            }
        }
        // Inner names that an `eval` can see keep their spelling, so all other chunk-level names must give way.
        for module in &evaluating {
            self.taken.extend(nested_names(*module).iter().cloned());
        }
        for module in evaluating {
            let syntax = &bound.graph.modules[module].syntax;
            for (local, symbol) in syntax.symbols.iter_enumerated() {
                if let Some(Binding::Symbol(imported)) = bound.imports[module].get(&local)
                    && mentioned.contains(imported)
                    && !self.names.contains_key(imported)
                {
                    let name = self.unique(&symbol.name);
                    self.kept.push(name.clone());
                    self.names.insert(*imported, name);
                }
            }
        }
    }

    /// Symbols that stand for the same as another are called like that.
    pub fn share(&mut self, shared: impl Iterator<Item = (SymbolId, SymbolId)>) {
        for (symbol, original) in shared {
            if let Some(name) = self.names.get(&original) {
                self.names.insert(symbol, name.clone());
            }
        }
    }

    /// The same symbols with the names that `shortened` gives to provisional ones.
    pub fn shortened(&self, shortened: &FxHashMap<Atom, Atom>) -> Self {
        let names = self.names.iter().map(|(symbol, name)| {
            let name = shortened.get(name).unwrap_or(name);
            (*symbol, name.clone())
        });
        Self {
            names: names.collect(),
            taken: self.taken.clone(),
            next_suffixes: self.next_suffixes.clone(),
            given: Vec::new(),
            kept: Vec::new(),
            are_provisional: false,
        }
    }

    /// All names that were given, those of symbols and others.
    pub fn given(&self) -> &[Atom] {
        &self.given
    }

    /// The names that must stay what they are.
    pub fn kept(&self) -> &[Atom] {
        &self.kept
    }

    /// Whether a symbol, if it is here at all, is called so in the end.
    pub fn will_be(&self, symbol: SymbolId, name: &Atom) -> bool {
        match self.names.get(&symbol) {
            Some(called) => called == name && !self.are_provisional,
            None => true,
        }
    }

    /// A name nothing else has, close to `wanted`.
    pub fn unique(&mut self, wanted: &Atom) -> Atom {
        let mut name = wanted.clone();
        if is_unbindable(&name) || !self.taken.insert(name.clone()) {
            // What was taken stays taken, so that nobody has to try again.
            let suffix = self.next_suffixes.entry(wanted.clone()).or_insert(1);
            loop {
                name = format!("{wanted}${suffix}").into();
                *suffix += 1;
                if !is_unbindable(&name) && self.taken.insert(name.clone()) {
                    break;
                }
            }
        }
        self.given.push(name.clone());
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
