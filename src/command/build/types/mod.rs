//! `--dts`: from the logical exports of a module to `dist/types`, one declaration file per source.
//!
//! ```text
//! esmx.exports  "./ui": "./src/ui.ts"      dist/types/src/ui.d.ts      import { Box } from "./box.js"
//!                        └ import "./box"  dist/types/src/box.d.ts
//! ```
//!
//! A file is there when declarations of an export lead to it. Relative imports, and others that lead to own files,
//! name the file with its extension: every resolution mode of TypeScript finds it then.

mod drift;
mod place;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use self::drift::fork_warnings;
use self::place::{Kind, declaration_beside, kind_of, looked_up, place_of, specifier_between};
use super::entries::{entry_requests, framework_entry};
use crate::base::{FileSystem, relative_posix, to_posix};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::emit::{EmittedFile, TypeFiles};
use crate::graph::EntryKind;
use crate::link::Linkage;
use crate::protocol::Side;
use crate::resolve::{RequestKind, Resolved, Resolver};
use crate::scan::declarations::{Declarations, Surface, TypeRequest, TypeSource};

/// Where they go, from `dist`.
const DIRECTORY: &str = "types";

/// The declarations of one module.
#[derive(Debug, Default)]
pub(super) struct ModuleTypes {
    /// Relative to `dist`.
    pub files: Vec<EmittedFile>,
    /// Which export is described where.
    pub of_exports: TypeFiles,
    /// Only warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is known of one file.
struct Described {
    surface: Surface,
    /// Own files by the specifiers that lead to them.
    targets: BTreeMap<String, PathBuf>,
}

/// An export and its file on one side.
struct Start {
    export: String,
    side: Side,
    file: PathBuf,
}

struct Walk<'a> {
    files: &'a dyn FileSystem,
    root: &'a Path,
    resolver: &'a Resolver,
    described: BTreeMap<PathBuf, Described>,
    waiting: VecDeque<PathBuf>,
    seen: BTreeSet<PathBuf>,
    untyped: BTreeSet<PathBuf>,
    types: ModuleTypes,
    errors: Vec<Diagnostic>,
}

/// The declarations of what a module exports, or where a type must be written or cannot be found; and the files that
/// were read. Both sides are resolved as the server is: a type has no side.
pub(super) fn module_types(
    files: &dyn FileSystem,
    linkage: &Linkage,
    resolver: &Resolver,
) -> (Result<ModuleTypes, Vec<Diagnostic>>, BTreeSet<PathBuf>) {
    let mut walk = Walk {
        files,
        root: linkage.root_real_dir(),
        resolver,
        described: BTreeMap::new(),
        waiting: VecDeque::new(),
        seen: BTreeSet::new(),
        untyped: BTreeSet::new(),
        types: ModuleTypes::default(),
        errors: Vec::new(),
    };
    let mut starts = Vec::new();
    for side in Side::BOTH {
        for entry in entry_requests(linkage, side) {
            if entry.kind != EntryKind::Export || entry.name == framework_entry(side) {
                continue;
            }
            let key = format!("./{}", entry.name);
            let location = linkage.root().location_of_key(&["esmx", "exports", &key]);
            if let Some(file) = walk.start(&entry.specifier, location) {
                starts.push(Start {
                    export: entry.name,
                    side,
                    file,
                });
            }
        }
    }
    while let Some(file) = walk.waiting.pop_front() {
        walk.describe(&file);
    }
    if !walk.errors.is_empty() {
        walk.errors.sort_by_key(|error| {
            let place = error.location.as_ref();
            place.map(|at| (at.file.clone(), at.line, at.column))
        });
        return (Err(walk.errors), walk.seen);
    }
    let Walk {
        root,
        described,
        seen,
        mut types,
        ..
    } = walk;
    types
        .diagnostics
        .extend(fork_warnings(linkage, &starts, &described));
    for start in starts {
        let path = format!(
            "./{DIRECTORY}/{}",
            place_of(root, &start.file).unwrap_or_default()
        );
        types.of_exports.insert((start.export, start.side), path);
    }
    types.files.sort_by(|one, other| one.path.cmp(&other.path));
    if !types.files.is_empty() {
        types.files.push(package_scope(&types.files));
    }
    (Ok(types), seen)
}

/// `dist/types/package.json`. The code is ES modules, so its declarations must be read as those, whatever the module's
/// own package says. `files` is for the next build, which removes what it does not write again.
fn package_scope(files: &[EmittedFile]) -> EmittedFile {
    let names: Vec<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("types/"))
        .collect();
    let scope = serde_json::json!({ "type": "module", "files": names });
    let mut text = serde_json::to_string_pretty(&scope).expect("texts are JSON");
    text.push('\n');
    EmittedFile {
        path: format!("{DIRECTORY}/package.json"),
        bytes: text.into_bytes(),
    }
}

