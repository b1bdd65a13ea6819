//! The words of `analyze`, which needs no module.

use std::path::{Path, PathBuf};

use clap::Args;

use super::invocation::Task;
use crate::base::normalize;
use crate::command::AnalyzeOptions;

pub(super) const ANALYZE_EXAMPLES: &str = "\
Examples:
  esmx-build analyze dist/meta.json
                                 Chunks with gzip and brotli sizes, their packages and largest modules, second copies
  esmx-build analyze dist/meta.json --html sizes.html
                                 Also a page to explore, a map of every chunk; it needs no network
  esmx-build analyze dist/meta.json --markdown >> $GITHUB_STEP_SUMMARY
  esmx-build bundle src/main.js --metafile --profile trace.json
  esmx-build analyze dist/meta.json --profile-trace trace.json
                                 Also the slowest modules and stages

META is what `bundle --metafile` writes, or esbuild. Paths in it are relative to the directory where the bundler ran; \
the output files are read from there to be compressed.

Exit codes:
  0  the answer is shown
  2  the command line makes no sense, or META or the trace cannot be read";

/// How people read the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnalysisText {
    /// Lines with columns.
    Plain,
    /// Headings and tables for a page.
    Markdown,
}

/// Arguments of `analyze`.
#[derive(Debug, Args)]
pub(super) struct AnalyzeArguments {
    /// The metafile
    #[arg(value_name = "META", value_hint = clap::ValueHint::FilePath)]
    pub metafile: PathBuf,
    /// Also write a page with a map of every chunk
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub html: Option<PathBuf>,
    /// Also tell the slowest modules and stages of this file, which `--profile` wrote
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub profile_trace: Option<PathBuf>,
    /// Answer with Markdown tables
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

impl AnalyzeArguments {
    pub(super) fn task(self, directory: &Path) -> Task {
        let absolute = |path: PathBuf| normalize(&directory.join(path));
        let options = AnalyzeOptions {
            metafile: absolute(self.metafile),
            directory: directory.to_path_buf(),
            page: self.html.map(absolute),
            trace: self.profile_trace.map(absolute),
        };
        let text = if self.markdown {
            AnalysisText::Markdown
        } else {
            AnalysisText::Plain
        };
        Task::Analyze(options, text)
    }
}
