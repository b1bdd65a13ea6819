//! Parsed files by path. One cache serves both sides and every module of a workspace: what a file says does
//! not depend on who imports it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dashmap::{DashMap, DashSet};
use rustc_hash::FxHashSet;
use swc_core::common::SyntaxContext;

use super::assets::{Asset, AssetNames, Assets, Copies};
use super::data_url::EmbeddedFile;
use super::environment::{Environment, is_asked_for};
use super::file_use::{FileUse, split_path};
use super::generated::{
    load_delivered, load_inlined, load_style_sheet, load_text, load_webassembly, load_worker,
};
use super::import_glob::{GlobPlace, expand_globs, mentions_glob};
use super::injected::{InjectedFiles, inject};
use super::kept_facts::{Kept, KeptFacts, Reading, in_environment};
use super::load::{DeclaredFormat, format_of, load_ignored, load_script, load_script_with};
use super::loaders::{Loader, data_url, load_data};
use super::notes::Notes;
use super::parse::decode_source;
use super::requests_by_name::{expand_requests_by_name, mentions_request_by_name};
use super::source_kind::SourceKind;
use super::source_settings::{SourceSettings, TreeShaking};
use super::styles::{load_style, load_style_text, load_style_url, values_of_sheet};
use super::transform::TransformOptions;
use super::tsconfig::TsconfigCache;
use crate::base::{Digest, FileSystem, Observer};
use crate::cache::Pack;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::{ImportNeeds, ModuleSyntax};
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

/// What is known of a file before it is read as a module.
#[derive(Default)]
struct AskedKept {
    /// What its module is made of, where that can be known before.
    identity: Option<Digest>,
    /// Of its bytes.
    digest: Option<Digest>,
    found: Option<Kept>,
    content: Option<std::io::Result<Vec<u8>>>,
}

impl AskedKept {
    /// The bytes. Where they are not those that were asked for, the file was changed just now.
    fn content(&mut self, read: impl FnOnce() -> std::io::Result<Vec<u8>>) -> std::io::Result<Vec<u8>> {
        if let Some(content) = self.content.take() {
            return content;
        }
        let content = read();
        if self.identity.is_some() && self.digest != content.as_ref().ok().map(|bytes| Digest::of(bytes)) {
            self.identity = None;
        }
        content
    }
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

