//! The style sheets of one side: which files there are, in which order they apply, and what is in them.
//!
//! ```text
//! entry.js imports reset.css, button.js, page.css     entry.css   reset.css page.css
//! button.js imports button.css                        button.css  (another entry imports it too)
//! ```
//!
//! A page that loads `entry.js` gets `button.css, entry.css`: files apply in the order of the last sheet in them,
//! as the sources import them. A file that other files share is one file, so that loading it once more can not
//! undo what came after it.

mod delivered;
mod flatten;
mod write;

use indexmap::IndexSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use self::flatten::{Item, flatten};
use self::write::{StyleFile, write_style};
use super::RenderOptions;
use super::delivery::{StyleDelivery, css_url, relative_url};
use super::file_names::unused;
use super::name_pattern::HashText;
use crate::base::content_hash;
use crate::bind::Step;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::{EntryKind, ModuleGraph, ModuleId, RecordId, Resource, Target};

pub use delivered::deliver_styles;
pub use write::inline_text;

/// One style sheet file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedStyle {
    /// Path relative to the output directory.
    pub file: String,
    /// The text.
    pub code: String,
    /// The source map, if asked for as a file.
    pub source_map: Option<String>,
    /// The delivered files that it names.
    pub assets: IndexSet<ModuleId>,
    /// How many bytes of the text each module gave, in the order of the text.
    pub modules: Vec<(ModuleId, usize)>,
}

/// The style sheets of a chunk.
#[derive(Debug, Clone, Default)]
pub struct ChunkStyles {
    /// Its own file.
    pub own: Option<RenderedStyle>,
    /// The files that a page needs with it, in the order in which they apply.
    pub files: Vec<String>,
}

/// As long as the hashes of code.
const DIGITS: usize = 8;

