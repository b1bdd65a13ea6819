//! What a project's `tsconfig.json` (or `jsconfig.json`) says about how its sources are read.
//!
//! The nearest file upwards counts, for every source below it; `include` only chooses between the configs
//! that a solution-style `tsconfig.json` refers to. Installed packages are published as JavaScript for
//! everyone, so a config never reaches into `node_modules`. `paths` and `baseUrl` are the resolver's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use oxc_resolver::{
    CompilerOptions, ResolveError, ResolveOptions, ResolverGeneric, TsConfig, TsconfigDiscovery,
};

use super::dropped::Dropped;
use super::jsx_pragma::is_factory;
use super::keep_names::FunctionNames;
use super::transform::{
    ClassFieldSemantics, DecoratorSemantics, JsxOptions, JsxRuntime, NullTypes, TransformOptions,
    UnusedImports,
};
use crate::base::{DiskFileSystem, FileSystem as _, Observer};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::resolve::RegularFiles;

/// The options of every config read so far. Any thread may ask.
pub struct TsconfigCache {
    resolver: ResolverGeneric<RegularFiles>,
    observer: Option<Arc<Observer>>,
    /// The one that counts for all files, when there is one.
    chosen: Option<PathBuf>,
    nearest: DashMap<PathBuf, Option<PathBuf>>,
    options: DashMap<PathBuf, Result<TransformOptions, Box<Diagnostic>>>,
}

impl TsconfigCache {
    /// An empty cache. `chosen` counts for all own sources instead of the nearest config of each.
    pub fn new(chosen: Option<PathBuf>) -> Self {
        Self::observed_by(chosen, None)
    }

    /// The same; what the disk answers is remembered.
    pub fn observed_by(chosen: Option<PathBuf>, observer: Option<Arc<Observer>>) -> Self {
        let options = ResolveOptions {
            tsconfig: Some(TsconfigDiscovery::Auto),
            ..ResolveOptions::default()
        };
        Self {
            resolver: ResolverGeneric::new_with_file_system(
                RegularFiles::observed_by(observer.clone()),
                options,
            ),
            observer,
            chosen,
            nearest: DashMap::new(),
            options: DashMap::new(),
        }
    }

    /// How the source at the absolute `path` is read; `defines` stay empty.
    ///
    /// # Errors
    /// When the config, or one it extends, cannot be used. The diagnostic's `module` is left for the caller.
    pub fn transform_options(&self, path: &Path) -> Result<TransformOptions, Box<Diagnostic>> {
        if path
            .components()
            .any(|component| component.as_os_str() == "node_modules")
        {
            return Ok(TransformOptions::default());
        }
        let nearest = || path.parent().and_then(|directory| self.nearest_config(directory));
        let Some(config) = self.chosen.clone().or_else(nearest) else {
            return Ok(TransformOptions::default());
        };
        let root = self
            .resolver
            .resolve_tsconfig(&config)
            .map_err(|error| unusable(&config, &error))?;
        let owner = if root.references_resolved.is_empty() {
            root
        } else {
            self.resolver.find_tsconfig(path).ok().flatten().unwrap_or(root)
        };
        self.options
            .entry(owner.path().to_path_buf())
            .or_insert_with(|| options_of(&owner))
            .clone()
    }

    fn is_file(&self, path: &Path) -> bool {
        match &self.observer {
            Some(observer) => observer.is_file(path),
            None => DiskFileSystem.is_file(path),
        }
    }

    fn nearest_config(&self, directory: &Path) -> Option<PathBuf> {
        if let Some(known) = self.nearest.get(directory) {
            return known.clone();
        }
        let found = ["tsconfig.json", "jsconfig.json"]
            .iter()
            .map(|name| directory.join(name))
            .find(|candidate| self.is_file(candidate))
            .or_else(|| self.nearest_config(directory.parent()?));
        self.nearest.insert(directory.to_path_buf(), found.clone());
        found
    }
}

fn options_of(config: &Arc<TsConfig>) -> Result<TransformOptions, Box<Diagnostic>> {
    let compiler = &config.compiler_options;
    Ok(TransformOptions {
        jsx: jsx_options(config.path(), compiler)?,
        decorators: match (compiler.experimental_decorators, compiler.emit_decorator_metadata) {
            (Some(true), Some(true)) => DecoratorSemantics::ExperimentalWithMetadata(null_types(compiler)),
            (Some(true), _) => DecoratorSemantics::Experimental,
            _ => DecoratorSemantics::Standard,
        },
        class_fields: class_fields(compiler),
        unused_imports: unused_imports(compiler),
        defines: Vec::new(),
        function_names: FunctionNames::default(),
        dropped: Dropped::default(),
    })
}

