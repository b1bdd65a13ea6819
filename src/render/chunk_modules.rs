//! The modules of a readable chunk: their names, their texts, and the text that they are together.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::chunk::{evaluation_text, in_text_order, mentioned_symbols};
use super::kept::{ModuleKey, ReadableModule, Recalled};
use super::lowering::{LoweringHelper, Place};
use super::names::{ChunkNames, Naming};
use super::print::PrintOptions;
use super::runtime::Helper;
use super::source_map::Positions;
use super::surroundings::Surroundings;
use super::views::CommonJsViews;
use super::writer::Writer;
use super::{Delivered, RenderOptions};
use crate::bind::{BoundGraph, Step};
use crate::chunk::{Chunk, ChunkGraph};
use crate::graph::ModuleId;

/// Renders the modules of a readable chunk in parallel, but for those whose text is known.
pub(super) fn render_modules(
    surroundings: &Surroundings<'_>,
    names: &ChunkNames,
    recalled: Option<&Recalled>,
    print: &PrintOptions<'_>,
) -> Vec<Arc<ReadableModule>> {
    let Surroundings { chunk, options, .. } = *surroundings;
    let known = recalled.and_then(|recalled| recalled.chunk(chunk));
    let print = (print, options.outer_text.legal_comments);
    let modules = surroundings.graph.chunks[chunk].modules.par_iter();
    let modules = modules.enumerate().map(|(number, module)| {
        let key = || ModuleKey::of(surroundings, names, *module);
        let recalled = match recalled {
            Some(recalled) => recalled.module(known, (number, *module), key),
            None => Err(None),
        };
        let place = Place {
            names,
            number,
            minification: options.minification,
        };
        recalled.unwrap_or_else(|key| Arc::new(ReadableModule::of(surroundings, *module, &place, print, key)))
    });
    modules.collect()
}

/// What modules ask of their chunk.
pub(super) struct Needs {
    pub helpers: BTreeSet<Helper>,
    pub lowering_helpers: BTreeSet<LoweringHelper>,
    pub delivered: IndexSet<Delivered>,
}

impl Needs {
    pub fn of(modules: &[Arc<ReadableModule>]) -> Self {
        let helpers = modules.iter().flat_map(|module| &module.helpers);
        let of_lowering = modules.iter().flat_map(|module| &module.lowering_helpers);
        let delivered = modules.iter().flat_map(|module| &module.delivered);
        Self {
            helpers: helpers.copied().collect(),
            lowering_helpers: of_lowering.copied().collect(),
            delivered: delivered.copied().collect(),
        }
    }
}

/// What became of the modules of a chunk.
#[derive(Default)]
pub(super) struct Written {
    pub placed: Vec<(ModuleId, u32, Positions)>,
    /// How many bytes each module gave.
    pub contributions: Vec<(ModuleId, usize)>,
    /// Where the texts of modules start.
    pub places: Vec<(ModuleId, usize)>,
    /// Licences.
    pub legal: IndexSet<String>,
}

/// Writes the modules of a chunk in the order of the text, and what stands behind some of them.
pub(super) fn write_modules<'a>(
    writer: &mut Writer,
    bound: &BoundGraph,
    steps: &[Step],
    modules: impl Iterator<Item = (ModuleId, &'a Arc<ReadableModule>)>,
    (names, behind): (&ChunkNames, &FxHashMap<ModuleId, String>),
) -> Written {
    let mut written = Written::default();
    let mut texts: FxHashMap<ModuleId, &ReadableModule> =
        modules.map(|(id, module)| (id, &**module)).collect();
    for step in in_text_order(bound, steps) {
        let Step::Module(module) = step else {
            writer.line(&evaluation_text(bound, step, names));
            continue;
        };
        let Some(rendered) = texts.remove(&module) else {
            continue;
        };
        written.legal.extend(rendered.legal_comments.iter().cloned());
        if !rendered.code.is_empty() {
            writer.code.push_str("// ");
            writer.line(&bound.graph.modules[module].stable_path);
            if let Some(positions) = &rendered.positions {
                written.placed.push((module, writer.lines, positions.clone()));
            }
            written.contributions.push((module, rendered.code.len()));
            written.places.push((module, writer.code.len()));
            writer.lines_of(&rendered.code, rendered.lines);
        }
        if let Some(text) = behind.get(&module) {
            writer.line(text);
        }
    }
    written
}

/// The names at the top level of a chunk, before those of its frame.
pub(super) fn names_of(
    graph: &ChunkGraph,
    chunk: &Chunk,
    views: &CommonJsViews,
    options: &RenderOptions,
) -> ChunkNames {
    let symbols = mentioned_symbols(graph, chunk, views);
    let helper_names = LoweringHelper::all_names().filter(|_| !options.lowering.is_needless());
    let mut names = ChunkNames::assign(
        &graph.bound,
        &chunk.modules,
        &symbols,
        Naming::Readable,
        helper_names,
    );
    names.share(views.shared());
    names
}
