//! The files and the manifest of one side (PROTOCOL §10.3).

use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::assets::{asset_files, delivered_at, style_files};
use crate::base::{has_extension, integrity_sha384};
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::{EntryKind, Target};
use crate::protocol::{Manifest, ManifestChunk, ManifestExport, ManifestProvide, PROTOCOL, Side};
use crate::render::{AssetDelivery, DeliveryPlace, RenderedChunk};
use crate::scan::{Asset, Copies};

/// A file to be written, relative to the side's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedFile {
    /// Relative, `/` separators.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl From<Asset> for EmittedFile {
    fn from(asset: Asset) -> Self {
        Self {
            path: asset.file,
            bytes: asset.bytes,
        }
    }
}

/// Everything one side writes.
#[derive(Debug, Clone)]
pub struct EmittedSide {
    /// Which side.
    pub side: Side,
    /// All files but the manifest.
    pub files: Vec<EmittedFile>,
    /// What `manifest.json` says.
    pub manifest: Manifest,
    /// Files whose URLs this side says but that the client serves (PROTOCOL §10.4).
    pub served_by_client: Vec<EmittedFile>,
}

impl EmittedSide {
    /// Adds files that the other side refers to.
    pub fn add_served(&mut self, served: &[EmittedFile]) {
        for file in served {
            if self.files.iter().all(|own| own.path != file.path) {
                self.files.push(file.clone());
            }
        }
        self.files
            .sort_unstable_by(|left, right| left.path.cmp(&right.path));
        self.manifest.files = self.files.iter().map(|file| file.path.clone()).collect();
    }
}

/// What the manifest says beyond what chunks know.
pub struct ManifestFacts<'a> {
    /// Module name.
    pub name: &'a str,
    /// Module version, empty if there is none.
    pub version: &'a str,
    /// `esmx.uses`.
    pub uses: Vec<String>,
    /// The complete wiring table: the module scope.
    pub wiring: IndexMap<String, String>,
    /// Scopes inside the module; only legacy modules have some.
    pub inner_scopes: IndexMap<String, IndexMap<String, String>>,
    /// Provided name → version and identity.
    pub provides: IndexMap<String, ProvidedVersion>,
    /// Additional names of exports: name → name of the export it repeats.
    pub export_aliases: IndexMap<String, String>,
    /// Additional keys of chunks: key → export name.
    pub chunk_aliases: IndexMap<String, String>,
    /// Whether hashes of the final bytes are listed.
    pub integrity: Integrity,
}

/// What is installed of a provided package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidedVersion {
    /// Installed version, `0.0.0` if unknown.
    pub version: String,
    /// Real package name and subpath.
    pub identity: String,
}

/// Whether a manifest lists integrity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// Production.
    Listed,
    /// Development.
    Omitted,
}

/// Makes the files and the manifest of one side.
pub fn emit_side(
    graph: &ChunkGraph,
    rendered: Vec<RenderedChunk>,
    keys: &[String],
    side: Side,
    assets: &AssetDelivery,
    copies: &Copies,
    facts: ManifestFacts<'_>,
) -> EmittedSide {
    let file_of = |chunk: ChunkId| rendered[chunk.index()].file.clone();
    let mut exports = IndexMap::new();
    let mut provides = IndexMap::new();
    for (index, entry) in graph.bound.entries.iter().enumerate() {
        if entry.kind == EntryKind::Dynamic {
            continue;
        }
        let is_package = entry.kind == EntryKind::Provided;
        exports.insert(
            entry.name.clone(),
            manifest_export(
                facts.name,
                &entry.name,
                is_package,
                file_of(graph.entry_chunks[index]),
            ),
        );
        if let Some(provided) = is_package.then(|| facts.provides.get(&entry.name)).flatten() {
            provides.insert(
                entry.name.clone(),
                ManifestProvide {
                    version: provided.version.clone(),
                    package: Some(provided.identity.clone()),
                    chunks: private_files(graph, index, &rendered),
                },
            );
        }
    }
    for (alias, name) in &facts.export_aliases {
        if let Some(file) = exports.get(name).map(|export| export.file.clone())
            && !exports.contains_key(alias)
        {
            exports.insert(alias.clone(), manifest_export(facts.name, alias, false, file));
        }
    }
    // Whoever composes maps leads every identifier to its file, and so the names by which files import each other.
    for chunk in &rendered {
        let own = chunk.specifier.as_ref();
        let name = own.and_then(|one| one.strip_prefix(facts.name)?.strip_prefix('/'));
        if let Some(name) = name.filter(|name| !exports.contains_key(*name)) {
            let export = manifest_export(facts.name, name, false, chunk.file.clone());
            exports.insert(name.to_owned(), export);
        }
    }
    let mut chunks: IndexMap<String, ManifestChunk> = keys
        .iter()
        .zip(&rendered)
        .map(|(key, chunk)| (key.clone(), manifest_chunk(key, chunk, graph, assets)))
        .collect();
    for (key, name) in &facts.chunk_aliases {
        if let Some(export) = exports.get(name)
            && !chunks.contains_key(key)
        {
            let same = chunks.values().find(|chunk| chunk.js == export.file).cloned();
            chunks.extend(same.map(|chunk| {
                let name = key.clone();
                (key.clone(), ManifestChunk { name, ..chunk })
            }));
        }
    }
    let delivered = |place| -> Vec<EmittedFile> {
        let modules = rendered.iter().flat_map(|chunk| delivered_at(chunk, place));
        asset_files(graph, assets, modules)
    };
    let mut files = delivered(DeliveryPlace::BesideCode);
    files.extend(copies.list().into_iter().map(EmittedFile::from));
    let served_by_client = delivered(DeliveryPlace::BehindPrefix);
    files.extend(rendered.into_iter().flat_map(chunk_files));
    files.sort_unstable_by(|left, right| left.path.cmp(&right.path));
    let manifest = Manifest {
        protocol: PROTOCOL,
        name: facts.name.to_owned(),
        version: if facts.version.is_empty() {
            "0.0.0".to_owned()
        } else {
            facts.version.to_owned()
        },
        exports,
        provides,
        uses: facts.uses,
        scopes: std::iter::once((String::new(), facts.wiring))
            .chain(facts.inner_scopes)
            .collect(),
        files: files.iter().map(|file| file.path.clone()).collect(),
        chunks,
        integrity: integrity(&files, facts.integrity),
    };
    EmittedSide {
        side,
        files,
        manifest,
        served_by_client,
    }
}

