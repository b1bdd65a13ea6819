//! What a name of a file stands for, through everything that hands it on: ECMA-262's `ResolveExport`.

use std::collections::HashSet;

use super::Deployment;
use crate::command::importmap::files::is_javascript;
use crate::command::importmap::surface::RequestTarget;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command::importmap) enum Binding {
    /// A variable of a file.
    Found {
        /// The file that declares it.
        url: String,
        /// Its export there; none for all names of the file as one object.
        name: Option<String>,
    },
    /// There is no such export.
    Missing,
    /// Two files behind `export *` have it.
    Ambiguous([String; 2]),
    /// It leads back to itself.
    Circular,
    /// A file on the way is missing or no module.
    Unknown,
}

impl Deployment {
    /// What an import of a name gets.
    pub(in crate::command::importmap) fn imported(
        &self,
        kind: RequestTarget,
        target: &str,
        name: &str,
    ) -> Binding {
        self.imported_past(kind, target, name, &mut HashSet::new())
    }

    fn imported_past(
        &self,
        kind: RequestTarget,
        target: &str,
        name: &str,
        seen: &mut HashSet<(String, String)>,
    ) -> Binding {
        match kind {
            RequestTarget::Script => self.binding(target, name, seen),
            RequestTarget::Json | RequestTarget::Css if name == "default" => Binding::Found {
                url: target.to_owned(),
                name: Some(name.to_owned()),
            },
            RequestTarget::Json | RequestTarget::Css => Binding::Missing,
            RequestTarget::Other => Binding::Unknown,
        }
    }

    fn binding(&self, url: &str, name: &str, seen: &mut HashSet<(String, String)>) -> Binding {
        let Some(module) = self.modules.get(url) else {
            return Binding::Unknown;
        };
        let (Ok(file), Ok(surface)) = (&module.file, &module.surface) else {
            return Binding::Unknown;
        };
        // Node gives the names of CommonJS as it finds them.
        if !is_javascript(&file.mime) || surface.common_js.is_some() {
            return Binding::Unknown;
        }
        if !seen.insert((url.to_owned(), name.to_owned())) {
            return Binding::Circular;
        }
        let import_of = |specifier: &str| {
            let import = module
                .imports
                .iter()
                .find(|import| import.specifier == specifier)?;
            Some((import.kind, import.target.as_ref().ok()?.as_str()))
        };
        if let Some(forward) = surface.forwards.get(name) {
            let Some((kind, target)) = import_of(&forward.specifier) else {
                return Binding::Unknown;
            };
            return match &forward.name {
                Some(name) => self.imported_past(kind, target, name, seen),
                None => Binding::Found {
                    url: target.to_owned(),
                    name: None,
                },
            };
        }
        if surface.exports.contains(name) {
            return Binding::Found {
                url: url.to_owned(),
                name: Some(name.to_owned()),
            };
        }
        if name == "default" {
            return Binding::Missing;
        }
        let mut found: Option<(Binding, &str)> = None;
        let mut is_unknown = false;
        for star in &surface.stars {
            let Some((kind, target)) = import_of(star) else {
                is_unknown = true;
                continue;
            };
            match self.imported_past(kind, target, name, seen) {
                // A circle of `export *` adds nothing.
                Binding::Missing | Binding::Circular => {}
                Binding::Unknown => is_unknown = true,
                Binding::Ambiguous(files) => return Binding::Ambiguous(files),
                binding @ Binding::Found { .. } => match &found {
                    None => found = Some((binding, target)),
                    Some((first, _)) if *first == binding => {}
                    Some((_, other)) => return Binding::Ambiguous([(*other).to_owned(), target.to_owned()]),
                },
            }
        }
        match found {
            Some((binding, _)) => binding,
            None if is_unknown => Binding::Unknown,
            None => Binding::Missing,
        }
    }
}
