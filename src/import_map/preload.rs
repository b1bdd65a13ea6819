//! What a page can fetch before it is asked (PROTOCOL §12.4 to .6): the modules that the entry reaches through
//! static imports, and their stylesheets.

use std::collections::{BTreeMap, HashMap, VecDeque};

use indexmap::{IndexMap, IndexSet};
use url::Url;

use super::compose::Composition;
use super::compose_input::{ComposeInput, DOCUMENT_ORIGIN};
use super::parse::{NormalizedImportMap, parse_import_map_string};
use super::resolve::resolve_module_specifier;

/// URL of a file, as [`ComposeInput::file_url`] spells it → the specifiers of its static imports and
/// re-exports, in source order.
pub type StaticImports = IndexMap<String, Vec<String>>;

/// The files of a page, without duplicates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preload {
    /// The entry's file and everything it imports statically, nearest first.
    pub modules: Vec<LinkedFile>,
    /// Stylesheets in cascade order.
    pub stylesheets: Vec<LinkedFile>,
    /// Static imports that the map does not answer; the page would stop at them.
    pub unresolved: Vec<UnresolvedImport>,
}

/// One `<link>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedFile {
    /// The URL as the import map spells it.
    pub url: String,
    /// Integrity metadata, where the map has some.
    pub integrity: Option<String>,
}

/// One import that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnresolvedImport {
    /// URL of the importing file; the entry itself has no importer.
    pub referrer: Option<String>,
    /// The specifier as written.
    pub specifier: String,
    /// Why it fails.
    pub reason: String,
}

/// Follows the static imports of `entry`, a specifier such as `host/src/entry.client`, through a composed
/// client map. Files of losing copies are never followed.
pub fn collect_preloads(
    input: &ComposeInput,
    composition: &Composition,
    entry: &str,
    static_imports: &StaticImports,
) -> Preload {
    let document = input.document_url();
    let Ok(parsed) = parse_import_map_string(&composition.map.to_compact_json(), &document) else {
        return Preload::default();
    };
    let walk = Walk {
        composition,
        map: parsed.map,
        spellings: spellings(input, composition, &document),
        static_imports,
        document,
    };
    let mut preload = Preload::default();
    let Some(first) = walk.target(None, entry, &mut preload.unresolved) else {
        return preload;
    };
    let imports = walk.reachable(first.clone(), &mut preload.unresolved);
    preload.modules = imports.keys().map(|url| walk.linked_file(url)).collect();
    preload.stylesheets = Cascade::of(input, composition, &imports)
        .stylesheets(&first)
        .into_iter()
        .map(|url| walk.linked_file(&url))
        .collect();
    preload
}

/// Reachable file → the files it imports statically, in source order.
type ImportGraph = IndexMap<String, Vec<String>>;

struct Walk<'a> {
    composition: &'a Composition,
    map: NormalizedImportMap,
    /// Resolved URL → the spelling of the import map.
    spellings: HashMap<Url, String>,
    static_imports: &'a StaticImports,
    document: Url,
}

impl Walk<'_> {
    /// Breadth first: the browser needs the entry before its imports, and those before theirs.
    fn reachable(&self, first: String, unresolved: &mut Vec<UnresolvedImport>) -> ImportGraph {
        let mut graph = ImportGraph::new();
        let mut queue = VecDeque::from([first]);
        while let Some(url) = queue.pop_front() {
            if graph.contains_key(&url) {
                continue;
            }
            let specifiers = self.static_imports.get(&url).map_or(&[][..], Vec::as_slice);
            let targets: IndexSet<String> = specifiers
                .iter()
                .filter_map(|specifier| self.target(Some(&url), specifier, unresolved))
                .collect();
            queue.extend(targets.iter().cloned());
            graph.insert(url, targets.into_iter().collect());
        }
        graph
    }

    /// The file an import leads to, in the map's spelling.
    fn target(
        &self,
        referrer: Option<&str>,
        specifier: &str,
        unresolved: &mut Vec<UnresolvedImport>,
    ) -> Option<String> {
        let base = match referrer {
            Some(referrer) => self.document.join(referrer).ok()?,
            None => self.document.clone(),
        };
        match resolve_module_specifier(&self.map, specifier, &base) {
            Ok(url) => {
                let spelling = self.spellings.get(&url).cloned();
                let spelling = spelling.unwrap_or_else(|| without_document(&url));
                (!self.composition.suppressed.contains_url(&spelling)).then_some(spelling)
            }
            Err(error) => {
                unresolved.push(UnresolvedImport {
                    referrer: referrer.map(str::to_owned),
                    specifier: specifier.to_owned(),
                    reason: error.to_string(),
                });
                None
            }
        }
    }

    fn linked_file(&self, url: &str) -> LinkedFile {
        LinkedFile {
            url: url.to_owned(),
            integrity: self.composition.map.integrity.get(url).cloned(),
        }
    }
}

