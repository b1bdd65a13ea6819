//! What PROTOCOL §11.2 asks of a map, read off the manifests one specifier at a time. It shares no table with
//! `compose`: a mistake made there must not be repeated here, or `verify` would prove nothing.

use std::collections::{BTreeSet, HashMap};

use url::Url;

use super::compose_input::{ComposeInput, ComposedModule};
use super::url_space::plain_path;

/// The result that §11.2 requires of one import.
#[derive(Debug, Clone)]
pub(super) enum Expected<'a> {
    /// The URL of a file of a module.
    File(&'a ComposedModule, &'a str),
    /// An absolute URL that a manifest wires to.
    Url(Url),
    /// No result.
    Unresolvable,
}

/// The requirements of one composition.
pub(super) struct Requirements<'a> {
    input: &'a ComposeInput,
    exporters: HashMap<&'a str, (&'a ComposedModule, &'a str)>,
    losing_files: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Requirements<'a> {
    pub(super) fn of(input: &'a ComposeInput) -> Self {
        let mut exporters = HashMap::new();
        let mut losing_files = BTreeSet::new();
        for module in &input.modules {
            let manifest = &module.manifest;
            for export in manifest.exports.values() {
                exporters.insert(export.identifier.as_str(), (module, export.file.as_str()));
                if loses(input, &export.identifier) {
                    losing_files.insert((module.name.as_str(), plain_path(&export.file)));
                }
            }
            for (public_name, provide) in &manifest.provides {
                if loses(input, &format!("{}/{public_name}", module.name)) {
                    let chunks = provide.chunks.iter();
                    losing_files.extend(chunks.map(|file| (module.name.as_str(), plain_path(file))));
                }
            }
        }
        Self {
            input,
            exporters,
            losing_files,
        }
    }

    /// Rules 1 and 2: every specifier that is answered for every referrer.
    pub(super) fn global_specifiers(&self) -> BTreeSet<&'a str> {
        let aliases = self
            .exporters
            .keys()
            .filter_map(|identifier| identifier.strip_suffix("/index"));
        self.exporters.keys().copied().chain(aliases).collect()
    }

    /// Rules 1, 2 and 5 for one identifier or alias; `None` where it is neither.
    pub(super) fn of_global(&self, specifier: &str) -> Option<Expected<'a>> {
        let aliased = format!("{specifier}/index");
        let identifier = if self.exporters.contains_key(specifier) {
            specifier
        } else if self.exporters.contains_key(aliased.as_str()) {
            aliased.as_str()
        } else {
            return None;
        };
        let winner = self
            .input
            .rewires
            .get(identifier)
            .map_or(identifier, String::as_str);
        Some(match self.exporters.get(winner) {
            // Where this is also the file of a losing copy the manifests contradict each other: rule 6 keeps
            // it out of the map, and the difference is reported.
            Some(&(module, file)) => Expected::File(module, file),
            None => Expected::Unresolvable,
        })
    }

    /// Rules 3 to 5 for a file of a module, then rules 1 and 2; `None` where nothing is guaranteed.
    pub(super) fn of_import(
        &self,
        module: &'a ComposedModule,
        referrer_path: &str,
        specifier: &str,
    ) -> Option<Expected<'a>> {
        let scopes = &module.manifest.scopes;
        // Rule 4: a file's own scope, then directories from the longest, then the module scope. Of two names
        // for one place the later one speaks.
        let own_file = scopes.iter().rev().filter(|(name, _)| {
            let file = module
                .manifest
                .exports
                .get(*name)
                .map(|export| plain_path(&export.file));
            !name.is_empty() && !name.ends_with('/') && file == Some(referrer_path)
        });
        let mut directories: Vec<_> = scopes
            .iter()
            .rev()
            .filter(|(name, _)| name.ends_with('/') && referrer_path.starts_with(plain_path(name)))
            .collect();
        directories.sort_by_key(|(name, _)| std::cmp::Reverse(plain_path(name).len()));
        let module_scope = scopes.get_key_value("");

        own_file
            .chain(directories)
            .chain(module_scope)
            .find_map(|(_, table)| table.get(specifier))
            .map(|target| self.of_target(target))
            .or_else(|| self.of_global(specifier))
    }

    /// Rule 3's values: an identifier after elections, or an absolute URL.
    fn of_target(&self, target: &str) -> Expected<'a> {
        let winner = self.input.rewires.get(target).map_or(target, String::as_str);
        self.of_global(winner)
            .unwrap_or_else(|| match Url::parse(target) {
                Ok(url) => Expected::Url(url),
                Err(_) => Expected::Unresolvable,
            })
    }

    /// Rule 6: whether the file is there only because of a copy that lost.
    pub(super) fn is_losing_file(&self, module: &ComposedModule, file: &str) -> bool {
        self.losing_files
            .contains(&(module.name.as_str(), plain_path(file)))
    }

    /// The files of losing copies.
    pub(super) fn losing_files(&self) -> impl Iterator<Item = (&'a ComposedModule, &'a str)> {
        self.losing_files
            .iter()
            .filter_map(|(name, file)| self.input.module(name).map(|module| (module, *file)))
    }
}

fn loses(input: &ComposeInput, identifier: &str) -> bool {
    input
        .rewires
        .get(identifier)
        .is_some_and(|winner| winner != identifier)
}
