//! The order of evaluation: ECMA-262 §16.2.1.5.3.1 `InnerModuleEvaluation` is a depth-first walk that
//! evaluates a module after everything it imports.

use super::include::Inclusion;
use crate::graph::{ModuleGraph, ModuleId, RecordId, RequestSyntax, Target};

/// Included modules, each after what it statically imports or requires (cycles broken at the edge that
/// closes them), entries in their order, targets of `import()` after all declared entries.
pub fn evaluation_order(graph: &ModuleGraph, inclusion: &Inclusion) -> Vec<ModuleId> {
    let mut order = Vec::new();
    let mut entered = vec![false; graph.modules.len()];
    // Explicit stack: (module, next record). Cycles of ten thousand modules must not overflow.
    let mut stack: Vec<(ModuleId, usize)> = Vec::new();
    for entry in &inclusion.entries {
        if !std::mem::replace(&mut entered[entry.module.index()], true) {
            stack.push((entry.module, 0));
        }
        while let Some((id, next)) = stack.last_mut() {
            let module = &graph.modules[*id];
            if *next == module.targets.len() {
                if inclusion.modules.contains(id.index()) {
                    order.push(*id);
                }
                stack.pop();
                continue;
            }
            let record = RecordId::from_usize(*next);
            *next += 1;
            if let Target::Module(target) = module.targets[record]
                && module.syntax.records[record].syntax != RequestSyntax::Dynamic
                && !std::mem::replace(&mut entered[target.index()], true)
            {
                stack.push((target, 0));
            }
        }
    }
    order
}
