//! Our linker beside `swc_bundler`, which would have been the linking stage if it could keep the promise of
//! one instance. The decision to write our own stands on what this prints, so it can be taken again at every
//! release of SWC:
//!
//!     cargo build && cargo run --target-dir target --manifest-path benches/linker_baseline/Cargo.toml
//!
//! Two parts. The *programs* are a few small files each, one feature of the language per program; what Node
//! shows when it runs the sources is what a bundle has to show. The *graphs* are generated, to compare time.
//!
//! Every build and every run is a process of its own with a time limit, so that a panic, a full stack or a
//! hang is one cell of the table and not the end of it.

mod arguments;
mod build;
mod graph;
mod observe;
mod process;
mod program;
mod report;
mod swc_bundle;
mod timing;
mod verdict;

use std::process::ExitCode;

use arguments::{Arguments, Part, Task};
use clap::Parser as _;

// The allocator of `esmx-build`, so that it does not decide the comparison of time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.task {
        Some(Task::BundleWithSwc { program, output }) => swc_bundle::bundle_on_a_large_stack(program, output),
        None => compare(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.does(Part::Programs) {
        let programs = program::read_programs(&arguments.programs)?;
        let rows = verdict::judge_programs(&programs)?;
        print!("{}", report::programs(&rows, arguments.format()));
    }
    if arguments.does(Part::Graphs) {
        let rows = timing::time_graphs(arguments.runs)?;
        print!("{}", report::graphs(&rows, arguments.format()));
    }
    Ok(())
}
