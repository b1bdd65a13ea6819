//! A minified chunk.
//!
//! ```text
//! modules ──body──▶ statements, names provisional          each module on its own
//!     ──adopt──▶ units: consecutive modules as one program  each unit on its own, from here on
//!     ──compress──▶ what is used once is where it is used, what nobody uses is gone
//!     ──survey, slots──▶ which names may be spelled alike
//!     ──draw──▶ stencils: text with holes where names go; the tree is gone
//! all units ──name_chunk──▶ the most used slot gets the shortest name
//! stencils ──print──▶ text
//! ```
//!
//! Linking comes before compressing, so that a function of one module can move into another. A chunk of many modules is
//! compressed as several units side by side; the size of a unit does not depend on the machine. What other units, other
//! chunks or modules in a cycle may use is for the compressor an export. Modules with a direct `eval` keep their names
//! and are printed by themselves.
//!
//! A defect of the compressor must not cost the user the build: when it panics on a unit, loses a declaration, or leaves
//! what no parser accepts, the parts of that unit are compressed one by one, and those that fail again not at all.

mod adopt;
mod body;
mod depth;
mod division;
mod held;
mod names;
mod rename;
mod scopes;
mod slots;
mod uninitialised;
mod unit;

use self::division::{included_size, into_units, split, with_deep_parts};
use std::borrow::Cow;
use std::collections::BTreeSet;

use indexmap::IndexSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::chunk::{
    ChunkText, evaluation_text, in_text_order, mentioned_symbols, named_files, own_styles_text,
    write_announced_key, write_bottom, write_stars, write_top,
};
use super::chunk_imports::write_imports;
use super::helper_text::{add_needed, helper_texts};
use super::interface::{EntryTail, entry_tail, namespace_objects, write_exports};
use super::lowering::{LoweringHelper, Place};
use super::module::{ModuleBody, WRITTEN_BY_SCAN, module_body};
use super::names::{ChunkNames, Naming};
use super::print::{Minification, is_valid};
use super::runtime::{HELPER_NAMES, Helper};
use super::styles::ChunkStyles;
use super::surroundings::Surroundings;
use super::views::CommonJsViews;
use super::writer::Writer;
use super::{Delivered, RenderOptions, file_names::FileNames};
use crate::bind::{BoundGraph, Step, SymbolId, SymbolOwner};
use crate::chunk::references::{namespace_symbol, referenced_symbols};
use crate::chunk::{Chunk, ChunkGraph, ChunkId};
use crate::graph::ModuleId;
use body::Body;
use held::names_of_effects;
use names::{FinalNames, name_chunk};
pub(super) use uninitialised::mark_uninitialised;
use unit::{DrawnUnit, Part, PrintedParts, Unit};

/// A unit is full when its statements have this many bytes in the sources.
const UNIT_SIZE: usize = 512 * 1024;

/// How a part is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// On its own.
    Alone,
    /// Not at all.
    Untouched,
}

/// What was learnt about parts, by their number.
type Cares = FxHashMap<usize, Care>;

/// Renders a chunk as small as possible.
pub(super) fn render_small_chunk(
    graph: &ChunkGraph,
    id: ChunkId,
    files: &FileNames,
    styles: &IndexVec<ChunkId, ChunkStyles>,
    options: &RenderOptions,
) -> ChunkText {
    let views = CommonJsViews::of_chunk(&graph.bound, &graph.chunks[id]);
    let surroundings = Surroundings {
        graph,
        chunk: id,
        files,
        styles,
        views: &views,
        options,
    };
    let mut cares = Cares::default();
    loop {
        let attempt = Attempt::start(&surroundings);
        match attempt.finish(&surroundings, &cares) {
            Ok(text) => return text,
            Err(failed) => {
                for parts in failed {
                    let care = match parts.as_slice() {
                        [_] => Care::Untouched,
                        _ => Care::Alone,
                    };
                    cares.extend(parts.into_iter().map(|part| (part, care)));
                }
            }
        }
    }
}

/// What a chunk is made of before anything is compressed.
struct Attempt<'a> {
    chunk: &'a Chunk,
    names: ChunkNames,
    bodies: FxHashMap<ModuleId, ModuleBody>,
    helpers: BTreeSet<Helper>,
    lowering_helpers: BTreeSet<LoweringHelper>,
    delivered: IndexSet<Delivered>,
    namespaces: Vec<String>,
    tail: EntryTail,
    /// Names in the text of imports and exports, and of modules with an `eval`.
    outside: Vec<Atom>,
    kept: FxHashSet<Atom>,
    chunk_names: FxHashSet<Atom>,
}