fn jsx_options(config: &Path, compiler: &CompilerOptions) -> Result<JsxOptions, Box<Diagnostic>> {
    for (option, value) in [
        ("jsxFactory", &compiler.jsx_factory),
        ("jsxFragmentFactory", &compiler.jsx_fragment_factory),
    ] {
        if let Some(value) = value
            && !is_factory(value)
        {
            return Err(bad_value(
                config,
                option,
                value,
                "a name or names joined by dots, as `React.createElement`",
            ));
        }
    }
    let mut jsx = JsxOptions::default();
    if let Some(factory) = &compiler.jsx_factory {
        jsx.factory.clone_from(factory);
    }
    if let Some(factory) = &compiler.jsx_fragment_factory {
        jsx.fragment_factory.clone_from(factory);
    }
    if let Some(source) = &compiler.jsx_import_source {
        jsx.import_source.clone_from(source);
    }
    jsx.runtime = match compiler.jsx.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("react") => JsxRuntime::Classic,
        Some("react-jsx" | "react-jsxdev") => JsxRuntime::Automatic,
        // `preserve` leaves the choice to the bundler. A factory is a choice.
        None | Some("preserve" | "react-native") => {
            if compiler.jsx_factory.is_some() && compiler.jsx_import_source.is_none() {
                JsxRuntime::Classic
            } else {
                JsxRuntime::Automatic
            }
        }
        Some(_) => {
            let value = compiler.jsx.as_deref().unwrap_or_default();
            let allowed = "`react-jsx`, `react-jsxdev`, `react`, `preserve` or `react-native`";
            return Err(bad_value(config, "jsx", value, allowed));
        }
    };
    Ok(jsx)
}

/// Whether `null` is checked differs between versions of TypeScript where nothing says so.
fn null_types(compiler: &CompilerOptions) -> NullTypes {
    match compiler.strict_null_checks.or(compiler.strict) {
        Some(false) => NullTypes::Elided,
        _ => NullTypes::Told,
    }
}

/// TypeScript's default is to define fields from the target ES2022 on. Without a target nothing asks for an
/// older language, and the output is a modern one.
fn class_fields(compiler: &CompilerOptions) -> ClassFieldSemantics {
    let defines = compiler
        .use_define_for_class_fields
        .or_else(|| compiler.target.as_deref().map(is_es2022_or_newer))
        .unwrap_or(true);
    if defines {
        ClassFieldSemantics::Define
    } else {
        ClassFieldSemantics::Assign
    }
}

fn is_es2022_or_newer(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    target == "esnext"
        || target
            .strip_prefix("es")
            .and_then(|year| year.parse::<u32>().ok())
            .is_some_and(|year| year >= 2022)
}

/// `preserveValueImports` and `importsNotUsedAsValues` are what `verbatimModuleSyntax` replaced.
fn unused_imports(compiler: &CompilerOptions) -> UnusedImports {
    if compiler.verbatim_module_syntax == Some(true) || compiler.preserve_value_imports == Some(true) {
        return UnusedImports::KeepNames;
    }
    match compiler
        .imports_not_used_as_values
        .as_deref()
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("preserve" | "error") => UnusedImports::KeepStatement,
        _ => UnusedImports::Remove,
    }
}

fn bad_value(config: &Path, option: &str, value: &str, allowed: &str) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::new(
        Code::Tsconfig,
        "",
        format!(
            "`{option}` is `{value}` in {}, which is not {allowed}",
            config.display()
        ),
        format!("Set `{option}` to {allowed}."),
    )
    .with_found(value)
    .with_required(allowed);
    Box::new(diagnostic.at(location_of(config, option)))
}

