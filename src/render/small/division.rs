//! Chunks divided into units that are compressed on their own.

use super::planned::Planned;
use super::{Care, Cares};
use crate::bind::BoundGraph;
use crate::graph::{ModuleId, StatementId};

/// What stands in the text of the chunk, in its order.
pub(super) enum Item {
    /// Numbers of parts.
    Unit(Vec<usize>),
    /// A module that is printed by itself.
    Module(ModuleId),
}

/// With the parts that are left as they are.
pub(super) fn with_untouchable_parts(parts: &[Planned], cares: &Cares) -> Cares {
    let untouchable = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.facts.is_untouchable)
        .map(|(number, _)| (number, Care::Untouched));
    let mut all = cares.clone();
    all.extend(untouchable);
    all
}

/// How many bytes of the sources a unit takes, in a chunk of so many.
///
/// The larger a unit, the more is written where it is used instead of being named; but the compressor's time grows faster
/// than its input. What units of 64 KiB cost was measured: 0.7 to 6 percent of a small library, a thousandth of a large
/// program, for a quarter less processor time of the whole build.
fn unit_size(of_chunk: usize) -> usize {
    const KIB: usize = 1024;
    match of_chunk / (1024 * KIB) {
        0 => 512 * KIB,
        1..8 => 64 * KIB,
        _ => 32 * KIB,
    }
}

/// Consecutive parts up to the size of a unit.
pub(super) fn into_units(parts: &[Planned], order: Vec<Item>, cares: &Cares) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let unit_size = unit_size(parts.iter().map(|part| part.facts.size).sum());
    let mut size = 0;
    for item in order {
        let Item::Unit(numbers) = item else {
            items.push(item);
            continue;
        };
        let is_alone = numbers.iter().any(|number| cares.contains_key(number));
        let length: usize = numbers.iter().map(|number| parts[*number].facts.size).sum();
        match items.last_mut() {
            Some(Item::Unit(unit))
                if !is_alone
                    && size + length <= unit_size
                    && !unit.iter().any(|one| cares.contains_key(one)) =>
            {
                unit.extend(numbers);
                size += length;
            }
            _ => {
                items.push(Item::Unit(numbers));
                size = length;
            }
        }
    }
    items
}

/// The parts of each unit, with their numbers.
pub(super) fn parts_of_units(parts: Vec<Planned>, items: &[Item]) -> Vec<(Vec<usize>, Vec<Planned>)> {
    let mut parts: Vec<Option<Planned>> = parts.into_iter().map(Some).collect();
    let units = items.iter().filter_map(|item| match item {
        Item::Unit(numbers) => {
            let parts = numbers.iter().filter_map(|number| parts[*number].take());
            Some((numbers.clone(), parts.collect()))
        }
        Item::Module(_) => None,
    });
    units.collect()
}

/// How long the statements of a module are that are not left out.
pub(super) fn included_size(bound: &BoundGraph, module: ModuleId) -> usize {
    let forms = &bound.graph.modules[module].syntax.forms;
    let included = bound.included_statements[module].ones();
    included
        .map(|index| forms[StatementId::from_usize(index)].length as usize)
        .sum()
}

/// Units with the numbers of their parts.
pub(super) type Numbered<T> = Vec<(Vec<usize>, T)>;

/// What worked, and the parts of what did not.
pub(super) fn split<T>(units: Numbered<Option<T>>) -> (Numbered<T>, Vec<Vec<usize>>) {
    let mut fine = Vec::with_capacity(units.len());
    let mut failed = Vec::new();
    for (numbers, unit) in units {
        match unit {
            Some(unit) => fine.push((numbers, unit)),
            None => failed.push(numbers),
        }
    }
    (fine, failed)
}
