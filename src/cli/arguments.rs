//! The words of the command line, as clap reads them and as `--help` teaches them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::analyze_arguments::{ANALYZE_EXAMPLES, AnalyzeArguments};
use super::bundle_arguments::{BUNDLE_EXAMPLES, BundleArguments, SourceMapArgument};
use super::cache_arguments::CacheArguments;
use super::chunk_arguments::ChunkArguments;
use super::explain_arguments::{EXPLAIN_EXAMPLES, ExplainArguments, SCHEMA_EXAMPLES, SchemaArguments};
use super::importmap_arguments::{IMPORTMAP_EXAMPLES, ImportMapArguments};
use super::shared_map_arguments::SharedMapArguments;
use super::source_arguments::{OuterTextArguments, SourceArguments};
use super::start_arguments::{START_EXAMPLES, StartArguments};
use super::watch_arguments::WatchArguments;
use super::work_arguments::WorkArguments;
use crate::command::{BasePath, GraphFormat, ModuleFilter};

const ABOUT: &str = "Builds frontend modules that share their packages through standard import maps";

const LONG_ABOUT: &str = "\
Builds frontend modules that share their packages through standard import maps.

A module says in the `esmx` field of its package.json what it exports, which packages it provides to \
others and which modules it uses. It is built on its own; what it gets from others stays an import. \
Composing joins the built modules: one import map gives everyone the same copy of each shared package, \
one per major version.";

const EXAMPLES: &str = "\
Examples:
  esmx-build                     Build the module in the current directory
  esmx-build apps/host -r        Build apps/host and everything it uses, dependencies first
  esmx-build compose --html      Join the built modules: import maps and a page that runs
  esmx-build validate            Check declarations, versions and wiring without building
  esmx-build bundle src/main.ts  Bundle files that are no module
  esmx-build migrate             Show how a legacy entry.node.ts becomes a declaration
  esmx-build --json | jq .       The result for another program

A directory that is named like a command is written with a path: `esmx-build ./compose`.

Exit codes:
  0  done, perhaps with warnings
  1  the project has errors; the last good dist is untouched
  2  the command line makes no sense, or DIR has no readable package.json

Read on:
  esmx-build help <COMMAND>
  esmx-build explain <CODE>
  ";

const BUILD_EXAMPLES: &str = "\
Examples:
  esmx-build build               Build the module in the current directory
  esmx-build build apps/host -r  Build apps/host and everything it uses, dependencies first
  esmx-build build --mode development --sourcemap
                                 Readable output with plain file names and source maps
  esmx-build -r --mode development --watch
                                 The same, and again whenever something changed
  esmx-build build --link shared=../shared/dist
                                 Take the module `shared` from there, not from node_modules
  esmx-build build --define __DEV__=false --loader .svg=text
                                 What the sources need beyond their tsconfig
  esmx-build build --dts         Also type declarations for those who import the module

The result is DIR/dist: `client` for browsers, `server` for Node, each with a manifest.json. A build that \
fails leaves the last good dist untouched.";

const COMPOSE_EXAMPLES: &str = "\
Examples:
  esmx-build compose --html      Import maps and a page for the host in the current directory
  esmx-build compose --base /docs
                                 For a page whose modules are served below /docs

Everything the host uses must be built: `esmx-build -r` does that. Every import of every module is resolved \
through the new maps before they are written.";

const VALIDATE_EXAMPLES: &str = "\
Examples:
  esmx-build validate            Check the module in the current directory and everything it uses
  esmx-build validate --json     Also who supplies which package, and what every module gets
  esmx-build validate --link shared=../shared/dist
                                 Take the module `shared` from there, not from node_modules

No source code is read: green means that every module and package can be resolved, not that the code builds.

Exit codes:
  0  nothing is wrong, or only warnings are told
  1  errors; with --deny-warnings, warnings too
  2  the command line makes no sense, or DIR has no readable package.json";

const MIGRATE_EXAMPLES: &str = "\
Examples:
  esmx-build migrate             Show the edit that turns `modules` of entry.node.ts into `esmx` of package.json
  esmx-build migrate --write     Make it

The edited module is proven to have the same exports and the same wiring before anything is written. What a \
declaration cannot express is told, and then nothing is written. A module that others use moves before they do.

Exit codes:
  0  the edit is shown or written, or the module has a declaration already
  1  something cannot be expressed, or the configuration has errors; nothing is written
  2  the command line makes no sense, or DIR has no readable package.json";

const GRAPH_EXAMPLES: &str = "\
Examples:
  esmx-build graph --output graph.html
                                 A page to explore, for the module in the current directory; it needs no network
  esmx-build graph apps/host --format mermaid
                                 A diagram for Markdown files
  esmx-build graph --format dot | dot -Tsvg > graph.svg
  esmx-build graph --json | jq .elections

Nothing is built. The exit code is 0 when the picture could be drawn; errors of the project are in it.";

