//! `esmx-build build`: a declared module, or a module and everything it uses, from sources to `dist`.

mod application;
mod entries;
mod findings;
mod manifest;
mod memories;
mod output;
mod types;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rustc_hash::FxHashSet;

use self::application::{ApplicationInput, application_files};
use self::entries::entry_requests;
pub(super) use self::findings::unusable;
use self::findings::{contested_names, not_declared, unreadable_package, unusable_name};
use self::manifest::manifest_facts;
use self::memories::Memories;
use self::output::{application_report, types_report, write};
use self::types::{ModuleTypes, module_types};
use self::workspace::build_in_order;
use super::again::{Blameless, LaidOut, input_maps, laid_out, rendered};
use super::chunk_groups::idle_groups;
use super::host::after_build;
use super::kept::Contents;
use super::kept::module::{KeptModule, Told};
use super::module_assets::module_assets;
use super::report::{BuildReport, ModuleReport, SideReport};
use super::style_settings::style_settings;
use super::watch::{Changes, Inputs, Layout, Session, settings_files};
use super::{
    BuildOptions, BuildScope, ChunkNaming, CommandError, DeclarationFiles, Minification, Mode, Progress,
    Stage, named, root_facts,
};
use crate::base::{DiskFileSystem, FileSystem, Observer, Units};
use crate::bind::bind;
use crate::cache::{Cache, Keeping};
use crate::chunk::{InterfaceNames, chunk, chunk_keys};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::emit::{EmittedFile, EmittedSide, emit_side};
use crate::link::{BehaviourFacts, BuildUnit, Linkage, Origin, Owners, closure_in_build_order, link};
use crate::protocol::{PackageRecord, Side};
use crate::render::{
    AssetDelivery, ChunkReferences, InputMaps, Lowering, NamePattern, NamePatterns, Preloading,
    RenderOptions, SourceMapPlace, SpecifierPrefixes, StyleDelivery, StyleLoading, Target, deliver_styles,
};
use crate::resolve::{ResolveSettings, Resolver};
use crate::scan::{Copies, Environment, ScanInput, SourceSettings, SyntaxCache, scan};

/// Builds what the options ask for. Errors of the project are in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, CommandError> {
    // The process ends next: giving back what was read, piece by piece, would only delay that.
    let cache = Cache::open(&options.cache, &options.root);
    let mut workshop = ManuallyDrop::new(Workshop::keeping(options.clone(), cache));
    let mut report = workshop.run(progress)?;
    after_build(&mut report, options, progress);
    Ok(report)
}

impl Session for Workshop {
    type Report = BuildReport;

    fn build(&mut self, progress: &dyn Progress) -> Result<BuildReport, CommandError> {
        self.memories.get_or_insert_default();
        let mut report = self.run(progress)?;
        // What is the same as before was seen before; if `postBuild` has changed a source, this is where that ends.
        self.is_finished &= report.modules.iter().all(|module| module.written == 0);
        if !self.is_finished {
            after_build(&mut report, &self.options, progress);
            self.is_finished = !report.all_diagnostics().into_iter().any(Diagnostic::is_error);
        }
        Ok(report)
    }

    fn inputs(&self) -> Inputs {
        let (built, used): (Vec<_>, Vec<_>) = self.units.iter().partition(|unit| self.builds(unit));
        let mut roots: Vec<PathBuf> = built.iter().map(|unit| unit.dir.clone()).collect();
        if roots.is_empty() {
            roots.push(self.options.root.clone());
        }
        let mut settings = settings_files(&self.options.root);
        for unit in used {
            settings.insert(unit.dir.join("package.json"));
            let manifest = |side: Side| unit.dir.join("dist").join(side.as_str()).join("manifest.json");
            settings.extend(Side::BOTH.map(manifest));
        }
        let mut sources = self.syntaxes.sources();
        sources.extend(self.known_type_sources().iter().cloned());
        Inputs {
            sources,
            settings,
            outputs: roots.iter().map(|root| root.join("dist")).collect(),
            roots,
        }
    }

