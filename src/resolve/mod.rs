//! From a request and its importer to a file: a thin face over `oxc_resolver`, which knows `exports` and
//! `imports` maps, conditions, main fields, tsconfig `paths`, symlinks and stores. What this adds is only
//! which conditions a side has, and answers in our own words.

mod browser_field;
mod extended_configs;
mod js_config;
mod known_requests;
mod main_files;
mod null_targets;
mod own_paths;
mod pattern_bases;
mod regular_files;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use oxc_resolver::{
    ModuleType, PackageJson, PackageType, Resolution, ResolveError, ResolveOptions, ResolverGeneric,
    SideEffects, TsconfigDiscovery, TsconfigOptions, TsconfigReferences,
};
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

pub use main_files::is_name_of_package;
pub use regular_files::RegularFiles;
pub use settings::{Mode, Platform, ResolveSettings, SymbolicLinks};

use self::js_config::JsConfigs;
use self::known_requests::KnownRequests;
use crate::base::{DiskFileSystem, FileSystem, Observer};

type OxcResolver = ResolverGeneric<RegularFiles>;

/// Which syntax a request was made with; packages answer `import` and `require` differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// `import`, `export … from`, `import()`.
    Import,
    /// `require()`.
    Require,
}

/// A file that a request led to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResolvedFile {
    /// Real path.
    pub path: PathBuf,
    /// Node would load it as an ES module (`.mjs`, `"type": "module"`).
    pub is_module_type: bool,
    /// Node would load it as CommonJS (`.cjs`, or `.js` with `"type": "commonjs"`).
    pub is_commonjs_type: bool,
    /// False when its package promises that importing it without using it changes nothing.
    pub may_have_side_effects: bool,
    /// Name of the package it belongs to.
    pub package_name: Option<String>,
    /// Directory of that package.
    pub package_dir: Option<PathBuf>,
}

/// What a request leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A file.
    File(ResolvedFile),
    /// The package's `browser` field replaces it by nothing.
    Ignored,
}

/// A request that leads nowhere.
#[derive(Debug, Clone)]
pub struct Unresolved {
    /// Why, in the resolver's words.
    pub reason: String,
    /// Whether nothing is there, as opposed to something broken on the way.
    pub is_not_found: bool,
}

/// Resolves the requests of one side. Cheap to share between threads; caches what it learns of the disk.
pub struct Resolver {
    import: OxcResolver,
    require: OxcResolver,
    /// The same for importers that are TypeScript.
    typed_import: OxcResolver,
    typed_require: OxcResolver,
    platform: Platform,
    /// Knows which names are modules of Node, as those of `imports` maps may be.
    with_builtins: OxcResolver,
    observer: Option<Arc<Observer>>,
    /// The names of files that `browser` fields replace, by those that packages and directories imply.
    implied: DashMap<PathBuf, Option<String>, FxBuildHasher>,
    /// The same without following links, by the kind of the request, once somebody asks for that.
    linked: [OnceLock<OxcResolver>; 2],
    /// Where requests of installed packages led.
    known: KnownRequests,
    settings: ResolveSettings,
    js_configs: JsConfigs,
}

impl Resolver {
    /// A resolver with the conditions and fields that the settings imply.
    pub fn new(settings: &ResolveSettings) -> Self {
        Self::observed_by(settings, None)
    }

    /// The same; what the disk answers is remembered.
    pub fn observed_by(settings: &ResolveSettings, observer: Option<Arc<Observer>>) -> Self {
        let files = RegularFiles::observed_by(observer.clone());
        let import = OxcResolver::new_with_file_system(files, options(settings, RequestKind::Import));
        let require = import.clone_with_options(options(settings, RequestKind::Require));
        let with_builtins = import.clone_with_options(ResolveOptions {
            builtin_modules: true,
            ..options(settings, RequestKind::Import)
        });
        let typed = |kind| {
            import.clone_with_options(ResolveOptions {
                extensions: match kind {
                    RequestKind::Import => TYPED_EXTENSIONS,
                    RequestKind::Require => TYPED_REQUIRED_EXTENSIONS,
                }
                .map(str::to_owned)
                .to_vec(),
                ..options(settings, kind)
            })
        };
        Self {
            typed_import: typed(RequestKind::Import),
            typed_require: typed(RequestKind::Require),
            platform: settings.platform,
            import,
            require,
            with_builtins,
            observer,
            implied: DashMap::default(),
            linked: [const { OnceLock::new() }; 2],
            known: KnownRequests::default(),
            settings: settings.clone(),
            js_configs: JsConfigs::default(),
        }
    }

