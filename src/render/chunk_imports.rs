//! The import statements of a chunk: modules outside the bundle and other chunks, in the order of the sources.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::names::ChunkNames;
use super::passed_on::{PassedName, PassedOn};
use super::runtime::Helper;
use super::surroundings::Surroundings;
use super::text::{module_export_name, string_literal};
use super::writer::Writer;
use crate::bind::{SymbolId, SymbolOwner};
use crate::chunk::references::{namespace_symbol, referenced_symbols};
use crate::chunk::{Chunk, ChunkGraph, ChunkId};
use crate::graph::{External, ExternalId, RequestSyntax, Target};
use crate::resolve::Platform;

/// What a chunk imports from one module outside the bundle.
#[derive(Default)]
struct OutsideImport {
    names: IndexSet<(Atom, Atom)>,
    namespace: Option<Atom>,
}

/// Writes the import statements; returns the chunks that they name.
pub(super) fn write_imports(
    writer: &mut Writer,
    surroundings: &Surroundings<'_>,
    names: &ChunkNames,
    helpers: &BTreeSet<Helper>,
    passed_on: &PassedOn<'_>,
) -> IndexSet<ChunkId> {
    let Surroundings {
        graph,
        files,
        options,
        ..
    } = *surroundings;
    let (id, platform) = (surroundings.chunk, options.platform);
    let chunk = &graph.chunks[id];
    if helpers.contains(&Helper::Require) && platform == Platform::Node {
        let import = writer.braces(&["createRequire as __createRequire".to_owned()]);
        writer.import(&import_text(writer.is_small, Some(&import), "node:module"));
    }
    let needs_path = helpers.contains(&Helper::FileName) || helpers.contains(&Helper::DirectoryName);
    if needs_path && platform == Platform::Node {
        let import = writer.braces(&["fileURLToPath as __fileURLToPath".to_owned()]);
        writer.import(&import_text(writer.is_small, Some(&import), "node:url"));
    }
    let order = &chunk.import_order;
    let mut statements = outside_statements(writer, surroundings, names, passed_on);
    let mut references = IndexSet::new();
    for (other, symbols) in &chunk.imports {
        if graph.is_codeless(*other) {
            continue;
        }
        references.insert(*other);
        if let Some(items) = passed_on.clause(graph, (id, *other), names) {
            let clause = writer.braces(&items);
            let text = export_text(writer.is_small, &clause, &files.specifier(id, *other));
            statements.push((order.of_chunk(*other), text));
            continue;
        }
        let items: Vec<(Atom, Atom)> = symbols
            .iter()
            .map(|symbol| {
                let name = &graph.chunks[*other].exports[symbol];
                (name.clone(), names.of(*symbol).clone())
            })
            .collect();
        let clause = import_clauses(writer, items.iter(), None).pop();
        let text = import_text(writer.is_small, clause.as_deref(), &files.specifier(id, *other));
        statements.push((order.of_chunk(*other), text));
    }
    statements.sort_by_key(|(place, _)| *place);
    for (_, text) in &statements {
        writer.import(text);
    }
    // Last, since nothing needs to be evaluated for it.
    for module in &chunk.namespaces {
        if let Some(file) = graph.chunk_of_entry_module(*module)
            && let Some(symbol) = namespace_symbol(&graph.bound, *module)
            // None where it was taken for an entry that got a file of its own after all.
            && let Some(name) = names.get(symbol)
        {
            references.insert(file);
            let clause = import_clauses(writer, [].iter(), Some(name)).pop();
            writer.import(&import_text(
                writer.is_small,
                clause.as_deref(),
                &files.specifier(id, file),
            ));
        }
    }
    writer.end_imports();
    references
}

