//! Who else gets the package: the same instance, another one, or a copy of its own.

use super::Asker;
use crate::link::closure::LayerIndex;
use crate::link::offer::{GroupIndex, GroupKey};
use crate::protocol::{effective_name, split_package};

/// What a package is to one module of the closure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The module.
    pub module: String,
    /// The specifier it uses for the package.
    pub specifier: String,
    /// The group it is wired to; `None` when nobody in its `uses` supplies it, so that it bundles a copy.
    pub group: Option<GroupKey>,
    /// The identifier it loads.
    pub identifier: Option<String>,
    /// Whether that is the instance which was asked about.
    pub is_same: bool,
}

impl Asker<'_> {
    /// Every declared module that gets the real package of `group`, under each name it has for it.
    pub(super) fn instances(&self, group: GroupIndex) -> Vec<Instance> {
        let identity = self.supplied.winner(group).identity.clone();
        let family = self.groups_of(&identity);
        self.supplied
            .declared_layers()
            .flat_map(|layer| self.instances_of(layer, group, &family, &identity))
            .collect()
    }

    fn instances_of(
        &self,
        layer: LayerIndex,
        asked: GroupIndex,
        family: &[GroupIndex],
        identity: &str,
    ) -> Vec<Instance> {
        let selector = self.supplied.selector(layer);
        let name = self.supplied.closure.name(layer);
        self.names_for(layer, identity)
            .into_iter()
            .filter_map(|(specifier, is_declared)| {
                let group = selector.select(&specifier).filter(|group| family.contains(group));
                // Who neither gets nor declares it has nothing to do with it.
                if group.is_none() && !is_declared {
                    return None;
                }
                Some(Instance {
                    module: name.clone(),
                    specifier,
                    group: group.map(|group| self.supplied.offers.groups[group].clone()),
                    identifier: group.map(|group| self.supplied.winner(group).identifier()),
                    is_same: group == Some(asked),
                })
            })
            .collect()
    }

    /// The names a module has for a real package: the keys that stand for it, what it provides, else the
    /// package's own name. Beside each name, whether the module declares it.
    fn names_for(&self, layer: LayerIndex, identity: &str) -> Vec<(String, bool)> {
        let (real, subpath) = split_package(identity);
        let record = self.supplied.closure.record(layer);
        let declared = record
            .all_dependencies()
            .filter(|(key, value)| effective_name(key, value) == real)
            .map(|(key, _)| format!("{key}{subpath}"));
        let offers = &self.supplied.offers;
        let provided = offers.of_layer[layer]
            .iter()
            .map(|offer| &offers.offers[*offer])
            .filter(|offer| offer.identity == identity)
            .map(|offer| offer.name.clone());
        let mut names: Vec<(String, bool)> = Vec::new();
        for name in declared.chain(provided) {
            if !names.iter().any(|(known, _)| *known == name) {
                names.push((name, subpath.is_empty()));
            }
        }
        if names.is_empty() {
            names.push((identity.to_owned(), false));
        }
        // Whoever asks has the name it asks by, whatever its `package.json` says.
        if layer == self.layer && !names.iter().any(|(known, _)| known == self.specifier) {
            names.push((self.specifier.to_owned(), false));
        }
        names
    }
}
