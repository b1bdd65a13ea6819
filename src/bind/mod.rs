//! Binds names across modules and decides what is needed: each import finds the binding it stands for,
//! lazily evaluated modules get wrappers, unneeded statements are left out, and modules get the order in
//! which a standards-conforming engine would evaluate them.

mod barrels;
mod constants;
mod cycles;
mod early_code;
#[expect(
    clippy::similar_names,
    reason = "import, importer and imported are the field's words"
)]
mod exports;
mod extended;
mod hoist;
mod imported_objects;
mod imports;
mod include;
mod insides;
mod json;
mod likeness;
mod module_objects;
mod order;
mod parameters;
mod paths;
mod ranks;
mod rounds;
mod settled;
mod settled_objects;
mod symbols;
mod unset;
mod view_forms;
mod wanted_name;
mod wrap;

use std::collections::BTreeSet;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;

use crate::diagnostic::Diagnostic;
use crate::graph::{
    EntryKind, EntryPoint, ExternalId, LocalId, MemberPath, Module, ModuleGraph, ModuleId,
    NamespaceQuestions, StatementId,
};
use rounds::{Names, Rounds};

pub use cycles::circles_of_modules;
pub use extended::extends_no_class;
pub use imported_objects::{HandedOver, LIVE, VIEW};
pub use likeness::in_place_of;
pub use module_objects::ModuleObjects;
pub use order::Step;
pub use symbols::{Binding, SymbolId, SymbolOwner, SymbolTable};
pub use view_forms::{ViewForm, ViewReads};
pub use wanted_name::wanted_name;
pub use wrap::Wrapping;

/// The graph with every name bound. Written here; read by `chunk` and `render`.
#[derive(Serialize, Deserialize)]
pub struct BoundGraph {
    /// The modules, unchanged.
    pub graph: ModuleGraph,
    /// Every binding that can appear at chunk level.
    pub symbols: SymbolTable,
    /// What each import binding of a module stands for.
    pub imports: IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    /// What `namespace.name` stands for, where the namespace is an import of the module.
    pub members: IndexVec<ModuleId, FxHashMap<(LocalId, MemberPath), Binding>>,
    /// What `'name' in namespace` is, where it is known.
    pub key_tests: IndexVec<ModuleId, FxHashMap<(LocalId, Atom), bool>>,
    /// How each module is evaluated.
    pub wrapping: IndexVec<ModuleId, Wrapping>,
    /// Which bindings of modules that are evaluated on demand may be read before they have a value.
    pub may_be_unset: FixedBitSet,
    /// Which modules take an `await` when they are evaluated on demand.
    pub asynchronous: FixedBitSet,
    /// Which modules import each other in a circle.
    pub in_cycle: FixedBitSet,
    /// Which modules are part of the bundle.
    pub included: FixedBitSet,
    /// Which statements of each module are part of the bundle.
    pub included_statements: IndexVec<ModuleId, FixedBitSet>,
    /// Which symbols something in the bundle needs.
    pub used_symbols: FixedBitSet,
    /// Those that something else needs than the statement that declares them, or than to ask what is in them.
    pub read_symbols: FixedBitSet,
    /// Exports of modules whose signature matters (entries) or whose namespace object exists.
    pub exports: FxHashMap<ModuleId, ModuleExports>,
    /// The targets of included `import()` calls, declared entries among them.
    pub dynamic_targets: FxHashSet<ModuleId>,
    /// Functions and classes whose `name` something reads.
    pub asked_names: FxHashSet<SymbolId>,
    /// Views of CommonJS modules that are used as objects, not only for their members.
    pub shown_views: FxHashSet<SymbolId>,
    /// CommonJS modules whose files hand over what `import()` gives of them.
    handed_over: FxHashMap<ModuleId, HandedOver>,
    /// What ES modules read of CommonJS modules, by whether Node would know the importer as one.
    pub view_reads: FxHashMap<(ModuleId, bool), ViewReads>,
    /// The names that ES modules of Node read of CommonJS modules, where they read names.
    pub view_names: FxHashMap<ModuleId, BTreeSet<Atom>>,
    /// The names that are read of exports objects of which not more is used.
    pub asked_properties: FxHashMap<ModuleId, FxHashSet<Atom>>,
    /// Statements of which only the value counts that they give a binding, as nobody uses that.
    pub only_values: FxHashSet<(ModuleId, StatementId)>,
    /// What namespaces are asked for as a whole.
    asked_namespaces: FxHashMap<ModuleId, NamespaceQuestions>,
    /// Modules that names which a module uses pass on their way, and that are to run.
    pub passed: FxHashMap<ModuleId, BTreeSet<ModuleId>>,
    /// What the module objects of CommonJS modules have in common.
    pub module_objects: ModuleObjects,
    /// Declared entries, then the targets of included `import()` calls in module order.
    pub entries: Vec<EntryPoint>,
    /// Included modules in the order of `steps`.
    pub order: Vec<ModuleId>,
    /// The evaluation of all entries, one after the other.
    pub steps: Vec<Step>,
    /// The steps of each entry evaluated alone.
    pub entry_steps: Vec<Vec<Step>>,
    inner_entries: usize,
    insides: insides::Insides,
    /// For whoever binds it once more.
    #[serde(skip)]
    undecided: Vec<settled::Undecided>,
}

