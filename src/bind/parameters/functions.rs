//! How code of the bundle calls its functions, and what parameters always are then.

use std::collections::BTreeMap;

use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use swc_core::ecma::ast::Id;

use super::{Excluded, Values};
use crate::bind::Wrapping;
use crate::bind::insides::Calls;
use crate::bind::rounds::Names;
use crate::bind::symbols::{Binding, SymbolId, SymbolOwner};
use crate::graph::{
    Constant, LocalId, ModuleFormat, ModuleGraph, ModuleId, ModuleSyntax, Parameter, StatementId,
};
use crate::scan::{Argument, Given};

/// So often a parameter is what another turned out to be.
const MOST_STEPS: usize = 4;

/// The functions that only code of the bundle calls, and how.
pub(super) struct Functions {
    uses: FxHashMap<SymbolId, Vec<Use>>,
    /// Constants that are other names of them.
    aliases: FxHashMap<SymbolId, SymbolId>,
    /// What was seen in the code.
    pub calls: Vec<(ModuleId, Calls)>,
}

/// What one statement does with a function.
struct Use {
    module: ModuleId,
    /// Whether it declares the function.
    is_own: bool,
    given: Given,
}

/// What a statement does with functions.
type Uses = Vec<(SymbolId, Use)>;

impl Functions {
    #[tracing::instrument(name = "functions", skip_all)]
    pub(super) fn of(
        graph: &ModuleGraph,
        names: &Names,
        wrapping: &IndexVec<ModuleId, Wrapping>,
        known: &Values,
    ) -> Self {
        let mut uses: FxHashMap<SymbolId, Vec<Use>> = FxHashMap::default();
        for (id, module) in graph.modules.iter_enumerated() {
            let syntax = &module.syntax;
            if !names.inclusion.modules.contains(id.index())
                || syntax.format != ModuleFormat::EsModule
                || syntax.hoisted.is_some()
                || syntax.features.has_dynamic_scope
                || wrapping[id] != Wrapping::Hoisted
            {
                continue;
            }
            for (local, symbol) in syntax.symbols.iter_enumerated() {
                let has_parameters = !symbol.parameters.is_empty();
                let symbol = names.symbols.local(id, local);
                if !has_parameters && !known.contains_key(&symbol) {
                    continue;
                }
                if names.inclusion.symbols.contains(symbol.index()) {
                    uses.insert(symbol, Vec::new());
                }
            }
        }
        let mut functions = Self {
            uses,
            aliases: FxHashMap::default(),
            calls: Vec::new(),
        };
        if functions.uses.is_empty() {
            return functions;
        }
        functions.note_aliases(graph, names);
        functions.forget_visible(names);
        functions.note_uses(graph, names);
        functions
    }

    /// The functions of which something is taken for granted, and how they call themselves.
    pub(super) fn calling_themselves(graph: &ModuleGraph, names: &Names, known: &Values) -> Self {
        let mut uses: FxHashMap<SymbolId, Vec<Use>> = FxHashMap::default();
        let mut seen = Vec::new();
        for symbol in known.keys() {
            let own = uses.entry(*symbol).or_default();
            let SymbolOwner::Local(module, local) = *names.symbols.owner(*symbol) else {
                continue;
            };
            let syntax = &graph.modules[module].syntax;
            for statement in &syntax.symbols[local].declared_by {
                let calls = Calls::of(syntax, *statement, vec![local]);
                own.extend(calls.given().map(|(_, given)| Use {
                    module,
                    is_own: true,
                    given: given.clone(),
                }));
                seen.push((module, calls));
            }
        }
        Self {
            uses,
            aliases: FxHashMap::default(),
            calls: seen,
        }
    }

    /// Others may call what files export, or namespaces have.
    fn forget_visible(&mut self, names: &Names) {
        let exported = names
            .inclusion
            .exports
            .values()
            .flat_map(|exports| &exports.bindings);
        let members = names.inclusion.members.iter().flat_map(FxHashMap::values);
        for binding in exported.map(|(_, binding)| binding).chain(members) {
            if let Some(symbol) = binding.symbol() {
                self.uses.remove(&symbol);
            }
        }
    }

