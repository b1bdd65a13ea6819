//! What is made of the bytes of a file: by its kind, its settings, and what is asked of it.

use std::path::Path;
use std::sync::Arc;

use swc_core::common::SyntaxContext;

use super::super::environment::Environment;
use super::super::file_use::{FileUse, split_path, suffix_of_place};
use super::super::generated::{
    load_delivered, load_inlined, load_place, load_style_sheet, load_text, load_webassembly, load_worker,
};
use super::super::import_glob::{GlobPlace, expand_globs, mentions_glob};
use super::super::injected::inject;
use super::super::load::{
    DeclaredFormat, format_of, load_ignored, load_names, load_script, load_script_with,
};
use super::super::loaders::{Loader, data_url, load_data};
use super::super::parse::decode_source;
use super::super::request::IGNORED_FILE;
use super::super::requests_by_name::{expand_requests_by_name, mentions_request_by_name};
use super::super::source_kind::SourceKind;
use super::super::source_settings::TreeShaking;
use super::super::styles::{load_style, load_style_text, load_style_url, values_of_sheet};
use super::super::transform::TransformOptions;
use super::{MODE_EXPRESSION, ModeInCode, SyntaxCache};
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::ModuleSyntax;
use crate::resolve::ResolvedFile;

impl SyntaxCache {
    pub(super) fn read(
        &self,
        files: &dyn FileSystem,
        content: std::io::Result<Vec<u8>>,
        file: &ResolvedFile,
        mode: ModeInCode,
        environment: Option<&Environment>,
    ) -> Result<ModuleSyntax, Vec<Diagnostic>> {
        let (path, wish) = split_path(&file.path);
        let path = &path;
        if path.file_name().is_some_and(|name| name == IGNORED_FILE) {
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
            match mode {
                ModeInCode::Replaced => load_script(path, source, kind, declared, &options)?,
                ModeInCode::Open => load_names(path, source, kind, declared, &options)?,
            }
        };
        if self.settings.shaking == TreeShaking::Off {
            syntax.features.keeps_everything = true;
            for facts in &mut syntax.statements {
                facts.has_side_effects = true;
                facts.silent_if = None;
            }
        }
        Ok(syntax)
    }

    /// What a query asks for.
    pub(super) fn load_use(
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
            FileUse::Place => {
                let suffix = suffix_of_place(module).unwrap_or_default();
                match (self.settings.loaders.of_path(path), &self.asset_names) {
                    (Some(Loader::File), Some(names)) => {
                        let url = names.url(&self.assets.add(path, bytes, &**names));
                        load_data(module, bytes, Loader::File, &format!("{url}{suffix}"))?
                    }
                    _ => load_place(module, path, &suffix),
                }
            }
        })
    }

    pub(super) fn options(&self, path: &Path) -> Result<TransformOptions, Vec<Diagnostic>> {
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

pub(super) fn define_environment(options: &mut TransformOptions, environment: Option<&Environment>) {
    let of_environment = environment.map(Environment::defines).unwrap_or_default();
    for define in of_environment {
        if !options.defines.iter().any(|own| own.is_for_the_same(&define)) {
            options.defines.push(define);
        }
    }
}

pub(super) fn declared_format(file: &ResolvedFile, kind: SourceKind) -> DeclaredFormat {
    if file.is_module_type {
        DeclaredFormat::EsModule
    } else if file.is_commonjs_type && !kind.is_typed() && kind != SourceKind::Jsx {
        DeclaredFormat::CommonJs
    } else {
        DeclaredFormat::Open
    }
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
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
