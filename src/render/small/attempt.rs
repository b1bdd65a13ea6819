//! One attempt to make a chunk small: from its modules to its text, or to the units at which the compressor failed.

use std::borrow::Cow;
use std::collections::BTreeSet;

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::body::Body;
use super::division::{Item, into_units, parts_of_units, split, with_untouchable_parts};
use super::drawn::{Drawing, Drawn, PrintedParts, Touch};
use super::held::names_of_effects;
use super::names::{FinalNames, name_chunk};
use super::planned::{Planned, PlannedUnit};
use super::unit::DrawnUnit;
use super::{Care, Cares, is_dynamic};
use crate::base::largest_first;
use crate::bind::{BoundGraph, Step, SymbolId, SymbolOwner, Wrapping};
use crate::chunk::references::{namespace_symbol, referenced_symbols};
use crate::chunk::{Chunk, ChunkGraph};
use crate::graph::ModuleId;
use crate::render::Delivered;
use crate::render::chunk::{
    ChunkText, evaluation_text, in_text_order, mentioned_symbols, named_files, own_styles_text,
    write_announced_key, write_bottom, write_top,
};
use crate::render::chunk_imports::write_imports;
use crate::render::helper_text::{add_needed, helper_texts};
use crate::render::interface::{EntryTail, entry_tail, write_exports};
use crate::render::lowering::LoweringHelper;
use crate::render::module::WRITTEN_BY_SCAN;
use crate::render::names::{ChunkNames, Naming};
use crate::render::namespaces::{NamespaceTexts, namespace_objects};
use crate::render::passed_on::PassedOn;
use crate::render::print::Unsettled;
use crate::render::runtime::{HELPER_NAMES, Helper};
use crate::render::surroundings::Surroundings;
use crate::render::writer::Writer;

/// What a chunk is made of before anything is compressed.
pub struct Attempt<'a> {
    chunk: &'a Chunk,
    names: ChunkNames,
    planned: FxHashMap<ModuleId, Planned>,
    helpers: BTreeSet<Helper>,
    lowering_helpers: BTreeSet<LoweringHelper>,
    delivered: IndexSet<Delivered>,
    namespaces: NamespaceTexts,
    tail: EntryTail,
    /// Names in the text of imports and exports, and of modules with an `eval`.
    outside: Vec<Atom>,
    kept: FxHashSet<Atom>,
    chunk_names: FxHashSet<Atom>,
    /// Names that may have other values, or none, when another of its units reads them.
    unsettled: Unsettled,
}

