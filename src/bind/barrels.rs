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

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::exports::{ExportResolver, Passage};
use super::wrap::Wrapping;
use crate::graph::{
    ExportTarget, ImportedName, Module, ModuleGraph, ModuleId, RecordId, RequestSyntax, Target,
};

/// Takes the promise from modules that pass a name on to an importer and import effects.
pub fn keep_effects_of_barrels(graph: &mut ModuleGraph) {
    let is_candidate = |module: &Module| !module.may_have_side_effects && imports_effects(graph, module);
    if !graph.modules.iter().any(is_candidate) {
        return;
    }
    let passing = passing_modules(graph).into_iter();
    // Names of CommonJS are read of its object, too, which is not followed.
    let hoisted = graph.modules.iter_enumerated();
    let hoisted = hoisted.filter(|(_, module)| aliases_of(module).next().is_some());
    let barrels: Vec<ModuleId> = passing
        .chain(hoisted.map(|(id, _)| id))
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
        asked.extend(passed_to(graph, id));
    }
}

/// Takes the promise from modules that are left out when names pass through them to modules that run on demand: these run
/// when the modules between are asked for.
///
/// ```js
/// export { thing } from './thing.js';      // somebody says `require('./thing.js')`
/// ```
pub fn keep_ways_to_lazy_modules(graph: &mut ModuleGraph, wrapping: &IndexVec<ModuleId, Wrapping>) {
    let is_lazy = |id: ModuleId| wrapping[id] == Wrapping::Lazy;
    let leads_there =
        |id: ModuleId| !graph.modules[id].may_have_side_effects && passed_to(graph, id).any(is_lazy);
    if !graph.modules.indices().any(leads_there) {
        return;
    }
    let required: Vec<ModuleId> = graph
        .modules
        .iter()
        .flat_map(|module| module.syntax.records.iter().zip(&module.targets))
        .filter_map(|(record, target)| match (record.syntax, target) {
            (RequestSyntax::Require | RequestSyntax::RequireInTry, Target::Module(target)) => Some(*target),
            _ => None,
        })
        .filter(|target| is_lazy(*target))
        .collect();
    keep_effects_of_required(graph, required);
    for id in ways(graph, is_lazy) {
        graph.modules[id].may_have_side_effects = true;
    }
}

/// The modules through which names pass to those that are asked for.
#[tracing::instrument(skip_all)]
fn ways(graph: &ModuleGraph, is_asked_for: impl Fn(ModuleId) -> bool) -> FxHashSet<ModuleId> {
    let mut resolver = ExportResolver::new(graph);
    let mut known: FxHashMap<(ModuleId, Atom), bool> = FxHashMap::default();
    let mut ways = FxHashSet::default();
    for (id, module) in graph.modules.iter_enumerated() {
        let syntax = &module.syntax;
        let imports = syntax
            .imports
            .values()
            .map(|import| (import.record, &import.imported));
        let exports = syntax.exports.iter().filter_map(|export| match &export.target {
            ExportTarget::Reexport(record, imported) => Some((*record, imported)),
            ExportTarget::Local(_) => None,
        });
        for (record, imported) in imports.chain(exports) {
            let mut passed: Vec<(ModuleId, Atom)> = Vec::new();
            let mut request = Some((id, record, imported.clone()));
            let mut leads_there = false;
            let mut is_whole = false;
            while let Some((importer, record, imported)) = request.take() {
                let Target::Module(target) = graph.modules[importer].targets[record] else {
                    break;
                };
                let ImportedName::Name(name) = imported else {
                    // Which of its names are used is not known yet.
                    if passed_to(graph, target).any(&is_asked_for) {
                        ways.insert(target);
                    }
                    leads_there = is_asked_for(target);
                    is_whole = true;
                    break;
                };
                let step = (target, name);
                if let Some(answer) = known.get(&step) {
                    leads_there = *answer;
                } else if passed.contains(&step) {
                    break;
                } else if let Some(further) = resolver.passed_on(target, &step.1) {
                    request = Some((target, further.record, further.imported));
                } else {
                    leads_there = is_asked_for(target);
                }
                passed.push(step);
            }
            if leads_there {
                // The last one has the name, unless it gives a namespace that another module has.
                let between = passed.len().saturating_sub(usize::from(!is_whole));
                ways.extend(passed.iter().take(between).map(|(id, _)| *id));
            }
            known.extend(passed.into_iter().map(|step| (step, leads_there)));
        }
    }
    ways
}

/// Finds the modules that promise nothing, and whose names others pass on that promise to have no effects.
///
/// ```js
/// export { limit } from 'limits';          // no effects; `limits` prints something
/// ```
pub fn find_names_behind_promises(graph: &mut ModuleGraph) {
    let promising = graph.modules.indices();
    let promising = promising.filter(|id| !graph.modules[*id].may_have_side_effects);
    let mut passed: Vec<ModuleId> = promising.flat_map(|id| passed_to(graph, id)).collect();
    while let Some(id) = passed.pop() {
        let module = &mut graph.modules[id];
        if module.may_have_side_effects && !std::mem::replace(&mut module.runs_for_its_names, true) {
            passed.extend(passed_to(graph, id));
        }
    }
}

/// The modules whose names a module passes on.
fn passed_to(graph: &ModuleGraph, id: ModuleId) -> impl Iterator<Item = ModuleId> {
    let module = &graph.modules[id];
    passed_on(module).filter_map(|record| match module.targets[record] {
        Target::Module(target) => Some(target),
        _ => None,
    })
}

/// The requests whose names a module passes on.
fn passed_on(module: &Module) -> impl Iterator<Item = RecordId> {
    let syntax = &module.syntax;
    let exports = syntax.exports.iter().filter_map(|export| match &export.target {
        ExportTarget::Reexport(record, _) => Some(*record),
        ExportTarget::Local(local) => syntax.imports.get(local).map(|import| import.record),
    });
    exports
        .chain(syntax.star_exports.iter().copied())
        .chain(aliases_of(module))
}

/// The requests of a hoisted CommonJS module whose names it exports.
fn aliases_of(module: &Module) -> impl Iterator<Item = RecordId> {
    let hoisted = module.syntax.hoisted.iter();
    hoisted.flat_map(|hoisted| hoisted.aliases.values().map(|alias| alias.record))
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
#[tracing::instrument(skip_all)]
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
                    if passed.way != Passage::Star {
                        passing.insert(through);
                    }
                    request = Some((through, passed.record, passed.imported));
                }
            }
        }
    }
    passing
}
