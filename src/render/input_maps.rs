//! Source maps that sources bring with them: a compiler made the source, and the map says of what.
//!
//! ```text
//! output ──our map──▶ dist/button.js ──its map──▶ src/button.tsx        becomes        output ──▶ src/button.tsx
//! ```
//!
//! A source names its map in its last comment: `//# sourceMappingURL=button.js.map`, or `data:` with the map itself.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use sourcemap::{DecodedMap, SourceMap, decode_slice};

use crate::base::{FileSystem, normalize, relative_posix};
use crate::chunk::ChunkGraph;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{Module, ModuleId, ModuleOrigin, NAMES_SOURCE_MAP};
use crate::scan::split_path;

/// The maps of all sources that have one.
#[derive(Default)]
pub struct InputMaps {
    /// The sources that name one, whether it is there or not.
    naming: Vec<ModuleId>,
    maps: FxHashMap<ModuleId, InputMap>,
}

/// The map of one source.
pub struct InputMap {
    map: SourceMap,
    /// In the order of the map.
    pub sources: Vec<InputSource>,
}

/// A file that a source was made of.
pub struct InputSource {
    place: InputPlace,
    /// Its text, where it is known.
    pub text: Option<String>,
}

enum InputPlace {
    File(PathBuf),
    Url(String),
}

/// Where something was before a source was made.
pub struct Original<'a> {
    /// Which source.
    pub source: usize,
    /// From zero.
    pub line: u32,
    /// From zero, in UTF-16 units.
    pub column: u32,
    /// What it is called there, if the map says so.
    pub name: Option<&'a str>,
}

impl InputMaps {
    /// Reads the maps that the sources of a graph name. A map that is not there is none: packages are often published
    /// without. One that cannot be read is told of, if the source is no package's.
    #[tracing::instrument(name = "input_maps", skip_all)]
    pub fn read(graph: &ChunkGraph, files: &dyn FileSystem, label: &str) -> (Self, Vec<Diagnostic>) {
        let ids: Vec<ModuleId> = graph.bound.graph.modules.indices().collect();
        Self::read_of(&ids, graph, files, label)
    }

    /// The same where only some modules say something else than when these were read.
    pub fn read_again(
        &self,
        changed: &[ModuleId],
        graph: &ChunkGraph,
        files: &dyn FileSystem,
        label: &str,
    ) -> (Self, Vec<Diagnostic>) {
        let mut ids: Vec<ModuleId> = self.naming.iter().chain(changed).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        Self::read_of(&ids, graph, files, label)
    }

    fn read_of(
        ids: &[ModuleId],
        graph: &ChunkGraph,
        files: &dyn FileSystem,
        label: &str,
    ) -> (Self, Vec<Diagnostic>) {
        let modules = &graph.bound.graph.modules;
        let naming = ids.par_iter().copied();
        let naming: Vec<ModuleId> = naming.filter(|id| url_of(&modules[*id]).is_some()).collect();
        let read = naming.par_iter();
        let read: Vec<_> = read
            .filter_map(|id| Some((*id, InputMap::of(&modules[*id], files)?)))
            .collect();
        let mut maps = Self {
            naming,
            ..Self::default()
        };
        let mut warnings = Vec::new();
        for (id, map) in read {
            match map {
                Ok(map) => {
                    maps.maps.insert(id, map);
                }
                Err(problem) if modules[id].origin == ModuleOrigin::Own => {
                    warnings.push(problem.diagnostic(&modules[id], label));
                }
                Err(_) => {}
            }
        }
        (maps, warnings)
    }

    /// The sources that have one.
    pub fn modules(&self) -> FxHashSet<ModuleId> {
        self.maps.keys().copied().collect()
    }

    /// The map of a source.
    pub fn of(&self, module: ModuleId) -> Option<&InputMap> {
        self.maps.get(&module)
    }
}

/// Why a map is of no use.
struct Problem {
    /// The URL in the source.
    range: (usize, usize),
    reason: String,
}

impl Problem {
    fn diagnostic(self, module: &Module, label: &str) -> Diagnostic {
        let (start, end) = self.range;
        Diagnostic::new(
            Code::SourceMap,
            label,
            format!(
                "The source map that the file names cannot be used: {}.",
                self.reason
            ),
            "Build the file again, or remove the comment; positions now lead to the file itself.",
        )
        .at(Some(Location::of_range(
            &module.path,
            &module.syntax.source,
            start,
            end,
        )))
    }
}