/// What a module exports, all names resolved.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ModuleExports {
    /// Sorted by name.
    pub bindings: Vec<(Atom, Binding)>,
    /// `export *` from modules outside the bundle.
    pub external_stars: Vec<ExternalId>,
    /// For CommonJS: names read from `module.exports` after evaluation.
    pub commonjs_names: Vec<Atom>,
}

impl ModuleExports {
    /// Where the binding of a name is, or belongs.
    ///
    /// # Errors
    /// The place where it belongs.
    fn place_of(&self, name: &Atom) -> Result<usize, usize> {
        // ECMA-262 §10.4.6.12: sorted by code units.
        self.bindings
            .binary_search_by(|(known, _)| known.encode_utf16().cmp(name.encode_utf16()))
    }
}

impl BoundGraph {
    /// The whole of a graph that was written down, with its modules.
    #[must_use]
    pub fn completed(mut self, modules: IndexVec<ModuleId, Module>) -> Self {
        self.graph.modules = modules;
        self.symbols = self.symbols.completed(&self.graph);
        self
    }

    /// The binding that holds the value of a JSON file; none for other modules.
    pub fn json_value(&self, module: ModuleId) -> Option<SymbolId> {
        exports::json_value(&self.graph, &self.symbols, module)
    }

    /// What is `module.exports` of a CommonJS module that stands at the top level, where not only names of it are read.
    pub fn exports_object(&self, module: ModuleId) -> Option<Binding> {
        let local = self.graph.modules[module].exports_object?;
        let imported = self.imports[module].get(&local).cloned();
        Some(imported.unwrap_or_else(|| Binding::Symbol(self.symbols.local(module, local))))
    }

    /// What `require()` gives of an ES module in place of its namespace: what it exports as `module.exports`, or the one
    /// value that it is.
    pub fn required_value(&self, module: ModuleId) -> Option<&Binding> {
        let wanted = exports::required_name(&self.graph, module);
        let mut bindings = self.exports.get(&module)?.bindings.iter();
        bindings
            .find(|(name, _)| **name == *wanted)
            .map(|(_, binding)| binding)
    }

    /// The exports object of a CommonJS module that stands at the top level, where others only read names of it.
    pub fn object_of_some(&self, module: ModuleId) -> Option<LocalId> {
        let node = &self.graph.modules[module];
        let has_names = node
            .syntax
            .hoisted
            .as_ref()
            .is_some_and(|hoisted| hoisted.has_names);
        node.exports_object
            .filter(|_| has_names && !node.shows_exports_object)
    }

    /// Makes a module an entry whose file nobody loads for itself.
    pub fn add_inner_entry(&mut self, module: ModuleId) {
        self.dynamic_targets.insert(module);
        if self.entries.iter().any(|entry| entry.module == module) {
            return;
        }
        self.entries.push(EntryPoint {
            name: self.graph.modules[module].stable_path.clone(),
            module,
            kind: EntryKind::Dynamic,
            interface: None,
        });
        let steps = order::evaluation_steps(&self.graph, &self.included, &self.wrapping, [module]);
        self.entry_steps.push(steps);
        self.inner_entries += 1;
    }

    /// How many of the entries are loaded for themselves; the others come after them.
    pub fn outer_entries(&self) -> usize {
        self.entries.len() - self.inner_entries
    }

    /// Whether a module is part of the bundle.
    pub fn is_included(&self, module: ModuleId) -> bool {
        self.included.contains(module.index())
    }

    /// Whether something needs a symbol.
    pub fn is_used(&self, symbol: SymbolId) -> bool {
        self.used_symbols.contains(symbol.index())
    }

