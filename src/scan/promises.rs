//! What bindings of a module promise those who import them: that calling them, making instances of them or extending them does
//! nothing that can be observed, always or if imports of the module promise something.

use oxc_index::IndexVec;
use rustc_hash::FxHashSet;
use swc_core::ecma::ast::Id;

use super::normalize::NormalizedModule;
use super::side_effects::{Given, ImportedCall, NamePath, Purity, Quiet, Relied};
use crate::graph::{
    Argument, CallNeeds, Condition, Construction, ExportTarget, ImportNeeds, ImportPath, LocalId, Promise,
    TopLevelSymbol,
};

/// The promises of a module.
#[derive(Default)]
pub struct Promises {
    functions: Vec<LocalId>,
    classes: Vec<LocalId>,
    conditions: Vec<(LocalId, Condition)>,
    /// What is filled by them.
    fills: Vec<(LocalId, Vec<LocalId>)>,
}

impl Promises {
    fn add(&mut self, local: LocalId, promise: Promise, needs: ImportNeeds) {
        let condition = Condition {
            promise,
            demands: Vec::new(),
            needs: (!needs.is_empty()).then(|| Box::new(needs)),
        };
        self.conditions.push((local, condition));
    }

    /// Notes them with the bindings.
    pub fn note(self, symbols: &mut IndexVec<LocalId, TopLevelSymbol>) {
        for symbol in symbols.iter_mut() {
            symbol.quiet_fills.clear();
            symbol.holds_if.clear();
        }
        for local in self.functions {
            symbols[local].is_quiet = true;
        }
        for local in self.classes {
            symbols[local].is_quiet_class = true;
        }
        for (local, condition) in self.conditions {
            symbols[local].holds_if.push(condition);
        }
        for (local, fills) in self.fills {
            symbols[local].quiet_fills.extend(fills);
        }
        for symbol in symbols {
            symbol.quiet_fills.sort_unstable();
            symbol.quiet_fills.dedup();
            symbol.holds_if.sort_by_key(|condition| condition.promise);
        }
    }
}

/// What bindings promise. `quiet_if` are functions and classes that are quiet if imports keep promises.
pub fn promises_of(
    module: &NormalizedModule,
    promising: &Purity<'_>,
    quiet: &Quiet,
    quiet_if: &Quiet,
    imported: &FxHashSet<Id>,
) -> Promises {
    let mut promises = Promises::default();
    let exported = module.exports.iter().filter_map(|export| match &export.target {
        ExportTarget::Local(local) => Some(*local),
        ExportTarget::Reexport(..) => None,
    });
    let exported: FxHashSet<LocalId> = exported.collect();
    // Who imports an object could have done something to it before he calls what asks it for something.
    let is_shown = |id: &Id| {
        let local = module.symbol_of.get(id);
        promising.is_object(id) && local.is_some_and(|local| exported.contains(local))
    };
    let lists = [
        (&quiet.calls, &quiet_if.calls, Construction::Call),
        (&quiet.constructions, &quiet_if.constructions, Construction::New),
    ];
    let relied_on = |id: &Id, construction: Construction, read: &FxHashSet<Id>| {
        let mut relied = quiet_if.relied_on(id, construction).cloned().unwrap_or_default();
        relied.reads.extend(read.intersection(imported).cloned());
        let itself = Some(id).filter(|_| construction == Construction::New);
        let asked = read.iter().chain(itself);
        relied.untouched.extend(asked.filter(|id| is_shown(id)).cloned());
        relied
    };
    for (certain, all, construction) in lists {
        for (id, read) in all {
            let Some(local) = module.symbol_of.get(id).copied() else {
                continue;
            };
            let relied = relied_on(id, construction, read);
            if construction == Construction::New {
                promising.take_relied();
                if promising.is_plain_parent(id) && quiet_if.is_discreet(id) {
                    let mut relied = relied.clone();
                    relied.extend(&promising.take_relied());
                    promises.add(local, Promise::Parent, needs_of(module, relied));
                }
            }
            let is_certain =
                certain.get(id).is_some_and(|read| read.is_disjoint(imported)) && relied.untouched.is_empty();
            match construction {
                Construction::Call if is_certain => promises.functions.push(local),
                Construction::New if is_certain => promises.classes.push(local),
                Construction::Call => promises.add(local, Promise::Quiet, needs_of(module, relied)),
                Construction::New => promises.add(local, Promise::QuietClass, needs_of(module, relied)),
            }
            if let Some(fills) = quiet_if.fills_of(id, construction).cloned() {
                promises.fills.push((local, locals_of(module, fills)));
            }
        }
        for (id, demanding) in quiet_if.demanding(construction) {
            let local = module.symbol_of.get(id).filter(|local| exported.contains(local));
            let Some(local) = local.copied() else { continue };
            let promise = match construction {
                Construction::Call => Promise::QuietWith,
                Construction::New => Promise::QuietClassWith,
            };
            let needs = needs_of(module, relied_on(id, construction, &demanding.needs));
            promises.add(local, promise, needs);
            let condition = promises.conditions.last_mut();
            if let Some((_, condition)) = condition {
                condition.demands = demanding.demands.all().to_vec();
            }
            if let Some(fills) = quiet_if.fills_of(id, construction).cloned() {
                promises.fills.push((local, locals_of(module, fills)));
            }
        }
    }
    for (id, alias) in promising.aliases() {
        let Some(local) = module.symbol_of.get(id).copied() else {
            continue;
        };
        if alias.is_always_quiet() {
            promises.functions.push(local);
        } else if let Some(demands) = alias.demands().filter(|_| exported.contains(&local)) {
            let condition = Condition {
                promise: Promise::QuietWith,
                demands,
                needs: None,
            };
            promises.conditions.push((local, condition));
        }
    }
    for (id, local) in &module.symbol_of {
        promising.take_relied();
        if promising.has_plain_statics(id) {
            promises.add(
                *local,
                Promise::Statics,
                needs_of(module, promising.take_relied()),
            );
        }
    }
    promises
}

