//! Names of output files, and the placeholders that stand for hashes until contents are known.
//!
//! A file's name may contain the hash of its content, and its content contains the names of the files it
//! imports. So text is first written with placeholders as long as a hash; a file's hash is then made of its
//! own text and the texts of everything it refers to, directly or not; cycles are no problem that way.

use oxc_index::IndexVec;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rustc_hash::FxHashSet;

use super::delivery::relative_url;
use super::file_hashes::whole_hashes;
use super::name_pattern::{HashText, NamePattern};
use super::specifiers::{ChunkReferences, Specifiers};
use crate::base::content_hash;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::EntryKind;

/// How files of JavaScript are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePatterns {
    /// Files of declared entries.
    pub entries: NamePattern,
    /// All others.
    pub chunks: NamePattern,
}

impl NamePatterns {
    /// The pattern of a chunk's file.
    pub fn of(&self, graph: &ChunkGraph, chunk: ChunkId) -> &NamePattern {
        let entry = graph.chunks[chunk].entry.map(|entry| &graph.bound.entries[entry]);
        match entry.map(|entry| &entry.kind) {
            None | Some(EntryKind::Dynamic) => &self.chunks,
            Some(EntryKind::Export | EntryKind::Plain | EntryKind::Provided) => &self.entries,
        }
    }
}

/// How many hexadecimal digits a hash has.
const DIGITS: usize = 8;

const EXTENSION: &str = "js";

/// The names of all chunks.
pub struct FileNames {
    names: IndexVec<ChunkId, String>,
    specifiers: Specifiers,
}

impl FileNames {
    /// Final names where they do not depend on contents, otherwise names with placeholders. Two files that
    /// would be called alike get numbers.
    pub fn provisional(graph: &ChunkGraph, patterns: &NamePatterns, references: &ChunkReferences) -> Self {
        let mut taken: FxHashSet<String> = FxHashSet::default();
        let mut names: IndexVec<ChunkId, String> = graph.chunks.iter().map(|_| String::new()).collect();
        let is_entry = |id: &ChunkId| std::ptr::eq(patterns.of(graph, *id), &raw const patterns.entries);
        // Entries first: their names are what others rely on.
        let (entries, others): (Vec<ChunkId>, Vec<ChunkId>) = graph.chunks.indices().partition(is_entry);
        for id in entries.into_iter().chain(others) {
            let placeholder = placeholder(id);
            let hash = HashText::Known(&placeholder);
            let name = patterns
                .of(graph, id)
                .expand(&graph.chunks[id].name, hash, EXTENSION);
            names[id] = unused(name, &mut taken);
        }
        Self {
            names,
            specifiers: Specifiers::new(graph, references, patterns),
        }
    }

    /// The name of a chunk's file, relative to the output directory.
    pub fn of(&self, chunk: ChunkId) -> &str {
        &self.names[chunk]
    }

    /// Whether the name of a file depends on its text.
    pub fn has_hash(&self, chunk: ChunkId) -> bool {
        self.names[chunk].contains(&placeholder(chunk))
    }

    /// Whether a text may have names that are not final.
    pub fn may_be_open(text: &str) -> bool {
        memchr::memmem::find(text.as_bytes(), PLACEHOLDER_START.as_bytes()).is_some()
    }

    /// What one chunk's file imports another's as.
    pub fn specifier(&self, from: ChunkId, to: ChunkId) -> String {
        match self.specifiers.between(from, to) {
            Some(specifier) => specifier.to_owned(),
            None => self.url(from, to),
        }
    }

    /// The relative URL that leads from one chunk's file to another's.
    pub fn url(&self, from: ChunkId, to: ChunkId) -> String {
        relative_url(&self.names[from], &self.names[to])
    }

    /// The name of a file in an import map.
    pub fn mapped(&self, chunk: ChunkId) -> Option<&str> {
        self.specifiers.of(chunk)
    }

    /// Whether one file's text has the path of another that it imports.
    pub fn says_path(&self, from: ChunkId, to: ChunkId) -> bool {
        self.specifiers.between(from, to).is_none()
    }
}

impl FileNames {
    /// What a file imports of something outside. Relative specifiers are as seen from the output directory.
    pub fn outside(&self, from: ChunkId, specifier: &str) -> String {
        let depth = self.names[from].matches('/').count();
        if depth == 0 || !(specifier.starts_with("./") || specifier.starts_with("../")) {
            return specifier.to_owned();
        }
        let below = specifier.strip_prefix("./").unwrap_or(specifier);
        "../".repeat(depth) + below
    }
}

