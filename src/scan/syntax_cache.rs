//! Parsed files by path. One cache serves both sides and every module of a workspace: what a file says does
//! not depend on who imports it.

mod known;
mod reading;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dashmap::{DashMap, DashSet};
use rustc_hash::FxHashSet;

use self::reading::unreadable;
use super::assets::{Asset, AssetNames, Assets, Copies};
use super::data_url::EmbeddedFile;
use super::environment::Environment;
use super::file_use::{self, FileUse, split_path};
use super::injected::InjectedFiles;
use super::kept_facts::{Kept, KeptFacts, KeptFiles};
use super::loaders::Loader;
use super::notes::Notes;
use super::source_settings::{SourceSettings, TreeShaking};
use super::tsconfig::TsconfigCache;
use crate::base::{Digest, FileSystem, Observer};
use crate::diagnostic::Diagnostic;
use crate::graph::ModuleSyntax;
use crate::resolve::ResolvedFile;

/// What code asks for the mode.
const MODE_EXPRESSION: &str = "process.env.NODE_ENV";

type Loaded = Result<Arc<ModuleSyntax>, Vec<Diagnostic>>;

/// `with { type: … }` names a type that nothing is known of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnknownType;

/// Syntax of every file read so far.
pub struct SyntaxCache {
    settings: SourceSettings,
    defines: Vec<super::define::Define>,
    asset_names: Option<Box<dyn AssetNames>>,
    assets: Assets,
    tsconfigs: TsconfigCache,
    notes: Notes,
    injected: InjectedFiles,
    /// What earlier processes have learnt.
    kept: Option<KeptFacts>,
    // Concurrent: any task may be the first to need a file, and two tasks must not both parse it.
    loaded: DashMap<PathBuf, Arc<OnceLock<First>>, rustc_hash::FxBuildHasher>,
    // Files that ask for the environment, by its values.
    loaded_by_environment: DashMap<(PathBuf, String), Arc<OnceLock<Loaded>>, rustc_hash::FxBuildHasher>,
    loaded_for_any_mode: DashMap<PathBuf, Arc<OnceLock<Loaded>>, rustc_hash::FxBuildHasher>,
    readers_of_directories: DashSet<PathBuf>,
    /// Style sheets, and those that take values from them.
    value_readers: DashSet<(PathBuf, PathBuf)>,
    /// Files that are delivered as they are.
    copied: DashSet<PathBuf>,
    /// Files that stand in specifiers.
    embedded: DashMap<PathBuf, Vec<u8>, rustc_hash::FxBuildHasher>,
}

/// What is known of a file after it was read.
enum First {
    /// It is the same for everybody.
    Same(Loaded),
    /// It asks for `import.meta.env`.
    Depends,
}

/// Whether the mode is known to the code that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ModeInCode {
    Replaced,
    Open,
}

/// Which values of the environment are part of what a file says.
#[derive(Clone, Copy)]
enum Values<'a> {
    /// None, as long as it asks for none.
    Unasked,
    /// None, nor the mode.
    OfEveryMode,
    /// These.
    Of(Option<&'a Environment>),
}

impl SyntaxCache {
    /// An empty cache.
    pub fn new(settings: SourceSettings) -> Self {
        Self {
            defines: settings.all_defines(),
            tsconfigs: TsconfigCache::new(settings.tsconfig.clone()),
            notes: Notes::default(),
            injected: InjectedFiles::new(settings.injected.clone()),
            settings,
            kept: None,
            asset_names: None,
            assets: Assets::default(),
            loaded: DashMap::default(),
            loaded_by_environment: DashMap::default(),
            loaded_for_any_mode: DashMap::default(),
            readers_of_directories: DashSet::default(),
            value_readers: DashSet::default(),
            copied: DashSet::default(),
            embedded: DashMap::default(),
        }
    }

    /// The same, where files may be delivered beside the code.
    #[must_use]
    pub fn with_asset_names(mut self, names: Box<dyn AssetNames>) -> Self {
        self.asset_names = Some(names);
        self
    }

