//! Values of other modules that are written where they are used.
//!
//! ```js
//! import { LIMIT } from './limits'      // export const LIMIT = 10
//! check(LIMIT)                          // check(10)
//! ```
//!
//! Not in import cycles, where a name may be read before it has its value.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;

use super::early_code::EarlyCode;
use super::exports::{ExportResolver, Resolution, has_effects};
use super::settled::Undecided;
use super::symbols::{Binding, SymbolId, SymbolOwner};
use crate::graph::{
    Constant, KnownValue, LocalId, Module, ModuleFormat, ModuleGraph, ModuleId, ModuleSyntax, RequestSyntax,
    StatementId, Target,
};
use crate::scan::{KnownNames, without_decided_branches};

/// A value of so many letters is no longer than a name and its declaration, however often it is used.
const SHORT: usize = 6;

/// Variables that are taken for constants.
pub type Assumed = FxHashMap<(ModuleId, LocalId), KnownValue>;

/// Removes branches of `modules` that their own constants and those of others rule out; what changed.
#[tracing::instrument(skip_all)]
pub fn remove_decided_branches(
    graph: &mut ModuleGraph,
    modules: impl Iterator<Item = ModuleId>,
    in_cycle: &FixedBitSet,
    assumed: &Assumed,
) -> Vec<Undecided> {
    let replaced: Vec<(Undecided, Arc<ModuleSyntax>)> = {
        let graph = &*graph;
        if graph
            .modules
            .iter()
            .all(|module| module.syntax.deciding.is_empty())
        {
            return Vec::new();
        }
        let mut resolver = ExportResolver::new(graph);
        let mut decided = Vec::new();
        for id in modules {
            let syntax = &graph.modules[id].syntax;
            if syntax.deciding.is_empty()
                || syntax.format != ModuleFormat::EsModule
                || syntax.features.has_dynamic_scope
                || in_cycle.contains(id.index())
            {
                continue;
            }
            let mut relies_on = Vec::new();
            let known = known_names(graph, &mut resolver, id, assumed, &mut relies_on);
            if !known.is_empty() {
                decided.push((id, known, relies_on));
            }
        }
        let removed = decided.into_par_iter().map(|(module, known, relies_on)| {
            let syntax = &graph.modules[module].syntax;
            let undecided = Undecided {
                module,
                syntax: Arc::clone(syntax),
                relies_on,
            };
            without_decided_branches(syntax, &known).map(|rest| (undecided, rest))
        });
        removed.flatten_iter().collect()
    };
    let mut before = Vec::with_capacity(replaced.len());
    for (undecided, syntax) in replaced {
        graph.modules[undecided.module].syntax = syntax;
        before.push(undecided);
    }
    before
}

/// Where an object is declared, which it is, and what members of it are from then on.
type LateMembers<'a> = (StatementId, LocalId, &'a [(Atom, Constant)]);

fn known_names(
    graph: &ModuleGraph,
    resolver: &mut ExportResolver<'_>,
    id: ModuleId,
    assumed: &Assumed,
    relies_on: &mut Vec<(ModuleId, LocalId)>,
) -> KnownNames {
    let syntax = &graph.modules[id].syntax;
    let effects = syntax
        .statements
        .iter()
        .position(|facts| facts.has_side_effects || facts.silent_if.is_some());
    let first_effect = effects.unwrap_or(usize::MAX);
    let mut known = KnownNames::default();
    let mut late: Vec<(StatementId, LocalId, &KnownValue)> = Vec::new();
    let mut late_members: Vec<LateMembers<'_>> = Vec::new();
    for local in &syntax.deciding {
        let symbol = &syntax.symbols[*local];
        let Some(import) = syntax.imports.get(local) else {
            let value = symbol.value.as_ref().or_else(|| assumed.get(&(id, *local)));
            if let Some(assumed @ KnownValue::Enum(members)) = assumed.get(&(id, *local)) {
                relies_on.push((id, *local));
                if has_value_from_the_start(syntax, *local, assumed, first_effect) {
                    known.add_members(&symbol.id, members, None);
                } else if let Some(declared) = EarlyCode::declaration(syntax, *local) {
                    late_members.push((declared, *local, members));
                }
            }
            if let Some(value) = value {
                if has_value_from_the_start(syntax, *local, value, first_effect) {
                    known.add(symbol.id.clone(), value);
                } else if symbol.value.is_some()
                    && let Some(declared) = EarlyCode::declaration(syntax, *local)
                {
                    late.push((declared, *local, value));
                } else {
                    continue;
                }
                if symbol.value.is_none() {
                    relies_on.push((id, *local));
                }
            }
            continue;
        };
        let Resolution::Found(binding) = resolver.resolve_import(id, import.record, &import.imported) else {
            continue;
        };
        if graph.modules[id].targets[import.record] == Target::Module(id) {
            continue;
        }
        let variable = binding
            .symbol()
            .map(|symbol| resolver.known.symbols.owner(symbol));
        let value = match variable {
            Some(SymbolOwner::Local(owner, local)) if let Some(value) = assumed.get(&(*owner, *local)) => {
                relies_on.push((*owner, *local));
                runs_before(graph, *owner).then_some(value)
            }
            _ => known_value(graph, resolver, &binding),
        };
        if let Some(value) = value {
            known.add(symbol.id.clone(), value);
        }
        let paths = syntax.statements.iter().flat_map(|facts| &facts.member_uses);
        for (_, path) in paths.filter(|(object, _)| object == local) {
            if let Some(value) = constant_member(graph, resolver, &binding, path, assumed, relies_on) {
                known.add_member(symbol.id.clone(), path.clone(), &KnownValue::Constant(value));
            }
        }
    }
    late.sort_unstable_by_key(|(declared, local, _)| (*declared, *local));
    let mut early = EarlyCode::of(syntax);
    for (declared, local, value) in late {
        known.add_after(syntax.symbols[local].id.clone(), value, early.after(declared));
    }
    late_members.sort_unstable_by_key(|(declared, local, _)| (*declared, *local));
    let mut early = EarlyCode::of(syntax);
    for (declared, local, members) in late_members {
        let statements = early.after(declared);
        known.add_members(&syntax.symbols[local].id, members, Some(&statements));
    }
    known
}

