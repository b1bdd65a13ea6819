//! What a bundle writes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::metafile::{self, metafile};
use super::settings::asset_delivery;
use super::{BundleOptions, Bundling};
use crate::base::FileSystem;
use crate::chunk::ChunkGraph;
use crate::command::ChunkNaming;
use crate::command::kept::Stored;
use crate::command::kept::bundle::contents;
use crate::command::report::{FileKind, FileReport};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::write::{OutputFile, Written, write_files, write_files_again};
use crate::emit::{BundleFile, BundleRole, asset_files, bundle_files, chunk_import_map, delivered_at};
use crate::render::{DeliveryPlace, RenderedChunk};
use crate::scan::{Asset, AssetNames as _, Copies, SyntaxCache};

/// Everything that is written.
pub(super) struct Outputs<'a> {
    pub files: Vec<BundleFile>,
    /// Where it is, and what it says.
    pub metafile: Option<(&'a Path, String)>,
}

pub(super) fn outputs_of<'a>(
    bundling: &'a Bundling,
    chunks: &ChunkGraph,
    rendered: Vec<RenderedChunk>,
    copies: &Copies,
) -> Outputs<'a> {
    let options = &bundling.options;
    let delivered = delivered_files(options, chunks, &rendered);
    let import_map = (options.chunk_naming == ChunkNaming::InImportMap)
        .then(|| chunk_import_map(&rendered, |file| options.asset_names.url(file)));
    let of_metafile = options.metafile.as_ref().map(|path| (path, rendered.clone()));
    let mut sources = delivered_sources(options, chunks);
    let mut files = bundle_files(chunks, rendered);
    for asset in assets(&bundling.syntaxes, chunks)
        .into_iter()
        .chain(copies.list())
    {
        sources.push((asset.file.clone(), asset.source.clone()));
        files.push(asset_file(asset));
    }
    files.extend(delivered);
    files.extend(import_map);
    let metafile = of_metafile.map(|(path, rendered)| {
        let written = metafile::Written {
            files: &files,
            sources: &sources,
            output_dir: &options.output_dir,
        };
        let text = metafile(chunks, &rendered, &written, &options.root);
        (path.as_path(), text)
    });
    Outputs { files, metafile }
}

/// Writes the outputs, and puts what is written into the cache, if there is one.
pub(super) fn write(
    bundling: &Bundling,
    outputs: &Outputs<'_>,
) -> Result<(Written, Stored), Box<Diagnostic>> {
    let Bundling {
        options,
        label,
        memory,
        cache,
        ..
    } = bundling;
    let files = outputs.files.iter().map(|output| OutputFile {
        path: &output.file.path,
        bytes: &output.file.bytes,
    });
    let files: Vec<OutputFile<'_>> = files.collect();
    let metafile = outputs.metafile.as_ref();
    let write = || match memory {
        Some(memory) => write_files_again(label, &options.output_dir, &files, &memory.written),
        None => write_files(label, &options.output_dir, &files),
    };
    let keep = || {
        let text = metafile.map(|(_, text)| &**text);
        cache.as_ref()?.put_outputs(&contents(&files, text))
    };
    let (written, kept) = rayon::join(write, keep);
    let written = written?;
    if let Some((path, text)) = metafile {
        write_metafile(label, path, text.as_bytes())?;
    }
    Ok((written, kept))
}

/// Writes the outputs, each with its name, and the metafile; says how many outputs have other bytes than before.
pub(in crate::command) fn write_bundle(
    label: &str,
    options: &BundleOptions,
    outputs: &[(&str, &[u8])],
    metafile: Option<&[u8]>,
) -> Result<usize, Box<Diagnostic>> {
    let outputs: Vec<OutputFile<'_>> = outputs
        .iter()
        .map(|(path, bytes)| OutputFile { path, bytes })
        .collect();
    let written = write_files(label, &options.output_dir, &outputs)?;
    if let (Some(path), Some(text)) = (&options.metafile, metafile) {
        write_metafile(label, path, text)?;
    }
    Ok(written.changed)
}

