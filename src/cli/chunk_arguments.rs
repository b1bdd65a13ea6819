//! The words about which code is in which file that `build` and `bundle` share, and what they mean.

use clap::Args;

use super::bundle_invocation::misused;
use super::byte_count::byte_count;
use crate::chunk::{ChunkGroup, ChunkOptions, GroupPattern};
use crate::command::{ChunkNaming, CommandError};
use crate::render::Preloading;

/// Which code is in which file.
#[derive(Debug, Args)]
pub(super) struct ChunkArguments {
    /// Put what PATTERN matches, and what it imports, into a file of its own: `vendor=node_modules/**`, `ui=react`; may
    /// be repeated, the first group that matches counts
    #[arg(hide_short_help = true, long = "chunk-group", value_name = "NAME=PATTERN")]
    pub chunk_groups: Vec<String>,
    /// Join shared files with less code than this, such as `20k`, where nobody notices [default: 0]
    #[arg(hide_short_help = true, long, value_name = "BYTES")]
    pub min_chunk_size: Option<String>,
    /// Let files import each other by names that an import map leads to files: then a change of one changes no other
    #[arg(hide_short_help = true, long)]
    pub chunk_import_map: bool,
    /// Fetch what an `import()` needs all at once, in browsers (the default)
    #[arg(hide_short_help = true, long, overrides_with = "no_preload")]
    pub preload: bool,
    /// Leave it to the browser to find out what an `import()` needs
    #[arg(hide_short_help = true, long, overrides_with = "preload")]
    pub no_preload: bool,
}

/// Whether files announce what their `import()` needs.
pub(super) fn preloading(arguments: &ChunkArguments) -> Preloading {
    if arguments.no_preload {
        Preloading::Off
    } else {
        Preloading::On
    }
}

/// Where it is said which file has the code of which chunk.
pub(super) fn chunk_naming(arguments: &ChunkArguments) -> ChunkNaming {
    if arguments.chunk_import_map {
        ChunkNaming::InImportMap
    } else {
        ChunkNaming::InFiles
    }
}

/// What the arguments ask for.
pub(super) fn chunk_options(arguments: &ChunkArguments) -> Result<ChunkOptions, CommandError> {
    let mut groups: Vec<ChunkGroup> = Vec::new();
    for text in &arguments.chunk_groups {
        let (name, pattern) = group(text)?;
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.patterns.push(pattern),
            None => groups.push(ChunkGroup {
                name: name.to_owned(),
                patterns: vec![pattern],
            }),
        }
    }
    Ok(ChunkOptions {
        groups,
        least_bytes: match &arguments.min_chunk_size {
            Some(text) => byte_count("--min-chunk-size", text, "20k")?,
            None => 0,
        },
    })
}

fn group(text: &str) -> Result<(&str, GroupPattern), CommandError> {
    let fix =
        "Write a name, `=`, and a package, a path or a pattern: `--chunk-group vendor=node_modules/**`.";
    let refused = |problem: &str| misused("--chunk-group", text, problem, fix);
    let Some((name, pattern)) = text.split_once('=') else {
        return Err(refused("it does not say what the group is called"));
    };
    let is_file_name = name.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !name
            .chars()
            .any(|one| one.is_control() || "\\:*?\"<>|[]".contains(one));
    if !is_file_name {
        return Err(refused("its name is no path inside the output directory"));
    }
    let pattern = GroupPattern::parse(pattern).map_err(|problem| refused(&problem))?;
    Ok((name, pattern))
}
