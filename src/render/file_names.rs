//! Names of output files, and the placeholders that stand for them until contents are hashed.
//!
//! A file's name contains the hash of its content, and its content contains the names of the files it
//! imports. So text is first written with placeholders as long as a hash; a file's hash is then made of its
//! own text and the texts of everything it refers to, directly or not; cycles are no problem that way.

use oxc_index::IndexVec;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::{content_hash, relative_posix};
use crate::chunk::{ChunkGraph, ChunkId};

/// Whether file names carry a content hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// `name.1a2b3c4d.final.mjs`: served as immutable.
    Hashed,
    /// `name.mjs`.
    Plain,
}

/// How many hexadecimal digits a hash has.
const DIGITS: usize = 8;

/// The names of all chunks of one side.
pub struct FileNames {
    names: IndexVec<ChunkId, String>,
}

impl FileNames {
    /// Final names without hashes, or names with placeholders.
    pub fn provisional(graph: &ChunkGraph, hashing: Hashing) -> Self {
        let name = |id: ChunkId| {
            let name = &graph.chunks[id].name;
            match hashing {
                Hashing::Hashed => format!("{name}.{}.final.mjs", placeholder(id)),
                Hashing::Plain => format!("{name}.mjs"),
            }
        };
        Self {
            names: graph.chunks.indices().map(name).collect(),
        }
    }

    /// The name of a chunk's file, relative to the output directory.
    pub fn of(&self, chunk: ChunkId) -> &str {
        &self.names[chunk]
    }

    /// The relative specifier that leads from one chunk's file to another's.
    pub fn specifier(&self, from: ChunkId, to: ChunkId) -> String {
        let root = std::path::Path::new("/");
        let directory = root.join(&self.names[from]);
        let relative = relative_posix(directory.parent().unwrap_or(root), &root.join(&self.names[to]));
        let url = url_path(&relative);
        if url.starts_with("../") {
            url
        } else {
            format!("./{url}")
        }
    }
}

/// What a relative URL may not say literally (RFC 3986 §3.3).
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'?')
    .add(b'<')
    .add(b'>')
    .add(b'`');

/// A relative path as a relative URL.
pub fn url_path(path: &str) -> String {
    utf8_percent_encode(path, NOT_IN_PATHS).to_string()
}

/// Stands for the hash of a chunk; as long as a hash, so that positions stay right.
fn placeholder(chunk: ChunkId) -> String {
    format!("h{:0width$x}", chunk.index(), width = DIGITS - 1)
}

/// One file's text with placeholders and the files it refers to.
pub struct Placeheld {
    /// The text.
    pub text: String,
    /// The chunks whose placeholders are in the text.
    pub references: Vec<ChunkId>,
}

/// Final names, and every text with its placeholders replaced by them.
pub fn hash_files(
    graph: &ChunkGraph,
    provisional: &FileNames,
    mut files: IndexVec<ChunkId, Placeheld>,
) -> (FileNames, IndexVec<ChunkId, String>) {
    let own: IndexVec<ChunkId, String> = files
        .iter_enumerated()
        .map(|(id, file)| {
            // Chunk numbers must not reach the hash: a new chunk elsewhere would rename every file.
            let neutral = replace(&file.text, provisional, |chunk| {
                (chunk == id || file.references.contains(&chunk)).then(String::new)
            });
            content_hash([graph.chunks[id].name.as_bytes(), neutral.as_bytes()], 64)
        })
        .collect();
    let hashes: IndexVec<ChunkId, String> = files.indices().map(|id| full_hash(id, &files, &own)).collect();
    let names = FileNames {
        names: graph
            .chunks
            .iter_enumerated()
            .map(|(id, chunk)| format!("{}.{}.final.mjs", chunk.name, hashes[id]))
            .collect(),
    };
    let texts = files
        .iter_mut()
        .map(|file| {
            if file.references.is_empty() {
                std::mem::take(&mut file.text)
            } else {
                replace(&file.text, provisional, |chunk| Some(hashes[chunk].clone()))
            }
        })
        .collect();
    (names, texts)
}

/// The hash of a file's own content and of everything reachable from it.
fn full_hash(id: ChunkId, files: &IndexVec<ChunkId, Placeheld>, own: &IndexVec<ChunkId, String>) -> String {
    let mut reachable = FxHashSet::default();
    let mut pending = files[id].references.clone();
    while let Some(next) = pending.pop() {
        if next != id && reachable.insert(next) {
            pending.extend(&files[next].references);
        }
    }
    let mut parts: Vec<&str> = reachable.into_iter().map(|chunk| own[chunk].as_str()).collect();
    parts.sort_unstable();
    parts.insert(0, &own[id]);
    content_hash(parts.into_iter().map(str::as_bytes), DIGITS)
}

/// Replaces every placeholder by what `substitute` says; others stay. One pass.
fn replace(text: &str, provisional: &FileNames, substitute: impl Fn(ChunkId) -> Option<String>) -> String {
    let by_placeholder: FxHashMap<String, ChunkId> = provisional
        .names
        .indices()
        .map(|chunk| (placeholder(chunk), chunk))
        .collect();
    let mut output = String::with_capacity(text.len());
    let mut copied = 0;
    for found in memchr::memmem::find_iter(text.as_bytes(), b".final.mjs") {
        let Some(start) = found.checked_sub(DIGITS) else {
            continue;
        };
        let Some(chunk) = text.get(start..found).and_then(|hash| by_placeholder.get(hash)) else {
            continue;
        };
        let name = provisional.of(*chunk);
        let stem = &name[..name.len() - ".final.mjs".len()];
        // `../chunks/a.<hash>` may be written as `./a.<hash>`: only the last segment is always there.
        let last = stem.rsplit('/').next().unwrap_or(stem);
        // Only in the name it belongs to is it a placeholder.
        if start < copied || !text[..found].ends_with(&url_path(last)) {
            continue;
        }
        let Some(replacement) = substitute(*chunk) else {
            continue;
        };
        output.push_str(&text[copied..start]);
        output.push_str(&replacement);
        copied = found;
    }
    output.push_str(&text[copied..]);
    output
}
