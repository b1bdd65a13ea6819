//! How a module uses what it requires.

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use crate::graph::{
    EntryKind, LocalId, Module, ModuleGraph, ModuleId, ModuleSyntax, RecordId, RequestSyntax, Target,
};

/// What a module does with its imports, other than reading a name that it says.
#[derive(Default)]
pub(super) struct Uses<'a> {
    pub(super) whole: FxHashSet<LocalId>,
    pub(super) names: FxHashMap<LocalId, FxHashSet<&'a Atom>>,
}

pub(super) fn is_require(syntax: RequestSyntax) -> bool {
    matches!(syntax, RequestSyntax::Require | RequestSyntax::RequireInTry)
}

/// An entry shows its exports as an object: only one that has none can be hoisted.
pub(super) fn may_be_entry(graph: &ModuleGraph, id: ModuleId, form: &ModuleSyntax) -> bool {
    let has_exports = form.hoisted.as_ref().is_some_and(|hoisted| hoisted.has_exports);
    graph
        .entries
        .iter()
        .filter(|entry| entry.module == id)
        .all(|entry| !has_exports && entry.kind == EntryKind::Plain && entry.interface.is_none())
}

/// Where the requests of the other form lead: each is a request of the module itself.
pub(super) fn targets_of(module: &Module, form: &ModuleSyntax) -> Option<IndexVec<RecordId, Target>> {
    form.records
        .iter()
        .map(|request| {
            let records = module.syntax.records.iter_enumerated();
            let mut same = records.filter(|(_, known)| {
                let is_alike = if request.is_required || is_require(request.syntax) {
                    is_require(known.syntax)
                } else {
                    known.syntax == request.syntax
                };
                is_alike && known.specifier == request.specifier
            });
            same.next().map(|(record, _)| module.targets[record])
        })
        .collect()
}

impl<'a> Uses<'a> {
    pub(super) fn of(syntax: &'a ModuleSyntax) -> Self {
        let mut found = Self::default();
        for facts in &syntax.statements {
            found.whole.extend(&facts.uses);
            found
                .whole
                .extend(facts.key_tests.iter().map(|(local, _)| *local));
            for (local, path) in &facts.member_uses {
                found.names.entry(*local).or_default().extend(path.first());
            }
        }
        found
    }
}
