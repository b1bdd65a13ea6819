//! THE MERGE RULE (PROTOCOL §6): for every module, which offer wins each group.
//!
//! Later overwrites earlier, per group; a module's own offers come last of all:
//!
//! ```text
//! supply(M) := {}
//! for u in M.uses:        supply(M) := supply(M) overwritten by supply(u)
//! for each offer of M:    supply(M)[group] := offer
//! ```
//!
//! So position decides, not version: `app` using `[a (3.4), b (3.3)]` gets `b`. A pure function of numbers,
//! because it runs once per module over everything the module can reach.

use indexmap::IndexMap;
use oxc_index::IndexVec;
use rustc_hash::FxBuildHasher;

use super::closure::LayerIndex;
use super::offer::{GroupIndex, OfferIndex};

/// Group → winning offer, in the order the groups were first supplied.
pub(super) type Supply = IndexMap<GroupIndex, OfferIndex, FxBuildHasher>;

/// What one module gets.
#[derive(Debug, Clone, Default)]
pub(super) struct ModuleSupply {
    /// What reaches it through `uses`.
    pub used: Supply,
    /// The same, overwritten by its own offers.
    pub whole: Supply,
}

/// An offer and the group it competes in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub group: GroupIndex,
    pub offer: OfferIndex,
}

/// Where an offer comes from when it is written into a supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The supply of a module in `uses`.
    Used(LayerIndex),
    /// The module's own `provides`.
    Own,
}

/// One step of a merge: an offer takes a group, whoever held it before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Write {
    pub source: Source,
    pub offer: OfferIndex,
}

/// Merges every layer, dependencies first. `uses` must be free of cycles.
pub(super) fn merge(
    dependencies_first: &[LayerIndex],
    uses: &IndexVec<LayerIndex, Vec<LayerIndex>>,
    offers: &IndexVec<LayerIndex, Vec<Entry>>,
) -> IndexVec<LayerIndex, ModuleSupply> {
    let mut supplies: IndexVec<LayerIndex, ModuleSupply> =
        uses.iter().map(|_| ModuleSupply::default()).collect();
    for &layer in dependencies_first {
        supplies[layer] = merge_layer(&uses[layer], &offers[layer], &supplies, |_, _| {});
    }
    supplies
}

/// What was written into one group of one layer, in order: the last write is what the layer gets. Runs the
/// merge of the layer once more, so that an explanation cannot disagree with what happened.
pub(super) fn writes(
    group: GroupIndex,
    uses: &[LayerIndex],
    own: &[Entry],
    supplies: &IndexVec<LayerIndex, ModuleSupply>,
) -> Vec<Write> {
    let mut writes = Vec::new();
    merge_layer(uses, own, supplies, |written, write| {
        if written == group {
            writes.push(write);
        }
    });
    writes
}

/// The rule itself, for one layer whose `uses` are merged already.
fn merge_layer(
    uses: &[LayerIndex],
    own: &[Entry],
    supplies: &IndexVec<LayerIndex, ModuleSupply>,
    mut observe: impl FnMut(GroupIndex, Write),
) -> ModuleSupply {
    let mut supply = Supply::default();
    for &used in uses {
        let source = Source::Used(used);
        for (&group, &offer) in &supplies[used].whole {
            supply.insert(group, offer);
            observe(group, Write { source, offer });
        }
    }
    let before_own = supply.clone();
    for &Entry { group, offer } in own {
        supply.insert(group, offer);
        let source = Source::Own;
        observe(group, Write { source, offer });
    }
    ModuleSupply {
        used: before_own,
        whole: supply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Winners of `app` for a graph written as `module[+group…] -> used, used`, dependencies first. An offer
    /// is named by its module.
    fn winners(graph: &[&str]) -> Vec<String> {
        let mut names: Vec<&str> = Vec::new();
        let mut groups: Vec<&str> = Vec::new();
        let mut uses: IndexVec<LayerIndex, Vec<LayerIndex>> = IndexVec::new();
        let mut offers: IndexVec<LayerIndex, Vec<Entry>> = IndexVec::new();
        let mut labels: IndexVec<OfferIndex, String> = IndexVec::new();
        for line in graph {
            let (head, sources) = line.split_once(" -> ").unwrap_or((line, ""));
            let mut parts = head.split('+');
            let name = parts.next().expect("a name");
            names.push(name);
            offers.push(
                parts
                    .map(|group| {
                        let position = groups
                            .iter()
                            .position(|known| known == &group)
                            .unwrap_or_else(|| {
                                groups.push(group);
                                groups.len() - 1
                            });
                        Entry {
                            group: GroupIndex::from_usize(position),
                            offer: labels.push(name.to_owned()),
                        }
                    })
                    .collect(),
            );
            let position = |used: &str| {
                names
                    .iter()
                    .position(|name| *name == used)
                    .expect("a module above")
            };
            uses.push(
                sources
                    .split(", ")
                    .filter(|used| !used.is_empty())
                    .map(|used| LayerIndex::from_usize(position(used)))
                    .collect(),
            );
        }
        let order: Vec<LayerIndex> = (0..names.len()).map(LayerIndex::from_usize).collect();
        let supplies = merge(&order, &uses, &offers);
        let app = &supplies[LayerIndex::from_usize(names.len() - 1)].whole;
        let mut winners: Vec<String> = app
            .iter()
            .map(|(group, offer)| format!("{}={}", groups[group.index()], labels[*offer]))
            .collect();
        winners.sort();
        winners
    }

    #[test]
    fn position_decides_and_not_version() {
        assert_eq!(winners(&["a+vue3", "b+vue3", "app -> a, b"]), ["vue3=b"]);
        assert_eq!(winners(&["a+vue3", "b+vue3", "app -> b, a"]), ["vue3=a"]);
    }

    #[test]
    fn the_module_itself_is_last() {
        assert_eq!(winners(&["a+vue3", "app+vue3 -> a"]), ["vue3=app"]);
    }

    #[test]
    fn the_nearer_layer_wins() {
        assert_eq!(
            winners(&["base+vue3", "spec+vue3 -> base", "app -> spec"]),
            ["vue3=spec"]
        );
    }

    #[test]
    fn a_later_entry_overrides_with_its_whole_subtree() {
        assert_eq!(
            winners(&["base+vue3", "spec+vue3 -> base", "app -> spec, base"]),
            ["vue3=base"]
        );
        assert_eq!(
            winners(&["base+vue3", "l+vue3 -> base", "r -> base", "app -> l, r"]),
            ["vue3=base"]
        );
        assert_eq!(
            winners(&["base+vue3", "l+vue3 -> base", "r -> base", "app -> r, l"]),
            ["vue3=l"]
        );
    }

    #[test]
    fn a_diamond_has_one_winner() {
        assert_eq!(
            winners(&["base+vue3", "l -> base", "r -> base", "app -> l, r"]),
            ["vue3=base"]
        );
    }

    #[test]
    fn the_last_occurrence_counts() {
        assert_eq!(winners(&["a+vue3", "b+vue3", "app -> a, b, a"]), ["vue3=a"]);
    }

    #[test]
    fn majors_do_not_meet() {
        for order in ["app -> two, three", "app -> three, two"] {
            assert_eq!(
                winners(&["two+vue2", "three+vue3", order]),
                ["vue2=two", "vue3=three"]
            );
        }
    }
}