/// Files that code and style sheets name.
fn delivered_files(
    options: &BundleOptions,
    graph: &ChunkGraph,
    rendered: &[RenderedChunk],
) -> Vec<BundleFile> {
    let places = [DeliveryPlace::BesideCode, DeliveryPlace::BehindPrefix];
    let modules = rendered
        .iter()
        .flat_map(|chunk| places.map(|place| delivered_at(chunk, place)))
        .flatten();
    asset_files(graph, &asset_delivery(options), modules)
        .into_iter()
        .map(|file| BundleFile {
            file,
            role: BundleRole::Asset,
        })
        .collect()
}

/// The output files of delivered modules, and what they are made of.
fn delivered_sources(options: &BundleOptions, graph: &ChunkGraph) -> Vec<(String, PathBuf)> {
    let delivery = asset_delivery(options);
    let modules = graph.bound.graph.modules.iter();
    modules
        .filter_map(|module| Some((delivery.file(module)?, module.path.clone())))
        .collect()
}

/// Files that code refers to, without those of code that is left out.
fn assets(syntaxes: &SyntaxCache, graph: &ChunkGraph) -> Vec<Asset> {
    let modules = &graph.bound.graph.modules;
    let is_left_out = |asset: &Asset| {
        let mut of_asset = modules
            .iter_enumerated()
            .filter(|(_, module)| module.path == asset.source)
            .peekable();
        of_asset.peek().is_some() && of_asset.all(|(id, _)| !graph.bound.is_included(id))
    };
    let assets = syntaxes.assets().into_iter().filter(|asset| !is_left_out(asset));
    assets.collect()
}

fn asset_file(asset: Asset) -> BundleFile {
    BundleFile {
        file: asset.into(),
        role: BundleRole::Asset,
    }
}

fn write_metafile(label: &str, path: &Path, text: &[u8]) -> Result<(), Box<Diagnostic>> {
    let directory = path.parent().unwrap_or(path);
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let file = OutputFile {
        path: &name,
        bytes: text,
    };
    write_files(label, directory, &[file]).map(|_| ())
}

/// `--out-dir .` must not replace what is bundled.
pub(super) fn refuse_overwriting_sources(
    graph: &ChunkGraph,
    outputs: &[BundleFile],
    output_dir: &Path,
    files: &dyn FileSystem,
) -> Result<(), Vec<Diagnostic>> {
    let places = outputs.iter().filter_map(|output| {
        let place = files.real_path(&output_dir.join(&output.file.path)).ok()?;
        Some((place, output))
    });
    let places: Vec<(PathBuf, &BundleFile)> = places.collect();
    let wanted: FxHashSet<&OsStr> = places.iter().map(|(place, _)| place.as_os_str()).collect();
    let modules = graph.bound.graph.modules.iter();
    let sources = modules.map(|module| module.path.as_os_str());
    let overwritten: FxHashSet<&OsStr> = sources.filter(|source| wanted.contains(source)).collect();
    let refuse = |(place, output): &(PathBuf, &BundleFile)| {
        overwritten.contains(place.as_os_str()).then(|| {
            Diagnostic::new(
                Code::Io,
                "",
                format!("The output `{}` would replace a source file.", output.file.path),
                "Choose another `--out-dir`, or another name with `--entry-names`.",
            )
            .with_found(output_dir.join(&output.file.path).display().to_string())
        })
    };
    let refusals: Vec<Diagnostic> = places.iter().filter_map(refuse).collect();
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

pub(super) fn file_report(output: &BundleFile) -> FileReport {
    let (kind, entry) = match &output.role {
        BundleRole::Entry { name } => (FileKind::Export, Some(name.clone())),
        BundleRole::Chunk => (FileKind::Chunk, None),
        BundleRole::SourceMap => (FileKind::SourceMap, None),
        BundleRole::Style => (FileKind::Stylesheet, None),
        BundleRole::Legal | BundleRole::Asset => (FileKind::Asset, None),
    };
    FileReport {
        path: output.file.path.clone(),
        bytes: output.file.bytes.len() as u64,
        kind,
        entry,
    }
}
