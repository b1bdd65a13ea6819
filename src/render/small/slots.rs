//! Which names of a unit may be spelled alike.
//!
//! Names that are never visible together share a *slot*; how a slot is spelled is decided for the whole chunk later, the
//! most used slot first.
//!
//! ```js
//! let a = 1;                          // a: slot 2, below
//! function f(b, c) { return a + b }   // b: slot 0, c: slot 1
//! function g(d) {                     // d: slot 0
//!     return (e) => d + e;            // e: slot 1, since d is mentioned here
//! }
//! ```
//!
//! Scopes are coloured from the outside to the inside. A name takes the first slot that nothing has which is declared
//! beside it, or outside and mentioned inside its scope. Scopes of very many names (a whole library in one function)
//! come after those inside them, the most used name first: so the short names are left to the many small functions, and
//! `(e, t, n)` are the parameters of almost all of them, which compresses well. The names of the chunk itself come last
//! of all, for the same reason; [`RootName`] says what they must avoid.

use super::scopes::{BindingKind, ROOT, Scopes};

/// A scope with this many names comes after those inside it.
const MANY_NAMES: usize = 32;

/// No slot yet.
pub const NONE: u32 = u32::MAX;

/// The slots of a unit.
pub struct Slots {
    /// The slot of each binding; [`NONE`] for names of the chunk and globals.
    pub of_binding: Vec<u32>,
    /// How often the names of each slot are there.
    pub counts: Vec<u32>,
    /// Names at the top of the unit.
    pub roots: Vec<RootName>,
}

/// A name at the top of a unit.
pub struct RootName {
    /// The binding.
    pub binding: u32,
    /// The slots that are taken where it is mentioned, ascending.
    pub taken: Vec<u32>,
}

/// Lists of numbers, one after the other.
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// `pairs` are list and item; lists keep the order of the pairs.
    fn collect(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (list, _) in pairs.clone() {
            starts[list as usize + 1] += 1;
        }
        for index in 0..count {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[count] as usize];
        for (list, item) in pairs {
            items[next[list as usize] as usize] = item;
            next[list as usize] += 1;
        }
        Self { starts, items }
    }

    fn of(&self, list: u32) -> &[u32] {
        let list = list as usize;
        &self.items[self.starts[list] as usize..self.starts[list + 1] as usize]
    }
}

/// Colours a unit.
#[tracing::instrument(skip_all)]
pub fn allocate(scopes: &Scopes) -> Slots {
    let scope_count = scopes.parents.len();
    let binding_count = scopes.bindings.len();
    let is_named = |binding: u32| scopes.bindings[binding as usize].kind != BindingKind::Free;
    let mentioned_in = Lists::collect(binding_count, scopes.mentions.iter().copied());
    let reached = reached_scopes(scopes, &mentioned_in, &is_named);
    let mentioned_inside = Lists::collect(
        scope_count,
        reached.iter().map(|(binding, scope)| (*scope, *binding)),
    );
    let reached = Lists::collect(binding_count, reached.iter().copied());
    let homes = (0..)
        .zip(&scopes.bindings)
        .filter(|(_, binding)| binding.kind == BindingKind::Local)
        .map(|(number, binding)| (binding.home, number));
    let declared_in = Lists::collect(scope_count, homes);
    let mut colouring = Colouring {
        scopes,
        declared_in: &declared_in,
        reached: &reached,
        mentioned_inside: &mentioned_inside,
        of_binding: vec![NONE; binding_count],
        counts: Vec::new(),
        taken: Vec::new(),
        stamp: 0,
    };
    let inner = 1..u32::try_from(scope_count).unwrap_or(u32::MAX);
    let has_many = |scope: u32| declared_in.of(scope).len() >= MANY_NAMES;
    for scope in inner.clone().filter(|scope| !has_many(*scope)) {
        colouring.colour_few(scope);
    }
    for scope in inner.rev().filter(|scope| has_many(*scope)) {
        colouring.colour_many(scope);
    }
    let mut roots = Vec::new();
    for (number, binding) in (0..).zip(&scopes.bindings) {
        if binding.home == ROOT && binding.kind != BindingKind::Free {
            roots.push(RootName {
                binding: number,
                taken: colouring.taken_around(number),
            });
        }
    }
    Slots {
        of_binding: colouring.of_binding,
        counts: colouring.counts,
        roots,
    }
}