    /// The same; what is learnt of files is kept in `pack`, and need not be learnt that is there.
    #[must_use]
    pub fn keeping(mut self, pack: Arc<Pack>) -> Self {
        self.kept = Some(KeptFacts::new(pack, self.settings.shaking));
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
                Some(Kept::Facts(syntax)) => Ok(Arc::new(*syntax)),
                _ => self.read_asked(files, file, asked, ModeInCode::Replaced, environment),
            }
        })
        .clone()
    }

    /// A file, as long as it does not ask for the environment.
    fn load_first(&self, files: &dyn FileSystem, file: &ResolvedFile) -> First {
        let mut asked = self.ask_kept(files, file, ModeInCode::Replaced, Values::Unasked);
        match asked.found.take() {
            Some(Kept::Facts(syntax)) => return First::Same(Ok(Arc::new(*syntax))),
            Some(Kept::Depends) => return First::Depends,
            None => {}
        }
        let content = asked.content(|| self.content(files, file));
        if content.as_ref().is_ok_and(|bytes| is_asked_for(bytes)) {
            if let (Some(kept), Some(identity)) = (&self.kept, asked.identity) {
                kept.keep_dependence(identity);
            }
            return First::Depends;
        }
        asked.content = Some(content);
        First::Same(self.read_asked(files, file, asked, ModeInCode::Replaced, None))
    }

    /// What is kept of a file.
    fn ask_kept(
        &self,
        files: &dyn FileSystem,
        file: &ResolvedFile,
        mode: ModeInCode,
        environment: Values<'_>,
    ) -> AskedKept {
        let mut asked = AskedKept::default();
        let (path, wish) = split_path(&file.path);
        let (Some(kept), Some(Loader::Script(kind)), None) =
            (&self.kept, self.settings.loaders.of_path(&path), wish)
        else {
            return asked;
        };
        let is_file = path
            .file_name()
            .is_none_or(|name| name != super::request::IGNORED_FILE);
        if !is_file || !self.settings.injected.is_empty() || self.embedded.contains_key(&path) {
            return asked;
        }
        let (content, bytes) = match files.digest(&path) {
            Ok(known) => known,
            Err(error) => {
                asked.content = Some(Err(error));
                return asked;
            }
        };
        asked.content = bytes.map(Ok);
        let Ok(mut options) = self.options(&path) else {
            return asked;
        };
        if mode == ModeInCode::Open {
            options.defines.retain(|define| !define.replaces(MODE_EXPRESSION));
        }
        asked.digest = Some(content);
        let mut reading = Reading {
            declared: declared_format(file, kind),
            path,
            kind,
            options: Arc::new(options),
            content,
        };
        let mut identity = kept.identity(&mut reading);
        match environment {
            Values::Unasked => {}
            Values::OfEveryMode => identity = in_environment(&identity, "any mode"),
            Values::Of(environment) => {
                identity = in_environment(&identity, environment.map_or("", Environment::key));
                define_environment(Arc::make_mut(&mut reading.options), environment);
            }
        }
        asked.found = kept.find(&identity, reading);
        asked.identity = Some(identity);
        asked
    }

    /// Reads a file of which nothing is kept, and keeps what it says.
    fn read_asked(
        &self,
        files: &dyn FileSystem,
        file: &ResolvedFile,
        mut asked: AskedKept,
        mode: ModeInCode,
        environment: Option<&Environment>,
    ) -> Loaded {
        let content = asked.content(|| self.content(files, file));
        let mut syntax = self.read(files, content, file, mode, environment)?;
        if let (Some(kept), Some(identity)) = (&self.kept, asked.identity)
            && !mentions_glob(&syntax.source)
            && !mentions_request_by_name(&syntax.source)
        {
            kept.identify(&mut syntax, identity);
            kept.keep(&syntax);
        }
        Ok(Arc::new(syntax))
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

    /// The syntax of a file as it is in every mode: `process.env.NODE_ENV` is left as written, with all
    /// branches that it decides.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_for_any_mode(&self, files: &dyn FileSystem, file: &ResolvedFile) -> Loaded {
        let cell = Arc::clone(&self.loaded_for_any_mode.entry(file.path.clone()).or_default());
        self.notes.around(files, &file.path, |files| {
            cell.get_or_init(|| {
                let mut asked = self.ask_kept(files, file, ModeInCode::Open, Values::OfEveryMode);
                match asked.found.take() {
                    Some(Kept::Facts(syntax)) => Ok(Arc::new(*syntax)),
                    _ => self.read_asked(files, file, asked, ModeInCode::Open, None),
                }
            })
            .clone()
        })
    }

    /// What is wrong with the tsconfig that a file is read with, if anything is. Resolving with a broken one
    /// fails for reasons that have nothing to do with what was asked for.
    pub fn tsconfig_problem(&self, path: &Path) -> Option<Box<Diagnostic>> {
        self.tsconfigs.transform_options(path).err()
    }

    fn read(
        &self,
        files: &dyn FileSystem,
        content: std::io::Result<Vec<u8>>,
        file: &ResolvedFile,
        mode: ModeInCode,
        environment: Option<&Environment>,
    ) -> Result<ModuleSyntax, Vec<Diagnostic>> {
        let (path, wish) = split_path(&file.path);
        let path = &path;
        if path
            .file_name()
            .is_some_and(|name| name == super::request::IGNORED_FILE)
        {
            return Ok(load_ignored(path));
        }
        let bytes = content.map_err(|error| vec![unreadable(path, &error)])?;
        if let Some(wish) = wish {
            return self.load_use(file, path, &bytes, wish);
        }
        let kind = match (self.settings.loaders.of_path(path), &self.asset_names) {
            (Some(Loader::Script(kind)), _) => kind,
            (Some(Loader::Style(scope)), _) => {
                let source = decode_source(path, &bytes).map_err(|diagnostic| vec![*diagnostic])?;
                let values =
                    values_of_sheet(files, path, &source, scope).map_err(|diagnostic| vec![*diagnostic])?;
                for read in &values.read {
                    self.value_readers.insert((read.clone(), path.clone()));
                }
                return load_style(path, file, &source, scope, &values, &self.settings.styles);
            }
            (Some(Loader::Asset), _) | (Some(Loader::File), None) => {
                return Ok(load_delivered(path, path, &bytes));
            }
            (None, _) => return Err(vec![no_loader(path)]),
            (Some(loader), names) => {
                let url = match names {
                    Some(names) if loader == Loader::File => {
                        names.url(&self.assets.add(path, &bytes, &**names))
                    }
                    _ => String::new(),
                };
                return load_data(path, &bytes, loader, &url);
            }
        };
        let source = decode_source(path, &bytes).map_err(|diagnostic| vec![*diagnostic])?;
        let mut options = self.options(path)?;
        define_environment(&mut options, environment);
        if mode == ModeInCode::Open {
            options.defines.retain(|define| !define.replaces(MODE_EXPRESSION));
        }
        let declared = declared_format(file, kind);
        let injected = self.injected.given_to(path, files)?;
        let has_requests_by_name = mentions_request_by_name(&source);
        let mut syntax = if has_requests_by_name || injected.is_some() || mentions_glob(&source) {
            if has_requests_by_name || mentions_glob(&source) {
                self.readers_of_directories.insert(path.clone());
            }
            let place = GlobPlace {
                files,
                importer: path,
                root: file.package_dir.as_deref().unwrap_or(path),
            };
            load_script_with(path, Arc::clone(&source), kind, declared, &options, |parsed| {
                if has_requests_by_name {
                    let unresolved = SyntaxContext::empty().apply_mark(parsed.unresolved_mark);
                    expand_requests_by_name(&mut parsed.module, files, (path, &source), unresolved);
                }
                if let Some(injected) = &injected {
                    let format = format_of(parsed, declared);
                    inject(parsed, path, format, injected);
                }
                expand_globs(&mut parsed.module, &source, &place)
            })?
        } else {
            load_script(path, source, kind, declared, &options)?
        };
        if self.settings.shaking == TreeShaking::Off {
            for facts in &mut syntax.statements {
                facts.has_side_effects = true;
                facts.silent_if = ImportNeeds::default();
            }
        }
        Ok(syntax)
    }

    /// What a query asks for.
    fn load_use(
        &self,
        file: &ResolvedFile,
        path: &Path,
        bytes: &[u8],
        wish: FileUse,
    ) -> Result<ModuleSyntax, Vec<Diagnostic>> {
        let module = &file.path;
        let is_style = matches!(self.settings.loaders.of_path(path), Some(Loader::Style(_)));
        Ok(match wish {
            FileUse::Url if is_style => load_style_url(module, path),
            FileUse::Url | FileUse::Copy => load_delivered(module, module, bytes),
            FileUse::Raw => {
                let text = decode_source(path, bytes).map_err(|diagnostic| vec![*diagnostic])?;
                load_text(module, &text)
            }
            FileUse::Inline if is_style => load_style_text(module, path),
            FileUse::Inline => load_inlined(module, bytes, data_url(path, bytes)),
            FileUse::Bytes => load_data(module, bytes, Loader::Binary, "")?,
            FileUse::Json => load_data(module, bytes, Loader::Json, "")?,
            FileUse::StyleSheet => load_style_sheet(module, path),
            FileUse::Init => load_webassembly(module, path),
            FileUse::Worker | FileUse::SharedWorker => load_worker(module, path, wish),
        })
    }

    fn options(&self, path: &Path) -> Result<TransformOptions, Vec<Diagnostic>> {
        let is_installed = path.components().any(|part| part.as_os_str() == "node_modules");
        let mut options = if is_installed {
            TransformOptions::default()
        } else {
            self.tsconfigs
                .transform_options(path)
                .map_err(|diagnostic| vec![*diagnostic])?
        };
        self.settings.jsx.apply(&mut options.jsx);
        options.defines.clone_from(&self.defines);
        options.function_names = self.settings.function_names;
        options.dropped.clone_from(&self.settings.dropped);
        Ok(options)
    }
}

