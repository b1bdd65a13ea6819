//! What went into which file, in the shape of esbuild's metafile, so that the analysers made for it read ours.
//!
//! ```json
//! { "inputs":  { "src/main.js": { "bytes": 60, "imports": [ { "path": "src/a.js", "kind": "import-statement",
//!                                                             "original": "./a" } ], "format": "esm" } },
//!   "outputs": { "dist/main.js": { "imports": [], "exports": [ "x" ], "entryPoint": "src/main.js",
//!                                  "inputs": { "src/a.js": { "bytesInOutput": 20 } }, "bytes": 95 } } }
//! ```
//!
//! Paths are relative to the directory where the command was run.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::base::relative_posix;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::emit::{BundleFile, BundleRole};
use crate::graph::{ImportRecord, ModuleFormat, ModuleGraph, ModuleId, RequestSyntax, Target};
use crate::render::{RenderedChunk, RenderedStyle};

#[derive(Serialize)]
struct Metafile {
    inputs: IndexMap<String, Input>,
    outputs: IndexMap<String, Output>,
}

#[derive(Serialize)]
struct Input {
    bytes: usize,
    imports: Vec<Import>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
}

#[derive(Serialize)]
struct Import {
    path: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    external: bool,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Output {
    imports: Vec<Import>,
    exports: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_point: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    css_bundle: Option<String>,
    inputs: IndexMap<String, Contribution>,
    bytes: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contribution {
    bytes_in_output: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What the metafile tells of, beside the modules and their chunks.
pub struct Written<'a> {
    /// All files.
    pub files: &'a [BundleFile],
    /// The delivered files among them, and what they are made of.
    pub sources: &'a [(String, PathBuf)],
    /// Where they are.
    pub output_dir: &'a Path,
}

/// The text of the metafile. `root` is what paths are relative to.
pub fn metafile(
    graph: &ChunkGraph,
    rendered: &[RenderedChunk],
    written: &Written<'_>,
    root: &Path,
) -> String {
    let Written {
        files,
        sources,
        output_dir,
    } = *written;
    let modules = &graph.bound.graph;
    let described = Described {
        graph: modules,
        delivered: first_files(sources),
        root,
    };
    // A file may be named as itself and as the URL of a style sheet: then it is made of that.
    let source_of: FxHashMap<&str, &Path> = sources
        .iter()
        .map(|(file, source)| (&**file, &**source))
        .collect();
    let inputs = modules
        .modules
        .indices()
        .map(|id| (described.path(id), described.input(id)));
    let output_path = |file: &str| relative_posix(root, &output_dir.join(file));
    let mut outputs: IndexMap<String, Output> = files
        .iter()
        .filter(|file| !matches!(file.role, BundleRole::Entry { .. } | BundleRole::Chunk))
        .map(|file| {
            let bytes = file.file.bytes.len();
            let style = rendered
                .iter()
                .filter_map(|chunk| chunk.style.as_ref())
                .find(|style| style.file == file.file.path);
            let mut output = Output {
                bytes,
                ..Output::default()
            };
            if let Some(source) = source_of.get(&*file.file.path) {
                let contribution = Contribution {
                    bytes_in_output: bytes,
                };
                output.inputs.insert(relative_posix(root, source), contribution);
            }
            if let Some(style) = style {
                output.inputs = described.contributions(&style.modules);
                output.imports = described.files_of_style(style, &output_path);
            }
            (output_path(&file.file.path), output)
        })
        .collect();
    let with_code = rendered
        .iter()
        .enumerate()
        .filter(|(_, chunk)| !chunk.is_codeless);
    for (index, chunk) in with_code {
        let id = ChunkId::from_usize(index);
        let file_of = |chunk: ChunkId| output_path(&rendered[chunk.index()].file);
        let output = Output {
            imports: described.imports_of_chunk(graph, id, &file_of),
            exports: chunk.exports.clone(),
            entry_point: graph.chunks[id]
                .entry
                .map(|entry| described.path(graph.bound.entries[entry].module)),
            css_bundle: chunk.style.as_ref().map(|style| output_path(&style.file)),
            inputs: described.contributions(&chunk.modules),
            bytes: chunk.code.len(),
        };
        outputs.insert(output_path(&chunk.file), output);
    }
    let document = Metafile {
        inputs: inputs.collect(),
        outputs,
    };
    let mut text = serde_json::to_string_pretty(&document).expect("a metafile has only string keys");
    text.push('\n');
    text
}

struct Described<'a> {
    graph: &'a ModuleGraph,
    /// Sources that are delivered, and the files that they are.
    delivered: FxHashMap<&'a Path, &'a str>,
    root: &'a Path,
}

/// The first file of each source.
fn first_files(sources: &[(String, PathBuf)]) -> FxHashMap<&Path, &str> {
    let last_first = sources.iter().rev();
    last_first.map(|(file, source)| (&**source, &**file)).collect()
}

impl Described<'_> {
    fn path(&self, id: ModuleId) -> String {
        relative_posix(self.root, &self.graph.modules[id].path)
    }

