//! Options of `bundle` and `build` that files hold, where the command line does not say them.

use std::path::Path;

use clap::ValueEnum;

use super::arguments::BuildArguments;
use super::bundle_arguments::{BundleArguments, SourceMapArgument};
use super::cache_arguments::CacheArguments;
use super::chunk_arguments::ChunkArguments;
use super::source_arguments::{DropArgument, OuterTextArguments, SourceArguments};
use crate::base::{DiskFileSystem, normalize};
use crate::diagnostic::Diagnostic;
use crate::protocol::build_config::{BuildConfig, ConfigSchema, ConfigValue, Shape};

/// The options, named as on the command line but in camel case.
pub(super) const SCHEMA: &ConfigSchema = &[
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
    ("drop", Shape::Texts),
    ("dropLabels", Shape::Texts),
    ("pure", Shape::Texts),
    ("inject", Shape::Texts),
    ("preserveSymlinks", Shape::Flag),
    ("tsconfig", Shape::Text),
    ("jsx", Shape::Word(&["automatic", "classic", "preserve"])),
    ("jsxImportSource", Shape::Text),
    ("jsxFactory", Shape::Text),
    ("jsxFragment", Shape::Text),
    ("jsxDev", Shape::Flag),
    ("jsxSideEffects", Shape::Flag),
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
    ("dts", Shape::Flag),
    ("cache", Shape::Flag),
    ("cacheDir", Shape::Text),
    ("cacheSize", Shape::TextOrNumber),
    ("remoteCache", Shape::Text),
    ("remoteCacheReadOnly", Shape::Flag),
];

/// Reads the files of `root` and fills in what the arguments leave open. Lists and tables are joined: what is
/// said of one name on the command line wins over what a file says of it.
pub(super) fn fill_in(arguments: &mut BundleArguments, root: &Path) -> Vec<Diagnostic> {
    let config = read(&arguments.sources, root, root);
    let said = Said {
        config: &config,
        root,
    };
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
    if !arguments.no_sourcemap {
        said.source_map_into(&mut arguments.sourcemap);
    }
    said.text_into("entryNames", &mut arguments.entry_names);
    said.text_into("chunkNames", &mut arguments.chunk_names);
    said.text_into("assetNames", &mut arguments.asset_names);
    said.text_into("publicPath", &mut arguments.public_path);
    if arguments.metafile.is_none() && said.flag("metafile") == Some(true) {
        arguments.metafile = Some(String::new());
    }
    said.text_into("metafile", &mut arguments.metafile);
    said.chunks_into(&mut arguments.chunks);
    said.outer_text_into(&mut arguments.outer_text);
    said.sources_into(&mut arguments.sources);
    said.cache_into(&mut arguments.cache);
    config.diagnostics
}

/// The same for `build`, which leaves the options that it does not have to `bundle`. `root` is the module's directory.
pub(super) fn fill_in_build(
    arguments: &mut BuildArguments,
    root: &Path,
    directory: &Path,
) -> Vec<Diagnostic> {
    let config = read(&arguments.sources, root, directory);
    let said = Said {
        config: &config,
        root,
    };
    said.word_into("mode", &mut arguments.mode);
    if !arguments.minify && !arguments.no_minify {
        arguments.minify = said.flag("minify") == Some(true);
        arguments.no_minify = said.flag("minify") == Some(false);
    }
    if !arguments.no_sourcemap {
        said.source_map_into(&mut arguments.sourcemap);
    }
    if !arguments.no_dts {
        arguments.dts |= said.flag("dts") == Some(true);
    }
    said.chunks_into(&mut arguments.chunks);
    said.outer_text_into(&mut arguments.outer_text);
    said.sources_into(&mut arguments.sources);
    said.cache_into(&mut arguments.cache);
    config.diagnostics
}

