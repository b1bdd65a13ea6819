//! The words of the command line that say to build again and again.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::watching::{Until, Watching};
use crate::command::watch::Noticing;

/// Arguments of `--watch`.
#[derive(Debug, Default, Args)]
pub(super) struct WatchArguments {
    /// Build again whenever something changed, until standard input ends (`=forever`: until killed)
    #[arg(short, long, value_enum, hide_possible_values = true, value_name = "UNTIL", num_args = 0..=1, require_equals = true, default_missing_value = "stdin")]
    pub watch: Option<UntilArgument>,
    /// With --watch: look for changes every MS milliseconds (`--poll` means 300), where the system tells of none
    #[arg(
        long,
        value_name = "MS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "300",
        requires = "watch",
        hide_short_help = true,
        value_parser = clap::value_parser!(u64).range(10..=600_000)
    )]
    pub poll: Option<u64>,
}

/// The values of `--watch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum UntilArgument {
    /// Until standard input ends: with whoever started it
    Stdin,
    /// Until it is killed
    Forever,
}

impl WatchArguments {
    /// How to watch, if that was asked for.
    pub fn watching(&self) -> Option<Watching> {
        let until = match self.watch? {
            UntilArgument::Stdin => Until::InputEnds,
            UntilArgument::Forever => Until::Killed,
        };
        let interval = self.poll.map(Duration::from_millis);
        Some(Watching {
            until,
            noticing: interval.map_or(Noticing::Told, Noticing::Polled),
        })
    }
}
