//! What files take from each other, and which file serves which entry.

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;

use super::idle;
use super::import_order;
use super::references::{dependencies, file_namespace, owning_module, referenced_symbols};
use super::routes::Routes;
use super::{Chunk, ChunkGraph, ChunkId, InterfaceNames};
use crate::base::short_name;
use crate::bind::{Binding, BoundGraph, SymbolId, SymbolOwner, Wrapping};
use crate::graph::{EntryKind, ModuleId};

/// Finds the bindings that cross file borders, gives every entry a file, and names what is exported.
pub fn connect(graph: &mut ChunkGraph, entry_groups: &[ChunkId], routes: &mut Routes, names: InterfaceNames) {
    let taken = bindings_taken(graph, routes);
    let mut demanded: FxHashMap<ChunkId, IndexSet<SymbolId>> = FxHashMap::default();
    for taken in taken.values() {
        for (chunk, symbols) in &taken.imports {
            demanded
                .entry(*chunk)
                .or_default()
                .extend(symbols.iter().copied());
        }
    }
    for (chunk, taken) in taken {
        taken.give_to(&mut graph.chunks[chunk]);
    }
    give_entries_a_file(graph, entry_groups, routes, &mut demanded);
    for chunk in graph.chunks.indices() {
        let symbols = demanded.remove(&chunk).unwrap_or_default();
        graph.chunks[chunk].exports = match graph.chunks[chunk].entry {
            Some(entry) => names_of_signature(&graph.bound, entry, &symbols),
            None => names_of_shared(&graph.bound, &symbols, names),
        };
        if graph.chunks[chunk].primary.is_none() {
            graph.chunks[chunk].primary = graph.chunks[chunk].modules.last().copied();
        }
    }
    idle::drop_idle_imports(graph);
    import_order::sort_imports(graph);
}

/// What a file takes from others.
#[derive(Default)]
struct Taken {
    /// The files it needs, and bindings of them.
    imports: IndexMap<ChunkId, IndexSet<SymbolId>>,
    /// Modules whose namespace objects are those of files.
    namespaces: IndexSet<ModuleId>,
}

impl Taken {
    fn of(chunk: &mut Chunk) -> Self {
        Self {
            imports: std::mem::take(&mut chunk.imports)
                .into_iter()
                .map(|(other, symbols)| (other, symbols.into_iter().collect()))
                .collect(),
            namespaces: std::mem::take(&mut chunk.namespaces),
        }
    }

    fn give_to(self, chunk: &mut Chunk) {
        chunk.namespaces = self.namespaces;
        chunk.imports = self
            .imports
            .into_iter()
            .map(|(other, symbols)| (other, symbols.into_iter().collect()))
            .collect();
    }
}

/// What files take from others, beginning with one of them: on the way of a binding, files pass it on.
#[derive(Default)]
struct AllTaken(IndexMap<ChunkId, Taken>);

impl AllTaken {
    fn add(&mut self, graph: &ChunkGraph, routes: &Routes, id: ChunkId, symbols: Vec<SymbolId>) {
        for symbol in symbols {
            let namespace = file_namespace(&graph.bound, symbol);
            let owner = owning_module(&graph.bound, symbol);
            let other = owner.and_then(|owner| graph.chunk_of.get(&owner)).copied();
            let way = match other {
                Some(other) if other != id => routes.between(id, other),
                _ => Vec::new(),
            };
            let mut from = id;
            for (index, to) in way.iter().enumerate() {
                let taken = self.0.entry(from).or_default();
                let symbols = taken.imports.entry(*to).or_default();
                if namespace.is_none() || index + 1 < way.len() {
                    symbols.insert(symbol);
                    from = *to;
                }
            }
            if namespace.is_some() {
                self.0.entry(from).or_default().namespaces.extend(namespace);
            }
        }
    }
}