/// Where a module names its map, if its text is that of its file.
fn url_of(module: &Module) -> Option<(usize, usize)> {
    let syntax = &module.syntax;
    let is_made =
        syntax.features.is_generated || syntax.resource.is_some() || split_path(&module.path).1.is_some();
    // The text of a module that was kept is only read where it is needed.
    let may_name_one = syntax.features.may_name_source_map && !is_made;
    may_name_one.then(|| url_in(&syntax.source)).flatten()
}

impl InputMap {
    fn of(module: &Module, files: &dyn FileSystem) -> Option<Result<Self, Problem>> {
        let (path, _) = split_path(&module.path);
        let source = &module.syntax.source;
        let (start, end) = url_of(module)?;
        let url = &source[start..end];
        let (bytes, directory) = match url.strip_prefix("data:") {
            Some(data) => (decoded_data(data), path.parent()?.to_path_buf()),
            None if url.contains("://") => return None,
            None => {
                let named = percent_decode_str(url).decode_utf8().ok()?;
                let map_path = normalize(&path.parent()?.join(&*named));
                let bytes = files.read(&map_path).ok()?;
                (Ok(bytes), map_path.parent()?.to_path_buf())
            }
        };
        let map = bytes.and_then(|bytes| decoded_map(&bytes));
        let range = (start, end);
        Some(match map {
            Ok(map) => Ok(Self::new(map, &directory, files)),
            Err(reason) => Err(Problem { range, reason }),
        })
    }

    fn new(map: SourceMap, directory: &Path, files: &dyn FileSystem) -> Self {
        let sources = (0..map.get_source_count()).map(|index| {
            let name = map.get_source(index).unwrap_or_default();
            let place = if name.contains("://") {
                InputPlace::Url(name.to_owned())
            } else {
                InputPlace::File(normalize(&directory.join(name)))
            };
            let text = map.get_source_contents(index).map(str::to_owned);
            let text = text.or_else(|| match &place {
                InputPlace::File(path) => String::from_utf8(files.read(path).ok()?).ok(),
                InputPlace::Url(_) => None,
            });
            InputSource { place, text }
        });
        let sources = sources.collect();
        Self { map, sources }
    }

    /// Where a position of the source comes from; `None` where the compiler wrote it by itself.
    pub fn original(&self, line: u32, column: u32) -> Option<Original<'_>> {
        let token = self.map.lookup_token(line, column)?;
        if token.get_dst_line() != line || !token.has_source() {
            return None;
        }
        Some(Original {
            source: token.get_src_id() as usize,
            line: token.get_src_line(),
            column: token.get_src_col(),
            name: token.get_name(),
        })
    }
}

impl InputSource {
    /// What a map in `directory` calls it.
    pub fn name_from(&self, directory: &Path) -> String {
        match &self.place {
            InputPlace::File(path) => super::file_names::url_path(&relative_posix(directory, path)),
            InputPlace::Url(url) => url.clone(),
        }
    }
}

/// The place of the URL in the last comment of a source, if nothing but comments follows.
fn url_in(source: &str) -> Option<(usize, usize)> {
    let at = memchr::memmem::rfind(source.as_bytes(), NAMES_SOURCE_MAP.as_bytes())?;
    let before = source[..at].trim_end();
    let opening = ["//#", "//@", "/*#", "/*@"];
    if !opening.iter().any(|one| before.ends_with(one)) {
        return None;
    }
    let start = at + NAMES_SOURCE_MAP.len();
    let length = source[start..]
        .find(|c: char| c.is_whitespace())
        .unwrap_or(source.len() - start);
    let mut end = start + length;
    if let Some(closing) = source[start..end].find("*/") {
        end = start + closing;
    }
    let rest = source[end..].trim_start().trim_start_matches("*/");
    let is_last = rest.lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//") || line.starts_with("/*") || line.starts_with('*')
    });
    (is_last && end > start).then_some((start, end))
}

/// What a `data:` URL holds.
fn decoded_data(data: &str) -> Result<Vec<u8>, String> {
    use base64::Engine as _;
    let (kind, content) = data.split_once(',').ok_or("its URL holds no data")?;
    if kind.ends_with(";base64") {
        return base64::engine::general_purpose::STANDARD
            .decode(content)
            .map_err(|error| format!("its data is no base64 ({error})"));
    }
    Ok(percent_decode_str(content).collect())
}

