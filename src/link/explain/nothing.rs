//! A specifier that means nothing: what was meant, perhaps.

use indexmap::IndexMap;
use std::collections::BTreeSet;

use super::package::DeclaredDependency;
use super::{Asker, ProvidingModule};
use crate::diagnostic::nearest;
use crate::link::offer::GroupIndex;
use crate::protocol::{Side, split_package};

/// Nothing answers to the specifier.
#[derive(Debug, Clone)]
pub struct NothingAnswer {
    /// Its entry in the module's dependencies: declared, but not installed.
    pub dependency: Option<DeclaredDependency>,
    /// Names that are close, the closest first.
    pub near: Vec<String>,
    /// Modules that would provide it: installed or in the workspace, and not in the closure.
    pub would_provide: Vec<ProvidingModule>,
}

/// More would be guessing.
const NEAR_NAMES: usize = 3;

impl Asker<'_> {
    pub(super) fn nothing(&self, wiring: &IndexMap<String, GroupIndex>) -> NothingAnswer {
        let (package, _) = split_package(self.specifier);
        let copy_would_be = self.own_copy(super::InstalledCopy {
            name: package.to_owned(),
            version: None,
            dir: std::path::PathBuf::new(),
        });
        NothingAnswer {
            dependency: self.dependency(package),
            near: self.near(wiring),
            would_provide: copy_would_be.would_provide,
        }
    }

    fn near(&self, wiring: &IndexMap<String, GroupIndex>) -> Vec<String> {
        let closure = &self.supplied.closure;
        let mut names: BTreeSet<String> = wiring.keys().cloned().collect();
        let record = closure.record(self.layer);
        names.extend(record.all_dependencies().map(|(key, _)| key.to_owned()));
        for &layer in self.supplied.reach(self.layer) {
            let module = closure.name(layer);
            let surface = super::surface(closure, layer);
            for side in Side::BOTH {
                names.extend(surface.names_on(side).map(|name| format!("{module}/{name}")));
            }
        }
        names.remove(self.specifier);
        let mut near = Vec::new();
        while near.len() < NEAR_NAMES
            && let Some(name) = nearest(self.specifier, names.iter().map(String::as_str)).map(str::to_owned)
        {
            names.remove(&name);
            near.push(name);
        }
        near
    }
}