/// A chunk, and what belongs to it.
fn chunk_files(mut chunk: RenderedChunk) -> Vec<EmittedFile> {
    let mut files: Vec<EmittedFile> = legal_file(&mut chunk).into_iter().collect();
    files.extend(chunk.style.map(style_files).into_iter().flatten());
    if let Some(map) = chunk.source_map {
        files.push(EmittedFile {
            path: format!("{}.map", chunk.file),
            bytes: map.into_bytes(),
        });
    }
    files.push(EmittedFile {
        path: chunk.file,
        bytes: chunk.code.into_bytes(),
    });
    files
}

/// The licences of a chunk, where they have a file of their own.
fn legal_file(chunk: &mut RenderedChunk) -> Option<EmittedFile> {
    let text = chunk.legal_text.take()?;
    Some(EmittedFile {
        path: format!("{}.LEGAL.txt", chunk.file),
        bytes: text.into_bytes(),
    })
}

fn manifest_export(module: &str, name: &str, pkg: bool, file: String) -> ManifestExport {
    ManifestExport {
        name: name.to_owned(),
        pkg,
        file,
        identifier: format!("{module}/{name}"),
    }
}

fn manifest_chunk(
    key: &str,
    chunk: &RenderedChunk,
    graph: &ChunkGraph,
    assets: &AssetDelivery,
) -> ManifestChunk {
    let resources = delivered_at(chunk, DeliveryPlace::BesideCode);
    let resources = asset_files(graph, assets, resources).into_iter();
    ManifestChunk {
        name: key.to_owned(),
        js: chunk.file.clone(),
        css: chunk.style_files.clone(),
        resources: resources.map(|file| file.path).collect(),
    }
}

/// Hashes of everything a page may load as script or style.
fn integrity(files: &[EmittedFile], integrity: Integrity) -> IndexMap<String, String> {
    use rayon::prelude::*;
    if integrity == Integrity::Omitted {
        return IndexMap::new();
    }
    let is_covered = |file: &&EmittedFile| has_extension(&file.path, &["mjs", "js", "css"]);
    let hashed: Vec<(String, String)> = files
        .par_iter()
        .filter(is_covered)
        .map(|file| (file.path.clone(), integrity_sha384(&file.bytes)))
        .collect();
    hashed.into_iter().collect()
}

/// The files that exist only because of one provided package: code first, then its style sheets.
fn private_files(graph: &ChunkGraph, entry: usize, rendered: &[RenderedChunk]) -> Vec<String> {
    let chunks = private_chunks(graph, entry);
    let code = chunks.iter().map(|chunk| rendered[chunk.index()].file.clone());
    let styles = chunks.iter().filter_map(|chunk| {
        let style = rendered[chunk.index()].style.as_ref()?;
        Some(style.file.clone())
    });
    code.chain(styles).collect()
}

/// The chunks that exist only because of one provided package: its own first, then those that no other
/// declared entry reaches.
fn private_chunks(graph: &ChunkGraph, entry: usize) -> Vec<ChunkId> {
    let own = graph.entry_chunks[entry];
    let mut elsewhere: FxHashSet<ChunkId> = FxHashSet::default();
    for (index, point) in graph.bound.entries.iter().enumerate() {
        if index != entry && point.kind != EntryKind::Dynamic {
            elsewhere.extend(reachable_chunks(graph, graph.entry_chunks[index]));
        }
    }
    let reached = reachable_chunks(graph, own);
    reached
        .into_iter()
        .filter(|chunk| *chunk == own || !elsewhere.contains(chunk))
        .collect()
}

/// A chunk and everything it loads, statically or by `import()`, in the order of discovery.
fn reachable_chunks(graph: &ChunkGraph, from: ChunkId) -> Vec<ChunkId> {
    let mut found = vec![from];
    let mut next = 0;
    while let Some(chunk) = found.get(next).copied() {
        next += 1;
        let chunk = &graph.chunks[chunk];
        let dynamic = chunk.modules.iter().flat_map(|module| {
            let node = &graph.bound.graph.modules[*module];
            node.syntax
                .records
                .iter()
                .zip(&node.targets)
                .filter_map(|(record, target)| match target {
                    Target::Module(target) if record.syntax.loads_later() => {
                        graph.chunk_of_entry_module(*target)
                    }
                    _ => None,
                })
        });
        let loaded: Vec<ChunkId> = chunk.imports.keys().copied().chain(dynamic).collect();
        for chunk in loaded {
            if !found.contains(&chunk) {
                found.push(chunk);
            }
        }
    }
    found
}
