//! Which JSON files are taken whole, and which names of them can be imported.

use oxc_index::IndexVec;

use crate::graph::{ExportTarget, ImportedName, ModuleGraph, ModuleId, RecordId, RequestSyntax, Target};

/// What a JSON file is to its importers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonUse {
    /// Only single properties are asked for, by name: each is a constant of its own.
    Parts,
    /// The value is asked for: a name stands for a property of it, so that there is one object.
    Whole,
    /// The same, and every importer says `with { type: 'json' }`: there are no names.
    OnlyDefault,
}

/// One answer per module; that of modules which are not JSON means nothing.
pub fn json_uses(graph: &ModuleGraph) -> IndexVec<ModuleId, JsonUse> {
    if graph.modules.iter().all(|module| !module.syntax.features.is_json) {
        return graph.modules.iter().map(|_| JsonUse::OnlyDefault).collect();
    }
    let mut is_whole = vec![false; graph.modules.len()];
    let mut wants_names = vec![false; graph.modules.len()];
    for entry in &graph.entries {
        is_whole[entry.module.index()] = true;
        wants_names[entry.module.index()] = true;
    }
    for (id, module) in graph.modules.iter_enumerated() {
        for (record, request) in module.syntax.records.iter_enumerated() {
            if let Target::Module(target) = module.targets[record]
                && graph.modules[target].syntax.features.is_json
            {
                wants_names[target.index()] |= !request.wants_json();
                is_whole[target.index()] |=
                    request.syntax != RequestSyntax::Static || asks_for_whole(graph, id, record);
            }
        }
    }
    let answer = |(is_whole, wants_names)| match (is_whole, wants_names) {
        (_, false) => JsonUse::OnlyDefault,
        (true, true) => JsonUse::Whole,
        (false, true) => JsonUse::Parts,
    };
    is_whole.into_iter().zip(wants_names).map(answer).collect()
}

/// Whether a static request takes more than single names.
fn asks_for_whole(graph: &ModuleGraph, importer: ModuleId, record: RecordId) -> bool {
    let syntax = &graph.modules[importer].syntax;
    let is_whole = |name: &ImportedName| match name {
        ImportedName::Name(name) => *name == *"default",
        ImportedName::Namespace => true,
    };
    syntax.star_exports.contains(&record)
        || syntax
            .imports
            .values()
            .any(|import| import.record == record && is_whole(&import.imported))
        || syntax.exports.iter().any(|export| match &export.target {
            ExportTarget::Reexport(from, name) => *from == record && is_whole(name),
            ExportTarget::Local(_) => false,
        })
}
