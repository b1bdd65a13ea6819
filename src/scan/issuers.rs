//! The installed packages whose files ask for something: thousands of files of one package ask on its behalf.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use crate::base::FileSystem;
use crate::link::IssuerPackage;
use crate::protocol::PackageRecord;

/// What is known of them during one scan, by directory.
#[derive(Debug, Default)]
pub struct IssuerPackages(DashMap<PathBuf, Option<Arc<IssuerPackage>>, FxBuildHasher>);

impl IssuerPackages {
    /// The package in a directory, which is read once.
    pub(super) fn in_directory(
        &self,
        files: &dyn FileSystem,
        directory: &Path,
    ) -> Option<Arc<IssuerPackage>> {
        if let Some(known) = self.0.get(directory) {
            return known.clone();
        }
        let record = PackageRecord::read(files, directory).ok();
        let package = record.map(|record| Arc::new(IssuerPackage::from(&record)));
        self.0.insert(directory.to_path_buf(), package.clone());
        package
    }
}
