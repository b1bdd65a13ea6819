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
mod attempt;
mod body;
mod depth;
mod division;
mod drawn;
mod held;
mod names;
mod planned;
mod rename;
mod scopes;
mod slots;
mod uninitialised;
mod unit;
mod unit_pieces;

use oxc_index::IndexVec;
use rustc_hash::FxHashMap;

use super::chunk::ChunkText;
use super::lowering::Place;
use super::names::ChunkNames;
use super::print::Minification;
use super::styles::ChunkStyles;
use super::surroundings::Surroundings;
use super::views::CommonJsViews;
use super::{RenderOptions, file_names::FileNames};
use crate::bind::BoundGraph;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::ModuleId;
use attempt::Attempt;
pub(super) use uninitialised::mark_uninitialised;

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
            Err(failed) => take_apart(failed, &mut cares),
        }
    }
}

/// Notes what is to be done about units that failed. In a profile this says that the compressor has a defect.
#[tracing::instrument(name = "take_failed_units_apart", skip_all)]
fn take_apart(failed: Vec<Vec<usize>>, cares: &mut Cares) {
    for parts in failed {
        let care = match parts.as_slice() {
            [_] => Care::Untouched,
            _ => Care::Alone,
        };
        cares.extend(parts.into_iter().map(|part| (part, care)));
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
