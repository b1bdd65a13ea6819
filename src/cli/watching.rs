//! `--watch`: a command that is done again and again, and what is told of each time.

use std::io::{self, Read as _};
use std::thread;

use super::console::say_watching;
use super::{Console, Exit};
use crate::command::CommandError;
use crate::command::report::{BuildReport, BundleReport};
use crate::command::watch::{Noticing, Session, Stopper, watch};

/// How a command is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watching {
    /// When it ends.
    pub until: Until,
    /// How changes are noticed.
    pub noticing: Noticing,
}

/// When a watch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Whoever started it is gone: a pipe that is closed, the end of a terminal.
    InputEnds,
    /// A signal.
    Killed,
}

/// An answer that is told in full the first time, and then only as far as it is news.
pub trait RepeatedAnswer: Sized {
    /// Tells all.
    fn show(self, console: &Console) -> Exit;
    /// Tells what is news.
    fn show_again(&self, console: &Console);
}

impl RepeatedAnswer for BuildReport {
    fn show(self, console: &Console) -> Exit {
        console.show_build(Ok(self))
    }

    fn show_again(&self, console: &Console) {
        let written = self.modules.iter().map(|module| module.written).sum();
        console.show_rebuild(&self.all_diagnostics(), written, self.duration);
    }
}

impl RepeatedAnswer for BundleReport {
    fn show(self, console: &Console) -> Exit {
        console.show_bundle(Ok(self))
    }

    fn show_again(&self, console: &Console) {
        console.show_rebuild(&self.all_diagnostics(), self.written, self.duration);
    }
}

/// Builds until the watch ends. Errors of the project are no end: they are repaired while it runs.
pub fn watch_with<Job>(
    console: &Console,
    watching: Watching,
    start: impl Fn() -> Result<Job, CommandError>,
) -> Exit
where
    Job: Session,
    Job::Report: RepeatedAnswer,
{
    let mut is_first = true;
    let tell = |answer: Result<Job::Report, CommandError>| match answer {
        Err(error) => {
            console.refuse(&error);
        }
        Ok(report) if is_first && !console.tells_events() => {
            report.show(console);
            say_watching();
            is_first = false;
        }
        Ok(report) => report.show_again(console),
    };
    let stop_with_input = |stopper: Stopper| {
        if watching.until == Until::InputEnds {
            thread::spawn(move || {
                wait_for_end_of_input();
                stopper.stop();
            });
        }
    };
    match watch(
        watching.noticing,
        start,
        || console.progress_of_watch(),
        tell,
        stop_with_input,
    ) {
        Ok(()) => Exit::Done,
        Err(error) => console.refuse(&error),
    }
}

fn wait_for_end_of_input() {
    let mut ignored = [0; 1024];
    let mut input = io::stdin().lock();
    while input.read(&mut ignored).is_ok_and(|count| count > 0) {}
}
