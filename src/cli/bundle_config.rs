//! Options of `bundle` that files hold, where the command line does not say them.

use std::path::Path;

use clap::ValueEnum;

use super::bundle_arguments::{BundleArguments, SourceMapArgument};
use crate::base::DiskFileSystem;
use crate::diagnostic::Diagnostic;
use crate::protocol::build_config::{BuildConfig, ConfigSchema, ConfigValue, Shape};

/// The options, named as on the command line but in camel case.
const SCHEMA: &ConfigSchema = &[
    ("entries", Shape::TextsOrPairs),
    ("outDir", Shape::Text),
    ("outBase", Shape::Text),
    ("format", Shape::Word(&["esm"])),
    ("platform", Shape::Word(&["browser", "node", "neutral"])),
    ("target", Shape::Texts),
    ("external", Shape::Texts),
    ("importMap", Shape::Text),
    ("env", Shape::Text),
    ("packages", Shape::Word(&["bundle", "external"])),
    ("alias", Shape::Pairs),
    ("mode", Shape::Word(&["production", "development"])),
    ("minify", Shape::Flag),
    (
        "sourcemap",
        Shape::FlagOrWord(&["linked", "inline", "external", "hidden"]),
    ),
    ("entryNames", Shape::Text),
    ("chunkNames", Shape::Text),
    ("assetNames", Shape::Text),
    ("chunkGroups", Shape::Lists),
    ("minChunkSize", Shape::TextOrNumber),
    ("chunkImportMap", Shape::Flag),
    ("preload", Shape::Flag),
    ("publicPath", Shape::Text),
    ("conditions", Shape::Texts),
    ("mainFields", Shape::Texts),
    ("define", Shape::Values),
    ("tsconfig", Shape::Text),
    ("jsx", Shape::Word(&["automatic", "classic"])),
    ("jsxImportSource", Shape::Text),
    ("jsxFactory", Shape::Text),
    ("jsxFragment", Shape::Text),
    ("jsxDev", Shape::Flag),
    ("loader", Shape::Pairs),
    ("keepNames", Shape::Flag),
    ("treeShaking", Shape::Flag),
    (
        "legalComments",
        Shape::Word(&["none", "inline", "eof", "external", "linked"]),
    ),
    ("banner", Shape::Text),
    ("footer", Shape::Text),
    ("metafile", Shape::FlagOrText),
];

/// Reads the files of `root` and fills in what the arguments leave open. Lists and tables are joined: what is
/// said of one name on the command line wins over what a file says of it.
pub(super) fn fill_in(arguments: &mut BundleArguments, root: &Path) -> Vec<Diagnostic> {
    let config = BuildConfig::read(&DiskFileSystem, root, SCHEMA);
    let said = Said { config: &config };
    if arguments.entries.is_empty() {
        arguments.entries = said.pairs_or_texts("entries");
    }
    said.text_into("outDir", &mut arguments.out_dir);
    said.text_into("outBase", &mut arguments.out_base);
    said.word_into("format", &mut arguments.format);
    said.word_into("platform", &mut arguments.platform);
    said.list_into("external", &mut arguments.external);
    said.text_into("importMap", &mut arguments.shared_map.import_map);
    said.text_into("env", &mut arguments.shared_map.env);
    said.word_into("packages", &mut arguments.packages);
    said.pairs_into("alias", &mut arguments.aliases);
    said.word_into("mode", &mut arguments.mode);
    if !arguments.no_minify {
        arguments.minify |= said.flag("minify") == Some(true);
    }
    if arguments.sourcemap.is_none() && !arguments.no_sourcemap && said.flag("sourcemap") == Some(true) {
        arguments.sourcemap = Some(SourceMapArgument::Linked);
    } else if !arguments.no_sourcemap {
        said.word_into("sourcemap", &mut arguments.sourcemap);
    }
    said.text_into("entryNames", &mut arguments.entry_names);
    said.text_into("chunkNames", &mut arguments.chunk_names);
    said.text_into("assetNames", &mut arguments.asset_names);
    said.groups_into(&mut arguments.chunks.chunk_groups);
    said.text_into("minChunkSize", &mut arguments.chunks.min_chunk_size);
    arguments.chunks.chunk_import_map |= said.flag("chunkImportMap") == Some(true);
    if !arguments.chunks.preload {
        arguments.chunks.no_preload |= said.flag("preload") == Some(false);
    }
    said.text_into("publicPath", &mut arguments.public_path);
    said.word_into("legalComments", &mut arguments.outer_text.legal_comments);
    said.text_into("banner", &mut arguments.outer_text.banner);
    said.text_into("footer", &mut arguments.outer_text.footer);
    if arguments.metafile.is_none() && said.flag("metafile") == Some(true) {
        arguments.metafile = Some(String::new());
    }
    said.text_into("metafile", &mut arguments.metafile);
    let sources = &mut arguments.sources;
    if sources.target.is_empty() {
        said.list_into("target", &mut sources.target);
    }
    said.list_into("conditions", &mut sources.conditions);
    if sources.main_fields.is_empty() {
        said.list_into("mainFields", &mut sources.main_fields);
    }
    said.pairs_into("define", &mut sources.defines);
    said.text_into("tsconfig", &mut sources.tsconfig);
    said.word_into("jsx", &mut sources.jsx);
    said.text_into("jsxImportSource", &mut sources.jsx_import_source);
    said.text_into("jsxFactory", &mut sources.jsx_factory);
    said.text_into("jsxFragment", &mut sources.jsx_fragment);
    sources.jsx_dev |= said.flag("jsxDev") == Some(true);
    said.pairs_into("loader", &mut sources.loaders);
    sources.keep_names |= said.flag("keepNames") == Some(true);
    sources.tree_shaking = sources.tree_shaking.or(said.flag("treeShaking"));
    config.diagnostics
}

