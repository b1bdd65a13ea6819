//! Builds that were made before are found again instead of being made: what `bundle` and each module of `build` were told,
//! and how what they answered is written down.

pub(super) mod bundle;
mod findings;
pub(super) mod module;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::again::{KeptLayout, LaidOut};
use super::report::{FileKind, FileReport};
use crate::base::{Digest, Observer, Pieces as _, relative_posix};
use crate::cache::{BuildKey, ByLayout, Cache, Layout, Output, Pack};
use crate::chunk::ChunkOptions;
use crate::render::SourceMapPlace;
use crate::scan::{KeptFiles, KeptTargets, SourceChanged, SourceSettings};

/// The pieces that minified code is made of.
const MINIFIED: &str = "minified";

/// What was learnt of files.
const FACTS: &str = "facts";

/// Name and bytes of outputs, as the cache has them.
pub(super) type Contents<'a> = Vec<(String, &'a [u8])>;

/// What the cache has of what was written, if it keeps anything.
pub(super) type Stored = Option<Vec<Output>>;

/// How files were laid out.
const LAYOUTS: &str = "layouts";

/// The texts of files.
const TEXTS: &str = "texts";

/// What was learnt of files, as the cache has it.
pub(super) struct LearntOfFiles {
    pub facts: Arc<Pack>,
    /// Where source maps show them.
    pub texts: Option<Arc<Pack>>,
}

impl LearntOfFiles {
    fn of(cache: &Cache, key: &BuildKey, source_maps: SourceMapPlace) -> Self {
        let are_shown = source_maps != SourceMapPlace::Nowhere;
        Self {
            facts: Arc::new(cache.pack(key, FACTS)),
            texts: are_shown.then(|| Arc::new(cache.pack(key, TEXTS))),
        }
    }

    /// Facts and texts of files are the same for all modules; what makes them others is part of what they are called.
    pub fn by_modules(cache: &Cache, source_maps: SourceMapPlace) -> Self {
        Self::of(cache, &BuildKey::new("build", FACTS), source_maps)
    }

    /// For a scan.
    pub fn files(&self) -> KeptFiles {
        let texts = self.texts.clone();
        KeptFiles {
            facts: Arc::clone(&self.facts) as _,
            texts: texts.map(|texts| texts as _),
        }
    }

    /// All of it.
    pub fn packs(&self) -> Vec<Arc<Pack>> {
        let facts = Arc::clone(&self.facts);
        [facts].into_iter().chain(self.texts.clone()).collect()
    }
}

/// What is made with facts that are kept; made anew, with what files are now alone, where one of them was changed meanwhile.
pub(super) fn unless_sources_change<Made>(
    with_facts: impl FnOnce() -> Made,
    anew: impl FnOnce() -> Made,
) -> Made {
    catch_unwind(AssertUnwindSafe(with_facts)).unwrap_or_else(|reason| {
        if SourceChanged::is_reason(&*reason) {
            anew()
        } else {
            resume_unwind(reason)
        }
    })
}

/// Where requests led of which that is kept by a digest of what the disk said, and that digest. If only scripts are not what
/// they were, they lead where they led, and `observer` is told what was asked for that.
fn targets_of<const COUNT: usize>(
    pack: &Pack,
    layouts: Vec<Layout>,
    settings: &SourceSettings,
    observer: &Observer,
) -> (Option<Digest>, [Arc<KeptTargets>; COUNT]) {
    for layout in layouts.into_iter().filter(|_| are_no_scripts(settings)) {
        let kept = pack.get(&layout.name);
        if let Some(kept) = kept.and_then(|bytes| decode_targets(&bytes)) {
            observer.note_all(layout.seen);
            return (Some(layout.name), kept);
        }
    }
    (None, std::array::from_fn(|_| Arc::default()))
}

fn decode_targets<const COUNT: usize>(bytes: &[u8]) -> Option<[Arc<KeptTargets>; COUNT]> {
    let parts: Vec<&[u8]> = postcard::from_bytes(bytes).ok()?;
    let parts: Option<Vec<Arc<KeptTargets>>> = parts
        .into_iter()
        .map(|part| KeptTargets::decode(part).map(Arc::new))
        .collect();
    parts?.try_into().ok()
}

