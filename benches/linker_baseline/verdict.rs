//! The programs, built by both linkers and run.

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;

use crate::build::{BuildFailure, Linker};
use crate::observe::{Seen, observe_output, observe_sources};
use crate::program::Program;

/// Much longer than any program takes to build.
const BUILD_LIMIT: Duration = Duration::from_secs(20);

/// A linker whose output depends on the order of a hash table is right only sometimes; each program is
/// built this often, and the first wrong answer counts.
const ATTEMPTS: usize = 3;

/// One program and what became of it.
pub struct Row<'a> {
    pub program: &'a Program,
    pub result: RowResult,
}

pub enum RowResult {
    /// One verdict per linker of [`Linker::BOTH`].
    Judged([Verdict; 2]),
    /// Its packages cannot be installed here; it is not counted.
    NotInstalled(String),
}

/// What became of a program, against what its sources show.
pub enum Verdict {
    Right,
    DifferentOutput(Difference),
    FailsToBuild(String),
    Crashes(String),
    TimesOut,
}

/// The first line that differs; nothing where one of the two has no more lines.
pub struct Difference {
    pub expected: Option<String>,
    pub found: Option<String>,
}

impl Verdict {
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Right)
    }
}

pub fn judge_programs(programs: &[Program]) -> anyhow::Result<Vec<Row<'_>>> {
    programs
        .iter()
        .map(|program| {
            eprintln!("{}", program.name);
            let result = match program.obstacle() {
                Some(reason) => RowResult::NotInstalled(reason.to_owned()),
                None => RowResult::Judged(judge(program)?),
            };
            Ok(Row { program, result })
        })
        .collect()
}

fn judge(program: &Program) -> anyhow::Result<[Verdict; 2]> {
    let sources = program.copy()?;
    let expected = observe_sources(sources.path())?;
    for _ in 1..ATTEMPTS {
        ensure!(
            observe_sources(sources.path())? == expected,
            "{} shows different things at different times, so that it cannot be compared with",
            program.name
        );
    }
    let verdict = |linker| judge_attempts(program, linker, &expected);
    let [ours, baseline] = Linker::BOTH.map(verdict);
    Ok([ours?, baseline?])
}

fn judge_attempts(program: &Program, linker: Linker, expected: &Seen) -> anyhow::Result<Verdict> {
    for _ in 0..ATTEMPTS {
        let copy = program.copy()?;
        let verdict = judge_build(copy.path(), linker, expected, BUILD_LIMIT)?;
        if !verdict.is_right() {
            return Ok(verdict);
        }
    }
    Ok(Verdict::Right)
}

/// Builds the program in `directory` once and compares what its output shows.
pub fn judge_build(
    directory: &Path,
    linker: Linker,
    expected: &Seen,
    limit: Duration,
) -> anyhow::Result<Verdict> {
    let built = match linker.build(directory, limit)? {
        Ok(built) => built,
        Err(BuildFailure::Refused(message)) => return Ok(Verdict::FailsToBuild(message)),
        Err(BuildFailure::Crashed(message)) => return Ok(Verdict::Crashes(message)),
        Err(BuildFailure::OutOfTime) => return Ok(Verdict::TimesOut),
    };
    judge_output(directory, &built.output, linker, expected)
}

/// Compares what built output shows with what the sources show.
pub fn judge_output(
    directory: &Path,
    output: &Path,
    linker: Linker,
    expected: &Seen,
) -> anyhow::Result<Verdict> {
    Ok(match (observe_output(linker, directory, output)?, expected) {
        (found, expected) if found == *expected => Verdict::Right,
        (Seen::Text(found), Seen::Text(expected)) => {
            Verdict::DifferentOutput(first_difference(expected, &found))
        }
        _ => Verdict::TimesOut,
    })
}

fn first_difference(expected: &str, found: &str) -> Difference {
    let mut expected = expected.lines();
    let mut found = found.lines();
    loop {
        let (expected, found) = (expected.next(), found.next());
        if expected != found || expected.is_none() {
            return Difference {
                expected: expected.map(str::to_owned),
                found: found.map(str::to_owned),
            };
        }
    }
}
