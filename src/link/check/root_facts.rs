//! What only the root is asked: do its target files exist (PROTOCOL §8.6), and does its behaviour file leave
//! the protocol to the declaration (§2.3)?

use std::path::Path;

use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Code, Diagnostic};
use crate::link::BehaviourFacts;
use crate::protocol::{PackageRecord, Side, SideFiles};

/// Why the behaviour file cannot be used; for a legacy package also what is wrong with its configuration.
pub(in crate::link) fn unusable_behaviour(root: &PackageRecord, facts: &BehaviourFacts) -> Vec<Diagnostic> {
    let of_legacy = facts
        .legacy
        .iter()
        .filter(|_| root.declaration.is_none())
        .flat_map(|legacy| &legacy.diagnostics);
    facts
        .diagnostics
        .iter()
        .chain(of_legacy)
        .cloned()
        .map(|mut diagnostic| {
            diagnostic.module = root.label();
            diagnostic
        })
        .collect()
}

/// `E_PROTOCOL_IN_BEHAVIOR`.
pub(in crate::link) fn protocol_facts_in_behaviour(
    root: &PackageRecord,
    facts: &BehaviourFacts,
) -> Option<Diagnostic> {
    if root.declaration.is_none() || facts.protocol_keys.is_empty() {
        return None;
    }
    let keys = facts.protocol_keys.join(", ");
    Some(
        Diagnostic::new(
            Code::ProtocolInBehavior,
            root.label(),
            format!(
                "The behaviour file still configures {keys} under `modules`, but {} has a \
                 declaration, and what it says there would be ignored.",
                root.label()
            ),
            format!(
                "Remove {keys} from `modules` in the behaviour file; only `links` may stay. What \
                 they said belongs into `esmx` of package.json."
            ),
        )
        .with_found(keys)
        .at(facts.modules_location.clone()),
    )
}

/// `E_TARGET_MISSING`, one per place that names a missing file.
pub(in crate::link) fn missing_targets(files: &dyn FileSystem, root: &PackageRecord) -> Vec<Diagnostic> {
    let Some(declaration) = &root.declaration else {
        return Vec::new();
    };
    let check = TargetCheck { files, root };
    let entry = declaration
        .entry
        .iter()
        .flat_map(|entry| check.sides(entry, &["esmx", "entry"], "esmx.entry"));
    let exports = declaration.exports.iter().flat_map(|(name, sources)| {
        let key = format!("./{name}");
        check.sides(
            sources,
            &["esmx", "exports", &key],
            &format!("esmx.exports[{key:?}]"),
        )
    });
    entry.chain(exports).collect()
}

struct TargetCheck<'a> {
    files: &'a dyn FileSystem,
    root: &'a PackageRecord,
}

/// What people leave out or mistake at the end of a path.
const EXTENSIONS: [&str; 9] = ["ts", "tsx", "mts", "js", "jsx", "mjs", "vue", "svelte", "css"];

impl TargetCheck<'_> {
    fn sides(&self, sources: &SideFiles, keys: &[&str], json_path: &str) -> Vec<Diagnostic> {
        let mut missing = Vec::new();
        for side in Side::BOTH {
            let fork_keys = [keys, &[side.as_str()]].concat();
            let in_fork = self.root.location_of_value(&fork_keys);
            // One path for both sides is one place, and one diagnostic.
            if in_fork.is_none() && side == Side::Server {
                continue;
            }
            let Some(target) = sources
                .on(side)
                .filter(|target| !self.files.is_file(&self.path(target)))
            else {
                continue;
            };
            let location = in_fork.or_else(|| self.root.location_of_value(keys));
            missing.push(self.missing(target, json_path, location));
        }
        missing
    }

    fn missing(
        &self,
        target: &str,
        place: &str,
        location: Option<crate::diagnostic::Location>,
    ) -> Diagnostic {
        if let Err(error) = self.files.real_path(&self.path(target))
            && error.kind() == std::io::ErrorKind::PermissionDenied
        {
            return Diagnostic::new(
                Code::Io,
                self.root.label(),
                format!("{target}, the source of {place}, cannot be read: permission denied."),
                "Make it readable for the user who builds.",
            )
            .at(location);
        }
        let fix = match self.neighbour(target) {
            Some(neighbour) => format!("Write {neighbour:?}, which exists."),
            None => format!(
                "Create {target}, or change the path to a file that exists; the extension is part of it."
            ),
        };
        Diagnostic::new(
            Code::TargetMissing,
            self.root.label(),
            format!(
                "{target}, the source of {place}, does not exist in {}.",
                self.root.label()
            ),
            fix,
        )
        .with_found(target)
        .at(location)
    }

    /// The same file with another extension, or with one at all.
    fn neighbour(&self, target: &str) -> Option<String> {
        let stem = Path::new(target).with_extension("");
        let stem = stem.to_str()?;
        EXTENSIONS
            .iter()
            .flat_map(|extension| [format!("{stem}.{extension}"), format!("{target}.{extension}")])
            .find(|candidate| self.files.is_file(&self.path(candidate)))
    }

    fn path(&self, target: &str) -> std::path::PathBuf {
        normalize(&self.root.dir.join(target))
    }
}
