//! `esmx-build bundle`: entries and what they import, without a declaration; the same stages as `build`.

mod entries;
mod metafile;
mod options;

use std::ffi::OsStr;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use metafile::metafile;
pub use options::{AssetPattern, BundleEntry, BundleOptions, Resolution};
use rustc_hash::FxHashSet;

use super::again::{Blameless, BuildMemory, LaidOut, input_maps, laid_out, rendered};
use super::chunk_groups::idle_groups;
use super::kept::Contents;
use super::kept::bundle::{KeptBundle, contents};
use super::report::{BundleReport, FileKind, FileReport};
use super::style_settings::style_settings;
use super::watch::{Changes, Inputs, Layout, Session, settings_files};
use super::{ChunkNaming, CommandError, Minification, Mode, Progress, Stage, named};
use crate::base::{DiskFileSystem, FileSystem, Observer, Units};
use crate::bind::bind;
use crate::chunk::{ChunkGraph, InterfaceNames, chunk};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::emit::write::{OutputFile, Written, write_files, write_files_again};
use crate::emit::{BundleFile, BundleRole, asset_files, bundle_files, chunk_import_map, delivered_at};
use crate::link::{Builtins, PlainLookup};
use crate::protocol::PackageRecord;
use crate::render::{
    self, AssetDelivery, AssetUrls, ChunkReferences, DeliveryPlace, InputMaps, Lowering, Preloading,
    RenderOptions, RenderedChunk, SourceMapPlace, SpecifierPrefixes, StyleDelivery, StyleLoading,
    deliver_styles,
};
use crate::resolve::{Platform, ResolveSettings, Resolver};
use crate::scan::{
    Asset, AssetNames as _, Copies, Environment, ScanInput, SourceSettings, SyntaxCache, scan,
};

/// Bundles what the options ask for. Errors of the sources are in the report.
///
/// # Errors
/// When there is nothing to bundle.
pub fn bundle(options: &BundleOptions, progress: &dyn Progress) -> Result<BundleReport, CommandError> {
    // The process ends next: giving back what was read, piece by piece, would only delay that.
    let made_anew = |kept| ManuallyDrop::new(Bundling::observed_by(options.clone(), kept));
    let started = Instant::now();
    let Some(kept) = KeptBundle::of(options) else {
        return made_anew(None).run(progress);
    };
    if let Some(mut report) = kept.find(progress) {
        report.duration = started.elapsed();
        return Ok(report);
    }
    let observer = Arc::new(Observer::new(Units::One));
    let (mut report, outputs) = made_anew(Some(Arc::clone(&observer))).make(progress)?;
    if let Some(outputs) = outputs
        && !report.has_errors()
    {
        report.keeping = kept.keep(&report, outputs, observer);
    }
    Ok(report)
}

/// A bundle that can be made again: it remembers what it has read.
pub struct Bundling {
    options: BundleOptions,
    /// Remembers what was asked of the disk, where that is of use.
    observer: Option<Arc<Observer>>,
    label: String,
    resolver: Resolver,
    syntaxes: SyntaxCache,
    /// Where the bundle is made again and again.
    memory: Option<BuildMemory>,
}

impl Bundling {
    /// Has read nothing so far.
    pub fn new(options: BundleOptions) -> Self {
        Self::observed_by(options, None)
    }

    fn observed_by(options: BundleOptions, observer: Option<Arc<Observer>>) -> Self {
        let settings = SourceSettings {
            mode: effective_mode(&options),
            styles: style_settings(options.minification, options.target.as_ref()),
            ..options.sources.clone()
        };
        let mut syntaxes = SyntaxCache::new(settings).with_asset_names(Box::new(options.asset_names.clone()));
        if let Some(observer) = &observer {
            syntaxes = syntaxes.observed_by(Arc::clone(observer));
        }
        Self {
            label: label_of(files_of(observer.as_ref()), &options.root),
            resolver: Resolver::observed_by(&resolve_settings(&options), observer.clone()),
            syntaxes,
            memory: None,
            observer,
            options,
        }
    }

    /// Bundles.
    ///
    /// # Errors
    /// When there is nothing to bundle.
    pub fn run(&self, progress: &dyn Progress) -> Result<BundleReport, CommandError> {
        Ok(self.make(progress)?.0)
    }

