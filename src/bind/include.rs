//! Tree shaking: what can be reached from the entries and from side effects, statement by statement.
//!
//! ```js
//! // a.js                              // entry.js
//! export const used = 1                import { used } from './a'
//! export const unused = 2              console.log(used)
//! console.log('effect')
//! ```
//!
//! The entry's statement has an effect, so it is in; it uses `used`, so the statement that declares it is
//! in; being imported evaluates `a.js`, so the statement with the effect is in; `unused` is not asked for.

mod calls;
mod commonjs;
mod exports;
mod first_effect;
mod promises;
mod reads;
mod ways;

use std::collections::BTreeSet;

use commonjs::AskedExports;
use first_effect::FirstEffect;
use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use promises::Broken;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::ModuleExports;
use super::constants::Constants;
use super::exports::ExportResolver;
use super::extended::extends_no_class;
use super::imported_objects::{ImportedBy, Wanted};
use super::paths::Asked;
use super::ranks::Ranks;
use super::symbols::{Binding, SymbolId, SymbolOwner};
use super::view_forms::ViewReads;
use super::wrap::Wrapping;
use crate::graph::{
    AskedName, EntryKind, EntryPoint, LocalId, MemberPath, ModuleFormat, ModuleGraph, ModuleId,
    NamespaceQuestions, RecordId, RequestSyntax, StatementId, Target,
};

/// What is part of the bundle. Fields are those of `BoundGraph`.
pub struct Inclusion {
    pub modules: FixedBitSet,
    pub statements: IndexVec<ModuleId, FixedBitSet>,
    pub symbols: FixedBitSet,
    pub read_symbols: FixedBitSet,
    pub members: IndexVec<ModuleId, FxHashMap<(LocalId, MemberPath), Binding>>,
    pub key_tests: IndexVec<ModuleId, FxHashMap<(LocalId, Atom), bool>>,
    pub exports: FxHashMap<ModuleId, ModuleExports>,
    pub entries: Vec<EntryPoint>,
    pub dynamic_targets: FxHashSet<ModuleId>,
    pub asked_names: FxHashSet<SymbolId>,
    pub shown_views: FxHashSet<SymbolId>,
    pub view_reads: FxHashMap<(ModuleId, bool), ViewReads>,
    /// What `import()`s want.
    pub imported: FxHashMap<ImportedBy, Wanted>,
    pub view_names: FxHashMap<ModuleId, BTreeSet<Atom>>,
    pub asked_properties: FxHashMap<ModuleId, FxHashSet<Atom>>,
    /// Statements of which only the value counts that they give a binding.
    pub only_values: FxHashSet<(ModuleId, StatementId)>,
    /// The modules of objects on whose paths statements hang.
    pub object_owners: FxHashSet<ModuleId>,
    /// What namespaces are asked for as a whole.
    pub asked_namespaces: FxHashMap<ModuleId, NamespaceQuestions>,
    /// Modules that names which a module uses pass on their way, and that are to run.
    pub passed: FxHashMap<ModuleId, BTreeSet<ModuleId>>,
}

enum Task {
    Module(ModuleId),
    Statement(ModuleId, StatementId),
    /// The value that a statement gives a binding, until something uses that.
    Value(ModuleId, StatementId),
    Symbol(SymbolId),
    /// The same, where nobody is known to read it: a statement that is included declares it, or only asks what is in it.
    Declared(SymbolId),
}

