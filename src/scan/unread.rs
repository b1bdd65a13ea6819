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
use swc_core::common::{Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{Expr, Id, Ident, Stmt};
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

/// What is asked of the module.
pub struct Unread<'a> {
    /// The context of its own names.
    pub top_level: SyntaxContext,
    /// What is known of its code.
    pub purity: &'a Purity<'a>,
    /// The names whose reading may fail.
    pub may_be_unset: &'a dyn Fn(&Id) -> bool,
    /// Functions that do nothing, whenever they are called.
    pub quiet: &'a FxHashSet<Id>,
}

/// What became of a statement.
pub struct Removed {
    /// Whether something was taken out.
    pub is_changed: bool,
    /// Functions of the module that statements inside call.
    pub called: FxHashSet<Id>,
}

impl Unread<'_> {
    /// Takes them out of a statement of a module, which stays itself.
    pub fn remove(&self, statement: &mut Stmt) -> Removed {
        let mut gather = Gather::new(self);
        statement.visit_children_with(&mut gather);
        let called = std::mem::take(&mut gather.called);
        let unread = self.find(statement, gather);
        if let Some(unread) = &unread {
            let quiet = self.quiet;
            statement.visit_mut_children_with(&mut Removal { unread, quiet });
        }
        Removed {
            is_changed: unread.is_some(),
            called,
        }
    }

    fn find(&self, statement: &Stmt, gather: Gather<'_>) -> Option<FxHashSet<Name>> {
        let Gather {
            declared,
            written,
            mut reads,
            evaluates,
            ..
        } = gather;
        if evaluates || declared.is_empty() {
            return None;
        }
        // What is declared elsewhere may be read there.
        reads.extend(
            written
                .into_iter()
                .filter(|write| !declared.contains(&write.name)),
        );
        let without_readers = unread(&declared, &reads);
        if without_readers.is_empty() {
            return None;
        }
        let mut observed = Observed::new(&without_readers, self);
        statement.visit_children_with(&mut observed);
        reads.append(&mut observed.reads);
        let unread = unread(&declared, &reads);
        (!unread.is_empty()).then_some(unread)
    }
}

/// The call that a statement is, of a function that does nothing: it has no name, and nothing reads it.
fn quiet_call<'s>(statement: &'s Stmt, quiet: &FxHashSet<Id>) -> Option<(Name, &'s Expr)> {
    let (callee, call) = called_alone(statement)?;
    let mut hasher = FxHasher::default();
    call.span().hash(&mut hasher);
    let is_quiet = !call.span().is_dummy() && quiet.contains(&callee.to_id());
    is_quiet.then(|| (hasher.finish() | 1, call))
}

/// The function that a statement calls.
fn called_alone(statement: &Stmt) -> Option<(&Ident, &Expr)> {
    let call = &*statement.as_expr()?.expr;
    let callee = call.as_call()?.callee.as_expr()?.as_ident()?;
    Some((callee, call))
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