/// What stands in the text of the chunk, in its order.
enum Item {
    /// Numbers of parts.
    Unit(Vec<usize>),
    /// A module that is printed by itself.
    Module(ModuleId),
}

impl<'a> Attempt<'a> {
    #[tracing::instrument(skip_all)]
    fn start(surroundings: &Surroundings<'a>) -> Self {
        let graph = surroundings.graph;
        let (bound, chunk) = (&graph.bound, &graph.chunks[surroundings.chunk]);
        let symbols = mentioned_symbols(graph, chunk, surroundings.views);
        let is_lowered = !surroundings.options.lowering.is_needless();
        let lowering_names: Vec<Atom> = LoweringHelper::all_names().filter(|_| is_lowered).collect();
        let reserved = lowering_names.iter().cloned();
        let mut names = ChunkNames::assign(bound, &chunk.modules, &symbols, Naming::Provisional, reserved);
        names.share(surroundings.views.shared());
        let bodies: Vec<ModuleBody> = chunk
            .modules
            .par_iter()
            .enumerate()
            .map(|(number, module)| module_body(surroundings, *module, &place(&names, number)))
            .collect();
        let lowering_helpers = bodies
            .iter()
            .flat_map(|body| body.lowering_helpers.clone())
            .collect();
        let mut helpers: BTreeSet<Helper> = bodies.iter().flat_map(|body| body.helpers.clone()).collect();
        if !surroundings.styles_of_entry().is_empty() {
            helpers.insert(Helper::Styles);
        }
        let delivered = bodies.iter().flat_map(|body| body.delivered.clone()).collect();
        let namespaces = namespace_objects(graph, chunk, &names, &mut helpers);
        let tail = entry_tail(graph, chunk, &mut names, &mut helpers);
        let mut outside = outside_names(graph, chunk, &symbols, &names);
        outside.extend(tail.exports.iter().map(|(_, local)| local.clone()));
        let mut kept: FxHashSet<Atom> = names.kept().iter().cloned().collect();
        let dynamic = chunk.modules.iter().filter(|module| is_dynamic(bound, **module));
        for module in dynamic {
            // Its code is printed with the names of helpers.
            for name in HELPER_NAMES
                .iter()
                .map(|name| Atom::from(*name))
                .chain(lowering_names.clone())
            {
                kept.insert(name);
            }
            let mentioned = referenced_symbols(bound, *module).into_iter();
            outside.extend(mentioned.filter_map(|symbol| names.get(symbol).cloned()));
        }
        let mut all_kept: Vec<Atom> = kept.iter().cloned().collect();
        all_kept.sort_unstable();
        outside.extend(all_kept);
        let mut chunk_names: FxHashSet<Atom> = names.given().iter().cloned().collect();
        add_needed(&mut helpers);
        chunk_names.extend(helpers.iter().map(|helper| Atom::from(helper.name())));
        chunk_names.extend(lowering_names);
        Self {
            chunk,
            names,
            bodies: chunk.modules.iter().copied().zip(bodies).collect(),
            helpers,
            lowering_helpers,
            delivered,
            namespaces,
            tail,
            outside,
            kept,
            chunk_names,
        }
    }

