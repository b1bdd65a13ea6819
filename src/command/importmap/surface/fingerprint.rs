//! By what code is known again, wherever somebody has put it.

use std::hash::{Hash as _, Hasher as _};

use indexmap::IndexSet;
use rustc_hash::{FxHashSet, FxHasher};
use swc_core::atoms::Atom;

/// Code is known again by the names of properties and the texts in it: they survive minification, renaming and
/// being put into another file, and their order is that of the code. The set holds every run of [`RUN`] of them.
#[derive(Debug, Default, Clone)]
pub(in crate::command::importmap) struct Fingerprint {
    runs: IndexSet<u64>,
    /// Of one file, in its order; a run begins at each but the last.
    features: Vec<Atom>,
}

/// What a file has of a package beyond words that everybody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::command::importmap) struct Part {
    /// Different runs.
    pub runs: usize,
    /// The most of them one after the other.
    pub stretch: usize,
    /// Whether a text in them names the package.
    pub is_named: bool,
}

/// Long enough that two libraries hardly ever share one by chance.
const RUN: usize = 6;

/// A shorter name is in many a word.
const SHORTEST_NAME: usize = 3;

/// So many words of a run are not in [`COMMON`]; helpers of compilers, which every bundle has, consist of those that are.
const OWN_WORDS: usize = 3;

#[rustfmt::skip]
const COMMON: [&str; 88] = [
    "object", "function", "string", "number", "boolean", "symbol", "undefined", "exports", "default", "__esModule",
    "call", "apply", "bind", "create", "prototype", "constructor", "getPrototypeOf", "setPrototypeOf", "__proto__",
    "getOwnPropertyNames", "getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "getOwnPropertySymbols",
    "defineProperty", "defineProperties", "hasOwnProperty", "propertyIsEnumerable", "enumerable", "configurable",
    "writable", "value", "get", "set", "key", "keys", "values", "entries", "assign", "freeze", "preventExtensions",
    "toStringTag", "Module", "iterator", "asyncIterator", "next", "return", "throw", "done", "then", "resolve", "reject",
    "add", "has", "delete", "sort", "includes", "indexOf", "forEach", "map", "filter", "reduce", "push", "pop", "shift",
    "unshift", "slice", "splice", "concat", "join", "length", "from", "of", "isArray", "name", "message", "toString",
    "valueOf", "for", "some", "every", "find", "split", "replace", "test", "exec", "size", "clear", "toPrimitive",
];

impl Fingerprint {
    pub(super) fn of(features: Vec<Atom>) -> Self {
        Self {
            runs: features.windows(RUN).map(hash_of).collect(),
            features,
        }
    }

    /// Takes in the code of another file.
    pub(in crate::command::importmap) fn add(&mut self, other: &Self) {
        self.runs.extend(&other.runs);
    }

    /// How many runs there are: whether the code is long enough to be known again.
    pub(in crate::command::importmap) fn len(&self) -> usize {
        self.runs.len()
    }

    /// How much of this code stands in the other, from 0 to 100.
    pub(in crate::command::importmap) fn percent_in(&self, other: &Self) -> usize {
        let shared = self.runs.iter().filter(|run| other.runs.contains(*run)).count();
        (shared * 100).checked_div(self.runs.len()).unwrap_or(0)
    }

    /// What this package has left in a file that took a little of it.
    pub(in crate::command::importmap) fn part_in(&self, file: &Self, package: &str) -> Part {
        // The last part of a scoped name is often a word like `core`.
        let word = package.trim_start_matches('@').split('/').next();
        let word = word.unwrap_or_default().to_ascii_lowercase();
        let mut found = FxHashSet::default();
        let mut part = Part {
            runs: 0,
            stretch: 0,
            is_named: false,
        };
        let mut stretch = 0;
        for run in file.features.windows(RUN) {
            let hash = hash_of(run);
            if !self.runs.contains(&hash) {
                stretch = 0;
                continue;
            }
            let own = run.iter().filter(|word| !COMMON.contains(&&***word)).count();
            if own < OWN_WORDS {
                continue;
            }
            found.insert(hash);
            stretch += 1;
            part.stretch = part.stretch.max(stretch);
            part.is_named |= word.len() >= SHORTEST_NAME
                && run
                    .iter()
                    .any(|feature| feature.to_ascii_lowercase().contains(&word));
        }
        part.runs = found.len();
        part
    }
}

fn hash_of(run: &[Atom]) -> u64 {
    let mut hasher = FxHasher::default();
    for feature in run {
        feature.as_bytes().hash(&mut hasher);
    }
    hasher.finish()
}
