//! Files one after the other, or many at once where each is a request.

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::command::CommandError;

/// Works on files, as many at a time as a storage can take.
pub(super) struct Workers(Option<ThreadPool>);

impl Workers {
    pub(super) fn new(width: usize) -> Self {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(width);
        // Without threads it takes longer.
        Self(if width > 1 { pool.build().ok() } else { None })
    }

    /// What `work` makes of every item, in their order; or the first error.
    pub(super) fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> Result<R, CommandError> + Send + Sync,
    ) -> Result<Vec<R>, CommandError> {
        match &self.0 {
            Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
            None => items.iter().map(work).collect(),
        }
    }
}
