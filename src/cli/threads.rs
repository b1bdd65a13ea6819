//! The threads all work is done on.

use std::num::NonZeroUsize;

use rayon::ThreadPoolBuilder;

use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// Parsing and the passes over a syntax tree recurse as deep as the source nests. The space is only
/// reserved; what is not used costs nothing.
const STACK_BYTES: usize = if cfg!(debug_assertions) {
    // Frames of unoptimised code are several times as large.
    1 << 30
} else {
    256 << 20
};

/// Runs `work` on a pool of `threads` (one per processor if not given). Parallel iterators inside use the
/// same pool.
///
/// # Errors
/// The system gives us no such threads.
pub fn on_large_stacks<Answer: Send>(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> Answer + Send,
) -> Result<Answer, CommandError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, NonZeroUsize::get))
        .stack_size(STACK_BYTES)
        .thread_name(|index| format!("esmx-build {index}"))
        .build()
        .map_err(|error| {
            let message = format!("The threads to work on could not be started: {error}.");
            let fix = "Allow the process more threads and memory, or work with `--threads 1`.";
            CommandError::Unusable(Box::new(Diagnostic::new(Code::Io, "esmx-build", message, fix)))
        })?;
    Ok(pool.install(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(levels: usize) -> usize {
        let ballast = [levels; 64];
        if levels == 0 {
            0
        } else {
            1 + depth(std::hint::black_box(ballast)[63] - 1)
        }
    }

    #[test]
    fn deep_recursion_fits() {
        let threads = NonZeroUsize::new(1);
        assert_eq!(
            on_large_stacks(threads, || (rayon::current_num_threads(), depth(50_000))),
            Ok((1, 50_000))
        );
    }
}