/// Per file: the files it needs and the bindings it takes from them.
fn bindings_taken(graph: &ChunkGraph, routes: &Routes) -> IndexMap<ChunkId, Taken> {
    let mut all = AllTaken::default();
    for (id, chunk) in graph.chunks.iter_enumerated() {
        all.0.entry(id).or_default();
        if let Some(asked_for) = routes.asked_for(id) {
            for other in asked_for {
                all.0[&id].imports.entry(*other).or_default();
            }
        }
        if graph.chunks.len() == 1 && graph.bound.dynamic_targets.is_empty() {
            // Nothing is taken from elsewhere.
            break;
        }
        let modules = chunk.modules.par_iter();
        let mentioned = modules.map(|module| {
            let dependencies = dependencies(&graph.bound, *module);
            (dependencies, referenced_symbols(&graph.bound, *module))
        });
        for (dependencies, symbols) in mentioned.collect::<Vec<_>>() {
            for dependency in dependencies {
                let other = graph.chunk_of[&dependency];
                if other != id && routes.asked_for(id).is_none() {
                    all.0[&id].imports.entry(other).or_default();
                }
            }
            all.add(graph, routes, id, symbols);
        }
    }
    all.0
}

/// The symbols that the signature of an entry refers to.
pub fn signature_symbols(bound: &BoundGraph, entry: usize) -> Vec<SymbolId> {
    let module = bound.entries[entry].module;
    let mut symbols: Vec<SymbolId> = Vec::new();
    if bound.wrapping[module] != Wrapping::Hoisted {
        symbols.extend(bound.symbols.invented(&SymbolOwner::Wrapper(module)));
    }
    if let Some(exports) = bound.exports.get(&module) {
        symbols.extend(
            exports
                .bindings
                .iter()
                .filter_map(|(_, binding)| binding.symbol()),
        );
    }
    symbols
}

/// An entry alone in its group gets the group's file. In a shared group the first entry whose signature
/// covers what other files take gets it, except provided packages: their files are dropped when another
/// module's copy is elected, so nothing else may depend on them. All others get a facade.
fn give_entries_a_file(
    graph: &mut ChunkGraph,
    entry_groups: &[ChunkId],
    routes: &mut Routes,
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    let mut needs_facade = Vec::new();
    graph.entry_chunks = entry_groups.to_vec();
    for (entry, group) in entry_groups.iter().enumerate() {
        let module = graph.bound.entries[entry].module;
        let is_free = graph.chunks[*group].entry.is_none() && graph.chunks[*group].group.is_none();
        let none = IndexSet::new();
        let taken = demanded.get(group).unwrap_or(&none);
        let may_serve = taken.is_empty() && !is_shared_with_entries(graph, *group, entry)
            || graph.bound.entries[entry].kind != EntryKind::Provided
                && graph.bound.wrapping[module] == Wrapping::Hoisted
                && taken
                    .iter()
                    .all(|symbol| exported_as(&graph.bound, entry, *symbol).is_some());
        if is_free && may_serve {
            graph.chunks[*group].entry = Some(entry);
            graph.chunks[*group].primary = Some(module);
            take_signature(graph, *group, entry, routes, demanded);
        } else {
            needs_facade.push((entry, *group));
        }
    }
    for (entry, group) in needs_facade {
        add_facade(graph, entry, group, routes, demanded);
    }
    // A file that already serves an entry may be asked by a facade for more than its signature has.
    demote_overasked(graph, routes, demanded);
}

/// What an entry exports may be declared in other files.
fn take_signature(
    graph: &mut ChunkGraph,
    chunk: ChunkId,
    entry: usize,
    routes: &Routes,
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    let mut taken = AllTaken::default();
    taken.0.insert(chunk, Taken::of(&mut graph.chunks[chunk]));
    taken.add(graph, routes, chunk, signature_symbols(&graph.bound, entry));
    for (from, mut taken) in taken.0 {
        if from != chunk {
            let mut before = Taken::of(&mut graph.chunks[from]);
            for (other, symbols) in taken.imports {
                before.imports.entry(other).or_default().extend(symbols);
            }
            before.namespaces.extend(taken.namespaces);
            taken = before;
        }
        for (other, symbols) in &taken.imports {
            demanded
                .entry(*other)
                .or_default()
                .extend(symbols.iter().copied());
        }
        taken.give_to(&mut graph.chunks[from]);
    }
}