/// The statements that name modules outside the bundle, and their places.
fn outside_statements(
    writer: &Writer,
    surroundings: &Surroundings<'_>,
    names: &ChunkNames,
    passed_on: &PassedOn<'_>,
) -> Vec<(usize, String)> {
    let Surroundings { graph, files, .. } = *surroundings;
    let id = surroundings.chunk;
    let chunk = &graph.chunks[id];
    let order = &chunk.import_order;
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut asked: FxHashSet<ExternalId> = FxHashSet::default();
    for (external, import) in outside_imports(graph, chunk, names) {
        let place = order.of_external(external);
        let mut add = |text| statements.push((place, text));
        let outside = &graph.bound.graph.externals[external];
        let specifier = &files.outside(id, &outside.specifier);
        let import_text = |is_small, clause: Option<&str>, specifier: &str| {
            let text = import_text(is_small, clause, specifier);
            with_attributes(is_small, text, outside)
        };
        let used = import
            .names
            .iter()
            .filter(|(_, local)| !passed_on.is_outside(local));
        let clauses = import_clauses(writer, used, import.namespace.as_ref());
        let passed: Vec<String> = passed_on
            .outside()
            .iter()
            .filter(|passed| passed.external == external)
            .map(PassedName::item)
            .collect();
        let star = passed_on.stars().contains(&external);
        asked.insert(external);
        if star {
            add(star_text(writer.is_small, specifier, outside));
        }
        if !passed.is_empty() {
            let text = export_text(writer.is_small, &writer.braces(&passed), specifier);
            add(with_attributes(writer.is_small, text, outside));
        }
        if clauses.is_empty() && passed.is_empty() && !star {
            add(import_text(writer.is_small, None, specifier));
        }
        for clause in &clauses {
            add(import_text(writer.is_small, Some(clause), specifier));
        }
    }
    for external in passed_on.stars() {
        // What only another file asks for.
        if !asked.contains(external) {
            let outside = &graph.bound.graph.externals[*external];
            let specifier = files.outside(id, &outside.specifier);
            let text = star_text(writer.is_small, &specifier, outside);
            statements.push((order.of_external(*external), text));
        }
    }
    statements
}

/// With the attributes that say what is imported, if there are any.
fn with_attributes(is_small: bool, import: String, outside: &External) -> String {
    let wanted = outside.wanted_type.iter().map(|wanted| ("type", &**wanted));
    let others = outside.other_attributes.iter();
    let attributes = wanted.chain(others.map(|(name, value)| (&**name, &**value)));
    let written: Vec<String> = attributes
        .map(|(name, value)| {
            let space = if is_small { "" } else { " " };
            format!("{}:{space}{}", module_export_name(name), string_literal(value))
        })
        .collect();
    let import_itself = import.trim_end_matches(';');
    match written.as_slice() {
        [] => import,
        written if is_small => format!("{import_itself}with{{{}}};", written.join(",")),
        written => format!("{import_itself} with {{ {} }};", written.join(", ")),
    }
}

fn export_text(is_small: bool, clause: &str, specifier: &str) -> String {
    let specifier = string_literal(specifier);
    if is_small {
        format!("export{clause}from{specifier};")
    } else {
        format!("export {clause} from {specifier};")
    }
}

/// `export * from 'outside'`.
fn star_text(is_small: bool, specifier: &str, outside: &External) -> String {
    let specifier = string_literal(specifier);
    let text = if is_small {
        format!("export*from{specifier};")
    } else {
        format!("export * from {specifier};")
    };
    with_attributes(is_small, text, outside)
}

/// What stands before `from`, for names and the namespace of one module. Braces and a namespace do not go into one statement.
fn import_clauses<'a>(
    writer: &Writer,
    names: impl Iterator<Item = &'a (Atom, Atom)>,
    namespace: Option<&Atom>,
) -> Vec<String> {
    let mut default = None;
    let mut items: Vec<String> = Vec::new();
    for (name, local) in names {
        if *name == *"default" && default.is_none() {
            default = Some(local.to_string());
        } else {
            items.push(import_item(name, local));
        }
    }
    let star = if writer.is_small { "*as" } else { "* as" };
    let namespace = namespace.map(|namespace| format!("{star} {namespace}"));
    let braces = (!items.is_empty()).then(|| writer.braces(&items));
    let comma = if writer.is_small { "," } else { ", " };
    let with_default = |rest: Option<String>| match (&default, rest) {
        (Some(default), Some(rest)) => Some(format!("{default}{comma}{rest}")),
        (Some(default), None) => Some(default.clone()),
        (None, rest) => rest,
    };
    match (namespace, braces) {
        (Some(namespace), Some(braces)) => {
            let mut clauses = vec![namespace];
            clauses.extend(with_default(Some(braces)));
            clauses
        }
        (namespace, braces) => with_default(namespace.or(braces)).into_iter().collect(),
    }
}

