//! The words of `importmap`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use url::Url;

use super::Format;
use super::release_arguments::{HistoryArguments, RELEASE_EXAMPLES, ReleaseArguments, RollbackArguments};
use crate::base::normalize;
use crate::command::CommandError;
use crate::command::importmap::{
    CheckOptions, DiffOptions, GateOptions, ImportMapTask, InjectOptions, Place, ResolveOptions, TextSource,
};

const RESOLVE_EXAMPLES: &str = "\
Examples:
  esmx-build importmap resolve importmap.json vue --from https://shop.example/shop/main.mjs
                                 Which URL `import 'vue'` in that script leads to
  esmx-build importmap resolve - --base https://shop.example/ --json < map.json
                                 The map as a browser understands it

The algorithm is that of the HTML standard, from parsing to the last step. The exit code is 0 also where a \
specifier has no result, which is an answer; it is 1 when the text is no import map.";

const COMPOSE_EXAMPLES: &str = "\
Examples:
  esmx-build importmap compose --input composition.json > importmap.json

The input is one JSON object:
  {\"root\": \"host\", \"env\": \"client\", \"manifests\": [ … ],
   \"rewire\": {\"a/vue\": \"b/vue\"}, \"base\": \"/docs\", \"dirs\": {\"host\": \"file:///srv/host/server/\"}}

`manifests` are the manifest.json of all modules, the host's first, all of one environment (`client` or \
`server`). Without `rewire` the elections are computed from them. `base` is where browsers find the modules, `dirs` \
where Node does. The map is proven before it is printed.";

const CHECK_EXAMPLES: &str = "\
Examples:
  esmx-build importmap check importmap.json --base https://shop.example/
                                 What is deployed, as a browser on that page gets it
  esmx-build importmap check release/importmap.json
                                 What lies beside the map, before it is deployed

Followed is every import to the end of the graph. Errors are: a file that is missing, no JavaScript or not the one \
that `integrity` names; an import that the map does not answer; a name that the file does not export; a version \
that is not pinned; a package that is there twice in one major version.";

const DIFF_EXAMPLES: &str = "\
Examples:
  esmx-build importmap diff live.json next/importmap.json --old-base https://shop.example/
                                 For a review: versions, specifiers that move, exports and files that come and go
  esmx-build importmap diff old/importmap.json new/importmap.json --json

The exit code is 1 when something breaks: an import that the old map answers and the new one does not, or a name that \
somebody imports and that is gone.";

const GATE_EXAMPLES: &str = "\
Examples:
  esmx-build importmap gate dist --against importmap.json --base https://shop.example/
                                 May this build go live beside what is deployed?

Errors are: an export or a name that a deployed module imports is gone; a package that others were built against is \
provided in another major; a version outside of a range that the new build or a deployed module asks for; something \
that the new build imports is not deployed.";

const INJECT_EXAMPLES: &str = "\
Examples:
  esmx-build importmap inject index.html --map importmap.json -o site/index.html
                                 The same template for development and production, each with its map
  esmx-build importmap inject index.html --map importmap.json --nonce '{{nonce}}'
                                 For a server that fills in the nonce

The map stands before the first script or preload of modules: a browser uses no map for what it has begun to load.";

pub(super) const IMPORTMAP_EXAMPLES: &str = "\
Examples:
  esmx-build importmap resolve importmap.json vue --from https://shop.example/shop/main.mjs
  esmx-build importmap compose --input composition.json > importmap.json
  esmx-build importmap check importmap.json --base https://shop.example/
  esmx-build importmap diff live.json next.json
  esmx-build importmap gate dist --against importmap.json --base https://shop.example/
  esmx-build importmap inject index.html --map importmap.json -o site/index.html
  esmx-build importmap release next --to /srv/site
  esmx-build importmap rollback --to s3://shop-assets/site

Read on:
  esmx-build importmap help <COMMAND>";

/// Arguments of `importmap`.
#[derive(Debug, Args)]
pub(super) struct ImportMapArguments {
    #[command(subcommand)]
    pub command: ImportMapCommand,
}

/// The words after `importmap`.
#[derive(Debug, Subcommand)]
pub(super) enum ImportMapCommand {
    /// Say which URL a specifier means under a map, by the algorithm of the HTML standard
    #[command(after_help = RESOLVE_EXAMPLES)]
    Resolve(ResolveArguments),
    /// Compose a map from manifests alone
    #[command(after_help = COMPOSE_EXAMPLES)]
    Compose(ComposeMapArguments),
    /// Prove a map: every file arrives, fits its importers, and is there once
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArguments),
    /// Tell what a new map changes for whom, and what it breaks
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArguments),
    /// Check a new build of one module against everything that is deployed
    #[command(after_help = GATE_EXAMPLES)]
    Gate(GateArguments),
    /// Put a map into a page, before everything that loads modules
    #[command(after_help = INJECT_EXAMPLES)]
    Inject(InjectArguments),
    /// Put a new map with its assets in place of the live one, in one step
    #[command(after_help = RELEASE_EXAMPLES)]
    Release(ReleaseArguments),
    /// Make an earlier release live again
    #[command(after_help = RELEASE_EXAMPLES)]
    Rollback(RollbackArguments),
    /// List what was released when
    #[command(after_help = RELEASE_EXAMPLES)]
    History(HistoryArguments),
}

