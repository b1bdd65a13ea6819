//! How long both linkers take for generated graphs, from start to end of the process.

use std::num::NonZeroUsize;
use std::time::Duration;

use anyhow::Context as _;

use crate::build::{BuildFailure, Linker};
use crate::graph::Shape;
use crate::observe::observe_sources;
use crate::verdict::{Verdict, judge_output};

const SHAPES: [Shape; 5] = [
    Shape::Tree(2000),
    Shape::Chain(2000),
    Shape::Ring(800),
    Shape::Barrel(200),
    Shape::Barrel(800),
];

const BUILD_LIMIT: Duration = Duration::from_mins(1);

/// What takes longer is measured once.
const LONG: Duration = Duration::from_secs(5);

pub struct Row {
    pub shape: Shape,
    /// One per linker of [`Linker::BOTH`].
    pub times: [Time; 2],
}

pub enum Time {
    /// The median of some builds, and whether their output is right.
    Median(Duration, Verdict),
    Failed(String),
    LongerThan(Duration),
}

pub fn time_graphs(runs: NonZeroUsize) -> anyhow::Result<Vec<Row>> {
    SHAPES.into_iter().map(|shape| time_graph(shape, runs)).collect()
}

/// The linkers take turns, so that whatever else the machine does meets both.
fn time_graph(shape: Shape, runs: NonZeroUsize) -> anyhow::Result<Row> {
    eprintln!("{}", shape.description());
    let directory = tempfile::tempdir().context("cannot create a temporary directory")?;
    shape.write(directory.path())?;
    let expected = observe_sources(directory.path())?;
    let mut measured = Linker::BOTH.map(|_| Measured::default());
    for _ in 0..runs.get() {
        for (linker, measured) in Linker::BOTH.into_iter().zip(&mut measured) {
            if measured.is_finished() {
                continue;
            }
            match linker.build(directory.path(), BUILD_LIMIT)? {
                Ok(built) => {
                    measured.times.push(built.elapsed);
                    if measured.verdict.is_none() {
                        let verdict = judge_output(directory.path(), &built.output, linker, &expected)?;
                        measured.verdict = Some(verdict);
                    }
                }
                Err(failure) => measured.failure = Some(failure),
            }
        }
    }
    Ok(Row {
        shape,
        times: measured.map(Measured::time),
    })
}

#[derive(Default)]
struct Measured {
    times: Vec<Duration>,
    verdict: Option<Verdict>,
    failure: Option<BuildFailure>,
}

impl Measured {
    fn is_finished(&self) -> bool {
        self.failure.is_some() || self.times.first().is_some_and(|time| *time > LONG)
    }

    fn time(mut self) -> Time {
        self.times.sort();
        match (self.failure, self.verdict, self.times.get(self.times.len() / 2)) {
            (Some(BuildFailure::OutOfTime), ..) => Time::LongerThan(BUILD_LIMIT),
            (Some(BuildFailure::Refused(message) | BuildFailure::Crashed(message)), ..) => {
                Time::Failed(message)
            }
            (None, Some(verdict), Some(median)) => Time::Median(*median, verdict),
            (None, ..) => {
                unreachable!("there is at least one run, and each fails or has a time and a verdict")
            }
        }
    }
}