    fn finish(
        mut self,
        surroundings: &Surroundings<'a>,
        cares: &Cares,
    ) -> Result<ChunkText, Vec<Vec<usize>>> {
        let version = surroundings.options.lowering.version();
        let (parts, order) = self.parts(surroundings);
        let cares = &with_deep_parts(&parts, cares);
        let items = into_units(&parts, order, cares);
        let mut parts: Vec<Option<Part<'_>>> = parts.into_iter().map(Some).collect();
        let units: Vec<(Vec<usize>, Vec<Part<'_>>)> = items
            .iter()
            .filter_map(|item| match item {
                Item::Unit(numbers) => {
                    let parts = numbers.iter().filter_map(|number| parts[*number].take());
                    Some((numbers.clone(), parts.collect()))
                }
                Item::Module(_) => None,
            })
            .collect();
        let of_scan = WRITTEN_BY_SCAN
            .iter()
            .filter(|(_, helper)| self.helpers.contains(helper));
        let helper_names: FxHashSet<Atom> = of_scan.map(|(name, _)| Atom::from(*name)).collect();
        let units: Vec<(Vec<usize>, Unit)> = units
            .into_par_iter()
            .map(|(numbers, parts)| (numbers, Unit::of(parts, &self.chunk_names, &helper_names)))
            .collect();
        let shared = self.shared_names(&surroundings.graph.bound, &units);
        let is_touched =
            |numbers: &[usize]| !matches!(numbers, [one] if cares.get(one) == Some(&Care::Untouched));
        let tracking = surroundings.options.source_maps.position_tracking();
        let drawn: Vec<(Vec<usize>, Option<DrawnUnit>)> = units
            .into_par_iter()
            .map(|(numbers, unit)| {
                let exported = is_touched(&numbers).then_some(&shared);
                let unit = unit.draw(exported, &self.chunk_names, tracking, version);
                (numbers, unit)
            })
            .collect();
        let (drawn, failed) = split(drawn);
        if !failed.is_empty() {
            return Err(failed);
        }
        let final_names = self.final_names(surroundings, drawn.iter().map(|(_, unit)| unit));
        let printed: Vec<(Vec<usize>, Option<PrintedParts>)> = drawn
            .into_par_iter()
            .zip(&final_names.units)
            .map(|((numbers, unit), names)| {
                let parts = unit.print(names, tracking);
                let is_fine = !is_touched(&numbers) || is_valid(&parts.printed.code);
                (numbers, is_fine.then_some(parts))
            })
            .collect();
        let (printed, failed) = split(printed);
        if !failed.is_empty() {
            return Err(failed);
        }
        let texts = printed.into_iter().map(|(_, parts)| parts).collect();
        Ok(self.write(surroundings, &items, texts, &final_names))
    }

    /// The parts of the chunk, and their order; a module with an `eval` is no part.
    #[tracing::instrument(skip_all)]
    fn parts(&mut self, surroundings: &Surroundings<'a>) -> (Vec<Part<'a>>, Vec<Item>) {
        let bound = &surroundings.graph.bound;
        let mut parts = Vec::new();
        let mut order = Vec::new();
        let mut text: Vec<String> = helper_texts(
            self.helpers.clone(),
            std::mem::take(&mut self.lowering_helpers),
            &self.names,
            surroundings.options,
        )
        .into_iter()
        .map(Cow::into_owned)
        .collect();
        text.extend(own_styles_text(&surroundings.styles_of_entry()));
        text.append(&mut self.namespaces);
        let flush = |text: &mut Vec<String>, parts: &mut Vec<Part<'a>>, order: &mut Vec<Item>| {
            if !text.is_empty() {
                order.push(Item::Unit(vec![parts.len()]));
                parts.push(Part::of_text(&text.join("\n")));
                text.clear();
            }
        };
        for step in in_text_order(bound, &surroundings.views.steps) {
            let Step::Module(module) = step else {
                text.push(evaluation_text(bound, step, &self.names));
                continue;
            };
            let Some(body) = self.bodies.remove(&module) else {
                continue;
            };
            if body.statements.is_empty() {
                continue;
            }
            flush(&mut text, &mut parts, &mut order);
            if is_dynamic(bound, module) {
                order.push(Item::Module(module));
                continue;
            }
            order.push(Item::Unit(vec![parts.len()]));
            let syntax = &bound.graph.modules[module].syntax;
            parts.push(Part::of_module(
                module,
                body,
                &syntax.tree.comments,
                syntax.source.clone(),
                included_size(bound, module),
            ));
        }
        text.append(&mut self.tail.statements);
        flush(&mut text, &mut parts, &mut order);
        (parts, order)
    }

    /// Names that the compressor must leave where they are.
    #[tracing::instrument(skip_all)]
    fn shared_names(&self, bound: &BoundGraph, units: &[(Vec<usize>, Unit)]) -> FxHashSet<Atom> {
        let mut shared: FxHashSet<Atom> = self.outside.iter().cloned().collect();
        for module in &self.chunk.modules {
            if bound.in_cycle.contains(module.index()) {
                shared.extend(names_of_module(bound, *module, &self.names));
            }
            shared.extend(names_of_effects(bound, *module, &self.names));
        }
        let mut seen: FxHashSet<&Atom> = FxHashSet::default();
        for (_, unit) in units {
            for name in unit.mentions.union(&unit.declares) {
                if !seen.insert(name) {
                    shared.insert(name.clone());
                }
            }
        }
        shared
    }