/// For every name, the scopes between its home and where it is mentioned: there it must not be hidden.
fn reached_scopes(scopes: &Scopes, mentioned_in: &Lists, is_named: &impl Fn(u32) -> bool) -> Vec<(u32, u32)> {
    let mut seen = vec![NONE; scopes.parents.len()];
    let mut reached = Vec::with_capacity(scopes.mentions.len());
    for (number, binding) in (0..).zip(&scopes.bindings) {
        if !is_named(number) {
            continue;
        }
        for mention in mentioned_in.of(number) {
            let mut scope = *mention;
            while scope != binding.home && seen[scope as usize] != number {
                seen[scope as usize] = number;
                reached.push((number, scope));
                scope = scopes.parents[scope as usize];
            }
        }
    }
    reached
}

struct Colouring<'a> {
    scopes: &'a Scopes,
    /// Local names of each scope.
    declared_in: &'a Lists,
    reached: &'a Lists,
    mentioned_inside: &'a Lists,
    of_binding: Vec<u32>,
    counts: Vec<u32>,
    /// Stamps: a slot is taken when it has the stamp of the question.
    taken: Vec<(u32, u32)>,
    stamp: u32,
}

impl Colouring<'_> {
    /// Marks what every name of a scope must avoid.
    fn enter(&mut self, scope: u32) -> u32 {
        self.stamp += 1;
        let stamp = self.stamp;
        for binding in self.mentioned_inside.of(scope) {
            let slot = self.of_binding[*binding as usize];
            if slot != NONE {
                self.taken[slot as usize].0 = stamp;
            }
        }
        stamp
    }

    /// The first slot from `from` on that is free.
    fn free_slot(&self, from: u32, is_taken: impl Fn((u32, u32)) -> bool) -> u32 {
        let mut slot = from;
        while self
            .taken
            .get(slot as usize)
            .is_some_and(|stamps| is_taken(*stamps))
        {
            slot += 1;
        }
        slot
    }

    fn give(&mut self, binding: u32, slot: u32, stamp: u32) {
        if slot as usize == self.counts.len() {
            self.counts.push(0);
            self.taken.push((0, 0));
        }
        self.counts[slot as usize] += self.scopes.bindings[binding as usize].count;
        self.taken[slot as usize].0 = stamp;
        self.of_binding[binding as usize] = slot;
    }

    fn colour_few(&mut self, scope: u32) {
        let stamp = self.enter(scope);
        let mut next = 0;
        for binding in self.declared_in.of(scope) {
            next = self.free_slot(next, |(taken, _)| taken == stamp);
            self.give(*binding, next, stamp);
        }
    }

    fn colour_many(&mut self, scope: u32) {
        let mut bindings = self.declared_in.of(scope).to_vec();
        bindings.sort_by_key(|binding| std::cmp::Reverse(self.scopes.bindings[*binding as usize].count));
        let stamp = self.enter(scope);
        let mut first = 0;
        for binding in bindings {
            self.mark_around(binding);
            let inner = self.stamp;
            first = self.free_slot(first, |(taken, _)| taken == stamp);
            let slot = self.free_slot(first, |(taken, around)| taken == stamp || around == inner);
            self.give(binding, slot, stamp);
        }
    }

    /// Marks the slots of the scopes in which a name is mentioned.
    fn mark_around(&mut self, binding: u32) {
        self.stamp += 1;
        for scope in self.reached.of(binding) {
            for inner in self.declared_in.of(*scope) {
                let slot = self.of_binding[*inner as usize];
                if slot != NONE {
                    self.taken[slot as usize].1 = self.stamp;
                }
            }
        }
    }

    fn taken_around(&mut self, binding: u32) -> Vec<u32> {
        self.mark_around(binding);
        let stamp = self.stamp;
        (0..)
            .zip(&self.taken)
            .filter(|(_, (_, around))| *around == stamp)
            .map(|(slot, _)| slot)
            .collect()
    }
}
