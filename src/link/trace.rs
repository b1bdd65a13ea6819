//! How an election came out as it did, told from the writes of the merge itself.
//!
//! `app` uses `[l, r]`, both use `base`, `l` and `base` provide Vue 3. The merge of `app` writes `l`'s offer, then
//! `base`'s, because `r` brings it along:
//!
//! ```text
//! app    l/vue (from l)   base/vue (from r)      ← the last write is what app gets
//! l      base/vue (from base)   l/vue (own)
//! ```
//!
//! So `base` wins by the subtree of a later entry, and where `l` loses is `app`. A loser always has such a place:
//! its own module gets it, the root does not, so on every way between them it is overwritten once.

use super::closure::{LayerIndex, ROOT};
use super::merge::Source;
use super::offer::{GroupIndex, GroupKey, Offer, OfferIndex};
use super::supplied::SuppliedClosure;
use crate::diagnostic::Location;

/// One group of the closure, and why its winner won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectionTrace {
    /// What was voted on.
    pub group: GroupKey,
    /// The offer everybody is wired to.
    pub winner: Offer,
    /// Every offer, the winner among them, in the order the walk finished their modules.
    pub candidates: Vec<Offer>,
    /// Modules from the root to the winner's: each takes the offer from the next one.
    pub route: Vec<String>,
    /// The rule by which the winner came to the root.
    pub rule: Rule,
    /// One for every loser.
    pub defeats: Vec<Defeat>,
}

/// Where and how an offer lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defeat {
    /// The offer that lost.
    pub loser: Offer,
    /// The module whose merge overwrote it.
    pub at: String,
    /// What overwrote it there; may have lost itself, further up.
    pub by: Offer,
    /// By which rule.
    pub rule: Rule,
    /// The entry of `uses` that brought the loser to `at`.
    pub earlier: Option<String>,
    /// The entry of `uses` that brought what overwrote it; `None` when it is the module's own offer.
    pub later: Option<String>,
    /// Where the deciding entry of `uses` or `provides` is written.
    pub location: Option<Location>,
}

impl Defeat {
    /// Where and by which rule it lost, for people.
    pub fn sentence(&self) -> String {
        let name = |text: &Option<String>| text.clone().unwrap_or_default();
        let (loser, by, at) = (self.loser.identifier(), self.by.identifier(), &self.at);
        let (earlier, later) = (name(&self.earlier), name(&self.later));
        let provider = &self.by.provider;
        let behind = format!("{loser} lost to {by} in {at}: {later} stands behind {earlier} in esmx.uses");
        match self.rule {
            Rule::OnlyCandidate => format!("{loser} stands alone."),
            Rule::SelfLast => format!(
                "{loser} lost to {by}: {at} provides it itself, and what a module provides comes last of all."
            ),
            Rule::NearerLayer => {
                format!(
                    "{loser} lost to {by}: {at} uses what brings it, and provides its own, which is nearer."
                )
            }
            Rule::LaterInUses => format!("{behind}."),
            Rule::LaterSubtree => format!("{behind}, and brings {provider} with everything it uses."),
            Rule::BroughtBack if later == *provider => {
                format!("{behind}, and brings its own copy back, which had lost inside {earlier}.")
            }
            Rule::BroughtBack => format!(
                "{behind}, and brings {provider} back with everything it uses, which had lost inside {earlier}."
            ),
        }
    }
}

impl Rule {
    /// The name in documents for tools.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnlyCandidate => "onlyCandidate",
            Self::SelfLast => "selfLast",
            Self::NearerLayer => "nearerLayer",
            Self::LaterInUses => "laterInUses",
            Self::LaterSubtree => "laterSubtree",
            Self::BroughtBack => "broughtBack",
        }
    }
}

/// The cases of the merge rule (PROTOCOL §6.1), in the words of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Nobody else offers it.
    OnlyCandidate,
    /// The root provides it itself, and a module's own offers come last.
    SelfLast,
    /// A module that uses the loser's provides it itself: it is nearer to the root.
    NearerLayer,
    /// The winner's module stands later in `uses`.
    LaterInUses,
    /// A later entry of `uses` brings it from what it uses itself.
    LaterSubtree,
    /// The same, although the loser had overwritten it in an earlier entry.
    BroughtBack,
}

