//! The namespace objects of modules: before the modules of their chunk, or behind their own, where the values are there.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::names::ChunkNames;
use super::runtime::Helper;
use super::text::{module_export_name, string_literal};
use crate::bind::{Binding, BoundGraph, ModuleExports, SymbolId, SymbolOwner, Wrapping};
use crate::chunk::references::{is_file_namespace, namespace_symbol, referenced_symbols};
use crate::chunk::{Chunk, ChunkGraph};
use crate::graph::{Constant, KnownValue, ModuleId, StatementKind, Target};

/// The texts that make namespace objects.
#[derive(Default)]
pub struct NamespaceTexts {
    /// `var file_exports = __namespace({ name: () => name })`, before any module runs: the getters are lazy.
    pub before: Vec<String>,
    /// `var file_exports = Object.freeze({ __proto__: null, name })` or `__settledNamespace({ name })`, behind the module: nobody
    /// sees it earlier.
    pub behind: FxHashMap<ModuleId, String>,
}

/// The namespace objects of a chunk.
pub(super) fn namespace_objects(
    graph: &ChunkGraph,
    chunk: &Chunk,
    names: &ChunkNames,
    helpers: &mut BTreeSet<Helper>,
) -> NamespaceTexts {
    let bound = &graph.bound;
    let mut texts = NamespaceTexts::default();
    let in_chunk = LazyCell::new(|| InChunk::of(bound, chunk));
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
        let is_behind = bound.wrapping[*module] == Wrapping::Hoisted && in_chunk.is_read_behind(symbol);
        let is_there = |binding: &Binding| is_behind && in_chunk.is_fixed(bound, binding);
        if let NamespaceForm::Members(tag) = form {
            let text = members_text(bound, name, exports, &values, tag, &is_there);
            if is_behind {
                texts.behind.insert(*module, text);
            } else {
                texts.before.push(text);
            }
            continue;
        }
        let is_settled = |binding: &Binding| known_value(bound, binding).is_some() || is_there(binding);
        if is_behind
            && !imports_itself(bound, *module)
            && exports.external_stars.is_empty()
            && exports.bindings.iter().all(|(_, binding)| is_settled(binding))
        {
            helpers.insert(Helper::SettledNamespace);
            let text = settled_text(bound, name, exports, &values);
            texts.behind.insert(*module, text);
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
        texts.before.push(text);
    }
    texts
}

/// What a chunk has, as far as namespaces ask.
struct InChunk {
    modules: FxHashSet<ModuleId>,
    /// Whether nothing else runs between the start and the end of its modules.
    runs_at_once: bool,
    /// What modules mention that import each other: their functions may be called before what they import has run.
    mentioned_early: FxHashSet<SymbolId>,
}

impl InChunk {
    fn of(bound: &BoundGraph, chunk: &Chunk) -> Self {
        let waits = |module: &ModuleId| bound.graph.modules[*module].syntax.features.has_top_level_await;
        let in_cycle = chunk
            .modules
            .iter()
            .filter(|module| bound.in_cycle.contains(module.index()));
        Self {
            modules: chunk.modules.iter().copied().collect(),
            runs_at_once: !chunk.modules.iter().any(waits),
            mentioned_early: in_cycle
                .flat_map(|module| referenced_symbols(bound, *module))
                .collect(),
        }
    }

    /// Whether nobody reads the namespace object of a module before the module has run.
    fn is_read_behind(&self, namespace: SymbolId) -> bool {
        self.runs_at_once && !self.mentioned_early.contains(&namespace)
    }

    /// Whether a binding has the value that it keeps when its module, and those that this imports, have run.
    fn is_fixed(&self, bound: &BoundGraph, binding: &Binding) -> bool {
        let Binding::Symbol(symbol) = binding else {
            return false;
        };
        let SymbolOwner::Local(module, local) = *bound.symbols.owner(*symbol) else {
            return false;
        };
        let syntax = &bound.graph.modules[module].syntax;
        self.modules.contains(&module)
            && bound.wrapping[module] == Wrapping::Hoisted
            && syntax.symbols[local].is_fixed
            && syntax.hoisted.is_none()
            && !syntax.features.has_dynamic_scope
            && !bound.may_be_unset.contains(symbol.index())
    }
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
        let is_in_cycle = bound.in_cycle.contains(module.index()) || imports_itself(bound, module);
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

fn imports_itself(bound: &BoundGraph, module: ModuleId) -> bool {
    let targets = &bound.graph.modules[module].targets;
    targets.iter().any(|target| *target == Target::Module(module))
}

/// `var ns = __settledNamespace({ name });`
fn settled_text(
    bound: &BoundGraph,
    name: &str,
    exports: &ModuleExports,
    values: &[(&Atom, String)],
) -> String {
    let bindings = exports.bindings.iter().map(|(_, binding)| binding);
    let members: Vec<String> = values
        .iter()
        .zip(bindings)
        .map(|((name, value), binding)| {
            let name = property_name(name);
            match known_value(bound, binding) {
                Some(Known::Constant(constant)) => format!("{name}: {constant}"),
                _ => format!("{name}: {value}"),
            }
        })
        .collect();
    format!(
        "var {name} = {}({{\n  {}\n}});",
        Helper::SettledNamespace.name(),
        members.join(",\n  ")
    )
}

/// `var ns = Object.freeze({ __proto__: null, get name() { return name; } });`. A name that has the value that it keeps needs no
/// function: before any module runs, or where `is_there` says so.
fn members_text(
    bound: &BoundGraph,
    name: &str,
    exports: &ModuleExports,
    values: &[(&Atom, String)],
    tag: Tag,
    is_there: &dyn Fn(&Binding) -> bool,
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
            None if is_there(binding) => write!(text, ",\n  {name}: {value}"),
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

/// What gives the value of a binding.
pub(super) fn value_text(bound: &BoundGraph, binding: &Binding, names: &ChunkNames) -> String {
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
