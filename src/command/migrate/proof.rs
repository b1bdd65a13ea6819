//! Is the migrated module the same module? Its exports, and what its imports are wired to, are compared side by
//! side with what the legacy configuration said. More wiring is fine; anything less or else is not.

use indexmap::IndexMap;

use super::plan::Alias;
use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Code, Diagnostic, Notice};
use crate::link::{BehaviourFacts, LegacyModule, LegacySource, Linkage};
use crate::protocol::{PackageRecord, Side};

/// Why the migrated module is another one; nothing when it is the same.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// In exports.
    pub exports: Vec<Notice>,
    /// Specifiers that would be wired otherwise.
    pub wiring: IndexMap<String, Notice>,
    /// In the behaviour file.
    pub behaviour: Option<Notice>,
    /// Errors that the new declaration would have.
    pub diagnostics: Vec<Diagnostic>,
}

impl Differences {
    pub(super) fn are_none(&self) -> bool {
        self.obstacles().next().is_none() && self.diagnostics.is_empty()
    }

    /// All but the errors.
    pub(super) fn obstacles(&self) -> impl Iterator<Item = &Notice> {
        self.exports
            .iter()
            .chain(self.wiring.values())
            .chain(&self.behaviour)
    }
}

pub(super) fn compare(
    files: &dyn FileSystem,
    legacy: &LegacyModule,
    migrated: &Linkage,
    facts: &BehaviourFacts,
    aliases: &[Alias],
) -> Differences {
    let mut differences = Differences::default();
    for side in Side::BOTH {
        compare_exports(files, legacy, migrated.root(), side, &mut differences.exports);
    }
    differences.wiring = compare_wiring(legacy, migrated, aliases);
    if !facts.protocol_keys.is_empty() {
        differences.behaviour = Some(Notice {
            message: format!(
                "The behaviour file would still say {}.",
                facts.protocol_keys.join(", ")
            ),
            fix: "Remove it by hand.".to_owned(),
            location: facts.modules_location.clone(),
        });
    }
    // A missing source or an unbuilt module was missing before.
    let is_new = |diagnostic: &&Diagnostic| {
        diagnostic.is_error() && !matches!(diagnostic.code, Code::NotBuilt | Code::TargetMissing)
    };
    differences
        .diagnostics
        .extend(migrated.diagnostics.iter().filter(is_new).cloned());
    differences
}

/// Export name → what it is made from: a package, or the file that is really there.
fn compare_exports(
    files: &dyn FileSystem,
    legacy: &LegacyModule,
    migrated: &PackageRecord,
    side: Side,
    obstacles: &mut Vec<Notice>,
) {
    let new = declared_exports(migrated, side);
    for (name, source) in &legacy.on(side).exports {
        let is_same = match (source, new.get(name)) {
            (LegacySource::Package(_), Some(None)) => true,
            (LegacySource::File(path), Some(Some(declared))) => {
                let stem = normalize(&migrated.dir.join(path));
                let declared = normalize(&migrated.dir.join(declared));
                declared == stem
                    || !files.is_file(&stem) && {
                        let (stem, declared) = (stem.to_string_lossy(), declared.to_string_lossy());
                        declared
                            .strip_prefix(&*stem)
                            .is_some_and(|rest| rest.starts_with('.') || rest.starts_with("/index."))
                    }
            }
            _ => false,
        };
        if !is_same {
            obstacles.push(Notice {
                message: format!("The export `{name}` would not be the same on the {side} side."),
                fix: "Express it in the list of exports so that a declaration can say it.".to_owned(),
                location: legacy.location_of_export(name),
            });
        }
    }
    for name in new
        .keys()
        .filter(|name| !legacy.on(side).exports.contains_key(*name))
    {
        obstacles.push(Notice {
            message: format!("`{name}` would be exported on the {side} side, where it was not."),
            fix: "Disable that side with `false`.".to_owned(),
            location: legacy.location_of_export(name),
        });
    }
}

/// `None` is a provided package.
fn declared_exports(record: &PackageRecord, side: Side) -> IndexMap<String, Option<String>> {
    let Some(declaration) = &record.declaration else {
        return IndexMap::new();
    };
    let entry = declaration
        .entry
        .iter()
        .filter_map(|entry| Some((format!("src/entry.{side}"), Some(entry.on(side)?.to_owned()))));
    let exports = declaration
        .exports
        .iter()
        .filter_map(|(name, sources)| Some((name.clone(), Some(sources.on(side)?.to_owned()))));
    let provides = declaration.provides.iter().map(|name| (name.clone(), None));
    entry.chain(exports).chain(provides).collect()
}

fn compare_wiring(legacy: &LegacyModule, migrated: &Linkage, aliases: &[Alias]) -> IndexMap<String, Notice> {
    let wiring = migrated.wiring_of(&migrated.root().label());
    let mut differences = IndexMap::new();
    for side in Side::BOTH {
        let module_scope = legacy.on(side).scopes.get("").into_iter().flatten();
        for (specifier, target) in module_scope {
            let found = wiring.and_then(|wiring| wiring.get(specifier));
            if found == Some(target) {
                continue;
            }
            let becomes = found.map_or_else(
                || "nothing: nobody in `uses` provides it".to_owned(),
                Clone::clone,
            );
            let notice = Notice {
                message: format!("`{specifier}` was wired to {target} and would be wired to {becomes}."),
                fix: advice(specifier, target, found.is_some()),
                location: aliases
                    .iter()
                    .find(|alias| alias.specifier == *specifier)
                    .map(|alias| alias.location.clone()),
            };
            differences.entry(specifier.clone()).or_insert(notice);
        }
    }
    differences
}

fn advice(specifier: &str, target: &str, is_provided: bool) -> String {
    let (module, name) = crate::protocol::split_package(target);
    let name = name.trim_start_matches('/');
    if is_provided {
        format!(
            "Declare in `dependencies` the range or alias of `{specifier}` that selects the major of {target}; if another module provides the same major, the last of `modules.links` wins, so move {module} to its end. Or import '{target}' in the code."
        )
    } else {
        format!(
            "If {module} provides {name} as a package, migrate {module} first; if {name} is one of its files, import '{target}' in the code."
        )
    }
}
