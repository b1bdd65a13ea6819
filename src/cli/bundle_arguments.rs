//! The words of `bundle`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::ModeArgument;

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
    /// Language or engines of the output: `es2022`, `chrome100,safari16`. Newer syntax is told, not lowered
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    pub target: Vec<String>,
    /// Keep an import: a name (with everything below it), a path, or a pattern with `*`; may be repeated
    #[arg(long = "external", value_name = "X", value_delimiter = ',')]
    pub external: Vec<String>,
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
    pub sources: SourceArguments,
    /// Where licences go: comments with `@license`, `@preserve` or `!` [default: inline]
    #[arg(long, value_enum, value_name = "WHERE")]
    pub legal_comments: Option<LegalCommentsArgument>,
    /// Text at the start of every file of code
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub banner: Option<String>,
    /// Text at the end of every file of code
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub footer: Option<String>,
    /// Write what went into which file, as esbuild does [default file: meta.json in the output directory]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "", value_hint = clap::ValueHint::FilePath)]
    pub metafile: Option<String>,
    /// Work on this many threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// How sources are found and read.
#[derive(Debug, Args)]
pub(super) struct SourceArguments {
    /// Conditions of `exports` and `imports` beside those of platform and syntax; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub conditions: Vec<String>,
    /// Fields of package.json that name the main file, the first that is there counts
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub main_fields: Vec<String>,
    /// Replace a global expression by a value: `--define __DEV__=false`; may be repeated
    #[arg(long = "define", value_name = "K=V")]
    pub defines: Vec<String>,
    /// One tsconfig for all own sources [default: the nearest one of each]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub tsconfig: Option<PathBuf>,
    /// What JSX becomes [default: what the tsconfig says, otherwise automatic]
    #[arg(long, value_enum, value_name = "RUNTIME")]
    pub jsx: Option<JsxArgument>,
    /// Package whose `jsx-runtime` the automatic runtime imports
    #[arg(long, value_name = "PACKAGE")]
    pub jsx_import_source: Option<String>,
    /// Function of the classic runtime
    #[arg(long, value_name = "NAME")]
    pub jsx_factory: Option<String>,
    /// Fragment of the classic runtime
    #[arg(long, value_name = "NAME")]
    pub jsx_fragment: Option<String>,
    /// Elements know their place in the source (`jsxDEV`)
    #[arg(long)]
    pub jsx_dev: bool,
    /// How files of an extension become modules: `--loader .svg=text`; may be repeated
    #[arg(long = "loader", value_name = ".EXT=KIND")]
    pub loaders: Vec<String>,
    /// Functions and classes keep their `name`, also where bindings are renamed
    #[arg(long)]
    pub keep_names: bool,
    /// Whether what nobody uses is left out
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub tree_shaking: Option<bool>,
}

/// The values of `--jsx`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum JsxArgument {
    /// Calls of a function that the transform imports
    Automatic,
    /// Calls of a function in scope, `React.createElement` unless said otherwise
    #[value(alias = "transform")]
    Classic,
}

/// The values of `--legal-comments`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LegalCommentsArgument {
    /// Nowhere
    None,
    /// Where they stand; minified code has them at its end
    Inline,
    /// At the end of the file whose code they are about
    Eof,
    /// In a file of their own
    External,
    /// In a file of their own that the code names
    Linked,
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
