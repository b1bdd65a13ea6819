//! The arguments of `bundle` → what to do.

use std::fs;
use std::path::{Path, PathBuf};

use super::bundle_arguments::{BundleArguments, PackagesArgument, PlatformArgument, SourceMapArgument};
use super::bundle_config;
use super::chunk_arguments::{chunk_naming, chunk_options, preloading};
use super::invocation::mode;
use super::module_root::unusable;
use super::source_options::{outer_text, resolution, source_settings, target};
use crate::base::normalize;
use crate::command::{AssetPattern, BundleEntry, BundleOptions, CommandError, Minification};
use crate::diagnostic::{Code, Diagnostic};
use crate::link::{InstalledPackages, PlainRules};
use crate::render::{NamePattern, NamePatterns, SourceMapPlace};
use crate::resolve::Platform;

/// The extension of outputs whose pattern has none.
const EXTENSION: &str = "js";

/// What the arguments ask for.
pub(super) fn bundle_options(
    mut arguments: BundleArguments,
    directory: &Path,
) -> Result<BundleOptions, CommandError> {
    // Sources are known by their real paths, and shown relative to this.
    let root = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_path_buf());
    let findings = bundle_config::fill_in(&mut arguments, &root);
    let absolute = |path: PathBuf| normalize(&root.join(path));
    let output_dir = absolute(arguments.out_dir.unwrap_or_else(|| PathBuf::from("dist")));
    Ok(BundleOptions {
        entries: entries(&arguments.entries, &root)?,
        base_dir: arguments.out_base.map(absolute),
        platform: match arguments.platform {
            None | Some(PlatformArgument::Browser) => Platform::Browser,
            Some(PlatformArgument::Node) => Platform::Node,
            Some(PlatformArgument::Neutral) => Platform::Neutral,
        },
        mode: arguments.mode.map(mode),
        target: target(&arguments.sources.target)?,
        rules: PlainRules {
            external: arguments.external,
            packages: match arguments.packages {
                None | Some(PackagesArgument::Bundle) => InstalledPackages::Bundled,
                Some(PackagesArgument::External) => InstalledPackages::External,
            },
            aliases: aliases(&arguments.aliases)?,
            shared: arguments
                .shared_map
                .read(Vec::new(), &root)?
                .specifiers_below(arguments.public_path.as_deref().unwrap_or_default()),
        },
        minification: if arguments.minify {
            Minification::Minified
        } else {
            Minification::Readable
        },
        source_maps: source_map_place(arguments.sourcemap),
        names: NamePatterns {
            entries: pattern(
                "--entry-names",
                arguments.entry_names.as_deref().unwrap_or("[name]"),
            )?,
            chunks: pattern(
                "--chunk-names",
                arguments.chunk_names.as_deref().unwrap_or("[name]-[hash]"),
            )?,
        },
        asset_names: AssetPattern {
            pattern: asset_pattern(arguments.asset_names.as_deref().unwrap_or("[name]-[hash].[ext]"))?,
            public_path: arguments.public_path.unwrap_or_default(),
            base_dir: root.clone(),
        },
        chunks: chunk_options(&arguments.chunks)?,
        chunk_naming: chunk_naming(&arguments.chunks),
        preloading: preloading(&arguments.chunks),
        resolution: resolution(&arguments.sources),
        sources: source_settings(arguments.sources, &root)?,
        outer_text: outer_text(arguments.outer_text),
        metafile: arguments.metafile.map(|file| match file.as_str() {
            "" => output_dir.join("meta.json"),
            file => normalize(&root.join(file)),
        }),
        cache: arguments.cache.settings(&root)?,
        output_dir,
        findings,
        root,
    })
}

/// Where source maps go.
pub(super) fn source_map_place(argument: Option<SourceMapArgument>) -> SourceMapPlace {
    match argument {
        None => SourceMapPlace::Nowhere,
        Some(SourceMapArgument::Linked) => SourceMapPlace::Linked,
        Some(SourceMapArgument::Inline) => SourceMapPlace::Inline,
        Some(SourceMapArgument::External | SourceMapArgument::Hidden) => SourceMapPlace::Unlinked,
    }
}

fn entries(texts: &[String], root: &Path) -> Result<Vec<BundleEntry>, CommandError> {
    texts.iter().map(|text| entry(text, root)).collect()
}

/// `name=path`, where `=` is not part of an existing file's name.
fn entry(text: &str, root: &Path) -> Result<BundleEntry, CommandError> {
    let (name, specifier) = match text.split_once('=') {
        Some((name, specifier)) if !root.join(text).exists() => (Some(name), specifier),
        _ => (None, text),
    };
    let is_file_name = |name: &str| {
        name.split('/').all(|part| !matches!(part, "" | "." | "..")) && !name.contains(['\\', '\0'])
    };
    if specifier.is_empty() {
        let fix = "Write the file or package to start from: `esmx-build bundle main=src/main.ts`.";
        return Err(refused(text, "has nothing after `=`", fix));
    }
    if let Some(name) = name
        && !is_file_name(name)
    {
        let fix = "Write a relative path without `..`: `esmx-build bundle pages/home=src/home.ts`.";
        return Err(refused(
            text,
            "has a name that is no path inside the output directory",
            fix,
        ));
    }
    Ok(BundleEntry {
        name: name.map(str::to_owned),
        specifier: specifier.to_owned(),
    })
}

fn aliases(texts: &[String]) -> Result<Vec<(String, String)>, CommandError> {
    let pair = |text: &String| match text.split_once('=') {
        Some((from, to)) if !from.is_empty() && !to.is_empty() && !from.starts_with(['.', '/']) => {
            Ok((from.to_owned(), to.to_owned()))
        }
        _ => Err(misused(
            "--alias",
            text,
            "it does not say which package is replaced by what",
            "Write the imported package, `=`, and what is bundled in its place: `--alias react=preact/compat`.",
        )),
    };
    texts.iter().map(pair).collect()
}

pub(super) fn misused(option: &str, text: &str, problem: &str, fix: &str) -> CommandError {
    let message = format!("`{option} {text}` cannot be used: {problem}.");
    unusable(Diagnostic::new(Code::Io, option, message, fix))
}

fn refused(entry: &str, problem: &str, fix: &str) -> CommandError {
    let message = format!("The entry `{entry}` {problem}.");
    unusable(Diagnostic::new(Code::Io, entry, message, fix))
}

fn pattern(option: &str, text: &str) -> Result<NamePattern, CommandError> {
    NamePattern::parse(text, Some(EXTENSION)).map_err(|problem| {
        let fix = format!("Write a file name with placeholders: `{option} \"[name]-[hash]\"`.");
        misused(option, text, &problem, &fix)
    })
}

fn asset_pattern(text: &str) -> Result<NamePattern, CommandError> {
    let text = if text.contains("[ext]") {
        text.to_owned()
    } else {
        format!("{text}.[ext]")
    };
    NamePattern::parse(&text, None).map_err(|problem| {
        let fix = "Write a file name with placeholders: `--asset-names \"assets/[name]-[hash]\"`.";
        misused("--asset-names", &text, &problem, fix)
    })
}
