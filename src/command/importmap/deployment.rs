//! Everything that a map leads to: the files at its addresses, what they import, and so on to the end.

mod names;

use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use url::Url;

use super::files::{Fetched, Files, is_javascript};
use super::surface::{RequestTarget, Surface};
use crate::base::integrity_sha384;
use crate::import_map::{
    NormalizedImportMap, ParseError, ParseWarning, SpecifierMap, UrlSpace, parse_import_map_string,
    resolve_module_specifier,
};
use crate::protocol::{Manifest, split_package};

pub(super) use self::names::Binding;

/// A map with all of its files.
pub(super) struct Deployment {
    /// Where the files are.
    pub files: Files,
    /// The map.
    pub map: NormalizedImportMap,
    /// What a browser would say about its text.
    pub warnings: Vec<ParseWarning>,
    /// URL → what is there: addresses of the map in its order, then what they import.
    pub modules: IndexMap<String, DeployedModule>,
    /// Directory URL → the manifest in it.
    pub manifests: IndexMap<String, Manifest>,
}

/// One file that something imports, or could import.
pub(super) struct DeployedModule {
    /// The file, or why there is none.
    pub file: Result<Fetched, String>,
    /// What it says, or why it is no ES module; empty where there is no file.
    pub surface: Result<Surface, String>,
    /// Its imports with what they lead to.
    pub imports: Vec<Import>,
}

/// An import and what it leads to.
pub(super) struct Import {
    /// As written.
    pub specifier: String,
    /// The names that have to exist.
    pub names: Vec<String>,
    /// The URL, or why there is none.
    pub target: Result<Url, String>,
    /// Whether the target is a script.
    pub kind: RequestTarget,
}

impl DeployedModule {
    /// What its imports of some kinds lead to.
    pub(super) fn targets(&self, is_wanted: impl Fn(RequestTarget) -> bool) -> impl Iterator<Item = &Url> {
        self.imports
            .iter()
            .filter(move |import| is_wanted(import.kind))
            .filter_map(|import| import.target.as_ref().ok())
    }
}

impl Deployment {
    /// Reads a map and everything it leads to.
    pub(super) fn load(text: &str, files: Files) -> Result<Self, ParseError> {
        Self::load_from(text, files, Vec::new())
    }

    /// The same, and everything that other files lead to.
    pub(super) fn load_from(text: &str, files: Files, others: Vec<Url>) -> Result<Self, ParseError> {
        let parsed = parse_import_map_string(text, &files.base())?;
        let mut deployment = Self {
            files,
            map: parsed.map,
            warnings: parsed.warnings,
            modules: IndexMap::new(),
            manifests: IndexMap::new(),
        };
        let addresses = deployment.addresses().map(|(_, url)| url.clone());
        let first = addresses.chain(others).collect();
        deployment.follow(first);
        deployment.manifests = deployment.find_manifests();
        Ok(deployment)
    }