    fn forget(&mut self, changes: &Changes) {
        let written = changes.sources.iter().map(|path| path.as_os_str());
        let written: FxHashSet<&OsStr> = written.collect();
        let forgotten = self.syntaxes.forget(|path| written.contains(path.as_os_str()));
        if let Some(memories) = &self.memories {
            memories.forget(&forgotten, changes.layout);
        }
        if changes.layout == Layout::Changed {
            self.syntaxes.forget_readers_of_directories();
            self.resolvers = resolvers(&self.options, None);
        }
    }
}

/// The root's own linking speaks for the whole closure; what a dependency would be warned of when it is
/// built alone repeats it from another point of view.
fn keep_warnings_of_root(report: &mut BuildReport, options: &BuildOptions) {
    for module in report
        .modules
        .iter_mut()
        .filter(|module| module.directory != options.root)
    {
        module.diagnostics.retain(Diagnostic::is_error);
    }
}

/// What all modules of one invocation share: files parsed once serve both sides and every module, and the next build
/// when they are watched.
pub struct Workshop {
    options: BuildOptions,
    files: DiskFileSystem,
    facts: BehaviourFacts,
    syntaxes: SyntaxCache,
    process_variables: BTreeMap<String, String>,
    resolvers: [Resolver; 2],
    /// What declarations were made of; much of it is in no output.
    type_sources: Mutex<BTreeSet<PathBuf>>,
    /// Every module of the last build.
    units: Vec<BuildUnit>,
    /// Where modules are built again and again.
    memories: Option<Memories>,
    /// Whether the behaviour file has done what it does after a build with what was written last.
    is_finished: bool,
    /// What earlier processes have built.
    cache: Option<Cache>,
    /// What was asked of the disk to find the tsconfig of each file, whichever module has it.
    config_observer: Arc<Observer>,
}

/// What one module is built with.
struct Tools<'a> {
    workshop: &'a Workshop,
    files: &'a dyn FileSystem,
    /// Client first.
    resolvers: &'a [Resolver; 2],
}

impl Tools<'_> {
    fn resolver(&self, side: Side) -> &Resolver {
        match side {
            Side::Client => &self.resolvers[0],
            Side::Server => &self.resolvers[1],
        }
    }
}

impl Workshop {
    /// Has read nothing but what the behaviour file of the root says.
    pub fn new(options: BuildOptions) -> Self {
        Self::keeping(options, None)
    }

    /// The same; finished modules are kept, and found again.
    fn keeping(options: BuildOptions, cache: Option<Cache>) -> Self {
        let config_observer = Arc::new(Observer::new(Units::One));
        let mut syntaxes = SyntaxCache::new(source_settings(&options));
        if cache.is_some() {
            syntaxes = syntaxes.observed_by(Arc::clone(&config_observer));
        }
        Self {
            cache,
            config_observer,
            files: DiskFileSystem,
            facts: root_facts(&DiskFileSystem, &options.root, &options.links),
            syntaxes,
            process_variables: process_variables(),
            resolvers: resolvers(&options, None),
            type_sources: Mutex::default(),
            units: Vec::new(),
            memories: None,
            is_finished: false,
            options,
        }
    }

