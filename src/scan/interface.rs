//! The names that the file of a provided package exports in every mode (PROTOCOL §10.2).
//!
//! ```js
//! if (process.env.NODE_ENV === 'production') module.exports = require('./react.production.js');
//! else module.exports = require('./react.development.js');
//! ```
//!
//! A build reads one of the two, and bundles that one only. But what a module offers to others must not
//! depend on its mode: a consumer that was built against the development copy would import a name which the
//! production copy lacks, and a missing export stops a whole page. So the file of a provided package exports
//! what *all* targets of such a fork have. What is bundled is untouched by this; an import inside the bundle
//! sees every name of the branch that runs.
//!
//! The files are read once more with `NODE_ENV` left open, the ones of the other branch among them; nothing
//! is run. A target of which nothing can be known does not narrow what the others share, and outside of
//! forks a name that only one mode writes is listed in both: a name too many is `undefined`, a missing one
//! breaks its importers.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::{EntryRequest, ScanInput, ScannedFiles, request};
use crate::graph::{CommonJsExports, EntryKind, ModuleFormat, ModuleSyntax, RecordId};
use crate::link::{Request, RequestKind as LookupKind, Wiring};
use crate::resolve::{Resolved, ResolvedFile};

/// For every entry the names its file exports; none where they are simply those of its module.
pub fn of_entries(
    input: &ScanInput<'_>,
    scanned: &ScannedFiles,
    entry_files: &[ResolvedFile],
) -> Vec<Option<Vec<Atom>>> {
    let entries: Vec<(&EntryRequest, &ResolvedFile)> = input.entries.iter().zip(entry_files).collect();
    entries
        .into_par_iter()
        .map(|(entry, file)| {
            if entry.kind != EntryKind::Provided {
                return None;
            }
            let mut search = Search {
                input,
                scanned,
                depends_on_mode: false,
                visited: FxHashSet::default(),
            };
            let names = search.names(file)?;
            search.depends_on_mode.then_some(names)
        })
        .collect()
}

struct Search<'a> {
    input: &'a ScanInput<'a>,
    scanned: &'a ScannedFiles,
    /// Whether any file on the way asks for the mode.
    depends_on_mode: bool,
    visited: FxHashSet<PathBuf>,
}

impl Search<'_> {
    /// The names of a file without repetitions; `None` where nothing is known.
    fn names(&mut self, file: &ResolvedFile) -> Option<Vec<Atom>> {
        if !self.visited.insert(file.path.clone()) {
            return None;
        }
        let syntax = self.syntax(file)?;
        let mut names = match syntax.format {
            ModuleFormat::EsModule => self.names_of_es_module(file, &syntax),
            ModuleFormat::CommonJs => self.names_of_commonjs(file, &syntax.commonjs),
        };
        self.visited.remove(&file.path);
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.clone()));
        Some(names)
    }

    /// The file with the mode left open, where the mode means anything to it.
    fn syntax(&mut self, file: &ResolvedFile) -> Option<Arc<ModuleSyntax>> {
        if let Some(known) = self.scanned.get(file.path.as_os_str())
            && !asks_for_the_mode(&known.syntax)
        {
            return Some(Arc::clone(&known.syntax));
        }
        let syntax = self
            .input
            .syntaxes
            .load_for_any_mode(self.input.files, file)
            .ok()?;
        self.depends_on_mode |= asks_for_the_mode(&syntax);
        Some(syntax)
    }

    fn names_of_es_module(&mut self, file: &ResolvedFile, syntax: &ModuleSyntax) -> Vec<Atom> {
        let mut names: Vec<Atom> = syntax.exports.iter().map(|export| export.name.clone()).collect();
        for &record in &syntax.star_exports {
            let below = self.names_of_record(file, syntax, record).unwrap_or_default();
            names.extend(below.into_iter().filter(|name| *name != *"default"));
        }
        names
    }

    fn names_of_record(
        &mut self,
        file: &ResolvedFile,
        syntax: &ModuleSyntax,
        record: RecordId,
    ) -> Option<Vec<Atom>> {
        let specifier = &syntax.records[record].specifier;
        let target = self.locate(file, specifier, Syntax::Import)?;
        self.names(&target)
    }

    fn names_of_commonjs(&mut self, file: &ResolvedFile, exports: &CommonJsExports) -> Vec<Atom> {
        let mut names = exports.names.clone();
        for (specifier, part) in &exports.part_forwards {
            let part = self
                .locate(file, specifier, Syntax::Require)
                .and_then(|target| self.syntax(&target))
                .and_then(|syntax| syntax.commonjs.part(*part).map(|part| part.names.clone()));
            names.extend(part.unwrap_or_default());
        }
        for specifier in &exports.stars {
            let below = self.names_of_required(file, specifier).unwrap_or_default();
            names.extend(below.into_iter().filter(|name| *name != *"default"));
        }
        let targets = exports.forwards.iter();
        let known = targets.filter_map(|specifier| self.names_of_required(file, specifier));
        let shared = known.reduce(|shared, names| {
            let names: FxHashSet<Atom> = names.into_iter().collect();
            shared.into_iter().filter(|name| names.contains(name)).collect()
        });
        names.extend(shared.unwrap_or_default());
        names
    }

    fn names_of_required(&mut self, file: &ResolvedFile, specifier: &Atom) -> Option<Vec<Atom>> {
        let target = self.locate(file, specifier, Syntax::Require)?;
        self.names(&target)
    }

    /// The file that a request of `importer` leads to, when it is bundled.
    fn locate(&self, importer: &ResolvedFile, specifier: &Atom, syntax: Syntax) -> Option<ResolvedFile> {
        let issuer = request::issuer_package(self.input, importer);
        let asked = Request {
            specifier,
            side: self.input.platform.side(),
            kind: match syntax {
                Syntax::Import => LookupKind::Static,
                Syntax::Require => LookupKind::Require,
            },
            exempt: None,
            issuer: issuer.as_deref(),
        };
        match self.input.rule.lookup(self.input.files, &asked) {
            Ok(Wiring::Relative | Wiring::OwnCopy) => {}
            _ => return None,
        }
        let kind = match syntax {
            Syntax::Import => crate::resolve::RequestKind::Import,
            Syntax::Require => crate::resolve::RequestKind::Require,
        };
        match self.input.resolver.resolve(&importer.path, specifier, kind) {
            Ok(Resolved::File(found)) => Some(found),
            Ok(Resolved::Ignored) | Err(_) => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Import,
    Require,
}

pub fn asks_for_the_mode(syntax: &ModuleSyntax) -> bool {
    memchr::memmem::find(syntax.source.as_bytes(), b"NODE_ENV").is_some()
}
