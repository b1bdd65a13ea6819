//! Where requests led in the last build of the same, for one in which they lead there again.
//!
//! Where a request leads is decided by who asks, by settings, and by what the disk says of everything but scripts: which
//! files there are, where links lead, what `package.json` and tsconfig files say. Whoever gives what was kept to a scan has
//! made sure that all of this is as it was. Then the requests of a module that says what it said lead where they led.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{FoundTarget, ScannedFile, ScannedFiles};
use crate::base::Digest;
use crate::graph::{External, ModuleSyntax};
use crate::resolve::ResolvedFile;

/// Where requests led.
#[derive(Default)]
pub struct KeptTargets {
    known: FxHashMap<OsString, (Digest, Vec<FoundTarget>)>,
    scanned: Mutex<Vec<Arc<ScannedFile>>>,
}

/// What is written down. Most files are asked for more than once, so each of them is written down once.
#[derive(Default, Serialize, Deserialize)]
struct Bytes {
    files: Vec<ResolvedFile>,
    modules: Vec<Module>,
}

#[derive(Serialize, Deserialize)]
struct Module {
    path: PathBuf,
    identity: [u8; Digest::BYTES],
    targets: Vec<Target>,
}

#[derive(Serialize, Deserialize)]
enum Target {
    /// Its number.
    File(u32),
    Ignored,
    External(External),
    Missing,
}

impl KeptTargets {
    /// Those that were written down.
    #[tracing::instrument(skip_all)]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let Bytes { files, modules } = postcard::from_bytes(bytes).ok()?;
        let known = modules.into_par_iter().map(|module| {
            let targets = module.targets.into_iter().map(|target| {
                Some(match target {
                    Target::File(number) => FoundTarget::File(Box::new(files.get(number as usize)?.clone())),
                    Target::Ignored => FoundTarget::Ignored,
                    Target::External(external) => FoundTarget::External(external),
                    Target::Missing => FoundTarget::Missing,
                })
            });
            let targets: Option<Vec<FoundTarget>> = targets.collect();
            Some((
                module.path.into_os_string(),
                (Digest::from_bytes(module.identity), targets?),
            ))
        });
        let known: Option<Vec<_>> = known.collect();
        Some(Self {
            known: known?.into_iter().collect(),
            scanned: Mutex::default(),
        })
    }

    /// Those of the scan that was given this; none where a path is no text.
    #[tracing::instrument(skip_all)]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let scanned = self.scanned();
        let mut modules: Vec<&ScannedFile> = scanned.iter().map(|file| &**file).collect();
        modules.sort_unstable_by(|left, right| left.file.path.cmp(&right.file.path));
        let mut bytes = Bytes::default();
        let mut numbers: FxHashMap<&ResolvedFile, u32> = FxHashMap::default();
        for module in modules {
            let Some(identity) = known_identity(&module.syntax) else {
                continue;
            };
            let mut targets = Vec::with_capacity(module.targets.len());
            for target in &module.targets {
                targets.push(match target {
                    FoundTarget::File(file) => {
                        let next = u32::try_from(bytes.files.len()).ok()?;
                        let number = *numbers.entry(file).or_insert(next);
                        if number == next {
                            bytes.files.push((**file).clone());
                        }
                        Target::File(number)
                    }
                    FoundTarget::Ignored => Target::Ignored,
                    FoundTarget::External(external) => Target::External(external.clone()),
                    FoundTarget::Missing => Target::Missing,
                });
            }
            bytes.modules.push(Module {
                path: module.file.path.clone(),
                identity: *identity.as_bytes(),
                targets,
            });
        }
        postcard::to_stdvec(&bytes).ok()
    }

    /// Where the requests of a module lead, if it is what it was.
    pub(super) fn of(&self, path: &Path, syntax: &ModuleSyntax) -> Option<Vec<FoundTarget>> {
        let identity = known_identity(syntax)?;
        let (known, targets) = self.known.get(path.as_os_str())?;
        (*known == identity && targets.len() == syntax.records.len()).then(|| targets.clone())
    }

    /// What was scanned.
    pub(super) fn files(&self) -> Vec<Arc<ScannedFile>> {
        self.scanned().clone()
    }

    /// Remembers what was scanned.
    pub(super) fn remember(&self, scanned: &ScannedFiles) {
        *self.scanned() = scanned.values().cloned().collect();
    }

    fn scanned(&self) -> std::sync::MutexGuard<'_, Vec<Arc<ScannedFile>>> {
        self.scanned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The identity of a module whose requests can be answered without looking at them again. Files that stand in specifiers are
/// known to those who have looked.
fn known_identity(syntax: &ModuleSyntax) -> Option<Digest> {
    syntax.identity.filter(|_| !has_embedded(syntax))
}

/// Whether files stand in specifiers of a module.
pub(super) fn has_embedded(syntax: &ModuleSyntax) -> bool {
    let mut records = syntax.records.iter();
    records.any(|record| record.specifier.starts_with("data:"))
}
