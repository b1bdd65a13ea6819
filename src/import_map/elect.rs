//! The rewire table from manifests alone (PROTOCOL §11.1): a deployment has artifacts and no `package.json`s.
//! The merge is that of §6; what a manifest can tell about an offer replaces what §5.3 reads from packages.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use semver::Version;

use super::compose_input::ComposedModule;

/// What a group is of, and its major; `None` is the group of copies whose version is not known.
type GroupKey = (GroupName, Option<u64>);

/// A package may have the name that somebody else's second copy is known by, so the two stay apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum GroupName {
    /// All copies of a package.
    Identity(String),
    /// A second copy of the same major inside one module, by its public name (§5.4).
    Island(String),
}

/// Group → the offer that stands for it.
type Supply<'a> = IndexMap<GroupKey, Offer<'a>>;

#[derive(Debug, Clone, Copy)]
struct Offer<'a> {
    module: &'a str,
    public_name: &'a str,
}

impl Offer<'_> {
    fn identifier(&self) -> String {
        format!("{}/{}", self.module, self.public_name)
    }
}

/// Identifier of every losing offer → identifier of the winner, for the closure of `root`.
///
/// A closure with a cycle has no usable supply (§4.3), so nothing is rewired.
pub fn rewires_from_manifests(root: &str, modules: &[ComposedModule]) -> IndexMap<String, String> {
    let mut merge = Merge {
        modules: modules
            .iter()
            .map(|module| (module.name.as_str(), module))
            .collect(),
        supplies: BTreeMap::new(),
        in_progress: BTreeSet::new(),
        candidates: IndexMap::new(),
    };
    let Ok(supply) = merge.supply_of(root) else {
        return IndexMap::new();
    };
    let mut rewires = IndexMap::new();
    for (group, candidates) in &merge.candidates {
        let Some(winner) = supply.get(group) else { continue };
        for loser in candidates
            .iter()
            .filter(|candidate| candidate.module != winner.module)
        {
            rewires.insert(loser.identifier(), winner.identifier());
        }
    }
    rewires
}

/// The walk over `uses`, memoised per module.
struct Merge<'a> {
    modules: BTreeMap<&'a str, &'a ComposedModule>,
    supplies: BTreeMap<&'a str, Supply<'a>>,
    in_progress: BTreeSet<&'a str>,
    /// All offers of a group, one per module, in the order in which the walk finished the modules.
    candidates: IndexMap<GroupKey, Vec<Offer<'a>>>,
}

/// A module uses itself, directly or through others.
struct Cycle;

impl<'a> Merge<'a> {
    /// §6.1: what is used, in order, each overwriting the ones before; the module's own offers last.
    /// A used module without a manifest supplies nothing.
    fn supply_of(&mut self, name: &str) -> Result<Supply<'a>, Cycle> {
        let Some(&module) = self.modules.get(name) else {
            return Ok(Supply::new());
        };
        if let Some(supply) = self.supplies.get(name) {
            return Ok(supply.clone());
        }
        if !self.in_progress.insert(&module.name) {
            return Err(Cycle);
        }
        let mut supply = Supply::new();
        for used in &module.manifest.uses {
            supply.extend(self.supply_of(used)?);
        }
        for (group, offer) in offers_of(module) {
            self.candidates.entry(group.clone()).or_default().push(offer);
            supply.insert(group, offer);
        }
        self.in_progress.remove(name);
        self.supplies.insert(&module.name, supply.clone());
        Ok(supply)
    }
}

/// A module's offers by group. Of several names for one group the canonical one (equal to the identity)
/// represents it, else the first; every other name is an island, a group of its own (§5.4).
fn offers_of(module: &ComposedModule) -> Vec<(GroupKey, Offer<'_>)> {
    let mut names_by_group: IndexMap<(&str, Option<u64>), Vec<&str>> = IndexMap::new();
    for (public_name, provide) in &module.manifest.provides {
        let identity = provide.package.as_deref().unwrap_or(public_name);
        names_by_group
            .entry((identity, major_of(&provide.version)))
            .or_default()
            .push(public_name);
    }
    let mut offers = Vec::new();
    for ((identity, major), names) in names_by_group {
        let representative = names.iter().position(|name| *name == identity).unwrap_or(0);
        for (index, public_name) in names.into_iter().enumerate() {
            let name = if index == representative {
                GroupName::Identity(identity.to_owned())
            } else {
                GroupName::Island(public_name.to_owned())
            };
            offers.push((
                (name, major),
                Offer {
                    module: &module.name,
                    public_name,
                },
            ));
        }
    }
    offers
}

/// The major of a recorded version; `0.0.0` is how a builder says that it could not resolve one.
fn major_of(version: &str) -> Option<u64> {
    match Version::parse(version) {
        Ok(_) if version == "0.0.0" => None,
        Ok(version) => Some(version.major),
        Err(_) => None,
    }
}
