//! What the rendered text of a module refers to: symbols, and through them other modules.

use crate::bind::{Binding, BoundGraph, SymbolId, SymbolOwner, Wrapping};
use crate::graph::{EntryKind, LocalId, MemberPath, ModuleId, RecordId, RequestSyntax, Target};

/// Symbols that the text of `module` mentions, in a stable order, possibly repeated.
pub fn referenced_symbols(bound: &BoundGraph, module: ModuleId) -> Vec<SymbolId> {
    let mut symbols = Vec::new();
    let syntax = &bound.graph.modules[module].syntax;
    for (record, request) in syntax.records.iter_enumerated() {
        if request.syntax == RequestSyntax::Static {
            static_request(bound, module, record, &mut symbols);
        }
    }
    for statement in bound.included_statements[module].ones() {
        let facts = &syntax.statements[crate::graph::StatementId::from_usize(statement)];
        for local in &facts.uses {
            match bound.imports[module].get(local) {
                Some(binding) => symbols.extend(binding.symbol()),
                None => symbols.push(bound.symbols.local(module, *local)),
            }
        }
        for (local, path) in &facts.member_uses {
            let binding = member_binding(bound, module, *local, path);
            symbols.extend(binding.and_then(Binding::symbol));
        }
        for (local, name) in &facts.key_tests {
            if !bound.key_tests[module].contains_key(&(*local, name.clone())) {
                symbols.extend(bound.imports[module].get(local).and_then(Binding::symbol));
            }
        }
        for record in &facts.records {
            inner_request(bound, module, *record, &mut symbols);
        }
    }
    if bound.wrapping[module] != Wrapping::Hoisted {
        symbols.extend(bound.symbols.invented(&SymbolOwner::Wrapper(module)));
    }
    if namespace_symbol(bound, module).is_some() && !is_file_namespace(bound, module) {
        namespace_content(bound, module, &mut symbols);
    }
    symbols
}

/// What `import.first.second` stands for, as far as its objects are namespaces.
fn member_binding<'a>(
    bound: &'a BoundGraph,
    module: ModuleId,
    local: LocalId,
    path: &MemberPath,
) -> Option<&'a Binding> {
    (1..=path.len())
        .rev()
        .find_map(|length| bound.members[module].get(&(local, path[..length].to_vec())))
        .or_else(|| bound.imports[module].get(&local))
}

/// Whether the namespace object of a module is that of a file: `import()` of the module gives that very object, so a
/// namespace import must, too. Files of provided packages do not count, as nothing may depend on them.
pub fn is_file_namespace(bound: &BoundGraph, module: ModuleId) -> bool {
    bound.dynamic_targets.contains(&module)
        && bound.wrapping[module] == Wrapping::Hoisted
        && bound
            .entries
            .iter()
            .any(|entry| entry.module == module && entry.kind != EntryKind::Provided)
}

/// The module whose namespace object a symbol is, where that is the object of a file.
pub fn file_namespace(bound: &BoundGraph, symbol: SymbolId) -> Option<ModuleId> {
    match bound.symbols.owner(symbol) {
        SymbolOwner::Namespace(module) => is_file_namespace(bound, *module).then_some(*module),
        _ => None,
    }
}

/// The symbol of the module's namespace object, if anything needs the object.
pub fn namespace_symbol(bound: &BoundGraph, module: ModuleId) -> Option<SymbolId> {
    let symbol = bound.symbols.invented(&SymbolOwner::Namespace(module))?;
    (bound.is_used(symbol) && bound.is_included(module)).then_some(symbol)
}

/// The interop object of a static request, if something reads from it.
pub fn interop_symbol(bound: &BoundGraph, module: ModuleId, record: RecordId) -> Option<SymbolId> {
    let symbol = bound.symbols.invented(&SymbolOwner::Interop(module, record))?;
    bound.is_used(symbol).then_some(symbol)
}

/// The CommonJS module at the top level that a static request makes a view of, and what is its `module.exports`.
pub fn viewed_object(bound: &BoundGraph, module: ModuleId, record: RecordId) -> Option<(ModuleId, Binding)> {
    interop_symbol(bound, module, record)?;
    match bound.graph.modules[module].targets[record] {
        Target::Module(target) => Some((target, bound.exports_object(target)?)),
        _ => None,
    }
}

