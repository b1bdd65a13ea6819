//! What is left of a module where branches are decided, for all graphs of a process that have the module.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::syntax::ModuleSyntax;
use crate::base::Digest;

/// So many rests of one module are remembered.
const MOST: usize = 8;

/// What was made once, or is being made.
type Slot = Arc<OnceLock<Option<Arc<ModuleSyntax>>>>;

/// What is left of a module, by what decided about its branches.
#[derive(Default)]
pub struct Rests(Mutex<Vec<(Digest, Slot)>>);

impl Rests {
    /// What is left where this is known; nothing where all stays. `make` finds it out, unless somebody has, or is about to:
    /// others wait for that.
    pub fn of(
        &self,
        known: Digest,
        make: impl FnOnce() -> Option<ModuleSyntax>,
    ) -> Option<Arc<ModuleSyntax>> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let begun = slots.iter().find(|(name, _)| *name == known);
            let begun = begun.map(|(_, slot)| Arc::clone(slot));
            begun.unwrap_or_else(|| {
                if slots.len() == MOST {
                    slots.remove(0);
                }
                let slot = Slot::default();
                slots.push((known, Arc::clone(&slot)));
                slot
            })
        };
        slot.get_or_init(|| make().map(Arc::new)).clone()
    }
}