    /// Builds.
    ///
    /// # Errors
    /// When the directory is no module at all.
    pub fn run(&mut self, progress: &dyn Progress) -> Result<BuildReport, CommandError> {
        let started = Instant::now();
        let order = closure_in_build_order(&self.files, &self.options.root, &self.facts)
            .map_err(|error| unusable(&self.options.root, &error))?;
        let root = order.modules.last().map(|root| &root.record);
        let label = root.map(PackageRecord::label).unwrap_or_default();
        let notices = root.map(|root| self.facts.notices_about(root));
        let mut report = BuildReport {
            notices: notices.unwrap_or_default(),
            diagnostics: named(self.options.findings.clone(), &label),
            ..BuildReport::default()
        };
        let scope = self.options.scope;
        self.units = order.modules;
        if scope == BuildScope::Closure {
            report.diagnostics.extend(order.diagnostics);
        }
        if !has_errors(&report.diagnostics) {
            let built = self.units.iter().filter(|unit| self.builds(unit));
            progress.plan(&built.map(|unit| unit.record.name.clone()).collect::<Vec<_>>());
            report.modules = build_in_order(&self.units, |unit| {
                self.builds(unit)
                    .then(|| self.find_or_build(&unit.record, &unit.dir, progress))
            });
            keep_warnings_of_root(&mut report, &self.options);
        }
        if let Some(memories) = &self.memories {
            memories.keep_only(
                &self
                    .units
                    .iter()
                    .map(|unit| unit.dir.as_path())
                    .collect::<Vec<_>>(),
            );
        }
        if let Some(cache) = &self.cache {
            let modules = report.modules.iter_mut();
            let keepings = modules.map(|module| std::mem::take(&mut module.keeping));
            report.keeping = cache.make_room(keepings.collect());
        }
        report.duration = started.elapsed();
        Ok(report)
    }

    /// The root is built whatever it is; with `-r` also what it uses, unless it is a finished artifact.
    fn builds(&self, unit: &BuildUnit) -> bool {
        match self.options.scope {
            BuildScope::Root => unit.dir == self.options.root,
            BuildScope::Closure => unit.origin == Origin::Workspace,
        }
    }

    fn known_type_sources(&self) -> std::sync::MutexGuard<'_, BTreeSet<PathBuf>> {
        self.type_sources
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// One module, as an earlier process has built it, if everything is as it was.
    fn find_or_build(&self, record: &PackageRecord, dir: &Path, progress: &dyn Progress) -> ModuleReport {
        let started = Instant::now();
        let Some(cache) = &self.cache else {
            let tools = Tools {
                workshop: self,
                files: &self.files,
                resolvers: &self.resolvers,
            };
            return build_module(&tools, record, dir, progress).0;
        };
        let told = Told {
            options: &self.options,
            links: self.links_for(dir),
            variables: &self.process_variables,
        };
        let kept = KeptModule::new(cache, &record.name, dir, &told);
        if let Some(report) = kept.find() {
            progress.stage(&report.name, None, Stage::Write);
            let duration = started.elapsed();
            return ModuleReport { duration, ..report };
        }
        let observer = Arc::new(Observer::new(Units::Several));
        let tools = Tools {
            workshop: self,
            files: &*observer,
            resolvers: &resolvers(&self.options, Some(&observer)),
        };
        let (mut report, outputs) = build_module(&tools, record, dir, progress);
        if let Some(outputs) = outputs
            && !has_errors(&report.diagnostics)
        {
            observer.include(&self.config_observer);
            report.keeping = kept.keep(&report, outputs, Arc::clone(&observer));
        }
        report
    }

    /// Which modules are taken from elsewhere because somebody else than the module says so.
    fn links_for(&self, dir: &Path) -> Vec<(&str, &Path)> {
        if dir == self.options.root {
            let links = self.options.links.iter();
            links
                .map(|(name, path)| (name.as_str(), path.as_path()))
                .collect()
        } else {
            let links = self.facts.links.iter();
            links
                .map(|(name, path)| (name.as_str(), Path::new(path)))
                .collect()
        }
    }

    /// What is known of the root is read again where somebody wants to know what that asks of the disk.
    fn facts_of(&self, files: &dyn FileSystem, record: &PackageRecord, dir: &Path) -> BehaviourFacts {
        if dir != self.options.root {
            BehaviourFacts::of_dependency(files, record, &self.facts)
        } else if self.cache.is_some() {
            root_facts(files, dir, &self.options.links)
        } else {
            self.facts.clone()
        }
    }
}

