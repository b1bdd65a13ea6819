//! Which group a specifier means in a module (PROTOCOL §7.2 and §7.3). A local question: it is answered from
//! the module's own supply and its own `package.json`, so that it has the same answer when the module is
//! built alone and when it is composed into any host.

use super::closure::{Closure, LayerIndex};
use super::merge::Supply;
use super::offer::{GroupIndex, GroupKind, OfferTable};
use crate::protocol::{DependencySpec, PackageRecord, Satisfaction, satisfies, split_package};

/// One module as a consumer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selector<'a> {
    pub layer: LayerIndex,
    pub record: &'a PackageRecord,
    /// What the module provides, itself included only when it is declared.
    pub provides: &'a [String],
    pub supply: &'a Supply,
    /// The layers whose offers can reach the module, sorted.
    pub reach: &'a [LayerIndex],
    pub offers: &'a OfferTable,
}

impl<'a> Selector<'a> {
    pub(super) fn of(
        closure: &'a Closure,
        layer: LayerIndex,
        supply: &'a Supply,
        reach: &'a [LayerIndex],
        offers: &'a OfferTable,
    ) -> Self {
        let provides = closure
            .declaration(layer)
            .map_or(&[][..], |declaration| &declaration.provides);
        Self {
            layer,
            record: closure.record(layer),
            provides,
            supply,
            reach,
            offers,
        }
    }

    /// The group that `specifier` means here; `None` when it is not supplied.
    pub(super) fn select(&self, specifier: &str) -> Option<GroupIndex> {
        self.decide(specifier).map(|(group, _)| group)
    }

    /// The same with the reason.
    pub(super) fn decide(&self, specifier: &str) -> Option<(GroupIndex, Reason)> {
        // §7.2, 1. Own offer: a module runs on the major it hands out.
        if self.provides.iter().any(|provided| provided == specifier) {
            return self.own_group(specifier).map(|group| (group, Reason::OwnOffer));
        }
        let (package, _) = split_package(specifier);
        let spec = self.record.selecting_spec(package);
        choose(&self.candidates(specifier, spec), spec)
    }

    /// The groups that come into question for a consumer who declares `spec` (§7.2, 2 to 4), in order of
    /// preference.
    pub(super) fn candidates(&self, specifier: &str, spec: Option<DependencySpec<'_>>) -> Vec<Candidate<'a>> {
        let (_, subpath) = split_package(specifier);
        let groups: Vec<GroupIndex> = if let Some(real_name) = spec.and_then(DependencySpec::alias_target) {
            // 2. Alias: an island of exactly this name, then the real package. Nothing else.
            let identity = format!("{real_name}{subpath}");
            let islands = self.supplied(specifier, GroupKind::Island);
            islands
                .chain(self.supplied(&identity, GroupKind::Package))
                .collect()
        } else {
            // 3. Plain: the identity, and where there is none, the public name.
            let named = self.offers.groups_of_identity(specifier).iter().copied();
            let exact: Vec<GroupIndex> = named.filter(|group| self.supply.contains_key(group)).collect();
            if exact.is_empty() {
                self.groups_of_public_name(specifier)
            } else {
                exact
            }
        };
        groups.into_iter().map(|group| self.candidate(group)).collect()
    }

    fn own_group(&self, name: &str) -> Option<GroupIndex> {
        let own = self.offers.of_layer[self.layer]
            .iter()
            .find(|offer| self.offers.offers[**offer].name == name)?;
        Some(self.offers.placements[*own].group)
    }

    fn supplied(&self, identity: &str, kind: GroupKind) -> impl Iterator<Item = GroupIndex> + use<'a> {
        let Self { offers, supply, .. } = *self;
        offers
            .groups_of_identity(identity)
            .iter()
            .copied()
            .filter(move |group| offers.groups[*group].kind == kind && supply.contains_key(group))
    }

