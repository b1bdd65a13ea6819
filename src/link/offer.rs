//! Offers (PROTOCOL §5): what every module of the closure provides, under its real name, with the installed
//! version.
//!
//! `shared` has `"vue2": "npm:vue@^2.7.0"` and provides `["vue", "vue2"]`. It makes two offers, both of the
//! package `vue`: `shared/vue` in the group of major 3, `shared/vue2` in the group of major 2.

use oxc_index::IndexVec;
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::fmt;
use std::path::Path;

use super::closure::{Closure, LayerIndex};
use super::mount::find_package;
use crate::base::FileSystem;
use crate::protocol::{DependencySpec, parse_version, split_package};

oxc_index::define_index_type! {
    /// A group of the closure.
    pub struct GroupIndex = u32;
}

oxc_index::define_index_type! {
    /// An offer of the closure.
    pub struct OfferIndex = u32;
}

/// The major that separates groups. Ordered, unknown lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Major {
    /// No version could be found, or it is not semver.
    Unknown,
    /// The first number of the version; all of 0.x is one major.
    Number(u64),
}

impl Major {
    /// The major of a version text.
    pub fn of(version: Option<&str>) -> Self {
        version
            .and_then(parse_version)
            .map_or(Self::Unknown, |version| Self::Number(version.major))
    }
}

impl fmt::Display for Major {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => formatter.write_str("unknown"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

/// How a group is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKind {
    /// By package identity.
    Package,
    /// Only by its public name: a second copy of one major inside one module.
    Island,
}

/// What competes for one winner: everything with this key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupKey {
    /// Real package name and subpath; for an island, its public name.
    pub identity: String,
    /// Package or island.
    pub kind: GroupKind,
    /// The major version.
    pub major: Major,
}

impl fmt::Display for GroupKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.identity, self.major)
    }
}

/// A package as one module hands it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The module.
    pub provider: String,
    /// The public name: the entry of `provides`.
    pub name: String,
    /// Real package name and subpath.
    pub identity: String,
    /// The installed version, where one could be found.
    pub version: Option<String>,
}

impl Offer {
    /// `<module>/<public name>`, the specifier that always reaches this copy's group.
    pub fn identifier(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }

    /// `module@version`, for people.
    pub(super) fn described(&self) -> String {
        format!(
            "{}@{}",
            self.identifier(),
            self.version.as_deref().unwrap_or("unresolved")
        )
    }
}

/// An offer's place: whose it is and where it competes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placement {
    pub layer: LayerIndex,
    pub group: GroupIndex,
}

/// Every offer of the closure, in the order the walk finished their modules.
#[derive(Debug, Default)]
pub(super) struct OfferTable {
    pub groups: IndexVec<GroupIndex, GroupKey>,
    pub offers: IndexVec<OfferIndex, Offer>,
    pub placements: IndexVec<OfferIndex, Placement>,
    pub of_layer: IndexVec<LayerIndex, Vec<OfferIndex>>,
    group_numbers: FxHashMap<GroupKey, GroupIndex>,
    groups_of_identity: FxHashMap<String, Vec<GroupIndex>>,
    offers_of_name: FxHashMap<String, Vec<OfferIndex>>,
}

impl OfferTable {
    /// Looks up what every declared layer provides.
    pub(super) fn collect(files: &dyn FileSystem, closure: &Closure) -> Self {
        let mut table = Self {
            of_layer: closure.layers().map(|_| Vec::new()).collect(),
            ..Self::default()
        };
        for &layer in &closure.finished {
            let provides = closure
                .declaration(layer)
                .map_or(&[][..], |declaration| &declaration.provides);
            let offers = provides
                .iter()
                .map(|name| identify(files, closure, layer, name))
                .collect();
            for (key, offer) in assign_groups(offers) {
                table.add(layer, key, offer);
            }
        }
        table.sort_groups();
        table
    }

    pub(super) fn add(&mut self, layer: LayerIndex, key: GroupKey, offer: Offer) -> OfferIndex {
        let group = self.group_numbers.get(&key).copied().unwrap_or_else(|| {
            let group = self.groups.push(key.clone());
            self.groups_of_identity
                .entry(key.identity.clone())
                .or_default()
                .push(group);
            self.group_numbers.insert(key, group);
            group
        });
        let index = self.offers.push(offer);
        self.placements.push(Placement { layer, group });
        self.of_layer[layer].push(index);
        self.offers_of_name
            .entry(self.offers[index].name.clone())
            .or_default()
            .push(index);
        index
    }

    /// Highest major first, `unknown` last; a package before an island of the same name.
    pub(super) fn sort_groups(&mut self) {
        let groups = &self.groups;
        for numbers in self.groups_of_identity.values_mut() {
            numbers.sort_by_key(|&group| (std::cmp::Reverse(groups[group].major), groups[group].kind));
        }
    }

    pub(super) fn groups_of_identity(&self, identity: &str) -> &[GroupIndex] {
        self.groups_of_identity.get(identity).map_or(&[], Vec::as_slice)
    }

