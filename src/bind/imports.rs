//! Finds, for every import binding, what it stands for; what is missing is an error with a position.

use std::fmt::Write as _;

use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use super::exports::{ExportResolver, Resolution};
use super::symbols::Binding;
use crate::diagnostic::{Code, Diagnostic, Location, nearest};
use crate::graph::{
    ExportTarget, ImportedName, LocalId, Module, ModuleGraph, ModuleId, ModuleOrigin, NamedImport, RecordId,
    Resource, Target,
};

/// Binds the imports of every module.
///
/// # Errors
/// One diagnostic per import whose name does not exist or is ambiguous.
#[tracing::instrument(skip_all)]
pub fn bind_imports(
    graph: &ModuleGraph,
    resolver: &mut ExportResolver<'_>,
) -> Result<IndexVec<ModuleId, FxHashMap<LocalId, Binding>>, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut tables = declared_imports(graph, resolver);
    for (id, module) in graph.modules.iter_enumerated() {
        let table = &mut tables[id];
        let mut locals: Vec<(&LocalId, &NamedImport)> = module.syntax.imports.iter().collect();
        locals.retain(|(local, _)| !table.contains_key(local));
        locals.sort_unstable_by_key(|(local, _)| **local);
        for (local, import) in locals {
            let resolution = resolver.resolve_import(id, import.record, resolver.asked_of(id, import));
            if let Resolution::Found(binding) | Resolution::Guessed(binding) = resolution {
                table.insert(*local, binding);
            } else {
                let ImportedName::Name(name) = &import.imported else {
                    continue;
                };
                table.insert(*local, Binding::Undefined);
                // `import { SomeType } from …; export { SomeType }`.
                if may_be_type(graph, module, import.record, name) {
                    continue;
                }
                diagnostics.push(missing(
                    graph,
                    resolver,
                    module,
                    import.record,
                    name,
                    import.span,
                    &resolution,
                ));
            }
        }
        for export in &module.syntax.exports {
            let ExportTarget::Reexport(record, imported @ ImportedName::Name(name)) = &export.target else {
                continue;
            };
            let resolution = resolver.resolve_import(id, *record, imported);
            if matches!(resolution, Resolution::NotFound | Resolution::Ambiguous)
                && !may_be_type(graph, module, *record, name)
            {
                diagnostics.push(missing(
                    graph,
                    resolver,
                    module,
                    *record,
                    name,
                    export.span,
                    &resolution,
                ));
            }
        }
    }
    if diagnostics.is_empty() {
        Ok(tables)
    } else {
        Err(diagnostics)
    }
}

/// The imports of names that the module which is asked declares itself.
fn declared_imports(
    graph: &ModuleGraph,
    resolver: &ExportResolver<'_>,
) -> IndexVec<ModuleId, FxHashMap<LocalId, Binding>> {
    let modules = graph.modules.as_raw_slice().par_iter().with_min_len(64);
    let tables = modules.map(|module| {
        let imports = &module.syntax.imports;
        let mut table = FxHashMap::with_capacity_and_hasher(imports.len(), FxBuildHasher);
        for (local, import) in imports {
            if let (Target::Module(target), ImportedName::Name(name)) =
                (module.targets[import.record], &import.imported)
                && let Some(binding) = resolver.declared(target, name)
            {
                table.insert(*local, binding);
            }
        }
        table
    });
    IndexVec::from_vec(tables.collect())
}

/// `export { SomeType } from './types'` in TypeScript without `type` names nothing at run time. The name is
/// looked for where `export *` would find it.
fn may_be_type(graph: &ModuleGraph, importer: &Module, record: RecordId, name: &Atom) -> bool {
    let mut pending = vec![importer.targets[record]];
    let mut seen = FxHashSet::default();
    while let Some(target) = pending.pop() {
        let Target::Module(target) = target else { continue };
        if !seen.insert(target) {
            continue;
        }
        let module = &graph.modules[target];
        if module.syntax.type_names.contains(name) {
            return true;
        }
        pending.extend(
            module
                .syntax
                .star_exports
                .iter()
                .map(|record| module.targets[*record]),
        );
    }
    false
}

fn missing(
    graph: &ModuleGraph,
    resolver: &mut ExportResolver<'_>,
    importer: &Module,
    record: RecordId,
    name: &Atom,
    span: (usize, usize),
    resolution: &Resolution,
) -> Diagnostic {
    let specifier = &importer.syntax.records[record].specifier;
    let location = Location::of_range(&importer.path, &importer.syntax.source, span.0, span.1);
    let names = match importer.targets[record] {
        Target::Module(target) => resolver.names_for_message(target),
        _ => Vec::new(),
    };
    let file = match importer.targets[record] {
        Target::Module(target) => graph.modules[target].stable_path.clone(),
        _ => specifier.to_string(),
    };
    let (message, fix) = if *resolution == Resolution::Ambiguous {
        (
            format!(
                "`{name}` of '{specifier}' is ambiguous: several `export *` in {file} give different bindings."
            ),
            format!("Import `{name}` from the file that declares it, or export it by name in {file}."),
        )
    } else {
        let suggestion = nearest(name, names.iter().map(|name| &**name));
        (
            format!(
                "'{specifier}' has no export `{name}`: {file} exports {}.",
                list(&names)
            ),
            fix_of_missing(graph, importer.targets[record], name, &file, suggestion),
        )
    };
    Diagnostic::new(Code::MissingExport, "", message, fix)
        .with_package(specifier.to_string())
        .at(Some(location))
}

/// An edit to something the user owns: never to an installed package.
fn fix_of_missing(
    graph: &ModuleGraph,
    target: Target,
    name: &Atom,
    file: &str,
    suggestion: Option<&str>,
) -> String {
    if let Target::Module(style) = target
        && matches!(graph.modules[style].syntax.resource, Some(Resource::Style(_)))
        && graph.modules[style].syntax.exports.is_empty()
    {
        return "Import it for its effect (`import './file.css'`), as text (`./file.css?inline`), or call it `*.module.css` to get its class names."
            .to_owned();
    }
    let otherwise = match target {
        Target::Module(target) => match &graph.modules[target].origin {
            ModuleOrigin::Package { name: package } => {
                format!("install a version of `{package}` that has `{name}`")
            }
            ModuleOrigin::Own => format!("export `{name}` in {file}"),
        },
        _ => "import one of its names".to_owned(),
    };
    match suggestion {
        Some(near) => format!("Did you mean `{near}`? Otherwise {otherwise}."),
        None => format!("Import a name that exists, or {otherwise}."),
    }
}

fn list(names: &[Atom]) -> String {
    const SHOWN: usize = 12;
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        let _ = write!(text, " and {} more", names.len() - SHOWN);
    }
    text
}