const WHY_EXAMPLES: &str = "\
Examples:
  esmx-build why vue             Which copy of vue the code in the current directory gets, and why
  esmx-build why vue apps/host --from shop
                                 The same for the code of `shop`, a module that apps/host uses
  esmx-build why shared/ui       Which file an export of a module is

Nothing is built: declarations and manifests answer. The exit code is 0 when the specifier means something, \
1 when it means nothing or is an error.";

/// The whole command line. Without a command word it is `build`.
#[derive(Debug, Parser)]
#[command(
    name = "esmx-build",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_help = "`esmx-build --help` has examples and the exit codes.",
    after_long_help = format!("{EXAMPLES}{}", env!("CARGO_PKG_REPOSITORY")),
    args_conflicts_with_subcommands = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<CommandArguments>,
    #[command(flatten)]
    pub build: BuildArguments,
}

/// The command words.
#[derive(Debug, Subcommand)]
pub(super) enum CommandArguments {
    /// Build the client and the server side of a module (what happens without a command)
    #[command(after_help = BUILD_EXAMPLES)]
    Build(Box<BuildArguments>),
    /// Bundle files that are no module: entries and what they import, as ES modules
    #[command(after_help = BUNDLE_EXAMPLES, args_override_self = true)]
    Bundle(Box<BundleArguments>),
    /// Join a host and every module it uses: import maps, and with `--html` a page
    #[command(after_help = COMPOSE_EXAMPLES)]
    Compose(ComposeArguments),
    /// Serve a built host in Node, as its behaviour file says or with a server of its own
    #[command(after_help = START_EXAMPLES)]
    Start(StartArguments),
    /// Import maps as releases: resolve, compose, check, diff, gate, inject, release, rollback, history
    #[command(name = "importmap", after_help = IMPORTMAP_EXAMPLES)]
    ImportMap(ImportMapArguments),
    /// Check declarations, versions and wiring without building
    #[command(after_help = VALIDATE_EXAMPLES)]
    Validate(ValidateArguments),
    /// Move the legacy configuration of entry.node.ts into the `esmx` declaration
    #[command(after_help = MIGRATE_EXAMPLES)]
    Migrate(MigrateArguments),

    /// Draw the closure: modules, what they provide and get, elections and findings
    #[command(after_help = GRAPH_EXAMPLES)]
    Graph(GraphArguments),
    /// Say where the bytes and the time of a bundle go, and why a package is there twice
    #[command(after_help = ANALYZE_EXAMPLES)]
    Analyze(AnalyzeArguments),
    /// Explain what a specifier means in a module, and which decisions made it so
    #[command(after_help = WHY_EXAMPLES)]
    Why(WhyArguments),
    /// Say what a code such as `E_VERSION` means and how to repair it
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArguments),
    /// Print the JSON Schema of the `esmx` field of package.json, or of esmx.config.json
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema(SchemaArguments),
}

/// What every command that works on a module understands.
#[derive(Debug, Args)]
pub(super) struct ModuleArguments {
    /// Directory of the module, where its package.json is
    #[arg(value_name = "DIR", default_value = ".", value_hint = clap::ValueHint::DirPath)]
    pub directory: PathBuf,
    /// Take a used module from its built directory instead of `node_modules`; may be repeated
    #[arg(long = "link", value_name = "NAME=DIR", value_parser = parse_link)]
    pub links: Vec<(String, PathBuf)>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// For whom findings are written down.
#[derive(Debug, Default, Args)]
pub(super) struct ReporterArguments {
    /// How findings are written: for people, as one JSON document, as annotations of a GitHub workflow, as a SARIF log
    #[arg(long, value_enum, value_name = "REPORTER", conflicts_with = "json")]
    pub reporter: Option<ReporterArgument>,
}

/// The values of `--reporter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReporterArgument {
    /// Text for people
    Human,
    /// The same as `--json`
    Json,
    /// Workflow commands that GitHub shows beside the source lines
    Github,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags are booleans until `invocation` names them"
)]
pub(super) struct BuildArguments {
    /// Also build what the module uses; in a workspace root, all modules
    #[arg(short, long)]
    pub recursive: bool,
    /// Of the modules that `-r` would build, build these: a name or a pattern, `NAME...` with what it uses, `...NAME` with
    /// what uses it, `!NAME` all others; may be repeated
    #[arg(long, hide_short_help = true, value_name = "NAME")]
    pub filter: Vec<ModuleFilter>,
    /// Whom the output is for; also decides what `process.env.NODE_ENV` is replaced by [default: production]
    #[arg(long, value_enum, value_name = "MODE")]
    pub mode: Option<ModeArgument>,
    /// Shorten the output (the default in production mode)
    #[arg(long, overrides_with = "no_minify")]
    pub minify: bool,
    /// Keep the output readable (the default in development mode)
    #[arg(long, overrides_with = "minify")]
    pub no_minify: bool,
    /// Make source maps: beside the output and named in it (`--sourcemap` means that), in it, or beside it
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "linked")]
    pub sourcemap: Option<SourceMapArgument>,
    /// Make no source maps, whatever a configuration file says
    #[arg(long, hide_short_help = true, overrides_with = "sourcemap")]
    pub no_sourcemap: bool,
    /// Write type declarations of the exports: `dist/types`, and `types` in dist/package.json
    #[arg(hide_short_help = true, long)]
    pub dts: bool,
    /// Write none, whatever a configuration file says
    #[arg(long, hide_short_help = true, overrides_with = "dts")]
    pub no_dts: bool,
    #[command(flatten)]
    pub work: WorkArguments,
    #[command(flatten)]
    pub cache: CacheArguments,
    /// Keep an import: a name (with everything below it) or a pattern with `*`; may be repeated
    #[arg(
        hide_short_help = true,
        long = "external",
        value_name = "X",
        value_delimiter = ','
    )]
    pub external: Vec<String>,
    #[command(flatten)]
    pub shared_map: SharedMapArguments,
    #[command(flatten)]
    pub chunks: ChunkArguments,
    #[command(flatten)]
    pub sources: SourceArguments,
    #[command(flatten)]
    pub outer_text: OuterTextArguments,
    #[command(flatten)]
    pub watch: WatchArguments,
    #[command(flatten)]
    pub reporter: ReporterArguments,
    #[command(flatten)]
    pub module: ModuleArguments,
}

