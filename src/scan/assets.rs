//! Files that are delivered beside the code.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;

use crate::base::content_hash;

/// How a delivered file is called, and how code names it.
pub trait AssetNames: Send + Sync {
    /// The path of the output, relative to the output directory.
    fn file(&self, source: &Path, hash: &str) -> String;
    /// What code says for the output `file`.
    fn url(&self, file: &str) -> String;
}

/// One delivered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Where it comes from.
    pub source: PathBuf,
    /// Relative to the output directory.
    pub file: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The files that sources asked for so far.
#[derive(Default)]
pub(super) struct Assets {
    by_source: DashMap<PathBuf, Asset>,
}

/// The files of one scan that are delivered as they are, and that code imports from there.
pub struct Copies {
    names: Arc<dyn AssetNames>,
    files: Assets,
}

impl Copies {
    /// None yet.
    pub fn new(names: Arc<dyn AssetNames>) -> Self {
        Self {
            names,
            files: Assets::default(),
        }
    }

    /// Notes a file; the answer is what code imports, as if it were in the output directory.
    pub(super) fn add(&self, source: &Path, bytes: &[u8]) -> String {
        format!("./{}", self.files.add(source, bytes, &*self.names))
    }

    /// All of them, by path.
    pub fn list(&self) -> Vec<Asset> {
        self.files.list()
    }
}

/// As long as the hashes of code.
const DIGITS: usize = 8;

impl Assets {
    /// Notes a file; the answer is its name relative to the output directory.
    pub fn add(&self, source: &Path, bytes: &[u8], names: &dyn AssetNames) -> String {
        let file = names.file(source, &content_hash([bytes], DIGITS));
        let asset = Asset {
            source: source.to_path_buf(),
            file: file.clone(),
            bytes: bytes.to_vec(),
        };
        self.by_source.insert(source.to_path_buf(), asset);
        file
    }

    /// Forgets all of them; the answer is where they came from.
    pub fn clear(&self) -> Vec<PathBuf> {
        let sources = self.by_source.iter().map(|entry| entry.key().clone()).collect();
        self.by_source.clear();
        sources
    }

    /// All of them, by path.
    pub fn list(&self) -> Vec<Asset> {
        let mut assets: Vec<Asset> = self.by_source.iter().map(|entry| entry.value().clone()).collect();
        assets.sort_by(|left, right| left.source.cmp(&right.source));
        assets
    }
}