/// Traces every election, in the order the groups were first offered.
pub(super) fn trace_all(supplied: &SuppliedClosure) -> Vec<ElectionTrace> {
    let groups = 0..supplied.offers.groups.len();
    groups
        .map(|group| trace(supplied, GroupIndex::from_usize(group)))
        .collect()
}

/// Traces the election of a group.
pub(super) fn trace(supplied: &SuppliedClosure, group: GroupIndex) -> ElectionTrace {
    let SuppliedClosure { closure, offers, .. } = supplied;
    let candidates: Vec<OfferIndex> = offers
        .placements
        .iter_enumerated()
        .filter(|(_, placement)| placement.group == group)
        .map(|(offer, _)| offer)
        .collect();
    let winner = supplied.supplies[ROOT].whole[&group];
    let defeats: Vec<Defeat> = candidates
        .iter()
        .filter(|loser| **loser != winner)
        .filter_map(|loser| defeat(supplied, group, *loser))
        .collect();
    let by_winner = |defeat: &&Defeat| defeat.by == offers.offers[winner];
    let at_root = |defeat: &&Defeat| by_winner(defeat) && defeat.at == closure.name(ROOT);
    let decisive = defeats
        .iter()
        .find(at_root)
        .or_else(|| defeats.iter().rfind(by_winner));
    ElectionTrace {
        group: offers.groups[group].clone(),
        winner: offers.offers[winner].clone(),
        candidates: candidates
            .iter()
            .map(|offer| offers.offers[*offer].clone())
            .collect(),
        route: route(supplied, group, ROOT)
            .into_iter()
            .map(|layer| closure.name(layer))
            .collect(),
        rule: decisive.map_or(Rule::OnlyCandidate, |defeat| defeat.rule),
        defeats,
    }
}

/// From a layer to the provider of what it gets, along the last writes.
fn route(supplied: &SuppliedClosure, group: GroupIndex, from: LayerIndex) -> Vec<LayerIndex> {
    let mut route = vec![from];
    while let Some(last) = supplied.writes(route[route.len() - 1], group).last() {
        match last.source {
            Source::Own => break,
            Source::Used(used) => route.push(used),
        }
    }
    route
}

/// The place nearest to the root where `loser` arrives and does not leave.
fn defeat(supplied: &SuppliedClosure, group: GroupIndex, loser: OfferIndex) -> Option<Defeat> {
    let SuppliedClosure { closure, offers, .. } = supplied;
    // The root is last in finishing order, and everything stands behind what it uses.
    closure.finished.iter().rev().find_map(|&at| {
        let writes = supplied.writes(at, group);
        let (last, before) = writes.split_last()?;
        let beaten = before.iter().rfind(|write| write.offer == loser)?;
        if last.offer == loser {
            return None;
        }
        let entry = |source: Source| match source {
            Source::Used(used) => Some(used),
            Source::Own => None,
        };
        let (earlier, later) = (entry(beaten.source), entry(last.source));
        let by = &offers.offers[last.offer];
        let provider = offers.placements[last.offer].layer;
        let rule = match later {
            None if at == ROOT => Rule::SelfLast,
            None => Rule::NearerLayer,
            Some(used) if used == provider && !is_below(supplied, earlier, provider) => Rule::LaterInUses,
            Some(_) if is_below(supplied, earlier, provider) => Rule::BroughtBack,
            Some(_) => Rule::LaterSubtree,
        };
        let record = closure.record(at);
        let later_name = later.map(|used| closure.name(used));
        let location = match &later_name {
            Some(name) => record.location_of_item(&["esmx", "uses"], name),
            None => record.location_of_item(&["esmx", "provides"], &by.name),
        };
        Some(Defeat {
            loser: offers.offers[loser].clone(),
            at: closure.name(at),
            by: by.clone(),
            rule,
            earlier: earlier.map(|used| closure.name(used)),
            later: later_name,
            location,
        })
    })
}

/// Whether the entry that brought the loser also reaches the winner's module: then the winner had lost there.
fn is_below(supplied: &SuppliedClosure, entry: Option<LayerIndex>, provider: LayerIndex) -> bool {
    entry.is_some_and(|entry| supplied.reach(entry).contains(&provider))
}
