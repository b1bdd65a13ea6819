//! Whether imports keep what statements take for granted of them:
//!
//! ```js
//! // parser.js                       // era.js                                      // parsers.js
//! export class Parser {}             export class EraParser extends Parser {}       const era = new EraParser()
//! ```
//!
//! `era` can go where nobody uses it: `EraParser` is made without side effects if `Parser` is. What a function needs of its
//! own imports is asked where somebody needs the function. All of it must hold, so that functions which call each other in a
//! circle keep their promises if nothing in the circle breaks one.
//!
//! ```js
//! // number.js                        // int.js                                 // types.js
//! export const number = { min: 0 }    const int = { ...number, step: 1 }        export const types = [number]
//! ```
//!
//! `int` can go as long as nobody uses `number`: only code of the bundle which names it, or what holds it, could have given it
//! a getter, and code that is not part of the bundle does nothing to others.

use rustc_hash::FxHashSet;

use super::first_effect::runs_in_order;
use super::{Includer, Task};
use crate::bind::paths::follow;
use crate::bind::ranks::Ranks;
use crate::bind::symbols::{Binding, SymbolId, SymbolOwner};
use crate::graph::{
    Constant, ImportNeeds, ImportPath, LocalId, MemberPath, ModuleId, Promise, Shape, StatementId,
    TopLevelSymbol,
};

/// A promise of a binding of a module.
pub(super) type Asked = (ModuleId, LocalId, Promise);

/// Promises that are not kept, whoever asks.
pub(super) type Broken = FxHashSet<Asked>;

/// What hangs on more promises than so many is taken for observed.
const MOST_PROMISES: usize = 1024;

/// What must hold besides promises for a statement to do nothing that can be observed.
#[derive(Default)]
pub(super) struct Terms {
    /// When the last of the modules is evaluated that must be before.
    latest: Option<usize>,
    /// The circles of those among them that may be entered in several ways.
    circles: FxHashSet<ModuleId>,
    /// Bindings that functions give something.
    filled: Vec<(ModuleId, LocalId)>,
    /// Objects that nobody may have done anything to.
    untouched: Vec<SymbolId>,
    /// The same, of which more is asked than what they are themselves.
    asked: Vec<SymbolId>,
}

impl Terms {
    /// A module must have run before.
    fn note_before(&mut self, ranks: &Ranks, module: ModuleId) {
        self.latest = self.latest.max(Some(ranks[module]));
        self.circles.extend(ranks.circle(module));
    }
}

/// Objects that statements which are left out rely on. What one gives, another may ask: then both count.
#[derive(Default)]
pub(super) struct LeftOut {
    given: FxHashSet<SymbolId>,
    asked: FxHashSet<SymbolId>,
}

/// Promises that are to be looked at, each with the one that needs it.
#[derive(Default)]
pub(super) struct Pending {
    asked: Vec<(Asked, Option<usize>)>,
    known: FxHashSet<Asked>,
}

impl Pending {
    pub(super) fn add(&mut self, asked: Asked, by: Option<usize>) {
        if self.known.insert(asked) {
            self.asked.push((asked, by));
        }
    }
}

/// An import, and no path from there.
fn whole(local: LocalId) -> ImportPath {
    (local, MemberPath::new())
}

impl Includer<'_, '_> {
    /// Whether the imports of a statement are what it needs to do nothing that can be observed.
    pub(super) fn needs_only_what_imports_are(&mut self, id: ModuleId, statement: StatementId) -> bool {
        let graph = self.graph;
        let Some(needs) = &graph.modules[id].syntax.statements[statement].silent_if else {
            return false;
        };
        let mut terms = Terms::default();
        // What it reads has values by then.
        self.keeps(id, needs, &mut terms)
            && terms.latest.is_none_or(|latest| latest < self.ranks[id])
            && self
                .ranks
                .circle(id)
                .is_none_or(|circle| !terms.circles.contains(&circle))
            && self.is_left_alone(id, statement, &terms)
    }

