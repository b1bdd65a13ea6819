//! The modules of a graph that was laid out, for a build whose files will be laid out as they are.
//!
//! Binding a large graph takes longer than reading again what is known of its modules. What is written down says of every
//! module what it was made of, and which form of it binding has chosen; what it says is read as always. Most edits change
//! few modules: those are found here with what they said before, and `bind` tells whether that makes a difference.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::decided::without_decided_branches;
use super::file_use::split_path;
use super::kept_targets::{KeptTargets, has_embedded};
use super::request::IGNORED_FILE;
use super::{ScanInput, ScannedFile};
use crate::base::{Digest, FileSystem};
use crate::graph::{LocalId, Module, ModuleId, ModuleOrigin, ModuleSyntax, RecordId, Target};
use crate::resolve::ResolvedFile;

/// So many modules are read by one task.
const PART: usize = 256;

/// Modules that were read again.
pub struct KeptModules {
    /// In the order of the graph. Those that changed say what they said.
    pub modules: IndexVec<ModuleId, Module>,
    /// Those that changed.
    pub changed: Vec<(ModuleId, Change)>,
}

/// What the file of a module said and what it says.
pub struct Change {
    /// When the graph was laid out.
    pub before: Arc<ModuleSyntax>,
    /// Now.
    pub after: Arc<ModuleSyntax>,
}

/// A module as it was, and whether it was changed.
type Found = (Module, Option<Change>);

/// A module without what it says.
#[derive(Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "those of a module")]
struct WrittenModule {
    file: ResolvedFile,
    source: WrittenSource,
    /// Which form of the file binding has chosen.
    is_hoisted_form: bool,
    /// What has decided about branches of it, one after the other.
    decided: Vec<Vec<u8>>,
    stable_path: String,
    targets: IndexVec<RecordId, Target>,
    may_have_side_effects: bool,
    runs_for_its_names: bool,
    is_node_module_syntax: bool,
    origin: ModuleOrigin,
    exports_object: Option<LocalId>,
    shows_exports_object: bool,
}

/// What a module was made of.
#[derive(Serialize, Deserialize)]
enum WrittenSource {
    /// All that decides what it says.
    Identity([u8; Digest::BYTES]),
    /// The bytes of its file, where that is what counts beside files that are no scripts.
    Content([u8; Digest::BYTES]),
    /// No file.
    Nothing,
}

/// Writes down modules that the last scan has found. None where there is one that cannot be found again.
#[tracing::instrument(skip_all)]
pub fn write_modules(
    modules: &IndexVec<ModuleId, Module>,
    scanned: &KeptTargets,
    files: &dyn FileSystem,
) -> Option<Vec<Vec<u8>>> {
    let scanned = scanned.files();
    let by_path: FxHashMap<&OsStr, &ScannedFile> = scanned
        .iter()
        .map(|file| (file.file.path.as_os_str(), &**file))
        .collect();
    let parts = modules.raw.par_chunks(PART).map(|part| {
        let part = part.iter().map(|module| {
            let scanned = by_path.get(module.path.as_os_str())?;
            WrittenModule::of(module, scanned, files)
        });
        let part: Option<Vec<WrittenModule>> = part.collect();
        postcard::to_stdvec(&part?).ok()
    });
    parts.collect()
}

/// Reads modules that were written down. None where one cannot be what it was, or was not what it says.
#[tracing::instrument(skip_all)]
pub fn read_modules(parts: &[&[u8]], input: &ScanInput<'_>) -> Option<KeptModules> {
    let parts = parts.par_iter().map(|part| {
        let modules: Vec<WrittenModule> = postcard::from_bytes(part).ok()?;
        let found = modules.into_iter().map(|module| module.read(input));
        found.collect()
    });
    let parts: Vec<Option<Vec<Found>>> = parts.collect();
    let mut found = KeptModules {
        modules: IndexVec::new(),
        changed: Vec::new(),
    };
    for part in parts {
        for (module, change) in part? {
            let id = found.modules.push(module);
            found.changed.extend(change.map(|change| (id, change)));
        }
    }
    Some(found)
}

impl WrittenModule {
    fn of(module: &Module, scanned: &ScannedFile, files: &dyn FileSystem) -> Option<Self> {
        let mut decided = Vec::new();
        let mut form = &module.syntax;
        while let Some(rest) = &form.rest_of {
            decided.push(rest.known.to_vec());
            form = &rest.whole;
        }
        decided.reverse();
        let hoisted = scanned.syntax.hoisted_form.as_ref();
        let is_hoisted_form = hoisted.is_some_and(|hoisted| Arc::ptr_eq(form, hoisted));
        if !is_hoisted_form && !Arc::ptr_eq(form, &scanned.syntax) || has_embedded(&scanned.syntax) {
            return None;
        }
        Some(Self {
            source: WrittenSource::of(scanned, files)?,
            file: scanned.file.clone(),
            is_hoisted_form,
            decided,
            stable_path: module.stable_path.clone(),
            targets: module.targets.clone(),
            may_have_side_effects: module.may_have_side_effects,
            runs_for_its_names: module.runs_for_its_names,
            is_node_module_syntax: module.is_node_module_syntax,
            origin: module.origin.clone(),
            exports_object: module.exports_object,
            shows_exports_object: module.shows_exports_object,
        })
    }

    fn read(self, input: &ScanInput<'_>) -> Option<Found> {
        let loaded = input
            .syntaxes
            .load(input.files, &self.file, input.environment)
            .ok()?;
        let mut change = None;
        let mut syntax = Arc::clone(&loaded);
        match &self.source {
            WrittenSource::Identity(identity) => {
                let identity = Digest::from_bytes(*identity);
                if loaded.identity != Some(identity) {
                    syntax = Arc::new(input.syntaxes.earlier(&identity)?);
                    change = Some(Change {
                        before: Arc::clone(&syntax),
                        after: loaded,
                    });
                }
            }
            WrittenSource::Content(before) => {
                let content = content_of(input.files, &self.file.path)?;
                if loaded.identity.is_some() || content != Digest::from_bytes(*before) {
                    return None;
                }
            }
            WrittenSource::Nothing => {}
        }
        if change.is_some() && !self.decided.is_empty() {
            return None;
        }
        if self.is_hoisted_form {
            let form = syntax.hoisted_form.clone()?;
            syntax = form;
        }
        for known in &self.decided {
            syntax = without_decided_branches(&syntax, &postcard::from_bytes(known).ok()?)?;
        }
        let module = Module {
            path: self.file.path,
            stable_path: self.stable_path,
            syntax,
            targets: self.targets,
            may_have_side_effects: self.may_have_side_effects,
            runs_for_its_names: self.runs_for_its_names,
            is_node_module_syntax: self.is_node_module_syntax,
            origin: self.origin,
            sheet_file: None,
            exports_object: self.exports_object,
            shows_exports_object: self.shows_exports_object,
        };
        Some((module, change))
    }
}

impl WrittenSource {
    fn of(scanned: &ScannedFile, files: &dyn FileSystem) -> Option<Self> {
        if let Some(identity) = scanned.syntax.identity {
            return Some(Self::Identity(*identity.as_bytes()));
        }
        let path = &scanned.file.path;
        if path.file_name().is_some_and(|name| name == IGNORED_FILE) {
            return Some(Self::Nothing);
        }
        content_of(files, path).map(|content| Self::Content(*content.as_bytes()))
    }
}

/// The digest of the file of a module.
fn content_of(files: &dyn FileSystem, path: &Path) -> Option<Digest> {
    let (content, _) = files.digest(&split_path(path).0).ok()?;
    Some(content)
}
