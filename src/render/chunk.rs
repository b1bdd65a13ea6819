//! One chunk's text: imports, helpers, namespace objects, modules, exports, in that order.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use indexmap::{IndexMap, IndexSet};
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;

use super::helper_text::helper_text;
use super::module::{RenderedModule, render_module};
use super::names::{ChunkNames, Naming};
use super::outer_text::{LegalComments, OuterText};
use super::print::{Mapping, Minification, PositionTracking, PrintOptions};
use super::runtime::Helper;
use super::styles::ChunkStyles;
use super::surroundings::Surroundings;
use super::text::{module_export_name, string_literal};
use super::{Delivered, RenderOptions, file_names::FileNames};
use crate::bind::{Binding, BoundGraph, Step, SymbolId, SymbolOwner, Wrapping};
use crate::chunk::references::{is_file_namespace, namespace_symbol, referenced_symbols};
use crate::chunk::{Chunk, ChunkGraph, ChunkId};
use crate::graph::{EntryKind, ExternalId, ModuleId, RequestSyntax, Target};
use crate::resolve::Platform;
use crate::scan::split_path;

/// A chunk's text before file hashes are known: other chunks are named by placeholders.
pub struct ChunkText {
    /// The text.
    pub code: String,
    /// Where each module's text stands: module, first line, mappings.
    pub placed: Vec<(ModuleId, u32, Vec<Mapping>)>,
    /// Files the text refers to.
    pub references: IndexSet<ChunkId>,
    /// Licences that belong into a file of their own.
    pub legal_text: Option<String>,
    /// How many bytes each module gave.
    pub modules: Vec<(ModuleId, usize)>,
    /// The names it exports, sorted.
    pub exports: Vec<String>,
    /// The delivered modules that the text names.
    pub delivered: Vec<Delivered>,
}

/// Renders one chunk; its modules in parallel.
pub fn render_chunk(
    graph: &ChunkGraph,
    id: ChunkId,
    files: &FileNames,
    styles: &IndexVec<ChunkId, ChunkStyles>,
    options: &RenderOptions,
) -> ChunkText {
    let chunk = &graph.chunks[id];
    let bound = &graph.bound;
    let is_small = options.minification == Minification::On;
    let naming = if is_small { Naming::Short } else { Naming::Readable };
    let symbols = mentioned_symbols(graph, chunk);
    let mut names = ChunkNames::assign(bound, &chunk.modules, &symbols, naming);
    let print_options = PrintOptions {
        minification: options.minification,
        position_tracking: options.source_maps.position_tracking(),
        reserved: &[],
    };
    let surroundings = Surroundings {
        graph,
        chunk: id,
        files,
        styles,
        options,
    };
    let legal_place = options.outer_text.legal_comments;
    let modules = chunk.modules.par_iter();
    let modules: Vec<RenderedModule> = modules
        .map(|module| render_module(&surroundings, *module, &names, &print_options, legal_place))
        .collect();
    let mut helpers: BTreeSet<Helper> = modules.iter().flat_map(|module| module.helpers.clone()).collect();
    let own_styles = surroundings.styles_of_entry();
    if !own_styles.is_empty() {
        helpers.insert(Helper::Styles);
    }
    let delivered: IndexSet<Delivered> = modules
        .iter()
        .flat_map(|module| module.delivered.clone())
        .collect();
    let mut writer = Writer {
        code: String::new(),
        lines: 0,
        is_small,
    };
    let namespaces = namespace_objects(graph, chunk, &names, &mut helpers, is_small);
    let tail = entry_tail(graph, chunk, &mut names, &mut helpers);

    write_top(&mut writer, graph, chunk, &options.outer_text);
    if let Some(keys) = &options.announced_keys {
        let key = string_literal(&keys[id.index()]);
        writer.line(&format!("import.meta.chunkName ??= {key};"));
    }
    let references = write_imports(&mut writer, graph, id, files, &names, &helpers, options.platform);
    write_helpers(&mut writer, helpers, options);
    write_own_styles(&mut writer, &own_styles);
    for text in namespaces {
        writer.line(&text);
    }
    let mut placed = Vec::new();
    let mut contributions = Vec::new();
    let mut legal: IndexSet<String> = IndexSet::new();
    let mut texts: FxHashMap<ModuleId, RenderedModule> = chunk.modules.iter().copied().zip(modules).collect();
    for step in in_text_order(bound, &without_needless_calls(bound, &chunk.steps)) {
        let Step::Module(module) = step else {
            writer.line(&evaluation_text(bound, step, &names));
            continue;
        };
        let Some(rendered) = texts.remove(&module) else {
            continue;
        };
        legal.extend(rendered.printed.legal_comments);
        if rendered.printed.code.is_empty() {
            continue;
        }
        if !is_small {
            writer.line(&format!("// {}", bound.graph.modules[module].stable_path));
        }
        if print_options.position_tracking == PositionTracking::On && is_written(bound, module) {
            placed.push((module, writer.lines, rendered.printed.mappings));
        }
        contributions.push((module, rendered.printed.code.len()));
        writer.line(&rendered.printed.code);
    }
    for text in tail.statements {
        writer.line(&text);
    }
    let exports = write_exports(&mut writer, chunk, &names, tail.exports);
    for specifier in tail.stars {
        let specifier = string_literal(&files.outside(id, &specifier));
        writer.line(&format!("export * from {specifier};"));
    }
    let legal_text = write_bottom(&mut writer, legal, &options.outer_text);
    let mut references = references;
    references.extend(dynamic_references(graph, chunk));
    ChunkText {
        code: writer.code,
        placed,
        references,
        legal_text,
        modules: contributions,
        exports,
        delivered: delivered.into_iter().collect(),
    }
}