/// What is kept by what the disk said of files of one kind: where requests led, and how files were laid out.
pub(super) type OfLayout = (Arc<KeptTargets>, Option<Arc<KeptLayout>>, Arc<LaidOut>);

/// Keeps that.
fn by_layout<const COUNT: usize>(
    facts: Arc<Pack>,
    kinds: [OfLayout; COUNT],
    observer: Arc<Observer>,
) -> ByLayout {
    Box::new(move |name| {
        let of_targets = || keep_targets(&facts, name, kinds.each_ref().map(|(targets, ..)| &**targets));
        rayon::join(of_targets, || {
            for (targets, layout, laid_out) in &kinds {
                if let Some(layout) = layout {
                    layout.keep(&name, &laid_out.chunks, targets, &observer);
                }
            }
        });
    })
}

/// Keeps where requests led.
fn keep_targets<const COUNT: usize>(facts: &Pack, name: Digest, targets: [&KeptTargets; COUNT]) {
    if facts.get(&name).is_some() {
        return;
    }
    let parts: Option<Vec<Vec<u8>>> = targets.iter().map(|targets| targets.encode()).collect();
    if let Some(bytes) = parts.and_then(|parts| postcard::to_stdvec(&parts).ok()) {
        facts.put(name, bytes);
    }
}

/// Whether files are laid out as they were where modules are what they were: injected files are part of what others say, files
/// are copied where they are asked for, and where small files are joined it matters how much code there is.
fn may_keep_layouts(settings: &SourceSettings, chunks: &ChunkOptions) -> bool {
    settings.injected.is_empty() && !settings.loaders.may_copy() && chunks.least_bytes == 0
}

/// Whether settings that decide where requests lead are in other files than scripts.
fn are_no_scripts(settings: &SourceSettings) -> bool {
    let tsconfig = settings.tsconfig.as_ref();
    tsconfig.is_none_or(|path| path.extension().is_some_and(|extension| extension == "json"))
}

/// `path` as it is called in every checkout.
fn portable(root: &Path, path: &Path) -> PathBuf {
    PathBuf::from(relative_posix(root, path))
}

#[derive(Serialize, Deserialize)]
struct KeptFile {
    path: String,
    bytes: u64,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    entry: Option<String>,
}

const KINDS: [(FileKind, &str); 7] = [
    (FileKind::Export, "export"),
    (FileKind::Chunk, "chunk"),
    (FileKind::Stylesheet, "stylesheet"),
    (FileKind::Asset, "asset"),
    (FileKind::SourceMap, "sourceMap"),
    (FileKind::Document, "document"),
    (FileKind::Record, "record"),
];

fn kept_files(files: &[FileReport]) -> Vec<KeptFile> {
    let kept = |file: &FileReport| KeptFile {
        path: file.path.clone(),
        bytes: file.bytes,
        kind: KINDS
            .iter()
            .find_map(|(kind, word)| (*kind == file.kind).then(|| (*word).to_owned()))
            .unwrap_or_default(),
        entry: file.entry.clone(),
    };
    files.iter().map(kept).collect()
}

fn found_files(files: Vec<KeptFile>) -> Option<Vec<FileReport>> {
    let found = |file: KeptFile| {
        let kind = KINDS
            .iter()
            .find_map(|(kind, word)| (*word == file.kind).then_some(*kind))?;
        Some(FileReport {
            path: file.path,
            bytes: file.bytes,
            kind,
            entry: file.entry,
        })
    };
    files.into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_files_are_found_as_they_were() {
        let files: Vec<FileReport> = KINDS
            .iter()
            .map(|(kind, word)| FileReport {
                path: (*word).to_owned(),
                bytes: 3,
                kind: *kind,
                entry: (*kind == FileKind::Export).then(|| "main".to_owned()),
            })
            .collect();
        assert_eq!(found_files(kept_files(&files)), Some(files));
    }
}