    fn files(&self) -> &dyn FileSystem {
        match &self.observer {
            Some(observer) => &**observer,
            None => &DiskFileSystem,
        }
    }

    /// The module of Node that an `imports` map gives for `specifier`, which leads to no file.
    pub fn builtin_of_imports_map(&self, importer: &Path, specifier: &str) -> Option<String> {
        if !specifier.starts_with('#') {
            return None;
        }
        let directory = importer.parent().unwrap_or(importer);
        match self.with_builtins.resolve(directory, specifier) {
            Err(ResolveError::Builtin { resolved, .. }) => Some(resolved),
            _ => None,
        }
    }

    /// Whether it is the fields of bundlers that lead an import of a package elsewhere than `main` does: nobody asked for
    /// others, and the package says nothing better.
    pub fn chooses_main_file_of(&self, package: &Path) -> bool {
        self.settings.main_fields.is_none() && !main_files::has_exports(self.files(), package)
    }

    /// Resolves `specifier` as asked from the file `importer`. Files outside `node_modules` see the `paths`
    /// and `baseUrl` of their nearest tsconfig.
    ///
    /// # Errors
    /// [`Unresolved`] when nothing is there or something on the way is broken.
    pub fn resolve(
        &self,
        importer: &Path,
        specifier: &str,
        kind: RequestKind,
    ) -> Result<Resolved, Unresolved> {
        let found = self.look_up(importer, specifier, kind);
        let unresolved = match &found {
            Ok(resolved) => {
                return self
                    .replaced(importer, specifier, kind, resolved)
                    .map_or(found, Ok);
            }
            Err(unresolved) => unresolved,
        };
        let again = if !unresolved.is_not_found {
            None
        } else if specifier.starts_with('.') {
            // Node takes what an ES module imports for a URL: `./a%20b.js` is the file `a b.js`.
            (kind == RequestKind::Import)
                .then(|| percent_decoded(specifier))
                .flatten()
        } else if self.platform == Platform::Browser {
            browser_field::own_name(self.files(), importer, specifier)
                .or_else(|| browser_field::instead_of_index(self.files(), importer, specifier))
        } else {
            None
        };
        match again.map(|specifier| self.look_up(importer, &specifier, kind)) {
            Some(Ok(resolved)) => Ok(resolved),
            _ if !unresolved.is_not_found => found,
            _ => self
                .look_up_by_js_config(importer, specifier, kind)
                .map_or(found, Ok),
        }
    }

    /// What the nearest `jsconfig.json` says of a name.
    fn look_up_by_js_config(&self, importer: &Path, specifier: &str, kind: RequestKind) -> Option<Resolved> {
        let directory = importer.parent()?;
        if self.settings.tsconfig.is_some()
            || specifier.starts_with(['.', '/', '#'])
            || is_installed(importer)
        {
            return None;
        }
        let config = self.js_configs.nearest(self.files(), directory)?;
        let resolver = self
            .js_configs
            .resolver(&config, kind, &self.settings, self.observer.as_ref());
        let resolution = resolver.resolve_file(importer, specifier).ok()?;
        Some(Resolved::File(resolved_file(&resolution)))
    }

    /// What the `browser` field of a package gives for a file that its name only implied.
    fn replaced(
        &self,
        importer: &Path,
        specifier: &str,
        kind: RequestKind,
        resolved: &Resolved,
    ) -> Option<Resolved> {
        let Resolved::File(file) = resolved else {
            return None;
        };
        let package = file.package_dir.as_ref()?;
        if self.platform != Platform::Browser {
            return None;
        }
        let name = self.implied(&file.path, package, specifier)?;
        self.look_up(importer, &name, kind).ok()
    }

    /// The name of a file that was only implied, if it is replaced. Packages are read once, as the library does.
    fn implied(&self, file: &Path, package: &Path, specifier: &str) -> Option<String> {
        if !browser_field::is_implied(file, specifier) {
            return None;
        }
        if let Some(known) = self.implied.get(file) {
            return known.clone();
        }
        let name = browser_field::implied_name(self.files(), file, package);
        self.implied.insert(file.to_path_buf(), name.clone());
        name
    }

    /// What the name of a package leads to instead.
    fn other_main_file(
        &self,
        found: &Resolution,
        specifier: &str,
        resolver: &OxcResolver,
    ) -> Option<Resolution> {
        let package = found.package_json()?.directory();
        if !main_files::is_name_of_package(specifier) || !is_installed(found.path()) {
            return None;
        }
        let fields = &resolver.options().main_fields;
        let names = main_files::instead_of(self.files(), found.path(), package, fields);
        let mut others = names
            .iter()
            .filter_map(|name| resolver.resolve(package, name).ok());
        others.find(|other| {
            other
                .path()
                .extension()
                .is_some_and(|extension| extension == "js")
        })
    }