    fn named(&self, symbol: SymbolId) -> SymbolId {
        self.aliases.get(&symbol).copied().unwrap_or(symbol)
    }

    /// `export default read`
    fn note_aliases(&mut self, graph: &ModuleGraph, names: &Names) {
        let aliases = in_modules(graph, |id, syntax| {
            let mut aliases = Vec::new();
            for statement in names.inclusion.statements[id].ones() {
                let statement = StatementId::from_usize(statement);
                for used in &syntax.statements[statement].uses {
                    let Some(function) = symbol_of(names, id, *used) else {
                        continue;
                    };
                    if self.uses.contains_key(&function)
                        && let Some(alias) = alias_of(syntax, statement, *used)
                        && syntax.symbols[alias].declared_by.len() == 1
                    {
                        aliases.push((names.symbols.local(id, alias), function));
                    }
                }
            }
            aliases
        });
        self.aliases.extend(aliases);
    }

    fn note_uses(&mut self, graph: &ModuleGraph, names: &Names) {
        let noted = in_modules(graph, |id, syntax| {
            let statements = names.inclusion.statements[id].ones().map(StatementId::from_usize);
            statements
                .filter_map(|statement| self.uses_in((id, syntax), statement, names))
                .map(|(used, calls)| (id, used, calls))
                .collect()
        });
        for (module, used, calls) in noted {
            for (symbol, used) in used {
                self.uses.entry(symbol).or_default().push(used);
            }
            self.calls.push((module, calls));
        }
        self.uses
            .retain(|_, uses| uses.iter().all(|used| used.is_own || !used.given.is_value));
    }

    fn uses_in(
        &self,
        (id, syntax): (ModuleId, &ModuleSyntax),
        statement: StatementId,
        names: &Names,
    ) -> Option<(Uses, Calls)> {
        let mut asked: BTreeMap<LocalId, (SymbolId, bool)> = BTreeMap::new();
        for &local in &syntax.statements[statement].uses {
            let own = syntax.symbols[local].declared_by.contains(&statement);
            let Some(symbol) = symbol_of(names, id, local).map(|symbol| self.named(symbol)) else {
                continue;
            };
            if self.uses.contains_key(&symbol) && alias_of(syntax, statement, local).is_none() {
                asked.insert(local, (symbol, own));
            }
        }
        if asked.is_empty() {
            return None;
        }
        let calls = Calls::of(syntax, statement, asked.keys().copied().collect());
        let used = calls.given().map(|(local, given)| {
            let (symbol, is_own) = asked[&local];
            let mut given = given.clone();
            given.is_value |= syntax.features.has_dynamic_scope;
            let used = Use {
                module: id,
                is_own,
                given,
            };
            (symbol, used)
        });
        Some((used.collect(), calls))
    }

    /// What parameters always are, if functions call themselves with the same.
    pub(super) fn values(&self, graph: &ModuleGraph, names: &Names, excluded: &Excluded) -> Values {
        let mut values = Values::default();
        for _ in 0..MOST_STEPS {
            let known = known_parameters(names, &values);
            let mut found = Values::default();
            for (symbol, uses) in &self.uses {
                let calls: Vec<Vec<Option<Constant>>> = uses
                    .iter()
                    .filter(|used| !used.is_own)
                    .flat_map(|used| used.calls(&known))
                    .collect();
                let constants: Vec<(Parameter, Constant)> = parameters_of(graph, names, *symbol)
                    .iter()
                    .filter(|parameter| !excluded.contains(&(*symbol, parameter.id.clone())))
                    .filter_map(|parameter| Some((parameter.clone(), value_of(parameter, &calls)?)))
                    .collect();
                if !constants.is_empty() {
                    found.insert(*symbol, constants);
                }
            }
            let is_same = found.values().map(Vec::len).eq(values.values().map(Vec::len));
            values = found;
            if is_same {
                break;
            }
        }
        values
    }

