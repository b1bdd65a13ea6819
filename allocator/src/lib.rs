//! The allocator, and how it treats memory that was given back.
//!
//! A crate of its own as the allocator's settings are functions of C: all other code is compiled with `unsafe` forbidden,
//! and the one call that needs it is here.

use std::ffi::{c_int, c_long};
use std::time::Duration;

pub use mimalloc::MiMalloc as Allocator;

/// `mi_option_purge_delay`: the place in `mi_option_e` of version 2, counted from 0.
const PURGE_DELAY: c_int = 15;

/// How long memory that was given back stays with the process.
///
/// The default of version 2 is 10 ms (of version 3, 1 s). A build gives back a syntax tree and takes the next one, over and
/// over: each time the system takes pages away and clears others for it, which is a tenth of the time of a build.
/// Who sets `MIMALLOC_PURGE_DELAY` is not overruled.
pub fn keep_freed_memory(time: Duration) {
    let milliseconds = c_long::try_from(time.as_millis()).unwrap_or(c_long::MAX);
    // SAFETY: the function writes one number into a table of the allocator, whose place it checks itself.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, milliseconds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_that_of_the_delay() {
        // SAFETY: the function reads one number of a table of the allocator, whose place it checks itself.
        let delay = || unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(
            delay(),
            10,
            "no other setting of version 2 has this default in milliseconds"
        );
        keep_freed_memory(Duration::from_secs(1));
        assert_eq!(delay(), 1000);
    }
}