impl Walk<'_> {
    /// The file that describes an export, if there is one.
    fn start(&mut self, specifier: &str, location: Option<Location>) -> Option<PathBuf> {
        let importer = self.root.join("package.json");
        let Ok(Resolved::File(file)) = self.resolver.resolve(&importer, specifier, RequestKind::Import)
        else {
            return None;
        };
        if let Ok(path) = self.describing(&file.path)? {
            return Some(self.queue(path));
        }
        self.note_untyped(&file.path, location);
        None
    }

    /// The file that describes `path`: itself, or a declaration beside it. `Err` when it is JavaScript without one,
    /// nothing when it is no code.
    fn describing(&self, path: &Path) -> Option<Result<PathBuf, ()>> {
        match kind_of(path)? {
            Kind::Typed(_) | Kind::Declaration | Kind::Data => Some(Ok(path.to_path_buf())),
            Kind::JavaScript => Some(declaration_beside(self.files, path).ok_or(())),
        }
    }

    fn queue(&mut self, path: PathBuf) -> PathBuf {
        if self.seen.insert(path.clone()) {
            self.waiting.push_back(path.clone());
        }
        path
    }

    fn note_untyped(&mut self, path: &Path, location: Option<Location>) {
        if !self.untyped.insert(path.to_path_buf()) {
            return;
        }
        let shown = relative_posix(self.root, path);
        let end = shown.rfind('.').unwrap_or(shown.len());
        let extension = &shown[end..];
        let beside = format!(
            "{}.d.{}ts",
            &shown[..end],
            if extension == ".mjs" { "m" } else { "" }
        );
        let message = format!(
            "`{shown}` is JavaScript, so there is no declaration of it; who imports it has no types."
        );
        let fix = format!("Write `{beside}` beside it, or make it TypeScript.");
        self.types
            .diagnostics
            .push(Diagnostic::new(Code::Untyped, "", message, fix).at(location));
    }

    fn describe(&mut self, path: &Path) {
        let Some(place) = place_of(self.root, path) else {
            return;
        };
        let bytes = match self.files.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("Cannot read {}: {error}.", path.display());
                let fix = "Make the file readable for the user who builds.";
                self.errors.push(Diagnostic::new(Code::Io, "", message, fix));
                return;
            }
        };
        let kind = match kind_of(path) {
            Some(Kind::Typed(kind)) => TypeSource::Source(kind),
            Some(Kind::Declaration) => TypeSource::Declaration,
            _ => return self.emit(&place, bytes),
        };
        let source = match crate::scan::parse::decode_source(path, &bytes) {
            Ok(source) => source,
            Err(problem) => return self.errors.push(*problem),
        };
        let declarations = match Declarations::of(path, &source, kind) {
            Ok(declarations) => declarations,
            Err(problems) => return self.errors.extend(problems),
        };
        let mut targets = BTreeMap::new();
        let mut specifiers = BTreeMap::new();
        for request in &declarations.requests {
            if let Some(target) = self.follow(path, request) {
                let specifier = specifier_between(path, &target);
                specifiers.insert(request.specifier.clone(), specifier);
                targets.insert(request.specifier.clone(), target);
            }
        }
        match kind {
            TypeSource::Source(_) => self.emit(&place, declarations.print(&specifiers).into_bytes()),
            // Its relative imports lead to the same places there.
            TypeSource::Declaration => self.emit(&place, bytes),
        }
        let surface = declarations.surface();
        self.described
            .insert(path.to_path_buf(), Described { surface, targets });
    }

    fn emit(&mut self, place: &str, bytes: Vec<u8>) {
        let path = format!("{DIRECTORY}/{place}");
        self.types.files.push(EmittedFile { path, bytes });
    }

    /// The own file that an import leads to. Packages and what is no code stay as they are written.
    fn follow(&mut self, importer: &Path, request: &TypeRequest) -> Option<PathBuf> {
        let specifier = request.specifier.as_str();
        let is_relative =
            specifier.starts_with("./") || specifier.starts_with("../") || matches!(specifier, "." | "..");
        let resolved = self.resolver.resolve(importer, specifier, RequestKind::Import);
        let found = match resolved {
            Ok(Resolved::File(file)) => Some(file.path),
            Err(_) if is_relative => {
                let found = looked_up(self.files, importer, specifier);
                if found.is_none() {
                    self.note_missing(request);
                }
                found
            }
            Ok(Resolved::Ignored) | Err(_) => None,
        };
        let file = found?;
        let relative = file.strip_prefix(self.root).ok();
        let is_own = relative.is_some_and(|path| path.iter().all(|part| part != "node_modules"));
        if !is_own {
            if is_relative && kind_of(&file).is_some() {
                self.note_outside(request, &file);
            }
            return None;
        }
        if let Ok(path) = self.describing(&file)? {
            return Some(self.queue(path));
        }
        if request.takes_names {
            self.note_untyped(&file, Some(request.location.clone()));
        }
        None
    }

    /// What has an extension of something else than code is left to whoever knows such files.
    fn note_missing(&mut self, request: &TypeRequest) {
        let path = Path::new(&request.specifier);
        if request.specifier.contains('?') || !request.takes_names {
            return;
        }
        if path.extension().is_some() && kind_of(path).is_none() {
            return;
        }
        let message = format!("The types of `{}` are not there.", request.specifier);
        let fix = "Create the file, or correct the path.";
        let location = Some(request.location.clone());
        self.errors
            .push(Diagnostic::new(Code::Declaration, "", message, fix).at(location));
    }

    fn note_outside(&mut self, request: &TypeRequest, file: &Path) {
        let message = format!(
            "The types of an export lead to `{}`, outside of the module; there is no place for its declarations in `dist`.",
            to_posix(Path::new(&relative_posix(self.root, file)))
        );
        let fix = "Move the file into the module, or import it from a package by name.";
        let location = Some(request.location.clone());
        self.errors
            .push(Diagnostic::new(Code::Declaration, "", message, fix).at(location));
    }
}