/// The style sheets that a page without them gets with the code.
fn write_own_styles(writer: &mut Writer, urls: &[String]) {
    if !urls.is_empty() {
        let urls: Vec<String> = urls.iter().map(|url| string_literal(url)).collect();
        writer.line(&format!("{}([{}]);", Helper::Styles.name(), urls.join(",")));
    }
}

/// Whether a module's code stands in its file, and was not made from it.
fn is_written(bound: &BoundGraph, module: ModuleId) -> bool {
    let module = &bound.graph.modules[module];
    let is_made = module.syntax.resource.is_some()
        || module.syntax.features.is_generated
        || module.syntax.features.is_json
        || split_path(&module.path).1.is_some();
    !is_made
}

/// What stands above the code: the hashbang of an entry, and what the user wants there.
fn write_top(writer: &mut Writer, graph: &ChunkGraph, chunk: &Chunk, outer: &OuterText) {
    let entry = chunk.entry.map(|entry| &graph.bound.entries[entry]);
    if let Some(hashbang) = entry
        .filter(|entry| entry.kind == EntryKind::Plain)
        .and_then(|entry| {
            graph.bound.graph.modules[entry.module]
                .syntax
                .features
                .hashbang
                .as_ref()
        })
    {
        writer.line(&format!("#!{hashbang}"));
    }
    if let Some(banner) = &outer.banner {
        writer.line(banner);
    }
}

/// What stands below the code. Returns the licences that belong into a file of their own.
fn write_bottom(writer: &mut Writer, legal: IndexSet<String>, outer: &OuterText) -> Option<String> {
    let mut legal_text = None;
    match outer.legal_comments {
        LegalComments::Omitted => {}
        LegalComments::InPlace | LegalComments::AtEnd => {
            for comment in legal {
                writer.line(&comment);
            }
        }
        LegalComments::Linked | LegalComments::Unlinked => {
            let text: String = legal.into_iter().map(|comment| comment + "\n").collect();
            legal_text = (!text.is_empty()).then_some(text);
        }
    }
    if let Some(footer) = &outer.footer {
        writer.line(footer);
    }
    legal_text
}

/// Wrappers of CommonJS modules first: a call must find them defined, also in cycles.
fn in_text_order(bound: &BoundGraph, steps: &[Step]) -> Vec<Step> {
    let is_definition = |step: &Step| match step {
        Step::Module(module) => bound.wrapping[*module] == Wrapping::CommonJs,
        Step::Evaluate { .. } => false,
    };
    let (mut first, rest): (Vec<Step>, Vec<Step>) = steps.iter().partition(|step| is_definition(step));
    first.extend(rest);
    first
}

/// The call that evaluates a wrapped module at its place.
fn evaluation_text(bound: &BoundGraph, step: Step, names: &ChunkNames) -> String {
    let Step::Evaluate { module, .. } = step else {
        return String::new();
    };
    let wrapper = bound.symbols.invented(&SymbolOwner::Wrapper(module));
    let wrapper = wrapper.expect("binding invents a wrapper for every wrapped module that is included");
    let wait = if super::module::is_async(bound, module) {
        "await "
    } else {
        ""
    };
    format!("{wait}{}();", names.of(wrapper))
}

