//! Objects of which properties are taken for constants, see [`super::settled`], and what the bundle does with them. A property
//! that something in the bundle sets is no constant; none is where something has the object itself, which could set any.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::constants::Assumed;
use super::rounds::Names;
use super::settled::is_filled;
use super::{Binding, SymbolId};
use crate::graph::{Constant, KnownValue, LocalId, MembersUntilSet, ModuleGraph, ModuleId, StatementId};
use crate::scan::is_kept_by;

/// An object, and the properties that are still taken for constants; without any, none is.
type Rest = ((ModuleId, LocalId), Option<Vec<(Atom, Constant)>>);

/// The objects that are not what was taken for granted.
pub fn objects_set_in_bundle(graph: &ModuleGraph, names: &Names, assumed: &Assumed) -> Vec<Rest> {
    let mut objects: FxHashMap<SymbolId, (ModuleId, LocalId)> = FxHashMap::default();
    for ((module, local), value) in assumed {
        if matches!(value, KnownValue::Enum(_)) {
            objects.insert(names.symbols.local(*module, *local), (*module, *local));
        }
    }
    if objects.is_empty() {
        return Vec::new();
    }
    let handed = handed_to_others(graph, names, &objects);
    let mut found = Vec::new();
    for (symbol, (module, local)) in objects {
        let Some(KnownValue::Enum(members)) = assumed.get(&(module, local)) else {
            continue;
        };
        let Some(object) = &graph.modules[module].syntax.symbols[local].members_until_set else {
            continue;
        };
        let is_in = |statement: &StatementId| names.inclusion.statements[module].contains(statement.index());
        let set: FxHashSet<&Atom> = object
            .set_in
            .iter()
            .filter(|(_, statement)| is_in(statement))
            .map(|(name, _)| name)
            .collect();
        let is_handed = handed.contains(&symbol)
            || is_filled(graph, names, module, local)
            || object.handed_in.iter().any(is_in)
            || object.keeping.iter().any(|method| set.contains(method));
        if is_handed {
            found.push(((module, local), None));
        } else if members.iter().any(|(name, _)| set.contains(name)) {
            let rest: Vec<(Atom, Constant)> = members
                .iter()
                .filter(|(name, _)| !set.contains(name))
                .cloned()
                .collect();
            found.push(((module, local), (!rest.is_empty()).then_some(rest)));
        }
    }
    found
}

/// The objects that other modules do something with but ask for properties by their names.
fn handed_to_others(
    graph: &ModuleGraph,
    names: &Names,
    objects: &FxHashMap<SymbolId, (ModuleId, LocalId)>,
) -> FxHashSet<SymbolId> {
    let object_of = |binding: &Binding| binding.symbol().filter(|symbol| objects.contains_key(symbol));
    let mut handed: FxHashSet<SymbolId> = FxHashSet::default();
    let visible = names.inclusion.exports.values();
    let visible = visible.flat_map(|exports| exports.bindings.iter().map(|(_, binding)| binding));
    let members = names.inclusion.members.iter().flat_map(FxHashMap::values);
    handed.extend(visible.chain(members).filter_map(object_of));
    for (id, table) in names.imports.iter_enumerated() {
        let imported: FxHashMap<LocalId, SymbolId> = table
            .iter()
            .filter_map(|(local, binding)| Some((*local, object_of(binding)?)))
            .collect();
        if imported.is_empty() {
            continue;
        }
        let syntax = &graph.modules[id].syntax;
        for statement in names.inclusion.statements[id].ones() {
            let facts = &syntax.statements[StatementId::from_usize(statement)];
            handed.extend(facts.uses.iter().filter_map(|local| imported.get(local)));
            for (local, path) in &facts.member_uses {
                let Some(symbol) = imported.get(local) else {
                    continue;
                };
                if let [method] = path.as_slice()
                    && syntax.called_members.contains(&(*local, path.clone()))
                    && !declared(graph, objects[symbol]).is_some_and(|object| is_kept_by(object, method))
                {
                    handed.insert(*symbol);
                }
            }
        }
    }
    handed
}

fn declared(graph: &ModuleGraph, (module, local): (ModuleId, LocalId)) -> Option<&MembersUntilSet> {
    graph.modules[module].syntax.symbols[local]
        .members_until_set
        .as_deref()
}
