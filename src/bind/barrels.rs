//! Modules that promise to have no effects, but import others for theirs:
//!
//! ```js
//! import './setup.js';                     // "sideEffects": ["./setup.js"]
//! export { thing } from './thing.js';
//! ```
//!
//! Whoever uses `thing` through this module needs `setup.js` to have run, as esbuild sees it too; whoever only imports the
//! module does not. So the promise counts for nothing where the module passes a name on. `export *` does not count: a package
//! that joins others so (d3) would bring the effects of all of them to each, and no bundler takes it for a use.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::exports::{ExportResolver, Passage};
use crate::graph::{
    ExportTarget, ImportedName, Module, ModuleGraph, ModuleId, RecordId, RequestSyntax, Target,
};

/// Takes the promise from modules that pass a name on to an importer and import effects.
pub fn keep_effects_of_barrels(graph: &mut ModuleGraph) {
    let is_candidate = |module: &Module| !module.may_have_side_effects && imports_effects(graph, module);
    if !graph.modules.iter().any(is_candidate) {
        return;
    }
    let barrels: Vec<ModuleId> = passing_modules(graph)
        .into_iter()
        .filter(|id| is_candidate(&graph.modules[*id]))
        .collect();
    for id in barrels {
        graph.modules[id].may_have_side_effects = true;
    }
}

/// Takes the promise from modules that are required, and from those whose names they pass on: a `require()` asks for all of
/// them, and nobody promises that it can be left out.
pub fn keep_effects_of_required(graph: &mut ModuleGraph, required: impl IntoIterator<Item = ModuleId>) {
    let mut asked: Vec<ModuleId> = required.into_iter().collect();
    while let Some(id) = asked.pop() {
        let module = &mut graph.modules[id];
        if std::mem::replace(&mut module.may_have_side_effects, true) {
            continue;
        }
        let module = &graph.modules[id];
        let passed = passed_on(module).filter_map(|record| match module.targets[record] {
            Target::Module(target) => Some(target),
            _ => None,
        });
        asked.extend(passed);
    }
}

/// The requests whose names a module passes on.
fn passed_on(module: &Module) -> impl Iterator<Item = RecordId> {
    let syntax = &module.syntax;
    let exports = syntax.exports.iter().filter_map(|export| match &export.target {
        ExportTarget::Reexport(record, _) => Some(*record),
        ExportTarget::Local(local) => syntax.imports.get(local).map(|import| import.record),
    });
    exports.chain(syntax.star_exports.iter().copied())
}

/// Whether a module has an `import './setup.js'` for effects. Names that it imports are for those who use them.
fn imports_effects(graph: &ModuleGraph, module: &Module) -> bool {
    let syntax = &module.syntax;
    let effects = syntax.records.iter_enumerated().filter(|(id, record)| {
        matches!(module.targets[*id], Target::Module(target) if record.syntax == RequestSyntax::Static
            && graph.modules[target].may_have_side_effects)
    });
    let mut effects = effects.map(|(id, _)| id).peekable();
    if effects.peek().is_none() {
        return false;
    }
    let imported = syntax.imports.values().map(|import| import.record);
    let for_names: FxHashSet<RecordId> = imported.chain(passed_on(module)).collect();
    effects.any(|record| !for_names.contains(&record))
}

/// The modules between an import and the module that has the name, which pass it on by name.
fn passing_modules(graph: &ModuleGraph) -> FxHashSet<ModuleId> {
    let mut resolver = ExportResolver::new(graph);
    let mut followed: FxHashSet<(ModuleId, Atom)> = FxHashSet::default();
    let mut passing = FxHashSet::default();
    for (id, module) in graph.modules.iter_enumerated() {
        for import in module.syntax.imports.values() {
            let mut request = Some((id, import.record, import.imported.clone()));
            while let Some((importer, record, imported)) = request.take() {
                if let (Target::Module(through), ImportedName::Name(name)) =
                    (graph.modules[importer].targets[record], imported)
                    && followed.insert((through, name.clone()))
                    && let Some(passed) = resolver.passed_on(through, &name)
                {
                    if passed.way == Passage::Name {
                        passing.insert(through);
                    }
                    request = Some((through, passed.record, passed.imported));
                }
            }
        }
    }
    passing
}