    pub(super) fn offers_of_name(&self, name: &str) -> &[OfferIndex] {
        self.offers_of_name.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The offer of one `provides` entry (§5.3). The steps are numbered as there.
fn identify(files: &dyn FileSystem, closure: &Closure, layer: LayerIndex, name: &str) -> Offer {
    let (package, subpath) = split_package(name);
    let record = closure.record(layer);
    let declared_name = || {
        record
            .all_dependencies()
            .find(|(key, _)| *key == package)
            .and_then(|(_, value)| DependencySpec::parse(value).alias_target())
            .unwrap_or(package)
    };
    let offer = |identity: String, version: Option<String>| Offer {
        provider: closure.name(layer),
        name: name.to_owned(),
        identity,
        version: version.filter(|version| !version.is_empty()),
    };
    if let Some(dir) = find_package(files, closure.real_dir(layer), package) {
        let installed = InstalledPackage::read(files, &dir);
        // 1. An npm client writes the real name into an aliased directory's package.json. 2. Without a name,
        // the spec says it.
        let real_name = installed.name.as_deref().unwrap_or_else(declared_name);
        return offer(format!("{real_name}{subpath}"), installed.version);
    }
    // 3. Not installed: a fetched artifact still says what it was built with.
    let built = closure
        .mount_of(layer)
        .and_then(|mount| mount.client_manifest.as_ref())
        .and_then(|manifest| manifest.provides.get(name));
    let identity = built
        .and_then(|provide| provide.package.clone())
        .unwrap_or_else(|| format!("{}{subpath}", declared_name()));
    offer(
        identity,
        built
            .map(|provide| provide.version.clone())
            .filter(|version| version != "0.0.0"),
    )
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Name and version of an installed package; nothing else of it matters here.
#[derive(Debug, Default)]
pub(super) struct InstalledPackage {
    pub name: Option<String>,
    pub version: Option<String>,
}

impl InstalledPackage {
    pub(super) fn read(files: &dyn FileSystem, dir: &Path) -> Self {
        let Some(value) = files.read(&dir.join("package.json")).ok().and_then(|bytes| {
            let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
            serde_json::from_slice::<Value>(text).ok()
        }) else {
            return Self::default();
        };
        let text = |key: &str| {
            value
                .get(key)?
                .as_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        Self {
            name: text("name"),
            version: text("version"),
        }
    }
}

/// Puts one module's offers into groups (§5.4). Two names for one group inside a module cannot both represent
/// it: the canonical name does, or else the first one; every other name becomes an island.
fn assign_groups(offers: Vec<Offer>) -> Vec<(GroupKey, Offer)> {
    let mut representatives: FxHashMap<(String, Major), usize> = FxHashMap::default();
    for (position, offer) in offers.iter().enumerate() {
        let is_canonical = offer.name == offer.identity;
        let group = (offer.identity.clone(), Major::of(offer.version.as_deref()));
        representatives
            .entry(group)
            .and_modify(|representative| {
                if is_canonical {
                    *representative = position;
                }
            })
            .or_insert(position);
    }
    offers
        .into_iter()
        .enumerate()
        .map(|(position, offer)| {
            let major = Major::of(offer.version.as_deref());
            let is_representative = representatives[&(offer.identity.clone(), major)] == position;
            let (identity, kind) = if is_representative {
                (offer.identity.clone(), GroupKind::Package)
            } else {
                (offer.name.clone(), GroupKind::Island)
            };
            (
                GroupKey {
                    identity,
                    kind,
                    major,
                },
                offer,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(name: &str, identity: &str, version: &str) -> Offer {
        Offer {
            provider: "m".to_owned(),
            name: name.to_owned(),
            identity: identity.to_owned(),
            version: (!version.is_empty()).then(|| version.to_owned()),
        }
    }

    fn groups(offers: Vec<Offer>) -> Vec<(String, GroupKind)> {
        assign_groups(offers)
            .into_iter()
            .map(|(key, _)| (key.to_string(), key.kind))
            .collect()
    }

    #[test]
    fn two_majors_are_two_groups() {
        let offers = vec![offer("vue", "vue", "3.5.0"), offer("vue2", "vue", "2.7.16")];
        assert_eq!(
            groups(offers),
            [
                ("vue@3".to_owned(), GroupKind::Package),
                ("vue@2".to_owned(), GroupKind::Package)
            ]
        );
    }

    #[test]
    fn the_canonical_name_represents_the_group_wherever_it_stands() {
        let offers = vec![offer("vue34", "vue", "3.4.0"), offer("vue", "vue", "3.5.0")];
        assert_eq!(
            groups(offers),
            [
                ("vue34@3".to_owned(), GroupKind::Island),
                ("vue@3".to_owned(), GroupKind::Package)
            ]
        );
    }

    #[test]
    fn without_a_canonical_name_the_first_represents_the_group() {
        let offers = vec![offer("a", "vue", "3.4.0"), offer("b", "vue", "3.5.0")];
        assert_eq!(
            groups(offers),
            [
                ("vue@3".to_owned(), GroupKind::Package),
                ("b@3".to_owned(), GroupKind::Island)
            ]
        );
    }

    #[test]
    fn all_of_zero_is_one_major_and_no_version_is_unknown() {
        assert_eq!(Major::of(Some("0.27.1")), Major::of(Some("0.21.0")));
        assert_eq!(Major::of(None), Major::Unknown);
        assert_eq!(Major::of(Some("next")), Major::Unknown);
        assert!(Major::Unknown < Major::Number(0));
    }
}