/// Arguments of `compose`.
#[derive(Debug, Args)]
pub(super) struct ComposeArguments {
    /// Also write a page: import map, preloads, stylesheets and the client entry, in the host's index.html if it has one
    #[arg(long)]
    pub html: bool,
    /// The path below which the modules are served, such as /docs
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true, value_parser = BasePath::parse)]
    pub base: BasePath,
    #[command(flatten)]
    pub shared_map: SharedMapArguments,
    #[command(flatten)]
    pub reporter: ReporterArguments,
    #[command(flatten)]
    pub module: ModuleArguments,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub(super) struct ValidateArguments {
    /// Allow only one module to provide each major of a package: `W_MULTI_CANDIDATE` is an error
    #[arg(long)]
    pub strict_owners: bool,
    /// Fail when there are warnings
    #[arg(long)]
    pub deny_warnings: bool,
    #[command(flatten)]
    pub reporter: ReporterArguments,
    #[command(flatten)]
    pub module: ModuleArguments,
}

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub(super) struct MigrateArguments {
    /// Write the edit instead of showing it
    #[arg(long)]
    pub write: bool,
    #[command(flatten)]
    pub module: ModuleArguments,
}

/// Arguments of `graph`.
#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    /// What is written [default: what the name of FILE says, else html]
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<FormatArgument>,
    /// Write there instead of to standard output
    #[arg(long, short, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub module: ModuleArguments,
}

/// The values of `--format`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FormatArgument {
    /// One page to explore, without network
    Html,
    /// A flowchart for Markdown
    Mermaid,
    /// For Graphviz
    Dot,
    /// For other programs
    Json,
}

impl From<FormatArgument> for GraphFormat {
    fn from(argument: FormatArgument) -> Self {
        match argument {
            FormatArgument::Html => Self::Html,
            FormatArgument::Mermaid => Self::Mermaid,
            FormatArgument::Dot => Self::Dot,
            FormatArgument::Json => Self::Json,
        }
    }
}

/// Arguments of `why`.
#[derive(Debug, Args)]
pub(super) struct WhyArguments {
    /// What an import names: a package, an export of a module, anything
    #[arg(value_name = "SPECIFIER")]
    pub specifier: String,
    /// Ask for the code of this module, one that the module in DIR uses
    #[arg(long, value_name = "MODULE")]
    pub from: Option<String>,
    #[command(flatten)]
    pub module: ModuleArguments,
}

/// The values of `--mode`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ModeArgument {
    /// Hashed file names, minified, with integrity values
    Production,
    /// Plain file names, readable code
    Development,
}

fn parse_link(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, directory)) if !name.is_empty() && !directory.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(directory)))
        }
        _ => Err("write the module's name, `=`, and its built directory: shared=../shared/dist".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn links_have_a_name_and_a_directory() {
        assert_eq!(
            parse_link("@a/b=../b/dist=1"),
            Ok(("@a/b".to_owned(), PathBuf::from("../b/dist=1")))
        );
        for text in ["shared", "=dist", "shared="] {
            assert!(parse_link(text).is_err(), "{text}");
        }
    }

    #[test]
    fn help_says_what_the_exit_codes_mean() {
        let help = Arguments::command().render_long_help().to_string();
        for text in ["Examples:", "Exit codes:", "compose", "https://"] {
            assert!(help.contains(text), "{text} in\n{help}");
        }
    }
}