    /// The same; `observer` remembers what was asked to find the tsconfig of each file.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<Observer>) -> Self {
        self.tsconfigs = TsconfigCache::observed_by(self.settings.tsconfig.clone(), Some(observer));
        self
    }

    /// The same; what is learnt of files is kept, and need not be learnt that is there.
    #[must_use]
    pub fn keeping(mut self, kept: KeptFiles) -> Self {
        self.kept = Some(KeptFacts::new(Some(kept), self.settings.shaking));
        self
    }

    /// The same; of each module it is known what it is made of, so that others can tell that it is the same.
    #[must_use]
    pub fn identifying(mut self) -> Self {
        self.kept = Some(KeptFacts::new(None, self.settings.shaking));
        self
    }

    /// The files read so far.
    pub fn sources(&self) -> FxHashSet<PathBuf> {
        let mut sources: FxHashSet<PathBuf> = FxHashSet::default();
        sources.extend(self.loaded.iter().map(|entry| split_path(entry.key()).0));
        let of_other_modes = self.loaded_for_any_mode.iter();
        sources.extend(of_other_modes.map(|entry| split_path(entry.key()).0));
        sources.extend(self.assets.list().into_iter().map(|asset| asset.source));
        sources.extend(self.copied.iter().map(|path| path.clone()));
        sources.extend(self.value_readers.iter().map(|pair| pair.0.clone()));
        sources
    }

    /// Forgets what was read of the files that `has_changed` names. Delivered files are read again in any case: which of
    /// them are asked for is only known from who reads them.
    /// The answer is the modules that were made of them.
    pub fn forget(&self, has_changed: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
        // Every file reads the injected ones.
        let all_changed = self.injected.forget(&has_changed);
        let delivered: FxHashSet<PathBuf> = self.assets.clear().into_iter().collect();
        let pairs = self.value_readers.iter();
        let stale = pairs
            .filter(|pair| has_changed(&pair.0))
            .map(|pair| pair.1.clone());
        let stale: FxHashSet<PathBuf> = stale.collect();
        let is_file_forgotten = |file: &Path| {
            all_changed || has_changed(file) || delivered.contains(file) || stale.contains(file)
        };
        let is_forgotten = |path: &PathBuf| {
            // Most modules are files, as thousands of them are asked for here.
            if memchr::memchr(b'?', path.as_os_str().as_encoded_bytes()).is_none() {
                is_file_forgotten(path)
            } else {
                is_file_forgotten(&split_path(path).0)
            }
        };
        let mut forgotten = Vec::new();
        self.loaded.retain(|path, _| {
            let is_kept = !is_forgotten(path);
            if !is_kept {
                forgotten.push(path.clone());
            }
            is_kept
        });
        self.loaded_by_environment
            .retain(|(path, _), _| !is_forgotten(path));
        self.loaded_for_any_mode.retain(|path, _| {
            let is_kept = !is_forgotten(path);
            if !is_kept {
                forgotten.push(path.clone());
            }
            is_kept
        });
        forgotten
    }

    /// Forgets modules that nobody asks for any more.
    pub fn keep_only(&self, is_asked_for: impl Fn(&Path) -> bool) {
        self.loaded.retain(|path, _| is_asked_for(path));
        self.loaded_by_environment
            .retain(|(path, _), _| is_asked_for(path));
        self.loaded_for_any_mode.retain(|path, _| is_asked_for(path));
    }

    /// Forgets the files that say what is in directories (`import.meta.glob`, requests by name), for when that changed.
    pub fn forget_readers_of_directories(&self) {
        let readers = &self.readers_of_directories;
        self.forget(|path| readers.contains(path));
        readers.clear();
    }

    /// The delivered files that sources asked for so far.
    pub fn assets(&self) -> Vec<Asset> {
        self.assets.list()
    }

    /// Whether looking for what files request does nothing else: a file that is copied is noted where it is asked for.
    pub(super) fn notes_no_requests(&self) -> bool {
        !self.settings.loaders.may_copy()
    }

    /// Whether modules may be left out because their package promises that they have no effects.
    pub(super) fn trusts_side_effects(&self) -> bool {
        self.settings.shaking == TreeShaking::On
    }

    /// What code imports instead of a file that is delivered as it is; `None` for all others.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn copied(
        &self,
        files: &dyn FileSystem,
        path: &Path,
        copies: &Copies,
    ) -> Result<Option<String>, Box<Diagnostic>> {
        if self.settings.loaders.of_path(path) != Some(Loader::Copy) {
            return Ok(None);
        }
        let bytes = files
            .read(path)
            .map_err(|error| Box::new(unreadable(path, &error)))?;
        self.copied.insert(path.to_path_buf());
        Ok(Some(copies.add(path, &bytes)))
    }

    /// The syntax of a file.
    ///
    /// # Errors
    /// I/O, encoding, syntax and tsconfig diagnostics; their `module` is left for the caller.
    pub fn load(
        &self,
        files: &dyn FileSystem,
        file: &ResolvedFile,
        environment: Option<&Environment>,
    ) -> Loaded {
        self.notes.around(files, &file.path, |files| {
            self.load_once(files, file, environment)
        })
    }

    fn load_once(
        &self,
        files: &dyn FileSystem,
        file: &ResolvedFile,
        environment: Option<&Environment>,
    ) -> Loaded {
        let cell = Arc::clone(&self.loaded.entry(file.path.clone()).or_default());
        let first = cell.get_or_init(|| self.load_first(files, file));
        if let First::Same(loaded) = first {
            return loaded.clone();
        }
        let key = environment.map_or_else(String::new, |environment| environment.key().to_owned());
        let cell = self.loaded_by_environment.entry((file.path.clone(), key));
        let cell = Arc::clone(&cell.or_default());
        cell.get_or_init(|| {
            let mut asked = self.ask_kept(files, file, ModeInCode::Replaced, Values::Of(environment));
            match asked.found.take() {
                Some(Kept::Facts(syntax)) => Ok(syntax),
                _ => self.read_asked(files, file, asked, ModeInCode::Replaced, environment),
            }
        })
        .clone()
    }

    fn content(&self, files: &dyn FileSystem, file: &ResolvedFile) -> std::io::Result<Vec<u8>> {
        let (path, _) = split_path(&file.path);
        match self.embedded.get(&path) {
            Some(bytes) => Ok(bytes.clone()),
            None => files.read(&path),
        }
    }

    /// Remembers a file that stands in a specifier.
    pub(super) fn embed(&self, file: EmbeddedFile) -> PathBuf {
        self.embedded.insert(file.path.clone(), file.bytes);
        file.path
    }

    /// What `with { type: … }` makes of a file; none where that is what it is anyway.
    ///
    /// # Errors
    /// Where there is no such type.
    pub(super) fn use_of_type(&self, path: &Path, wanted: &str) -> Result<Option<FileUse>, UnknownType> {
        let loader = self.settings.loaders.of_path(path);
        match wanted {
            "json" => Ok((loader != Some(Loader::Json)).then_some(FileUse::Json)),
            "text" => Ok(Some(FileUse::Raw)),
            "bytes" => Ok(Some(FileUse::Bytes)),
            "css" if matches!(loader, Some(Loader::Style(_))) => Ok(Some(FileUse::StyleSheet)),
            _ => Err(UnknownType),
        }
    }

    /// How a file that is named by its URL is delivered.
    pub(super) fn delivered_use(&self, path: &Path) -> FileUse {
        match self.settings.loaders.of_path(path) {
            Some(Loader::Style(_)) => FileUse::Copy,
            _ => FileUse::Url,
        }
    }

    /// The module that is the URL of a delivered file with the query or the fragment of a specifier.
    pub(super) fn place_in(&self, path: &Path, specifier: &str) -> Option<PathBuf> {
        match self.settings.loaders.of_path(path)? {
            Loader::Asset | Loader::File => file_use::place_in(path, specifier),
            _ => None,
        }
    }

    /// The syntax of a file as it is in every mode: `process.env.NODE_ENV` is left as written, with all
    /// branches that it decides. Of CommonJS only the names are known that it exports.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_for_any_mode(&self, files: &dyn FileSystem, file: &ResolvedFile) -> Loaded {
        let cell = Arc::clone(&self.loaded_for_any_mode.entry(file.path.clone()).or_default());
        self.notes.around(files, &file.path, |files| {
            cell.get_or_init(|| {
                let mut asked = self.ask_kept(files, file, ModeInCode::Open, Values::OfEveryMode);
                match asked.found.take() {
                    Some(Kept::Facts(syntax)) => Ok(syntax),
                    _ => self.read_asked(files, file, asked, ModeInCode::Open, None),
                }
            })
            .clone()
        })
    }

    /// What a script said that was made of this, without its tree and its text, if that is kept.
    pub(super) fn earlier(&self, identity: &Digest) -> Option<ModuleSyntax> {
        self.kept.as_ref()?.earlier(identity)
    }

    /// What is wrong with the tsconfig that a file is read with, if anything is. Resolving with a broken one
    /// fails for reasons that have nothing to do with what was asked for.
    pub fn tsconfig_problem(&self, path: &Path) -> Option<Box<Diagnostic>> {
        self.tsconfigs.transform_options(path).err()
    }
}