/// Whether nothing of the module can run before a binding of it has its value.
fn has_value_from_the_start(
    syntax: &ModuleSyntax,
    local: LocalId,
    value: &KnownValue,
    first_effect: usize,
) -> bool {
    let symbol = &syntax.symbols[local];
    let Some(declared) = symbol.declared_by.first() else {
        return false;
    };
    let is_hoisted = syntax.forms[*declared].is_function();
    let is_never_unset = !symbol.is_lexical && *value == KnownValue::Constant(Constant::Undefined);
    is_hoisted || is_never_unset || declared.index() <= first_effect
}

/// Whether nobody misses that a module runs where its values are written out. Using a value is what makes a file run whose
/// effects nobody asks for on their own, and what it imports with it.
fn runs_before(graph: &ModuleGraph, module: ModuleId) -> bool {
    let owner = &graph.modules[module];
    let runs_anyway = owner.may_have_side_effects && !owner.runs_for_its_names;
    runs_anyway || !(has_effects(owner) || imports_effects(graph, owner))
}

/// Whether a module imports one that promises nothing and may do something, by itself or through what it imports.
fn imports_effects(graph: &ModuleGraph, module: &Module) -> bool {
    let imports = module.syntax.records.iter_enumerated();
    let mut imports = imports.filter(|(_, record)| record.syntax == RequestSyntax::Static);
    imports.any(|(record, _)| match module.targets[record] {
        Target::Module(target) => {
            let target = &graph.modules[target];
            let is_quiet =
                target.targets.is_empty() && target.syntax.resource.is_none() && !has_effects(target);
            target.may_have_side_effects && !is_quiet
        }
        _ => false,
    })
}

fn known_value<'a>(
    graph: &'a ModuleGraph,
    resolver: &ExportResolver<'_>,
    binding: &Binding,
) -> Option<&'a KnownValue> {
    let Binding::Symbol(symbol) = binding else {
        return None;
    };
    let SymbolOwner::Local(module, local) = *resolver.known.symbols.owner(*symbol) else {
        return None;
    };
    let syntax = &graph.modules[module].syntax;
    if syntax.features.has_dynamic_scope || !runs_before(graph, module) {
        return None;
    }
    syntax.symbols[local].value.as_ref()
}

fn constant_of(graph: &ModuleGraph, resolver: &ExportResolver<'_>, binding: &Binding) -> Option<Constant> {
    match known_value(graph, resolver, binding)? {
        KnownValue::Constant(value) => Some(value.clone()),
        _ => None,
    }
}

