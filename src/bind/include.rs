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

mod commonjs;

use std::collections::BTreeSet;

use commonjs::AskedExports;
use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::ModuleExports;
use super::constants::Constants;
use super::exports::{ExportResolver, Resolution};
use super::extended::extends_no_class;
use super::paths::Asked;
use super::symbols::{Binding, SymbolId, SymbolOwner};
use super::view_forms::ViewReads;
use super::wrap::Wrapping;
use crate::graph::{
    AskedName, EntryKind, EntryPoint, ImportNeeds, LocalId, MemberPath, ModuleFormat, ModuleGraph, ModuleId,
    RecordId, RequestSyntax, StatementFacts, StatementId, Target,
};

/// What is part of the bundle. Fields are those of `BoundGraph`.
pub struct Inclusion {
    pub modules: FixedBitSet,
    pub statements: IndexVec<ModuleId, FixedBitSet>,
    pub symbols: FixedBitSet,
    pub members: IndexVec<ModuleId, FxHashMap<(LocalId, MemberPath), Binding>>,
    pub key_tests: IndexVec<ModuleId, FxHashMap<(LocalId, Atom), bool>>,
    pub exports: FxHashMap<ModuleId, ModuleExports>,
    pub entries: Vec<EntryPoint>,
    pub dynamic_targets: FxHashSet<ModuleId>,
    pub asked_names: FxHashSet<SymbolId>,
    pub shown_views: FxHashSet<SymbolId>,
    pub view_reads: FxHashMap<(ModuleId, bool), ViewReads>,
    pub view_names: FxHashMap<ModuleId, BTreeSet<Atom>>,
    pub asked_properties: FxHashMap<ModuleId, FxHashSet<Atom>>,
}

enum Task {
    Module(ModuleId),
    Statement(ModuleId, StatementId),
    Symbol(SymbolId),
}

