//! Groups of chunks that the user asks for in vain.

use crate::chunk::{ChunkOptions, idle_patterns};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::ModuleGraph;

/// One warning per pattern that no module matches.
pub(super) fn idle_groups(options: &ChunkOptions, graph: &ModuleGraph, label: &str) -> Vec<Diagnostic> {
    let idle = idle_patterns(&options.groups, graph);
    idle.into_iter()
        .map(|(group, pattern)| {
            Diagnostic::new(
                Code::ChunkGroup,
                label,
                format!("`{pattern}` of the chunk group `{group}` matches no module."),
                "Write a package (`react`), a path or a pattern as outputs show them (`src/ui/**`, `node_modules/**`), or remove it.",
            )
        })
        .collect()
}
