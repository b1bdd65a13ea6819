//! Whether a graph in which one module says something else would be bound as it is.
//!
//! Most edits change what stands inside functions. What binding, and the layout of files after it, see of a module is what
//! its statements declare, use and request, and whether running them shows: where all that is the same, every answer is.

use std::sync::Arc;

use super::{Binding, BoundGraph, SymbolOwner};
use crate::graph::{
    ExportBinding, ExportTarget, ImportRecord, KnownValue, LocalId, ModuleId, ModuleSyntax, Parameter,
    StatementForm, TopLevelSymbol,
};

/// What stands in the graph where a module says `after` instead of `before`: binding may have chosen another form of it.
/// None where anything else may be different for it, even which of its statements are part of the bundle. What the
/// sources say of types, and where they say what, is not compared.
pub fn in_place_of(
    bound: &BoundGraph,
    module: ModuleId,
    before: &Arc<ModuleSyntax>,
    after: &Arc<ModuleSyntax>,
) -> Option<Arc<ModuleSyntax>> {
    let mut entries = bound.entries.iter();
    if entries.any(|entry| entry.module == module && entry.interface.is_some()) {
        return None;
    }
    let forms = before.hoisted_form.as_ref().zip(after.hoisted_form.as_ref());
    let has_same_forms = match forms {
        Some((before, after)) => says_the_same(before, after),
        None => before.hoisted_form.is_none() && after.hoisted_form.is_none(),
    };
    if !has_same_forms || !says_the_same(before, after) {
        return None;
    }
    let present = &bound.graph.modules[module].syntax;
    let (before, after) = [Some((before, after)), forms]
        .into_iter()
        .flatten()
        .find(|(before, _)| Arc::ptr_eq(before, present))?;
    let is_same = !before.features.has_dynamic_scope
        && has_same_mentions(bound, module, before, after)
        && !may_be_decided(bound, module, after)
        && bound.insides.are_the_same(module, after);
    is_same.then(|| Arc::clone(after))
}

fn says_the_same(before: &ModuleSyntax, after: &ModuleSyntax) -> bool {
    // Every field is named, so that a new one is thought of here.
    let ModuleSyntax {
        identity: _,
        kept_in: _,
        source: _,
        format,
        tree: _,
        records,
        symbols,
        symbol_of: _,
        imports,
        exports,
        star_exports,
        statements,
        forms,
        deciding,
        called_members,
        commonjs,
        own_exports,
        hoisted_form: _,
        rest_of: _,
        rests: _,
        answers: _,
        hoisted,
        // Asked for where an `eval` may see them.
        nested_names: _,
        global_names,
        type_names,
        features,
        resource,
        diagnostics,
    } = before;
    let is_same_import = |local: &LocalId| match (imports.get(local), after.imports.get(local)) {
        (Some(before), Some(after)) => before.record == after.record && before.imported == after.imported,
        _ => false,
    };
    *format == after.format
        && alike(records, &after.records, same_request)
        && alike(symbols, &after.symbols, same_symbol)
        && imports.len() == after.imports.len()
        && imports.keys().all(is_same_import)
        && alike(exports, &after.exports, same_export)
        && *star_exports == after.star_exports
        && *statements == after.statements
        && alike(forms, &after.forms, same_form)
        && *deciding == after.deciding
        && *called_members == after.called_members
        && *commonjs == after.commonjs
        && *own_exports == after.own_exports
        && *hoisted == after.hoisted
        && *global_names == after.global_names
        && *type_names == after.type_names
        && *features == after.features
        && resource.is_none()
        && after.resource.is_none()
        && diagnostics.is_empty()
        && after.diagnostics.is_empty()
}

fn alike<'a, Item: 'a>(
    before: impl IntoIterator<Item = &'a Item, IntoIter: ExactSizeIterator>,
    after: impl IntoIterator<Item = &'a Item, IntoIter: ExactSizeIterator>,
    is_same: impl Fn(&Item, &Item) -> bool,
) -> bool {
    let (before, after) = (before.into_iter(), after.into_iter());
    before.len() == after.len() && before.zip(after).all(|(before, after)| is_same(before, after))
}

fn same_request(before: &ImportRecord, after: &ImportRecord) -> bool {
    let ImportRecord {
        specifier,
        syntax,
        span: _,
        wanted_type,
        other_attributes,
        may_fail,
        file_name,
        asked,
        is_required,
    } = before;
    *specifier == after.specifier
        && *syntax == after.syntax
        && *wanted_type == after.wanted_type
        && *other_attributes == after.other_attributes
        && *may_fail == after.may_fail
        && *file_name == after.file_name
        && *asked == after.asked
        && *is_required == after.is_required
}

