//! The words of `bundle`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::ModeArgument;
use super::cache_arguments::CacheArguments;
use super::chunk_arguments::ChunkArguments;
use super::shared_map_arguments::SharedMapArguments;
use super::source_arguments::{OuterTextArguments, SourceArguments};
use super::watch_arguments::WatchArguments;
use super::work_arguments::WorkArguments;

pub(super) const BUNDLE_EXAMPLES: &str = "\
Examples:
  esmx-build bundle src/main.ts  Bundle one entry into dist/main.js
  esmx-build bundle app=src/main.ts worker=src/worker.ts --minify --sourcemap
                                 Two entries that share what both import, small, with source maps
  esmx-build bundle src/cli.ts --platform node --packages external
                                 For Node: its own modules and everything installed stay imports
  esmx-build bundle src/main.ts --external react --alias lodash=lodash-es
                                 Keep one package outside, put another in place of a third

The output is ES modules. What is installed, CommonJS too, is bundled unless it is external. Files that were \
in the output directory before and are not written now stay as they are.

The same options, in camel case, may be in esmx.config.json or in the field `esmxBuild` of package.json: \
{ \"entries\": { \"main\": \"src/main.ts\" }, \"outDir\": \"lib\", \"external\": [\"react\"], \"define\": { \"__DEV__\": false } }. \
The command line wins over the file, the file over the field.";

/// Arguments of `bundle`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags are booleans until `bundle_invocation` names them"
)]
pub(super) struct BundleArguments {
    /// Where to start: a file or a package; `name=ENTRY` says what the output is called
    #[arg(value_name = "ENTRY")]
    pub entries: Vec<String>,
    /// Directory of the output [default: dist]
    #[arg(long, short = 'o', value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub out_dir: Option<PathBuf>,
    /// Directory whose structure `[dir]` repeats [default: the deepest one above all entries]
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub out_base: Option<PathBuf>,
    /// Kind of modules [default: esm]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatArgument>,
    /// Where the output runs [default: browser]
    #[arg(long, value_enum, value_name = "PLATFORM")]
    pub platform: Option<PlatformArgument>,
    /// Keep an import: a name (with everything below it), a path, or a pattern with `*`; may be repeated
    #[arg(long = "external", value_name = "X", value_delimiter = ',')]
    pub external: Vec<String>,
    #[command(flatten)]
    pub shared_map: SharedMapArguments,
    /// What happens to installed packages [default: bundle]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub packages: Option<PackagesArgument>,
    /// Bundle B where A is imported; may be repeated
    #[arg(long = "alias", value_name = "A=B")]
    pub aliases: Vec<String>,
    /// Whom the output is for; also decides what `process.env.NODE_ENV` is replaced by [default: production;
    /// for Node it is left to the environment]
    #[arg(long, value_enum, value_name = "MODE")]
    pub mode: Option<ModeArgument>,
    /// Shorten the output
    #[arg(long, overrides_with = "no_minify")]
    pub minify: bool,
    /// Keep the output readable (the default)
    #[arg(long, overrides_with = "minify")]
    pub no_minify: bool,
    /// Make source maps: beside the output and named in it (`--sourcemap` means that), in it, or beside it
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "linked")]
    pub sourcemap: Option<SourceMapArgument>,
    /// Make no source maps, whatever a configuration file says
    #[arg(long, overrides_with = "sourcemap")]
    pub no_sourcemap: bool,
    /// Names of the files of entries; there are [name], [dir], [hash] and [ext] [default: "[name]"]
    #[arg(long, value_name = "PATTERN")]
    pub entry_names: Option<String>,
    /// Names of the files that entries share or load later [default: "[name]-[hash]"]
    #[arg(long, value_name = "PATTERN")]
    pub chunk_names: Option<String>,
    /// Names of files that are delivered beside the code [default: "[name]-[hash].[ext]"]
    #[arg(long, value_name = "PATTERN")]
    pub asset_names: Option<String>,
    /// What the URLs of delivered files start with [default: `./`, relative to the output directory]
    #[arg(long, value_name = "URL")]
    pub public_path: Option<String>,
    #[command(flatten)]
    pub watch: WatchArguments,
    #[command(flatten)]
    pub chunks: ChunkArguments,
    #[command(flatten)]
    pub sources: SourceArguments,
    #[command(flatten)]
    pub outer_text: OuterTextArguments,
    /// Write what went into which file, as esbuild does [default file: meta.json in the output directory]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "", value_hint = clap::ValueHint::FilePath)]
    pub metafile: Option<String>,
    #[command(flatten)]
    pub work: WorkArguments,
    #[command(flatten)]
    pub cache: CacheArguments,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// The values of `--format`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FormatArgument {
    /// ES modules
    Esm,
}

/// The values of `--platform`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PlatformArgument {
    /// Browsers and workers; modules of Node are an error
    Browser,
    /// Node; its own modules stay imports
    Node,
    /// Anywhere; packages are asked for neither
    Neutral,
}

/// The values of `--packages`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PackagesArgument {
    /// They are bundled
    Bundle,
    /// Imports of them stay
    External,
}

/// The values of `--sourcemap`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SourceMapArgument {
    /// A file, named in the output
    Linked,
    /// In the output
    Inline,
    /// A file that the output does not name
    External,
    /// The same as `external`
    Hidden,
}
