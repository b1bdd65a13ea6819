//! Does a layout evaluate modules in the order of the sources? A file is evaluated after all files it
//! imports, so a shared file can come too early:
//!
//! ```js
//! // entry                        // the sources run setup, shared, entry;
//! import './setup'                // files run shared (its own file, imported), then setup and entry
//! import './shared'               // (the entry's file).
//! ```
//!
//! Modules that come too early are evaluated on demand instead: the entry's file calls them in its order.

use rustc_hash::FxHashSet;

use super::waiting::waiting_in_vain;
use super::{ChunkGraph, ChunkId};
use crate::bind::{BoundGraph, Step, Wrapping};
use crate::graph::{ModuleId, StatementId};

/// Modules that some entry would evaluate at another place than the sources do; hoisted ones, so that asking
/// again after they were made lazy makes progress.
#[derive(Debug, Default)]
pub struct Misplaced {
    /// Those to move.
    pub modules: Vec<ModuleId>,
    /// All that are in dispute: those between which they belong, too.
    pub disputed: Vec<ModuleId>,
}

/// Finds them.
pub fn misplaced_modules(graph: &ChunkGraph) -> Misplaced {
    let bound = &graph.bound;
    let mut misplaced = FxHashSet::default();
    let mut in_dispute = FxHashSet::default();
    for (entry, steps) in bound.entry_steps.iter().enumerate().take(bound.outer_entries()) {
        let waiting = waiting_in_vain(graph, steps);
        if !waiting.is_empty() {
            in_dispute.extend(waiting.iter().copied());
            misplaced.insert(bound.entries[entry].module);
            misplaced.extend(waiting);
            continue;
        }
        let own = graph.chunk_of[&bound.entries[entry].module];
        for view in [View::Effects, View::Cycles] {
            let native = events(bound, view, steps.iter().copied());
            let laid_out = events(bound, view, steps_of_files(graph, graph.entry_chunks[entry]));
            misplaced.extend(unasked(bound, &native, &laid_out));
            let disputed = disputed(&native, &laid_out);
            // Whoever runs or calls a disputed module from another file comes too early with it.
            let hoisted: Vec<ModuleId> = disputed
                .iter()
                .chain(&laid_out)
                .filter(|event| disputed.iter().any(|one| one.module == event.module))
                .map(|event| event.importer.unwrap_or(event.module))
                .filter(|module| bound.wrapping[*module] == Wrapping::Hoisted)
                .collect();
            let elsewhere: Vec<ModuleId> = hoisted
                .iter()
                .copied()
                .filter(|module| graph.chunk_of[module] != own)
                .collect();
            in_dispute.extend(hoisted.iter().copied());
            // A dispute within one file is one between entries that share it.
            misplaced.extend(if elsewhere.is_empty() { hoisted } else { elsewhere });
        }
    }
    let hoisted = |modules: FxHashSet<ModuleId>| {
        let mut modules: Vec<ModuleId> = modules.into_iter().collect();
        modules.retain(|module| bound.wrapping[*module] == Wrapping::Hoisted);
        modules.sort_unstable();
        modules
    };
    Misplaced {
        modules: hoisted(misplaced),
        disputed: hoisted(in_dispute),
    }
}

/// Who runs modules that the sources would not run at all: a group's file has more than one entry needs.
fn unasked(bound: &BoundGraph, native: &[Event], laid_out: &[Event]) -> Vec<ModuleId> {
    let asked: FxHashSet<ModuleId> = native.iter().map(|event| event.module).collect();
    laid_out
        .iter()
        .filter(|event| !asked.contains(&event.module))
        .map(|event| event.importer.unwrap_or(event.module))
        .filter(|module| bound.graph.modules[*module].may_have_side_effects)
        .collect()
}

/// The part of `native` between the first and the last place where `laid_out` differs.
fn disputed(native: &[Event], laid_out: &[Event]) -> Vec<Event> {
    let is_same = |(left, right): &(&Event, &Event)| left.module == right.module;
    let agreed = native.iter().zip(laid_out).take_while(is_same).count();
    let agreed_at_end = native
        .iter()
        .rev()
        .zip(laid_out.iter().rev())
        .take_while(is_same)
        .count();
    let end = native.len().saturating_sub(agreed_at_end).max(agreed);
    native[agreed..end].to_vec()
}

/// Which modules an order is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// Those whose evaluation does something.
    Effects,
    /// Those that import each other: one that does nothing can be found without its values by another.
    Cycles,
}

/// The evaluation of a module that can be observed.
#[derive(Debug, Clone, Copy)]
struct Event {
    module: ModuleId,
    /// Who calls it, when it is wrapped.
    importer: Option<ModuleId>,
}

/// The events of `steps`, each module once.
fn events(bound: &BoundGraph, view: View, steps: impl IntoIterator<Item = Step>) -> Vec<Event> {
    let mut seen = FxHashSet::default();
    steps
        .into_iter()
        .filter_map(|step| match step {
            Step::Module(module) => {
                let is_seen = match view {
                    View::Effects => observable(bound, step).is_some(),
                    View::Cycles => bound.wrapping[module] == Wrapping::Hoisted && has_values(bound, module),
                };
                is_seen.then_some(Event {
                    module,
                    importer: None,
                })
            }
            Step::Evaluate { module, importer } => (view == View::Effects).then_some(Event {
                module,
                importer: Some(importer),
            }),
        })
        .filter(|event| seen.insert(event.module))
        .collect()
}

/// The module of a step whose evaluation can be observed; wrapped modules are called in order anyway.
pub fn observable(bound: &BoundGraph, step: Step) -> Option<ModuleId> {
    let Step::Module(module) = step else { return None };
    is_observable(bound, module).then_some(module)
}

/// Whether loading the file of a module does something that can be observed.
pub fn is_observable(bound: &BoundGraph, module: ModuleId) -> bool {
    if bound.wrapping[module] != Wrapping::Hoisted {
        return false;
    }
    let syntax = &bound.graph.modules[module].syntax;
    // In a cycle, reading too early is something to be seen: it throws.
    let may_throw = bound.in_cycle.contains(module.index());
    let has_effects = bound.included_statements[module].ones().any(|index| {
        let statement = &syntax.statements[StatementId::from_usize(index)];
        statement.has_side_effects || (may_throw && statement.may_read_too_early)
    });
    has_effects || syntax.features.has_top_level_await
}

/// Whether a module of a cycle has anything but functions, which are there before it runs.
fn has_values(bound: &BoundGraph, module: ModuleId) -> bool {
    let forms = &bound.graph.modules[module].syntax.forms;
    bound.in_cycle.contains(module.index())
        && bound.included_statements[module]
            .ones()
            .any(|index| !forms[StatementId::from_usize(index)].is_function())
}

/// What loading a file runs: the files it imports first, depth first, then its own modules.
fn steps_of_files(graph: &ChunkGraph, entry: ChunkId) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut entered = FxHashSet::default();
    let mut stack: Vec<(ChunkId, usize)> = vec![(entry, 0)];
    entered.insert(entry);
    while let Some((id, next)) = stack.last_mut() {
        let chunk = &graph.chunks[*id];
        if let Some((import, _)) = chunk.imports.get_index(*next) {
            *next += 1;
            if entered.insert(*import) {
                stack.push((*import, 0));
            }
            continue;
        }
        steps.extend(chunk.steps.iter().copied());
        stack.pop();
    }
    steps
}