fn same_symbol(before: &TopLevelSymbol, after: &TopLevelSymbol) -> bool {
    let TopLevelSymbol {
        name,
        id: _,
        is_lexical,
        is_quiet,
        is_quiet_class,
        gives_objects,
        quiet_fills,
        holds_if,
        is_primitive,
        is_number,
        is_symbol,
        is_no_class,
        path_length,
        shape,
        is_fixed,
        function_name,
        value,
        until_set,
        members_until_set,
        parameters,
        declared_by,
        filled_by,
        reference_count: _,
    } = before;
    *name == after.name
        && *is_lexical == after.is_lexical
        && *is_quiet == after.is_quiet
        && *is_quiet_class == after.is_quiet_class
        && *gives_objects == after.gives_objects
        && *quiet_fills == after.quiet_fills
        && *holds_if == after.holds_if
        && *is_primitive == after.is_primitive
        && *is_number == after.is_number
        && *is_symbol == after.is_symbol
        && *is_no_class == after.is_no_class
        && *path_length == after.path_length
        && *shape == after.shape
        && *is_fixed == after.is_fixed
        && *function_name == after.function_name
        && *value == after.value
        && *until_set == after.until_set
        && *members_until_set == after.members_until_set
        && alike(parameters, &after.parameters, same_parameter)
        && *declared_by == after.declared_by
        && *filled_by == after.filled_by
}

fn same_parameter(before: &Parameter, after: &Parameter) -> bool {
    before.index == after.index
        && before.id.0 == after.id.0
        && before.default == after.default
        && before.is_assigned == after.is_assigned
}

fn same_export(before: &ExportBinding, after: &ExportBinding) -> bool {
    let is_same_target = match (&before.target, &after.target) {
        (ExportTarget::Local(before), ExportTarget::Local(after)) => before == after,
        (ExportTarget::Reexport(record, name), ExportTarget::Reexport(other, after)) => {
            record == other && name == after
        }
        _ => false,
    };
    before.name == after.name && is_same_target
}

fn same_form(before: &StatementForm, after: &StatementForm) -> bool {
    let StatementForm {
        kind,
        only_defines,
        only_holds_functions,
        length: _,
        renames,
        read_at_once,
    } = before;
    *kind == after.kind
        && *only_defines == after.only_defines
        && *only_holds_functions == after.only_holds_functions
        && *renames == after.renames
        && *read_at_once == after.read_at_once
}

/// How often a constant is mentioned decides whether it is written in the place of its name.
fn has_same_mentions(
    bound: &BoundGraph,
    module: ModuleId,
    before: &ModuleSyntax,
    after: &ModuleSyntax,
) -> bool {
    before.symbols.iter_enumerated().all(|(local, symbol)| {
        symbol.reference_count == after.symbols[local].reference_count
            || !bound.imports[module]
                .get(&local)
                .is_some_and(|binding| may_be_constant(bound, binding))
    })
}

fn may_be_constant(bound: &BoundGraph, binding: &Binding) -> bool {
    match binding {
        Binding::Constant(_) => true,
        Binding::Symbol(symbol) => match bound.symbols.owner(*symbol) {
            SymbolOwner::Local(owner, local) => {
                value_of(bound, *owner, *local).is_some_and(KnownValue::is_written_out)
            }
            SymbolOwner::Namespace(_) => true,
            _ => false,
        },
        Binding::Member(..) | Binding::Undefined => false,
    }
}

fn value_of(bound: &BoundGraph, module: ModuleId, local: LocalId) -> Option<&KnownValue> {
    bound.graph.modules[module].syntax.symbols[local].value.as_ref()
}

/// Whether the inside may have branches that constants rule out.
fn may_be_decided(bound: &BoundGraph, module: ModuleId, after: &ModuleSyntax) -> bool {
    let has_value = |symbol: &TopLevelSymbol| {
        symbol.value.is_some() || symbol.until_set.is_some() || symbol.members_until_set.is_some()
    };
    after.deciding.iter().any(|local| {
        let has_own_value = has_value(&after.symbols[*local]);
        let is_constant = match bound.imports[module].get(local) {
            Some(Binding::Symbol(symbol))
                if let SymbolOwner::Local(owner, local) = *bound.symbols.owner(*symbol) =>
            {
                has_value(&bound.graph.modules[owner].syntax.symbols[local])
            }
            Some(binding) => may_be_constant(bound, binding),
            // An import that binding found nothing for.
            None => after.imports.contains_key(local),
        };
        has_own_value || is_constant
    })
}