/// Why a config cannot be used, at the place that says so where there is one.
fn unusable(config: &Path, error: &ResolveError) -> Box<Diagnostic> {
    let diagnostic = match error {
        ResolveError::TsconfigLoadFailed { path, source } => match &**source {
            ResolveError::Json(json) => Diagnostic::new(
                Code::Tsconfig,
                "",
                format!(
                    "{} cannot be read as JSON with comments: {}",
                    path.display(),
                    json.message
                ),
                "Correct the file at this place.",
            )
            .at(location_at(path, json.line, json.column)),
            other => Diagnostic::new(
                Code::Tsconfig,
                "",
                format!("{} cannot be read: {other}", path.display()),
                format!(
                    "Create the file, or remove it from `extends` or `references` in {}.",
                    config.display()
                ),
            )
            .at(path
                .file_name()
                .and_then(|name| location_of(config, &name.to_string_lossy()))),
        },
        ResolveError::TsconfigNotFound(wanted) => Diagnostic::new(
            Code::Tsconfig,
            "",
            format!(
                "`{}`, which {} extends, does not exist",
                wanted.display(),
                config.display()
            ),
            "Correct `extends`, or install the package it names.",
        )
        .at(wanted
            .to_str()
            .and_then(|wanted| location_of(config, wanted))
            .or_else(|| location_of(config, "extends"))),
        ResolveError::TsconfigCircularExtend(chain) => Diagnostic::new(
            Code::Tsconfig,
            "",
            format!("Configs extend each other in a circle: {chain}"),
            "Remove one `extends` of the circle.",
        )
        .at(location_of(config, "extends")),
        other => Diagnostic::new(
            Code::Tsconfig,
            "",
            format!("{} cannot be used: {other}", config.display()),
            "Correct the file.",
        ),
    };
    Box::new(diagnostic)
}

/// Where a file first says `text`.
fn location_of(config: &Path, text: &str) -> Option<Location> {
    let source = std::fs::read_to_string(config).ok()?;
    let start = source.find(text)?;
    Some(Location::of_range(config, &source, start, start + text.len()))
}

