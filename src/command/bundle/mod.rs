//! `esmx-build bundle`: entries and what they import, without a declaration; the same stages as `build`.

mod entries;
mod metafile;
mod options;
mod outputs;
mod settings;

use std::ffi::OsStr;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;

pub use self::options::{AssetPattern, BundleEntry, BundleOptions, Resolution};
pub(super) use self::outputs::write_bundle;
use self::outputs::{file_report, outputs_of, refuse_overwriting_sources, write};
pub(super) use self::settings::effective_mode;
use self::settings::{asset_delivery, lookup_rule, render_options, resolve_settings};
use super::again::{BuildMemory, KeptLayout, LaidOut, input_maps, laid_out, rendered};
use super::kept::bundle::{KeptBundle, LookedAt};
use super::kept::unless_sources_change;
use super::lay_out::{FileLayout, lay_out};
use super::report::{BundleReport, FileReport};
use super::style_settings::style_settings;
use super::watch::{Changes, Inputs, Layout, Session, settings_files};
use super::{CommandError, Minification, Progress, Stage, named};
use crate::base::{DiskFileSystem, FileSystem, Observer, Pieces};
use crate::cache::{Cache, Output};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::protocol::PackageRecord;
use crate::render::{InputMaps, SourceMapPlace};
use crate::resolve::Resolver;
use crate::scan::{
    Copies, Environment, IssuerPackages, KeptFiles, KeptTargets, ScanInput, SourceSettings, SyntaxCache,
};

/// Bundles what the options ask for. Errors of the sources are in the report.
///
/// # Errors
/// When there is nothing to bundle.
pub fn bundle(options: &BundleOptions, progress: &dyn Progress) -> Result<BundleReport, CommandError> {
    let started = Instant::now();
    let Some(kept) = KeptBundle::of(options) else {
        return without_end(Bundling::new(options.clone())).run(progress);
    };
    let learnt = match kept.find(progress) {
        Ok(mut report) => {
            report.duration = started.elapsed();
            return Ok(report);
        }
        Err(learnt) => learnt,
    };
    let looked_at = kept.look(learnt);
    let LookedAt {
        observer,
        targets,
        layout,
    } = &looked_at;
    let files = kept.learnt.files();
    let bundling = Bundling::observed_by(options.clone(), Some(Arc::clone(observer)), Some(files));
    let mut bundling = without_end(bundling);
    if options.minification == Minification::Minified {
        bundling.pieces = Some(Arc::clone(&kept.pieces) as _);
    }
    bundling.cache = Some(kept.cache.clone());
    bundling.targets = Some(Arc::clone(targets));
    bundling.layout.clone_from(layout);
    let anew = || Ok((without_end(Bundling::new(options.clone())).run(progress)?, None));
    let (mut report, made) = unless_sources_change(|| bundling.make(progress), anew)?;
    if let Some((outputs, laid_out)) = made
        && !report.has_errors()
    {
        report.keeping = kept.keep(&report, outputs, looked_at, laid_out);
    }
    Ok(report)
}

/// What the cache has of a bundle that is to be kept, and how its files were laid out.
type ToKeep = Option<(Vec<Output>, LaidOut)>;

/// The process ends next: giving back what was read, piece by piece, would only delay that.
fn without_end(bundling: Bundling) -> ManuallyDrop<Bundling> {
    ManuallyDrop::new(bundling)
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
    /// What earlier bundles with the same options have made, where that is kept.
    pieces: Option<Arc<dyn Pieces>>,
    /// Where the bundle is kept, if it is.
    cache: Option<Cache>,
    /// Where requests led in the last one of them, and lead.
    targets: Option<Arc<KeptTargets>>,
    /// The files of the last one.
    layout: Option<Arc<KeptLayout>>,
}

impl Bundling {
    /// Has read nothing so far.
    pub fn new(options: BundleOptions) -> Self {
        Self::observed_by(options, None, None)
    }