    fn input(&self, id: ModuleId) -> Input {
        let module = &self.graph.modules[id];
        let is_script = module.syntax.resource.is_none()
            && !self.delivered.contains_key(&*module.path)
            && !crate::base::has_extension(&module.stable_path, &["json"]);
        let requests = module.syntax.records.iter().zip(&module.targets);
        // One that is written without its function was CommonJS.
        let is_commonjs = module.syntax.format == ModuleFormat::CommonJs || module.syntax.hoisted.is_some();
        Input {
            bytes: module.syntax.source.len(),
            imports: requests
                .filter(|(record, target)| {
                    **target != Target::Module(id) || record.syntax != RequestSyntax::Asset
                })
                .filter_map(|(record, target)| self.import(record, *target))
                .collect(),
            format: is_script.then_some(if is_commonjs { "cjs" } else { "esm" }),
        }
    }

    fn contributions(&self, modules: &[(ModuleId, usize)]) -> IndexMap<String, Contribution> {
        let contribution = |bytes: &usize| Contribution {
            bytes_in_output: *bytes,
        };
        modules
            .iter()
            .map(|(module, bytes)| (self.path(*module), contribution(bytes)))
            .collect()
    }

    fn files_of_style(&self, style: &RenderedStyle, output_path: &dyn Fn(&str) -> String) -> Vec<Import> {
        let path_of = |module: &ModuleId| &self.graph.modules[*module].path;
        let named = style.assets.iter().map(path_of);
        named
            .filter_map(|path| self.delivered.get(&**path))
            .map(|file| Import {
                path: output_path(file),
                kind: kind(RequestSyntax::Asset),
                original: None,
                external: false,
            })
            .collect()
    }

    fn import(&self, record: &ImportRecord, target: Target) -> Option<Import> {
        let (path, external) = match target {
            Target::Module(module) => (self.path(module), false),
            Target::External(external) => (self.graph.externals[external].specifier.to_string(), true),
            Target::Ignored | Target::Missing => return None,
        };
        let written = record.specifier.to_string();
        Some(Import {
            original: (path != written).then_some(written),
            path,
            kind: kind(record.syntax),
            external,
        })
    }

    /// Files first, then what is outside.
    fn imports_of_chunk(
        &self,
        graph: &ChunkGraph,
        id: ChunkId,
        file_of: &dyn Fn(ChunkId) -> String,
    ) -> Vec<Import> {
        let chunk = &graph.chunks[id];
        let import = |path: String, kind: &'static str, external: bool| Import {
            path,
            kind,
            original: None,
            external,
        };
        let statics = chunk.imports.keys().filter(|other| !graph.is_codeless(**other));
        let mut imports: Vec<Import> = statics
            .map(|other| import(file_of(*other), kind(RequestSyntax::Static), false))
            .collect();
        for module in &chunk.modules {
            let module = &self.graph.modules[*module];
            for (record, target) in module.syntax.records.iter().zip(&module.targets) {
                let (path, external) = match *target {
                    Target::External(external) => {
                        (self.graph.externals[external].specifier.to_string(), true)
                    }
                    Target::Module(module) if record.syntax.loads_later() => {
                        match graph.chunk_of_entry_module(module) {
                            Some(other) => (file_of(other), false),
                            None => continue,
                        }
                    }
                    _ => continue,
                };
                let kind = kind(record.syntax);
                if !imports.iter().any(|one| one.path == path && one.kind == kind) {
                    imports.push(import(path, kind, external));
                }
            }
        }
        imports
    }
}

fn kind(syntax: RequestSyntax) -> &'static str {
    match syntax {
        RequestSyntax::Static | RequestSyntax::StyleText => "import-statement",
        RequestSyntax::Dynamic | RequestSyntax::Worker => "dynamic-import",
        RequestSyntax::Require | RequestSyntax::RequireInTry => "require-call",
        RequestSyntax::RequireResolve => "require-resolve",
        RequestSyntax::Style => "import-rule",
        RequestSyntax::Asset => "url-token",
    }
}
