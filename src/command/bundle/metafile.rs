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

use std::path::Path;

use indexmap::IndexMap;
use serde::Serialize;

use crate::base::relative_posix;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::emit::{BundleFile, BundleRole};
use crate::graph::{ImportRecord, ModuleFormat, ModuleGraph, ModuleId, RequestSyntax, Target};
use crate::render::RenderedChunk;

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

/// The text of the metafile. `root` is what paths are relative to.
pub fn metafile(
    graph: &ChunkGraph,
    rendered: &[RenderedChunk],
    files: &[BundleFile],
    root: &Path,
    output_dir: &Path,
) -> String {
    let modules = &graph.bound.graph;
    let described = Described { graph: modules, root };
    let inputs = modules
        .modules
        .indices()
        .map(|id| (described.path(id), described.input(id)));
    let output_path = |file: &str| relative_posix(root, &output_dir.join(file));
    let mut outputs: IndexMap<String, Output> = files
        .iter()
        .filter(|file| !matches!(file.role, BundleRole::Entry { .. } | BundleRole::Chunk))
        .map(|file| {
            let output = Output {
                bytes: file.file.bytes.len(),
                ..Output::default()
            };
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
            inputs: chunk
                .modules
                .iter()
                .map(|(module, bytes)| {
                    let contribution = Contribution {
                        bytes_in_output: *bytes,
                    };
                    (described.path(*module), contribution)
                })
                .collect(),
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
    root: &'a Path,
}

impl Described<'_> {
    fn path(&self, id: ModuleId) -> String {
        relative_posix(self.root, &self.graph.modules[id].path)
    }

    fn input(&self, id: ModuleId) -> Input {
        let module = &self.graph.modules[id];
        let is_script = !crate::base::has_extension(&module.stable_path, &["json"]);
        let requests = module.syntax.records.iter().zip(&module.targets);
        Input {
            bytes: module.syntax.source.len(),
            imports: requests
                .filter_map(|(record, target)| self.import(record, *target))
                .collect(),
            format: is_script.then_some(match module.syntax.format {
                ModuleFormat::EsModule => "esm",
                ModuleFormat::CommonJs => "cjs",
            }),
        }
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
