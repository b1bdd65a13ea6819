//! What PROTOCOL §11.2 asks of a map, read off the manifests one specifier at a time. It shares no table with
//! `compose`: a mistake made there must not be repeated here, or the proof would prove nothing.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::import_map::compose_input::{ComposeInput, ComposedModule};
use crate::import_map::url_space::plain_path;

/// The result that §11.2 requires of one import.
#[derive(Debug, Clone)]
pub(super) enum Expected<'r> {
    /// The file at this URL, however its path is escaped.
    File(&'r Url),
    /// This absolute URL, which a manifest wires to.
    Url(Url),
    /// No result.
    Unresolvable,
}

impl Expected<'_> {
    pub(super) fn is_met_by<E>(&self, actual: Result<&Url, E>) -> bool {
        match (self, actual) {
            (Self::File(file), Ok(actual)) => is_same_file(actual, file),
            (Self::Url(url), Ok(actual)) => url == actual,
            (Self::Unresolvable, Err(_)) => true,
            (Self::Unresolvable, Ok(_)) | (Self::File(_) | Self::Url(_), Err(_)) => false,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::File(url) => url.as_str(),
            Self::Url(url) => url.as_str(),
            Self::Unresolvable => "no URL",
        }
    }
}

/// The requirements of one composition.
pub(super) struct Requirements<'a> {
    input: &'a ComposeInput,
    directories: HashMap<&'a str, Url>,
    /// Identifier → where the exporting module has its file.
    files: HashMap<&'a str, Url>,
    losing_files: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Requirements<'a> {
    /// # Errors
    /// The directory of a module that is no URL.
    pub(super) fn of(input: &'a ComposeInput, document: &Url) -> Result<Self, String> {
        let mut directories = HashMap::new();
        let mut files = HashMap::new();
        let mut losing_files = BTreeSet::new();
        for module in &input.modules {
            let (name, manifest) = (module.name.as_str(), &module.manifest);
            let space = module.url_space(&input.base);
            let directory = document
                .join(space.directory())
                .map_err(|_| space.directory().to_owned())?;
            if directory.cannot_be_a_base() {
                return Err(space.directory().to_owned());
            }
            for export in manifest.exports.values() {
                files.insert(export.identifier.as_str(), file_url(&directory, &export.file));
                if loses(input, &export.identifier) {
                    losing_files.insert((name, plain_path(&export.file)));
                }
            }
            for (public_name, provide) in &manifest.provides {
                if loses(input, &format!("{name}/{public_name}")) {
                    losing_files.extend(provide.chunks.iter().map(|file| (name, plain_path(file))));
                }
            }
            directories.insert(name, directory);
        }
        Ok(Self {
            input,
            directories,
            files,
            losing_files,
        })
    }

    /// Rules 1 and 2: every specifier that is answered for every referrer.
    pub(super) fn global_specifiers(&self) -> BTreeSet<&'a str> {
        let aliases = self
            .files
            .keys()
            .filter_map(|identifier| identifier.strip_suffix("/index"));
        self.files.keys().copied().chain(aliases).collect()
    }

    /// Rules 1, 2 and 5 for one identifier or alias; `None` where it is neither.
    pub(super) fn of_global(&self, specifier: &str) -> Option<Expected<'_>> {
        let aliased;
        let identifier = if self.files.contains_key(specifier) {
            specifier
        } else {
            aliased = format!("{specifier}/index");
            self.files
                .contains_key(aliased.as_str())
                .then_some(aliased.as_str())?
        };
        // Where the file is also one of a losing copy the manifests contradict each other: rule 6 keeps it out
        // of the map, and the difference is reported.
        let winner = self
            .input
            .rewires
            .get(identifier)
            .map_or(identifier, String::as_str);
        Some(
            self.files
                .get(winner)
                .map_or(Expected::Unresolvable, Expected::File),
        )
    }

    /// Rules 3 to 5 for a file of a module, then rules 1 and 2; `None` where nothing is guaranteed.
    pub(super) fn of_import(
        &self,
        module: &ComposedModule,
        referrer_path: &str,
        specifier: &str,
    ) -> Option<Expected<'_>> {
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
        directories.sort_by_key(|(name, _)| Reverse(plain_path(name).len()));
        let module_scope = scopes.get_key_value("");

        let target = own_file
            .chain(directories)
            .chain(module_scope)
            .find_map(|(_, table)| table.get(specifier));
        match target {
            Some(target) => Some(self.of_target(target)),
            None => self.of_global(specifier),
        }
    }

    /// Rule 3's values: an identifier after elections, or an absolute URL.
    fn of_target(&self, target: &str) -> Expected<'_> {
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

    /// The files of losing copies: module, file, URL.
    pub(super) fn losing_files(&self) -> impl Iterator<Item = (&'a str, &'a str, Url)> {
        self.losing_files
            .iter()
            .map(|&(module, file)| (module, file, file_url(&self.directories[module], file)))
    }

    /// Where a module's files are (§10.4, §11.5).
    pub(super) fn directory(&self, module: &ComposedModule) -> &Url {
        &self.directories[module.name.as_str()]
    }

    /// Where one file of a module is.
    pub(super) fn file_url(&self, module: &ComposedModule, file: &str) -> Url {
        file_url(self.directory(module), file)
    }
}

fn loses(input: &ComposeInput, identifier: &str) -> bool {
    input
        .rewires
        .get(identifier)
        .is_some_and(|winner| winner != identifier)
}

/// A file below a directory; the `url` crate escapes the path, not the code that composed the map.
fn file_url(directory: &Url, file: &str) -> Url {
    let mut url = directory.clone();
    url.path_segments_mut()
        .expect("a directory that cannot be a base was refused")
        .pop_if_empty()
        .extend(plain_path(file).split('/'));
    url
}

/// Whether two URLs name one file, however their paths are escaped. A path that was not escaped enough has
/// become a query or a fragment.
pub(super) fn is_same_file(actual: &Url, required: &Url) -> bool {
    actual == required
        || (actual.query().is_none() && actual.fragment().is_none() && decoded(actual) == decoded(required))
}

/// The text of a URL without its escapes, to compare files.
pub(super) fn decoded(url: &Url) -> String {
    percent_decode_str(url.as_str()).decode_utf8_lossy().into_owned()
}