/// One module: link once, then both sides, then write. Says also what was written, where that is to be kept.
fn build_module(
    tools: &Tools<'_>,
    record: &PackageRecord,
    dir: &Path,
    progress: &dyn Progress,
) -> (ModuleReport, Option<Contents>) {
    let started = Instant::now();
    let mut kept = None;
    let mut report = ModuleReport {
        name: record.label(),
        directory: dir.to_path_buf(),
        dist: dir.join("dist"),
        sides: Vec::new(),
        application: Vec::new(),
        written: 0,
        diagnostics: Vec::new(),
        duration: started.elapsed(),
        keeping: Keeping::default(),
    };
    match build_linked(tools, record, dir, &mut report, progress) {
        Ok((sides, outputs)) => (report.sides, kept) = (sides, outputs),
        Err(diagnostics) => report.diagnostics.extend(diagnostics),
    }
    report.duration = started.elapsed();
    (report, kept)
}

fn build_linked(
    tools: &Tools<'_>,
    record: &PackageRecord,
    dir: &Path,
    report: &mut ModuleReport,
    progress: &dyn Progress,
) -> Result<(Vec<SideReport>, Option<Contents>), Vec<Diagnostic>> {
    let workshop = tools.workshop;
    let name = report.name.clone();
    progress.stage(&name, None, Stage::Link);
    let linkage = link(
        tools.files,
        dir,
        &workshop.facts_of(tools.files, record, dir),
        Owners::Elected,
    )
    .map_err(|error| vec![unreadable_package(dir, &error)])?
    .sharing(workshop.options.shared.specifiers_of_module(&record.name));
    if linkage.root().declaration.is_none() && linkage.legacy().is_none() {
        return Err(vec![not_declared(linkage.root())]);
    }
    report.diagnostics.extend(linkage.diagnostics.iter().cloned());
    report.diagnostics.extend(unusable_name(linkage.root()));
    report.diagnostics.extend(contested_names(linkage.root()));
    if has_errors(&report.diagnostics) {
        return Err(Vec::new());
    }
    let (client, server) = rayon::join(
        || build_side(tools, &linkage, Side::Client, progress),
        || build_side(tools, &linkage, Side::Server, progress),
    );
    let (client, server) = match (client, server) {
        (Ok(mut client), Ok(server)) => {
            client.emitted.add_served(&server.emitted.served_by_client);
            let idle = client.idle.into_iter();
            let idle = idle.filter(|finding| server.idle.contains(finding));
            report.diagnostics.extend(idle);
            report.diagnostics.extend(client.of_code);
            let of_server = server.of_code.into_iter();
            let told = report.diagnostics.clone();
            report
                .diagnostics
                .extend(of_server.filter(|finding| !told.contains(finding)));
            (client.emitted, server.emitted)
        }
        (client, server) => {
            return Err([client.err(), server.err()]
                .into_iter()
                .flatten()
                .flatten()
                .collect());
        }
    };
    let application = build_application(tools, &linkage)?;
    let types = build_types(tools, &linkage)?;
    report.diagnostics.extend(types.diagnostics.iter().cloned());
    progress.stage(&name, None, Stage::Write);
    let sides = [client, server];
    let (sides, written, kept) =
        write(tools.files, &linkage, &sides, &application, &types).map_err(|diagnostic| vec![*diagnostic])?;
    report.written = written.changed + written.removed;
    report.application = application.iter().map(application_report).collect();
    report.application.extend(types.files.iter().map(types_report));
    Ok((sides, kept))
}

/// What starts the module in Node; a library has nothing to start.
fn build_application(tools: &Tools<'_>, linkage: &Linkage) -> Result<Vec<EmittedFile>, Vec<Diagnostic>> {
    if !linkage.is_application() {
        return Ok(Vec::new());
    }
    let module_name = &linkage.root().name;
    application_files(&ApplicationInput {
        files: tools.files,
        dir: linkage.root_real_dir(),
        module_name,
        resolver: tools.resolver(Side::Server),
        syntaxes: &tools.workshop.syntaxes,
    })
    .map_err(|diagnostics| named(diagnostics, module_name))
}

