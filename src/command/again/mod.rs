//! What commands that are watched know of their last build: where requests lead, how code is laid out in files, the text of
//! modules, what was written.

mod kept_layout;
mod laid_out;
mod memory;

pub(super) use kept_layout::KeptLayout;
pub(super) use laid_out::{Blameless, LaidOut};
pub(super) use memory::{BuildMemory, input_maps, laid_out, rendered};