fn decoded_map(bytes: &[u8]) -> Result<SourceMap, String> {
    let unreadable = |error: sourcemap::Error| format!("it is no source map ({error})");
    match decode_slice(bytes).map_err(unreadable)? {
        DecodedMap::Regular(map) => Ok(map),
        DecodedMap::Index(index) => index.flatten().map_err(unreadable),
        DecodedMap::Hermes(_) => Err("it is a map of Hermes".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{InputMap, decoded_map, url_in};
    use crate::base::MemoryFileSystem;
    use crate::render::print::Mapping;
    use crate::render::source_map::{PlacedModule, SourceOrigin, join_source_maps};

    fn url(source: &str) -> Option<&str> {
        url_in(source).map(|(start, end)| &source[start..end])
    }

    #[test]
    fn the_last_comment_names_the_map() {
        assert_eq!(url("a;\n//# sourceMappingURL=a.js.map\n"), Some("a.js.map"));
        assert_eq!(url("a;\n//@ sourceMappingURL=a.js.map"), Some("a.js.map"));
        assert_eq!(url("a;\n/*# sourceMappingURL=a.map */\n"), Some("a.map"));
        assert_eq!(url("a;\n/*# sourceMappingURL=a.map*/"), Some("a.map"));
        assert_eq!(url("//# sourceMappingURL=a.map\n// @generated\n"), Some("a.map"));
    }

    #[test]
    fn text_that_speaks_of_maps_names_none() {
        assert_eq!(url("f('//# sourceMappingURL=' + name);\n"), None);
        assert_eq!(url("//# sourceMappingURL=a.map\nf();\n"), None);
        assert_eq!(url("a = 'sourceMappingURL=b'"), None);
    }

    /// `const a: number = f()` became `let x=f()`; the map calls the parts by their columns.
    const MAP: &str = r#"{
        "version": 3, "sourceRoot": "../src", "sources": ["a.ts", "https://example.org/b.ts"],
        "sourcesContent": [null, "b"], "names": ["a"], "mappings": "AAAA,IAAMA,EAAY;CCAA"
    }"#;

    #[test]
    fn positions_lead_to_what_the_source_was_made_of() {
        let mut files = MemoryFileSystem::default();
        files.insert("/p/src/a.ts", "const a: number = f()");
        let map = InputMap::new(decoded_map(MAP.as_bytes()).unwrap(), Path::new("/p/dist"), &files);
        let names: Vec<String> = map
            .sources
            .iter()
            .map(|source| source.name_from(Path::new("/p/out")))
            .collect();
        let mapping = |column, source_line, source_column, name: Option<&str>| Mapping {
            generated_line: 0,
            generated_column: column,
            source_line,
            source_column,
            name: name.map(Into::into),
        };
        let mappings = [
            mapping(0, 0, 0, None),
            mapping(4, 0, 4, Some("x")),
            mapping(6, 0, 6, None),
            // Nothing is said about the start of this line.
            mapping(8, 1, 0, None),
            mapping(9, 1, 1, None),
        ];
        let joined = join_source_maps(
            "out.js",
            &[PlacedModule {
                origin: SourceOrigin::Mapped {
                    map: &map,
                    names: &names,
                },
                mappings: &mappings,
                line: 2,
                column: 0,
            }],
        );
        let joined = sourcemap::SourceMap::from_slice(joined.as_bytes()).unwrap();
        let tokens: Vec<_> = joined
            .tokens()
            .map(|token| {
                (
                    token.get_dst(),
                    token.get_source().unwrap_or_default().to_owned(),
                    token.get_src(),
                    token.get_name().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let local = |dst, src, name: &str| (dst, "../src/a.ts".to_owned(), src, name.to_owned());
        assert_eq!(
            tokens,
            [
                local((2, 0), (0, 0), ""),
                local((2, 4), (0, 6), "a"),
                local((2, 6), (0, 18), ""),
                (
                    (2, 9),
                    "https://example.org/b.ts".to_owned(),
                    (0, 18),
                    String::new()
                ),
            ]
        );
        assert_eq!(joined.get_source_contents(0), Some("const a: number = f()"));
    }

    #[test]
    fn what_is_no_map_is_refused() {
        assert!(decoded_map(b"no-map").is_err());
        assert!(decoded_map(br#"{"version": 3, "sources": [], "names": [], "mappings": "AAAA"}"#).is_err());
    }
}