/// `main.js`, `main2.js`: some file systems do not tell upper from lower case.
pub fn unused(name: String, taken: &mut FxHashSet<String>) -> String {
    if taken.insert(name.to_lowercase()) {
        return name;
    }
    let slash = name.rfind('/').map_or(0, |slash| slash + 1);
    let dot = name[slash..].find('.').map_or(name.len(), |dot| slash + dot);
    let (stem, extension) = name.split_at(dot);
    let mut number = 2;
    loop {
        let candidate = format!("{stem}{number}{extension}");
        if taken.insert(candidate.to_lowercase()) {
            return candidate;
        }
        number += 1;
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

/// How a placeholder begins. Sources hardly contain it, and what looks like one counts only inside the name
/// that it belongs to.
const PLACEHOLDER_START: &str = "~{";

/// Stands for the hash of a chunk; as long as a hash, so that positions stay right.
fn placeholder(chunk: ChunkId) -> String {
    format!(
        "{PLACEHOLDER_START}{:0width$x}}}",
        chunk.index(),
        width = DIGITS - 3
    )
}

/// One file's text with placeholders and the files it refers to.
pub struct Placeheld {
    /// The text.
    pub text: String,
    /// The chunks whose names are in the text.
    pub references: Vec<ChunkId>,
}

/// Final names, and every text with its placeholders replaced by them.
#[tracing::instrument(skip_all)]
pub fn hash_files(
    graph: &ChunkGraph,
    provisional: FileNames,
    files: IndexVec<ChunkId, Placeheld>,
) -> (FileNames, IndexVec<ChunkId, String>) {
    let has_hash = |id: ChunkId| provisional.has_hash(id);
    if !files.indices().any(has_hash) {
        let texts = files.into_iter().map(|file| file.text).collect();
        return (provisional, texts);
    }
    let own: IndexVec<ChunkId, String> = files
        .iter_enumerated()
        .map(|(id, file)| {
            // Chunk numbers must not reach the hash: a new chunk elsewhere would rename every file.
            let neutral = replace(&file.text, &provisional, |chunk| {
                (chunk == id || file.references.contains(&chunk)).then(String::new)
            });
            content_hash([graph.chunks[id].name.as_bytes(), neutral.as_bytes()], 64)
        })
        .collect();
    // The name of a file without a hash says nothing about its text.
    let references = files
        .iter()
        .map(|file| {
            let references = file.references.iter().copied();
            references.filter(|other| has_hash(*other)).collect()
        })
        .collect();
    let mut hashes = whole_hashes(&own, &references);
    for hash in &mut hashes {
        hash.truncate(DIGITS);
    }
    let texts = files
        .into_iter()
        .map(|file| {
            if file.references.is_empty() {
                file.text
            } else {
                replace(&file.text, &provisional, |chunk| Some(hashes[chunk].clone()))
            }
        })
        .collect();
    let names = provisional
        .names
        .iter_enumerated()
        .map(|(id, name)| name.replacen(&placeholder(id), &hashes[id], usize::MAX))
        .collect();
    let specifiers = provisional.specifiers;
    (FileNames { names, specifiers }, texts)
}

/// Replaces every placeholder by what `substitute` says; others stay. One pass.
fn replace(text: &str, provisional: &FileNames, substitute: impl Fn(ChunkId) -> Option<String>) -> String {
    let mut output = String::with_capacity(text.len());
    let mut copied = 0;
    for start in memchr::memmem::find_iter(text.as_bytes(), PLACEHOLDER_START.as_bytes()) {
        let Some(chunk) = placeholder_at(text, start, provisional) else {
            continue;
        };
        let Some(replacement) = substitute(chunk) else {
            continue;
        };
        output.push_str(&text[copied..start]);
        output.push_str(&replacement);
        copied = start + DIGITS;
    }
    output.push_str(&text[copied..]);
    output
}

/// The chunk whose placeholder stands at `start`, if that is part of the chunk's name.
fn placeholder_at(text: &str, start: usize, provisional: &FileNames) -> Option<ChunkId> {
    let digits = text.get(start + PLACEHOLDER_START.len()..start + DIGITS - 1)?;
    let index = usize::from_str_radix(digits, 16).ok()?;
    if index >= provisional.names.len() || !text[start + DIGITS - 1..].starts_with('}') {
        return None;
    }
    let chunk = ChunkId::from_usize(index);
    let name = &provisional.names[chunk];
    // `../chunks/a.<hash>.js` may be written as `./a.<hash>.js`: only what is in the same segment, or behind,
    // is always there.
    let own = placeholder(chunk);
    let is_here = name.match_indices(&own).any(|(at, _)| {
        let segment = name[..at].rfind('/').map_or(0, |slash| slash + 1);
        text[..start].ends_with(&*url_path(&name[segment..at]))
            && text[start + DIGITS..].starts_with(&*next_text(&name[at + DIGITS..], &own))
    });
    is_here.then_some(chunk)
}

/// What follows a placeholder up to the next one, as a URL.
fn next_text(rest: &str, placeholder: &str) -> String {
    url_path(rest.split(placeholder).next().unwrap_or(rest))
}
