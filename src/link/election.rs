//! Elections (PROTOCOL §6.3): per group the winner in the root's supply, and everybody who stood for it.

use super::closure::{LayerIndex, ROOT};
use super::merge::ModuleSupply;
use super::offer::{GroupIndex, GroupKey, Offer, OfferIndex, OfferTable};
use oxc_index::IndexVec;

/// One group of the closure with its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    /// What was voted on.
    pub group: GroupKey,
    /// The offer everybody is wired to.
    pub winner: Offer,
    /// Every offer, the winner among them, in the order the walk finished their modules.
    pub candidates: Vec<Offer>,
}

impl Election {
    /// The offers that nobody gets.
    pub fn losers(&self) -> impl Iterator<Item = &Offer> {
        self.candidates
            .iter()
            .filter(|candidate| candidate.provider != self.winner.provider)
    }

    /// Whether more than one module offers the group.
    pub fn is_contested(&self) -> bool {
        self.losers().next().is_some()
    }
}

/// Holds all elections, in the order the groups were first offered.
pub(super) fn elect(offers: &OfferTable, supplies: &IndexVec<LayerIndex, ModuleSupply>) -> Vec<Election> {
    let mut candidates: IndexVec<GroupIndex, Vec<OfferIndex>> =
        offers.groups.iter().map(|_| Vec::new()).collect();
    for (offer, placement) in offers.placements.iter_enumerated() {
        candidates[placement.group].push(offer);
    }
    let supply = &supplies[ROOT].whole;
    candidates
        .iter_enumerated()
        .map(|(group, candidates)| Election {
            group: offers.groups[group].clone(),
            winner: offers.offers[supply[&group]].clone(),
            candidates: candidates
                .iter()
                .map(|offer| offers.offers[*offer].clone())
                .collect(),
        })
        .collect()
}