/// What the files say, in the types of the arguments.
struct Said<'a> {
    config: &'a BuildConfig,
}

impl Said<'_> {
    fn text(&self, option: &str) -> Option<&str> {
        match self.config.get(option)?.0 {
            ConfigValue::Text(text) => Some(text),
            _ => None,
        }
    }

    fn flag(&self, option: &str) -> Option<bool> {
        match self.config.get(option)?.0 {
            ConfigValue::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    fn text_into<T: for<'t> From<&'t str>>(&self, option: &str, place: &mut Option<T>) {
        if place.is_none() {
            *place = self.text(option).map(T::from);
        }
    }

    /// The schema has the words of the argument, so that one of them is found.
    fn word_into<T: ValueEnum>(&self, option: &str, place: &mut Option<T>) {
        if place.is_none() {
            *place = self.text(option).and_then(|word| T::from_str(word, false).ok());
        }
    }

    fn list_into(&self, option: &str, place: &mut Vec<String>) {
        place.extend(self.pairs_or_texts(option));
    }

    /// Before those of the command line, because the last one of a name counts.
    fn pairs_into(&self, option: &str, place: &mut Vec<String>) {
        place.splice(0..0, self.pairs_or_texts(option));
    }

    /// Behind those of the command line: the first that matches a module counts.
    fn groups_into(&self, place: &mut Vec<String>) {
        place.extend(self.pairs_or_texts("chunkGroups"));
    }

    fn pairs_or_texts(&self, option: &str) -> Vec<String> {
        match self.config.get(option) {
            Some((ConfigValue::Texts(texts), _)) => texts.clone(),
            Some((ConfigValue::Pairs(pairs), _)) => pairs
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::arguments::Arguments;

    /// `--entry-names` ↔ `entryNames`: who adds an option to one adds it to the other.
    #[test]
    fn files_hold_what_the_command_line_takes() {
        const ONLY_ON_THE_COMMAND_LINE: [&str; 6] = [
            "json",
            "threads",
            "help",
            "no-minify",
            "no-sourcemap",
            "no-preload",
        ];
        let command = Arguments::command();
        let bundle = command
            .find_subcommand("bundle")
            .expect("there is such a command");
        let mut options: Vec<String> = bundle
            .get_arguments()
            .filter_map(|argument| argument.get_long())
            .filter(|name| !ONLY_ON_THE_COMMAND_LINE.contains(name))
            .map(camel_case)
            .map(|name| {
                if name == "chunkGroup" {
                    "chunkGroups".to_owned()
                } else {
                    name
                }
            })
            .collect();
        options.push("entries".to_owned());
        options.sort_unstable();
        let mut schema: Vec<&str> = SCHEMA.iter().map(|(name, _)| *name).collect();
        schema.sort_unstable();
        assert_eq!(options, schema);
    }

    fn camel_case(name: &str) -> String {
        let mut words = name.split('-');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |joined, word| {
            let (initial, rest) = word.split_at(1);
            joined + &initial.to_uppercase() + rest
        })
    }
}
