//! Short names for a whole chunk: every slot gets one, the most used slot the shortest.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::scopes::{Binding, BindingKind};
use super::slots::{NONE, Slots};
use crate::base::short_name::{is_reserved, nth_name};
use crate::scan::kept_elements::is_tag;

/// What naming must know of a unit.
pub struct UnitNames {
    pub bindings: Vec<Binding>,
    pub slots: Slots,
}

/// How everything is called in the end.
pub struct FinalNames {
    /// Names of the chunk, by their provisional names.
    pub chunk: FxHashMap<Atom, Atom>,
    /// For each unit, for each binding, its new name, if it gets one.
    pub units: Vec<Vec<Option<Atom>>>,
}

/// A name at the top of the chunk.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Root {
    Chunk(Atom),
    /// One that compressing made: unit and binding.
    OfUnit(usize, u32),
}

#[derive(Default)]
struct RootFacts {
    count: u32,
    names_element: bool,
    taken: Vec<u32>,
}

/// Names the units of a chunk. `outside` are mentions of names of the chunk in text that is in no unit; names in `kept`
/// stay as they are, and nothing else is called like one of `reserved`.
pub fn name_chunk<'a>(
    units: &[&UnitNames],
    outside: impl Iterator<Item = &'a Atom>,
    kept: &FxHashSet<Atom>,
    reserved: impl Iterator<Item = Atom>,
) -> FinalNames {
    let mut roots: IndexMap<Root, RootFacts, FxBuildHasher> = IndexMap::default();
    let mut counts: Vec<u32> = Vec::new();
    let mut forbidden: FxHashSet<Atom> = kept.iter().cloned().collect();
    forbidden.extend(reserved);
    for (unit, UnitNames { bindings, slots }) in units.iter().enumerate() {
        if counts.len() < slots.counts.len() {
            counts.resize(slots.counts.len(), 0);
        }
        for (total, count) in counts.iter_mut().zip(&slots.counts) {
            *total += count;
        }
        for root in &slots.roots {
            let binding = &bindings[root.binding as usize];
            let key = match binding.kind {
                BindingKind::Chunk => Root::Chunk(binding.name.clone()),
                BindingKind::Local | BindingKind::Free => Root::OfUnit(unit, root.binding),
            };
            let facts = roots.entry(key).or_default();
            facts.count += binding.count;
            facts.names_element |= binding.names_element;
            facts.taken.extend(&root.taken);
        }
        let free = bindings.iter().filter(|one| one.kind == BindingKind::Free);
        forbidden.extend(free.map(|one| one.name.clone()));
    }
    for name in outside {
        roots.entry(Root::Chunk(name.clone())).or_default().count += 1;
    }
    roots.retain(|root, _| !matches!(root, Root::Chunk(name) if kept.contains(name)));
    let slot_of = root_slots(&roots, &mut counts);
    let mut of_elements: FxHashSet<u32> = roots
        .values()
        .zip(&slot_of)
        .filter(|(facts, _)| facts.names_element)
        .map(|(_, slot)| *slot)
        .collect();
    for UnitNames { bindings, slots } in units {
        let named = bindings.iter().zip(&slots.of_binding);
        of_elements.extend(named.filter(|(one, _)| one.names_element).map(|(_, slot)| *slot));
    }
    let spelled = spell(&counts, &forbidden, &of_elements);
    let mut names = FinalNames {
        chunk: kept.iter().map(|name| (name.clone(), name.clone())).collect(),
        units: units
            .iter()
            .map(|unit| {
                let slots = unit.slots.of_binding.iter();
                slots
                    .map(|slot| (*slot != NONE).then(|| spelled[*slot as usize].clone()))
                    .collect()
            })
            .collect(),
    };
    for (root, slot) in roots.keys().zip(slot_of) {
        let name = spelled[slot as usize].clone();
        match root {
            Root::Chunk(provisional) => {
                names.chunk.insert(provisional.clone(), name);
            }
            Root::OfUnit(unit, binding) => names.units[*unit][*binding as usize] = Some(name),
        }
    }
    for (names_of_unit, unit) in names.units.iter_mut().zip(units) {
        for root in &unit.slots.roots {
            let binding = &unit.bindings[root.binding as usize];
            if binding.kind == BindingKind::Chunk {
                names_of_unit[root.binding as usize] = names.chunk.get(&binding.name).cloned();
            }
        }
    }
    names
}

/// The most used name takes the first slot that is free wherever it is mentioned, and so on.
fn root_slots(roots: &IndexMap<Root, RootFacts, FxBuildHasher>, counts: &mut Vec<u32>) -> Vec<u32> {
    let mut ranked: Vec<(usize, &RootFacts)> = roots.values().enumerate().collect();
    ranked.sort_by_key(|(_, facts)| std::cmp::Reverse(facts.count));
    let mut slots = vec![NONE; roots.len()];
    let mut is_taken: Vec<bool> = Vec::new();
    let mut taken_here: Vec<usize> = Vec::new();
    let mut first = 0;
    for (rank, (position, facts)) in ranked.into_iter().enumerate() {
        for slot in &facts.taken {
            let slot = *slot as usize;
            if taken_here.len() <= slot {
                taken_here.resize(slot + 1, 0);
            }
            taken_here[slot] = rank + 1;
        }
        while is_taken.get(first) == Some(&true) {
            first += 1;
        }
        let mut slot = first;
        while is_taken.get(slot) == Some(&true) || taken_here.get(slot) == Some(&(rank + 1)) {
            slot += 1;
        }
        if is_taken.len() <= slot {
            is_taken.resize(slot + 1, false);
        }
        is_taken[slot] = true;
        if counts.len() <= slot {
            counts.resize(slot + 1, 0);
        }
        counts[slot] += facts.count;
        slots[position] = u32::try_from(slot).expect("there are fewer slots than names");
    }
    slots
}

/// The name of each slot. What elements are called by is named first: it has fewer names to choose from.
fn spell(counts: &[u32], forbidden: &FxHashSet<Atom>, of_elements: &FxHashSet<u32>) -> Vec<Atom> {
    let mut ranked: Vec<(bool, usize)> = (0..)
        .zip(0..counts.len())
        .map(|(number, slot)| (of_elements.contains(&number), slot))
        .collect();
    ranked.sort_by_key(|(names_element, slot)| (!names_element, std::cmp::Reverse(counts[*slot])));
    let mut given: FxHashSet<Atom> = FxHashSet::default();
    let mut spelled = vec![Atom::default(); counts.len()];
    let (mut index, mut was_element) = (0, true);
    for (names_element, slot) in ranked {
        if was_element && !names_element {
            index = 0;
        }
        was_element = names_element;
        spelled[slot] = loop {
            let name = nth_name(index);
            index += 1;
            if is_reserved(&name) || (names_element && is_tag(&name)) {
                continue;
            }
            let name = Atom::from(name);
            if !forbidden.contains(&name) && !given.contains(&name) {
                break name;
            }
        };
        if names_element {
            given.insert(spelled[slot].clone());
        }
    }
    spelled
}
