//! The closure together with what merging it yields: everything later questions are answered from.

use oxc_index::IndexVec;

use super::closure::{Closure, LayerIndex, ROOT, Shape};
use super::merge::{Entry, ModuleSupply, Write, merge, writes};
use super::offer::{GroupIndex, Offer, OfferTable};
use super::selection::Selector;
use crate::base::FileSystem;

/// Written once by [`SuppliedClosure::of`]; wiring, checks and lookup only read it.
#[derive(Debug)]
pub(super) struct SuppliedClosure {
    pub closure: Closure,
    pub offers: OfferTable,
    pub supplies: IndexVec<LayerIndex, ModuleSupply>,
    reach: IndexVec<LayerIndex, Vec<LayerIndex>>,
}

impl SuppliedClosure {
    /// Collects offers and merges them. A cyclic closure has no usable supply (PROTOCOL §4.3), so it offers
    /// nothing.
    pub(super) fn of(files: &dyn FileSystem, closure: Closure) -> Self {
        match closure.shape {
            Shape::Acyclic => {
                let offers = OfferTable::collect(files, &closure);
                let entries = closure.layers().map(|layer| entries(&offers, layer)).collect();
                let supplies = merge(&closure.finished, &closure.uses, &entries);
                let reach = closure.reach();
                Self {
                    closure,
                    offers,
                    supplies,
                    reach,
                }
            }
            Shape::Cyclic => {
                let mut offers = OfferTable::default();
                offers.of_layer = closure.layers().map(|_| Vec::new()).collect();
                let supplies = closure.layers().map(|_| ModuleSupply::default()).collect();
                let reach = closure.layers().map(|layer| vec![layer]).collect();
                Self {
                    closure,
                    offers,
                    supplies,
                    reach,
                }
            }
        }
    }

    /// A layer as a consumer.
    pub(super) fn selector(&self, layer: LayerIndex) -> Selector<'_> {
        Selector::of(
            &self.closure,
            layer,
            &self.supplies[layer].whole,
            &self.reach[layer],
            &self.offers,
        )
    }

    /// The root's winner of a group: what every layer is wired to.
    pub(super) fn winner(&self, group: GroupIndex) -> &Offer {
        let offer = self.supplies[ROOT]
            .whole
            .get(&group)
            .expect("merging never removes a group on the way to the root");
        &self.offers.offers[*offer]
    }

    /// Whether the closure has no merge order, and so no supply to check.
    pub(super) fn is_cyclic(&self) -> bool {
        self.closure.shape == Shape::Cyclic
    }

    /// The layers with a declaration, in mount order.
    pub(super) fn declared_layers(&self) -> impl Iterator<Item = LayerIndex> {
        self.closure
            .layers()
            .filter(|layer| self.closure.declaration(*layer).is_some())
    }

    /// Whether what `provider` offers can reach `consumer`.
    pub(super) fn reaches(&self, provider: LayerIndex, consumer: LayerIndex) -> bool {
        self.reach[consumer].binary_search(&provider).is_ok()
    }

    /// Everything that was written into one group of a layer's supply, in order.
    pub(super) fn writes(&self, layer: LayerIndex, group: GroupIndex) -> Vec<Write> {
        let own = entries(&self.offers, layer);
        writes(group, &self.closure.uses[layer], &own, &self.supplies)
    }

    pub(super) fn reach(&self, layer: LayerIndex) -> &[LayerIndex] {
        &self.reach[layer]
    }
}

/// What a layer offers itself.
fn entries(offers: &OfferTable, layer: LayerIndex) -> Vec<Entry> {
    offers.of_layer[layer]
        .iter()
        .map(|&offer| Entry {
            group: offers.placements[offer].group,
            offer,
        })
        .collect()
}