    fn look_up(&self, importer: &Path, specifier: &str, kind: RequestKind) -> Result<Resolved, Unresolved> {
        let is_installed = is_installed(importer);
        let directory = importer.parent().unwrap_or(importer);
        if is_installed && let Some(file) = self.known.get(directory, specifier, kind) {
            return Ok(Resolved::File(file));
        }
        let is_typed = !is_installed
            && crate::base::has_extension(&importer.to_string_lossy(), &["ts", "tsx", "mts", "cts"]);
        let resolver = match (kind, is_typed) {
            (RequestKind::Import, false) => &self.import,
            (RequestKind::Require, false) => &self.require,
            (RequestKind::Import, true) => &self.typed_import,
            (RequestKind::Require, true) => &self.typed_require,
        };
        let (asked, specifier) = (specifier, &*main_files::of_directory(specifier));
        let mut outcome = if is_installed {
            resolver.resolve(directory, specifier)
        } else {
            resolver.resolve_file(importer, specifier)
        };
        if is_typed && matches!(&outcome, Ok(found) if is_installed_source(found.path())) {
            // What is installed was compiled, maybe in another way than this compiler would.
            let untyped = match kind {
                RequestKind::Import => &self.import,
                RequestKind::Require => &self.require,
            };
            outcome = untyped.resolve_file(importer, specifier);
        }
        if !is_installed
            && matches!(&outcome, Ok(found) if is_declaration(&found.path().to_string_lossy()))
            && !is_declaration(specifier)
        {
            // `paths` that lead to types tell only the compiler something.
            outcome = resolver.resolve(directory, specifier);
        }
        if let Ok(found) = &outcome
            && let Some(other) = self.other_main_file(found, specifier, resolver)
        {
            outcome = Ok(other);
        }
        match outcome {
            Ok(resolution) => {
                let file = resolved_file(&resolution);
                if is_installed {
                    self.known.add(directory, asked, kind, file.clone());
                }
                Ok(Resolved::File(file))
            }
            Err(ResolveError::Ignored(_)) => Ok(Resolved::Ignored),
            Err(error) => Err(Unresolved {
                is_not_found: is_not_found(&error),
                reason: null_targets::explained(&error).unwrap_or_else(|| error.to_string()),
            }),
        }
    }
}

fn is_installed(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "node_modules")
}

/// Whether a file is a source in TypeScript of an installed package.
fn is_installed_source(file: &Path) -> bool {
    is_installed(file) && crate::base::has_extension(&file.to_string_lossy(), &["ts", "tsx", "mts", "cts"])
}