/// The declarations of what the module exports, if they are asked for.
fn build_types(tools: &Tools<'_>, linkage: &Linkage) -> Result<ModuleTypes, Vec<Diagnostic>> {
    let workshop = tools.workshop;
    if workshop.options.declarations == DeclarationFiles::Omitted {
        return Ok(ModuleTypes::default());
    }
    let module_name = &linkage.root().name;
    let (outcome, sources) = module_types(tools.files, linkage, tools.resolver(Side::Server));
    workshop.known_type_sources().extend(sources);
    let mut types = outcome.map_err(|diagnostics| named(diagnostics, module_name))?;
    types.diagnostics = named(types.diagnostics, module_name);
    Ok(types)
}

/// What building one side gives.
struct BuiltSide {
    emitted: EmittedSide,
    /// Told when the other side says it, too.
    idle: Vec<Diagnostic>,
    /// Told by each side: what code says and its target does not know, and what it hardly means.
    of_code: Vec<Diagnostic>,
}

/// One side, from entry points to files in memory.
fn build_side(
    tools: &Tools<'_>,
    linkage: &Linkage,
    side: Side,
    progress: &dyn Progress,
) -> Result<BuiltSide, Vec<Diagnostic>> {
    let workshop = tools.workshop;
    let options = &workshop.options;
    let target = options.target.as_ref().map(|target| target.on_side(side));
    let module_name = &linkage.root().name;
    let tell = |stage| progress.stage(module_name, Some(side), stage);

    tell(Stage::Scan);
    let environment = Environment::read(
        tools.files,
        linkage.root_real_dir(),
        options.mode,
        side.into(),
        &workshop.process_variables,
    );
    let assets = module_assets(module_name, linkage.root_real_dir(), side, options.mode);
    let copies = Copies::new(Arc::clone(&assets.names));
    let memory = workshop
        .memories
        .as_ref()
        .map(|memories| memories.of(linkage, side));
    let memory = memory.as_deref();
    let input = ScanInput {
        files: tools.files,
        rule: linkage,
        root_dir: linkage.root_real_dir(),
        module_name,
        platform: side.into(),
        entries: entry_requests(linkage, side),
        resolver: tools.resolver(side),
        environment: Some(&environment),
        syntaxes: &workshop.syntaxes,
        copies: &copies,
        memory: memory.map(|memory| &memory.scan),
    };
    let layout = (&options.chunks, target.as_ref());
    let (laid_out, last_maps) = laid_out(memory, &input, layout, |blameless| {
        lay_out(options, &input, &assets, target.as_ref(), &tell, blameless)
    })?;
    let newer: Vec<Diagnostic> = laid_out.newer().cloned().collect();
    if has_errors(&newer) {
        return Err(named(newer, module_name));
    }
    let of_code = named(laid_out.findings().cloned().collect(), module_name);
    let chunks = &laid_out.chunks;
    let keys = chunk_keys(chunks, module_name);
    tell(Stage::Render);
    let render_options = RenderOptions {
        platform: side.into(),
        minification: options.minification.of_code(),
        source_maps: options.source_maps,
        // What is wrong with one is told by `bundle`; a build stays silent about what it does not need.
        input_maps: match options.source_maps {
            SourceMapPlace::Nowhere => InputMaps::default(),
            _ => input_maps(&laid_out, last_maps.as_ref(), tools.files, module_name).0,
        },
        names: file_names(options.mode),
        references: chunk_references(options, module_name),
        announced_keys: (side == Side::Server).then(|| keys.clone()),
        outer_text: options.outer_text.clone(),
        assets: assets.clone(),
        styles: match side {
            Side::Client => StyleDelivery::PerChunk,
            Side::Server => StyleDelivery::Omitted,
        },
        preloading: match side {
            Side::Client => options.preloading,
            Side::Server => Preloading::Off,
        },
        style_loading: match side {
            Side::Client => StyleLoading::EntriesToo,
            Side::Server => StyleLoading::Nobody,
        },
        lowering: Lowering::of(target.as_ref()),
        output_dir: linkage.root_real_dir().join("dist").join(side.as_str()),
    };
    let rendered = rendered(memory, &laid_out, &render_options, last_maps.as_ref());
    let facts = manifest_facts(linkage, side, options.mode);
    let emitted = emit_side(chunks, rendered, &keys, side, &assets, &copies, facts);
    let idle = laid_out.idle.clone();
    if let Some(memory) = memory {
        memory.keep(laid_out, render_options.input_maps);
    }
    Ok(BuiltSide {
        emitted,
        idle,
        of_code,
    })
}