/// Arguments of `importmap resolve`.
#[derive(Debug, Args)]
pub(super) struct ResolveArguments {
    /// The import map: a file, or `-` for standard input
    #[arg(value_name = "MAP", value_hint = clap::ValueHint::FilePath)]
    pub map: PathBuf,
    /// What is imported, after `--` where it begins with a dash; none shows only the parsed map
    #[arg(value_name = "SPECIFIER")]
    pub specifiers: Vec<String>,
    /// URL of the script that imports [default: the base]
    #[arg(long, value_name = "URL", value_parser = parse_url, required_unless_present = "base")]
    pub from: Option<Url>,
    /// URL that the map's relative addresses and scopes start from, as a rule the page's [default: the script's]
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub base: Option<Url>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `importmap compose`.
#[derive(Debug, Args)]
pub(super) struct ComposeMapArguments {
    /// What to compose: a JSON file, or `-` for standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub input: PathBuf,
    /// Tell findings as one JSON document on standard output, too
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `importmap check`.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The import map: a file, or `-` for standard input
    #[arg(value_name = "MAP", value_hint = clap::ValueHint::FilePath)]
    pub map: PathBuf,
    /// Where its files are: the URL of the page, or the directory that is served at `/` [default: the map's directory]
    #[arg(long, value_name = "URL|DIR")]
    pub base: Option<String>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `importmap diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// The map that is live: a file, or `-` for standard input
    #[arg(value_name = "OLD", value_hint = clap::ValueHint::FilePath)]
    pub old: PathBuf,
    /// The map that may follow
    #[arg(value_name = "NEW", value_hint = clap::ValueHint::FilePath)]
    pub new: PathBuf,
    /// Where the files of OLD are: a URL, or the directory that is served at `/` [default: the map's directory]
    #[arg(long, value_name = "URL|DIR")]
    pub old_base: Option<String>,
    /// Where the files of NEW are; what a directory lacks stays as with OLD [default: the map's directory]
    #[arg(long, value_name = "URL|DIR")]
    pub new_base: Option<String>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `importmap gate`.
#[derive(Debug, Args)]
pub(super) struct GateArguments {
    /// The new build: the `dist` directory of a module, or its `client` or `server`
    #[arg(value_name = "ARTIFACT", value_hint = clap::ValueHint::DirPath)]
    pub artifact: PathBuf,
    /// The map that is live: a file, or `-` for standard input
    #[arg(long, value_name = "MAP", value_hint = clap::ValueHint::FilePath)]
    pub against: PathBuf,
    /// Where its files are: a URL, or the directory that is served at `/` [default: the map's directory]
    #[arg(long, value_name = "URL|DIR")]
    pub base: Option<String>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `importmap inject`.
#[derive(Debug, Args)]
pub(super) struct InjectArguments {
    /// The page: an HTML file, or `-` for standard input
    #[arg(value_name = "PAGE", value_hint = clap::ValueHint::FilePath)]
    pub page: PathBuf,
    /// The import map
    #[arg(long, value_name = "MAP", value_hint = clap::ValueHint::FilePath)]
    pub map: PathBuf,
    /// Nonce of the page's content security policy
    #[arg(long, value_name = "NONCE")]
    pub nonce: Option<String>,
    /// Write the page there instead of to standard output
    #[arg(long, short, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

impl ImportMapCommand {
    /// How the answer is shown.
    pub(super) fn format(&self) -> Format {
        let is_document = match self {
            Self::Resolve(arguments) => arguments.json,
            Self::Compose(arguments) => arguments.json,
            Self::Check(arguments) => arguments.json,
            Self::Diff(arguments) => arguments.json,
            Self::Gate(arguments) => arguments.json,
            Self::Inject(arguments) => arguments.json,
            Self::Release(arguments) => arguments.json,
            Self::Rollback(arguments) => arguments.json,
            Self::History(arguments) => arguments.json,
        };
        if is_document { Format::Json } else { Format::Human }
    }

    /// What is asked, with absolute paths.
    pub(super) fn task(self, directory: &Path) -> Result<ImportMapTask, CommandError> {
        Ok(match self {
            Self::Resolve(arguments) => {
                let from = arguments.from.as_ref().or(arguments.base.as_ref());
                let base = arguments.base.as_ref().or(arguments.from.as_ref());
                let (Some(referrer), Some(base)) = (from, base) else {
                    unreachable!("clap asks for one of the two");
                };
                ImportMapTask::Resolve(ResolveOptions {
                    map: text_source(&arguments.map, directory),
                    specifiers: arguments.specifiers,
                    referrer: referrer.clone(),
                    base: base.clone(),
                })
            }
            Self::Check(arguments) => ImportMapTask::Check(CheckOptions {
                place: place(arguments.base.as_deref(), &arguments.map, directory),
                map: text_source(&arguments.map, directory),
            }),
            Self::Diff(arguments) => ImportMapTask::Diff(DiffOptions {
                old: (
                    text_source(&arguments.old, directory),
                    place(arguments.old_base.as_deref(), &arguments.old, directory),
                ),
                new: (
                    text_source(&arguments.new, directory),
                    place(arguments.new_base.as_deref(), &arguments.new, directory),
                ),
            }),
            Self::Gate(arguments) => ImportMapTask::Gate(GateOptions {
                artifact: normalize(&directory.join(&arguments.artifact)),
                place: place(arguments.base.as_deref(), &arguments.against, directory),
                map: text_source(&arguments.against, directory),
            }),
            Self::Inject(arguments) => ImportMapTask::Inject(InjectOptions {
                page: text_source(&arguments.page, directory),
                map: text_source(&arguments.map, directory),
                nonce: arguments.nonce,
                output: arguments.output.map(|file| normalize(&directory.join(file))),
            }),
            Self::Release(arguments) => arguments.task(directory)?,
            Self::Rollback(arguments) => arguments.task(directory)?,
            Self::History(arguments) => arguments.task(directory)?,
            Self::Compose(arguments) => ImportMapTask::Compose(text_source(&arguments.input, directory)),
        })
    }
}

fn text_source(path: &Path, directory: &Path) -> TextSource {
    if path == Path::new("-") {
        TextSource::StandardInput
    } else {
        TextSource::File(normalize(&directory.join(path)))
    }
}

/// What looks like a URL of the web is one; everything else is a directory.
fn place(base: Option<&str>, map: &Path, directory: &Path) -> Place {
    let Some(base) = base else {
        let beside = map.parent().unwrap_or(Path::new(""));
        return Place::Directory(normalize(&directory.join(beside)));
    };
    match Url::parse(base) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Place::Url(url),
        Ok(url) if url.scheme() == "file" => {
            Place::Directory(url.to_file_path().unwrap_or_else(|()| PathBuf::from(base)))
        }
        _ => Place::Directory(normalize(&directory.join(base))),
    }
}

fn parse_url(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .map_err(|error| format!("{error}; write a whole URL such as https://shop.example/main.mjs"))
}