/// A call directly before its importer is what the importer itself starts with.
fn without_needless_calls(bound: &BoundGraph, steps: &[Step]) -> Vec<Step> {
    let mut follower: Option<ModuleId> = None;
    let mut kept: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        match *step {
            Step::Module(module) if bound.wrapping[module] == Wrapping::Hoisted => follower = Some(module),
            Step::Evaluate { importer, .. } if follower == Some(importer) => continue,
            Step::Module(_) | Step::Evaluate { .. } => {}
        }
        kept.push(*step);
    }
    kept.reverse();
    kept
}

struct Writer {
    code: String,
    lines: u32,
    is_small: bool,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.code.push_str(text);
        self.code.push('\n');
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
        self.lines = self
            .lines
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
    }

    /// `{ a, b }` or `{a,b}`.
    fn braces(&self, items: &[String]) -> String {
        if self.is_small {
            format!("{{{}}}", items.join(","))
        } else {
            format!("{{ {} }}", items.join(", "))
        }
    }
}

/// Every symbol the chunk's text mentions, in order of mention.
fn mentioned_symbols(graph: &ChunkGraph, chunk: &Chunk) -> Vec<SymbolId> {
    let bound = &graph.bound;
    let mut symbols = Vec::new();
    for module in &chunk.modules {
        symbols.extend(namespace_symbol(bound, *module).filter(|_| !is_file_namespace(bound, *module)));
        for local in bound.graph.modules[*module].syntax.symbols.indices() {
            let symbol = bound.symbols.local(*module, local);
            if bound.is_used(symbol) || is_declared(graph, *module, local) {
                symbols.push(symbol);
            }
        }
        symbols.extend(referenced_symbols(bound, *module));
    }
    if let Some(entry) = chunk.entry {
        let module = bound.entries[entry].module;
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
    }
    symbols.extend(chunk.imports.values().flatten());
    symbols.extend(chunk.exports.keys());
    // A CommonJS module's own bindings are local to its wrapper.
    symbols.retain(|symbol| match bound.symbols.owner(*symbol) {
        SymbolOwner::Local(module, _) => bound.wrapping[*module] != Wrapping::CommonJs,
        _ => true,
    });
    symbols
}

fn is_declared(graph: &ChunkGraph, module: ModuleId, local: crate::graph::LocalId) -> bool {
    let bound = &graph.bound;
    bound.graph.modules[module].syntax.symbols[local]
        .declared_by
        .iter()
        .any(|statement| bound.included_statements[module].contains(statement.index()))
}

/// What a chunk imports from one module outside the bundle.
#[derive(Default)]
struct OutsideImport {
    names: IndexSet<(Atom, Atom)>,
    namespace: Option<Atom>,
}