/// Reads the sources of a side and puts their code into files.
fn lay_out(
    options: &BuildOptions,
    input: &ScanInput<'_>,
    assets: &AssetDelivery,
    target: Option<&Target>,
    tell: &dyn Fn(Stage),
    blameless: &Blameless,
) -> Result<LaidOut, Vec<Diagnostic>> {
    let mut graph = scan(input)?;
    let idle = idle_groups(&options.chunks, &graph, input.module_name);
    deliver_styles(&mut graph, assets, options.minification.of_code());
    tell(Stage::Bind);
    let bound = bind(graph).map_err(|diagnostics| named(diagnostics, input.module_name))?;
    tell(Stage::Chunk);
    let interface_names = match options.minification {
        Minification::Minified => InterfaceNames::Short,
        Minification::Readable => InterfaceNames::Readable,
    };
    let chunks = chunk(bound, &options.chunks, interface_names)?;
    Ok(LaidOut::new(chunks, idle, target, input.platform, blameless))
}

fn resolvers(options: &BuildOptions, observer: Option<&Arc<Observer>>) -> [Resolver; 2] {
    Side::BOTH.map(|side| {
        let settings = ResolveSettings {
            conditions: options.resolution.conditions.clone(),
            main_fields: options.resolution.main_fields.clone(),
            tsconfig: options.sources.tsconfig.clone(),
            links: options.resolution.links,
            ..ResolveSettings::of_side(side, options.mode)
        };
        Resolver::observed_by(&settings, observer.cloned())
    })
}

/// Variables that are no Unicode are no text that code could have.
pub(in crate::command) fn process_variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn source_settings(options: &BuildOptions) -> SourceSettings {
    SourceSettings {
        styles: style_settings(options.minification, options.target.as_ref()),
        mode: Some(options.mode),
        ..options.sources.clone()
    }
}

/// Names in the import map are identifiers of the module (PROTOCOL §11.2.1).
fn chunk_references(options: &BuildOptions, module_name: &str) -> ChunkReferences {
    match options.chunk_naming {
        ChunkNaming::InFiles => ChunkReferences::Paths,
        ChunkNaming::InImportMap => ChunkReferences::Mapped(SpecifierPrefixes {
            entries: format!("{module_name}/"),
            chunks: format!("{module_name}/chunks/"),
        }),
    }
}

/// Production files are served as immutable, so their names carry a hash (PROTOCOL §10.1).
fn file_names(mode: Mode) -> NamePatterns {
    let (entries, chunks) = match mode {
        Mode::Production => ("[name].[hash].final.mjs", "chunks/[name].[hash].final.mjs"),
        Mode::Development => ("[name].mjs", "chunks/[name].mjs"),
    };
    let pattern = |text| NamePattern::parse(text, None).expect("these patterns are well formed");
    NamePatterns {
        entries: pattern(entries),
        chunks: pattern(chunks),
    }
}