/// A place given as 1-based line and byte column.
fn location_at(config: &Path, line: usize, column: usize) -> Option<Location> {
    let source = std::fs::read_to_string(config).ok()?;
    let line_start: usize = source
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let start = line_start + column.saturating_sub(1);
    Some(Location::of_range(config, &source, start, start + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Project(tempfile::TempDir);

    impl Project {
        fn new(files: &[(&str, &str)]) -> Self {
            let project = Self(tempfile::tempdir().expect("the machine has a temporary directory"));
            for (path, text) in files {
                let path = project.0.path().join(path);
                std::fs::create_dir_all(path.parent().expect("a file has a directory")).expect("creatable");
                std::fs::write(path, text).expect("writable");
            }
            project
        }

        fn options(&self, path: &str) -> Result<TransformOptions, Box<Diagnostic>> {
            TsconfigCache::new(None).transform_options(&self.0.path().join(path))
        }
    }

    fn compiler_options(text: &str) -> TransformOptions {
        let project = Project::new(&[(
            "tsconfig.json",
            &format!("{{ // comment\n \"compilerOptions\": {{ {text} }}, }}"),
        )]);
        project.options("src/a.ts").expect("the config is right")
    }

    #[test]
    fn jsx_modes_choose_the_runtime() {
        assert_eq!(
            compiler_options(r#""jsx": "react""#).jsx.runtime,
            JsxRuntime::Classic
        );
        assert_eq!(
            compiler_options(r#""jsx": "react-jsx""#).jsx.runtime,
            JsxRuntime::Automatic
        );
        assert_eq!(
            compiler_options(r#""jsx": "preserve""#).jsx,
            JsxOptions::default()
        );
        let vue = compiler_options(r#""jsx": "preserve", "jsxImportSource": "vue""#).jsx;
        assert_eq!(
            (vue.runtime, vue.import_source.as_str()),
            (JsxRuntime::Automatic, "vue")
        );
        let h = compiler_options(r#""jsx": "preserve", "jsxFactory": "h""#).jsx;
        assert_eq!((h.runtime, h.factory.as_str()), (JsxRuntime::Classic, "h"));
    }

    #[test]
    fn the_target_decides_class_fields_unless_the_option_does() {
        let semantics = |text: &str| compiler_options(text).class_fields;
        assert_eq!(semantics(""), ClassFieldSemantics::Define);
        assert_eq!(semantics(r#""target": "ES2021""#), ClassFieldSemantics::Assign);
        assert_eq!(semantics(r#""target": "es5""#), ClassFieldSemantics::Assign);
        assert_eq!(semantics(r#""target": "es2022""#), ClassFieldSemantics::Define);
        assert_eq!(semantics(r#""target": "ESNext""#), ClassFieldSemantics::Define);
        let explicit = r#""target": "ESNext", "useDefineForClassFields": false"#;
        assert_eq!(semantics(explicit), ClassFieldSemantics::Assign);
    }

    #[test]
    fn decorators_and_imports() {
        let options = compiler_options(r#""experimentalDecorators": true, "verbatimModuleSyntax": true"#);
        assert_eq!(options.decorators, DecoratorSemantics::Experimental);
        assert_eq!(options.unused_imports, UnusedImports::KeepNames);
        let options = compiler_options(
            r#""experimentalDecorators": true, "emitDecoratorMetadata": true, "importsNotUsedAsValues": "preserve""#,
        );
        assert_eq!(
            options.decorators,
            DecoratorSemantics::ExperimentalWithMetadata(NullTypes::Told)
        );
        assert_eq!(options.unused_imports, UnusedImports::KeepStatement);
    }

    #[test]
    fn extends_takes_files_packages_and_lists() {
        let project = Project::new(&[
            (
                "tsconfig.json",
                r#"{ "extends": ["./base", "shared-config/tsconfig.json"], "compilerOptions": {} }"#,
            ),
            (
                "base.json",
                r#"{ "compilerOptions": { "jsx": "react", "target": "es2015" } }"#,
            ),
            (
                "node_modules/shared-config/tsconfig.json",
                r#"{ "compilerOptions": { "target": "es2023", "jsxImportSource": "x" } }"#,
            ),
            (
                "node_modules/shared-config/package.json",
                r#"{ "name": "shared-config" }"#,
            ),
        ]);
        let options = project.options("src/deep/a.tsx").expect("the config is right");
        assert_eq!(options.jsx.runtime, JsxRuntime::Classic);
        assert_eq!(options.jsx.import_source, "x");
        assert_eq!(
            options.class_fields,
            ClassFieldSemantics::Define,
            "the later config wins"
        );
    }

    #[test]
    fn the_nearest_config_counts_and_never_for_installed_packages() {
        let project = Project::new(&[
            ("tsconfig.json", r#"{ "compilerOptions": { "jsx": "react" } }"#),
            (
                "app/jsconfig.json",
                r#"{ "compilerOptions": { "jsxImportSource": "y" } }"#,
            ),
        ]);
        assert_eq!(
            project.options("a.tsx").expect("right").jsx.runtime,
            JsxRuntime::Classic
        );
        let near = project.options("app/src/a.jsx").expect("right").jsx;
        assert_eq!(
            (near.runtime, near.import_source.as_str()),
            (JsxRuntime::Automatic, "y")
        );
        let installed = project.options("node_modules/x/a.tsx").expect("right");
        assert_eq!(installed, TransformOptions::default());
    }

    #[test]
    fn a_solution_leads_to_the_config_that_includes_the_file() {
        let project = Project::new(&[
            (
                "tsconfig.json",
                r#"{ "files": [], "references": [{ "path": "./app.json" }, { "path": "./node.json" }] }"#,
            ),
            (
                "app.json",
                r#"{ "include": ["src"], "compilerOptions": { "jsx": "react" } }"#,
            ),
            (
                "node.json",
                r#"{ "include": ["tools"], "compilerOptions": { "experimentalDecorators": true } }"#,
            ),
        ]);
        assert_eq!(
            project.options("src/a.tsx").expect("right").jsx.runtime,
            JsxRuntime::Classic
        );
        let tool = project.options("tools/a.ts").expect("right");
        assert_eq!(tool.decorators, DecoratorSemantics::Experimental);
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_is() {
        let place = |text: &str| {
            let project = Project::new(&[("tsconfig.json", text)]);
            let diagnostic = project.options("a.ts").expect_err("the config is wrong");
            assert_eq!(diagnostic.code, Code::Tsconfig);
            let location = diagnostic.location.expect("the file has the place");
            (location.line, location.source_line)
        };
        assert_eq!(place("{\n  \"compilerOptions\": { \"jsx\" }\n}").0, 2);
        assert_eq!(place("{\n\n \"compilerOptions\": { \"jsx\": \"solid\" } }").0, 3);
        assert_eq!(place("{\n \"extends\": \"./nowhere.json\" }").0, 2);
        assert_eq!(place("{\n \"extends\": \"not-installed\" }").0, 2);
        assert_eq!(place("{\n \"extends\": \"./tsconfig.json\" }").0, 2);
    }
}