/// The URL of a file that only a prefix of the map leads to; the document's host stands for whatever host it will be.
fn without_document(url: &Url) -> String {
    let text = url.as_str();
    text.strip_prefix(DOCUMENT_ORIGIN).unwrap_or(text).to_owned()
}

/// Every URL the map or the manifests spell, by the URL it stands for: links repeat the map's spelling, so
/// that `/shop/x.mjs` stays `/shop/x.mjs` on whatever host the page is served.
fn spellings(input: &ComposeInput, composition: &Composition, document: &Url) -> HashMap<Url, String> {
    let manifest_files = input.modules.iter().flat_map(|module| {
        let manifest = &module.manifest;
        let space = module.url_space(&input.base);
        let files = manifest.files.iter();
        let exports = manifest.exports.values().map(|export| &export.file);
        let chunks = manifest.chunks.values().map(|chunk| &chunk.js);
        files
            .chain(exports)
            .chain(chunks)
            .map(move |file| space.url_of(file))
    });
    let map = &composition.map;
    let scoped = map.scopes.values().flat_map(BTreeMap::values).flatten();
    let addresses = map.imports.values().chain(scoped).cloned();
    manifest_files
        .chain(addresses)
        .filter_map(|url| Some((document.join(&url).ok()?, url)))
        .collect()
}

/// The order of stylesheets.
///
/// Styles cascade in the order in which modules are evaluated: what a module imports comes before it. Inside
/// one module the builder knew that order exactly, and a chunk's `css` lists everything below it. Across
/// modules a chunk knows nothing of the other's styles, so those are put before its own:
///
/// ```text
/// host/entry  css [base, host]   imports ./shared-chunk (css [base]) and app/routes (css [app])
///   → app, base, host            not base first from shared-chunk's own list: entry's list says where it goes
/// ```
struct Cascade<'a> {
    chunks: HashMap<String, Styled<'a>>,
    imports: &'a ImportGraph,
}

/// The stylesheets of one file and the module that owns both.
struct Styled<'a> {
    module: &'a str,
    css: Vec<String>,
}

/// What is known on the way through one module's chunks.
#[derive(Default)]
struct Gathered {
    stylesheets: IndexSet<String>,
    visited: IndexSet<String>,
}

impl<'a> Cascade<'a> {
    fn of(input: &'a ComposeInput, composition: &Composition, imports: &'a ImportGraph) -> Self {
        let mut chunks = HashMap::new();
        for module in &input.modules {
            let space = module.url_space(&input.base);
            for chunk in module.manifest.chunks.values() {
                let css = chunk.css.iter().map(|file| space.url_of(file));
                let css = css
                    .filter(|url| !composition.suppressed.contains_url(url))
                    .collect();
                chunks.insert(
                    space.url_of(&chunk.js),
                    Styled {
                        module: module.name.as_str(),
                        css,
                    },
                );
            }
        }
        Self { chunks, imports }
    }

    fn stylesheets(&self, entry: &str) -> IndexSet<String> {
        let mut gathered = Gathered::default();
        self.gather(entry, &mut gathered);
        gathered.stylesheets
    }

    /// Enters a module at `url`: what it needs from other modules is emitted on the way, its own styles then.
    fn gather(&self, url: &str, gathered: &mut Gathered) {
        let mut of_module = IndexSet::new();
        self.descend(url, gathered, &mut of_module);
        gathered.stylesheets.extend(of_module);
    }

    /// Adds to `of_module` the list of `url`, behind what chunks of the same module list and it does not
    /// (older builders list only a chunk's own styles).
    fn descend(&self, url: &str, gathered: &mut Gathered, of_module: &mut IndexSet<String>) {
        if !gathered.visited.insert(url.to_owned()) {
            return;
        }
        let styled = self.chunks.get(url);
        let mut below = IndexSet::new();
        for target in self.imports.get(url).into_iter().flatten() {
            let is_own = match (styled, self.chunks.get(target)) {
                (Some(importer), Some(target)) => importer.module == target.module,
                _ => false,
            };
            if is_own {
                self.descend(target, gathered, &mut below);
            } else {
                self.gather(target, gathered);
            }
        }
        let own = styled.map_or(&[][..], |styled| &styled.css);
        of_module.extend(below.into_iter().filter(|stylesheet| !own.contains(stylesheet)));
        of_module.extend(own.iter().cloned());
    }
}
