//! Files that would have no code: those of style sheets that several entries share, and of modules of which everything
//! was left out. Nobody imports them.

use super::{ChunkGraph, ChunkId};
use crate::bind::{Step, Wrapping};
use crate::graph::{ModuleId, RequestSyntax, Target};

impl ChunkGraph {
    /// Whether the file of a chunk would have no code, and nobody asks for it by name.
    pub fn is_codeless(&self, id: ChunkId) -> bool {
        let chunk = &self.chunks[id];
        let asks_for_outside = |module: ModuleId| {
            let module = &self.bound.graph.modules[module];
            let mut requests = module.syntax.records.iter().zip(&module.targets);
            requests.any(|(record, target)| {
                matches!(target, Target::External(_)) && record.syntax == RequestSyntax::Static
            })
        };
        chunk.entry.is_none()
            && chunk.exports.is_empty()
            && chunk.imports.is_empty()
            && chunk.namespaces.is_empty()
            && chunk.steps.iter().all(|step| match step {
                Step::Module(module) => {
                    self.bound.wrapping[*module] == Wrapping::Hoisted
                        && self.bound.included_statements[*module].is_clear()
                        && !asks_for_outside(*module)
                }
                Step::Evaluate { .. } => false,
            })
    }
}