    /// Bundles; says also what was written, where that is to be kept.
    fn make(&self, progress: &dyn Progress) -> Result<(BundleReport, Option<Contents>), CommandError> {
        let started = Instant::now();
        let options = &self.options;
        if options.entries.is_empty() && options.findings.is_empty() {
            return Err(CommandError::Unusable(Box::new(nothing_to_bundle(&self.label))));
        }
        progress.plan(std::slice::from_ref(&self.label));
        let mut report = BundleReport {
            name: self.label.clone(),
            output_dir: options.output_dir.clone(),
            ..BundleReport::default()
        };
        let outcome = if has_errors(&options.findings) {
            Err(options.findings.clone())
        } else {
            bundle_entries(self, progress)
        };
        let mut outputs = None;
        match outcome {
            Ok(bundled) => {
                report.outputs = bundled.outputs;
                report.written = bundled.written;
                report.diagnostics = named(bundled.warnings, &self.label);
                outputs = bundled.kept;
            }
            Err(diagnostics) => report.diagnostics = named(diagnostics, &self.label),
        }
        report.duration = started.elapsed();
        Ok((report, outputs))
    }
}

impl Session for Bundling {
    type Report = BundleReport;

    fn build(&mut self, progress: &dyn Progress) -> Result<BundleReport, CommandError> {
        self.memory.get_or_insert_default();
        self.run(progress)
    }

    fn inputs(&self) -> Inputs {
        Inputs {
            sources: self.syntaxes.sources(),
            settings: settings_files(&self.options.root),
            roots: vec![self.options.root.clone()],
            outputs: vec![self.options.output_dir.clone()],
        }
    }

    fn has_read_the_same(&self) -> bool {
        self.memory.as_ref().is_some_and(BuildMemory::has_taken_over)
    }

    fn forget(&mut self, changes: &Changes) {
        let written = changes.sources.iter().map(|path| path.as_os_str());
        let written: FxHashSet<&OsStr> = written.collect();
        let forgotten = self.syntaxes.forget(|path| written.contains(path.as_os_str()));
        if let Some(memory) = &self.memory {
            memory.forget(&forgotten, changes.layout);
        }
        if changes.layout == Layout::Changed {
            self.syntaxes.forget_readers_of_directories();
            self.resolver = Resolver::new(&resolve_settings(&self.options));
        }
    }
}

/// What was made.
struct Bundled {
    outputs: Vec<FileReport>,
    written: usize,
    warnings: Vec<Diagnostic>,
    /// What is to be kept of it.
    kept: Option<Contents>,
}

fn files_of(observer: Option<&Arc<Observer>>) -> &dyn FileSystem {
    match observer {
        Some(observer) => &**observer,
        None => &DiskFileSystem,
    }
}