    /// Specifier and URL of every entry that names one file.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (&str, &Url)> {
        let tables = std::iter::once(&self.map.imports).chain(self.map.scopes.values());
        tables
            .flat_map(SpecifierMap::iter)
            .filter(|(specifier, _)| !specifier.ends_with('/'))
            .filter_map(|(specifier, url)| Some((specifier, url?)))
    }

    fn follow(&mut self, first: Vec<Url>) {
        let mut wave: IndexSet<Url> = first.into_iter().filter(|url| self.is_followed(url)).collect();
        while !wave.is_empty() {
            let this = &*self;
            this.files.fetch_ahead(&wave.iter().collect::<Vec<_>>());
            let loaded: Vec<(String, DeployedModule)> = wave
                .iter()
                .collect::<Vec<_>>()
                .into_par_iter()
                .map(|url| (url.to_string(), this.load_module(url)))
                .collect();
            let mut next = IndexSet::new();
            for (url, module) in loaded {
                next.extend(module.targets(|kind| kind == RequestTarget::Script).cloned());
                self.modules.insert(url, module);
            }
            wave = next
                .into_iter()
                .filter(|url| self.is_followed(url) && !self.modules.contains_key(url.as_str()))
                .collect();
        }
    }

    /// Whether a URL has to lead to a file; `node:` is Node's own, where the map is for Node.
    fn is_followed(&self, url: &Url) -> bool {
        url.scheme() != "node" || !self.is_for_node()
    }

    /// Whether the map is that of a server: its files are where Node finds them.
    pub(super) fn is_for_node(&self) -> bool {
        self.addresses().any(|(_, url)| url.scheme() == "file")
    }

    fn load_module(&self, url: &Url) -> DeployedModule {
        let file = self.files.fetch(url);
        let Ok(fetched) = &file else {
            return DeployedModule {
                file,
                surface: Ok(Surface::default()),
                imports: Vec::new(),
            };
        };
        let surface = if is_javascript(&fetched.mime) {
            Surface::read(&String::from_utf8_lossy(&fetched.bytes)).and_then(|surface| {
                match surface.common_js {
                    // Node runs that as well.
                    Some(word) if url.scheme() != "file" => {
                        Err(format!("it is CommonJS, and a browser has no `{word}`"))
                    }
                    _ => Ok(surface),
                }
            })
        } else {
            Ok(Surface::default())
        };
        let requests = surface.as_ref().map(|surface| surface.imports.as_slice());
        let imports = requests
            .unwrap_or_default()
            .iter()
            .map(|request| Import {
                specifier: request.specifier.clone(),
                names: request.names.clone(),
                target: resolve_module_specifier(&self.map, &request.specifier, &fetched.url)
                    .map_err(|error| error.to_string()),
                kind: request.target,
            })
            .collect();
        DeployedModule {
            file,
            surface,
            imports,
        }
    }

    /// Our builds leave a manifest at the root of each module: where scopes begin, and where `name/export` leads
    /// to `…/name/file`.
    fn find_manifests(&self) -> IndexMap<String, Manifest> {
        let scopes = self.map.scopes.keys().filter(|prefix| prefix.ends_with('/'));
        let mut directories: IndexSet<String> = scopes.cloned().collect();
        for (specifier, url) in self.addresses() {
            let segment = format!("/{}/", split_package(specifier).0);
            if let Some(at) = url.as_str().find(&segment) {
                directories.insert(url.as_str()[..at + segment.len()].to_owned());
            }
        }
        let manifests: Vec<(&String, Url)> = directories
            .iter()
            .filter_map(|directory| {
                Some((directory, Url::parse(directory).ok()?.join("manifest.json").ok()?))
            })
            .collect();
        self.files
            .fetch_ahead(&manifests.iter().map(|(_, url)| url).collect::<Vec<_>>());
        let found: Vec<_> = manifests
            .into_par_iter()
            .filter_map(|(directory, url)| {
                let file = self.files.fetch(&url).ok()?;
                Some((directory.clone(), Manifest::parse(&file.bytes).ok()?))
            })
            .filter(|(_, manifest)| !manifest.name.is_empty())
            .collect();
        found.into_iter().collect()
    }

    /// The manifest of the module that a file belongs to.
    pub(super) fn owner_of(&self, url: &str) -> Option<(&str, &Manifest)> {
        self.manifests
            .iter()
            .filter(|(directory, _)| url.starts_with(directory.as_str()))
            .max_by_key(|(directory, _)| directory.len())
            .map(|(directory, manifest)| (directory.as_str(), manifest))
    }

    /// The name a finding about a file is put under: the module's, else the host, else the file itself.
    pub(super) fn module_of(&self, url: &str) -> String {
        self.owner_of(url)
            .map_or_else(|| self.files.shown(url), |(_, manifest)| manifest.name.clone())
    }

    /// The names a file exports; `None` where they cannot be known, because a file is missing.
    pub(super) fn exports_of(&self, url: &str) -> Option<IndexSet<String>> {
        let mut names = IndexSet::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![url.to_owned()];
        while let Some(url) = waiting.pop() {
            if !seen.insert(url.clone()) {
                continue;
            }
            let module = self.modules.get(&url)?;
            let (Ok(file), Ok(surface)) = (&module.file, &module.surface) else {
                return None;
            };
            if !is_javascript(&file.mime) {
                return None;
            }
            let is_first = seen.len() == 1;
            let own = surface.exports.iter();
            names.extend(own.filter(|name| is_first || *name != "default").cloned());
            for star in &surface.stars {
                let import = module.imports.iter().find(|import| import.specifier == *star)?;
                waiting.push(import.target.as_ref().ok()?.to_string());
            }
        }
        Some(names)
    }

    /// The shortest way to a file from one that nobody imports.
    pub(super) fn chain_to(&self, url: &str) -> Vec<String> {
        let mut importers: HashMap<&str, Vec<&str>> = HashMap::new();
        for (importer, module) in &self.modules {
            for target in module
                .imports
                .iter()
                .filter_map(|import| import.target.as_ref().ok())
            {
                importers.entry(target.as_str()).or_default().push(importer);
            }
        }
        let mut next_of: HashMap<&str, &str> = HashMap::new();
        let mut waiting = VecDeque::from([url]);
        let mut last = url;
        while let Some(file) = waiting.pop_front() {
            last = file;
            let Some(above) = importers.get(file) else { break };
            for &importer in above {
                if importer != url && !next_of.contains_key(importer) {
                    next_of.insert(importer, file);
                    waiting.push_back(importer);
                }
            }
        }
        let mut chain = vec![self.files.shown(last)];
        while last != url {
            last = next_of[last];
            chain.push(self.files.shown(last));
        }
        chain
    }
}

