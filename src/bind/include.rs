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

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::ModuleExports;
use super::exports::{ExportResolver, Resolution};
use super::symbols::{Binding, SymbolId, SymbolOwner};
use super::wrap::Wrapping;
use crate::graph::{
    EntryKind, EntryPoint, LocalId, ModuleFormat, ModuleGraph, ModuleId, RecordId, RequestSyntax,
    StatementId, Target,
};

/// What is part of the bundle. Fields are those of `BoundGraph`.
pub struct Inclusion {
    pub modules: FixedBitSet,
    pub statements: IndexVec<ModuleId, FixedBitSet>,
    pub symbols: FixedBitSet,
    pub members: IndexVec<ModuleId, FxHashMap<(LocalId, Atom), Binding>>,
    pub exports: FxHashMap<ModuleId, ModuleExports>,
    pub entries: Vec<EntryPoint>,
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
    wrapping: &IndexVec<ModuleId, Wrapping>,
) -> Inclusion {
    let mut includer = Includer {
        graph,
        imports,
        wrapping,
        dynamic_targets: FxHashSet::default(),
        tasks: Vec::new(),
        output: Inclusion {
            modules: FixedBitSet::with_capacity(graph.modules.len()),
            statements: graph
                .modules
                .iter()
                .map(|module| FixedBitSet::with_capacity(module.syntax.statements.len()))
                .collect(),
            symbols: FixedBitSet::with_capacity(resolver.symbols.len()),
            members: graph.modules.iter().map(|_| FxHashMap::default()).collect(),
            exports: FxHashMap::default(),
            entries: graph.entries.clone(),
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
    wrapping: &'b IndexVec<ModuleId, Wrapping>,
    dynamic_targets: FxHashSet<ModuleId>,
    tasks: Vec<Task>,
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
        self.all_exports(module);
        if self.wrapping[module] != Wrapping::Hoisted {
            self.invent(SymbolOwner::Wrapper(module));
        }
    }

    fn all_exports(&mut self, module: ModuleId) {
        if self.output.exports.contains_key(&module) {
            return;
        }
        let mut exports = ModuleExports {
            external_stars: self.resolver.external_stars(module),
            ..ModuleExports::default()
        };
        if self.graph.modules[module].syntax.format == ModuleFormat::CommonJs {
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

    /// Names that a provided package has only in the other mode are read too: they are `undefined` here.
    fn add_interface(&mut self, module: ModuleId, exports: &mut ModuleExports) {
        let entries = self.graph.entries.iter().filter(|entry| entry.module == module);
        for name in entries.filter_map(|entry| entry.interface.as_ref()).flatten() {
            if self.graph.modules[module].syntax.format == ModuleFormat::CommonJs {
                if !exports.commonjs_names.contains(name) {
                    exports.commonjs_names.push(name.clone());
                }
            } else if exports.bindings.iter().all(|(known, _)| known != name)
                && let Resolution::Found(binding) = self.resolver.resolve(module, name)
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
        if let Some(symbol) = binding.symbol() {
            self.tasks.push(Task::Symbol(symbol));
        }
    }

    fn module(&mut self, id: ModuleId) {
        if self.output.modules.put(id.index()) {
            return;
        }
        let module = &self.graph.modules[id];
        let syntax = &module.syntax;
        let is_whole = syntax.format == ModuleFormat::CommonJs || syntax.features.has_dynamic_scope;
        for (statement, facts) in syntax.statements.iter_enumerated() {
            if is_whole || facts.has_side_effects {
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
        for &local in &facts.uses {
            if let Some(binding) = self.imports[id].get(&local) {
                self.binding(binding);
            } else {
                self.tasks
                    .push(Task::Symbol(self.resolver.symbols.local(id, local)));
            }
        }
        for (local, name) in &facts.member_uses {
            self.member_use(id, *local, name);
        }
        for &record in &facts.records {
            self.request(id, record);
        }
    }

    /// `ns.name` on an import namespace: the export itself, without the namespace object.
    fn member_use(&mut self, id: ModuleId, local: LocalId, name: &Atom) {
        let Some(namespace) = self.imports[id].get(&local) else {
            return;
        };
        let Binding::Symbol(symbol) = *namespace else {
            self.binding(namespace);
            return;
        };
        let binding = match *self.resolver.symbols.owner(symbol) {
            SymbolOwner::Namespace(target) => match self.resolver.resolve(target, name) {
                Resolution::Found(binding) => binding,
                // Inherited or absent: the object answers as it does natively.
                Resolution::NotFound | Resolution::Ambiguous => Binding::Member(symbol, name.clone()),
            },
            _ => Binding::Member(symbol, name.clone()),
        };
        self.binding(&binding);
        self.output.members[id].insert((local, name.clone()), binding);
    }

    /// A request inside a statement.
    fn request(&mut self, id: ModuleId, record: RecordId) {
        let module = &self.graph.modules[id];
        let syntax = module.syntax.records[record].syntax;
        match (module.targets[record], syntax) {
            (Target::Module(target), RequestSyntax::Dynamic) if self.dynamic_targets.insert(target) => {
                self.entry(target);
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
                for &statement in &self.graph.modules[module].syntax.symbols[local].declared_by {
                    self.tasks.push(Task::Statement(module, statement));
                }
            }
            SymbolOwner::Namespace(module) => {
                self.tasks.push(Task::Module(module));
                self.all_exports(module);
            }
            SymbolOwner::Wrapper(module) => self.tasks.push(Task::Module(module)),
            SymbolOwner::Interop(module, record) => {
                self.tasks.push(Task::Module(module));
                if let Target::Module(target) = self.graph.modules[module].targets[record] {
                    self.tasks.push(Task::Module(target));
                    self.invent(SymbolOwner::Wrapper(target));
                }
            }
            SymbolOwner::ExternalName(..) | SymbolOwner::ExternalNamespace(_) => {}
        }
    }

    /// Targets of `import()` become entry points, unless they are declared entries already.
    fn add_dynamic_entries(&mut self) {
        let declared: FxHashSet<ModuleId> = self.graph.entries.iter().map(|entry| entry.module).collect();
        let mut targets: Vec<ModuleId> = self.dynamic_targets.difference(&declared).copied().collect();
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