/// Finds everything reachable from the entries.
pub fn include<'a>(
    graph: &'a ModuleGraph,
    resolver: &mut ExportResolver<'a>,
    imports: &IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    constants: &Constants<'a>,
    wrapping: &IndexVec<ModuleId, Wrapping>,
    ranks: &IndexVec<ModuleId, usize>,
) -> Inclusion {
    let mut includer = Includer {
        asked_paths: Asked::of(graph, resolver, imports),
        graph,
        imports,
        constants,
        wrapping,
        ranks,
        tasks: Vec::new(),
        whole: FxHashSet::default(),
        asked: AskedExports::default(),
        keeps_all_exports: graph
            .modules
            .iter()
            .any(|module| module.syntax.features.uses_module_cache),
        output: Inclusion {
            modules: FixedBitSet::with_capacity(graph.modules.len()),
            statements: graph
                .modules
                .iter()
                .map(|module| FixedBitSet::with_capacity(module.syntax.statements.len()))
                .collect(),
            symbols: FixedBitSet::with_capacity(resolver.symbols.len()),
            members: graph.modules.iter().map(|_| FxHashMap::default()).collect(),
            key_tests: graph.modules.iter().map(|_| FxHashMap::default()).collect(),
            exports: FxHashMap::default(),
            entries: graph.entries.clone(),
            dynamic_targets: FxHashSet::default(),
            asked_names: FxHashSet::default(),
            shown_views: FxHashSet::default(),
            view_reads: FxHashMap::default(),
            view_names: FxHashMap::default(),
            asked_properties: FxHashMap::default(),
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
    ranks: &'b IndexVec<ModuleId, usize>,
    tasks: Vec<Task>,
    /// Modules all of whose exports are visible.
    whole: FxHashSet<ModuleId>,
    /// Exports of CommonJS modules that are read.
    asked: AskedExports,
    /// What importers ask objects of other modules for.
    asked_paths: Asked,
    /// Whether code may find every CommonJS module.
    keeps_all_exports: bool,
    output: Inclusion,
}

impl Includer<'_, '_> {
    fn run(&mut self) {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Module(module) => self.module(module),
                Task::Statement(module, statement) => self.statement(module, statement),
                Task::Symbol(symbol) => self.symbol(symbol),
            }
        }
    }

    /// A module whose whole signature is visible from outside.
    fn entry(&mut self, module: ModuleId) {
        self.tasks.push(Task::Module(module));
        let is_plain = self.graph.modules[module].syntax.features.is_plain_script;
        if !is_plain || !self.is_declared_entry(module) {
            self.all_exports(module);
        }
        if self.wrapping[module] != Wrapping::Hoisted {
            self.invent(SymbolOwner::Wrapper(module));
        }
    }

    /// The file of a declared entry that is no module exports nothing.
    fn is_declared_entry(&self, module: ModuleId) -> bool {
        self.graph.entries.iter().any(|entry| entry.module == module)
    }

    fn all_exports(&mut self, module: ModuleId) {
        if !self.whole.insert(module) {
            return;
        }
        let mut exports = ModuleExports {
            external_stars: self.resolver.external_stars(module),
            ..ModuleExports::default()
        };
        let node = &self.graph.modules[module];
        if node.syntax.format == ModuleFormat::CommonJs || node.shown_object().is_some() {
            self.show_exports(module);
            exports.commonjs_names = self.resolver.commonjs_names(module).to_vec();
        } else {
            exports.bindings = self.resolver.exported_bindings(module);
        }
        self.add_interface(module, &mut exports);
        for (_, binding) in &exports.bindings {
            self.binding(binding);
        }
        self.output.exports.insert(module, exports);
    }

    /// The target of an `import()` that asks for certain names only. `then` is asked for by whoever waits for a module.
    fn some_exports(&mut self, module: ModuleId, asked: &[AskedName]) {
        let is_known = self.graph.modules[module].syntax.format == ModuleFormat::EsModule
            && !self.graph.modules[module].syntax.features.is_json
            && self.wrapping[module] == Wrapping::Hoisted
            && self.resolver.external_stars(module).is_empty();
        if !is_known || asked.iter().any(|name| self.sees_namespace(module, name)) {
            self.entry(module);
            return;
        }
        self.tasks.push(Task::Module(module));
        if self.whole.contains(&module) {
            return;
        }
        let then = Atom::from("then");
        for name in asked.iter().map(|asked| &asked.name).chain([&then]) {
            let known = self.output.exports.entry(module).or_default();
            if let Err(place) = known.place_of(name)
                && let Resolution::Found(binding) | Resolution::Guessed(binding) =
                    self.resolver.resolve(module, name)
            {
                known.bindings.insert(place, (name.clone(), binding.clone()));
                self.binding(&binding);
            }
        }
    }

    /// Whether a function of the module may be called with the namespace as `this`.
    fn sees_namespace(&mut self, module: ModuleId, asked: &AskedName) -> bool {
        asked.is_method
            && match self.resolver.resolve(module, &asked.name) {
                Resolution::Found(binding) => self.uses_this(&binding),
                _ => false,
            }
    }

    /// Names that a provided package has only in the other mode are read too: they are `undefined` here.
    fn add_interface(&mut self, module: ModuleId, exports: &mut ModuleExports) {
        let entries = self.graph.entries.iter().filter(|entry| entry.module == module);
        for name in entries.filter_map(|entry| entry.interface.as_ref()).flatten() {
            if self.graph.modules[module].syntax.format == ModuleFormat::CommonJs {
                if !exports.commonjs_names.contains(name) {
                    exports.commonjs_names.push(name.clone());
                }
            } else if exports.bindings.iter().all(|(known, _)| known != name)
                && let Resolution::Found(binding) | Resolution::Guessed(binding) =
                    self.resolver.resolve(module, name)
            {
                exports.bindings.push((name.clone(), binding));
            }
        }
    }

    fn invent(&mut self, owner: SymbolOwner) {
        let symbol = self.resolver.symbols.invent(owner);
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

    /// The namespace of a CommonJS module that is used as an object shows its names, those without a value too.
    fn show_view(&mut self, symbol: SymbolId) {
        if let SymbolOwner::Interop(importer, record) = *self.resolver.symbols.owner(symbol)
            && let Target::Module(target) = self.graph.modules[importer].targets[record]
            && !self.graph.modules[importer].syntax.records[record].is_required
            && self.output.shown_views.insert(symbol)
        {
            self.reads_of(importer, target).whole = true;
            self.all_exports(target);
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
            let is_observed = facts.has_side_effects && !self.needs_only_what_imports_are(id, facts);
            let is_observed = is_observed
                || self.reads_unknown_objects(id, statement)
                || facts
                    .extended
                    .and_then(|local| self.imports[id].get(&local))
                    .is_some_and(|parent| extends_no_class(self.graph, &self.resolver.symbols, parent));
            if is_whole || is_observed || self.reads_too_early(id, statement) {
                self.tasks.push(Task::Statement(id, statement));
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
        if self.output.statements[id].put(statement.index()) {
            return;
        }
        let facts = &self.graph.modules[id].syntax.statements[statement];
        let is_object_of_some = self.makes_object_of_some(id, statement);
        for &local in facts.uses.iter().filter(|_| !is_object_of_some) {
            if let Some(binding) = self.imports[id].get(&local) {
                self.binding(binding);
            } else {
                self.tasks
                    .push(Task::Symbol(self.resolver.symbols.local(id, local)));
            }
        }
        for (local, path) in &facts.member_uses {
            self.member_use(id, *local, path);
        }
        for (local, name) in &facts.key_tests {
            self.key_test(id, *local, name);
        }
        let asked = facts.asked_names.iter();
        let asked = asked.map(|local| self.resolver.symbols.local(id, *local));
        self.output.asked_names.extend(asked);
        for &record in &facts.records {
            self.request(id, record);
        }
        self.use_exports(id, statement);
    }

    /// Whether the imports of a statement are what it needs to do nothing that can be observed.
    fn needs_only_what_imports_are(&mut self, id: ModuleId, facts: &StatementFacts) -> bool {
        let declared = |local: &LocalId| {
            let Some(Binding::Symbol(symbol)) = self.imports[id].get(local) else {
                return None;
            };
            match *self.resolver.symbols.owner(*symbol) {
                // What it reads has values by then.
                SymbolOwner::Local(other, local) if self.ranks[other] < self.ranks[id] => {
                    Some(&self.graph.modules[other].syntax.symbols[local])
                }
                _ => None,
            }
        };
        let is_written_out = |local: &LocalId| {
            matches!(
                self.imports[id].get(local),
                Some(Binding::Constant(_) | Binding::Undefined)
            )
        };
        let ImportNeeds {
            quiet,
            primitive,
            paths,
        } = &facts.silent_if;
        let is_quiet = |local| declared(local).is_some_and(|symbol| symbol.is_quiet);
        let is_primitive =
            |local| is_written_out(local) || declared(local).is_some_and(|symbol| symbol.is_primitive);
        !facts.silent_if.is_empty()
            && quiet.iter().all(is_quiet)
            && primitive.iter().all(is_primitive)
            && paths
                .iter()
                .all(|(local, path)| self.is_plain_path(id, *local, path))
    }

    /// Whether asking an import for a path runs no code.
    fn is_plain_path(&mut self, id: ModuleId, local: LocalId, path: &MemberPath) -> bool {
        let Self {
            graph,
            resolver,
            imports,
            ranks,
            ..
        } = self;
        let is_before = |other: ModuleId| ranks[other] < ranks[id];
        imports[id].get(&local).is_some_and(|binding| {
            self.asked_paths
                .is_plain(graph, resolver, binding, path, is_before)
        })
    }

    /// Whether a statement that only reads does so before an import that it reads has a value: the error can be observed.
    fn reads_too_early(&self, id: ModuleId, statement: StatementId) -> bool {
        let syntax = &self.graph.modules[id].syntax;
        let facts = &syntax.statements[statement];
        let is_unset = |local: LocalId| {
            let Some(symbol) = self.imports[id].get(&local).and_then(Binding::symbol) else {
                return false;
            };
            match *self.resolver.symbols.owner(symbol) {
                SymbolOwner::Local(other, local) => {
                    self.ranks[other] >= self.ranks[id]
                        && self.graph.modules[other].syntax.symbols[local].is_lexical
                }
                SymbolOwner::Namespace(other) => self.ranks[other] >= self.ranks[id],
                _ => false,
            }
        };
        facts.may_read_too_early
            && (facts
                .uses
                .iter()
                .chain(&facts.early_reads)
                .any(|local| is_unset(*local))
                || facts.member_uses.iter().any(|(local, _)| is_unset(*local)))
    }

    /// `ns.name` on an import namespace: the export itself, without the namespace object; as far along the path as
    /// the objects are namespaces.
    fn member_use(&mut self, id: ModuleId, local: LocalId, path: &MemberPath) {
        let Some(mut binding) = self.imports[id].get(&local).cloned() else {
            return;
        };
        let mut resolved = 0;
        for name in path {
            let Binding::Symbol(symbol) = binding else { break };
            binding = match *self.resolver.symbols.owner(symbol) {
                SymbolOwner::Namespace(target) => match self.resolver.resolve(target, name) {
                    // Of `ns.first.second()` only `second` is called, and with `ns.first`. Where `ns.first()` is called,
                    // too, both are bound alike.
                    Resolution::Found(found)
                        if !self.is_method_call(id, local, &path[..=resolved], &found) =>
                    {
                        found
                    }
                    // A namespace inherits nothing.
                    Resolution::NotFound | Resolution::Ambiguous => Binding::Undefined,
                    // Asked of a module outside or called as a method: the object answers as it does natively.
                    _ => Binding::Member(symbol, name.clone()),
                },
                SymbolOwner::ExternalNamespace(_) | SymbolOwner::Interop(..) => {
                    Binding::Member(symbol, name.clone())
                }
                SymbolOwner::Local(..)
                    if let Some(value) = self.constants.member(self.resolver, id, &binding, name) =>
                {
                    Binding::Constant(value)
                }
                SymbolOwner::Local(..) if *name == *"name" => {
                    self.output.asked_names.insert(symbol);
                    break;
                }
                _ => break,
            };
            resolved += 1;
        }
        if resolved > 0
            && let Some(value) = self.constants.in_place_of(self.resolver, id, &binding)
        {
            binding = Binding::Constant(value);
        }
        if !self.ask_member(id, local, path, &binding, resolved) {
            self.binding(&binding);
        }
        if resolved > 0 {
            self.output.members[id].insert((local, path[..resolved].to_vec()), binding);
        }
    }

    /// `'name' in ns`: known of a namespace, asked of any other object.
    fn key_test(&mut self, id: ModuleId, local: LocalId, name: &Atom) {
        let Some(binding) = self.imports[id].get(&local).cloned() else {
            return;
        };
        if let Binding::Symbol(symbol) = binding
            && let SymbolOwner::Namespace(target) = *self.resolver.symbols.owner(symbol)
        {
            let answer = match self.resolver.resolve(target, name) {
                Resolution::Found(_) => Some(true),
                Resolution::NotFound | Resolution::Ambiguous => Some(false),
                Resolution::Guessed(_) => None,
            };
            if let Some(answer) = answer {
                self.output.key_tests[id].insert((local, name.clone()), answer);
                return;
            }
        }
        self.binding(&binding);
    }

    /// Whether the module calls the member, and the function would see the namespace object as `this`.
    fn is_method_call(&self, id: ModuleId, local: LocalId, path: &[Atom], found: &Binding) -> bool {
        self.uses_this(found)
            && self.graph.modules[id]
                .syntax
                .called_members
                .contains(&(local, path.to_vec()))
    }

    fn uses_this(&self, found: &Binding) -> bool {
        let Binding::Symbol(symbol) = *found else {
            return false;
        };
        let SymbolOwner::Local(owner, function) = *self.resolver.symbols.owner(symbol) else {
            return false;
        };
        let syntax = &self.graph.modules[owner].syntax;
        syntax.symbols[function]
            .declared_by
            .iter()
            .any(|statement| syntax.statements[*statement].uses_this)
    }

    /// A request inside a statement.
    fn request(&mut self, id: ModuleId, record: RecordId) {
        let module = &self.graph.modules[id];
        let syntax = module.syntax.records[record].syntax;
        match (module.targets[record], syntax) {
            (Target::Module(target), syntax) if syntax.loads_later() => {
                self.output.dynamic_targets.insert(target);
                match &module.syntax.records[record].asked {
                    Some(names) => self.some_exports(target, names),
                    None => self.entry(target),
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
                if self.wrapping[target] == Wrapping::Lazy {
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
        match self.resolver.symbols.owner(symbol).clone() {
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
