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
use swc_core::ecma::ast::{Decl, Stmt};

use super::{ChunkGraph, ChunkId};
use crate::bind::{BoundGraph, Step, Wrapping};
use crate::graph::{ModuleId, RequestSyntax, StatementId, Target};

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
        let waiting = siblings_that_wait(graph, steps);
        if !waiting.is_empty() {
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

/// A module that has nothing to do with modules that await before it, and these: in one file, or in a file that imports
/// the others, it would wait, while the sources run it meanwhile.
fn siblings_that_wait(graph: &ChunkGraph, steps: &[Step]) -> Vec<ModuleId> {
    let bound = &graph.bound;
    let mut waiting: FxHashSet<ModuleId> = FxHashSet::default();
    let waits_for = |module: ModuleId, waiting: &FxHashSet<ModuleId>| {
        if waiting.is_empty() {
            return Vec::new();
        }
        let needed = files_needed(graph, graph.chunk_of[&module]);
        let awaited = waiting.iter().copied();
        let mut found: Vec<ModuleId> = awaited
            .filter(|other| needed.contains(&graph.chunk_of[other]))
            .collect();
        if !found.is_empty() {
            found.push(module);
        }
        found
    };
    for step in steps {
        let module = match step {
            Step::Module(module) => module,
            // CommonJS runs at once, whatever else is waited for.
            Step::Evaluate { importer, .. } => {
                let found = waits_for(*importer, &waiting);
                if found.is_empty() {
                    continue;
                }
                return found;
            }
        };
        if bound.wrapping[*module] != Wrapping::Hoisted {
            continue;
        }
        let node = &bound.graph.modules[*module];
        let depends = node
            .syntax
            .records
            .iter()
            .zip(&node.targets)
            .any(|(record, target)| {
                matches!(target, Target::Module(target) if waiting.contains(target))
                    && record.syntax == RequestSyntax::Static
            });
        let awaits = node.syntax.features.has_top_level_await;
        // Two that await at the same time interleave.
        if !depends && (awaits || observable(bound, *step).is_some()) {
            let found = waits_for(*module, &waiting);
            if !found.is_empty() {
                return found;
            }
        }
        if depends || awaits {
            waiting.insert(*module);
        }
    }
    Vec::new()
}

/// A file and all files that are evaluated before it.
fn files_needed(graph: &ChunkGraph, chunk: ChunkId) -> FxHashSet<ChunkId> {
    let mut needed = FxHashSet::default();
    let mut pending = vec![chunk];
    while let Some(chunk) = pending.pop() {
        if needed.insert(chunk) {
            pending.extend(graph.chunks[chunk].imports.keys());
        }
    }
    needed
}

/// The module of a step whose evaluation can be observed; wrapped modules are called in order anyway.
fn observable(bound: &BoundGraph, step: Step) -> Option<ModuleId> {
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
    let statements = &bound.graph.modules[module].syntax.tree.statements;
    bound.in_cycle.contains(module.index())
        && bound.included_statements[module].ones().any(|index| {
            !matches!(
                statements[StatementId::from_usize(index)],
                Stmt::Decl(Decl::Fn(_))
            )
        })
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
