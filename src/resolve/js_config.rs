//! `jsconfig.json`: what a tsconfig is to a project of TypeScript, to one of JavaScript. `paths` and `baseUrl` of the nearest
//! one count where nothing else has an answer and no tsconfig is nearer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use oxc_resolver::{TsconfigDiscovery, TsconfigOptions, TsconfigReferences};
use rustc_hash::FxBuildHasher;

use super::{OxcResolver, RegularFiles, RequestKind, ResolveSettings, options};
use crate::base::{FileSystem, Observer};

/// The resolvers of the configs that were met.
#[derive(Default)]
pub(super) struct JsConfigs {
    nearest: DashMap<PathBuf, Option<PathBuf>, FxBuildHasher>,
    resolvers: DashMap<(PathBuf, RequestKind), Arc<OxcResolver>, FxBuildHasher>,
}

impl JsConfigs {
    /// The config for the files of a directory.
    pub fn nearest(&self, files: &dyn FileSystem, directory: &Path) -> Option<PathBuf> {
        if let Some(known) = self.nearest.get(directory) {
            return known.clone();
        }
        let is_there = |name: &str| files.is_file(&directory.join(name));
        let found = if is_there("tsconfig.json") {
            None
        } else if is_there("jsconfig.json") {
            Some(directory.join("jsconfig.json"))
        } else {
            directory.parent().and_then(|parent| self.nearest(files, parent))
        };
        self.nearest.insert(directory.to_path_buf(), found.clone());
        found
    }

    /// A resolver that goes by a config. Each has a cache of its own: the library keeps a single config in one.
    pub fn resolver(
        &self,
        config: &Path,
        kind: RequestKind,
        settings: &ResolveSettings,
        observer: Option<&Arc<Observer>>,
    ) -> Arc<OxcResolver> {
        let make = || {
            let files = RegularFiles::observed_by(observer.cloned());
            let tsconfig = TsconfigDiscovery::Manual(TsconfigOptions {
                config_file: config.to_path_buf(),
                references: TsconfigReferences::Disabled,
            });
            let options = oxc_resolver::ResolveOptions {
                tsconfig: Some(tsconfig),
                ..options(settings, kind)
            };
            Arc::new(OxcResolver::new_with_file_system(files, options))
        };
        self.resolvers
            .entry((config.to_path_buf(), kind))
            .or_insert_with(make)
            .clone()
    }
}
