//! `esmx-build analyze`: where the bytes and the time of a bundle go, read from its metafile, from the files it wrote
//! and, when there is one, from the trace of its run.

mod copies;
mod metafile;
mod packages;
mod page;
mod trace;

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::copies::duplicates;
pub use self::copies::{Chain, Copy, Duplicate};
use self::metafile::Metafile;
use self::packages::Packages;
pub use self::trace::{Spent, Times};
use super::CommandError;
use crate::base::{brotli_size, gzip_size, has_extension, relative_posix};
use crate::diagnostic::{Code, Diagnostic, Notice};

/// What `analyze` is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalyzeOptions {
    /// The metafile.
    pub metafile: PathBuf,
    /// Where the user is.
    pub directory: PathBuf,
    /// Where to write the page.
    pub page: Option<PathBuf>,
    /// The trace of the run.
    pub trace: Option<PathBuf>,
}

impl AnalyzeOptions {
    /// A path as the user would write it.
    fn shown(&self, path: &Path) -> String {
        relative_posix(&self.directory, path)
    }
}

/// What `analyze` answers.
#[derive(Debug)]
pub struct AnalyzeReport {
    /// The answer.
    pub analysis: Analysis,
    /// Where the page was written.
    pub written: Option<PathBuf>,
    /// What could not be known.
    pub notices: Vec<Notice>,
}

/// Where the bytes and the time go.
#[derive(Debug, Serialize)]
pub struct Analysis {
    /// The written files, the largest first.
    pub outputs: Vec<Output>,
    /// Packages that are there more than once.
    pub duplicates: Vec<Duplicate>,
    /// If a trace was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
}

/// A written file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    /// As the metafile names it.
    pub path: String,
    /// The source it is the entry of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<String>,
    /// As written.
    pub bytes: u64,
    /// After gzip; nothing when the file is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gzip: Option<u64>,
    /// After Brotli.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brotli: Option<u64>,
    /// Its packages, the largest first.
    pub packages: Vec<Part>,
    /// Its modules, the largest first.
    pub modules: Vec<Part>,
}

/// A package or a module in an output.
#[derive(Debug, Serialize)]
pub struct Part {
    /// A name, or a path.
    pub name: String,
    /// Of a package, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The directory of a package; of a module, that of its package.
    pub package: String,
    /// What it takes.
    pub bytes: u64,
}

/// Reads and counts; writes the page if one is wanted.
///
/// # Errors
/// A file cannot be read or written, or is not what it should be.
pub fn analyze(options: &AnalyzeOptions) -> Result<AnalyzeReport, CommandError> {
    let metafile: Metafile = read(
        options,
        &options.metafile,
        "metafile",
        "Name the file that `bundle --metafile` or esbuild wrote.",
    )?;
    let base = metafile.base(&options.directory, &options.metafile);
    let mut packages = Packages::new(&base);
    let mut missing = Vec::new();
    let mut outputs = Vec::new();
    for (path, file) in &metafile.outputs {
        let has_code = !has_extension(path, &["map"]);
        let bytes = std::fs::read(base.join(path)).ok();
        if bytes.is_none() {
            missing.push(path.as_str());
        }
        let bytes = bytes.filter(|_| has_code);
        let mut output = Output {
            path: path.clone(),
            entry_point: file.entry_point.clone(),
            bytes: file.bytes,
            gzip: bytes.as_deref().and_then(gzip_size),
            brotli: bytes.as_deref().and_then(brotli_size),
            packages: Vec::new(),
            modules: Vec::new(),
        };
        let mut sums: IndexMap<String, Part> = IndexMap::new();
        let kept = file
            .inputs
            .iter()
            .filter(|(_, contribution)| contribution.bytes_in_output > 0);
        for (input, contribution) in kept {
            let package = packages.of(input);
            let part = sums.entry(package.dir.clone()).or_insert_with(|| Part {
                name: package.name.clone(),
                version: package.version.clone(),
                package: package.dir.clone(),
                bytes: 0,
            });
            part.bytes += contribution.bytes_in_output;
            output.modules.push(Part {
                name: input.clone(),
                version: None,
                package: package.dir.clone(),
                bytes: contribution.bytes_in_output,
            });
        }
        output.packages = sums.into_values().collect();
        for parts in [&mut output.packages, &mut output.modules] {
            parts.sort_by(|left, right| {
                right
                    .bytes
                    .cmp(&left.bytes)
                    .then_with(|| left.name.cmp(&right.name))
            });
        }
        outputs.push(output);
    }
    outputs.sort_by(|left, right| {
        right
            .bytes
            .cmp(&left.bytes)
            .then_with(|| left.path.cmp(&right.path))
    });
    let analysis = Analysis {
        outputs,
        duplicates: duplicates(&metafile, &mut packages),
        times: options
            .trace
            .as_deref()
            .map(|path| times(options, path, &base))
            .transpose()?,
    };
    if let Some(path) = &options.page {
        std::fs::write(path, page::draw(&analysis)).map_err(|error| {
            let message = format!("{} cannot be written: {error}.", options.shown(path));
            refusal(
                message,
                "Name a file in a directory that exists and can be written to.",
            )
        })?;
    }
    Ok(AnalyzeReport {
        analysis,
        written: options.page.clone(),
        notices: missing_outputs(&missing),
    })
}

fn missing_outputs(missing: &[&str]) -> Vec<Notice> {
    let Some(first) = missing.first() else {
        return Vec::new();
    };
    let others = match missing.len() {
        1 => String::new(),
        count => format!(", nor are {} others", count - 1),
    };
    vec![Notice {
        message: format!("{first} is not there{others}: sizes after compression are unknown."),
        fix: "Run this in the directory where the bundler ran, after it wrote its files.".to_owned(),
        location: None,
    }]
}

fn times(options: &AnalyzeOptions, path: &Path, base: &Path) -> Result<Times, CommandError> {
    const FIX: &str = "Name the file that `--profile` wrote.";
    let trace: Value = read(options, path, "trace", FIX)?;
    let Some(mut times) = trace::times(&trace) else {
        let message = format!("{} is no list of trace events.", options.shown(path));
        return Err(refusal(message, FIX));
    };
    for module in &mut times.modules {
        if Path::new(&module.name).is_absolute() {
            module.name = relative_posix(base, Path::new(&module.name));
        }
    }
    Ok(times)
}

fn read<T: DeserializeOwned>(
    options: &AnalyzeOptions,
    path: &Path,
    what: &str,
    fix: &str,
) -> Result<T, CommandError> {
    let shown = options.shown(path);
    let bytes = std::fs::read(path)
        .map_err(|error| refusal(format!("The {what} {shown} cannot be read: {error}."), fix))?;
    serde_json::from_slice(&bytes).map_err(|error| refusal(format!("{shown} is no {what}: {error}."), fix))
}

fn refusal(message: String, fix: &str) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(Code::Io, "esmx-build", message, fix)))
}
