//! Chunks divided into units that are compressed on their own.

use super::planned::Planned;
use super::{Care, Cares};
use crate::base::Digest;
use crate::bind::BoundGraph;
use crate::graph::{ModuleId, ModuleOrigin, StatementId};
use crate::render::CompressedUnits;

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

/// How large units are, in bytes of the sources.
#[derive(Clone, Copy)]
struct UnitSize {
    /// No unit ends before.
    least: usize,
    /// Where units end on an average.
    mean: usize,
    /// No unit is larger, but for a single part.
    most: usize,
}

impl UnitSize {
    /// That in a chunk of so many bytes.
    ///
    /// The larger a unit, the more is written where it is used instead of being named; but the compressor's time grows faster
    /// than its input. What units of 64 KiB cost was measured: 0.7 to 6 percent of a small library, a thousandth of a large
    /// program, for a quarter less processor time of the whole build.
    fn of(chunk: usize) -> Self {
        const KIB: usize = 1024;
        let around = |mean| Self {
            least: mean / 2,
            mean,
            most: mean * 2,
        };
        match chunk / (1024 * KIB) {
            0 => Self {
                least: 512 * KIB,
                mean: 512 * KIB,
                most: 512 * KIB,
            },
            1..8 => around(64 * KIB),
            _ => around(32 * KIB),
        }
    }

    /// Whether a unit ends behind a part that fills it so far. That is a matter of the part's name as long as it can be: where
    /// modules come, go or grow, most units have the same modules as before, and what several chunks have in common is
    /// divided alike. (Content-defined chunking: Muthitacharoen, Chen, Mazières, A Low-bandwidth Network File System, 2001.)
    fn ends_behind(self, part: &Part<'_>, size: usize) -> bool {
        if size < self.least {
            return false;
        }
        // Of so many bytes, one has an end behind it.
        let bytes_per_end = (self.mean - self.least).max(1) as u128;
        let is_end = |name| u128::from(number_of(name)) * bytes_per_end < (part.size as u128) << u64::BITS;
        part.name.is_some_and(is_end)
    }
}

/// Where a unit has fewer bytes of sources, compressing it again costs less than what is lost between two units. Measured: a
/// page with Material UI grows by a thousandth, and 14 of them are compressed in half of the time.
const LEAST_SHARED: usize = 16 * 1024;

/// A number that a name has everywhere.
fn number_of(name: &str) -> u64 {
    let digest = Digest::of(name.as_bytes());
    digest
        .as_bytes()
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What dividing must know of a part.
struct Part<'a> {
    /// The path of a module.
    name: Option<&'a str>,
    size: usize,
}

/// Whose code a part is: that of a package, or none's.
fn package_of<'a>(bound: &'a BoundGraph, part: &Planned) -> Option<&'a str> {
    match &bound.graph.modules[part.id()?].origin {
        ModuleOrigin::Package { name } => Some(name),
        ModuleOrigin::Own => None,
    }
}

/// Consecutive parts up to the size of a unit.
pub(super) fn into_units(
    bound: &BoundGraph,
    parts: &[Planned],
    order: Vec<Item>,
    cares: &Cares,
    wanted: CompressedUnits,
) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let unit_size = UnitSize::of(parts.iter().map(|part| part.facts.size).sum());
    let mut size = 0;
    let mut is_full = false;
    let mut last_package = None;
    for item in order {
        let Item::Unit(numbers) = item else {
            items.push(item);
            continue;
        };
        let package = numbers
            .last()
            .and_then(|number| package_of(bound, &parts[*number]));
        let is_apart = wanted == CompressedUnits::ByPackage && size >= LEAST_SHARED;
        is_full |= is_apart && last_package.is_some_and(|last| last != package);
        last_package = Some(package);
        let is_alone = numbers.iter().any(|number| cares.contains_key(number));
        let length: usize = numbers.iter().map(|number| parts[*number].facts.size).sum();
        let last = numbers.last().map(|number| Part {
            name: parts[*number]
                .id()
                .map(|id| &*bound.graph.modules[id].stable_path),
            size: length,
        });
        match items.last_mut() {
            Some(Item::Unit(unit))
                if !is_alone
                    && !is_full
                    && size + length <= unit_size.most
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
        is_full = last.is_some_and(|part| unit_size.ends_behind(&part, size));
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
