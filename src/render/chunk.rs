//! One chunk's text: imports, helpers, namespace objects, modules, exports, in that order.

use std::sync::Arc;

use indexmap::IndexSet;
use oxc_index::IndexVec;
use rayon::prelude::*;

use super::chunk_imports::write_imports;
use super::chunk_modules::{Needs, names_of, render_modules, write_modules};
use super::helper_text::helper_texts;
use super::interface::write_exports;
use super::kept::{Frame, KeptChunk, Recalled, RenderMemory};
use super::names::ChunkNames;
use super::outer_text::{LegalComments, OuterText};
use super::passed_on::PassedOn;
use super::preload::announced_files;
use super::print::{Minification, PrintOptions};
use super::runtime::Helper;
use super::small::render_small_chunk;
use super::source_map::Positions;
use super::specifiers::requested_files;
use super::styles::ChunkStyles;
use super::surroundings::Surroundings;
use super::text::string_literal;
use super::views::CommonJsViews;
use super::writer::Writer;
use super::{Delivered, RenderOptions, file_names::FileNames};
use crate::bind::{BoundGraph, Step, SymbolId, SymbolOwner, Wrapping};
use crate::chunk::references::{is_file_namespace, namespace_symbol, referenced_symbols};
use crate::chunk::{Chunk, ChunkGraph, ChunkId, signature_symbols};
use crate::graph::{EntryKind, EntryPoint, ModuleId, RequestSyntax};
use crate::scan::split_path;