/// Finds everything reachable from the entries.
#[tracing::instrument(skip_all)]
pub fn include<'a>(
    graph: &'a ModuleGraph,
    resolver: &mut ExportResolver<'a>,
    imports: &IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    constants: &Constants<'a>,
    wrapping: &IndexVec<ModuleId, Wrapping>,
    ranks: &Ranks,
) -> Inclusion {
    let asked_paths = Asked::of(graph, resolver, imports);
    let object_owners = asked_paths.owners(resolver);
    let mut includer = Includer {
        asked_paths,
        graph,
        imports,
        constants,
        wrapping,
        ranks,
        tasks: Vec::new(),
        whole: FxHashSet::default(),
        asked: AskedExports::default(),
        waiting: FxHashMap::default(),
        left_out: promises::LeftOut::default(),
        broken: Broken::default(),
        first_effect: FirstEffect::of(graph, ranks),
        keeps_all_exports: graph
            .modules
            .iter()
            .any(|module| module.syntax.features.uses_module_cache),
        has_ways_with_effects: ways::has_ways_with_effects(graph),
        output: Inclusion {
            modules: FixedBitSet::with_capacity(graph.modules.len()),
            statements: graph
                .modules
                .iter()
                .map(|module| FixedBitSet::with_capacity(module.syntax.statements.len()))
                .collect(),
            symbols: FixedBitSet::with_capacity(resolver.known.symbols.len()),
            read_symbols: FixedBitSet::with_capacity(resolver.known.symbols.len()),
            members: graph.modules.iter().map(|_| FxHashMap::default()).collect(),
            key_tests: graph.modules.iter().map(|_| FxHashMap::default()).collect(),
            exports: FxHashMap::default(),
            entries: graph.entries.clone(),
            dynamic_targets: FxHashSet::default(),
            asked_names: FxHashSet::default(),
            shown_views: FxHashSet::default(),
            view_reads: FxHashMap::default(),
            imported: FxHashMap::default(),
            view_names: FxHashMap::default(),
            asked_properties: FxHashMap::default(),
            only_values: FxHashSet::default(),
            object_owners,
            asked_namespaces: FxHashMap::default(),
            passed: FxHashMap::default(),
        },
        resolver,
    };
    for entry in &graph.entries {
        includer.entry(entry.module);
    }
    includer.run();
    includer.add_dynamic_entries();
    includer.output
}

struct Includer<'a, 'b> {
    graph: &'a ModuleGraph,
    resolver: &'b mut ExportResolver<'a>,
    imports: &'b IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    constants: &'b Constants<'a>,
    wrapping: &'b IndexVec<ModuleId, Wrapping>,
    /// When each module is evaluated.
    ranks: &'b Ranks,
    tasks: Vec<Task>,
    /// Modules all of whose exports are visible.
    whole: FxHashSet<ModuleId>,
    /// Exports of CommonJS modules that are read.
    asked: AskedExports,
    /// What importers ask objects of other modules for.
    asked_paths: Asked,
    /// Statements that count once a binding is used which functions that they call fill.
    waiting: FxHashMap<SymbolId, Vec<(ModuleId, StatementId)>>,
    /// What statements rely on that are left out.
    left_out: promises::LeftOut,
    /// Promises that are not kept.
    broken: Broken,
    /// The first statement that does something.
    first_effect: FirstEffect,
    /// Whether code may find every CommonJS module.
    keeps_all_exports: bool,
    /// Whether names may pass modules with effects behind those that promise none.
    has_ways_with_effects: bool,
    output: Inclusion,
}

