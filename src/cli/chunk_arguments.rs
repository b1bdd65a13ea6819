//! The words about which code is in which file that `build` and `bundle` share, and what they mean.

use clap::Args;

use super::bundle_invocation::misused;
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
            Some(text) => bytes(text)?,
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

/// `500`, `20k`, `1.5MB`: thousands, as sizes of downloads are told.
fn bytes(text: &str) -> Result<usize, CommandError> {
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.strip_suffix('b').unwrap_or(&lower);
    let (number, factor) = match (number.strip_suffix('k'), number.strip_suffix('m')) {
        (Some(number), _) => (number, 1_000.0),
        (_, Some(number)) => (number, 1_000_000.0),
        _ => (number, 1.0),
    };
    let number = number.trim_end();
    let is_number = !number.is_empty() && number.chars().all(|one| one.is_ascii_digit() || one == '.');
    let size = number.parse::<f64>().ok().filter(|_| is_number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of digits is not negative, and conversion saturates"
    )]
    let size = size.map(|size| (size * factor) as usize);
    size.ok_or_else(|| {
        let fix =
            "Write a number of bytes, `k` or `m` after it for thousands or millions: `--min-chunk-size 20k`.";
        misused("--min-chunk-size", text, "it is no size", fix)
    })
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_numbers_with_units() {
        for (text, size) in [
            ("0", 0),
            ("500", 500),
            ("20k", 20_000),
            ("1.5MB", 1_500_000),
            ("3 kb", 3_000),
        ] {
            assert_eq!(bytes(text).ok(), Some(size), "{text}");
        }
        for text in ["", "k", "-1", "1e3", "ten", "1g"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
