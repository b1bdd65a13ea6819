//! A bundler around `swc_bundler`, as its documentation and SWC's own `spack` put it together: a loader that
//! parses and resolves names, a resolver, and SWC's code generator for the result.

use std::collections::HashMap;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Error, anyhow};
use esmx_build::protocol::Side;
use esmx_build::resolve::{Mode, RequestKind, ResolveSettings, Resolved, Resolver};
use indexmap::IndexMap;
use serde::Serialize;
use swc_bundler::{Bundle, BundleKind, Bundler, Config, Hook, Load, ModuleData, ModuleRecord, Resolve};
use swc_core::common::sync::Lrc;
use swc_core::common::{FileName, GLOBALS, Globals, Mark, SourceFile, SourceMap, Span};
use swc_core::ecma::ast::{EsVersion, KeyValueProp, Module};
use swc_core::ecma::codegen::text_writer::JsWriter;
use swc_core::ecma::codegen::{Config as CodegenConfig, Emitter};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_module};
use swc_core::ecma::transforms::base::helpers::Helpers;
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith as _;
use swc_ecma_loader::resolve::Resolution;

use crate::program::read_entries;

/// Its passes recurse over the graph, so that it gets far more than the usual 8 MB.
const STACK_BYTES: usize = 1 << 30;

/// The modules of Node that programs and their packages use; each also exists with the prefix `node:`.
const NODE_MODULES: [&str; 16] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "crypto",
    "events",
    "fs",
    "http",
    "module",
    "os",
    "path",
    "process",
    "stream",
    "url",
    "util",
    "worker_threads",
];

fn is_external(specifier: &str) -> bool {
    NODE_MODULES.contains(&specifier.strip_prefix("node:").unwrap_or(specifier))
}

/// Bundles the program in `directory` and writes the result to `output`, as a program again.
pub fn bundle_on_a_large_stack(directory: &Path, output: &Path) -> anyhow::Result<()> {
    thread::scope(|scope| {
        let handle = thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || bundle(directory, output))
            .context("cannot start a thread")?;
        handle
            .join()
            .unwrap_or_else(|payload| panic::resume_unwind(payload))
    })
}

fn bundle(directory: &Path, output: &Path) -> anyhow::Result<()> {
    let entries = read_entries(directory)?;
    let external_modules = NODE_MODULES
        .iter()
        .flat_map(|name| [(*name).into(), format!("node:{name}").into()]);
    let source_map = Lrc::new(SourceMap::default());
    let globals = Globals::new();
    GLOBALS.set(&globals, || {
        let mut linker = Bundler::new(
            &globals,
            source_map.clone(),
            FileLoader {
                source_map: source_map.clone(),
            },
            FileResolver {
                resolver: Resolver::new(&ResolveSettings::of_side(Side::Server, Mode::Production)),
            },
            Config {
                require: uses_commonjs(directory)?,
                external_modules: external_modules.collect(),
                ..Config::default()
            },
            Box::new(NoMetaProperties),
        );
        let named = entries
            .iter()
            .map(|(name, file)| (name.clone(), FileName::Real(file.clone())));
        let bundles = linker.bundle(named.collect::<HashMap<_, _>>())?;
        write(directory, output, &bundles, &source_map)
    })
}

/// With its option `require`, it takes ES modules that neither import nor export for CommonJS and runs them out
/// of order, so that programs without CommonJS are better off without the option.
fn uses_commonjs(directory: &Path) -> anyhow::Result<bool> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    for entry in entries {
        let name = PathBuf::from(entry?.file_name());
        if name == Path::new("node_modules") || name.extension().is_some_and(|extension| extension == "cjs") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads and parses a file, and tells names apart that scopes keep apart.
struct FileLoader {
    source_map: Lrc<SourceMap>,
}

impl Load for FileLoader {
    fn load(&self, name: &FileName) -> Result<ModuleData, Error> {
        let FileName::Real(path) = name else {
            // It also loads what stays outside when that is exported again.
            let nothing = self
                .source_map
                .new_source_file(name.clone().into(), String::new());
            return parsed(nothing);
        };
        let fm = self
            .source_map
            .load_file(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        parsed(fm)
    }
}

fn parsed(fm: Lrc<SourceFile>) -> Result<ModuleData, Error> {
    let syntax = Syntax::Es(EsSyntax {
        import_attributes: true,
        ..EsSyntax::default()
    });
    let mut module = parse_file_as_module(&fm, syntax, EsVersion::latest(), None, &mut Vec::new())
        .map_err(|error| anyhow!("cannot parse {}: {:?}", fm.name, error.kind()))?;
    module.visit_mut_with(&mut resolver(Mark::new(), Mark::new(), false));
    Ok(ModuleData {
        fm,
        module,
        helpers: Helpers::new(false),
    })
}

/// Finds files as our own linker does, so that the two differ in linking only.
struct FileResolver {
    resolver: Resolver,
}

impl Resolve for FileResolver {
    fn resolve(&self, base: &FileName, specifier: &str) -> Result<Resolution, Error> {
        if is_external(specifier) {
            let filename = FileName::Custom(specifier.to_owned());
            return Ok(Resolution { filename, slug: None });
        }
        let FileName::Real(importer) = base else {
            return Err(anyhow!("{base} is not a file"));
        };
        match self.resolver.resolve(importer, specifier, RequestKind::Import) {
            Ok(Resolved::File(file)) => Ok(Resolution {
                filename: FileName::Real(file.path),
                slug: None,
            }),
            Ok(Resolved::Ignored) => Err(anyhow!("'{specifier}' is replaced by nothing")),
            Err(unresolved) => Err(anyhow!("'{specifier}': {}", unresolved.reason)),
        }
    }
}

/// No program of the comparison reads `import.meta`.
struct NoMetaProperties;

impl Hook for NoMetaProperties {
    fn get_import_meta_props(&self, _: Span, _: &ModuleRecord) -> Result<Vec<KeyValueProp>, Error> {
        Ok(Vec::new())
    }
}

#[derive(Serialize)]
struct PackageJson {
    name: &'static str,
    r#type: &'static str,
    esmx: Declaration,
}

/// In the order of the program's own declaration, in which the entries are imported.
#[derive(Serialize)]
struct Declaration {
    exports: IndexMap<String, String>,
}

fn write(
    directory: &Path,
    output: &Path,
    bundles: &[Bundle],
    source_map: &Lrc<SourceMap>,
) -> anyhow::Result<()> {
    fs::create_dir_all(output).with_context(|| format!("cannot create {}", output.display()))?;
    for (index, bundle) in bundles.iter().enumerate() {
        let file = match &bundle.kind {
            BundleKind::Named { name } | BundleKind::Lib { name } => format!("{name}.js"),
            BundleKind::Dynamic => format!("dynamic-{index}.js"),
        };
        let path = output.join(&file);
        fs::write(&path, print(&bundle.module, source_map)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let exports = read_entries(directory)?.into_keys();
    let package_json = PackageJson {
        name: "bundled",
        r#type: "module",
        esmx: Declaration {
            exports: exports
                .map(|name| (format!("./{name}"), format!("./{name}.js")))
                .collect(),
        },
    };
    let path = output.join("package.json");
    fs::write(&path, serde_json::to_string(&package_json)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn print(module: &Module, source_map: &Lrc<SourceMap>) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut emitter = Emitter {
        cfg: CodegenConfig::default(),
        cm: source_map.clone(),
        comments: None,
        wr: JsWriter::new(source_map.clone(), "\n", &mut text, None),
    };
    emitter.emit_module(module).context("cannot print a bundle")?;
    Ok(text)
}