/// The URL of a file of a module, as it is a key of a deployment.
pub(super) fn file_url(directory: &str, file: &str) -> String {
    let written = UrlSpace::new(directory).url_of(file);
    Url::parse(&written).map_or(written, String::from)
}

/// The algorithms that browsers know, the strongest first.
const ALGORITHMS: [&str; 3] = ["sha512", "sha384", "sha256"];

fn hashes_of(metadata: &str) -> Vec<(&str, &str)> {
    metadata
        .split_ascii_whitespace()
        .filter_map(|hash| hash.split('?').next()?.split_once('-'))
        .collect()
}

/// Whether integrity metadata has a hash that a browser compares.
pub(super) fn names_a_hash(metadata: &str) -> bool {
    hashes_of(metadata)
        .iter()
        .any(|(algorithm, _)| ALGORITHMS.contains(algorithm))
}

/// Whether bytes are those that integrity metadata names. Of several hashes the strongest algorithm counts, and any
/// of its hashes will do; metadata without a hash that a browser knows holds for everything.
pub(super) fn is_intact(bytes: &[u8], metadata: &str) -> bool {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256, Sha512};
    let hashes = hashes_of(metadata);
    let strongest = ALGORITHMS
        .into_iter()
        .find(|algorithm| hashes.iter().any(|(other, _)| other == algorithm));
    let Some(algorithm) = strongest else { return true };
    let actual = match algorithm {
        "sha512" => STANDARD.encode(Sha512::digest(bytes)),
        "sha256" => STANDARD.encode(Sha256::digest(bytes)),
        _ => integrity_sha384(bytes)["sha384-".len()..].to_owned(),
    };
    let plain = |hash: &str| hash.replace('-', "+").replace('_', "/");
    hashes
        .iter()
        .any(|(other, hash)| *other == algorithm && plain(hash) == actual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_hash_counts() {
        let right = integrity_sha384(b"x");
        assert!(is_intact(b"x", &right));
        assert!(is_intact(b"x", &format!("sha256-wrong {right}?option")));
        assert!(!is_intact(b"x", &format!("{right} sha512-wrong")));
        assert!(!is_intact(b"y", &right));
        assert!(is_intact(b"y", "md5-abc"));
    }
}