impl<'a> Attempt<'a> {
    #[tracing::instrument(skip_all)]
    /// Links the modules, each on its own.
    pub fn start(surroundings: &Surroundings<'a>) -> Self {
        let graph = surroundings.graph;
        let (bound, chunk) = (&graph.bound, &graph.chunks[surroundings.chunk]);
        let symbols = mentioned_symbols(graph, chunk, surroundings.views);
        let is_lowered = !surroundings.options.lowering.is_needless();
        let lowering_names: Vec<Atom> = LoweringHelper::all_names().filter(|_| is_lowered).collect();
        let reserved = lowering_names.iter().cloned();
        let mut names = ChunkNames::assign(bound, &chunk.modules, &symbols, Naming::Provisional, reserved);
        names.share(surroundings.views.shared());
        let planned: Vec<Planned> = chunk
            .modules
            .par_iter()
            .enumerate()
            .map(|(number, module)| Planned::module(surroundings, &names, (number, *module)))
            .collect();
        let bodies = || planned.iter().filter_map(|part| part.body.as_ref());
        let lowering_helpers = bodies().flat_map(|body| body.lowering_helpers.clone());
        let lowering_helpers = lowering_helpers.collect();
        let helpers = planned.iter().flat_map(|part| &part.facts.helpers);
        let mut helpers: BTreeSet<Helper> = helpers.copied().collect();
        if !surroundings.styles_of_entry().is_empty() {
            helpers.insert(Helper::Styles);
        }
        let delivered = bodies().flat_map(|body| body.delivered.clone()).collect();
        let namespaces = namespace_objects(graph, chunk, &names, &mut helpers);
        let tail = entry_tail(graph, chunk, &mut names, &mut helpers);
        let unsettled = unsettled_names(bound, &symbols, &names);
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
            planned: chunk.modules.iter().copied().zip(planned).collect(),
            helpers,
            lowering_helpers,
            delivered,
            namespaces,
            tail,
            outside,
            kept,
            chunk_names,
            unsettled,
        }
    }

    /// Compresses and names them; the parts of units that failed otherwise.
    pub fn finish(
        mut self,
        surroundings: &Surroundings<'a>,
        cares: &Cares,
    ) -> Result<ChunkText, Vec<Vec<usize>>> {
        let (parts, order) = self.parts(surroundings);
        let cares = &with_untouchable_parts(&parts, cares);
        let items = into_units(
            &surroundings.graph.bound,
            &parts,
            order,
            cares,
            surroundings.options.compressed_units,
        );
        let of_scan = WRITTEN_BY_SCAN
            .iter()
            .filter(|(_, helper)| self.helpers.contains(helper));
        let helper_names: FxHashSet<Atom> = of_scan.map(|(name, _)| Atom::from(*name)).collect();
        let given = (&self.chunk_names, &helper_names);
        let units: Vec<(Vec<usize>, PlannedUnit)> = largest_first(
            parts_of_units(parts, &items),
            |(_, parts)| size_of(parts),
            |(numbers, parts)| (numbers, PlannedUnit::of(parts, surroundings, &self.names, given)),
        );
        let shared = self.shared_names(&surroundings.graph.bound, &units);
        let drawing = Drawing {
            surroundings,
            names: &self.names,
            given,
            shared: &shared,
            unsettled: &self.unsettled,
            version: surroundings.options.lowering.version(),
            tracking: surroundings.options.source_maps.position_tracking(),
        };
        let touch = |numbers: &[usize]| match numbers {
            [one] if cares.get(one) == Some(&Care::Untouched) => Touch::Left,
            _ => Touch::Compressed,
        };
        let drawn: Vec<(Vec<usize>, Option<Drawn>)> = largest_first(
            units,
            |(_, planned)| size_of(&planned.parts),
            |(numbers, planned)| {
                let touch = touch(&numbers);
                (numbers, drawing.draw(planned, touch))
            },
        );
        let (drawn, failed) = split(drawn);
        if !failed.is_empty() {
            return Err(failed);
        }
        let final_names = self.final_names(surroundings, drawn.iter().map(|(_, drawn)| &drawn.unit));
        let printed: Vec<(Vec<usize>, Option<PrintedParts>)> = largest_first(
            drawn.into_iter().zip(&final_names.units).collect(),
            |((_, drawn), _)| size_of(&drawn.parts),
            |((numbers, drawn), names)| (numbers, drawing.print(drawn, names)),
        );
        let (printed, failed) = split(printed);
        if !failed.is_empty() {
            return Err(failed);
        }
        let texts = printed.into_iter().map(|(_, parts)| parts).collect();
        Ok(self.write(surroundings, &items, texts, &final_names))
    }

    /// The parts of the chunk, and their order; a module with an `eval` is no part.
    #[tracing::instrument(skip_all)]
    fn parts(&mut self, surroundings: &Surroundings<'a>) -> (Vec<Planned>, Vec<Item>) {
        let bound = &surroundings.graph.bound;
        let pieces = surroundings.options.pieces.as_deref();
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
        text.append(&mut self.namespaces.before);
        let flush = |text: &mut Vec<String>, parts: &mut Vec<Planned>, order: &mut Vec<Item>| {
            if !text.is_empty() {
                order.push(Item::Unit(vec![parts.len()]));
                parts.push(Planned::text(text.join("\n"), pieces));
                text.clear();
            }
        };
        for step in in_text_order(bound, &surroundings.views.steps) {
            let Step::Module(module) = step else {
                text.push(evaluation_text(bound, step, &self.names));
                continue;
            };
            let Some(part) = self.planned.remove(&module) else {
                continue;
            };
            if !part.facts.is_empty {
                flush(&mut text, &mut parts, &mut order);
                if is_dynamic(bound, module) {
                    order.push(Item::Module(module));
                } else {
                    order.push(Item::Unit(vec![parts.len()]));
                    parts.push(part);
                }
            }
            text.extend(self.namespaces.behind.remove(&module));
        }
        text.append(&mut self.tail.statements);
        flush(&mut text, &mut parts, &mut order);
        (parts, order)
    }

    /// Names that the compressor must leave where they are.
    #[tracing::instrument(skip_all)]
    fn shared_names(&self, bound: &BoundGraph, units: &[(Vec<usize>, PlannedUnit)]) -> FxHashSet<Atom> {
        let mut shared: FxHashSet<Atom> = self.outside.iter().cloned().collect();
        let of_modules = self.chunk.modules.par_iter().with_min_len(64).map(|module| {
            let mut names = names_of_effects(bound, *module, &self.names);
            if bound.in_cycle.contains(module.index()) {
                names.extend(names_of_module(bound, *module, &self.names));
            }
            names
        });
        let of_units = units.par_iter().map(|(_, unit)| unit.names());
        let (of_modules, of_units): (Vec<_>, Vec<_>) =
            rayon::join(|| of_modules.collect(), || of_units.collect());
        shared.extend(of_modules.into_iter().flatten());
        let mut seen: FxHashSet<&Atom> = FxHashSet::default();
        for names in of_units {
            for name in names {
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
        for (_, local) in &mut self.tail.exports {
            if let Some(name) = final_names.chunk.get(local) {
                *local = name.clone();
            }
        }
        let tail = &self.tail;
        let passed_on = PassedOn::of(graph, id, tail);
        let references = write_imports(&mut writer, surroundings, &names, &self.helpers, &passed_on);
        let mut body = Body::default();
        writer
            .code
            .reserve(texts.iter().map(|parts| parts.printed.code.len() + 1).sum());
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
        let exports = write_exports(&mut writer, surroundings, &names, &passed_on);
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

/// How large the sources of parts are.
fn size_of(parts: &[Planned]) -> usize {
    parts.iter().map(|part| part.facts.size).sum()
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

/// Names of modules that import each other in a circle may be read early; what others assign to changes.
fn unsettled_names(bound: &BoundGraph, symbols: &[SymbolId], names: &ChunkNames) -> Unsettled {
    let mut unsettled = Unsettled::default();
    for symbol in symbols {
        let Some(name) = names.get(*symbol) else {
            continue;
        };
        match *bound.symbols.owner(*symbol) {
            SymbolOwner::Local(module, local) => {
                let local = &bound.graph.modules[module].syntax.symbols[local];
                let is_hoisted = bound.wrapping[module] == Wrapping::Hoisted;
                if is_hoisted && local.is_lexical && bound.in_cycle.contains(module.index()) {
                    unsettled.early.insert(name.clone());
                }
                if !is_hoisted || !local.is_fixed {
                    unsettled.changing.insert(name.clone());
                }
            }
            SymbolOwner::ExternalName(..) => {
                unsettled.changing.insert(name.clone());
            }
            SymbolOwner::Namespace(_)
            | SymbolOwner::Wrapper(_)
            | SymbolOwner::Interop(..)
            | SymbolOwner::ExternalNamespace(_) => {}
        }
    }
    unsettled
}