fn define_environment(options: &mut TransformOptions, environment: Option<&Environment>) {
    let of_environment = environment.map(Environment::defines).unwrap_or_default();
    for define in of_environment {
        if !options.defines.iter().any(|own| own.is_for_the_same(&define)) {
            options.defines.push(define);
        }
    }
}

fn declared_format(file: &ResolvedFile, kind: SourceKind) -> DeclaredFormat {
    if file.is_module_type {
        DeclaredFormat::EsModule
    } else if file.is_commonjs_type && !kind.is_typed() && kind != SourceKind::Jsx {
        DeclaredFormat::CommonJs
    } else {
        DeclaredFormat::Open
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        "",
        format!("Cannot read {}: {error}.", path.display()),
        "Make the file readable for the user who builds.",
    )
}

fn fix_of_unknown(extension: &str) -> &'static str {
    match extension {
        ".scss" | ".sass" | ".less" | ".styl" => "Compile it to CSS first, and import the CSS.",
        ".vue" | ".svelte" | ".astro" => {
            "Compile it with the compiler of its framework first, and import the JavaScript."
        }
        ".wasm" => "Add `?init` to the specifier for a function that instantiates it, or `?url` for its URL.",
        ".html" | ".md" | ".graphql" | ".gql" | ".yaml" | ".yml" | ".toml" | ".xml" | ".csv" | ".glsl" => {
            "Add `?raw` to the specifier for its text, or `?url` for its URL."
        }
        _ => {
            "Add `?url` to the specifier for its URL, `?raw` for its text, or import a JavaScript file instead."
        }
    }
}

fn no_loader(path: &Path) -> Diagnostic {
    let extension = path
        .extension()
        .map_or_else(String::new, |text| format!(".{}", text.to_string_lossy()));
    Diagnostic::new(
        Code::NoLoader,
        "",
        format!(
            "{} is a `{extension}` file, which no loader knows; JavaScript, TypeScript, JSX, JSON, CSS, images, fonts and media can be imported.",
            path.display()
        ),
        fix_of_unknown(&extension),
    )
    .with_found(extension)
}