    /// Whether what `needs` says of imports of a module holds.
    fn keeps(&mut self, id: ModuleId, needs: &ImportNeeds, terms: &mut Terms) -> bool {
        let graph = self.graph;
        let mut pending = Pending::default();
        if !self.keeps_by_itself(id, needs, None, &mut pending, terms) {
            return false;
        }
        let mut next = 0;
        while let Some(&(asked, _)) = pending.asked.get(next) {
            let is_kept = next < MOST_PROMISES
                && !self.broken.contains(&asked)
                && self.is_kept(asked, next, &mut pending, terms);
            if !is_kept {
                // Neither do those keep theirs which need it.
                let mut broken = Some(next).filter(|next| *next < MOST_PROMISES);
                while let Some(index) = broken {
                    let (asked, by) = pending.asked[index];
                    self.broken.insert(asked);
                    broken = by;
                }
                return false;
            }
            let (module, local, _) = asked;
            let fills = &graph.modules[module].syntax.symbols[local].quiet_fills;
            terms.filled.extend(fills.iter().map(|filled| (module, *filled)));
            next += 1;
        }
        true
    }

    fn is_kept(
        &mut self,
        (module, local, promise): Asked,
        index: usize,
        pending: &mut Pending,
        terms: &mut Terms,
    ) -> bool {
        let graph = self.graph;
        let symbol = &graph.modules[module].syntax.symbols[local];
        let is_certain = match promise {
            Promise::Quiet => symbol.is_quiet,
            Promise::QuietClass => symbol.is_quiet_class,
            Promise::QuietWith | Promise::QuietClassWith | Promise::Parent | Promise::Statics => false,
        };
        let mut conditions = symbol.holds_if.iter();
        is_certain
            || conditions
                .find(|condition| condition.promise == promise)
                .is_some_and(|condition| {
                    let mut needs = condition.needs.iter();
                    needs.all(|needs| self.keeps_by_itself(module, needs, Some(index), pending, terms))
                })
    }

    /// The same without what promises of others are needed, which are added to those that are to be looked at.
    pub(super) fn keeps_by_itself(
        &mut self,
        id: ModuleId,
        needs: &ImportNeeds,
        by: Option<usize>,
        pending: &mut Pending,
        terms: &mut Terms,
    ) -> bool {
        let ImportNeeds {
            quiet,
            quiet_classes,
            calls,
            parents,
            static_parents,
            given,
            givers,
            primitive,
            numbers,
            keys,
            paths,
            copied,
            lists,
            patterns,
            untouched,
            reads,
            browser,
        } = needs;
        if *browser && !self.graph.is_for_browsers {
            return false;
        }
        for (paths, promise) in [(quiet, Promise::Quiet), (quiet_classes, Promise::QuietClass)] {
            for path in paths {
                let Some((module, local)) = self.declared(id, path, terms) else {
                    return false;
                };
                pending.add((module, local, promise), by);
            }
        }
        if !calls.iter().all(|call| self.is_met(id, call, by, pending, terms)) {
            return false;
        }
        for (locals, promise) in [(parents, Promise::Parent), (static_parents, Promise::Statics)] {
            for local in locals {
                let Some((module, local)) = self.declared(id, &whole(*local), terms) else {
                    return false;
                };
                terms
                    .untouched
                    .push(self.resolver.known.symbols.local(module, local));
                pending.add((module, local, promise), by);
            }
        }
        for path in givers {
            let declared = self.declared(id, path, terms);
            if !declared.is_some_and(|declared| self.symbol_at(declared).gives_objects) {
                return false;
            }
        }
        let are_kept = primitive
            .iter()
            .all(|path| self.is_value(id, path, terms, |symbol| symbol.is_primitive))
            && numbers
                .iter()
                .all(|path| self.is_value(id, path, terms, |symbol| symbol.is_number))
            && keys
                .iter()
                .all(|path| self.is_value(id, path, terms, |symbol| symbol.is_primitive || symbol.is_symbol))
            && paths.iter().all(|path| self.is_plain_path(id, path, terms))
            && copied
                .iter()
                .all(|path| self.has_shape(id, path, terms, Shape::is_copied))
            && lists
                .iter()
                .all(|path| self.has_shape(id, path, terms, Shape::is_list))
            && patterns
                .iter()
                .all(|path| self.has_shape(id, path, terms, |shape| shape == Shape::Pattern))
            && given.iter().all(|local| self.is_given(id, *local, terms));
        if are_kept {
            let symbols = &self.resolver.known.symbols;
            let untouched = untouched.iter().map(|local| symbols.local(id, *local));
            terms.asked.extend(untouched);
            for local in reads {
                self.note_read(id, *local, terms);
            }
        }
        are_kept
    }