/// Writes the import statements; returns the chunks that they name.
fn write_imports(
    writer: &mut Writer,
    graph: &ChunkGraph,
    id: ChunkId,
    files: &FileNames,
    names: &ChunkNames,
    helpers: &BTreeSet<Helper>,
    platform: Platform,
) -> IndexSet<ChunkId> {
    let chunk = &graph.chunks[id];
    if helpers.contains(&Helper::Require) && platform == Platform::Node {
        let import = writer.braces(&["createRequire as __createRequire".to_owned()]);
        writer.line(&import_text(writer.is_small, Some(&import), "node:module"));
    }
    let needs_path = helpers.contains(&Helper::FileName) || helpers.contains(&Helper::DirectoryName);
    if needs_path && platform == Platform::Node {
        let import = writer.braces(&["fileURLToPath as __fileURLToPath".to_owned()]);
        writer.line(&import_text(writer.is_small, Some(&import), "node:url"));
    }
    for (external, import) in outside_imports(graph, chunk, names) {
        let specifier = &files.outside(id, &graph.bound.graph.externals[external].specifier);
        if let Some(namespace) = &import.namespace {
            writer.line(&import_text(
                writer.is_small,
                Some(&format!("* as {namespace}")),
                specifier,
            ));
        }
        if !import.names.is_empty() {
            let items: Vec<String> = import
                .names
                .iter()
                .map(|(name, local)| import_item(name, local))
                .collect();
            let clause = writer.braces(&items);
            writer.line(&import_text(writer.is_small, Some(&clause), specifier));
        } else if import.namespace.is_none() {
            writer.line(&import_text(writer.is_small, None, specifier));
        }
    }
    let mut references = IndexSet::new();
    for (other, symbols) in &chunk.imports {
        references.insert(*other);
        let items: Vec<String> = symbols
            .iter()
            .map(|symbol| import_item(&graph.chunks[*other].exports[symbol], names.of(*symbol)))
            .collect();
        let clause = (!items.is_empty()).then(|| writer.braces(&items));
        writer.line(&import_text(
            writer.is_small,
            clause.as_deref(),
            &files.specifier(id, *other),
        ));
    }
    // Last, since nothing needs to be evaluated for it.
    for module in &chunk.namespaces {
        if let Some(file) = graph.chunk_of_entry_module(*module)
            && let Some(symbol) = namespace_symbol(&graph.bound, *module)
        {
            references.insert(file);
            let clause = format!("* as {}", names.of(symbol));
            writer.line(&import_text(
                writer.is_small,
                Some(&clause),
                &files.specifier(id, file),
            ));
        }
    }
    references
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
        (Some(clause), true) if clause.starts_with('{') => format!("import{clause}from{specifier};"),
        (Some(clause), _) => format!("import {clause} from {specifier};"),
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
    for module in &chunk.modules {
        let node = &bound.graph.modules[*module];
        for (record, target) in node.syntax.records.iter().zip(&node.targets) {
            if let Target::External(external) = target
                && record.syntax == RequestSyntax::Static
            {
                imports.entry(*external).or_default();
            }
        }
    }
    // What only `require()` asks for comes after what the sources import.
    for module in &chunk.modules {
        for symbol in referenced_symbols(bound, *module) {
            add(&mut imports, symbol);
        }
    }
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

fn write_helpers(writer: &mut Writer, mut helpers: BTreeSet<Helper>, options: &RenderOptions) {
    for helper in helpers.clone() {
        helpers.extend(helper.needs());
        helpers.extend(helper.needs().iter().flat_map(|needed| needed.needs()));
    }
    for helper in helpers {
        match helper.declaration_in_node() {
            Some(text) if options.platform == Platform::Node => writer.line(text),
            _ => {
                let text = helper_text(helper, options.minification);
                writer.line(&text);
            }
        }
    }
}

/// `var file_exports = __namespace({ name: () => name })`, before any module runs: the getters are lazy.
fn namespace_objects(
    graph: &ChunkGraph,
    chunk: &Chunk,
    names: &ChunkNames,
    helpers: &mut BTreeSet<Helper>,
    is_small: bool,
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
            .map(|(name, binding)| format!("{}: () => {}", property_name(name), value_text(binding, names)))
            .collect();
        let separator = if is_small { "," } else { ",\n  " };
        let mut text = format!("var {} = {}(", names.of(symbol), Helper::Namespace.name());
        if getters.is_empty() || is_small {
            let _ = write!(text, "{{{}}}", getters.join(separator));
        } else {
            let _ = write!(text, "{{\n  {}\n}}", getters.join(separator));
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

fn value_text(binding: &Binding, names: &ChunkNames) -> String {
    match binding {
        Binding::Symbol(symbol) => names.of(*symbol).to_string(),
        Binding::Member(symbol, name) => member_text(names.of(*symbol), name),
        Binding::Undefined => "void 0".to_owned(),
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
struct EntryTail {
    statements: Vec<String>,
    /// Exported name and local name.
    exports: Vec<(Atom, Atom)>,
    /// Specifiers.
    stars: Vec<Atom>,
}

fn entry_tail(
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
            commonjs_entry(&mut tail, &exposed, &wrapper(names), &point.kind, names, helpers);
        }
    }
    for (name, binding) in exports.bindings.iter().filter(|(name, _)| point.exposes(name)) {
        let local = if let Binding::Symbol(symbol) = binding {
            names.of(*symbol).clone()
        } else {
            let local = names.unique(&crate::base::identifier_from(name).into());
            tail.statements
                .push(format!("var {local} = {};", value_text(binding, names)));
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
    let default = if *kind == EntryKind::Plain {
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
        items.push(format!("{local} = {}", member_text(&value, name)));
        tail.exports.push((name.clone(), local));
    }
    if !items.is_empty() {
        tail.statements.push(format!("var {};", items.join(", ")));
    }
}

/// Writes the export clause; returns the exported names, sorted.
fn write_exports(
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

/// Files that `import()` in the chunk's included statements loads.
fn dynamic_references(graph: &ChunkGraph, chunk: &Chunk) -> Vec<ChunkId> {
    let mut found = Vec::new();
    for module in &chunk.modules {
        let node = &graph.bound.graph.modules[*module];
        for statement in graph.bound.included_statements[*module].ones() {
            let facts = &node.syntax.statements[crate::graph::StatementId::from_usize(statement)];
            for record in &facts.records {
                if let Target::Module(target) = node.targets[*record]
                    && node.syntax.records[*record].syntax.loads_later()
                {
                    found.extend(graph.chunk_of_entry_module(target));
                }
            }
        }
    }
    found
}
