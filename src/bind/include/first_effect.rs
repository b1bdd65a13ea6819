//! Nobody can have done anything to an object before the first statement runs that does something which can be observed:
//!
//! ```js
//! // number.js                        // int.js                           // main.js
//! export const number = { min: 0 }    const int = { ...number, step: 1 }  import './int.js'; change(number)
//! ```
//!
//! This holds for a program that is run in one order: with one entry, and without workers, which run modules in an order of
//! their own.

use std::collections::BinaryHeap;

use oxc_index::IndexVec;

use super::Wrapping;
use crate::bind::ranks::Ranks;
use crate::bind::symbols::SymbolId;
use crate::graph::{ModuleFormat, ModuleGraph, ModuleId, RequestSyntax, StatementId};

/// When a statement runs: when its module does, and which it is.
type Moment = (usize, usize);

/// The first statement of the bundle that does something, and those that rely on it.
pub(super) struct FirstEffect {
    moment: Moment,
    relying: BinaryHeap<Relying>,
}

/// A statement that runs before.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Relying {
    moment: Moment,
    /// The statement.
    pub place: (ModuleId, StatementId),
    /// The objects that nobody may have done anything to.
    pub untouched: Vec<SymbolId>,
}

impl FirstEffect {
    /// Nothing is known yet to do something.
    pub(super) fn of(graph: &ModuleGraph, ranks: &Ranks) -> Self {
        let has_workers = graph.modules.iter().any(|module| {
            let mut records = module.syntax.records.iter();
            records.any(|record| record.syntax == RequestSyntax::Worker)
        });
        let moment = match graph.entries.as_slice() {
            // Who has loaded it may do anything.
            [only] if !has_workers => (ranks[only.module], usize::MAX),
            _ => (0, 0),
        };
        let waiting = graph.modules.iter_enumerated();
        // Others run while it waits.
        let waiting = waiting
            .filter(|(_, module)| module.syntax.features.has_top_level_await)
            .map(|(id, _)| (ranks[id], 0));
        Self {
            moment: waiting.chain([moment]).min().unwrap_or(moment),
            relying: BinaryHeap::new(),
        }
    }

    /// Whether a statement runs before, which relies on it from now on.
    pub(super) fn is_after(
        &mut self,
        rank: usize,
        place: (ModuleId, StatementId),
        untouched: &[SymbolId],
    ) -> bool {
        let moment = (rank, place.1.index());
        let is_after = moment < self.moment;
        if is_after {
            self.relying.push(Relying {
                moment,
                place,
                untouched: untouched.to_vec(),
            });
        }
        is_after
    }

    /// A statement does something: those that relied on it wrongly.
    pub(super) fn note(&mut self, rank: usize, statement: StatementId) -> Vec<Relying> {
        let moment = (rank, statement.index());
        let mut wrong = Vec::new();
        if moment < self.moment {
            self.moment = moment;
            while let Some(last) = self.relying.peek()
                && last.moment > moment
            {
                wrong.extend(self.relying.pop());
            }
        }
        wrong
    }
}

/// Whether a module runs where its imports say.
pub(super) fn runs_in_order(
    graph: &ModuleGraph,
    wrapping: &IndexVec<ModuleId, Wrapping>,
    id: ModuleId,
) -> bool {
    wrapping[id] == Wrapping::Hoisted && graph.modules[id].syntax.format == ModuleFormat::EsModule
}