    fn observed_by(options: BundleOptions, observer: Option<Arc<Observer>>, kept: Option<KeptFiles>) -> Self {
        let settings = SourceSettings {
            mode: effective_mode(&options),
            styles: style_settings(
                options.minification,
                options.outer_text.legal_comments,
                options.target.as_ref(),
                &options.root,
            ),
            ..options.sources.clone()
        };
        let mut syntaxes = SyntaxCache::new(settings).with_asset_names(Box::new(options.asset_names.clone()));
        if let Some(observer) = &observer {
            syntaxes = syntaxes.observed_by(Arc::clone(observer));
        }
        if let Some(kept) = kept {
            syntaxes = syntaxes.keeping(kept);
        }
        Self {
            label: label_of(files_of(observer.as_ref()), &options.root),
            resolver: Resolver::observed_by(&resolve_settings(&options), observer.clone()),
            syntaxes,
            memory: None,
            pieces: None,
            cache: None,
            targets: None,
            layout: None,
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

    /// Bundles; says also what was put into the cache, where it is to be kept.
    fn make(&self, progress: &dyn Progress) -> Result<(BundleReport, ToKeep), CommandError> {
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
    kept: ToKeep,
}

fn files_of(observer: Option<&Arc<Observer>>) -> &dyn FileSystem {
    match observer {
        Some(observer) => &**observer,
        None => &DiskFileSystem,
    }
}

/// What `import.meta.env` has. Without a mode, what there is to know is known at run time.
fn environment_of(options: &BundleOptions, files: &dyn FileSystem) -> Option<Environment> {
    let variables = super::build::process_variables();
    let mode = effective_mode(options)?;
    Some(Environment::read(
        files,
        &options.root,
        mode,
        options.platform,
        &variables,
    ))
}

/// Which code is in which file, and what the last bundle knew of the source maps of sources.
fn laid_out_entries(
    bundling: &Bundling,
    copies: &Copies,
    tell: &dyn Fn(Stage),
) -> Result<(LaidOut, Option<InputMaps>), Vec<Diagnostic>> {
    let options = &bundling.options;
    let memory = bundling.memory.as_ref();
    let files = files_of(bundling.observer.as_ref());
    let rule = lookup_rule(options, files);
    let environment = environment_of(options, files);
    tell(Stage::Scan);
    let input = ScanInput {
        files,
        rule: &rule,
        root_dir: &options.root,
        module_name: &bundling.label,
        platform: options.platform,
        entries: entries::entry_requests(options, &bundling.resolver),
        resolver: &bundling.resolver,
        environment: environment.as_ref(),
        syntaxes: &bundling.syntaxes,
        copies,
        issuers: IssuerPackages::default(),
        memory: memory.map(|memory| &memory.scan),
        kept_targets: bundling.targets.as_deref(),
    };
    let layout = FileLayout {
        chunks: &options.chunks,
        assets: &asset_delivery(options),
        minification: options.minification,
        target: options.target.as_ref(),
        source_maps: options.source_maps,
    };
    laid_out(memory, &input, (layout.chunks, layout.target), |blameless| {
        lay_out(&layout, &input, tell, blameless, bundling.layout.as_deref())
    })
}

fn bundle_entries(bundling: &Bundling, progress: &dyn Progress) -> Result<Bundled, Vec<Diagnostic>> {
    let Bundling {
        options,
        label,
        syntaxes,
        memory,
        observer,
        pieces,
        cache: _,
        resolver: _,
        targets: _,
        layout: _,
    } = bundling;
    let memory = memory.as_ref();
    let files = files_of(observer.as_ref());
    let tell = |stage| progress.stage(label, None, stage);
    let copies = Copies::new(Arc::new(options.asset_names.clone()));
    let (laid_out, last_maps) = laid_out_entries(bundling, &copies, &tell)?;
    let newer: Vec<Diagnostic> = laid_out.newer().cloned().collect();
    if has_errors(&newer) {
        return Err(newer);
    }
    tell(Stage::Render);
    let mut warnings: Vec<Diagnostic> = laid_out.idle.iter().chain(laid_out.findings()).cloned().collect();
    let mut render_options = render_options(options, options.minification.of_code());
    render_options.pieces.clone_from(pieces);
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
    let (written, kept) = write(bundling, &outputs).map_err(|diagnostic| vec![*diagnostic])?;
    let outputs = outputs.files;
    let mut bundled = Bundled {
        outputs: outputs.iter().map(file_report).collect(),
        written: written.changed,
        warnings,
        kept: None,
    };
    if let Some(memory) = memory {
        if laid_out.changed.is_none() {
            syntaxes.keep_only(|path| memory.scan.needs(path));
        }
        memory.keep(laid_out, render_options.input_maps);
        let files = outputs
            .into_iter()
            .map(|output| (output.file.path, output.file.bytes));
        memory.written.keep(&options.output_dir, files);
        memory.tell(bundled.outputs.clone());
    } else {
        bundled.kept = kept.map(|kept| (kept, laid_out));
    }
    Ok(bundled)
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
