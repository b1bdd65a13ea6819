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

use rustc_hash::FxHashSet;

use super::Includer;
use crate::bind::symbols::{Binding, SymbolId, SymbolOwner};
use crate::graph::{ImportNeeds, LocalId, MemberPath, ModuleId, Promise, StatementId};

/// A promise of a binding of a module.
type Asked = (ModuleId, LocalId, Promise);

/// Promises that are not kept, whoever asks.
pub(super) type Broken = FxHashSet<Asked>;

/// What hangs on more promises than so many is taken for observed.
const MOST_PROMISES: usize = 1024;

/// What must hold besides promises for a statement to do nothing that can be observed.
#[derive(Default)]
struct Terms {
    /// When the last of the modules is evaluated that must be before.
    latest: Option<usize>,
    /// Bindings that functions give something.
    filled: Vec<(ModuleId, LocalId)>,
}

/// Promises that are to be looked at, each with the one that needs it.
#[derive(Default)]
struct Pending {
    asked: Vec<(Asked, Option<usize>)>,
    known: FxHashSet<Asked>,
}

impl Pending {
    fn add(&mut self, asked: Asked, by: Option<usize>) {
        if self.known.insert(asked) {
            self.asked.push((asked, by));
        }
    }
}

impl Includer<'_, '_> {
    /// Whether the imports of a statement are what it needs to do nothing that can be observed.
    pub(super) fn needs_only_what_imports_are(&mut self, id: ModuleId, statement: StatementId) -> bool {
        let graph = self.graph;
        let needs = &graph.modules[id].syntax.statements[statement].silent_if;
        if needs.is_empty() {
            return false;
        }
        let mut terms = Terms::default();
        // What it reads has values by then.
        self.keeps(id, needs, &mut terms)
            && terms.latest.is_none_or(|latest| latest < self.ranks[id])
            && self.fills_nothing_used(id, statement, &terms.filled)
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
            Promise::Parent => false,
        };
        let mut conditions = symbol.holds_if.iter();
        is_certain
            || conditions
                .find(|condition| condition.promise == promise)
                .is_some_and(|condition| {
                    self.keeps_by_itself(module, &condition.needs, Some(index), pending, terms)
                })
    }

    /// The same without what promises of others are needed, which are added to those that are to be looked at.
    fn keeps_by_itself(
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
            givers,
            primitive,
            keys,
            paths,
            parents,
            reads,
            browser,
        } = needs;
        if *browser && !self.graph.is_for_browsers {
            return false;
        }
        let promises = [
            (quiet, Promise::Quiet),
            (quiet_classes, Promise::QuietClass),
            (parents, Promise::Parent),
        ];
        for (locals, promise) in promises {
            for local in locals {
                let Some((module, local)) = self.declared(id, *local, terms) else {
                    return false;
                };
                pending.add((module, local, promise), by);
            }
        }
        let graph = self.graph;
        let symbol = |(module, local): (ModuleId, LocalId)| &graph.modules[module].syntax.symbols[local];
        let is_written_out = |local: LocalId| {
            matches!(
                self.imports[id].get(&local),
                Some(Binding::Constant(_) | Binding::Undefined)
            )
        };
        let mut declared = |local: LocalId| self.declared(id, local, terms).map(symbol);
        let are_kept = givers
            .iter()
            .all(|local| declared(*local).is_some_and(|symbol| symbol.gives_objects))
            && primitive.iter().all(|local| {
                is_written_out(*local) || declared(*local).is_some_and(|symbol| symbol.is_primitive)
            })
            && keys.iter().all(|local| {
                is_written_out(*local)
                    || declared(*local).is_some_and(|symbol| symbol.is_primitive || symbol.is_symbol)
            });
        are_kept
            && paths
                .iter()
                .all(|(local, path)| self.is_plain_path(id, *local, path, terms))
            && {
                for local in reads {
                    self.note_read(id, *local, terms);
                }
                true
            }
    }

    /// What an import is, if a module declares it, which must be evaluated by then.
    fn declared(&self, id: ModuleId, local: LocalId, terms: &mut Terms) -> Option<(ModuleId, LocalId)> {
        let symbol = self.imports[id].get(&local)?.symbol()?;
        match *self.resolver.known.symbols.owner(symbol) {
            SymbolOwner::Local(other, local) => {
                terms.latest = terms.latest.max(Some(self.ranks[other]));
                Some((other, local))
            }
            _ => None,
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
                terms.latest = terms.latest.max(Some(self.ranks[other]));
            }
            SymbolOwner::Namespace(other) => terms.latest = terms.latest.max(Some(self.ranks[other])),
            _ => {}
        }
    }

    /// Whether asking an import for a path runs no code.
    fn is_plain_path(&mut self, id: ModuleId, local: LocalId, path: &MemberPath, terms: &mut Terms) -> bool {
        let Self {
            graph,
            resolver,
            imports,
            ranks,
            asked_paths,
            ..
        } = self;
        imports[id].get(&local).is_some_and(|binding| {
            let found = asked_paths.is_plain(graph, resolver, binding, path);
            terms.latest = terms.latest.max(found.map(|owner| ranks[owner]));
            found.is_some()
        })
    }

    /// Whether nobody uses what functions that a statement calls fill. It counts as soon as someone does.
    fn fills_nothing_used(
        &mut self,
        id: ModuleId,
        statement: StatementId,
        filled: &[(ModuleId, LocalId)],
    ) -> bool {
        let graph = self.graph;
        // Of these it may be assumed that nothing sets them, so that nobody seems to use them.
        let may_seem_unused = filled.iter().any(|(module, local)| {
            let symbol = &graph.modules[*module].syntax.symbols[*local];
            symbol.until_set.is_some() || symbol.members_until_set.is_some()
        });
        let symbols = &self.resolver.known.symbols;
        let filled = filled
            .iter()
            .map(|(module, local)| symbols.local(*module, *local));
        let filled: Vec<SymbolId> = filled.collect();
        let mut used = filled
            .iter()
            .map(|symbol| self.output.symbols.contains(symbol.index()));
        if may_seem_unused || used.any(|is_used| is_used) {
            return false;
        }
        for symbol in filled {
            self.waiting.entry(symbol).or_default().push((id, statement));
        }
        true
    }
}
