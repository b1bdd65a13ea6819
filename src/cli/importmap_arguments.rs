//! The words of `importmap`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use url::Url;

use super::Format;
use crate::base::normalize;
use crate::command::importmap::{ImportMapTask, ResolveOptions, TextSource};

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

pub(super) const IMPORTMAP_EXAMPLES: &str = "\
Examples:
  esmx-build importmap resolve importmap.json vue --from https://shop.example/shop/main.mjs
  esmx-build importmap compose --input composition.json > importmap.json

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
}

/// Arguments of `importmap resolve`.
#[derive(Debug, Args)]
pub(super) struct ResolveArguments {
    /// The import map: a file, or `-` for standard input
    #[arg(value_name = "MAP", value_hint = clap::ValueHint::FilePath)]
    pub map: PathBuf,
    /// What is imported; none shows only the parsed map
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

impl ImportMapCommand {
    /// How the answer is shown.
    pub(super) fn format(&self) -> Format {
        let is_document = match self {
            Self::Resolve(arguments) => arguments.json,
            Self::Compose(arguments) => arguments.json,
        };
        if is_document { Format::Json } else { Format::Human }
    }

    /// What is asked, with absolute paths.
    pub(super) fn task(self, directory: &Path) -> ImportMapTask {
        match self {
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
            Self::Compose(arguments) => ImportMapTask::Compose(text_source(&arguments.input, directory)),
        }
    }
}

fn text_source(path: &Path, directory: &Path) -> TextSource {
    if path == Path::new("-") {
        TextSource::StandardInput
    } else {
        TextSource::File(normalize(&directory.join(path)))
    }
}

fn parse_url(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .map_err(|error| format!("{error}; write a whole URL such as https://shop.example/main.mjs"))
}
