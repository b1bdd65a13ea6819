//! ES imports to ES exports: ECMA-262 §16.2.1.7.2.2 `ResolveExport` and `GetExportedNames`, extended to
//! CommonJS modules (names found statically) and to modules outside the bundle (names unknown).

mod commonjs;
mod names;
mod renamed;

use std::sync::Arc;

use renamed::Renamed;

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::json::{JsonUse, asked_of_parts, json_uses};
use super::symbols::{Binding, SymbolId, SymbolOwner, SymbolTable};
use crate::graph::{
    ExportTarget, ImportedName, LocalId, Module, ModuleFormat, ModuleGraph, ModuleId, NamedImport, RecordId,
    StatementId, Target,
};

/// Of so many exports one is found by comparing their names.
const MOST_COMPARED: usize = 8;

/// What a name asked of a module turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Found.
    Found(Binding),
    /// Nobody here has it, but an `export *` of a module whose names are unknown may: an import demands it, reading a
    /// member of a namespace does not.
    Guessed(Binding),
    /// The module does not export it.
    NotFound,
    /// Two `export *` give different bindings of that name.
    Ambiguous,
}

impl Resolution {
    /// Of what a module passes on by its name: it exports that, wherever it comes from.
    fn demanded(self) -> Self {
        match self {
            Self::Guessed(binding) => Self::Found(binding),
            found => found,
        }
    }
}

/// The export that `require()` of an ES module gives in place of the namespace, if there is one.
pub fn required_name(graph: &ModuleGraph, module: ModuleId) -> &'static str {
    if graph.modules[module].syntax.features.is_required_as_default {
        "default"
    } else {
        "module.exports"
    }
}

/// The binding that holds the value of a JSON file; none for other modules.
pub fn json_value(graph: &ModuleGraph, symbols: &SymbolTable, module: ModuleId) -> Option<SymbolId> {
    let syntax = &graph.modules[module].syntax;
    if !syntax.features.is_json {
        return None;
    }
    let default = syntax.exports.iter().find(|export| export.name == *"default")?;
    match default.target {
        ExportTarget::Local(local) => Some(symbols.local(module, local)),
        ExportTarget::Reexport(..) => None,
    }
}

/// Whether running the statements of a module can be observed.
pub fn has_effects(module: &Module) -> bool {
    module
        .syntax
        .statements
        .iter()
        .any(|facts| facts.has_side_effects)
}

/// Answers export questions over a graph, remembering answers.
pub struct ExportResolver<'a> {
    graph: &'a ModuleGraph,
    /// What it remembers.
    pub known: Answers,
}

/// What the exports and requests of modules are, however much of their code is left.
struct Fixed {
    /// Where the exports of modules with many are, by name.
    explicit: FxHashMap<ModuleId, FxHashMap<Atom, usize>>,
    json: IndexVec<ModuleId, JsonUse>,
}

/// What a resolver remembers.
#[derive(Clone)]
pub struct Answers {
    /// All symbols; grows as interop and outside bindings are needed.
    pub symbols: SymbolTable,
    fixed: Arc<Fixed>,
    resolutions: FxHashMap<(ModuleId, Atom), Resolution>,
    commonjs_names: FxHashMap<ModuleId, Vec<Atom>>,
    /// Modules that were asked for whether they import themselves.
    importing_themselves: FxHashMap<ModuleId, bool>,
}

/// How a module passes a name of another one on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// `export { name } from`.
    Name,
    /// An import that is exported, by its name there.
    Import(LocalId),
    /// `export * from`.
    Star,
}

/// A name that a module passes on.
pub struct PassedName {
    /// The request it comes through.
    pub record: RecordId,
    /// What that asks for.
    pub imported: ImportedName,
    /// How it is passed on.
    pub way: Passage,
}

impl PassedName {
    fn by_name(record: RecordId, imported: ImportedName, way: Passage) -> Self {
        Self {
            record,
            imported,
            way,
        }
    }
}

impl<'a> ExportResolver<'a> {
    /// A resolver for `graph`.
    #[tracing::instrument(name = "export_resolver", skip_all)]
    pub fn new(graph: &'a ModuleGraph) -> Self {
        let large = graph.modules.iter_enumerated();
        let large = large.filter(|(_, module)| module.syntax.exports.len() > MOST_COMPARED);
        let explicit = large.map(|(id, module)| {
            let exports = module.syntax.exports.iter().enumerate();
            let by_name = exports.map(|(index, export)| (export.name.clone(), index));
            (id, by_name.collect())
        });
        let fixed = Fixed {
            explicit: explicit.collect(),
            json: json_uses(graph),
        };
        Self::after(
            graph,
            Answers {
                symbols: SymbolTable::of_graph(graph),
                fixed: Arc::new(fixed),
                resolutions: FxHashMap::default(),
                commonjs_names: FxHashMap::default(),
                importing_themselves: FxHashMap::default(),
            },
        )
    }

