//! `esmx-build build`: a declared module, or a module and everything it uses, from sources to `dist`.

mod application;
mod entries;
mod filter;
mod findings;
mod manifest;
mod memories;
mod module;
mod output;
mod side;
#[cfg(test)]
mod test_unit;
mod types;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rustc_hash::FxHashSet;

pub use self::filter::ModuleFilter;
use self::filter::select;
pub(super) use self::findings::unusable;
use self::memories::Memories;
use self::module::{Tools, build_module};
use self::workspace::build_in_order;
use super::host::after_build;
use super::kept::module::{KeptModule, Told};
use super::kept::{LearntOfFiles, unless_sources_change};
use super::report::{BuildReport, ModuleReport};
use super::style_settings::style_settings;
use super::watch::{Changes, Inputs, Layout, Session, settings_files};
use super::{BuildOptions, BuildScope, CommandError, Minification, Progress, Stage, named, root_facts};
use crate::base::{DiskFileSystem, FileSystem, MadePieces, Observer, Pieces, SharedPieces, Units};
use crate::cache::{Cache, Pack};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::link::{
    BehaviourFacts, BuildOrder, BuildUnit, Origin, closure_in_build_order, workspace_in_build_order,
};
use crate::protocol::{PackageRecord, Side};
use crate::resolve::{ResolveSettings, Resolver};
use crate::scan::{SourceSettings, SyntaxCache};