/// What `binding.first.second` is, where that is a constant.
fn constant_member(
    graph: &ModuleGraph,
    resolver: &mut ExportResolver<'_>,
    binding: &Binding,
    path: &[Atom],
    assumed: &Assumed,
    relies_on: &mut Vec<(ModuleId, LocalId)>,
) -> Option<Constant> {
    let mut binding = binding.clone();
    for (index, name) in path.iter().enumerate() {
        let Binding::Symbol(symbol) = binding else {
            return None;
        };
        match *resolver.known.symbols.owner(symbol) {
            SymbolOwner::Namespace(target) => match resolver.resolve(target, name) {
                Resolution::Found(found) => binding = found,
                _ => return None,
            },
            SymbolOwner::Local(owner, local)
                if index + 1 == path.len()
                    && let Some(KnownValue::Enum(members)) = assumed.get(&(owner, local)) =>
            {
                relies_on.push((owner, local));
                return member_of(members, name).filter(|_| runs_before(graph, owner));
            }
            SymbolOwner::Local(..) if index + 1 == path.len() => {
                return match known_value(graph, resolver, &binding)? {
                    KnownValue::Enum(members) => member_of(members, name),
                    _ => None,
                };
            }
            _ => return None,
        }
    }
    constant_of(graph, resolver, &binding)
}

fn member_of(members: &[(Atom, Constant)], name: &Atom) -> Option<Constant> {
    members
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.clone())
}

/// How often modules mention an imported binding that is a constant.
pub type Mentions = FxHashMap<SymbolId, u32>;

/// Which constants are worth writing out.
pub struct Constants<'a> {
    graph: &'a ModuleGraph,
    in_cycle: &'a FixedBitSet,
    mentions: &'a Mentions,
}

/// Counts the uses of constants and writes those out that imports stand for.
#[tracing::instrument(skip_all)]
pub fn write_out(
    graph: &ModuleGraph,
    resolver: &ExportResolver<'_>,
    imports: &mut IndexVec<ModuleId, FxHashMap<LocalId, Binding>>,
    in_cycle: &FixedBitSet,
) -> Mentions {
    let tables = imports.raw.par_iter().enumerate().with_min_len(64);
    let mentioned = tables.map(|(index, table)| {
        let symbols = &graph.modules[ModuleId::from_usize(index)].syntax.symbols;
        let constants = table.iter().filter_map(|(local, binding)| {
            let symbol = binding.symbol()?;
            constant_of(graph, resolver, binding)?;
            Some((symbol, symbols[*local].reference_count))
        });
        constants.collect::<Vec<_>>()
    });
    let mut mentions = Mentions::default();
    for (symbol, count) in mentioned.collect::<Vec<_>>().into_iter().flatten() {
        *mentions.entry(symbol).or_default() += count;
    }
    let constants = Constants::of(graph, in_cycle, &mentions);
    let tables = imports.raw.par_iter_mut().enumerate().with_min_len(64);
    tables.for_each(|(index, table)| {
        for binding in table.values_mut() {
            if let Some(constant) = constants.in_place_of(resolver, ModuleId::from_usize(index), binding) {
                *binding = Binding::Constant(constant);
            }
        }
    });
    mentions
}

impl<'a> Constants<'a> {
    /// Those of a graph in which they are mentioned so often.
    pub fn of(graph: &'a ModuleGraph, in_cycle: &'a FixedBitSet, mentions: &'a Mentions) -> Self {
        Self {
            graph,
            in_cycle,
            mentions,
        }
    }

    /// What is written in `importer` in place of a binding.
    pub fn in_place_of(
        &self,
        resolver: &ExportResolver<'_>,
        importer: ModuleId,
        binding: &Binding,
    ) -> Option<Constant> {
        if self.in_cycle.contains(importer.index()) {
            return None;
        }
        // A module that imports itself may read its own names too early, too.
        if let Some(SymbolOwner::Local(owner, _)) = binding
            .symbol()
            .map(|symbol| resolver.known.symbols.owner(symbol))
            && *owner == importer
        {
            return None;
        }
        let value = constant_of(self.graph, resolver, binding)?;
        let mentions = binding.symbol().and_then(|symbol| self.mentions.get(&symbol));
        (printed_length(&value) <= SHORT || mentions == Some(&1)).then_some(value)
    }

    /// What is written in `importer` in place of a member of an enum.
    pub fn member(
        &self,
        resolver: &ExportResolver<'_>,
        importer: ModuleId,
        binding: &Binding,
        name: &Atom,
    ) -> Option<Constant> {
        if self.in_cycle.contains(importer.index()) {
            return None;
        }
        match known_value(self.graph, resolver, binding)? {
            KnownValue::Enum(members) => member_of(members, name),
            _ => None,
        }
    }
}

fn printed_length(value: &Constant) -> usize {
    match value {
        Constant::Undefined | Constant::Null | Constant::Boolean(_) => 0,
        Constant::Number(bits) => f64::from_bits(*bits).to_string().len(),
        Constant::Text(text) => text.len() + 2,
    }
}
