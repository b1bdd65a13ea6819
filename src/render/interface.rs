//! What a chunk shows of itself: what an entry adds after its modules, and its exports.

use std::collections::BTreeSet;

use swc_core::atoms::Atom;

use super::names::ChunkNames;
use super::namespaces::value_text;
use super::passed_on::PassedOn;
use super::runtime::Helper;
use super::surroundings::Surroundings;
use super::text::{module_export_name, string_literal};
use super::writer::Writer;
use crate::bind::{Binding, HandedOver, LIVE, SymbolOwner, VIEW, Wrapping};
use crate::chunk::{Chunk, ChunkGraph};
use crate::graph::{EntryKind, ExternalId};

/// What an entry adds after its modules.
#[derive(Default)]
pub(super) struct EntryTail {
    pub statements: Vec<String>,
    /// Exported name and local name.
    pub exports: Vec<(Atom, Atom)>,
    /// Modules outside the bundle, all of whose names it passes on.
    pub stars: Vec<ExternalId>,
}

pub(super) fn entry_tail(
    graph: &ChunkGraph,
    chunk: &Chunk,
    names: &mut ChunkNames,
    helpers: &mut BTreeSet<Helper>,
) -> EntryTail {
    let mut tail = EntryTail::default();
    let bound = &graph.bound;
    let Some(entry) = chunk.entry else { return tail };
    let module = bound.entries[entry].module;
    let exports = bound.exports.get(&module).cloned().unwrap_or_default();
    let wrapper = |names: &ChunkNames| {
        let symbol = bound.symbols.invented(&SymbolOwner::Wrapper(module));
        symbol.map(|symbol| names.of(symbol).clone()).unwrap_or_default()
    };
    let point = &bound.entries[entry];
    let exposed: Vec<Atom> = exports
        .commonjs_names
        .iter()
        .filter(|name| point.exposes(name))
        .cloned()
        .collect();
    match bound.wrapping[module] {
        Wrapping::Hoisted => {}
        Wrapping::Lazy => {
            let wait = if super::module::is_async(bound, module) {
                "await "
            } else {
                ""
            };
            tail.statements.push(format!("{wait}{}();", wrapper(names)));
        }
        Wrapping::CommonJs => {
            if let Some(objects) = bound.handed_over(module) {
                let known = &exports.commonjs_names;
                hand_over(&mut tail, objects, known, &wrapper(names), names, helpers);
                return tail;
            }
            commonjs_entry(&mut tail, &exposed, &wrapper(names), &point.kind, names, helpers);
        }
    }
    let features = &bound.graph.modules[module].syntax.features;
    let shows_nothing = features.is_plain_script && point.kind != EntryKind::Dynamic;
    let is_hidden = |name: &Atom| shows_nothing || (features.assigns_exports && **name == *"module.exports");
    let shown = exports.bindings.iter().filter(|(name, _)| !is_hidden(name));
    for (name, binding) in shown.filter(|(name, _)| point.exposes(name)) {
        let local = if let Binding::Symbol(symbol) = binding {
            names.of(*symbol).clone()
        } else {
            let local = names.unique(&crate::base::identifier_from(name).into());
            tail.statements
                .push(format!("var {local} = {};", value_text(bound, binding, names)));
            local
        };
        tail.exports.push((name.clone(), local));
    }
    tail.stars = exports.external_stars;
    tail
}

/// The objects that importers of the file take from it: those that static imports see, too.
fn hand_over(
    tail: &mut EntryTail,
    objects: HandedOver,
    known: &[Atom],
    wrapper: &Atom,
    names: &mut ChunkNames,
    helpers: &mut BTreeSet<Helper>,
) {
    helpers.insert(Helper::ToEsModule);
    let known = known.iter().filter(|name| **name != *"default");
    let known: Vec<String> = known.map(|name| string_literal(name)).collect();
    let known = known.join(", ");
    for (is_wanted, name, manner) in [(objects.view, VIEW, 2), (objects.live, LIVE, 0)] {
        if is_wanted {
            let local = names.unique(&name.into());
            let make = Helper::ToEsModule.name();
            tail.statements.push(format!(
                "var {local} = {wrapper}.{name} || ({wrapper}.{name} = {make}({wrapper}(), {manner}, [{known}]));"
            ));
            tail.exports.push((name.into(), local));
        }
    }
}

/// `export default` and one export per statically known name, read once after evaluation, as Node does.
fn commonjs_entry(
    tail: &mut EntryTail,
    exported: &[Atom],
    wrapper: &Atom,
    kind: &EntryKind,
    names: &mut ChunkNames,
    helpers: &mut BTreeSet<Helper>,
) {
    let value = names.unique(&"value".into());
    tail.statements.push(format!("var {value} = {wrapper}();"));
    // `import()` of the bundle makes of the value what its importer expects.
    let default = if matches!(kind, EntryKind::Plain | EntryKind::Dynamic) {
        value.clone()
    } else {
        helpers.insert(Helper::DefaultOf);
        let default = names.unique(&"value_default".into());
        tail.statements
            .push(format!("var {default} = {}({value});", Helper::DefaultOf.name()));
        default
    };
    tail.exports.push(("default".into(), default));
    let mut items = Vec::new();
    for name in exported.iter().filter(|name| **name != *"default") {
        let local = names.unique(&crate::base::identifier_from(name).into());
        let property = module_export_name(name);
        items.push(if *property == *local {
            property
        } else {
            format!("{property}: {local}")
        });
        tail.exports.push((name.clone(), local));
    }
    if !items.is_empty() {
        // The value may be nothing that has properties.
        tail.statements
            .push(format!("var {{ {} }} = Object({value});", items.join(", ")));
    }
}

/// Writes the export clause; returns the exported names, sorted.
pub(super) fn write_exports(
    writer: &mut Writer,
    surroundings: &Surroundings<'_>,
    names: &ChunkNames,
    passed_on: &PassedOn<'_>,
) -> Vec<String> {
    let (graph, id) = (surroundings.graph, surroundings.chunk);
    let chunk = &graph.chunks[id];
    let mut exports = passed_on.exports().to_vec();
    if chunk.entry.is_none() {
        exports.extend(
            chunk
                .exports
                .iter()
                .map(|(symbol, name)| (name.clone(), names.of(*symbol).clone())),
        );
    }
    if exports.is_empty() {
        return Vec::new();
    }
    let is_here = |local: &Atom| !passed_on.has(graph, id, names, local);
    let items: Vec<String> = exports
        .iter()
        .filter(|(_, local)| is_here(local))
        .map(|(name, local)| {
            if name == local {
                name.to_string()
            } else {
                format!("{local} as {}", module_export_name(name))
            }
        })
        .collect();
    if !items.is_empty() {
        let clause = writer.braces(&items);
        writer.line(&if writer.is_small {
            format!("export{clause};")
        } else {
            format!("export {clause};")
        });
    }
    let mut exported: Vec<String> = exports.into_iter().map(|(name, _)| name.to_string()).collect();
    exported.sort_unstable();
    exported
}
