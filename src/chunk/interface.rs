//! What files take from each other, and which file serves which entry.

use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;

use super::references::{dependencies, owning_module, referenced_symbols};
use super::{Chunk, ChunkGraph, ChunkId, InterfaceNames};
use crate::base::short_name;
use crate::bind::{Binding, BoundGraph, SymbolId, SymbolOwner, Wrapping};
use crate::graph::{EntryKind, ModuleId};

/// Finds the bindings that cross file borders, gives every entry a file, and names what is exported.
pub fn connect(graph: &mut ChunkGraph, entry_groups: &[ChunkId], names: InterfaceNames) {
    let taken = bindings_taken(graph);
    let mut demanded: FxHashMap<ChunkId, IndexSet<SymbolId>> = FxHashMap::default();
    for imports in taken.values() {
        for (chunk, symbols) in imports {
            demanded
                .entry(*chunk)
                .or_default()
                .extend(symbols.iter().copied());
        }
    }
    for (chunk, imports) in taken {
        graph.chunks[chunk].imports = imports;
    }
    give_entries_a_file(graph, entry_groups, &mut demanded);
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
    let position: FxHashMap<ModuleId, usize> = graph
        .bound
        .order
        .iter()
        .enumerate()
        .map(|(index, module)| (*module, index))
        .collect();
    let first: Vec<usize> = graph
        .chunks
        .iter()
        .map(|chunk| {
            chunk
                .modules
                .first()
                .map_or(usize::MAX, |module| position[module])
        })
        .collect();
    for chunk in &mut graph.chunks {
        chunk
            .imports
            .sort_by(|left, _, right, _| first[left.index()].cmp(&first[right.index()]));
    }
}

/// Per file: the files it needs and the bindings it takes from them.
fn bindings_taken(graph: &ChunkGraph) -> IndexMap<ChunkId, IndexMap<ChunkId, Vec<SymbolId>>> {
    let mut taken = IndexMap::new();
    for (id, chunk) in graph.chunks.iter_enumerated() {
        let mut imports: IndexMap<ChunkId, IndexSet<SymbolId>> = IndexMap::new();
        for module in &chunk.modules {
            for dependency in dependencies(&graph.bound, *module) {
                let other = graph.chunk_of[&dependency];
                if other != id {
                    imports.entry(other).or_default();
                }
            }
            take_symbols(graph, id, referenced_symbols(&graph.bound, *module), &mut imports);
        }
        let imports = imports
            .into_iter()
            .map(|(chunk, symbols)| (chunk, symbols.into_iter().collect()))
            .collect();
        taken.insert(id, imports);
    }
    taken
}

fn take_symbols(
    graph: &ChunkGraph,
    id: ChunkId,
    symbols: Vec<SymbolId>,
    imports: &mut IndexMap<ChunkId, IndexSet<SymbolId>>,
) {
    for symbol in symbols {
        if let Some(owner) = owning_module(&graph.bound, symbol)
            && let Some(other) = graph.chunk_of.get(&owner)
            && *other != id
        {
            imports.entry(*other).or_default().insert(symbol);
        }
    }
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
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    let mut needs_facade = Vec::new();
    graph.entry_chunks = entry_groups.to_vec();
    for (entry, group) in entry_groups.iter().enumerate() {
        let module = graph.bound.entries[entry].module;
        let is_free = graph.chunks[*group].entry.is_none();
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
            take_signature(graph, *group, entry, demanded);
        } else {
            needs_facade.push((entry, *group));
        }
    }
    for (entry, group) in needs_facade {
        add_facade(graph, entry, group, demanded);
    }
    // A file that already serves an entry may be asked by a facade for more than its signature has.
    demote_overasked(graph, demanded);
}

/// What an entry exports may be declared in other files.
fn take_signature(
    graph: &mut ChunkGraph,
    chunk: ChunkId,
    entry: usize,
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    let mut imports: IndexMap<ChunkId, IndexSet<SymbolId>> = std::mem::take(&mut graph.chunks[chunk].imports)
        .into_iter()
        .map(|(other, symbols)| (other, symbols.into_iter().collect()))
        .collect();
    take_symbols(graph, chunk, signature_symbols(&graph.bound, entry), &mut imports);
    for (other, symbols) in &imports {
        demanded
            .entry(*other)
            .or_default()
            .extend(symbols.iter().copied());
    }
    graph.chunks[chunk].imports = imports
        .into_iter()
        .map(|(other, symbols)| (other, symbols.into_iter().collect()))
        .collect();
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
fn demote_overasked(graph: &mut ChunkGraph, demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>) {
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
        add_facade(graph, entry, chunk, demanded);
    }
}

/// A file without modules that re-exports an entry's signature from the file of its group.
fn add_facade(
    graph: &mut ChunkGraph,
    entry: usize,
    group: ChunkId,
    demanded: &mut FxHashMap<ChunkId, IndexSet<SymbolId>>,
) {
    let facade = graph.chunks.push(Chunk {
        entry: Some(entry),
        primary: Some(graph.bound.entries[entry].module),
        imports: IndexMap::from([(group, Vec::new())]),
        ..Chunk::default()
    });
    take_signature(graph, facade, entry, demanded);
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