fn bundle_entries(bundling: &Bundling, progress: &dyn Progress) -> Result<Bundled, Vec<Diagnostic>> {
    let Bundling {
        options,
        label,
        resolver,
        syntaxes,
        memory,
        observer,
    } = bundling;
    let memory = memory.as_ref();
    let files = files_of(observer.as_ref());
    let tell = |stage| progress.stage(label, None, stage);
    let rule = lookup_rule(options, files);
    // Without a mode, what there is to know is known at run time.
    let environment = effective_mode(options).map(|mode| {
        let variables = super::build::process_variables();
        Environment::read(files, &options.root, mode, options.platform, &variables)
    });
    tell(Stage::Scan);
    let copies = Copies::new(Arc::new(options.asset_names.clone()));
    let input = ScanInput {
        files,
        rule: &rule,
        root_dir: &options.root,
        module_name: label,
        platform: options.platform,
        entries: entries::entry_requests(options, resolver),
        resolver,
        environment: environment.as_ref(),
        syntaxes,
        copies: &copies,
        memory: memory.map(|memory| &memory.scan),
    };
    let layout = (&options.chunks, options.target.as_ref());
    let (laid_out, last_maps) = laid_out(memory, &input, layout, |blameless| {
        lay_out(options, &input, &tell, blameless)
    })?;
    let newer: Vec<Diagnostic> = laid_out.newer().cloned().collect();
    if has_errors(&newer) {
        return Err(newer);
    }
    tell(Stage::Render);
    let mut warnings: Vec<Diagnostic> = laid_out.idle.iter().chain(laid_out.findings()).cloned().collect();
    let mut render_options = render_options(options, options.minification.of_code());
    if options.source_maps != SourceMapPlace::Nowhere {
        let (maps, unusable) = input_maps(&laid_out, last_maps.as_ref(), files, label);
        render_options.input_maps = maps;
        warnings.extend(unusable);
    }
    // A metafile says how much of each module there is, and what is delivered may be different each time.
    let may_patch = options.metafile.is_none() && syntaxes.assets().is_empty();
    if let Some(memory) = memory.filter(|_| may_patch) {
        let patched = memory.write_changes(&laid_out, &render_options, last_maps.as_ref(), label);
        if let Some((written, outputs)) = patched.map_err(|diagnostic| vec![*diagnostic])? {
            memory.keep(laid_out, render_options.input_maps);
            return Ok(Bundled {
                outputs,
                written,
                warnings,
                kept: None,
            });
        }
    }
    let rendered = rendered(memory, &laid_out, &render_options, last_maps.as_ref());
    let outputs = outputs_of(bundling, &laid_out.chunks, rendered, &copies);
    // What the outputs replace is no source: it does not decide what they are.
    refuse_overwriting_sources(
        &laid_out.chunks,
        &outputs.files,
        &options.output_dir,
        &DiskFileSystem,
    )?;
    tell(Stage::Write);
    let written = write(bundling, &outputs).map_err(|diagnostic| vec![*diagnostic])?;
    let Outputs {
        files: outputs,
        metafile,
    } = outputs;
    let mut bundled = Bundled {
        outputs: outputs.iter().map(file_report).collect(),
        written: written.changed,
        warnings,
        kept: None,
    };
    let files = outputs
        .into_iter()
        .map(|output| (output.file.path, output.file.bytes));
    if let Some(memory) = memory {
        if laid_out.changed.is_none() {
            syntaxes.keep_only(|path| memory.scan.needs(path));
        }
        memory.keep(laid_out, render_options.input_maps);
        memory.written.keep(&options.output_dir, files);
        memory.tell(bundled.outputs.clone());
    } else if observer.is_some() {
        bundled.kept = Some(contents(files.collect(), metafile.map(|(_, text)| text)));
    }
    Ok(bundled)
}

fn lookup_rule(options: &BundleOptions, files: &dyn FileSystem) -> PlainLookup {
    PlainLookup::new(
        files,
        &options.root,
        &options.output_dir,
        match options.platform {
            Platform::Browser => Builtins::Unavailable,
            Platform::Node => Builtins::Available,
            Platform::Neutral => Builtins::Unknown,
        },
        &options.rules,
    )
}

/// Everything that is written.
struct Outputs<'a> {
    files: Vec<BundleFile>,
    /// Where it is, and what it says.
    metafile: Option<(&'a Path, String)>,
}

fn outputs_of<'a>(
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
    let mut files = bundle_files(chunks, rendered);
    files.extend(assets(&bundling.syntaxes, chunks));
    files.extend(copies.list().into_iter().map(asset_file));
    files.extend(delivered);
    files.extend(import_map);
    let metafile = of_metafile.map(|(path, rendered)| {
        let text = metafile(chunks, &rendered, &files, &options.root, &options.output_dir);
        (path.as_path(), text)
    });
    Outputs { files, metafile }
}

fn write(bundling: &Bundling, outputs: &Outputs<'_>) -> Result<Written, Box<Diagnostic>> {
    let Bundling {
        options,
        label,
        memory,
        ..
    } = bundling;
    let files = outputs.files.iter().map(|output| OutputFile {
        path: &output.file.path,
        bytes: &output.file.bytes,
    });
    let files: Vec<OutputFile<'_>> = files.collect();
    let written = match memory {
        Some(memory) => write_files_again(label, &options.output_dir, &files, &memory.written)?,
        None => write_files(label, &options.output_dir, &files)?,
    };
    if let Some((path, text)) = &outputs.metafile {
        write_metafile(label, path, text.as_bytes())?;
    }
    Ok(written)
}

/// Reads the sources and puts their code into files.
fn lay_out(
    options: &BundleOptions,
    input: &ScanInput<'_>,
    tell: &dyn Fn(Stage),
    blameless: &Blameless,
) -> Result<LaidOut, Vec<Diagnostic>> {
    let mut graph = scan(input)?;
    let idle = idle_groups(&options.chunks, &graph, input.module_name);
    deliver_styles(
        &mut graph,
        &asset_delivery(options),
        options.minification.of_code(),
    );
    tell(Stage::Bind);
    let bound = bind(graph)?;
    tell(Stage::Chunk);
    let interface_names = match options.minification {
        Minification::Minified => InterfaceNames::Short,
        Minification::Readable => InterfaceNames::Readable,
    };
    let chunks = chunk(bound, &options.chunks, interface_names)?;
    Ok(LaidOut::new(
        chunks,
        idle,
        options.target.as_ref(),
        options.platform,
        blameless,
    ))
}