fn read(sources: &SourceArguments, root: &Path, directory: &Path) -> BuildConfig {
    let file = sources
        .config
        .as_ref()
        .map(|file| normalize(&directory.join(file)));
    BuildConfig::read(&DiskFileSystem, root, file.as_deref(), SCHEMA)
}

/// What the files say, in the types of the arguments.
struct Said<'a> {
    config: &'a BuildConfig,
    /// What paths in files are relative to.
    root: &'a Path,
}

impl Said<'_> {
    fn source_map_into(&self, place: &mut Option<SourceMapArgument>) {
        if place.is_none() && self.flag("sourcemap") == Some(true) {
            *place = Some(SourceMapArgument::Linked);
        }
        self.word_into("sourcemap", place);
    }

    fn chunks_into(&self, chunks: &mut ChunkArguments) {
        self.groups_into(&mut chunks.chunk_groups);
        self.text_into("minChunkSize", &mut chunks.min_chunk_size);
        chunks.chunk_import_map |= self.flag("chunkImportMap") == Some(true);
        if !chunks.preload {
            chunks.no_preload |= self.flag("preload") == Some(false);
        }
    }

    /// A directory on the command line is a choice, too.
    fn cache_into(&self, cache: &mut CacheArguments) {
        if !cache.cache && cache.cache_dir.is_none() {
            cache.no_cache |= self.flag("cache") == Some(false);
        }
        if cache.cache_dir.is_none() {
            cache.cache_dir = self.text("cacheDir").map(|directory| self.root.join(directory));
        }
        self.text_into("cacheSize", &mut cache.cache_size);
        self.text_into("remoteCache", &mut cache.remote_cache);
        cache.remote_cache_read_only |= self.flag("remoteCacheReadOnly") == Some(true);
    }

    fn outer_text_into(&self, outer_text: &mut OuterTextArguments) {
        self.word_into("legalComments", &mut outer_text.legal_comments);
        self.text_into("banner", &mut outer_text.banner);
        self.text_into("footer", &mut outer_text.footer);
    }

    fn sources_into(&self, sources: &mut SourceArguments) {
        if sources.target.is_empty() {
            self.list_into("target", &mut sources.target);
        }
        self.list_into("conditions", &mut sources.conditions);
        if sources.main_fields.is_empty() {
            self.list_into("mainFields", &mut sources.main_fields);
        }
        self.pairs_into("define", &mut sources.defines);
        if sources.tsconfig.is_none() {
            sources.tsconfig = self.text("tsconfig").map(|file| self.root.join(file));
        }
        self.word_into("jsx", &mut sources.jsx);
        self.text_into("jsxImportSource", &mut sources.jsx_import_source);
        self.text_into("jsxFactory", &mut sources.jsx_factory);
        self.text_into("jsxFragment", &mut sources.jsx_fragment);
        sources.jsx_dev |= self.flag("jsxDev") == Some(true);
        sources.jsx_side_effects |= self.flag("jsxSideEffects") == Some(true);
        sources.preserve_symlinks |= self.flag("preserveSymlinks") == Some(true);
        let dropped = self.pairs_or_texts("drop");
        sources.dropped.extend(
            dropped
                .iter()
                .filter_map(|word| DropArgument::from_str(word, false).ok()),
        );
        self.list_into("dropLabels", &mut sources.dropped_labels);
        self.list_into("pure", &mut sources.pure_calls);
        self.list_into("inject", &mut sources.injected);
        self.pairs_into("loader", &mut sources.loaders);
        sources.keep_names |= self.flag("keepNames") == Some(true);
        sources.tree_shaking = sources.tree_shaking.or(self.flag("treeShaking"));
    }

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
        const ONLY_ON_THE_COMMAND_LINE: [&str; 11] = [
            "json",
            "config",
            "threads",
            "profile",
            "watch",
            "poll",
            "help",
            "no-minify",
            "no-sourcemap",
            "no-preload",
            "no-cache",
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
        // `build` alone has it.
        options.push("dts".to_owned());
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
