//! What a chunk shows of itself: namespace objects before its modules, what an entry adds after them, and its exports.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use swc_core::atoms::Atom;

use super::names::ChunkNames;
use super::runtime::Helper;
use super::text::{module_export_name, string_literal};
use super::writer::Writer;
use crate::bind::{Binding, BoundGraph, HandedOver, LIVE, SymbolOwner, VIEW, Wrapping};
use crate::chunk::references::{is_file_namespace, namespace_symbol};
use crate::chunk::{Chunk, ChunkGraph};
use crate::graph::EntryKind;

/// `var file_exports = __namespace({ name: () => name })`, before any module runs: the getters are lazy.
pub(super) fn namespace_objects(
    graph: &ChunkGraph,
    chunk: &Chunk,
    names: &ChunkNames,
    helpers: &mut BTreeSet<Helper>,
) -> Vec<String> {
    let bound = &graph.bound;
    let mut texts = Vec::new();
    for module in &chunk.modules {
        let Some(symbol) = namespace_symbol(bound, *module) else {
            continue;
        };
        if is_file_namespace(bound, *module) {
            continue;
        }
        let Some(exports) = bound.exports.get(module) else {
            continue;
        };
        helpers.insert(Helper::Namespace);
        let getters: Vec<String> = exports
            .bindings
            .iter()
            .map(|(name, binding)| {
                let mut value = value_text(bound, binding, names);
                if let Binding::Symbol(symbol) = binding
                    && bound.may_be_unset.contains(symbol.index())
                {
                    helpers.insert(Helper::Read);
                    value = format!("{}({value}, {})", Helper::Read.name(), string_literal(name));
                }
                format!("{}: () => {value}", property_name(name))
            })
            .collect();
        let mut text = format!("var {} = {}(", names.of(symbol), Helper::Namespace.name());
        if getters.is_empty() {
            text.push_str("{}");
        } else {
            let _ = write!(text, "{{\n  {}\n}}", getters.join(",\n  "));
        }
        for external in &exports.external_stars {
            let namespace = bound.symbols.invented(&SymbolOwner::ExternalNamespace(*external));
            if let Some(namespace) = namespace.and_then(|one| names.get(one)) {
                let _ = write!(text, ", {namespace}");
            }
        }
        text.push_str(");");
        texts.push(text);
    }
    texts
}

fn property_name(name: &str) -> String {
    // `__proto__: value` would set the prototype; a computed key does not.
    if name == "__proto__" {
        "[\"__proto__\"]".to_owned()
    } else {
        module_export_name(name)
    }
}

fn value_text(bound: &BoundGraph, binding: &Binding, names: &ChunkNames) -> String {
    match binding {
        Binding::Symbol(symbol) => names.of(*symbol).to_string(),
        Binding::Member(symbol, name) if bound.is_itself(*symbol, name) => names.of(*symbol).to_string(),
        Binding::Member(symbol, name) => member_text(names.of(*symbol), name),
        Binding::Constant(_) | Binding::Undefined => "void 0".to_owned(),
    }
}

fn member_text(object: &str, name: &str) -> String {
    if crate::base::is_identifier_name(name) {
        format!("{object}.{name}")
    } else {
        format!("{object}[{}]", string_literal(name))
    }
}

/// What an entry adds after its modules.
#[derive(Default)]
pub(super) struct EntryTail {
    pub statements: Vec<String>,
    /// Exported name and local name.
    pub exports: Vec<(Atom, Atom)>,
    /// Specifiers.
    pub stars: Vec<Atom>,
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
    let is_plain = bound.graph.modules[module].syntax.features.is_plain_script;
    let shows_nothing = is_plain && point.kind != EntryKind::Dynamic;
    let shown = exports.bindings.iter().filter(|_| !shows_nothing);
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
    for external in &exports.external_stars {
        tail.stars
            .push(bound.graph.externals[*external].specifier.clone());
    }
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
    chunk: &Chunk,
    names: &ChunkNames,
    signature: Vec<(Atom, Atom)>,
) -> Vec<String> {
    let mut exports = signature;
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
    let items: Vec<String> = exports
        .iter()
        .map(|(name, local)| {
            if name == local {
                name.to_string()
            } else {
                format!("{local} as {}", module_export_name(name))
            }
        })
        .collect();
    let clause = writer.braces(&items);
    writer.line(&if writer.is_small {
        format!("export{clause};")
    } else {
        format!("export {clause};")
    });
    let mut exported: Vec<String> = exports.into_iter().map(|(name, _)| name.to_string()).collect();
    exported.sort_unstable();
    exported
}