    /// A resolver that goes on with what another one remembers of a graph whose modules export the same.
    pub fn after(graph: &'a ModuleGraph, known: Answers) -> Self {
        Self { graph, known }
    }

    /// Which of the explicit exports of a module has a name.
    fn explicit_export(&self, module: ModuleId, name: &Atom) -> Option<usize> {
        let exports = &self.graph.modules[module].syntax.exports;
        if exports.len() > MOST_COMPARED {
            return self.known.fixed.explicit[&module].get(name).copied();
        }
        exports.iter().rposition(|export| export.name == *name)
    }

    /// What an import asks for.
    pub fn asked_of<'i>(&self, importer: ModuleId, import: &'i NamedImport) -> &'i ImportedName {
        match self.graph.modules[importer].targets[import.record] {
            Target::Module(target)
                if self.graph.modules[target].syntax.features.is_json
                    && self.known.fixed.json[target] == JsonUse::Parts =>
            {
                asked_of_parts(&import.imported)
            }
            _ => &import.imported,
        }
    }

    /// What a name certainly is that its module declares and exports itself, which is most of them. Nothing is noted, so that
    /// many can be asked for at a time.
    pub fn declared(&self, target: ModuleId, name: &Atom) -> Option<Binding> {
        let node = &self.graph.modules[target];
        let syntax = &node.syntax;
        if syntax.format == ModuleFormat::CommonJs
            || syntax.features.is_json
            || syntax.hoisted.is_some()
            || node.shown_object().is_some()
        {
            return None;
        }
        let export = &syntax.exports[self.explicit_export(target, name)?];
        let ExportTarget::Local(local) = export.target else {
            return None;
        };
        let declared_by = &syntax.symbols[local].declared_by;
        let may_be_renamed = |statement: &StatementId| syntax.forms[*statement].renames.is_some();
        let is_own = !syntax.imports.contains_key(&local) && !declared_by.iter().any(may_be_renamed);
        is_own.then(|| Binding::Symbol(self.known.symbols.local(target, local)))
    }

    /// `ResolveExport(name)` of `module`.
    pub fn resolve(&mut self, module: ModuleId, name: &Atom) -> Resolution {
        if let Some(binding) = self.declared(module, name) {
            return Resolution::Found(binding);
        }
        if let Some(answer) = self.known.resolutions.get(&(module, name.clone())) {
            return answer.clone();
        }
        let mut visited = FxHashSet::default();
        let answer = self.resolve_export(module, name, &mut visited);
        self.known
            .resolutions
            .insert((module, name.clone()), answer.clone());
        answer
    }

    fn resolve_export(
        &mut self,
        module: ModuleId,
        name: &Atom,
        visited: &mut FxHashSet<(ModuleId, Atom)>,
    ) -> Resolution {
        // Steps 2–3: a circular request finds nothing on this path.
        if !visited.insert((module, name.clone())) {
            return Resolution::NotFound;
        }
        let syntax = &self.graph.modules[module].syntax;
        if syntax.features.is_json && *name != *"default" && self.known.fixed.json[module] != JsonUse::Parts {
            return self.resolve_property(module, name);
        }
        // Steps 4–5: local and indirect exports.
        if let Some(index) = self.explicit_export(module, name) {
            if let Some(alias) = self.alias_of(module, name) {
                let imported = ImportedName::Name(alias.name.clone());
                return match self.resolve_request(module, alias.record, &imported, visited) {
                    Resolution::NotFound | Resolution::Ambiguous => Resolution::Found(Binding::Undefined),
                    found => found,
                };
            }
            if let Some((object, property)) = syntax.hoisted.as_ref().and_then(|form| form.members.get(name))
            {
                let object = self.known.symbols.local(module, *object);
                return Resolution::Found(Binding::Member(object, property.clone()));
            }
            return match &syntax.exports[index].target {
                ExportTarget::Local(local) => match syntax.imports.get(local) {
                    Some(import) => self
                        .resolve_request(module, import.record, &import.imported, visited)
                        .demanded(),
                    None => match self.renamed(module, *local) {
                        Some(Renamed::Namespace(import)) => {
                            self.resolve_request(module, import.record, &import.imported, visited)
                        }
                        Some(Renamed::Local(other)) => {
                            Resolution::Found(Binding::Symbol(self.known.symbols.local(module, other)))
                        }
                        None => Resolution::Found(Binding::Symbol(self.known.symbols.local(module, *local))),
                    },
                },
                ExportTarget::Reexport(record, imported) => self
                    .resolve_request(module, *record, imported, visited)
                    .demanded(),
            };
        }
        // Step 6: `default` is never provided by `export *`.
        if *name == *"default" {
            return Resolution::NotFound;
        }
        self.resolve_star(module, name, visited)
    }

    /// A name of a JSON file whose value is in use: a property of the value.
    fn resolve_property(&mut self, module: ModuleId, name: &Atom) -> Resolution {
        let is_property = self.explicit_export(module, name).is_some();
        if !is_property || self.known.fixed.json[module] == JsonUse::OnlyDefault {
            return Resolution::NotFound;
        }
        match self.json_value(module) {
            Some(value) => Resolution::Found(Binding::Member(value, name.clone())),
            None => Resolution::NotFound,
        }
    }

    /// The binding that holds the value of a JSON file.
    pub fn json_value(&self, module: ModuleId) -> Option<SymbolId> {
        json_value(self.graph, &self.known.symbols, module)
    }

    /// Steps 7–9. A module outside the bundle may have the name; it is asked only when nobody here has it, and
    /// the namespace of this one where several may. Node knows some
    /// names of CommonJS modules, so that they can be ambiguous; elsewhere the first CommonJS module that has a name gives it
    /// if no ES module does.
    fn resolve_star(
        &mut self,
        module: ModuleId,
        name: &Atom,
        visited: &mut FxHashSet<(ModuleId, Atom)>,
    ) -> Resolution {
        let mut found: Option<Binding> = None;
        let mut of_commonjs: Option<Binding> = None;
        let mut fallbacks: Vec<Binding> = Vec::new();
        let is_node_module_syntax = self.graph.modules[module].is_node_module_syntax;
        for &record in &self.graph.modules[module].syntax.star_exports {
            let resolution = match self.graph.modules[module].targets[record] {
                Target::Module(target) if self.is_commonjs(target) => {
                    let interop = self.known.symbols.invent(SymbolOwner::Interop(module, record));
                    let binding = Binding::Member(interop, name.clone());
                    if self.commonjs_names(target).contains(name) {
                        if !is_node_module_syntax {
                            of_commonjs.get_or_insert(binding);
                            continue;
                        }
                        Resolution::Found(binding)
                    } else {
                        fallbacks.push(binding);
                        continue;
                    }
                }
                Target::Module(target) => self.resolve_export(target, name, visited),
                Target::External(external) => {
                    let owner = SymbolOwner::ExternalName(external, name.clone());
                    fallbacks.push(Binding::Symbol(self.known.symbols.invent(owner)));
                    continue;
                }
                Target::Ignored | Target::Missing => continue,
            };
            match resolution {
                Resolution::Ambiguous => return Resolution::Ambiguous,
                Resolution::NotFound => {}
                Resolution::Guessed(binding) => fallbacks.push(binding),
                Resolution::Found(binding) => match &found {
                    Some(other) if !self.is_same(other, &binding) => return Resolution::Ambiguous,
                    Some(_) => {}
                    None => found = Some(binding),
                },
            }
        }
        if let Some(found) = found.or(of_commonjs) {
            return Resolution::Found(found);
        }
        let Some((first, others)) = fallbacks.split_first() else {
            return Resolution::NotFound;
        };
        // Names of CommonJS modules that nobody knows are not in a namespace.
        let is_outside = |binding: &Binding| {
            let symbol = binding.symbol();
            symbol.is_some_and(|symbol| !matches!(self.known.symbols.owner(symbol), SymbolOwner::Interop(..)))
        };
        let mut others = others.iter().filter(|other| is_outside(other));
        let is_known = others.all(|other| self.is_same(first, other));
        Resolution::Guessed(if is_known || !is_outside(first) {
            first.clone()
        } else {
            // Which of them has it is known when they have run.
            let namespace = self.known.symbols.invent(SymbolOwner::Namespace(module));
            Binding::Member(namespace, name.clone())
        })
    }

    /// Whether two ways lead to one binding. Each request of a CommonJS module has its own view of one and the same object.
    fn is_same(&self, left: &Binding, right: &Binding) -> bool {
        match (left, right) {
            (Binding::Member(left, left_name), Binding::Member(right, right_name)) if left != right => {
                let seen = self.seen_module(*left);
                left_name == right_name && seen.is_some() && seen == self.seen_module(*right)
            }
            _ => left == right,
        }
    }

    fn seen_module(&self, view: SymbolId) -> Option<ModuleId> {
        let SymbolOwner::Interop(importer, record) = *self.known.symbols.owner(view) else {
            return None;
        };
        match self.graph.modules[importer].targets[record] {
            Target::Module(target) => Some(target),
            _ => None,
        }
    }

    /// The request through which `module` passes `name` on, and what it asks for; nothing when `name` is its own.
    pub fn passed_on(&mut self, module: ModuleId, name: &Atom) -> Option<PassedName> {
        let graph = self.graph;
        let syntax = &graph.modules[module].syntax;
        if let Some(index) = self.explicit_export(module, name) {
            return match &syntax.exports[index].target {
                ExportTarget::Local(local) => {
                    let import = syntax.imports.get(local)?;
                    Some(PassedName::by_name(
                        import.record,
                        import.imported.clone(),
                        Passage::Import(*local),
                    ))
                }
                ExportTarget::Reexport(record, imported) => {
                    Some(PassedName::by_name(*record, imported.clone(), Passage::Name))
                }
            };
        }
        syntax.star_exports.iter().find_map(|record| {
            let Target::Module(target) = graph.modules[module].targets[*record] else {
                return None;
            };
            let is_there =
                !self.is_commonjs(target) && matches!(self.resolve(target, name), Resolution::Found(_));
            is_there.then(|| PassedName {
                record: *record,
                imported: ImportedName::Name(name.clone()),
                way: Passage::Star,
            })
        })
    }

    /// What `imported` of the request `record` of `importer` is.
    pub fn resolve_import(
        &mut self,
        importer: ModuleId,
        record: RecordId,
        imported: &ImportedName,
    ) -> Resolution {
        match (self.graph.modules[importer].targets[record], imported) {
            (Target::Module(target), ImportedName::Name(name))
                if !self.is_commonjs(target)
                    && self.graph.modules[target].shown_object().is_none()
                    && !self.default_is_object(importer, record, imported) =>
            {
                self.resolve(target, name)
            }
            _ => self.resolve_request(importer, record, imported, &mut FxHashSet::default()),
        }
    }

    fn resolve_request(
        &mut self,
        importer: ModuleId,
        record: RecordId,
        imported: &ImportedName,
        visited: &mut FxHashSet<(ModuleId, Atom)>,
    ) -> Resolution {
        let owner = match (self.graph.modules[importer].targets[record], imported) {
            (Target::Module(target), _) if self.is_commonjs(target) => {
                let interop = self.known.symbols.invent(SymbolOwner::Interop(importer, record));
                return Resolution::Found(match imported {
                    ImportedName::Name(name) => Binding::Member(interop, name.clone()),
                    ImportedName::Namespace => Binding::Symbol(interop),
                });
            }
            (Target::Module(target), _) if self.graph.modules[target].shown_object().is_some() => {
                return self.resolve_object(importer, record, imported, target, visited);
            }
            (Target::Module(target), ImportedName::Namespace)
                if self.graph.modules[importer].syntax.records[record].is_required
                    && let Some(value) = self.json_value(target) =>
            {
                return Resolution::Found(Binding::Symbol(value));
            }
            (Target::Module(target), _) if self.default_is_object(importer, record, imported) => {
                SymbolOwner::Namespace(target)
            }
            (Target::Module(target), ImportedName::Name(name)) => {
                return self.resolve_export(target, name, visited);
            }
            (Target::Module(target), ImportedName::Namespace) => SymbolOwner::Namespace(target),
            (Target::External(_), _) if self.graph.modules[importer].syntax.records[record].is_required => {
                let view = self.known.symbols.invent(SymbolOwner::Interop(importer, record));
                return Resolution::Found(match imported {
                    ImportedName::Name(name) => Binding::Member(view, name.clone()),
                    ImportedName::Namespace => Binding::Symbol(view),
                });
            }
            (Target::External(external), ImportedName::Name(name)) => {
                SymbolOwner::ExternalName(external, name.clone())
            }
            (Target::External(external), ImportedName::Namespace) => SymbolOwner::ExternalNamespace(external),
            (Target::Ignored | Target::Missing, _) => return Resolution::Found(Binding::Undefined),
        };
        Resolution::Found(Binding::Symbol(self.known.symbols.invent(owner)))
    }

    fn is_commonjs(&self, module: ModuleId) -> bool {
        self.graph.modules[module].syntax.format == ModuleFormat::CommonJs
    }
}
