//! Units between their code and their text: made by the compressor, or taken from somebody who has made them.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::EsVersion;

use super::planned::{Planned, PlannedUnit};
use super::unit::DrawnUnit;
use crate::base::{Claim, Digest, Pieces};
use crate::render::names::ChunkNames;
use crate::render::print::{PositionTracking, PrintedUnit, Unsettled, is_valid};
use crate::render::surroundings::Surroundings;

/// What the units of a chunk are drawn with.
pub struct Drawing<'a, 'g> {
    pub surroundings: &'a Surroundings<'g>,
    pub names: &'a ChunkNames,
    /// Names of the chunk, and those of helpers that code mentions as if they were free.
    pub given: (&'a FxHashSet<Atom>, &'a FxHashSet<Atom>),
    /// Names that stay where they are.
    pub shared: &'a FxHashSet<Atom>,
    /// Names that may have other values, or none, when another of its units reads them.
    pub unsettled: &'a Unsettled,
    pub version: EsVersion,
    pub tracking: PositionTracking,
}

/// Whether a unit is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    Compressed,
    /// As it is: its parts are known to be too much for the compressor.
    Left,
}

/// A unit that waits for its names.
pub struct Drawn {
    pub unit: DrawnUnit,
    touch: Touch,
    novelty: Novelty,
    pub parts: Vec<Planned>,
}

/// Whether somebody has drawn a unit, and found nothing wrong with its text.
enum Novelty {
    Known,
    /// Not yet. The next one may ask for this, if nothing is wrong.
    New(Option<(Digest, Vec<u8>)>),
}

/// The text of a unit and what it is made of.
pub struct PrintedParts {
    pub printed: PrintedUnit,
    pub parts: Vec<Planned>,
}

impl Drawing<'_, '_> {
    fn pieces(&self) -> Option<&dyn Pieces> {
        self.surroundings.options.pieces.as_deref()
    }

    /// Draws a unit, unless somebody else has; none where the compressor fails.
    pub fn draw(&self, mut planned: PlannedUnit, touch: Touch) -> Option<Drawn> {
        let exported = (touch == Touch::Compressed).then_some(self.shared);
        let manner = format!("{:?} {:?} ", self.version, self.tracking);
        let others = self.unsettled_of(&planned);
        let key = self
            .pieces()
            .and_then(|_| planned.key(exported, &others, &manner));
        let claim = self
            .pieces()
            .zip(key)
            .map(|(pieces, key)| (key, pieces.claim(&key)));
        let known = match &claim {
            Some((_, Claim::Made(bytes))) => self.known(bytes, &planned),
            Some((_, Claim::HandedOut(bytes))) => self.known(bytes, &planned),
            Some((_, Claim::Free(_))) | None => None,
        };
        let is_known = known.is_some();
        // Others wait for it: from the claim to where it is handed out, nothing waits for work that others do.
        let unit = match known {
            Some(unit) => unit,
            None => planned.unit(self.surroundings, self.names, self.given).draw(
                exported,
                &others,
                self.given.0,
                self.tracking,
                self.version,
            )?,
        };
        Some(Drawn {
            novelty: match claim {
                Some((_, Claim::Made(_))) if is_known => Novelty::Known,
                claim => Novelty::New(piece_of(&unit, claim)),
            },
            unit,
            touch,
            parts: planned.parts,
        })
    }

    /// What a unit mentions of it; only modules of circles read too early.
    fn unsettled_of(&self, planned: &PlannedUnit) -> Unsettled {
        let in_cycle = &self.surroundings.graph.bound.in_cycle;
        let mut modules = planned.parts.iter().filter_map(Planned::id);
        let names = planned.names();
        let mut others = self.unsettled.filtered(|name| names.contains(name));
        if !modules.any(|module| in_cycle.contains(module.index())) {
            others.early.clear();
        }
        others
    }

    fn known(&self, bytes: &[u8], planned: &PlannedUnit) -> Option<DrawnUnit> {
        let sources = planned.parts.iter().map(|part| match self.tracking {
            PositionTracking::On => part.source(self.surroundings),
            PositionTracking::Off => Arc::default(),
        });
        DrawnUnit::known(bytes, sources)
    }

    /// The text of a unit; none where no parser accepts it.
    pub fn print(&self, drawn: Drawn, names: &[Option<Atom>]) -> Option<PrintedParts> {
        let printed = drawn.unit.print(names, self.tracking);
        if let Novelty::New(piece) = drawn.novelty {
            if drawn.touch == Touch::Compressed && !is_valid(&printed.code) {
                return None;
            }
            if let Some((pieces, (key, bytes))) = self.pieces().zip(piece) {
                pieces.put(key, bytes);
            }
        }
        let parts = drawn.parts;
        Some(PrintedParts { printed, parts })
    }
}

/// What a unit is for others, if they may ask for it. Those of this process are waiting.
fn piece_of(unit: &DrawnUnit, claim: Option<(Digest, Claim<'_>)>) -> Option<(Digest, Vec<u8>)> {
    match claim? {
        (key, Claim::HandedOut(bytes)) => Some((key, bytes)),
        (key, Claim::Made(_)) => Some((key, unit.encode()?)),
        (key, Claim::Free(making)) => {
            let bytes = unit.encode()?;
            if let Some(making) = making {
                making.hand_out(&bytes);
            }
            Some((key, bytes))
        }
    }
}