fn is_shared_with_entries(graph: &ChunkGraph, group: ChunkId, entry: usize) -> bool {
    graph
        .bound
        .entries
        .iter()
        .enumerate()
        .any(|(other, point)| other != entry && graph.chunk_of[&point.module] == group)
}

/// Gives an entry a facade after all when facades made later need bindings outside its signature.
fn demote_overasked(
    graph: &mut ChunkGraph,
    routes: &mut Routes,
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    for chunk in graph.chunks.indices().collect::<Vec<_>>() {
        let Some(entry) = graph.chunks[chunk].entry else {
            continue;
        };
        if graph.chunks[chunk].modules.is_empty() {
            continue;
        }
        let Some(taken) = demanded.get(&chunk) else {
            continue;
        };
        if taken
            .iter()
            .all(|symbol| exported_as(&graph.bound, entry, *symbol).is_some())
        {
            continue;
        }
        graph.chunks[chunk].entry = None;
        graph.chunks[chunk].primary = None;
        add_facade(graph, entry, chunk, routes, demanded);
    }
}

/// A file without modules that re-exports an entry's signature from the file of its group.
fn add_facade(
    graph: &mut ChunkGraph,
    entry: usize,
    group: ChunkId,
    routes: &mut Routes,
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    let facade = graph.chunks.push(Chunk {
        entry: Some(entry),
        primary: Some(graph.bound.entries[entry].module),
        imports: IndexMap::from([(group, Vec::new())]),
        ..Chunk::default()
    });
    routes.add_facade(facade, group);
    take_signature(graph, facade, entry, routes, demanded);
    graph.entry_chunks[entry] = facade;
}

/// The name under which an entry exports a symbol as a plain binding.
fn exported_as(bound: &BoundGraph, entry: usize, symbol: SymbolId) -> Option<Atom> {
    let exports = bound.exports.get(&bound.entries[entry].module)?;
    exports
        .bindings
        .iter()
        .find(|(name, binding)| *binding == Binding::Symbol(symbol) && bound.entries[entry].exposes(name))
        .map(|(name, _)| name.clone())
}

fn names_of_signature(
    bound: &BoundGraph,
    entry: usize,
    symbols: &IndexSet<SymbolId>,
) -> IndexMap<SymbolId, Atom> {
    symbols
        .iter()
        .filter_map(|symbol| exported_as(bound, entry, *symbol).map(|name| (*symbol, name)))
        .collect()
}

fn names_of_shared(
    bound: &BoundGraph,
    symbols: &IndexSet<SymbolId>,
    names: InterfaceNames,
) -> IndexMap<SymbolId, Atom> {
    let mut sorted: Vec<SymbolId> = symbols.iter().copied().collect();
    // Numbers of invented symbols depend on when they were asked for, which is deterministic too.
    sorted.sort_unstable();
    let mut taken = rustc_hash::FxHashSet::default();
    sorted
        .into_iter()
        .enumerate()
        .map(|(index, symbol)| {
            let name = match names {
                InterfaceNames::Short => short_name::nth_name(index).into(),
                InterfaceNames::Readable => {
                    let wanted = crate::bind::wanted_name(bound, symbol);
                    let mut name = wanted.clone();
                    let mut suffix = 1;
                    while !taken.insert(name.clone()) {
                        name = format!("{wanted}${suffix}").into();
                        suffix += 1;
                    }
                    name
                }
            };
            (symbol, name)
        })
        .collect()
}
