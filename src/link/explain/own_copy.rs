//! A package that is bundled: nobody in `uses` provides it, or not under this name.

use std::path::PathBuf;

use super::Asker;
use super::package::DeclaredDependency;
use super::surroundings::ModulesAround;
use crate::link::closure::LayerIndex;
use crate::link::offer::Offer;
use crate::protocol::{DependencySpec, split_package};

/// Why a specifier is bundled.
#[derive(Debug, Clone)]
pub struct OwnCopyAnswer {
    /// What is bundled.
    pub copy: InstalledCopy,
    /// The dependency that declares it.
    pub dependency: Option<DeclaredDependency>,
    /// Why it is not supplied.
    pub why_not: WhyNot,
    /// Modules that would provide it: installed or in the workspace, and not in the closure.
    pub would_provide: Vec<ProvidingModule>,
}

/// A package found in `node_modules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledCopy {
    /// Its real name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its directory.
    pub dir: PathBuf,
}

/// What is in the way of a supplied copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// The module has no `uses`.
    UsesNobody,
    /// Nobody in its `uses` provides it.
    NobodyProvides,
    /// The package itself is supplied, but a subpath is an entry of its own.
    OnlyThePackage(Offer),
    /// Modules of the closure provide it, but the asking module uses none of them.
    NotInItsUses(Vec<Offer>),
    /// The name is supplied, but the module's dependency is an alias that makes it another package.
    AliasToAnother {
        /// The package the alias stands for.
        real_name: String,
        /// What the name means to others.
        offer: Offer,
    },
}

/// A module that provides the package, outside the closure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidingModule {
    /// Its name.
    pub name: String,
    /// Its directory.
    pub dir: PathBuf,
    /// The name under which it provides the package.
    pub provides: String,
    /// The version it has installed.
    pub version: Option<String>,
}

impl Asker<'_> {
    pub(super) fn own_copy(&self, copy: InstalledCopy) -> OwnCopyAnswer {
        let (package, _) = split_package(self.specifier);
        OwnCopyAnswer {
            dependency: self.dependency(package),
            why_not: self.why_not(),
            would_provide: self.would_provide(),
            copy,
        }
    }

    /// The real package the specifier stands for here.
    fn identity(&self) -> String {
        let (package, subpath) = split_package(self.specifier);
        let record = self.supplied.closure.record(self.layer);
        let spec = record.selecting_spec(package);
        let real_name = spec.and_then(DependencySpec::alias_target).unwrap_or(package);
        format!("{real_name}{subpath}")
    }

    fn why_not(&self) -> WhyNot {
        let Self { supplied, layer, .. } = *self;
        let closure = &supplied.closure;
        let identity = self.identity();
        let reached = supplied.reach(layer);
        let elsewhere: Vec<Offer> = self
            .offers_of_layers(closure.layers().filter(|other| !reached.contains(other)))
            .into_iter()
            .filter(|offer| offer.identity == identity || offer.name == self.specifier)
            .cloned()
            .collect();
        if !elsewhere.is_empty() {
            return WhyNot::NotInItsUses(elsewhere);
        }
        let supplied_here = self.offers_of_layers(reached.iter().copied());
        let other = supplied_here
            .iter()
            .find(|offer| identity != self.specifier && offer.identity == self.specifier);
        if let Some(&offer) = other {
            return WhyNot::AliasToAnother {
                real_name: split_package(&identity).0.to_owned(),
                offer: offer.clone(),
            };
        }
        let (package, subpath) = split_package(&identity);
        if !subpath.is_empty()
            && let Some(&offer) = supplied_here.iter().find(|offer| offer.identity == package)
        {
            return WhyNot::OnlyThePackage(offer.clone());
        }
        if closure.uses[layer].is_empty() {
            WhyNot::UsesNobody
        } else {
            WhyNot::NobodyProvides
        }
    }

    fn offers_of_layers(&self, layers: impl Iterator<Item = LayerIndex>) -> Vec<&Offer> {
        let offers = &self.supplied.offers;
        layers
            .flat_map(|layer| &offers.of_layer[layer])
            .map(|offer| &offers.offers[*offer])
            .collect()
    }

    fn would_provide(&self) -> Vec<ProvidingModule> {
        let closure = &self.supplied.closure;
        let known = |name: &str| closure.layer_named(name).is_some();
        let around = ModulesAround::find(self.files, closure.real_dir(self.layer));
        around.providing(self.files, &self.identity(), known)
    }
}