impl Includer<'_, '_> {
    fn run(&mut self) {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Module(module) => self.module(module),
                Task::Statement(module, statement) => self.statement(module, statement),
                Task::Value(module, statement) => self.value(module, statement),
                Task::Symbol(symbol) => {
                    self.output.read_symbols.grow_and_insert(symbol.index());
                    self.symbol(symbol);
                }
                Task::Declared(symbol) => self.symbol(symbol),
            }
        }
    }

    fn invent(&mut self, owner: SymbolOwner) {
        let symbol = self.resolver.known.symbols.invent(owner);
        self.tasks.push(Task::Symbol(symbol));
    }

    fn binding(&mut self, binding: &Binding) {
        self.ask_binding(binding);
        if let Some(symbol) = binding.symbol() {
            self.tasks.push(Task::Symbol(symbol));
        }
        if let Binding::Symbol(symbol) = *binding {
            self.show_view(symbol);
        }
    }

    fn module(&mut self, id: ModuleId) {
        if self.output.modules.put(id.index()) {
            return;
        }
        let module = &self.graph.modules[id];
        let syntax = &module.syntax;
        let is_whole = syntax.features.has_dynamic_scope || syntax.features.uses_module_arguments;
        if is_whole || self.keeps_all_exports {
            self.show_exports(id);
        }
        self.write_asked(id);
        if syntax.features.uses_module_object {
            // `module.children`
            self.show_required(id);
        }
        for (statement, facts) in syntax.statements.iter_enumerated() {
            let is_observed = facts.has_side_effects && !self.needs_only_what_imports_are(id, statement);
            let is_observed = is_observed
                || self.reads_unknown_objects(id, statement)
                || facts
                    .extended
                    .and_then(|local| self.imports[id].get(&local))
                    .is_some_and(|parent| extends_no_class(self.graph, &self.resolver.known.symbols, parent));
            if is_whole || is_observed || self.reads_too_early(id, statement) {
                self.note_effect(id, statement);
                let task = if !is_whole && self.only_value_counts(id, statement) {
                    Task::Value(id, statement)
                } else {
                    Task::Statement(id, statement)
                };
                self.tasks.push(task);
            }
        }
        if self.wrapping[id] != Wrapping::Hoisted {
            self.invent(SymbolOwner::Wrapper(id));
        }
        for (record, request) in syntax.records.iter_enumerated() {
            if request.syntax == RequestSyntax::Static
                && let Target::Module(target) = module.targets[record]
                && self.graph.modules[target].may_have_side_effects
            {
                self.tasks.push(Task::Module(target));
            }
        }
    }

    fn statement(&mut self, id: ModuleId, statement: StatementId) {
        let is_known = self.output.statements[id].put(statement.index());
        if !self.output.only_values.remove(&(id, statement)) && is_known {
            return;
        }
        self.code_of_statement(id, statement, None);
    }

    /// Whether nobody uses the binding that a statement gives a value, so far. All of the statement counts as soon as someone
    /// does.
    fn only_value_counts(&mut self, id: ModuleId, statement: StatementId) -> bool {
        let syntax = &self.graph.modules[id].syntax;
        let facts = &syntax.statements[statement];
        let is_plain = syntax.format == ModuleFormat::EsModule
            && syntax.hoisted.is_none()
            && !syntax.features.keeps_everything
            && facts.exports_use.is_none();
        let Some(local) = facts.gives.filter(|_| is_plain) else {
            return false;
        };
        let symbol = self.resolver.known.symbols.local(id, local);
        if self.output.symbols.contains(symbol.index()) {
            return false;
        }
        self.waiting.entry(symbol).or_default().push((id, statement));
        true
    }

    fn value(&mut self, id: ModuleId, statement: StatementId) {
        if self.output.statements[id].put(statement.index()) {
            return;
        }
        self.output.only_values.insert((id, statement));
        let given = self.graph.modules[id].syntax.statements[statement].gives;
        self.code_of_statement(id, statement, given);
    }

    /// What a statement uses, except for one binding.
    fn code_of_statement(&mut self, id: ModuleId, statement: StatementId, except: Option<LocalId>) {
        let facts = &self.graph.modules[id].syntax.statements[statement];
        let is_object_of_some = self.makes_object_of_some(id, statement);
        let uses = facts.uses.iter().filter(|local| Some(**local) != except);
        for &local in uses.filter(|_| !is_object_of_some) {
            if let Some(binding) = self.imports[id].get(&local) {
                self.way_of_import(id, local);
                if !self.only_asks(binding, facts, local) {
                    self.binding(binding);
                }
            } else {
                let symbol = self.resolver.known.symbols.local(id, local);
                let declared_by = &self.graph.modules[id].syntax.symbols[local].declared_by;
                self.tasks.push(if declared_by.as_slice() == [statement] {
                    Task::Declared(symbol)
                } else {
                    Task::Symbol(symbol)
                });
            }
        }
        for (local, path) in &facts.member_uses {
            self.way_of_import(id, *local);
            self.member_use(id, *local, path);
        }
        for (local, name) in &facts.key_tests {
            self.way_of_import(id, *local);
            self.key_test(id, *local, name);
        }
        let asked = facts.asked_names.iter();
        let asked = asked.map(|local| self.resolver.known.symbols.local(id, *local));
        self.output.asked_names.extend(asked);
        for &record in &facts.records {
            self.request(id, record);
        }
        self.use_exports(id, statement);
    }

    /// A request inside a statement.
    fn request(&mut self, id: ModuleId, record: RecordId) {
        let module = &self.graph.modules[id];
        let syntax = module.syntax.records[record].syntax;
        match (module.targets[record], syntax) {
            (Target::Module(target), syntax) if syntax.loads_later() => {
                self.output.dynamic_targets.insert(target);
                if syntax == RequestSyntax::Dynamic {
                    let asked = &module.syntax.records[record].asked;
                    let wanted = asked.as_ref().map_or(Wanted::Whole, |_| Wanted::Names);
                    let by = (target, module.is_node_module_syntax);
                    let most = self.output.imported.entry(by).or_insert(wanted);
                    *most = wanted.max(*most);
                }
                // What is loaded only to run is not left out, whatever its package promises.
                let runs = |names: &[AskedName]| {
                    names.is_empty()
                        && !self.graph.modules[target].may_have_side_effects
                        && self.may_do_something(target)
                };
                match &module.syntax.records[record].asked {
                    Some(names) if !runs(names) => self.some_exports(target, names),
                    _ => self.entry(target),
                }
            }
            (
                _,
                RequestSyntax::Asset
                | RequestSyntax::Style
                | RequestSyntax::StyleText
                | RequestSyntax::RequireResolve,
            ) => {}
            (Target::Module(target), _) if self.resolver.json_value(target).is_some() => {
                self.tasks
                    .extend(self.resolver.json_value(target).map(Task::Symbol));
            }
            (Target::Module(target), _) if let Some(object) = self.exports_object(target) => {
                self.tasks.push(Task::Module(target));
                self.tasks.extend(object.symbol().map(Task::Symbol));
            }
            (Target::Module(target), _) => {
                self.tasks.push(Task::Module(target));
                self.invent(SymbolOwner::Wrapper(target));
                if self.wrapping[target] == Wrapping::Lazy
                    && !module.syntax.records[record].is_discarded()
                    && !self.required_value(target)
                {
                    self.invent(SymbolOwner::Namespace(target));
                }
            }
            (Target::External(external), RequestSyntax::Require | RequestSyntax::RequireInTry)
                if !self.graph.externals[external].is_builtin =>
            {
                self.invent(SymbolOwner::ExternalNamespace(external));
            }
            _ => {}
        }
    }

    fn symbol(&mut self, symbol: SymbolId) {
        self.output.symbols.grow(symbol.index() + 1);
        if self.output.symbols.put(symbol.index()) {
            return;
        }
        for (module, statement) in self.waiting.remove(&symbol).into_iter().flatten() {
            self.tasks.push(Task::Statement(module, statement));
        }
        match self.resolver.known.symbols.owner(symbol).clone() {
            SymbolOwner::Local(module, local) => {
                self.tasks.push(Task::Module(module));
                let symbol = &self.graph.modules[module].syntax.symbols[local];
                let is_object_of_some = self.is_object_of_some(module, local);
                let fills = symbol.filled_by.iter().filter(|_| !is_object_of_some);
                for &statement in symbol.declared_by.iter().chain(fills) {
                    self.tasks.push(Task::Statement(module, statement));
                }
            }
            SymbolOwner::Namespace(module) => {
                self.tasks.push(Task::Module(module));
                self.all_exports(module);
                for external in self.output.exports[&module].external_stars.clone() {
                    self.invent(SymbolOwner::ExternalNamespace(external));
                }
            }
            SymbolOwner::Wrapper(module) => self.tasks.push(Task::Module(module)),
            SymbolOwner::Interop(module, record) => {
                self.tasks.push(Task::Module(module));
                if let Target::External(external) = self.graph.modules[module].targets[record]
                    && !self.graph.externals[external].is_builtin
                {
                    self.invent(SymbolOwner::ExternalNamespace(external));
                }
                if let Target::Module(target) = self.graph.modules[module].targets[record] {
                    self.tasks.push(Task::Module(target));
                    match self.exports_object(target) {
                        Some(object) => self.binding(&object),
                        None => self.invent(SymbolOwner::Wrapper(target)),
                    }
                }
            }
            SymbolOwner::ExternalName(..) | SymbolOwner::ExternalNamespace(_) => {}
        }
    }

    /// Targets of `import()` become entry points, unless they are declared entries already.
    fn add_dynamic_entries(&mut self) {
        let declared: FxHashSet<ModuleId> = self.graph.entries.iter().map(|entry| entry.module).collect();
        let mut targets: Vec<ModuleId> = self
            .output
            .dynamic_targets
            .difference(&declared)
            .copied()
            .collect();
        targets.sort_unstable();
        for module in targets {
            let path = &self.graph.modules[module].path;
            let name = path
                .file_stem()
                .map_or_else(|| "chunk".into(), |stem| stem.to_string_lossy());
            self.output.entries.push(EntryPoint {
                name: name.into_owned(),
                module,
                kind: EntryKind::Dynamic,
                interface: None,
            });
        }
    }
}