/// Whether `module` evaluates the wrapped module behind a static request when it is evaluated itself.
pub fn evaluates(bound: &BoundGraph, module: ModuleId, record: RecordId) -> Option<ModuleId> {
    let Target::Module(target) = bound.graph.modules[module].targets[record] else {
        return None;
    };
    let is_needed = bound.is_included(target)
        && (bound.graph.modules[target].may_have_side_effects
            || bound.wrapping[target] == Wrapping::Lazy
            || interop_symbol(bound, module, record).is_some());
    (is_needed && bound.wrapping[target] != Wrapping::Hoisted).then_some(target)
}

fn static_request(bound: &BoundGraph, module: ModuleId, record: RecordId, symbols: &mut Vec<SymbolId>) {
    symbols.extend(interop_symbol(bound, module, record));
    if interop_symbol(bound, module, record).is_some()
        && let Target::External(external) = bound.graph.modules[module].targets[record]
    {
        symbols.extend(bound.symbols.invented(&SymbolOwner::ExternalNamespace(external)));
    }
    if let Some((_, object)) = viewed_object(bound, module, record) {
        symbols.extend(object.symbol());
    }
    if let Some(target) = evaluates(bound, module, record) {
        symbols.extend(bound.symbols.invented(&SymbolOwner::Wrapper(target)));
    }
}

fn inner_request(bound: &BoundGraph, module: ModuleId, record: RecordId, symbols: &mut Vec<SymbolId>) {
    let node = &bound.graph.modules[module];
    if !node.syntax.records[record].syntax.evaluates() {
        return;
    }
    match node.targets[record] {
        Target::Module(target) if bound.json_value(target).is_some() => {
            symbols.extend(bound.json_value(target));
        }
        Target::Module(target) if let Some(object) = bound.exports_object(target) => {
            symbols.extend(object.symbol());
        }
        Target::Module(target) => {
            symbols.extend(bound.symbols.invented(&SymbolOwner::Wrapper(target)));
            if bound.wrapping[target] == Wrapping::Lazy && !node.syntax.records[record].is_discarded() {
                symbols.extend(match bound.required_value(target) {
                    Some(value) => value.symbol(),
                    None => bound.symbols.invented(&SymbolOwner::Namespace(target)),
                });
            }
        }
        Target::External(external) => {
            symbols.extend(bound.symbols.invented(&SymbolOwner::ExternalNamespace(external)));
        }
        Target::Ignored | Target::Missing => {}
    }
}

fn namespace_content(bound: &BoundGraph, module: ModuleId, symbols: &mut Vec<SymbolId>) {
    let Some(exports) = bound.exports.get(&module) else {
        return;
    };
    symbols.extend(
        exports
            .bindings
            .iter()
            .filter_map(|(_, binding)| binding.symbol()),
    );
    for external in &exports.external_stars {
        symbols.extend(bound.symbols.invented(&SymbolOwner::ExternalNamespace(*external)));
    }
}

/// The module in whose text a symbol is declared; `None` for imports from outside the bundle.
pub fn owning_module(bound: &BoundGraph, symbol: SymbolId) -> Option<ModuleId> {
    match bound.symbols.owner(symbol) {
        SymbolOwner::Local(module, _)
        | SymbolOwner::Namespace(module)
        | SymbolOwner::Wrapper(module)
        | SymbolOwner::Interop(module, _) => Some(*module),
        SymbolOwner::ExternalName(..) | SymbolOwner::ExternalNamespace(_) => None,
    }
}

/// Modules that must be evaluated or available before `module`: those it evaluates by importing them,
/// those whose bindings it refers to, and those through which these come.
pub fn dependencies(bound: &BoundGraph, module: ModuleId) -> Vec<ModuleId> {
    let node = &bound.graph.modules[module];
    let mut found: Vec<ModuleId> = node
        .syntax
        .records
        .iter()
        .zip(&node.targets)
        .filter_map(|(record, target)| match target {
            Target::Module(target)
                if record.syntax == RequestSyntax::Static
                    && bound.graph.modules[*target].may_have_side_effects =>
            {
                Some(*target)
            }
            _ => None,
        })
        .collect();
    found.extend(
        referenced_symbols(bound, module)
            .into_iter()
            .filter_map(|symbol| owning_module(bound, symbol)),
    );
    found.extend(bound.passed.get(&module).into_iter().flatten());
    found.retain(|target| *target != module && bound.is_included(*target));
    found.sort_unstable();
    found.dedup();
    found
}
