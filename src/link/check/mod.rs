//! The checks of PROTOCOL §8 that need no source code, one file each. Every function takes what it judges and
//! returns diagnostics; the order among them is `link`'s.

mod elections;
mod intent;
mod missing_range;
mod root_facts;
mod type_drift;

pub(super) use elections::{coexisting_majors, contested_groups};
pub(super) use intent::violated_ranges;
pub(super) use missing_range::undeclared_packages;
pub(super) use root_facts::{missing_targets, protocol_facts_in_behaviour, unusable_behaviour};
pub(super) use type_drift::drifting_types;
