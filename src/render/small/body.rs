//! Writes the text of the modules of a minified chunk, and notes where it is.

use indexmap::IndexSet;

use super::super::RenderOptions;
use super::super::chunk::is_written;
use super::super::module::{RenderedModule, render_module};
use super::super::names::ChunkNames;
use super::super::print::{Minification, PositionTracking, PrintOptions};
use super::super::source_map::Positions;
use super::super::surroundings::Surroundings;
use super::super::writer::Writer;
use super::drawn::PrintedParts;
use super::place;
use crate::bind::BoundGraph;
use crate::graph::ModuleId;

/// What is gathered while the text of a chunk is written.
#[derive(Default)]
pub struct Body {
    pub placed: Vec<(ModuleId, u32, Positions)>,
    pub contributions: Vec<(ModuleId, usize)>,
    pub legal: IndexSet<String>,
}

impl Body {
    /// Writes a unit.
    pub fn unit(
        &mut self,
        writer: &mut Writer,
        bound: &BoundGraph,
        parts: PrintedParts,
        options: &RenderOptions,
    ) {
        let PrintedParts { printed, parts } = parts;
        let is_tracked = options.source_maps.position_tracking() == PositionTracking::On;
        for ((part, mappings), bytes) in parts.into_iter().zip(printed.mappings).zip(printed.bytes) {
            let Some(module) = part.id() else { continue };
            self.legal.extend(part.facts.legal);
            if is_tracked && is_written(bound, module) {
                self.placed
                    .push((module, writer.lines, Positions::Tokens(mappings)));
            }
            self.contributions.push((module, bytes));
        }
        if !printed.code.is_empty() {
            writer.line(&printed.code);
        }
    }

    /// Writes a module that is printed by itself.
    pub fn module(
        &mut self,
        writer: &mut Writer,
        surroundings: &Surroundings<'_>,
        module: ModuleId,
        names: &ChunkNames,
    ) {
        let options = surroundings.options;
        let print_options = PrintOptions {
            minification: Minification::On,
            position_tracking: options.source_maps.position_tracking(),
            reserved: &[],
            version: options.lowering.version(),
        };
        let chunk = &surroundings.graph.chunks[surroundings.chunk];
        let number = chunk
            .modules
            .iter()
            .position(|one| *one == module)
            .unwrap_or_default();
        let legal_place = options.outer_text.legal_comments;
        let place = place(names, number);
        let RenderedModule { printed, .. } =
            render_module(surroundings, module, &place, &print_options, legal_place);
        self.legal.extend(printed.legal_comments);
        if printed.code.is_empty() {
            return;
        }
        if print_options.position_tracking == PositionTracking::On
            && is_written(&surroundings.graph.bound, module)
        {
            self.placed
                .push((module, writer.lines, Positions::Tokens(printed.mappings)));
        }
        self.contributions.push((module, printed.code.len()));
        writer.line(&printed.code);
    }
}