    #[tracing::instrument(skip_all)]
    fn final_names<'u>(
        &self,
        surroundings: &Surroundings<'_>,
        units: impl Iterator<Item = &'u DrawnUnit>,
    ) -> FinalNames {
        let bound = &surroundings.graph.bound;
        let units: Vec<_> = units.map(|unit| &unit.names).collect();
        let of_modules = self.chunk.modules.iter().flat_map(|module| {
            let syntax = &bound.graph.modules[*module].syntax;
            let nested = is_dynamic(bound, *module).then_some(&syntax.nested_names);
            syntax.global_names.iter().chain(nested.into_iter().flatten())
        });
        let fixed = ["__createRequire", "__fileURLToPath"].map(Atom::from);
        let reserved = of_modules.cloned().chain(fixed);
        name_chunk(&units, self.outside.iter(), &self.kept, reserved)
    }

    #[tracing::instrument(skip_all)]
    fn write(
        mut self,
        surroundings: &Surroundings<'_>,
        items: &[Item],
        texts: Vec<PrintedParts>,
        final_names: &FinalNames,
    ) -> ChunkText {
        let (graph, options) = (surroundings.graph, surroundings.options);
        let (id, bound) = (surroundings.chunk, &graph.bound);
        let names = self.names.shortened(&final_names.chunk);
        let mut writer = Writer {
            code: String::new(),
            lines: 0,
            is_small: true,
        };
        write_top(&mut writer, graph, self.chunk, &options.outer_text);
        write_announced_key(&mut writer, id, options);
        let files = surroundings.files;
        let references = write_imports(
            &mut writer,
            graph,
            id,
            files,
            &names,
            &self.helpers,
            options.platform,
        );
        let mut body = Body::default();
        let mut texts = texts.into_iter();
        for item in items {
            match item {
                Item::Unit(_) => {
                    let parts = texts.next().expect("every unit was printed");
                    body.unit(&mut writer, bound, parts, options);
                }
                Item::Module(module) => body.module(&mut writer, surroundings, *module, &names),
            }
        }
        for (_, local) in &mut self.tail.exports {
            if let Some(name) = final_names.chunk.get(local) {
                *local = name.clone();
            }
        }
        let exports = write_exports(&mut writer, self.chunk, &names, self.tail.exports);
        write_stars(&mut writer, id, files, &self.tail.stars);
        let legal_text = write_bottom(&mut writer, body.legal, &options.outer_text);
        let references = named_files(graph, id, files, options, references);
        ChunkText {
            code: writer.code,
            placed: body.placed,
            references,
            legal_text,
            modules: body.contributions,
            exports,
            delivered: self.delivered.into_iter().collect(),
        }
    }
}

fn place(names: &ChunkNames, number: usize) -> Place<'_> {
    Place {
        names,
        number,
        minification: Minification::On,
    }
}

/// Whether every name of a module may be looked up while it runs.
fn is_dynamic(bound: &BoundGraph, module: ModuleId) -> bool {
    bound.graph.modules[module].syntax.features.has_dynamic_scope
}

/// What the chunk calls the top-level names of a module.
fn names_of_module(bound: &BoundGraph, module: ModuleId, names: &ChunkNames) -> Vec<Atom> {
    let locals = bound.graph.modules[module].syntax.symbols.indices();
    let symbols = locals.map(|local| bound.symbols.local(module, local));
    symbols.filter_map(|symbol| names.get(symbol).cloned()).collect()
}

/// Names in import and export clauses.
fn outside_names(graph: &ChunkGraph, chunk: &Chunk, symbols: &[SymbolId], names: &ChunkNames) -> Vec<Atom> {
    let bound = &graph.bound;
    let external: IndexSet<&SymbolId> = symbols
        .iter()
        .filter(|symbol| {
            matches!(
                bound.symbols.owner(**symbol),
                SymbolOwner::ExternalName(..) | SymbolOwner::ExternalNamespace(_)
            )
        })
        .collect();
    let namespaces = chunk.namespaces.iter();
    let namespaces = namespaces.filter_map(|module| namespace_symbol(bound, *module));
    external
        .into_iter()
        .chain(chunk.imports.values().flatten())
        .chain(chunk.exports.keys())
        .copied()
        .chain(namespaces)
        .filter_map(|symbol| names.get(symbol).cloned())
        .collect()
}