fn calls_of(module: &NormalizedModule, calls: FxHashSet<ImportedCall>) -> Vec<CallNeeds> {
    let path_of = |(id, path): NamePath| Some((*module.symbol_of.get(&id)?, path));
    let argument = |given: Given| Argument {
        is: given.is,
        import: given.import.and_then(path_of),
        is_if: given
            .is_if
            .into_iter()
            .map(|(asked, relied)| (asked, needs_of(module, (*relied).clone())))
            .collect(),
    };
    let mut needs: Vec<CallNeeds> = calls
        .into_iter()
        .filter_map(|call| {
            Some(CallNeeds {
                callee: path_of(call.callee)?,
                construction: call.construction,
                arguments: call.arguments.into_iter().map(argument).collect(),
                has_more: call.has_more,
            })
        })
        .collect();
    needs.sort_unstable();
    needs
}

/// What imports must be, by their numbers.
pub fn needs_of(module: &NormalizedModule, relied: Relied) -> ImportNeeds {
    let paths_of = |names: FxHashSet<NamePath>| {
        let names = names.into_iter();
        let mut paths: Vec<ImportPath> = names
            .filter_map(|(id, path)| Some((*module.symbol_of.get(&id)?, path)))
            .collect();
        paths.sort_unstable();
        paths
    };
    ImportNeeds {
        quiet: paths_of(relied.called),
        quiet_classes: paths_of(relied.constructed),
        calls: calls_of(module, relied.calls),
        parents: locals_of(module, relied.parents),
        static_parents: locals_of(module, relied.static_parents),
        given: locals_of(module, relied.given),
        givers: paths_of(relied.givers),
        primitive: paths_of(relied.converted),
        numbers: paths_of(relied.numbers),
        keys: paths_of(relied.keys),
        paths: paths_of(relied.paths),
        copied: paths_of(relied.copied),
        lists: paths_of(relied.lists),
        patterns: paths_of(relied.patterns),
        untouched: locals_of(module, relied.untouched),
        reads: locals_of(module, relied.reads),
        browser: relied.browser,
    }
}

/// Names of a module, in its order.
pub fn locals_of(module: &NormalizedModule, names: FxHashSet<Id>) -> Vec<LocalId> {
    let names = names.into_iter();
    let mut locals: Vec<LocalId> = names
        .filter_map(|id| module.symbol_of.get(&id).copied())
        .collect();
    locals.sort_unstable();
    locals
}
