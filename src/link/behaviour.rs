//! What linking takes from outside the declaration (PROTOCOL §2.3): the behaviour file and the command line.

use indexmap::IndexMap;
use std::path::Path;

use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Diagnostic, Location, Notice};
use crate::protocol::PackageRecord;
use crate::protocol::behaviour::{BehaviourFile, ModulesField, Opaque};
use crate::protocol::legacy::{LegacyConfiguration, read_configuration};

/// Facts about the root that its `package.json` does not hold. Written by [`Self::read`] and by `--link`; read
/// by [`super::link`].
#[derive(Debug, Clone, Default)]
pub struct BehaviourFacts {
    /// Module name → artifact directory, relative to the root or absolute. Holds for the whole closure.
    pub links: IndexMap<String, String>,
    /// The keys of `modules` that a declared package may not have there: `lib`, `imports`, `exports`,
    /// `scopes`.
    pub protocol_keys: Vec<String>,
    /// Where the first of them is written.
    pub modules_location: Option<Location>,
    /// Why the file cannot be used at all: it does not parse, or cannot be read.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be known of it. Nobody's error: it is told on standard error.
    pub notices: Vec<Notice>,
    /// What the file means for a package without a declaration; `None` when there is no file.
    pub legacy: Option<LegacyFacts>,
}

/// The legacy side of a behaviour file.
#[derive(Debug, Clone)]
pub struct LegacyFacts {
    /// The configuration, as far as it could be read.
    pub configuration: LegacyConfiguration,
    /// What is wrong with it. Only a package without a declaration is told.
    pub diagnostics: Vec<Diagnostic>,
    /// Where it is written: `modules`, or the file that has none.
    pub location: Location,
}

/// What several modules offering one group mean (PROTOCOL Appendix C.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owners {
    /// One is elected, and the user is told.
    #[default]
    Elected,
    /// An error: the organisation wants exactly one owner per package and major.
    Strict,
}

/// What a declaration replaces, in the order in which it is told.
const PROTOCOL_KEYS: [&str; 4] = ["lib", "imports", "exports", "scopes"];

impl BehaviourFacts {
    /// Facts that hold only links.
    pub fn with_links<'a>(links: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::default().overlaid(links)
    }

    /// The facts of the module in `dir`, from its behaviour file; none when it has no such file. The links are
    /// absolute.
    pub fn read(files: &dyn FileSystem, dir: &Path) -> Self {
        let file = match BehaviourFile::read(files, dir) {
            Ok(None) => return Self::default(),
            Ok(Some(file)) => file,
            Err(problem) => {
                return Self {
                    diagnostics: vec![*problem],
                    ..Self::default()
                };
            }
        };
        match &file.modules {
            ModulesField::Absent => Self {
                legacy: Some(LegacyFacts {
                    configuration: LegacyConfiguration::default(),
                    diagnostics: Vec::new(),
                    location: file.location(&(0..0)),
                }),
                ..Self::default()
            },
            ModulesField::Opaque(opaque) => Self {
                notices: vec![unknown_links(&file, opaque)],
                legacy: Some(LegacyFacts {
                    configuration: LegacyConfiguration::default(),
                    diagnostics: vec![unknown_configuration(&file, opaque)],
                    location: file.location(&opaque.range),
                }),
                ..Self::default()
            },
            ModulesField::Written(modules) => {
                let (configuration, diagnostics) = read_configuration(&file, modules);
                let found: Vec<_> = PROTOCOL_KEYS
                    .iter()
                    .filter_map(|key| modules.member(key))
                    .collect();
                let first = found.iter().min_by_key(|property| property.range.start);
                let links = configuration.links.iter().map(|(name, path)| {
                    let absolute = normalize(&dir.join(&path.value));
                    (name.clone(), absolute.to_string_lossy().into_owned())
                });
                Self {
                    links: links.collect(),
                    protocol_keys: found.iter().map(|property| property.key.clone()).collect(),
                    modules_location: first.map(|property| file.location(&property.key_range)),
                    legacy: Some(LegacyFacts {
                        configuration,
                        diagnostics,
                        location: file.location(&(modules.range.start..modules.range.start + 1)),
                    }),
                    ..Self::default()
                }
            }
        }
    }

    /// The facts of another module of the closure: it keeps its own behaviour file, but the root's links hold
    /// for everybody. To a legacy module they add nothing, because what it links decides what it is built
    /// into, and that has to be the same when it is built alone.
    pub fn of_dependency(files: &dyn FileSystem, record: &PackageRecord, root: &Self) -> Self {
        let own = Self::read(files, &record.dir);
        let is_legacy = record.declaration.is_none();
        let known = own.links.clone();
        own.overlaid(
            root.links
                .iter()
                .filter(|(name, _)| !is_legacy || known.contains_key(*name))
                .map(|(name, path)| (name.as_str(), path.as_str())),
        )
    }

    /// What a command tells beside its diagnostics. A legacy module that cannot be read is told an error already.
    pub fn notices_about(&self, root: &PackageRecord) -> Vec<Notice> {
        match root.declaration {
            Some(_) => self.notices.clone(),
            None => Vec::new(),
        }
    }

    /// The same facts with more links, which win over those of the same name.
    #[must_use]
    pub fn overlaid<'a>(mut self, links: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        for (name, path) in links {
            self.links.insert(name.to_owned(), path.to_owned());
        }
        self
    }
}

fn unknown_links(file: &BehaviourFile, opaque: &Opaque) -> Notice {
    Notice {
        message: format!(
            "`modules` of {} is not written out: {} stands here, and the file is read without running it. \
             Its links are not known.",
            file.name(),
            opaque.what
        ),
        fix: "Write `modules` with literal keys and values, or give the links with --link NAME=DIR."
            .to_owned(),
        location: Some(file.location(&opaque.range)),
    }
}

fn unknown_configuration(file: &BehaviourFile, opaque: &Opaque) -> Diagnostic {
    Diagnostic::new(
        crate::diagnostic::Code::Schema,
        "",
        format!(
            "`modules` of {} is not written out: {} stands here, and the file is read without running it.",
            file.name(),
            opaque.what
        ),
        "Write `modules` with literal keys and values, or adopt the `esmx` declaration in package.json.",
    )
    .at(Some(file.location(&opaque.range)))
}