/// Renders the style sheets of all chunks.
pub fn render_styles(graph: &ChunkGraph, options: &RenderOptions) -> IndexVec<ChunkId, ChunkStyles> {
    if options.styles == StyleDelivery::Omitted {
        return graph.chunks.iter().map(|_| ChunkStyles::default()).collect();
    }
    let contents = contents(graph, options.styles);
    if contents.iter().all(Vec::is_empty) {
        return graph.chunks.iter().map(|_| ChunkStyles::default()).collect();
    }
    let jobs: Vec<(ChunkId, &Vec<ModuleId>)> = contents.iter_enumerated().collect();
    let mut own: IndexVec<ChunkId, Option<RenderedStyle>> = jobs
        .into_par_iter()
        .map(|(chunk, modules)| {
            (!modules.is_empty()).then(|| {
                let items = flatten(&graph.bound.graph, modules);
                render_file(graph, chunk, &items, options)
            })
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let mut taken = FxHashSet::default();
    for style in own.iter_mut().flatten() {
        style.file = unused(std::mem::take(&mut style.file), &mut taken);
    }
    let files: Vec<Vec<String>> = graph
        .chunks
        .indices()
        .map(|chunk| {
            applied(graph, chunk, &contents)
                .into_iter()
                .filter_map(|chunk| own[chunk].as_ref().map(|style| style.file.clone()))
                .collect()
        })
        .collect();
    own.into_iter()
        .zip(files)
        .map(|(own, files)| ChunkStyles { own, files })
        .collect()
}

fn is_style(graph: &ModuleGraph, module: ModuleId) -> bool {
    matches!(graph.modules[module].syntax.resource, Some(Resource::Style(_)))
}

/// The style sheets that an entry evaluates, in the order of the sources. A module of a cycle that has a file of its own
/// is no entry of the sources: nothing starts there.
fn evaluated_styles(graph: &ChunkGraph, entry: usize) -> Vec<ModuleId> {
    let steps = graph.bound.entry_steps.get(entry);
    let modules = steps.into_iter().flatten().filter_map(|step| match step {
        Step::Module(module) => Some(*module),
        Step::Evaluate { .. } => None,
    });
    modules
        .filter(|module| is_style(&graph.bound.graph, *module))
        .collect()
}

/// Which style sheets each chunk's file has.
fn contents(graph: &ChunkGraph, delivery: StyleDelivery) -> IndexVec<ChunkId, Vec<ModuleId>> {
    let mut contents: IndexVec<ChunkId, Vec<ModuleId>> = graph
        .chunks
        .iter()
        .map(|chunk| {
            let modules = chunk.modules.iter().copied();
            modules
                .filter(|module| is_style(&graph.bound.graph, *module))
                .collect()
        })
        .collect();
    if delivery != StyleDelivery::PerEntry {
        return contents;
    }
    let of_entries: Vec<(ChunkId, Vec<ModuleId>)> = graph
        .bound
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind != EntryKind::Dynamic)
        .map(|(index, _)| (graph.entry_chunks[index], evaluated_styles(graph, index)))
        .collect();
    // What every entry has is on the page before anything is loaded later.
    for (chunk, modules) in contents.iter_mut_enumerated() {
        let is_of_entry = of_entries.iter().any(|(other, _)| *other == chunk);
        modules
            .retain(|module| !is_of_entry && !of_entries.iter().all(|(_, styles)| styles.contains(module)));
    }
    for (chunk, styles) in of_entries {
        contents[chunk] = styles;
    }
    contents
}

/// The chunks whose files apply where `chunk` is loaded, in order.
fn applied(
    graph: &ChunkGraph,
    chunk: ChunkId,
    contents: &IndexVec<ChunkId, Vec<ModuleId>>,
) -> IndexSet<ChunkId> {
    let reachable = statically_reachable(graph, chunk);
    let Some(entry) = graph.chunks[chunk].entry else {
        return reachable;
    };
    let mut found: Vec<ChunkId> = Vec::new();
    for module in evaluated_styles(graph, entry) {
        let holders = reachable
            .iter()
            .copied()
            .filter(|chunk| contents[*chunk].contains(&module));
        for holder in holders {
            found.retain(|other| *other != holder);
            found.push(holder);
        }
    }
    if contents[chunk].is_empty() {
        return found.into_iter().collect();
    }
    // In a plain bundle the file of an entry is complete.
    let is_complete = evaluated_styles(graph, entry)
        .iter()
        .all(|module| contents[chunk].contains(module));
    if is_complete {
        IndexSet::from([chunk])
    } else {
        found.into_iter().collect()
    }
}

/// A chunk and what it imports, each after its own imports.
fn statically_reachable(graph: &ChunkGraph, chunk: ChunkId) -> IndexSet<ChunkId> {
    let mut finished = IndexSet::new();
    let mut entered = FxHashSet::from_iter([chunk]);
    let mut stack = vec![(chunk, 0)];
    while let Some((id, next)) = stack.last_mut() {
        if let Some((import, _)) = graph.chunks[*id].imports.get_index(*next) {
            *next += 1;
            if entered.insert(*import) {
                stack.push((*import, 0));
            }
            continue;
        }
        finished.insert(*id);
        stack.pop();
    }
    finished
}

fn render_file(
    graph: &ChunkGraph,
    chunk: ChunkId,
    items: &[Item<'_>],
    options: &RenderOptions,
) -> RenderedStyle {
    let pattern = options.names.of(graph, chunk).for_extension("css");
    let name = &graph.chunks[chunk].name;
    let expand = |hash: &str| pattern.expand(name, HashText::Known(hash), "css");
    // Where the file is does not depend on its hash.
    let place = expand(&"0".repeat(DIGITS));
    let mut assets = IndexSet::new();
    let modules = &graph.bound.graph.modules;
    let url = |module: ModuleId, record: RecordId| {
        let target = match modules[module].targets[record] {
            Target::Module(target) => target,
            Target::External(outside) => return css_url(&graph.bound.graph.externals[outside].specifier),
            Target::Ignored | Target::Missing => return String::new(),
        };
        match (
            options.assets.file(&modules[target]),
            &modules[target].syntax.resource,
        ) {
            (Some(file), _) => {
                assets.insert(target);
                let public = options.assets.prefixed_url(&file);
                css_url(&public.unwrap_or_else(|| relative_url(&place, &file)))
            }
            (None, Some(Resource::File(file))) => css_url(file.data_url.as_deref().unwrap_or_default()),
            (None, _) => String::new(),
        }
    };
    let StyleFile { code, placed, sizes } = write_style(&graph.bound.graph, items, options.minification, url);
    let hash = content_hash([name.as_bytes(), code.as_bytes()], DIGITS);
    let mut style = RenderedStyle {
        file: expand(&hash),
        code,
        source_map: None,
        assets,
        modules: sizes.into_iter().collect(),
    };
    write::add_source_map(graph, &mut style, &placed, options);
    style
}