    fn groups_of_public_name(&self, name: &str) -> Vec<GroupIndex> {
        let mut groups: Vec<GroupIndex> = self
            .offers
            .offers_of_name(name)
            .iter()
            .map(|offer| self.offers.placements[*offer])
            .filter(|placement| self.reach.binary_search(&placement.layer).is_ok())
            .map(|placement| placement.group)
            .collect();
        // Different packages under one name may have one major. Then the one that the module was supplied with
        // first comes first: numbers of groups depend on the host, the order of its own supply does not.
        groups.sort_by_key(|&group| {
            let major = std::cmp::Reverse(self.offers.groups[group].major);
            (major, self.supply.get_index_of(&group))
        });
        groups.dedup();
        groups
    }

    fn candidate(&self, group: GroupIndex) -> Candidate<'a> {
        let version = self
            .supply
            .get(&group)
            .and_then(|offer| self.offers.offers[*offer].version.as_deref());
        Candidate { group, version }
    }
}

/// A group, and the version of its winner as the consumer's own supply has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate<'a> {
    pub group: GroupIndex,
    pub version: Option<&'a str>,
}

impl Candidate<'_> {
    pub(super) fn fits(&self, range: &str) -> Satisfaction {
        self.version
            .map_or(Satisfaction::Undecidable, |version| satisfies(version, range))
    }
}

/// Why a group was chosen among the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The module provides it itself, and runs on what it hands out.
    OwnOffer,
    /// The first whose version satisfies the declared range.
    Satisfied,
    /// None satisfies the range; this is the first that cannot be checked.
    Unchecked,
    /// Nothing satisfies the range and everything can be checked; the highest major is taken.
    NothingSatisfies,
    /// There is no range to check; the highest major is taken.
    HighestMajor,
}

/// The choice among candidates (§7.3): the first that satisfies the range, else the first that cannot be
/// checked, else the first. Without a range the first. The last resort still wires, and the intent check
/// reports it: nobody falls back silently to a private copy of something that is supplied.
pub(super) fn choose(
    candidates: &[Candidate<'_>],
    spec: Option<DependencySpec<'_>>,
) -> Option<(GroupIndex, Reason)> {
    let first_that = |wanted: Satisfaction, range: &str, reason: Reason| {
        candidates
            .iter()
            .find(|candidate| candidate.fits(range) == wanted)
            .map(|candidate| (candidate.group, reason))
    };
    let range = spec.and_then(DependencySpec::checkable_range);
    let preferred = range.and_then(|range| {
        first_that(Satisfaction::Satisfied, range, Reason::Satisfied)
            .or_else(|| first_that(Satisfaction::Undecidable, range, Reason::Unchecked))
    });
    let last_resort = match range {
        Some(_) => Reason::NothingSatisfies,
        None => Reason::HighestMajor,
    };
    preferred.or_else(|| candidates.first().map(|candidate| (candidate.group, last_resort)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(versions: &[&str], spec: Option<&str>) -> usize {
        let candidates: Vec<Candidate<'_>> = versions
            .iter()
            .enumerate()
            .map(|(position, version)| Candidate {
                group: GroupIndex::from_usize(position),
                version: (!version.is_empty()).then_some(*version),
            })
            .collect();
        choose(&candidates, spec.map(DependencySpec::parse))
            .expect("a candidate")
            .0
            .index()
    }

    #[test]
    fn every_class_of_spec_chooses_as_the_table_says() {
        let groups = ["3.5.0", "2.7.16", ""];
        for (spec, position) in [
            (None, 0),
            (Some("workspace:^2.0.0"), 0),
            (Some("latest"), 0),
            (Some("npm:vue"), 0),
            (Some("npm:vue@next"), 0),
            (Some("^3.0.0"), 0),
            (Some("^2.7.0"), 1),
            (Some("npm:vue@^2.7.0"), 1),
            (Some(">=2"), 0),
            // Nothing satisfies: the group that cannot be checked comes before giving up.
            (Some("^9.0.0"), 2),
        ] {
            assert_eq!(chosen(&groups, spec), position, "{spec:?}");
        }
        assert_eq!(chosen(&["3.5.0", "2.7.16"], Some("^9.0.0")), 0);
        assert_eq!(choose(&[], None), None);
    }
}