fn import_item(name: &Atom, local: &Atom) -> String {
    if name == local {
        name.to_string()
    } else {
        format!("{} as {local}", module_export_name(name))
    }
}

fn import_text(is_small: bool, clause: Option<&str>, specifier: &str) -> String {
    let specifier = string_literal(specifier);
    match (clause, is_small) {
        (None, true) => format!("import{specifier};"),
        (None, false) => format!("import {specifier};"),
        (Some(clause), true) => {
            let before = if clause.starts_with(['{', '*']) { "" } else { " " };
            let after = if clause.ends_with('}') { "" } else { " " };
            format!("import{before}{clause}{after}from{specifier};")
        }
        (Some(clause), false) => format!("import {clause} from {specifier};"),
    }
}

/// Outside modules in the order in which the chunk's modules ask for them. A request whose names nobody
/// uses stays as an import for its effect, as the source has it.
fn outside_imports(
    graph: &ChunkGraph,
    chunk: &Chunk,
    names: &ChunkNames,
) -> IndexMap<ExternalId, OutsideImport> {
    let bound = &graph.bound;
    let mut imports: IndexMap<ExternalId, OutsideImport> = IndexMap::new();
    if bound.graph.externals.is_empty() {
        return imports;
    }
    let add = |imports: &mut IndexMap<ExternalId, OutsideImport>, symbol: SymbolId| match bound
        .symbols
        .owner(symbol)
    {
        SymbolOwner::ExternalName(external, name) => {
            let local = names.of(symbol).clone();
            imports
                .entry(*external)
                .or_default()
                .names
                .insert((name.clone(), local));
        }
        SymbolOwner::ExternalNamespace(external) => {
            imports.entry(*external).or_default().namespace = Some(names.of(symbol).clone());
        }
        _ => {}
    };
    let add_requests = |imports: &mut IndexMap<ExternalId, OutsideImport>, is_required: bool| {
        for module in &chunk.modules {
            let node = &bound.graph.modules[*module];
            for (record, target) in node.syntax.records.iter().zip(&node.targets) {
                if let Target::External(external) = target
                    && record.syntax == RequestSyntax::Static
                    && record.is_required == is_required
                    // Node's own `require()` gives those.
                    && !(is_required && bound.graph.externals[*external].is_builtin)
                {
                    imports.entry(*external).or_default();
                }
            }
        }
    };
    add_requests(&mut imports, false);
    // What only `require()` asks for comes after what the sources import.
    for module in &chunk.modules {
        for symbol in referenced_symbols(bound, *module) {
            add(&mut imports, symbol);
        }
    }
    add_requests(&mut imports, true);
    if let Some(exports) = chunk
        .entry
        .and_then(|entry| bound.exports.get(&bound.entries[entry].module))
    {
        for symbol in exports
            .bindings
            .iter()
            .filter_map(|(_, binding)| binding.symbol())
        {
            add(&mut imports, symbol);
        }
    }
    imports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_what_stays_outside_are_written() {
        let outside = |wanted_type: Option<&str>, others: &[(&str, &str)]| External {
            specifier: "a".into(),
            is_builtin: false,
            is_missing: false,
            wanted_type: wanted_type.map(Atom::from),
            other_attributes: others
                .iter()
                .map(|&(name, value)| (name.into(), value.into()))
                .collect(),
        };
        let both = outside(Some("json"), &[("mode", "x"), ("data-y", "z")]);
        for (is_small, outside, expected) in [
            (true, &outside(None, &[]), "export*from\"a\";"),
            (
                true,
                &both,
                "export*from\"a\"with{type:\"json\",mode:\"x\",\"data-y\":\"z\"};",
            ),
            (
                false,
                &outside(None, &[("mode", "x")]),
                "export * from \"a\" with { mode: \"x\" };",
            ),
        ] {
            assert_eq!(star_text(is_small, "a", outside), expected);
        }
    }
}
