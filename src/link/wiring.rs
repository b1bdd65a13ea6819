//! The wiring table of a module (PROTOCOL §7.4): every specifier that means a supplied package → the
//! identifier of the root's winner.

use indexmap::IndexMap;
use std::collections::BTreeSet;

use super::closure::LayerIndex;
use super::offer::GroupIndex;
use super::supplied::SuppliedClosure;
use crate::protocol::{effective_name, split_package};

/// Specifier → group, sorted by specifier.
pub(super) fn wire(supplied: &SuppliedClosure, layer: LayerIndex) -> IndexMap<String, GroupIndex> {
    let selector = supplied.selector(layer);
    specifiers(supplied, layer)
        .into_iter()
        .filter_map(|specifier| selector.select(&specifier).map(|group| (specifier, group)))
        .collect()
}

/// The same with the identifiers to load.
pub(super) fn identifiers(
    supplied: &SuppliedClosure,
    groups: &IndexMap<String, GroupIndex>,
) -> IndexMap<String, String> {
    groups
        .iter()
        .map(|(specifier, group)| (specifier.clone(), supplied.winner(*group).identifier()))
        .collect()
}

/// Everything that may have a result: the supplied identities, the public names that can reach the module,
/// its dependency keys, and the supplied subpaths of a package under the name an alias gives it.
fn specifiers(supplied: &SuppliedClosure, layer: LayerIndex) -> BTreeSet<String> {
    let groups = supplied.supplies[layer].whole.keys();
    let mut names: BTreeSet<String> = groups
        .map(|group| supplied.offers.groups[*group].identity.clone())
        .collect();
    for &reached in supplied.reach(layer) {
        names.extend(
            supplied.offers.of_layer[reached]
                .iter()
                .map(|offer| supplied.offers.offers[*offer].name.clone()),
        );
    }
    let subpaths: Vec<String> = names
        .iter()
        .filter(|name| !split_package(name).1.is_empty())
        .cloned()
        .collect();
    for (key, value) in supplied.closure.record(layer).all_dependencies() {
        names.insert(key.to_owned());
        let real_name = effective_name(key, value);
        for identity in &subpaths {
            let (package, subpath) = split_package(identity);
            if package == real_name && real_name != key {
                names.insert(format!("{key}{subpath}"));
            }
        }
    }
    names
}