/// Whether a file has only types.
pub fn is_declaration(path: &str) -> bool {
    [".d.ts", ".d.mts", ".d.cts"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// What may be missing at the end of a request: what is executed as it is comes first.
const EXTENSIONS: [&str; 10] = [
    ".mjs", ".js", ".mts", ".ts", ".jsx", ".tsx", ".cjs", ".cts", ".json", ".css",
];

/// The same for `require()`: Node tries `.js` and `.json`, and never an ES module.
const REQUIRED_EXTENSIONS: [&str; 10] = [
    ".js", ".cjs", ".ts", ".cts", ".jsx", ".tsx", ".json", ".mjs", ".mts", ".css",
];

/// The same in TypeScript, which sees a source before the JavaScript made of it.
const TYPED_EXTENSIONS: [&str; 10] = [
    ".ts", ".tsx", ".mts", ".mjs", ".js", ".jsx", ".cts", ".cjs", ".json", ".css",
];

/// For `require()` in TypeScript.
const TYPED_REQUIRED_EXTENSIONS: [&str; 10] = [
    ".ts", ".tsx", ".cts", ".js", ".jsx", ".cjs", ".json", ".mts", ".mjs", ".css",
];

/// `specifier` without percent encoding, if it has some.
pub fn percent_decoded(specifier: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(specifier)
        .decode_utf8()
        .ok()?;
    (decoded != specifier).then(|| decoded.into_owned())
}

fn is_not_found(error: &ResolveError) -> bool {
    matches!(
        error,
        ResolveError::NotFound(_) | ResolveError::MatchedAliasNotFound(..) | ResolveError::ExtensionAlias(..)
    )
}

fn options(settings: &ResolveSettings, kind: RequestKind) -> ResolveOptions {
    let strings = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let alias = |from: &str, to: &[&str]| (from.to_owned(), strings(to));
    ResolveOptions {
        condition_names: conditions(settings, kind),
        main_fields: match (&settings.main_fields, settings.platform, kind) {
            (Some(fields), ..) => fields.clone(),
            (None, Platform::Browser, RequestKind::Import) => strings(&["browser", "module", "main"]),
            (None, Platform::Browser, RequestKind::Require) => strings(&["browser", "main", "module"]),
            (None, Platform::Node | Platform::Neutral, RequestKind::Import) => strings(&["module", "main"]),
            (None, Platform::Node | Platform::Neutral, RequestKind::Require) => strings(&["main", "module"]),
        },
        alias_fields: match settings.platform {
            Platform::Browser => vec![strings(&["browser"])],
            Platform::Node | Platform::Neutral => Vec::new(),
        },
        extensions: strings(match kind {
            RequestKind::Import => &EXTENSIONS,
            RequestKind::Require => &REQUIRED_EXTENSIONS,
        }),
        // TypeScript sources name the file that will exist: `./a.js` for `a.ts`.
        extension_alias: vec![
            alias(".js", &[".js", ".ts", ".tsx"]),
            alias(".jsx", &[".jsx", ".tsx", ".ts"]),
            alias(".mjs", &[".mjs", ".mts"]),
            alias(".cjs", &[".cjs", ".cts"]),
        ],
        tsconfig: Some(match &settings.tsconfig {
            None => TsconfigDiscovery::Auto,
            Some(file) => TsconfigDiscovery::Manual(TsconfigOptions {
                config_file: file.clone(),
                references: TsconfigReferences::Auto,
            }),
        }),
        module_type: true,
        node_path: false,
        symlinks: settings.links == SymbolicLinks::Followed,
        ..ResolveOptions::default()
    }
}

/// What the platform, the syntax and the mode imply, and what the user adds. `module` is the bundlers'
/// condition: one ES module file for `import` and `require` alike.
fn conditions(settings: &ResolveSettings, kind: RequestKind) -> Vec<String> {
    let mut names: Vec<&str> = settings.conditions.iter().map(String::as_str).collect();
    names.extend_from_slice(match settings.platform {
        Platform::Browser => &["browser"],
        Platform::Node => &["node", "module-sync"],
        Platform::Neutral => &[],
    });
    names.push("module");
    names.push(match kind {
        RequestKind::Import => "import",
        RequestKind::Require => "require",
    });
    names.extend(settings.mode.map(Mode::as_str));
    names.push("default");
    names.into_iter().map(str::to_owned).collect()
}

fn resolved_file(resolution: &Resolution) -> ResolvedFile {
    let path = resolution.path();
    let package = resolution.package_json();
    // What an installed package without a package.json is, the project around it does not say (Node's
    // `LOOKUP_PACKAGE_SCOPE`).
    let says_it_by_extension =
        crate::base::has_extension(&path.to_string_lossy(), &["mjs", "mts", "cjs", "cts"]);
    let module_type = resolution
        .module_type()
        .filter(|_| says_it_by_extension || package.is_some());
    // The resolver does not say it of elements.
    let has_elements = crate::base::has_extension(&path.to_string_lossy(), &["jsx", "tsx"]);
    let is_in_modules =
        has_elements && package.is_some_and(|package| package.r#type() == Some(PackageType::Module));
    ResolvedFile {
        path: path.to_path_buf(),
        is_module_type: is_in_modules || module_type == Some(ModuleType::Module),
        is_commonjs_type: module_type == Some(ModuleType::CommonJs),
        may_have_side_effects: package.is_none_or(|package| may_have_side_effects(package, path)),
        package_name: package.and_then(|package| package.name().map(str::to_owned)),
        package_dir: package.map(|package| package.directory().to_path_buf()),
    }
}

/// The `sideEffects` field as webpack documents it: a pattern without `/` matches in any directory.
fn may_have_side_effects(package: &PackageJson, path: &Path) -> bool {
    let Ok(relative) = path.strip_prefix(package.directory()) else {
        return true;
    };
    let relative = crate::base::to_posix(relative);
    let matches = |pattern: &str| {
        if pattern.contains('/') {
            fast_glob::glob_match(pattern.strip_prefix("./").unwrap_or(pattern), &relative)
        } else {
            fast_glob::glob_match(format!("**/{pattern}"), &relative)
        }
    };
    match package.side_effects() {
        None => true,
        Some(SideEffects::Bool(value)) => value,
        Some(SideEffects::String(pattern)) => matches(pattern),
        Some(SideEffects::Array(patterns)) => patterns.iter().any(|pattern| matches(pattern)),
    }
}