    /// The parameters that are something else than what is taken for granted.
    pub(super) fn contradicting(
        &self,
        graph: &ModuleGraph,
        names: &Names,
        values: &Values,
    ) -> Vec<(SymbolId, Id)> {
        let known = known_parameters(names, values);
        let mut wrong = Vec::new();
        for (symbol, constants) in values {
            let is_used = names.inclusion.symbols.contains(symbol.index());
            let uses = self.uses.get(symbol).map(Vec::as_slice);
            let is_called_only = match uses {
                Some(uses) => !uses.iter().any(|used| used.given.is_value),
                None => !is_used,
            };
            let uses = uses.unwrap_or_default().iter();
            let calls: Vec<Vec<Option<Constant>>> = uses.flat_map(|used| used.calls(&known)).collect();
            let declared = parameters_of(graph, names, *symbol);
            wrong.extend(constants.iter().filter_map(|(parameter, value)| {
                // One that decides nothing any more, and is assigned to nowhere, is not noted.
                let mut assigned = declared.iter().filter(|declared| declared.is_assigned);
                let is_right = is_called_only
                    && assigned.all(|assigned| assigned.id != parameter.id)
                    && (calls.is_empty() || value_of(parameter, &calls).as_ref() == Some(value));
                (!is_right).then(|| (*symbol, parameter.id.clone()))
            }));
        }
        wrong
    }
}

impl Use {
    /// What is known of the arguments of each call.
    fn calls(&self, known: &FxHashMap<(ModuleId, &Id), &Constant>) -> Vec<Vec<Option<Constant>>> {
        let value = |argument: &Argument| match argument {
            Argument::Constant(value) => Some(value.clone()),
            Argument::Name(name) => known.get(&(self.module, name)).map(|value| (*value).clone()),
            Argument::Unknown => None,
        };
        let calls = self.given.calls.iter();
        calls
            .map(|arguments| arguments.iter().map(value).collect())
            .collect()
    }
}

/// What is found in modules, in their order.
fn in_modules<Found: Send>(
    graph: &ModuleGraph,
    find: impl Fn(ModuleId, &ModuleSyntax) -> Vec<Found> + Sync,
) -> Vec<Found> {
    let modules = graph
        .modules
        .as_raw_slice()
        .par_iter()
        .with_min_len(64)
        .enumerate();
    let found = modules.map(|(index, module)| find(ModuleId::from_usize(index), &module.syntax));
    found.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The constant that a statement declares as another name of something.
fn alias_of(syntax: &ModuleSyntax, statement: StatementId, of: LocalId) -> Option<LocalId> {
    let renaming = syntax.forms[statement].renames?;
    (renaming.is_constant && renaming.other == of).then_some(renaming.name)
}

/// What a name of a module stands for.
fn symbol_of(names: &Names, module: ModuleId, local: LocalId) -> Option<SymbolId> {
    match names.imports[module].get(&local) {
        Some(Binding::Symbol(symbol)) => Some(*symbol),
        Some(_) => None,
        None => Some(names.symbols.local(module, local)),
    }
}

fn known_parameters<'a>(names: &Names, values: &'a Values) -> FxHashMap<(ModuleId, &'a Id), &'a Constant> {
    let mut known = FxHashMap::default();
    for (symbol, constants) in values {
        if let SymbolOwner::Local(owner, _) = *names.symbols.owner(*symbol) {
            known.extend(
                constants
                    .iter()
                    .map(|(parameter, value)| ((owner, &parameter.id), value)),
            );
        }
    }
    known
}

pub(super) fn parameters_of<'a>(graph: &'a ModuleGraph, names: &Names, symbol: SymbolId) -> &'a [Parameter] {
    match *names.symbols.owner(symbol) {
        SymbolOwner::Local(owner, local) => &graph.modules[owner].syntax.symbols[local].parameters,
        _ => &[],
    }
}

/// What all calls give a parameter.
fn value_of(parameter: &Parameter, calls: &[Vec<Option<Constant>>]) -> Option<Constant> {
    let mut values = calls
        .iter()
        .map(|arguments| match arguments.get(parameter.index) {
            None | Some(Some(Constant::Undefined)) => parameter.default.clone(),
            Some(Some(value)) => Some(value.clone()),
            Some(None) => None,
        });
    let first = values.next()??;
    values
        .all(|value| value.as_ref() == Some(&first))
        .then_some(first)
}
