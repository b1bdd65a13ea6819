//! What a chunk shows of itself: namespace objects before its modules, what an entry adds after them, and its exports.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use swc_core::atoms::Atom;

use super::names::ChunkNames;
use super::passed_on::PassedOn;
use super::runtime::Helper;
use super::surroundings::Surroundings;
use super::text::{module_export_name, string_literal};
use super::writer::Writer;
use crate::bind::{Binding, BoundGraph, HandedOver, LIVE, ModuleExports, SymbolOwner, VIEW, Wrapping};
use crate::chunk::references::{is_file_namespace, namespace_symbol};
use crate::chunk::{Chunk, ChunkGraph};
use crate::graph::{Constant, EntryKind, KnownValue, ModuleId, StatementKind, Target};

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
        let form = NamespaceForm::of(bound, *module, exports);
        let values: Vec<(&Atom, String)> = exports
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
                (name, value)
            })
            .collect();
        let name = names.of(symbol);
        if let NamespaceForm::Members(tag) = form {
            texts.push(members_text(bound, name, exports, &values, tag));
            continue;
        }
        let (helper, stars) = match exports.external_stars.as_slice() {
            [] => (Helper::Namespace, Vec::new()),
            externals => (
                Helper::NamespaceWithStars,
                externals
                    .iter()
                    .filter_map(|external| {
                        let owner = SymbolOwner::ExternalNamespace(*external);
                        names.get(bound.symbols.invented(&owner)?)
                    })
                    .collect(),
            ),
        };
        helpers.insert(helper);
        let getters: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{}: () => {value}", property_name(name)))
            .collect();
        let mut text = format!("var {name} = {}(", helper.name());
        if getters.is_empty() {
            text.push_str("{}");
        } else {
            let _ = write!(text, "{{\n  {}\n}}", getters.join(",\n  "));
        }
        for star in stars {
            let _ = write!(text, ", {star}");
        }
        text.push_str(");");
        texts.push(text);
    }
    texts
}

/// What stands for a namespace.
#[derive(Clone, Copy)]
enum NamespaceForm {
    /// The object of the standard.
    Standard,
    /// An object with its members, where nobody does more than to ask for them.
    Members(Tag),
}

/// Whether an object says what it is.
#[derive(Clone, Copy)]
enum Tag {
    /// Someone may ask for any member, this one too.
    Shown,
    /// The same, where others copy all members, and do not see it.
    Hidden,
    /// Nobody can ask for it.
    Absent,
}

impl NamespaceForm {
    fn of(bound: &BoundGraph, module: ModuleId, exports: &ModuleExports) -> Self {
        let Some(asked) = bound.namespace_questions(module) else {
            return Self::Standard;
        };
        // In a cycle, listing the members may come before they have values, which is an error. Of an object, numbers would
        // come first.
        let targets = &bound.graph.modules[module].targets;
        let is_in_cycle = bound.in_cycle.contains(module.index())
            || targets.iter().any(|target| *target == Target::Module(module));
        let has_numbers = exports
            .bindings
            .iter()
            .any(|(name, _)| name.starts_with(|first: char| first.is_ascii_digit()));
        if is_in_cycle || has_numbers || !exports.external_stars.is_empty() {
            return Self::Standard;
        }
        Self::Members(match (asked.any, asked.copied) {
            (true, true) => Tag::Hidden,
            (true, false) => Tag::Shown,
            (false, _) => Tag::Absent,
        })
    }
}

/// `var ns = Object.freeze({ __proto__: null, get name() { return name; } });`. What the value of a name is before any module
/// runs needs no function.
fn members_text(
    bound: &BoundGraph,
    name: &str,
    exports: &ModuleExports,
    values: &[(&Atom, String)],
    tag: Tag,
) -> String {
    let bindings = exports.bindings.iter().map(|(_, binding)| binding);
    let mut members: Vec<(&Atom, &String, &Binding)> = values
        .iter()
        .zip(bindings)
        .map(|((name, value), binding)| (*name, value, binding))
        .collect();
    members.sort_by_cached_key(|(name, ..)| name.encode_utf16().collect::<Vec<u16>>());
    let (start, end) = match tag {
        Tag::Hidden => (
            "Object.defineProperty({",
            "}, Symbol.toStringTag, { value: \"Module\" })",
        ),
        Tag::Shown | Tag::Absent => ("{", "}"),
    };
    let mut text = format!("var {name} = Object.freeze({start}\n  __proto__: null");
    if let Tag::Shown = tag {
        text.push_str(",\n  [Symbol.toStringTag]: \"Module\"");
    }
    for (name, value, binding) in members {
        let name = property_name(name);
        let _ = match known_value(bound, binding) {
            Some(Known::Constant(constant)) => write!(text, ",\n  {name}: {constant}"),
            Some(Known::Function) => write!(text, ",\n  {name}: {value}"),
            None => write!(text, ",\n  get {name}() {{ return {value}; }}"),
        };
    }
    let _ = write!(text, "\n{end});");
    text
}

/// What a binding always is, when modules run that see it.
enum Known {
    /// As it is written.
    Constant(String),
    /// A function that is declared.
    Function,
}

fn known_value(bound: &BoundGraph, binding: &Binding) -> Option<Known> {
    let SymbolOwner::Local(module, local) = *bound.symbols.owner(binding.symbol()?) else {
        return None;
    };
    let syntax = &bound.graph.modules[module].syntax;
    let symbol = &syntax.symbols[local];
    match symbol.value.as_ref()? {
        KnownValue::Constant(constant) => Some(Known::Constant(constant_text(constant)?)),
        KnownValue::Function => {
            let [declaration] = symbol.declared_by.as_slice() else {
                return None;
            };
            let is_declared = syntax.forms[*declaration].kind == StatementKind::Function;
            (is_declared && bound.wrapping[module] == Wrapping::Hoisted).then_some(Known::Function)
        }
        KnownValue::Enum(_) | KnownValue::Object => None,
    }
}

/// A constant, unless that takes more than a few letters to write.
fn constant_text(constant: &Constant) -> Option<String> {
    match constant {
        Constant::Undefined => Some("void 0".to_owned()),
        Constant::Null => Some("null".to_owned()),
        Constant::Boolean(value) => Some(value.to_string()),
        Constant::Text(text) => (text.len() < 12).then(|| string_literal(text)),
        Constant::Number(bits) => {
            let number = f64::from_bits(*bits);
            let is_whole = number.fract() == 0.0 && (1.0..=1e9).contains(&number);
            (is_whole || *bits == 0).then(|| number.to_string())
        }
    }
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
