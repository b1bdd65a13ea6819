//! The order of evaluation: ECMA-262 §16.2.1.5.3.1 `InnerModuleEvaluation` is a depth-first walk that
//! evaluates a module after everything it imports.
//!
//! ```js
//! import './commonjs'      // wrapped: evaluated by a call
//! import './effect'        // hoisted: evaluated where its statements stand
//! ```
//!
//! The call belongs before the statements of `effect`, not at the start of the importer, which stands behind
//! them. So the walk notes calls as steps of their own.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use serde::{Deserialize, Serialize};

use super::wrap::Wrapping;
use crate::graph::{ModuleGraph, ModuleId, RecordId, RequestSyntax, Target};

/// What happens next when a bundle is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The statements of a module, or the definition of its wrapper.
    Module(ModuleId),
    /// A hoisted module's import of a wrapped one: the wrapper is called.
    Evaluate {
        /// The wrapped module.
        module: ModuleId,
        /// The hoisted one.
        importer: ModuleId,
    },
}

/// Steps for included modules: each module after what it statically imports or requires (cycles broken at
/// the edge that closes them), `entries` in their order.
#[tracing::instrument(skip_all)]
pub fn evaluation_steps(
    graph: &ModuleGraph,
    included: &FixedBitSet,
    wrapping: &IndexVec<ModuleId, Wrapping>,
    entries: impl IntoIterator<Item = ModuleId>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut entered = vec![false; graph.modules.len()];
    // Explicit stack: (module, next record). Cycles of ten thousand modules must not overflow.
    let mut stack: Vec<(ModuleId, usize)> = Vec::new();
    for entry in entries {
        if !std::mem::replace(&mut entered[entry.index()], true) {
            stack.push((entry, 0));
        }
        while let Some((id, next)) = stack.last_mut() {
            let importer = *id;
            let module = &graph.modules[importer];
            let is_included = included.contains(importer.index());
            if let Some(done) = next.checked_sub(1)
                && is_included
                && wrapping[importer] == Wrapping::Hoisted
                && let Some(module) =
                    evaluated_by(graph, included, wrapping, importer, RecordId::from_usize(done))
            {
                steps.push(Step::Evaluate { module, importer });
            }
            if *next == module.targets.len() {
                if is_included {
                    steps.push(Step::Module(importer));
                }
                stack.pop();
                continue;
            }
            let record = RecordId::from_usize(*next);
            *next += 1;
            if let Target::Module(target) = module.targets[record]
                && module.syntax.records[record].syntax.evaluates()
                && !std::mem::replace(&mut entered[target.index()], true)
            {
                stack.push((target, 0));
            }
        }
    }
    steps
}

/// When each module would be evaluated if all were part of the bundle: a module with a lower number comes first.
#[tracing::instrument(skip_all)]
pub fn evaluation_ranks(graph: &ModuleGraph) -> IndexVec<ModuleId, usize> {
    let mut ranks: IndexVec<ModuleId, usize> = graph.modules.iter().map(|_| usize::MAX).collect();
    let mut next_rank = 0;
    let mut entered = vec![false; graph.modules.len()];
    let mut stack: Vec<(ModuleId, usize)> = Vec::new();
    // What only `import()` asks for comes after the entries, in the order of its numbers.
    let roots = graph.entries.iter().map(|entry| entry.module);
    for root in roots.chain(graph.modules.indices()) {
        if !std::mem::replace(&mut entered[root.index()], true) {
            stack.push((root, 0));
        }
        while let Some((id, next)) = stack.last_mut() {
            let module = &graph.modules[*id];
            if *next == module.targets.len() {
                ranks[*id] = next_rank;
                next_rank += 1;
                stack.pop();
                continue;
            }
            let record = RecordId::from_usize(*next);
            *next += 1;
            if let Target::Module(target) = module.targets[record]
                && module.syntax.records[record].syntax.is_immediate()
                && !std::mem::replace(&mut entered[target.index()], true)
            {
                stack.push((target, 0));
            }
        }
    }
    ranks
}

/// The wrapped module that a static import evaluates just by being there.
fn evaluated_by(
    graph: &ModuleGraph,
    included: &FixedBitSet,
    wrapping: &IndexVec<ModuleId, Wrapping>,
    importer: ModuleId,
    record: RecordId,
) -> Option<ModuleId> {
    let node = &graph.modules[importer];
    let Target::Module(target) = node.targets[record] else {
        return None;
    };
    let is_evaluated = node.syntax.records[record].syntax == RequestSyntax::Static
        && wrapping[target] != Wrapping::Hoisted
        && included.contains(target.index())
        && (graph.modules[target].may_have_side_effects || wrapping[target] == Wrapping::Lazy);
    is_evaluated.then_some(target)
}