    pub(super) fn symbol_at(&self, (module, local): (ModuleId, LocalId)) -> &TopLevelSymbol {
        &self.graph.modules[module].syntax.symbols[local]
    }

    /// What a path from an import leads to through namespaces, and how many names that takes.
    fn followed(&mut self, id: ModuleId, (local, path): &ImportPath) -> Option<(Binding, usize)> {
        let binding = self.imports[id].get(local)?;
        Some(follow(self.resolver, binding, path))
    }

    /// What an import is, if a module declares it, which must be evaluated by then.
    pub(super) fn declared(
        &mut self,
        id: ModuleId,
        path: &ImportPath,
        terms: &mut Terms,
    ) -> Option<(ModuleId, LocalId)> {
        let (binding, passed) = self.followed(id, path)?;
        let symbol = binding.symbol().filter(|_| passed == path.1.len())?;
        self.owner(symbol, terms)
    }

    fn owner(&self, symbol: SymbolId, terms: &mut Terms) -> Option<(ModuleId, LocalId)> {
        match *self.resolver.known.symbols.owner(symbol) {
            SymbolOwner::Local(other, local) => {
                terms.note_before(self.ranks, other);
                Some((other, local))
            }
            _ => None,
        }
    }

    /// Whether an import is a value of some kind.
    pub(super) fn is_value(
        &mut self,
        id: ModuleId,
        path: &ImportPath,
        terms: &mut Terms,
        passes: impl Fn(&TopLevelSymbol) -> bool,
    ) -> bool {
        let written_out = match self.imports[id].get(&path.0) {
            Some(Binding::Constant(value)) if path.1.is_empty() => Some(TopLevelSymbol {
                is_primitive: true,
                is_number: matches!(value, Constant::Number(_) | Constant::Undefined),
                ..TopLevelSymbol::default()
            }),
            Some(Binding::Undefined) if path.1.is_empty() => Some(TopLevelSymbol {
                is_primitive: true,
                is_number: true,
                ..TopLevelSymbol::default()
            }),
            _ => None,
        };
        written_out.is_some_and(|value| passes(&value))
            || self
                .declared(id, path, terms)
                .is_some_and(|declared| passes(self.symbol_at(declared)))
    }

    /// Whether an import has a shape, as long as nobody does anything to it.
    pub(super) fn has_shape(
        &mut self,
        id: ModuleId,
        path: &ImportPath,
        terms: &mut Terms,
        passes: impl Fn(Shape) -> bool,
    ) -> bool {
        let Some((module, local)) = self.declared(id, path, terms) else {
            return false;
        };
        terms
            .untouched
            .push(self.resolver.known.symbols.local(module, local));
        passes(self.symbol_at((module, local)).shape)
    }

    /// Whether an import takes properties, which count where somebody uses it.
    fn is_given(&mut self, id: ModuleId, local: LocalId, terms: &mut Terms) -> bool {
        let path = whole(local);
        let Some(declared) = self.declared(id, &path, terms) else {
            return false;
        };
        terms.filled.push(declared);
        self.has_shape(id, &path, terms, Shape::takes)
    }