/// Builds what the options ask for. Errors of the project are in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, CommandError> {
    // The process ends next: giving back what was read, piece by piece, would only delay that.
    let cache = Cache::open(&options.cache, &options.root);
    let mut workshop = ManuallyDrop::new(Workshop::keeping(options.clone(), cache));
    let anew = || ManuallyDrop::new(Workshop::new(options.clone())).run(progress);
    let mut report = unless_sources_change(|| workshop.run(progress), anew)?;
    after_build(&mut report, options, progress);
    Ok(report)
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
    /// The directories of those that filters leave out.
    left_out: FxHashSet<PathBuf>,
    /// Where modules are built again and again.
    memories: Option<Memories>,
    /// Whether the behaviour file has done what it does after a build with what was written last.
    is_finished: bool,
    /// What earlier processes have built.
    cache: Option<Cache>,
    /// What they have learnt of files, whichever module has them.
    learnt: Option<LearntOfFiles>,
    /// What has been made of their code.
    made: Arc<MadePieces>,
    /// What was asked of the disk to find the tsconfig of each file, whichever module has it.
    config_observer: Arc<Observer>,
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
        if options.minification == Minification::Minified {
            // Compressed code is shared by what it is made of.
            syntaxes = syntaxes.identifying();
        }
        let learnt = cache
            .as_ref()
            .map(|cache| LearntOfFiles::by_modules(cache, options.source_maps));
        if let Some(learnt) = &learnt {
            syntaxes = syntaxes
                .observed_by(Arc::clone(&config_observer))
                .keeping(learnt.files());
        }
        Self {
            cache,
            learnt,
            made: Arc::default(),
            config_observer,
            files: DiskFileSystem,
            facts: root_facts(&DiskFileSystem, &options.root, &options.links),
            syntaxes,
            process_variables: process_variables(),
            resolvers: resolvers(&options, None),
            type_sources: Mutex::default(),
            units: Vec::new(),
            left_out: FxHashSet::default(),
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
        self.made = Arc::default();
        let order = self.order()?;
        let root = order.modules.last().filter(|root| root.dir == self.options.root);
        let root = root.map(|root| &root.record);
        let label = root.map(PackageRecord::label).unwrap_or_default();
        let notices = root.map(|root| self.facts.notices_about(root));
        let mut report = BuildReport {
            notices: notices.unwrap_or_default(),
            diagnostics: named(self.options.findings.clone(), &label),
            ..BuildReport::default()
        };
        let (scope, root_is_built) = (self.options.scope, root.is_some());
        self.units = order.modules;
        let selected = select(&self.units, &self.options.filters)?;
        let left_out = self.units.iter().enumerate();
        let left_out = left_out.filter(|(place, _)| !selected.contains(*place));
        self.left_out = left_out.map(|(_, unit)| unit.dir.clone()).collect();
        if scope == BuildScope::Closure {
            let needed = filter::with_needs(&self.units, &selected);
            let is_left_out = |diagnostic: &Diagnostic| {
                let unit = self
                    .units
                    .iter()
                    .position(|unit| unit.record.name == diagnostic.module);
                unit.is_some_and(|place| !needed.contains(place))
            };
            let concerning = order.diagnostics.into_iter().filter(|one| !is_left_out(one));
            report.diagnostics.extend(concerning);
        }
        if !has_errors(&report.diagnostics) {
            let built = self.units.iter().filter(|unit| self.builds(unit));
            progress.plan(&built.map(|unit| unit.record.name.clone()).collect::<Vec<_>>());
            report.modules = build_in_order(&self.units, |unit| {
                self.builds(unit)
                    .then(|| self.find_or_build(&unit.record, &unit.dir, progress))
            });
            if root_is_built {
                keep_warnings_of_root(&mut report, &self.options);
            }
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
            report.keeping = cache.make_room(
                keepings.collect(),
                self.learnt.as_ref().map(LearntOfFiles::packs).unwrap_or_default(),
            );
        }
        report.duration = started.elapsed();
        Ok(report)
    }

    /// Everything that may have to be built.
    fn order(&self) -> Result<BuildOrder, CommandError> {
        let root = &self.options.root;
        let workspace = match self.options.scope {
            BuildScope::Root => None,
            BuildScope::Closure => workspace_in_build_order(&self.files, root, &self.facts),
        };
        let closure = || closure_in_build_order(&self.files, root, &self.facts);
        workspace
            .map_or_else(closure, Ok)
            .map_err(|error| unusable(root, &error))
    }

    /// The root is built whatever it is; with `-r` also what it uses, unless it is a finished artifact or left out.
    fn builds(&self, unit: &BuildUnit) -> bool {
        match self.options.scope {
            BuildScope::Root => unit.dir == self.options.root,
            BuildScope::Closure => unit.origin == Origin::Workspace && !self.left_out.contains(&unit.dir),
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
                pieces: self.pieces(None),
                targets: None,
                layouts: None,
            };
            return build_module(&tools, record, dir, progress).0;
        };
        let told = Told {
            options: &self.options,
            links: self.links_for(dir),
            variables: &self.process_variables,
        };
        let kept = KeptModule::new(cache, &record.name, dir, &told);
        let learnt = match kept.find() {
            Ok(report) => {
                progress.stage(&report.name, None, Stage::Write);
                let duration = started.elapsed();
                return ModuleReport { duration, ..report };
            }
            Err(learnt) => learnt,
        };
        let looked_at = kept.look(learnt, &self.options);
        let observer = &looked_at.observer;
        let tools = Tools {
            workshop: self,
            files: &**observer,
            resolvers: &resolvers(&self.options, Some(observer)),
            pieces: self.pieces(Some(&kept.pieces)),
            targets: Some(&looked_at.targets),
            layouts: looked_at.layouts.as_ref(),
        };
        let (mut report, made) = build_module(&tools, record, dir, progress);
        if let Some((outputs, laid_out)) = made
            && !has_errors(&report.diagnostics)
        {
            observer.include(&self.config_observer);
            report.keeping = kept.keep(&report, outputs, looked_at, laid_out);
        }
        report
    }

    /// What the sides of all modules make for each other, over what earlier processes have kept for this one.
    fn pieces(&self, kept: Option<&[Arc<Pack>; 2]>) -> Option<[Arc<dyn Pieces>; 2]> {
        let with = |kept| Arc::new(SharedPieces::new(Arc::clone(&self.made), kept)) as Arc<dyn Pieces>;
        (self.options.minification == Minification::Minified).then(|| match kept {
            Some(kept) => kept.each_ref().map(|kept| with(Some(Arc::clone(kept) as _))),
            None => [with(None), with(None)],
        })
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
        styles: style_settings(
            options.minification,
            options.outer_text.legal_comments,
            options.target.as_ref(),
            &options.root,
        ),
        mode: Some(options.mode),
        ..options.sources.clone()
    }
}