/// Writes the outputs, each with its name, and the metafile; says how many outputs have other bytes than before.
pub(super) fn write_bundle(
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

fn render_options(options: &BundleOptions, minification: render::Minification) -> RenderOptions {
    RenderOptions {
        platform: options.platform,
        minification,
        source_maps: options.source_maps,
        input_maps: InputMaps::default(),
        names: options.names.clone(),
        references: chunk_references(options),
        announced_keys: None,
        outer_text: options.outer_text.clone(),
        assets: asset_delivery(options),
        styles: StyleDelivery::PerEntry,
        preloading: match options.platform {
            Platform::Browser => options.preloading,
            Platform::Node | Platform::Neutral => Preloading::Off,
        },
        style_loading: match options.platform {
            Platform::Browser => StyleLoading::OnDemand,
            Platform::Node | Platform::Neutral => StyleLoading::Nobody,
        },
        lowering: Lowering::of(options.target.as_ref()),
        output_dir: options.output_dir.clone(),
    }
}

/// Names that no package has: `#` starts what is meant inside alone.
fn chunk_references(options: &BundleOptions) -> ChunkReferences {
    match options.chunk_naming {
        ChunkNaming::InFiles => ChunkReferences::Paths,
        ChunkNaming::InImportMap => ChunkReferences::Mapped(SpecifierPrefixes {
            entries: "#entries/".to_owned(),
            chunks: "#chunks/".to_owned(),
        }),
    }
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

fn asset_delivery(options: &BundleOptions) -> AssetDelivery {
    AssetDelivery {
        names: Arc::new(options.asset_names.clone()),
        urls: match options.asset_names.public_path.as_str() {
            "" => AssetUrls::FromCode,
            prefix => AssetUrls::Prefixed(format!("{}/", prefix.trim_end_matches('/'))),
        },
    }
}

/// Files that code refers to, without those of code that is left out.
fn assets(syntaxes: &SyntaxCache, graph: &ChunkGraph) -> Vec<BundleFile> {
    let modules = &graph.bound.graph.modules;
    let is_left_out = |asset: &Asset| {
        let mut of_asset = modules
            .iter_enumerated()
            .filter(|(_, module)| module.path == asset.source)
            .peekable();
        of_asset.peek().is_some() && of_asset.all(|(id, _)| !graph.bound.is_included(id))
    };
    let assets = syntaxes.assets().into_iter().filter(|asset| !is_left_out(asset));
    assets.map(asset_file).collect()
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

fn resolve_settings(options: &BundleOptions) -> ResolveSettings {
    ResolveSettings {
        platform: options.platform,
        mode: effective_mode(options),
        conditions: options.resolution.conditions.clone(),
        main_fields: options.resolution.main_fields.clone(),
        tsconfig: options.sources.tsconfig.clone(),
        links: options.resolution.links,
    }
}

/// Node has a `process.env` of its own, which decides unless the user does. Elsewhere there is none, so
/// something must.
pub(super) fn effective_mode(options: &BundleOptions) -> Option<Mode> {
    match (options.mode, options.platform) {
        (Some(mode), _) => Some(mode),
        (None, Platform::Node) => None,
        (None, Platform::Browser | Platform::Neutral) => Some(Mode::Production),
    }
}

/// What diagnostics and progress call the sources: the package they are in.
fn label_of(files: &dyn FileSystem, root: &Path) -> String {
    let name = PackageRecord::read(files, root)
        .map(|record| record.name)
        .unwrap_or_default();
    if !name.is_empty() {
        return name;
    }
    root.file_name()
        .map_or_else(|| "bundle".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn nothing_to_bundle(label: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        label,
        "There is no entry to bundle.",
        "Name a file: `esmx-build bundle src/main.ts`, or write `entries` into esmx.config.json.",
    )
}

/// `--out-dir .` must not replace what is bundled.
fn refuse_overwriting_sources(
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

fn file_report(output: &BundleFile) -> FileReport {
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
