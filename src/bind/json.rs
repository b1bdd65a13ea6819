//! Which JSON files are taken whole, and which names of them can be imported.
//!
//! An importer of the value that only reads properties of it takes it apart, as one that imports them by name:
//!
//! ```js
//! import data from './data.json'; log(data.version)
//! ```

use oxc_index::IndexVec;

use crate::graph::{
    ExportTarget, ImportRecord, ImportedName, LocalId, ModuleGraph, ModuleId, ModuleSyntax, NamedImport,
    RecordId, RequestSyntax, Target,
};
use crate::scan::named_members::INHERITED_NAMES;

/// What a JSON file is to its importers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonUse {
    /// Only single properties are asked for, by name: each is a constant of its own. The value as a whole is what a namespace
    /// is.
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
    let mut is_taken_apart = vec![false; graph.modules.len()];
    for entry in &graph.entries {
        is_whole[entry.module.index()] = true;
        wants_names[entry.module.index()] = true;
    }
    for (id, module) in graph.modules.iter_enumerated() {
        for (record, request) in module.syntax.records.iter_enumerated() {
            if let Target::Module(target) = module.targets[record]
                && graph.modules[target].syntax.features.is_json
            {
                let index = target.index();
                wants_names[index] |= !request.wants_json();
                is_whole[index] |= request.syntax != RequestSyntax::Static
                    || asks_for_whole(graph, id, record, target)
                    || has_no_such_names(&module.syntax, record, request);
                is_taken_apart[index] = true;
            }
        }
    }
    let answer = |index: usize| match (is_whole[index], wants_names[index]) {
        (false, _) if is_taken_apart[index] => JsonUse::Parts,
        (_, false) => JsonUse::OnlyDefault,
        (true, true) => JsonUse::Whole,
        (false, true) => JsonUse::Parts,
    };
    (0..graph.modules.len()).map(answer).collect()
}

/// What an import asks of a file that is taken apart.
pub fn asked_of_parts(imported: &ImportedName) -> &ImportedName {
    match imported {
        ImportedName::Name(name) if *name == *"default" => &ImportedName::Namespace,
        other => other,
    }
}

/// Whether names are imported of what has none.
fn has_no_such_names(importer: &ModuleSyntax, record: RecordId, request: &ImportRecord) -> bool {
    let is_name = |name: &ImportedName| matches!(name, ImportedName::Name(name) if *name != *"default");
    request.wants_json()
        && (importer.imports.values()).any(|import| import.record == record && is_name(&import.imported))
}

/// Whether a static request takes more than single names.
fn asks_for_whole(graph: &ModuleGraph, importer: ModuleId, record: RecordId, target: ModuleId) -> bool {
    let syntax = &graph.modules[importer].syntax;
    let asked = &graph.modules[target].syntax;
    let is_whole = |local: LocalId, import: &NamedImport| match &import.imported {
        ImportedName::Name(name) => *name == *"default" && !is_only_read_by_names(syntax, local, asked),
        ImportedName::Namespace => true,
    };
    syntax.star_exports.contains(&record)
        || syntax
            .imports
            .iter()
            .any(|(local, import)| import.record == record && is_whole(*local, import))
        || syntax.exports.iter().any(|export| match &export.target {
            ExportTarget::Reexport(from, ImportedName::Name(name)) => *from == record && *name == *"default",
            ExportTarget::Reexport(from, ImportedName::Namespace) => *from == record,
            ExportTarget::Local(_) => false,
        })
}

/// Whether an import of the value is asked for nothing but properties that are there.
fn is_only_read_by_names(importer: &ModuleSyntax, local: LocalId, asked: &ModuleSyntax) -> bool {
    let is_there = |name: &str| {
        name != "default"
            && !INHERITED_NAMES.contains(&name)
            && asked.exports.iter().any(|export| export.name == *name)
    };
    let is_exported = importer
        .exports
        .iter()
        .any(|export| matches!(export.target, ExportTarget::Local(exported) if exported == local));
    !is_exported
        && !importer.features.has_dynamic_scope
        && importer.statements.iter().all(|facts| {
            !facts.uses.contains(&local)
                && facts.key_tests.iter().all(|(tested, _)| *tested != local)
                && facts
                    .member_uses
                    .iter()
                    .all(|(read, path)| *read != local || path.first().is_some_and(|name| is_there(name)))
        })
}
