//! Variables, functions and classes inside of functions that nothing reads:
//!
//! ```js
//! import { format } from './format'
//! export function size(text) {
//!     const describe = () => format(text)     // so nobody needs `format`
//!     return text.length
//! }
//! ```
//!
//! They go, with what only they mention, unless making them can be observed. What reads them is gathered first, by name;
//! only where something is left that nothing reads, it is asked what making that does.

mod gather;
mod observed;
mod removal;

use std::hash::{Hash as _, Hasher as _};

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{Id, Ident, Stmt};
use swc_core::ecma::visit::{VisitMutWith as _, VisitWith as _};

use self::gather::Gather;
use self::observed::Observed;
use self::removal::Removal;
use super::side_effects::Purity;
use crate::graph::{LocalId, NamedImport, TopLevelSymbol};

/// A name of the module by its hash. Two names that are taken for one keep each other.
type Name = u64;

/// What stands at the top of the statement.
const STATEMENT: Name = 0;

fn name_of(name: &Ident) -> Name {
    let mut hasher = FxHasher::default();
    name.sym.hash(&mut hasher);
    name.ctxt.hash(&mut hasher);
    hasher.finish() | 1
}

/// Takes them out of a statement of a module, which stays itself; whether there were any.
pub fn remove(
    statement: &mut Stmt,
    top_level: SyntaxContext,
    purity: &Purity<'_>,
    may_be_unset: &dyn Fn(&Id) -> bool,
) -> bool {
    let mut gather = Gather::new(top_level, purity.unresolved());
    statement.visit_children_with(&mut gather);
    let Gather {
        declared,
        written,
        mut reads,
        evaluates,
        ..
    } = gather;
    if evaluates || declared.is_empty() {
        return false;
    }
    // What is declared elsewhere may be read there.
    reads.extend(
        written
            .into_iter()
            .filter(|write| !declared.contains(&write.name)),
    );
    let without_readers = unread(&declared, &reads);
    if without_readers.is_empty() {
        return false;
    }
    let mut observed = Observed::new(&without_readers, purity, top_level, may_be_unset);
    statement.visit_children_with(&mut observed);
    reads.append(&mut observed.reads);
    let unread = unread(&declared, &reads);
    if unread.is_empty() {
        return false;
    }
    statement.visit_mut_children_with(&mut Removal { unread: &unread });
    true
}

/// The names of a module whose reading may fail.
pub fn may_be_unset<'m>(
    symbols: &'m IndexVec<LocalId, TopLevelSymbol>,
    symbol_of: &'m FxHashMap<Id, LocalId>,
    imports: &'m FxHashMap<LocalId, NamedImport>,
) -> impl Fn(&Id) -> bool + 'm {
    |id| {
        let local = symbol_of.get(id);
        local.is_some_and(|local| symbols[*local].is_lexical || imports.contains_key(local))
    }
}

/// A name that is read, and the name that what reads it belongs to.
struct Read {
    by: Name,
    name: Name,
}

/// The names that nothing reads but what nothing reads.
fn unread(declared: &FxHashSet<Name>, reads: &[Read]) -> FxHashSet<Name> {
    let mut read_by: FxHashMap<Name, Vec<Name>> = FxHashMap::default();
    for read in reads {
        read_by.entry(read.by).or_default().push(read.name);
    }
    let mut unread = declared.clone();
    let mut pending = vec![STATEMENT];
    while let Some(name) = pending.pop() {
        for read in read_by.remove(&name).into_iter().flatten() {
            unread.remove(&read);
            pending.push(read);
        }
    }
    unread
}
