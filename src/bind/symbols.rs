//! The symbols of a bundle: one dense number for every binding that can appear at chunk level.
//!
//! A module's own bindings come first, module after module; behind them, made on demand, the bindings
//! that linking invents: namespace objects, wrappers of lazily evaluated modules, interop objects, and
//! imports from outside the bundle.

use std::sync::Arc;

use oxc_index::{IndexVec, define_index_type};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;

use crate::graph::{Constant, ExternalId, LocalId, ModuleGraph, ModuleId, RecordId};

define_index_type! {
    /// A binding at chunk level.
    pub struct SymbolId = u32;
}

/// What a symbol stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SymbolOwner {
    /// A binding of a module's source.
    Local(ModuleId, LocalId),
    /// The namespace object of an ES module: `file_exports`.
    Namespace(ModuleId),
    /// The function that evaluates a wrapped module: `require_file` or `init_file`.
    Wrapper(ModuleId),
    /// What an ES module sees of a CommonJS module that it imports: `import_file`.
    Interop(ModuleId, RecordId),
    /// A named import from outside the bundle.
    ExternalName(ExternalId, Atom),
    /// The namespace of a module outside the bundle.
    ExternalNamespace(ExternalId),
}

/// What a name in the source turns out to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Binding {
    /// A binding at chunk level.
    Symbol(SymbolId),
    /// A property of the object that a symbol holds: an export of CommonJS or of an outside namespace.
    Member(SymbolId, Atom),
    /// A value that is written where it is used.
    Constant(Constant),
    /// Nothing: reading it gives `undefined`.
    Undefined,
}

impl Binding {
    /// The symbol that must exist for the binding to work.
    pub fn symbol(&self) -> Option<SymbolId> {
        match self {
            Self::Symbol(symbol) | Self::Member(symbol, _) => Some(*symbol),
            Self::Constant(_) | Self::Undefined => None,
        }
    }
}

/// All symbols. Grows while imports are bound; read-only afterwards. What linking has invented is written down; the rest
/// follows from the graph.
#[derive(Clone, Serialize, Deserialize)]
pub struct SymbolTable {
    #[serde(skip)]
    locals: Arc<Locals>,
    /// What is behind them.
    owners: Vec<SymbolOwner>,
    #[serde(skip)]
    invented: FxHashMap<SymbolOwner, SymbolId>,
}

/// The bindings of modules' sources.
#[derive(Default)]
struct Locals {
    owners: IndexVec<SymbolId, SymbolOwner>,
    first_of: IndexVec<ModuleId, u32>,
}

impl SymbolTable {
    /// A table with every module's own bindings.
    ///
    /// # Panics
    /// With 2³² bindings or more.
    pub fn of_graph(graph: &ModuleGraph) -> Self {
        let count = graph
            .modules
            .iter()
            .map(|module| module.syntax.symbols.len())
            .sum();
        let mut locals = Locals {
            owners: IndexVec::with_capacity(count),
            first_of: IndexVec::with_capacity(graph.modules.len()),
        };
        for (id, module) in graph.modules.iter_enumerated() {
            locals
                .first_of
                .push(u32::try_from(locals.owners.len()).expect("fewer than 2^32 bindings"));
            for local in module.syntax.symbols.indices() {
                locals.owners.push(SymbolOwner::Local(id, local));
            }
        }
        Self {
            locals: Arc::new(locals),
            owners: Vec::new(),
            invented: FxHashMap::default(),
        }
    }

    /// The whole of a table that was written down, with the graph that it was made for.
    #[must_use]
    pub fn completed(self, graph: &ModuleGraph) -> Self {
        let mut table = Self::of_graph(graph);
        for owner in self.owners {
            table.invent(owner);
        }
        table
    }

    /// The symbol of a module's own binding.
    pub fn local(&self, module: ModuleId, local: LocalId) -> SymbolId {
        SymbolId::from_raw(self.locals.first_of[module] + local.raw())
    }

    /// The symbol of an invented binding, made at first use.
    pub fn invent(&mut self, owner: SymbolOwner) -> SymbolId {
        if let Some(symbol) = self.invented.get(&owner) {
            return *symbol;
        }
        let symbol = SymbolId::from_usize(self.len());
        self.owners.push(owner.clone());
        self.invented.insert(owner, symbol);
        symbol
    }

    /// The symbol of an invented binding, if anything asked for it.
    pub fn invented(&self, owner: &SymbolOwner) -> Option<SymbolId> {
        self.invented.get(owner).copied()
    }

    /// What a symbol stands for.
    pub fn owner(&self, symbol: SymbolId) -> &SymbolOwner {
        let locals = &self.locals.owners;
        match symbol.index().checked_sub(locals.len()) {
            None => &locals[symbol],
            Some(index) => &self.owners[index],
        }
    }

    /// How many symbols there are.
    pub fn len(&self) -> usize {
        self.locals.owners.len() + self.owners.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