    /// What the namespace of a module is asked for as a whole, if that is all that anyone does with it.
    pub fn namespace_questions(&self, module: ModuleId) -> Option<NamespaceQuestions> {
        let symbol = self.symbols.invented(&SymbolOwner::Namespace(module))?;
        let is_read = self.read_symbols.contains(symbol.index());
        self.asked_namespaces.get(&module).copied().filter(|_| !is_read)
    }

    /// Whether nothing but the statement that declares a symbol mentions it.
    pub fn is_declared_in_vain(&self, symbol: SymbolId) -> bool {
        self.is_used(symbol) && !self.read_symbols.contains(symbol.index())
    }
}

/// Binds a graph.
///
/// # Errors
/// Missing and ambiguous exports, with positions.
#[tracing::instrument(skip_all)]
pub fn bind(mut graph: ModuleGraph) -> Result<BoundGraph, Vec<Diagnostic>> {
    hoist::hoist_simple_commonjs(&mut graph);
    let in_cycle = cycles::modules_in_cycles(&graph);
    barrels::keep_effects_of_barrels(&mut graph);
    barrels::find_names_behind_promises(&mut graph);
    let wrapping = wrap::wrap_required_modules(&graph);
    barrels::keep_ways_to_lazy_modules(&mut graph, &wrapping);
    bind_wrapped(graph, wrapping, &in_cycle)
}

/// Binds again, with `modules` and what they import evaluated on demand: for modules whose place in the
/// evaluation order no chunk layout can keep.
///
/// # Errors
/// As [`bind`]; a graph that was bound before has none.
#[tracing::instrument(skip_all)]
pub fn bind_lazily(bound: BoundGraph, modules: Vec<ModuleId>) -> Result<BoundGraph, Vec<Diagnostic>> {
    let BoundGraph {
        mut graph,
        mut wrapping,
        in_cycle,
        undecided,
        ..
    } = bound;
    settled::restore(&mut graph, undecided);
    wrap::wrap_lazily(&graph, &mut wrapping, modules);
    barrels::keep_ways_to_lazy_modules(&mut graph, &wrapping);
    bind_wrapped(graph, wrapping, &in_cycle)
}

fn bind_wrapped(
    mut graph: ModuleGraph,
    wrapping: IndexVec<ModuleId, Wrapping>,
    in_cycle: &FixedBitSet,
) -> Result<BoundGraph, Vec<Diagnostic>> {
    let mut rounds = Rounds::new(&wrapping, in_cycle);
    let (names, undecided) = settled::bind_settled(&mut graph, &mut rounds)?;
    let insides = rounds.insides.without_repetition();
    let Names {
        symbols,
        imports,
        inclusion,
    } = names;
    let imports = Arc::unwrap_or_clone(imports);
    let steps_of = |entries: &[EntryPoint]| {
        order::evaluation_steps(
            &graph,
            &inclusion.modules,
            &wrapping,
            entries.iter().map(|entry| entry.module),
        )
    };
    let steps = steps_of(&inclusion.entries);
    let entry_steps = inclusion
        .entries
        .iter()
        .map(|entry| steps_of(std::slice::from_ref(entry)))
        .collect();
    let order = steps
        .iter()
        .filter_map(|step| match step {
            Step::Module(module) => Some(*module),
            Step::Evaluate { .. } => None,
        })
        .collect();
    Ok(BoundGraph {
        insides,
        handed_over: imported_objects::handed_over(
            &graph,
            &symbols,
            &inclusion.imported,
            &inclusion.shown_views,
        ),
        may_be_unset: unset::symbols_to_check(&graph, &wrapping, in_cycle, &inclusion, &symbols),
        symbols,
        imports,
        members: inclusion.members,
        key_tests: inclusion.key_tests,
        asynchronous: wrap::asynchronous_modules(&graph, &wrapping),
        in_cycle: in_cycle.clone(),
        wrapping,
        module_objects: ModuleObjects::of(&graph, &inclusion.modules),
        included: inclusion.modules,
        included_statements: inclusion.statements,
        used_symbols: inclusion.symbols,
        read_symbols: inclusion.read_symbols,
        exports: inclusion.exports,
        dynamic_targets: inclusion.dynamic_targets,
        asked_names: inclusion.asked_names,
        shown_views: inclusion.shown_views,
        view_reads: inclusion.view_reads,
        view_names: inclusion.view_names,
        asked_properties: inclusion.asked_properties,
        asked_namespaces: inclusion.asked_namespaces,
        passed: inclusion.passed,
        only_values: inclusion.only_values,
        entries: inclusion.entries,
        order,
        steps,
        entry_steps,
        inner_entries: 0,
        undecided,
        graph,
    })
}
