//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::report::Format;

/// Compares the linker of `esmx-build` with `swc_bundler`.
#[derive(Parser)]
pub struct Arguments {
    /// Print Markdown tables
    #[arg(long)]
    markdown: bool,

    /// Do only this part
    #[arg(long, value_enum)]
    part: Option<Part>,

    /// Directory with one directory per program
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/programs"))]
    pub programs: PathBuf,

    /// How often each graph is built by each linker; the median counts
    #[arg(long, value_name = "N", default_value = "5")]
    pub runs: NonZeroUsize,

    #[command(subcommand)]
    pub task: Option<Task>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The small programs
    Programs,
    /// The time that generated graphs take
    Graphs,
}

/// What this program does as a child of itself.
#[derive(Subcommand)]
pub enum Task {
    /// Bundles a program with `swc_bundler`
    #[command(hide = true)]
    BundleWithSwc { program: PathBuf, output: PathBuf },
}

impl Arguments {
    pub fn does(&self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }

    pub fn format(&self) -> Format {
        if self.markdown {
            Format::Markdown
        } else {
            Format::Terminal
        }
    }
}
