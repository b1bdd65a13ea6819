//! Options about the work itself, whatever comes out of it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

/// Options of `build` and `bundle`.
#[derive(Debug, Default, Args)]
pub(super) struct WorkArguments {
    /// Work on this many threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write where the time goes, for <https://ui.perfetto.dev> or `chrome://tracing`
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub profile: Option<PathBuf>,
}

impl WorkArguments {
    /// How many threads work, if that is said.
    pub fn threads(&self) -> Option<NonZeroUsize> {
        self.threads.and_then(|count| NonZeroUsize::new(count.into()))
    }
}