/// A chunk's text before file hashes are known: other chunks are named by placeholders.
pub struct ChunkText {
    /// The text.
    pub code: String,
    /// Where each module's text stands: module, first line, mappings.
    pub placed: Vec<(ModuleId, u32, Positions)>,
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
#[tracing::instrument(skip_all)]
pub fn render_chunk(
    graph: &ChunkGraph,
    id: ChunkId,
    files: &FileNames,
    styles: &IndexVec<ChunkId, ChunkStyles>,
    options: &RenderOptions,
    memory: Option<(&RenderMemory, &Recalled)>,
) -> ChunkText {
    let (memory, recalled) = memory.unzip();
    if options.minification == Minification::On {
        return render_small_chunk(graph, id, files, styles, options);
    }
    let chunk = &graph.chunks[id];
    let bound = &graph.bound;
    let known = recalled.and_then(|recalled| recalled.chunk(id));
    let views = match known {
        Some(known) => Arc::clone(&known.views),
        None => Arc::new(CommonJsViews::of_chunk(bound, chunk)),
    };
    let lowering = &options.lowering;
    let names = match known {
        // Whoever makes up names must not find those that the frame has got since.
        Some(known) if lowering.is_needless() => Arc::clone(&known.names),
        _ => Arc::new(names_of(graph, chunk, &views, options)),
    };
    let print_options = PrintOptions {
        minification: options.minification,
        position_tracking: options.source_maps.position_tracking(),
        reserved: &[],
        version: lowering.version(),
    };
    let surroundings = Surroundings {
        graph,
        chunk: id,
        files,
        styles,
        views: &views,
        options,
    };
    let modules = render_modules(&surroundings, &names, recalled, &print_options);
    let needs = Needs::of(&modules);
    let mut helpers = needs.helpers;
    let own_styles = surroundings.styles_of_entry();
    if !own_styles.is_empty() {
        helpers.insert(Helper::Styles);
    }
    let mut writer = Writer {
        code: String::with_capacity(modules.iter().map(|module| module.code.len() + 80).sum()),
        lines: 0,
        is_small: false,
    };
    let (names, frame) = match known {
        Some(known) if lowering.is_needless() => (names, Arc::clone(&known.frame)),
        _ => {
            let mut names = Arc::unwrap_or_clone(names);
            let frame = Frame::of(graph, chunk, &mut names);
            (Arc::new(names), Arc::new(frame))
        }
    };
    helpers.extend(&frame.helpers);

    write_top(&mut writer, graph, chunk, &options.outer_text);
    write_announced_key(&mut writer, id, options);
    let tail = &frame.tail;
    let passed_on = PassedOn::of(graph, id, tail);
    let references = write_imports(&mut writer, &surroundings, &names, &helpers, &passed_on);
    for text in helper_texts(helpers, needs.lowering_helpers, &names, options) {
        writer.line(&text);
    }
    if let Some(text) = own_styles_text(&own_styles) {
        writer.line(&text);
    }
    for text in &frame.namespaces.before {
        writer.line(text);
    }
    let written = write_modules(
        &mut writer,
        bound,
        &views.steps,
        chunk.modules.iter().copied().zip(&modules),
        (&names, &frame.namespaces.behind),
    );
    for text in &tail.statements {
        writer.line(text);
    }
    let exports = write_exports(&mut writer, &surroundings, &names, &passed_on);
    let legal_text = write_bottom(&mut writer, written.legal, &options.outer_text);
    let references = named_files(graph, id, files, options, references);
    if let Some(memory) = memory {
        let kept = KeptChunk {
            names,
            views,
            frame,
            modules,
            places: written.places,
        };
        memory.keep(id, kept);
    }
    ChunkText {
        code: writer.code,
        placed: written.placed,
        references,
        legal_text,
        modules: written.contributions,
        exports,
        delivered: needs.delivered.into_iter().collect(),
    }
}

/// Writes the manifest key of the chunk, where chunks announce it as `import.meta.chunkName`.
pub(super) fn write_announced_key(writer: &mut Writer, id: ChunkId, options: &RenderOptions) {
    let Some(keys) = &options.announced_keys else {
        return;
    };
    let key = string_literal(&keys[id.index()]);
    let space = if writer.is_small { "" } else { " " };
    writer.line(&if options.lowering.keeps_logical_assignments() {
        format!("import.meta.chunkName{space}??={space}{key};")
    } else {
        format!("import.meta.chunkName{space}={space}import.meta.chunkName{space}||{space}{key};")
    });
}

/// The files whose names are in the text of a chunk, which imports `imported`.
pub(super) fn named_files(
    graph: &ChunkGraph,
    id: ChunkId,
    files: &FileNames,
    options: &RenderOptions,
    imported: IndexSet<ChunkId>,
) -> IndexSet<ChunkId> {
    let later = requested_files(graph, id, |syntax| {
        syntax.loads_later() && syntax != RequestSyntax::Worker
    });
    let mut references: IndexSet<ChunkId> = imported.into_iter().chain(later).collect();
    references.extend(announced_files(graph, id, options.preloading));
    references.retain(|other| files.says_path(id, *other));
    references.extend(requested_files(graph, id, |syntax| {
        syntax == RequestSyntax::Worker
    }));
    references
}

/// The style sheets that a page without them gets with the code.
pub(super) fn own_styles_text(urls: &[String]) -> Option<String> {
    let texts: Vec<String> = urls.iter().map(|url| string_literal(url)).collect();
    (!urls.is_empty()).then(|| format!("{}([{}]);", Helper::Styles.name(), texts.join(",")))
}

/// Whether a module's code stands in its file, and was not made from it.
pub(super) fn is_written(bound: &BoundGraph, module: ModuleId) -> bool {
    let module = &bound.graph.modules[module];
    let is_made = module.syntax.resource.is_some()
        || module.syntax.features.is_generated
        || module.syntax.features.is_json
        || split_path(&module.path).1.is_some();
    !is_made
}

/// What stands above the code: the hashbang of an entry, what the user wants there, and the directives of the entry.
pub(super) fn write_top(writer: &mut Writer, graph: &ChunkGraph, chunk: &Chunk, outer: &OuterText) {
    let entry = chunk.entry.map(|entry| &graph.bound.entries[entry]);
    let features = |entry: &EntryPoint| &graph.bound.graph.modules[entry.module].syntax.features;
    if let Some(hashbang) = entry
        .filter(|entry| entry.kind == EntryKind::Plain)
        .and_then(|entry| features(entry).hashbang.as_ref())
    {
        writer.line(&format!("#!{hashbang}"));
    }
    if let Some(banner) = &outer.banner {
        writer.line(banner);
    }
    if let Some(entry) = entry.filter(|entry| entry.kind != EntryKind::Dynamic) {
        for directive in &features(entry).directives {
            writer.line(&format!("{};", string_literal(directive)));
        }
    }
}

/// What stands below the code. Returns the licences that belong into a file of their own.
pub(super) fn write_bottom(
    writer: &mut Writer,
    legal: IndexSet<String>,
    outer: &OuterText,
) -> Option<String> {
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
pub(super) fn in_text_order(bound: &BoundGraph, steps: &[Step]) -> Vec<Step> {
    let is_definition = |step: &Step| match step {
        Step::Module(module) => bound.wrapping[*module] == Wrapping::CommonJs,
        Step::Evaluate { .. } => false,
    };
    let (mut first, rest): (Vec<Step>, Vec<Step>) = steps.iter().partition(|step| is_definition(step));
    first.extend(rest);
    first
}

/// The call that evaluates a wrapped module at its place.
pub(super) fn evaluation_text(bound: &BoundGraph, step: Step, names: &ChunkNames) -> String {
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

/// Every symbol the chunk's text mentions, in order of mention.
#[tracing::instrument(skip_all)]
pub(super) fn mentioned_symbols(graph: &ChunkGraph, chunk: &Chunk, views: &CommonJsViews) -> Vec<SymbolId> {
    let bound = &graph.bound;
    let modules = chunk.modules.par_iter();
    let of_modules: Vec<Vec<SymbolId>> = modules.map(|module| symbols_of_module(graph, *module)).collect();
    let mut symbols = of_modules.concat();
    if let Some(entry) = chunk.entry {
        symbols.extend(signature_symbols(bound, entry));
    }
    symbols.extend(chunk.imports.values().flatten());
    symbols.extend(chunk.exports.keys());
    // A CommonJS module's own bindings are local to its wrapper.
    symbols.retain(|symbol| match bound.symbols.owner(*symbol) {
        SymbolOwner::Local(module, _) => bound.wrapping[*module] != Wrapping::CommonJs,
        _ => true,
    });
    for symbol in &mut symbols {
        *symbol = views.original(*symbol);
    }
    symbols
}

fn symbols_of_module(graph: &ChunkGraph, module: ModuleId) -> Vec<SymbolId> {
    let bound = &graph.bound;
    let namespace = namespace_symbol(bound, module).filter(|_| !is_file_namespace(bound, module));
    let mut symbols: Vec<SymbolId> = namespace.into_iter().collect();
    for local in bound.graph.modules[module].syntax.symbols.indices() {
        let symbol = bound.symbols.local(module, local);
        if bound.is_used(symbol) || is_declared(graph, module, local) {
            symbols.push(symbol);
        }
    }
    symbols.extend(referenced_symbols(bound, module));
    symbols
}

fn is_declared(graph: &ChunkGraph, module: ModuleId, local: crate::graph::LocalId) -> bool {
    let bound = &graph.bound;
    bound.graph.modules[module].syntax.symbols[local]
        .declared_by
        .iter()
        .any(|statement| bound.included_statements[module].contains(statement.index()))
}