    /// Whether asking an import for a path runs no code.
    fn is_plain_path(&mut self, id: ModuleId, asked: &ImportPath, terms: &mut Terms) -> bool {
        let (local, path) = asked;
        let Some(binding) = self.imports[id].get(local) else {
            return false;
        };
        let owner = self
            .asked_paths
            .is_plain(self.graph, self.resolver, binding, path);
        if let Some(owner) = owner {
            terms.note_before(self.ranks, owner);
            return true;
        }
        let (binding, passed) = follow(self.resolver, binding, path);
        let Some(symbol) = binding.symbol() else {
            return false;
        };
        let Some(declared) = self.owner(symbol, terms) else {
            return false;
        };
        terms.asked.push(symbol);
        match &path[passed..] {
            [] => true,
            [name] => self.symbol_at(declared).shape.gives(name),
            _ => false,
        }
    }

    fn note_read(&self, id: ModuleId, local: LocalId, terms: &mut Terms) {
        let Some(symbol) = self.imports[id].get(&local).and_then(Binding::symbol) else {
            return;
        };
        match *self.resolver.known.symbols.owner(symbol) {
            SymbolOwner::Local(other, local)
                if self.graph.modules[other].syntax.symbols[local].is_lexical =>
            {
                terms.note_before(self.ranks, other);
            }
            SymbolOwner::Namespace(other) => terms.note_before(self.ranks, other),
            _ => {}
        }
    }

    /// Whether nobody uses what functions that a statement calls fill, nor has done anything to some objects. It counts as soon
    /// as someone does.
    fn is_left_alone(&mut self, id: ModuleId, statement: StatementId, terms: &Terms) -> bool {
        let graph = self.graph;
        // Of these it may be assumed that nothing sets them, so that nobody seems to use them.
        let may_seem_unused = terms.filled.iter().any(|(module, local)| {
            let symbol = &graph.modules[*module].syntax.symbols[*local];
            symbol.until_set.is_some() || symbol.members_until_set.is_some()
        });
        let symbols = &self.resolver.known.symbols;
        let filled = terms.filled.iter();
        let filled = filled.map(|(module, local)| symbols.local(*module, *local));
        let filled: Vec<SymbolId> = filled.collect();
        let untouched = [terms.untouched.as_slice(), &terms.asked].concat();
        let place = (id, statement);
        let LeftOut { given, asked } = &self.left_out;
        let is_alone = !may_seem_unused
            && !filled.iter().any(|symbol| asked.contains(symbol))
            && !terms.asked.iter().any(|symbol| given.contains(symbol))
            && self.waits_for(place, &filled)
            && (untouched.is_empty()
                || runs_in_order(graph, self.wrapping, id)
                    && self.first_effect.is_after(self.ranks[id], place, &untouched)
                || self.waits_for(place, &untouched));
        if is_alone {
            self.left_out.given.extend(filled);
            self.left_out.asked.extend(&terms.asked);
        }
        is_alone
    }

    /// Whether nobody uses any of these; otherwise a statement will count.
    fn waits_for(&mut self, place: (ModuleId, StatementId), symbols: &[SymbolId]) -> bool {
        let mut used = symbols.iter();
        if used.any(|symbol| self.output.symbols.contains(symbol.index())) {
            return false;
        }
        for symbol in symbols {
            self.waiting.entry(*symbol).or_default().push(place);
        }
        true
    }

    /// A statement does something that can be observed.
    pub(super) fn note_effect(&mut self, id: ModuleId, statement: StatementId) {
        for relying in self.first_effect.note(self.ranks[id], statement) {
            let (id, statement) = relying.place;
            if !self.waits_for(relying.place, &relying.untouched) {
                self.tasks.push(Task::Statement(id, statement));
            }
        }
    }
}
